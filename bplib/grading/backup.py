"""`bplib backup` and `bplib restore`: all that a term has made of a course, in one zip that is verified.

In it are the gradebook, hand-ins, grades, feedback, reports, tables and the seed, not source/, answers/ and
nbgrader_config.py, which are in git. A member of the zip, `backup.json`, has the sum of each file's bytes.
"""

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from ..errors import InputError
from ..files import is_one_of
from .gradebook import address_of, is_file, is_missing
from .hand_ins import course_in
from .untrusted import DAMAGED, NotGraded, safe_path

LEFT_OUT = (
    "source", "answers", "nbgrader_config.py", ".intake-*", "staging-*", "lock", "before-restore-*",
    "*-journal", "__pycache__", ".ipynb_checkpoints", ".nbgrader.log", "*.part",
)  # fmt: skip
LIST = "backup.json"
BLOCK = 1 << 20


def backup(assignments, out):
    """Write the zip, read it again and compare. Raises InputError if it cannot be written as it should be."""
    course, out = course_in(assignments), Path(out)
    root, part = Path(course.root), Path(f"{out}.part")
    if out.exists():
        raise InputError(f"{out} is there already: a backup replaces none")
    try:
        with TemporaryDirectory() as folder, ZipFile(part, "w", ZIP_DEFLATED) as file:
            listed = {}
            for name, path in sorted(members(course, root, Path(folder))):
                if path.resolve() != part.resolve():
                    listed[name] = noted(path)
                    file.write(path, name)
            file.writestr(LIST, json.dumps(listed))
        verify(part)
        part.replace(out)
    except OSError as problem:
        raise InputError(f"{out} cannot be written ({problem.strerror})") from None
    finally:
        part.unlink(missing_ok=True)
    print(f"{out}: {len(listed)} files, {out.stat().st_size / 1e6:.1f} MB, read again and compared.")
    if not is_file(address_of(course)):
        print("The gradebook is on a server, and not in here: pg_dump saves it.")


def members(course, root, folder):
    """(name, path) of every plain file; of the gradebook a copy, whole even while somebody writes to it."""
    url = address_of(course)
    database = Path(url.database).resolve() if is_file(url) and not is_missing(url) else None
    for here, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not is_one_of(name, LEFT_OUT)]
        for path in (Path(here, name) for name in files if not is_one_of(name, LEFT_OUT)):
            if path.is_file() and not path.is_symlink():
                name = path.relative_to(root).as_posix()
                yield name, copied(path, folder) if path.resolve() == database else path


def copied(database, folder):
    copy = folder / "gradebook"
    with closing(sqlite3.connect(database)) as ours, closing(sqlite3.connect(copy)) as theirs:
        ours.backup(theirs)
    os.utime(copy, ns=(database.stat().st_mtime_ns,) * 2)
    return copy


def noted(path):
    """What is compared, and what must be as it was so that nothing counts as changed."""
    status = path.stat()
    with open(path, "rb") as file:
        return {"sum": sum_of(file), "mode": status.st_mode & 0o777, "time": status.st_mtime_ns}


def sum_of(file):
    digest = hashlib.sha256()
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def verify(path):
    """{name: what is noted of it}. Raises InputError unless the zip is a backup, each byte of it as noted."""
    try:
        with ZipFile(path) as file:
            listed = json.loads(file.read(LIST))
            if {*file.namelist()} != {*listed, LIST}:
                raise InputError(f"{path} is damaged: it lacks files of its list, or has others")
            for name, about in listed.items():
                safe_path(name)
                with file.open(name) as member:
                    if sum_of(member) != about["sum"]:
                        raise InputError(f"{path} is damaged: {name} is not what was saved")
            return listed
    except (KeyError, TypeError, AttributeError, NotGraded, *DAMAGED) as problem:
        raise InputError(f"{path} is no backup, or a damaged one ({problem})") from None


def restore(assignments, path):
    """Bring back what a backup holds; what is in its place moves to before-restore-<time>/.

    Raises InputError, and changes nothing, if the backup is damaged.
    """
    root, listed = Path(course_in(assignments).root), verify(Path(path))
    aside = root / f"before-restore-{datetime.now():%Y%m%d-%H%M%S}"
    for top in sorted({name.split("/")[0] for name in listed}):
        if os.path.lexists(root / top):
            aside.mkdir(exist_ok=True)
            (root / top).rename(aside / top)
    with ZipFile(path) as file:
        for name, about in listed.items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            with file.open(name) as member, open(place, "wb") as written:
                while block := member.read(BLOCK):
                    written.write(block)
            place.chmod(about["mode"])
            os.utime(place, ns=(about["time"],) * 2)
    if wrong := [name for name, about in listed.items() if noted(root / name) != about]:
        raise InputError(f"{wrong[0]} is not as it was saved: look at the disk; what was there is in {aside}")
    where = f" What was there is in {aside.name}." if aside.exists() else ""
    print(f"{len(listed)} files restored and compared.{where}")
