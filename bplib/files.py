"""Files on their way between student and instructor: what their names and sizes must be, wherever they go."""

import re
from fnmatch import fnmatch

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
