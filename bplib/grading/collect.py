"""`bplib collect`: the hand-ins of a download, sorted into submitted/<student>/<assignment>/.

A download is a folder or a zip, as a learning platform gives it or as somebody has made it:

    Jane Doe_1234567_assignsubmission_file_/ps01.ipynb             Moodle; platforms.py has the others
    jane/ps01.ipynb   jane/ps01/ps01.ipynb                         a folder for each student
    jane.ipynb   jane.zip   jane_ps01.ipynb                        a file for each student

**Who it is**: a student of the gradebook, by id, lms_user_id, e-mail or name. As long as the gradebook has
no students, the id is made from the name. What could be two people is nobody's, until a correction says who.

**When it was**: a correction says it, or the name of the file. Else a zip notes a time for each file. It
counts as the time of the hand-in unless all are nearly the same, or come from Canvas: then it is when the zip
was made. A time without a zone is taken in the zone of this computer; timestamp.txt has it in UTC. Without a
time there is no timestamp.txt, and nobody is late.

**Nothing is lost**: a hand-in that differs from one that is there takes its place, unless it is known to be
older. The one that was there stays beside it, as ps01-kept-<time>. Zips are placed as they are: intake opens
them, and it knows how.

nbgrader's zip_collect is not wrapped. It follows no link and leaves no folder, but one damaged zip, or one
made on Windows with backslashes, stops the whole collection with a traceback, and so does a name that comes
twice without a time; zips, and zips in zips, are unpacked without a limit; helper files are dropped; --force
deletes a hand-in before its successor is copied; and its pattern sees whole paths, which differ on Windows.
Its plug-ins do not reach most of this.
"""

import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from nbgrader.utils import parse_utc

from ..errors import InputError
from ..files import LARGEST_FILE, LARGEST_HAND_IN
from .corrections import Corrections
from .exchange import set_aside
from .hand_ins import course_in
from .untrusted import (
    NotGraded,
    files_below,
    folded,
    read_plain_file,
    shown,
    write_files,
)
from .uploads import TIMESTAMP, uploads_in
from .whose import sort, students_of


def collect(assignments, name, download, names=None, corrections=None):
    """Sort a download into submitted/ of the course in the folder `assignments`; 0 if all found its place.

    names        a regular expression with the group `student`, and perhaps `file`, for paths in the download
    corrections  the path of a table of who has handed in what, and when, where no name tells; corrections.py

    Prints a line for each file that did not. Raises InputError if the download, the course or the
    assignment cannot be read.
    """
    course, pattern = course_in(assignments), compiled(names)
    wanted, known, lines = notebooks_of(course, name), students_of(course), Corrections(corrections)
    with uploads_in(Path(download)) as (uploads, left):
        uploads, skipped = without_tools(uploads)
        hand_ins, unclaimed, remarks = sort(uploads, name, wanted, known, pattern, lines)
        left += unclaimed
        counts = defaultdict(int)
        for student, files in sorted(hand_ins.items()):
            outcome, said = place(Path(course.format_path(course.submitted_directory, student, name)), files)
            counts[outcome] += 1
            remarks += [f"{student}: {line}" for line in said]
    for line in [*skipped, *remarks, *(f"Not placed: {line}" for line in left)]:
        print(line)
    print(summary(name, counts, len(left)))
    return int(bool(left or counts[FAILED]))


PLACED, REPLACED, SAME, OLDER, FAILED = (
    "new",
    "replaced",
    "there already",
    "older than what is there",
    "failed",
)


def summary(name, counts, left):
    parts = [f"{counts[outcome]} {outcome}" for outcome in (PLACED, REPLACED, SAME, OLDER, FAILED)]
    shown_parts = [part for part in parts if not part.startswith("0 ")] or ["none"]
    return f"Hand-ins of {name}: {', '.join(shown_parts)}. Files that could not be placed: {left}."


TOOLS = (".git", ".github", ".gitignore", ".gitattributes", ".vscode", ".idea", ".venv", "node_modules")


def without_tools(uploads):
    """The uploads without what tools keep for themselves, and at most one line about that."""
    own = [{*upload.path.parts} & {*TOOLS} for upload in uploads]
    if not any(own):
        return uploads, []
    line = f"Skipped: {sum(map(bool, own))} files of {', '.join(sorted(set().union(*own)))}."
    return [upload for upload, tools in zip(uploads, own, strict=True) if not tools], [line]


def compiled(names):
    if names is None:
        return None
    try:
        pattern = re.compile(names)
    except re.error as problem:
        raise InputError(f"--names is not a regular expression: {problem}") from None
    if "student" not in pattern.groupindex:
        raise InputError("--names needs a group called student, as in '(?P<student>[^/]+)/'")
    return pattern


def notebooks_of(course, name):
    """The names of an assignment's notebooks. Raises InputError if there is no such assignment."""
    steps = (course.release_directory, course.source_directory)
    folders = [Path(course.format_path(step, ".", name)) for step in steps]
    notebooks = {path.stem for folder in folders for path in folder.glob("*.ipynb")}
    if not notebooks:
        raise InputError(f"there is no assignment {name!r}: no notebook in {folders[0]} or {folders[1]}")
    return notebooks


def place(folder, files):
    """Write a hand-in, all of it or nothing; what has become of it, and lines on what to know about it."""
    chosen, said = newest(files)
    if folder.parent.is_symlink():
        return FAILED, [f"{folder.parent} is a link: it was left as it is."]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
            fresh = Path(temporary, folder.name)
            fresh.mkdir()
            said += write_files(((c.file, u.read) for c, u in chosen), fresh, largest=LARGEST_HAND_IN)
            if not any(fresh.iterdir()):
                return FAILED, said
            write_time(fresh, chosen)
            return put(fresh, folder, said)
    except OSError as problem:
        return FAILED, [*said, f"{folder} cannot be written ({problem.strerror})."]
    finally:
        with suppress(OSError):  # it is not empty, or was never made
            folder.parent.rmdir()


def newest(files):
    """Of files with one name the newest, and a line on each of the others."""
    chosen, said = {}, []
    for claim, upload in sorted(files, key=age):
        if str(claim.file) == TIMESTAMP:
            said.append(f"{shown(upload.path)} was left out: a student could have written it.")
            continue
        if older := chosen.get(folded(claim.file)):
            said.append(f"{shown(older[1].path)} was left out: {shown(upload.path)} is newer.")
        chosen[folded(claim.file)] = claim, upload
    return list(chosen.values()), said


def age(file):
    claim, upload = file
    return claim.number, when(file).timestamp() if when(file) else 0.0, upload.path


def when(file):
    claim, upload = file
    return claim.time or (None if claim.canvas else upload.time)


def write_time(folder, files):
    if times := [when(file) for file in files if when(file)]:
        (folder / TIMESTAMP).write_text(f"{max(times):%Y-%m-%d %H:%M:%S} UTC\n", encoding="ascii")


def put(fresh, folder, said):
    """Move a hand-in that is all written to its place, beside what was there."""
    if not folder.is_symlink() and not folder.exists():
        fresh.rename(folder)
        return PLACED, said
    if not folder.is_symlink() and contents(fresh) == contents(folder):
        return SAME, said
    ours, theirs = noted_time(fresh), noted_time(folder)
    if ours and theirs and ours < theirs:
        return OLDER, [
            *said,
            f"the hand-in of {theirs} UTC stays, for that in the download is of {ours} UTC.",
        ]
    kept = set_aside(folder)
    try:
        fresh.rename(folder)
    except OSError:
        kept.rename(folder)
        raise
    again = f"if it was graded, grade again with --student={folder.parent.name} --force"
    return REPLACED, [*said, f"what was there is now {kept.name}; {again}."]


def contents(folder):
    """{path: bytes} of a hand-in without its time; what cannot be read is equal to nothing."""
    try:
        paths = [path for path in files_below(folder) if path != folder / TIMESTAMP]
        return {path.relative_to(folder): read_plain_file(path, LARGEST_HAND_IN) for path in paths}
    except NotGraded:
        return object()


def noted_time(folder):
    try:
        return parse_utc(read_plain_file(folder / TIMESTAMP, LARGEST_FILE).decode("ascii").strip())
    except (NotGraded, ValueError, TypeError, OverflowError):
        return None
