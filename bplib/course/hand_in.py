"""`bplib hand-in`: an assignment as one zip, and what to look at before it goes out."""

import json
import os
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from ..errors import InputError
from ..files import (
    LARGEST_FILE,
    LARGEST_HAND_IN,
    LITTER,
    LONGEST_NAME,
    MEGABYTE,
    MOST_FILES,
    is_one_of,
    is_portable,
)

RUN_ALL = "Run, Restart Kernel and Run All Cells; then save"


def hand_in(name, folder=None):
    """Pack the assignment `name` into `name`.zip in the current folder; returns its path.

    folder  where the work is; when left out: this folder, `name` in it, or assignments/release/`name`

    Prints a line for each file that is left out, and for what a student may want to do first. Raises
    InputError, and writes nothing, if there is no notebook or one that cannot be opened.
    """
    folder = Path(folder) if folder else find_work(name)
    out = Path(f"{name}.zip").absolute()
    files, remarks = gather(folder, out)
    notebooks = [path for path in files if path.suffix == ".ipynb" and path.parent == folder]
    if not notebooks:
        raise InputError(f"there is no notebook in {folder}")
    if not any(path.stem == name for path in notebooks):
        remarks.append(f"There is no {name}.ipynb in {folder}: a notebook keeps the name that it was given.")
    for notebook in notebooks:
        remarks += look_at(notebook)
    write_zip(files, folder, out)
    for remark in remarks:
        print(remark)
    print(f"Hand in {out} ({counted(len(files), 'file')} from {folder.absolute()}).")
    return out


def find_work(name):
    """The folder with the notebook of an assignment, from where a student may stand."""
    places = [Path(), Path(name), Path("assignments", "release", name)]
    for place in places:
        if (place / f"{name}.ipynb").is_file():
            return place
    raise InputError(
        f"there is no {name}.ipynb here, in {places[1]} or in {places[2]}: "
        f"say where your folder is, as in `bplib hand-in {name} my-folder`"
    )


# --------------------------------------------------------------------------------------------- what goes in


def gather(folder, out):
    """The files to pack, notebooks first, and a line for each that stays behind."""
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder")
    files, left_out, room = [], [], LARGEST_HAND_IN
    for path in sorted(files_below(folder), key=lambda path: (path.suffix != ".ipynb", path)):
        if path.absolute() == out:
            continue
        why = why_not(path, path.relative_to(folder).as_posix())
        room -= 0 if why else path.stat().st_size
        if room < 0 or len(files) == MOST_FILES:
            most = f"{MOST_FILES} files or {LARGEST_HAND_IN // MEGABYTE} MB"
            left_out.append(f"More than {most}: the rest was left out.")
            break
        if why:
            left_out.append(f"Left out: {path} {why}.")
        else:
            files.append(path)
    return files, left_out


def files_below(folder):
    """Every file below a folder but those that systems and programs leave there, and links to folders."""
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not is_litter(name)]
        links = [name for name in folders if Path(here, name).is_symlink()]
        yield from (Path(here, name) for name in [*files, *links] if not is_litter(name))


def is_litter(name):
    return name.startswith(".") or is_one_of(name, LITTER)


def why_not(path, name):
    """Why a file cannot be handed in; None if it can."""
    if path.is_symlink():
        return "is a link"
    if not path.is_file():
        return "is not a plain file"
    if path.stat().st_size > LARGEST_FILE:
        return f"is larger than {LARGEST_FILE // MEGABYTE} MB"
    if len(name) > LONGEST_NAME:
        return f"has a name of more than {LONGEST_NAME} characters"
    if not all(map(is_portable, name.split("/"))):
        return "has a name that Windows does not take"
    return None


def write_zip(files, folder, out):
    """Write all of the zip, or leave the one that is there."""
    half_made = out.with_suffix(".half-made")
    try:
        with ZipFile(half_made, "w", ZIP_DEFLATED, strict_timestamps=False) as file:
            for path in files:
                file.write(path, path.relative_to(folder).as_posix())
        half_made.replace(out)
    except OSError as problem:
        half_made.unlink(missing_ok=True)
        raise InputError(f"{out} cannot be written: {problem}") from None


# ------------------------------------------------------------------------------------- a look at the notebook


def look_at(path):
    """A line on what is not answered and on what was not run. Raises InputError if it is no notebook."""
    try:
        cells = json.loads(path.read_text("utf-8-sig"))["cells"]
        cells = [(cell["cell_type"], "".join(cell["source"]), cell.get("execution_count")) for cell in cells]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{path} is no notebook that can be read: save it again in Jupyter") from None
    if tasks := list(unanswered(cells)):
        yield f"{path.name} is not answered yet in: {'; '.join(tasks)}."
    code = [count for kind, source, count in cells if kind == "code" and source.strip()]
    if not_run := code.count(None):
        yield f"{path.name} was saved with {not_run} of {counted(len(code), 'code cell')} not run: {RUN_ALL}."


def unanswered(cells):
    """The headings above the cells that are still as they were given, each once."""
    heading, named = "its first part", set()
    for kind, source, _ in cells:
        titles = [line.lstrip("# ") for line in source.splitlines() if line.startswith("#")]
        if kind == "markdown" and titles:
            heading = titles[-1]
        if is_unanswered(kind, source) and heading not in named:
            named.add(heading)
            yield heading


def is_unanswered(kind, source):
    """Whether a cell holds what nbgrader puts where an answer belongs, and no answer."""
    if kind != "code":
        return "YOUR ANSWER HERE" in source
    lines = [line.strip() for line in source.splitlines()]
    below = source.partition("YOUR CODE HERE")[2].splitlines()[1:]
    is_empty = all(not line.strip() or line.strip().startswith("#") for line in below)
    return "raise NotImplementedError()" in lines or ("YOUR CODE HERE" in source and is_empty)


def counted(number, thing):
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
