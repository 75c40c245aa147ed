"""Files on their way between student and instructor: what their names and sizes must be, wherever they go."""

import os
import re
from fnmatch import fnmatch
from stat import S_IROTH, S_IXOTH

MEGABYTE = 1_000_000
LARGEST_FILE = 20 * MEGABYTE
LARGEST_HAND_IN = 100 * MEGABYTE
MOST_FILES = 500
LONGEST_NAME = 200  # characters of a path in a hand-in; Windows allows 260 for the whole path

# What systems and programs leave beside the files that somebody made.
LITTER = (
    "__MACOSX", "._*", ".DS_Store", "Thumbs.db", "desktop.ini", ".ipynb_checkpoints", "__pycache__", "*.pyc",
)  # fmt: skip

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$|^$')


def is_portable(name):
    """Whether every system takes the name of a file or folder, Windows included."""
    return not (RESERVED.fullmatch(name) or NOT_ON_WINDOWS.search(name))


def portable(name):
    """The name, with _ for what only some systems take."""
    name = NOT_ON_WINDOWS.sub("_", name)
    return f"_{name}" if RESERVED.fullmatch(name) else name


def is_one_of(name, patterns):
    """Whether a name fits one of the patterns, such as *.pyc."""
    return any(fnmatch(name, pattern) for pattern in patterns)


GIVEN_OUT = (
    "release",
    ".exchange",
    "nbgrader_config.py",
    "__pycache__",
    ".nbgrader.log",
)  # in a course: no secrets


def open_to_others(course):
    """If every user of this machine can read what students must not see, how to end it; else ""."""
    course = course.resolve()
    clone = course.parent if (course.parent / ".git").is_dir() else course
    private = [path for path in course.glob("*") if path.name not in GIVEN_OUT]
    found = sorted(path.name for path in [*private, clone / ".git"] if is_open(path))
    if not found:
        return ""
    names = ", ".join(found)
    return f"Every user of this machine can read {names} in {clone}: `chmod go-rwx {clone}` ends that."


def is_open(path):
    """Whether others may enter all folders above a path, and read what is there."""
    if os.name == "nt" or not path.exists():
        return False
    readable = path.stat().st_mode & (S_IROTH | S_IXOTH)
    return bool(readable) and all(above.stat().st_mode & S_IXOTH for above in path.parents)
