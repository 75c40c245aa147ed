"""Intake: a safe copy of what students hand in, made before nbgrader or a kernel reads any of it.

Only plain files of a sensible size are read, and what was handed in is never changed. A notebook that cannot
be read is replaced by the release with the reason on top: it scores 0, and the others go on.
"""

import json
import os
import stat
from copy import deepcopy
from fnmatch import fnmatch
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.utils import parse_utc

from .repair import NEW_CELL, HandedInCell, grade_id_of, numbered, repair

MEGABYTE = 1_000_000
ABOUT = "**About this hand-in**"  # heads the notes that a student reads
LARGEST_FILE = 20 * MEGABYTE
LARGEST_HAND_IN = 100 * MEGABYTE
MOST_FILES = 500
MOST_CELLS = 1000
DEEPEST_FOLDER = 20


class NotGraded(Exception):
    """A file or folder that cannot be taken in; the message ends a sentence that begins with its name."""


def take_in(folder, release, safe_copy, ignore=()):
    """Copy one student's folder to `safe_copy`; return notes for the student and the instructor.

    release  {name: notebook}: what students were given; each of them is in the copy afterwards
    ignore   name patterns of files and folders to leave out silently
    """
    safe_copy.mkdir(parents=True)
    try:
        check_folder(folder)
        notes = [*copy_files(folder, safe_copy, ignore), *copy_timestamp(folder, safe_copy)]
        notebooks = {name: take_notebook(folder, name, release) for name in release}
    except (NotGraded, OSError) as problem:
        reason = problem if isinstance(problem, NotGraded) else f"cannot be read ({problem.strerror})"
        notes = []
        notebooks = {name: not_graded(ours, f"The hand-in {reason}.") for name, ours in release.items()}
    for name, (notebook, remarks) in notebooks.items():
        with_notes(notebook, [*remarks, *notes])
        nbformat.write(notebook, safe_copy / f"{name}.ipynb")
    return [note for _, remarks in notebooks.values() for note in remarks] + notes


def check_folder(folder):
    if folder.is_symlink() or folder.parent.is_symlink():
        raise NotGraded("is a link")
    if not folder.is_dir():
        raise NotGraded("is not a folder")


def take_notebook(folder, name, release):
    """The repaired notebook and the notes on it; with a reason on top if it cannot be graded."""
    try:
        path = find_notebook(folder, name, release)
        notebook, remarks = repair(release[name], read_cells(path))
        nbformat.validate(notebook)
    except NotGraded as problem:
        return not_graded(release[name], f"{name}.ipynb {problem}.")
    except nbformat.ValidationError:
        return not_graded(release[name], f"{name}.ipynb is not a valid notebook.")
    renamed = [] if path.stem == name else [f"{shown(path.name)} was taken as {name}.ipynb."]
    return notebook, [*renamed, *remarks]


def not_graded(ours, reason):
    """The release as it was given out, marked as not graded."""
    notebook = new_notebook(cells=deepcopy(ours.cells), metadata=deepcopy(ours.metadata))
    notebook.metadata["not_graded"] = reason
    return notebook, [f"{reason} It was not graded and scores 0 until it is handed in again."]


def with_notes(notebook, notes):
    """Put the notes where the student reads them first: in a cell on top."""
    if notes:
        text = "\n".join([ABOUT, "", *(f"- {note}" for note in notes)])
        notebook.cells.insert(0, new_markdown_cell(text))
    return numbered(notebook)


def find_notebook(folder, name, release):
    """The notebook by its name; or the only other one that holds its marked cells."""
    exact = folder / f"{name}.ipynb"
    if os.path.lexists(exact):
        return exact
    ours = {grade_id_of(cell) for cell in release[name].cells} - {None}
    others = [path for path in sorted(folder.glob("*.ipynb")) if path.stem not in release]
    renamed = [path for path in others if holds(path, ours)]
    if not renamed:
        raise NotGraded("was not handed in")
    if len(renamed) > 1:
        names = ", ".join(shown(path.name) for path in renamed)
        raise NotGraded(f"was not handed in, and {names} could all be meant")
    return renamed[0]


def holds(path, grade_ids):
    try:
        return any(cell.grade_id in grade_ids for cell in read_cells(path))
    except NotGraded:
        return False


def read_cells(path):
    """The cells of a notebook file, in plain form."""
    content = read_plain_file(path, LARGEST_FILE)
    if not content.strip():
        raise NotGraded("is an empty file")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise NotGraded("is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise NotGraded("is not a notebook: its text is not JSON") from None
    if not isinstance(document, dict) or document.get("nbformat") != 4:
        raise NotGraded("is not a notebook of format 4")
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise NotGraded("has no cells")
    if len(cells) > MOST_CELLS:
        raise NotGraded(f"has more than {MOST_CELLS} cells")
    return [read_cell(cell) for cell in cells]


def read_cell(cell):
    try:
        kind, lines = cell["cell_type"], cell["source"]
        source = "".join(lines) if isinstance(lines, list) else lines
        source = source.encode("utf-8", "replace").decode()  # half a surrogate pair is JSON, but not text
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        attachments = nbformat.from_dict(cell.get("attachments", {}))
        known = kind in NEW_CELL
    except (TypeError, KeyError, AttributeError, RecursionError):
        raise NotGraded("has a cell that is not in the notebook format") from None
    if not known:
        raise NotGraded("has a cell of an unknown kind")
    return HandedInCell(kind, source, text_or_none(grade_id), text_or_none(cell.get("id")), attachments)


def text_or_none(value):
    return value if isinstance(value, str) else None


def read_plain_file(path, limit):
    """The bytes of a regular file. Neither follows a link nor waits for a pipe."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # not every system has all three
        flags |= getattr(os, name, 0)
    if path.is_symlink():
        raise NotGraded("is a link")
    try:
        with open(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NotGraded("is not a plain file")
            content = file.read(limit + 1)
    except OSError as problem:
        raise NotGraded(f"cannot be read ({problem.strerror})") from None
    if len(content) > limit:
        raise NotGraded(f"is larger than {limit // MEGABYTE} MB")
    return content


def copy_files(folder, safe_copy, ignore):
    """Copy all but notebooks and the timestamp; yield a note for each file or link that is left out."""
    room = LARGEST_HAND_IN
    for count, path in enumerate(files_below(folder, ignore), start=1):
        name = path.relative_to(folder)
        try:
            content = read_plain_file(path, LARGEST_FILE)
        except NotGraded as problem:
            yield f"The file {shown(name)} {problem}: it was left out."
            continue
        room -= len(content)
        if room < 0 or count > MOST_FILES:
            limit = f"{MOST_FILES} files or {LARGEST_HAND_IN // MEGABYTE} MB"
            yield f"More than {limit} were handed in: the rest was left out."
            return
        (safe_copy / name).parent.mkdir(parents=True, exist_ok=True)
        (safe_copy / name).write_bytes(content)


def files_below(folder, ignore):
    """Everything below a folder that is to be copied, links to folders included (they are refused later)."""

    def wanted(name):
        return not any(fnmatch(name, pattern) for pattern in ignore)

    for here, folders, files in os.walk(folder):
        if len(Path(here).relative_to(folder).parts) > DEEPEST_FOLDER:
            raise NotGraded(f"has folders in folders, more than {DEEPEST_FOLDER} deep")
        folders[:] = sorted(filter(wanted, folders))
        links = [name for name in folders if Path(here, name).is_symlink()]
        for path in [Path(here, name) for name in sorted(filter(wanted, files)) + links]:
            if path.suffix != ".ipynb" and path != folder / "timestamp.txt":
                yield path


def copy_timestamp(folder, safe_copy):
    """Copy timestamp.txt if nbgrader can read it; else a note."""
    path = folder / "timestamp.txt"
    if not os.path.lexists(path):
        return
    try:
        text = read_plain_file(path, 200).decode("ascii").strip()
        parse_utc(text)
    except (NotGraded, ValueError, TypeError, OverflowError):
        yield "The file timestamp.txt holds no date: the time of this hand-in is not known."
    else:
        (safe_copy / path.name).write_text(text, encoding="ascii")


def shown(name):
    """A student's file name, harmless in Markdown."""
    letters = (letter if letter.isprintable() and letter not in "`<>|*[]" else "?" for letter in str(name))
    return f"'{''.join(letters):.80}'"
