"""Intake: a safe copy of what students hand in, made before nbgrader or a kernel reads any of it.

A hand-in is a folder: with the notebook in it, with folders in it, as a zip leaves them, or with the zip
itself. What was handed in is never changed. A notebook that cannot be read is replaced by the release with
the reason on top: it scores 0, and the others go on.
"""

import json
import os
import warnings
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from dateutil.parser import UnknownTimezoneWarning, parse
from dateutil.tz import tzoffset
from nbformat.v4 import new_markdown_cell, new_notebook

from ..files import LARGEST_FILE, LITTER, is_one_of
from .repair import NEW_CELL, HandedInCell, grade_id_of, numbered, repair
from .untrusted import (
    DEEPEST_FOLDER,
    NotGraded,
    files_below,
    folded,
    read_plain_file,
    read_start,
    shown,
    unpack,
    write_files,
)

ABOUT = "**About this hand-in**"  # heads the notes that a student reads
OURS = "about_this_hand_in"  # in the metadata of that cell: students' cells have none
NOT_WORK = ("timestamp.txt", "submission_secret.txt")  # what nbgrader writes beside it
MOST_CELLS = 1000
MOST_NOTEBOOKS = 50  # that are looked into for one that was renamed


def take_in(folder, release, safe_copy, ignore=()):
    """Copy one student's folder to `safe_copy`; return notes for the student and the instructor.

    release  {name: notebook}: what students were given; each of them is in the copy afterwards
    ignore   name patterns of files and folders to leave out silently
    """
    safe_copy.mkdir(parents=True)
    try:
        check_folder(folder)
        with found(folder, release, safe_copy, ignore) as (place, notes):
            notes = [*notes, *copy_files(place, safe_copy, ignore), *copy_timestamp(folder, safe_copy)]
            notebooks = {name: take_notebook(place, name, release, folder, ignore) for name in release}
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


@contextmanager
def found(folder, release, safe_copy, ignore):
    """The folder with the work, and notes on how it was found; what was in a zip is there until the end."""
    if place := find_place(folder, release, ignore):
        yield place, taken_from(folder, place)
    elif not (zips := zips_in(folder, ignore)):
        yield folder, []
    elif len(zips) > 1:
        names = listed(path.name for path in zips)
        raise NotGraded(f"has no notebook, and {names} could all be meant")
    else:
        with TemporaryDirectory(dir=safe_copy) as unpacked:
            unpacked = Path(unpacked)
            notes = unpack_only(zips[0], unpacked, ignore)
            place = find_place(unpacked, release, ignore) or unpacked
            yield place, [*notes, *taken_from(unpacked, place)]


def zips_in(folder, ignore):
    zips = (path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".zip" and not path.is_dir())
    return [path for path in zips if not is_one_of(path.name, (*ignore, *LITTER))]


def unpack_only(path, folder, ignore):
    """Unpack the zip that is all of a hand-in."""
    try:
        return list(unpack(path, folder, ignore))
    except NotGraded as problem:
        raise NotGraded(f"is {shown(path.name)}, which {problem}") from None


def find_place(folder, release, ignore):
    """The shallowest folder with a wanted notebook, by its name if possible; None where there is none."""
    for level in levels(folder, ignore):
        for how in (by_name, by_cells):
            places = [place for place in level if any(how(place, name, release) for name in release)]
            if len(places) > 1:
                names = listed(place.relative_to(folder) for place in places)
                raise NotGraded(f"has the notebook in several folders, and {names} could all be meant")
            if places:
                return places[0]
    return None


def levels(folder, ignore):
    """The folder itself, the folders in it, the folders in these, and so on; no links."""
    level = [folder]
    for _ in range(DEEPEST_FOLDER + 1):
        yield level
        below = (path for place in level for path in sorted(place.iterdir()))
        level = [path for path in below if is_wanted_folder(path, ignore)]


def is_wanted_folder(path, ignore):
    return path.is_dir() and not path.is_symlink() and not is_one_of(path.name, (*ignore, *LITTER))


def taken_from(folder, place):
    if place != folder:
        yield f"The notebook was found in the folder {shown(place.relative_to(folder))} of the hand-in."


def listed(names):
    return ", ".join(shown(name) for name in names)


def take_notebook(place, name, release, folder, ignore):
    """The repaired notebook and the notes on it; with a reason on top if it cannot be graded."""
    try:
        with fuller(find_notebook(place, name, release), name, release, folder, ignore) as (path, chosen):
            notebook, remarks = repair(release[name], own_cells(path, name, release))
        nbformat.validate(notebook)
    except NotGraded as problem:
        return not_graded(release[name], f"{name}.ipynb {problem}.")
    except nbformat.ValidationError:
        return not_graded(release[name], f"{name}.ipynb is not a valid notebook.")
    renamed = (
        [] if chosen or path.name == f"{name}.ipynb" else [f"{shown(path.name)} was taken as {name}.ipynb."]
    )
    return notebook, [*chosen, *renamed, *remarks]


@contextmanager
def fuller(path, name, release, folder, ignore):
    """The notebook, or where it is as it was given out the only filled one beside it; and a note on that."""
    with TemporaryDirectory() as unpacked:
        filled = {}
        if is_blank(path, release[name]):
            for place in others(folder, Path(unpacked), ignore):
                for other in notebooks_in(place)[:MOST_NOTEBOOKS]:
                    if other != path and is_filled(other, release[name]):
                        filled.setdefault(tuple(cell.source for cell in read_cells(other)), other)
        if len(filled) > 1:
            raise NotGraded(
                f"is as it was given out, and {listed(p.name for p in filled.values())} could be meant"
            )
        for other in filled.values():
            outside = unpacked if other.is_relative_to(unpacked) else folder
            note = (
                f"{name}.ipynb is as it was given out: {shown(other.relative_to(outside))} was taken instead."
            )
            yield other, [note]
            return
        yield path, []


def others(folder, unpacked, ignore):
    """The folders of a hand-in, and those of each zip in it."""
    yield from (place for level in levels(folder, ignore) for place in level)
    for number, path in enumerate(zips_in(folder, ignore)[:3]):
        inside = unpacked / str(number)
        inside.mkdir()
        try:
            list(unpack(path, inside, ignore))
        except NotGraded:
            continue
        yield from (place for level in levels(inside, ignore) for place in level)


def is_blank(path, ours):
    """Whether a notebook can be read and holds the answers as they were given out, and nothing else."""
    try:
        return not work_in(read_cells(path), ours)
    except NotGraded:
        return False


def is_filled(path, ours):
    """Whether a notebook holds marked cells of ours, and work."""
    try:
        cells = read_cells(path)
    except NotGraded:
        return False
    return bool({cell.grade_id for cell in cells} & marked_in(ours)) and work_in(cells, ours)


def work_in(cells, ours):
    """Whether any of these cells has a text that the release has not."""
    given = {cell.source.strip() for cell in ours.cells}
    return any(cell.source.strip() not in {"", *given} for cell in cells)


def marked_in(ours):
    return {grade_id_of(cell) for cell in ours.cells} - {None}


def own_cells(path, name, release):
    """The cells of a notebook. Raises NotGraded if it is that of another assignment."""
    cells = read_cells(path)
    marked, ours = {cell.grade_id for cell in cells} - {None}, marked_in(release[name])
    if marked and ours and not marked & ours:
        known = [other for other in release if marked & marked_in(release[other])]
        what = f"that of {known[0]}" if known else f"that of another assignment{title_of(cells)}"
        raise NotGraded(f"is not the notebook of this assignment: its cells are {what}")
    return cells


def title_of(cells):
    """The first heading of a notebook, as the end of a sentence."""
    lines = (line for cell in cells if cell.kind == "markdown" for line in cell.source.splitlines())
    title = next((line for line in lines if line.startswith("# ")), "")
    return f", {shown(title.lstrip('# '))}" if title else ""


def not_graded(ours, reason):
    """The release as it was given out, marked as not graded."""
    notebook = new_notebook(cells=deepcopy(ours.cells), metadata=deepcopy(ours.metadata))
    notebook.metadata["not_graded"] = reason
    return notebook, [f"{reason} It was not graded and scores 0 until it is handed in again."]


def with_notes(notebook, notes):
    """Put the notes where the student reads them first: in a cell on top."""
    if notes:
        text = "\n".join([ABOUT, "", *(f"- {note}" for note in notes)])
        notebook.cells.insert(0, new_markdown_cell(text, metadata={OURS: True}))
    return numbered(notebook)


def find_notebook(folder, name, release):
    """The notebook by its name; or the only other one that holds its marked cells."""
    candidates = by_name(folder, name, release) or by_cells(folder, name, release)
    if not candidates:
        names = [path.name for path in files_below(folder) if path.stem not in release]
        came = [name for name in names if name not in NOT_WORK][:3]
        raise NotGraded(f"was not handed in: {listed(came)} came instead" if came else "was not handed in")
    if len(candidates) > 1:
        raise NotGraded(
            f"was not handed in, and {listed(path.name for path in candidates)} could all be meant"
        )
    return candidates[0]


def by_name(folder, name, release):
    """The notebook by its exact name; else those that differ from it in capitals only."""
    exact = folder / f"{name}.ipynb"
    if os.path.lexists(exact):
        return [exact]
    return [path for path in notebooks_in(folder) if folded(path.name) == folded(exact.name)]


def by_cells(folder, name, release):
    """The notebooks of other names that hold marked cells of this one."""
    ours = marked_in(release[name])
    known = {folded(name) for name in release}
    others = [path for path in notebooks_in(folder) if folded(path.stem) not in known]
    return [path for path in others[:MOST_NOTEBOOKS] if holds(path, ours)]


def notebooks_in(folder):
    return [path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".ipynb"]


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
        mark = cell.get("metadata", {}).get("nbgrader")
        grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
        attachments = nbformat.from_dict(cell.get("attachments", {}))
        known = kind in NEW_CELL
    except (TypeError, KeyError, AttributeError, RecursionError):
        raise NotGraded("has a cell that is not in the notebook format") from None
    if not known:
        raise NotGraded("has a cell of an unknown kind")
    return HandedInCell(kind, source, text_or_none(grade_id), text_or_none(cell.get("id")), attachments)


def text_or_none(value):
    return value if isinstance(value, str) else None


def copy_files(folder, safe_copy, ignore):
    """Copy all but notebooks and the timestamp; yield a note for each file or link that is left out."""
    wanted = (
        path
        for path in files_below(folder, ignore)
        if path.suffix.lower() != ".ipynb" and path != folder / "timestamp.txt"
    )
    files = ((path.relative_to(folder), partial(read_start, path)) for path in wanted)
    yield from write_files(files, safe_copy)


def copy_timestamp(folder, safe_copy):
    """Write timestamp.txt in UTC, which nbgrader reads right; a note if it cannot be read."""
    path = folder / "timestamp.txt"
    if not os.path.lexists(path):
        return
    try:
        time = time_in(read_plain_file(path, 200).decode("ascii").strip())
    except (NotGraded, ValueError, TypeError, OverflowError):
        yield "The file timestamp.txt holds no date: the time of this hand-in is not known."
    else:
        (safe_copy / path.name).write_text(f"{time:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="ascii")


def time_in(text):
    """The time in UTC, without a zone. Raises ValueError for what is no date, or in an unknown zone.

    nbgrader's parse_utc takes three words for a date, a time and a zone, and zones that it does not know for
    UTC.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", UnknownTimezoneWarning)
        try:
            time = parse(text, tzinfos=zone)
        except UnknownTimezoneWarning as problem:
            raise ValueError(str(problem)) from None
    return time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None)


def zone(name, offset):
    """A zone by an offset, or by a name that means the same everywhere."""
    if offset is not None:
        return tzoffset(name, offset)
    if name is None:
        return None
    if name in ZONES:
        return tzoffset(name, 3600 * ZONES[name])
    raise ValueError(f"{name} is no zone")


ZONES = {  # hours east of Greenwich; names with several meanings, such as CST and IST, are left out
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3,
    "KST": 9, "JST": 9, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
