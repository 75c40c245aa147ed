"""`bplib forget`: a student leaves the course, and with them everything that it keeps of them.

Also the folders in submitted/: whoever has one there comes back, without a name, with the next autograde.
"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import rmtree

from nbgrader.api import MissingEntry

from ..errors import InputError
from .gradebook import address_of, is_file, is_missing, opened
from .hand_ins import course_in
from .keeping import FOLDER
from .safe_pages import is_safe_id

MADE_ANEW = (
    "grades.csv",
    "canvas.csv",
    "moodle.csv",
    "reports/*.csv",
    "reports/*.html",
)  # from the gradebook


def forget(assignments, student):
    """Remove a student from the gradebook, the folders and the tables of the course in `assignments`.

    Raises InputError if the course has nothing of this student.
    """
    if not is_safe_id(student):
        raise InputError(f"{student!r} is no id of a student")
    course = course_in(assignments)
    root = Path(course.root)
    removed = ["the gradebook"] if out_of_gradebook(course, student) else []
    for path in [*folders_of(course, student), *root.glob(f"{FOLDER}/*/*")]:
        if path.parent.parent.name != FOLDER or path.name.rpartition(".")[0] == student:
            removed.append(removal(path, root))
    if not removed:
        raise InputError(f"there is nothing of {student!r} in {root}")
    tables = {path for pattern in MADE_ANEW for path in root.glob(pattern) if names(path, student)}
    removed += [removal(path, root) for path in sorted(tables)]
    print(f"{student} is forgotten. Removed: {', '.join(removed)}.")
    for path in sorted(path for path in root.glob("*.csv") if names(path, student)):
        print(f"{path.name} still names {student}: it is yours to change.")
    print("Downloads, backups and what was sent elsewhere are not looked through.")


def out_of_gradebook(course, student):
    """Whether the gradebook had them; of what it had, nothing is left in its file."""
    url = address_of(course)
    if is_missing(url):
        return False
    try:
        with opened(course) as gradebook:
            gradebook.remove_student(student)
    except MissingEntry:
        return False
    if is_file(url):
        with closing(sqlite3.connect(url.database)) as database:
            database.execute("VACUUM")  # or the pages that were freed could still be read
    return True


def folders_of(course, student):
    """Every folder of a student's, in the course and in its exchange."""
    for step in (course.submitted_directory, course.autograded_directory, course.feedback_directory):
        yield from existing(Path(course.format_path(step, student, "any")).parent)
    exchange = course.config.Exchange.get("root")
    inbound = Path(exchange, course.course_id, "inbound") if isinstance(exchange, str) else None
    if inbound and inbound.is_dir():
        yield from (path for path in sorted(inbound.iterdir()) if path.name.split("+")[0] == student)


def existing(path):
    return [path] if path.exists() or path.is_symlink() else []


def removal(path, root):
    """Remove a file, a folder or a link; what to call it."""
    if path.is_dir() and not path.is_symlink():
        rmtree(path)
    else:
        path.unlink()
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def names(path, student):
    """Whether a table or a page has the id in it as a word."""
    text = path.read_text("utf-8", "replace")
    return bool(re.search(rf"(?<![\w.@-]){re.escape(student)}(?![\w@-])", text))
