"""Put a hand-in back in order: the student's own cells, in the release's notebook.

Students copy, split, delete and move cells, and some editors drop nbgrader's marks. So the marks, the tests
and every other locked cell come from the release; of the student we take the answers and the added cells.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell
from nbgrader.preprocessors import OverwriteCells
from nbgrader.utils import is_grade, is_solution

NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


@dataclass(frozen=True)
class HandedInCell:
    """All that is read of a student's cell: outputs and other metadata stay behind."""

    kind: str
    source: str
    grade_id: str | None = None
    id: str | None = None
    attachments: dict = field(default_factory=dict)


def repair(release, handed_in):
    """The release notebook with the student's cells, and notes on what had to be mended.

    Own cells and answers stay in the student's order; a test waits for the answers the release has before
    it. Of several copies of an answer the last filled one is graded; earlier filled copies run before it.
    """
    marked = {grade_id_of(cell): cell for cell in release.cells if grade_id_of(cell)}
    origin = recognise(release.cells, marked, handed_in)
    graded, left_out = choose_copies(marked, origin, handed_in)
    notebook = new_notebook(cells=arrange(marked, origin, graded, left_out, handed_in))
    notebook.metadata = deepcopy(release.metadata)
    return numbered(notebook), list(mended(marked, origin, handed_in))


def numbered(notebook):
    """The same notebook with a cell id of ours on every cell, so that no two are equal."""
    for position, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{position}"
    return notebook


def grade_id_of(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def is_test(cell):
    """Whether a code cell decides a score."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def is_locked(cell):
    return cell.metadata.get("nbgrader", {}).get("locked", False)


def recognise(ours, marked, handed_in):
    """The grade_id each of the student's cells goes back to, or None: by its mark, its id, then its place."""
    origin = [cell.grade_id if cell.grade_id in marked else None for cell in handed_in]
    by_id = {cell["id"]: grade_id_of(cell) for cell in ours if "id" in cell}
    unseen = set(marked) - set(origin)
    for position, cell in enumerate(handed_in):
        if origin[position] is None and by_id.get(cell.id) in unseen:
            origin[position] = by_id[cell.id]
    for grade_id, position in by_place(ours, marked, origin, handed_in):
        origin[position] = grade_id
    return origin


def by_place(ours, marked, origin, handed_in):
    """Pairs (grade_id, position) of unmarked cells that stand where a marked cell is missing.

    A locked cell must also have the release's text; an answer only the kind of cell.
    """
    missing = set(marked) - set(origin)
    if not missing:
        return
    expected = [text_key(cell.cell_type, cell.source, grade_id_of(cell), missing) for cell in ours]
    found = [
        text_key(cell.kind, cell.source, grade_id, missing)
        for cell, grade_id in zip(handed_in, origin, strict=True)
    ]
    for change, a, b, i, j in SequenceMatcher(None, expected, found, autojunk=False).get_opcodes():
        if change not in ("equal", "replace"):
            continue
        for kind in NEW_CELL:
            lost = [cell for cell in ours[a:b] if cell.cell_type == kind and grade_id_of(cell) in missing]
            free = [place for place in range(i, j) if origin[place] is None and handed_in[place].kind == kind]
            for cell, place in zip(lost, free, strict=False):
                if is_solution(cell) or cell.source.strip() == handed_in[place].source.strip():
                    yield grade_id_of(cell), place


def text_key(kind, source, grade_id, missing):
    return grade_id if grade_id and grade_id not in missing else (kind, source.strip())


def choose_copies(marked, origin, handed_in):
    """Positions of the graded answers, by grade_id; and of the copies that hold no work of the student."""
    graded, left_out = {}, set()
    for grade_id, ours in marked.items():
        copies = [position for position, found in enumerate(origin) if found == grade_id]
        filled = [
            position
            for position in copies
            if handed_in[position].source.strip() not in ("", ours.source.strip())
        ]
        if copies and is_solution(ours):
            graded[grade_id] = (filled or copies)[-1]
            left_out.update(set(copies) - set(filled))
    return graded, left_out


def arrange(marked, origin, graded, left_out, handed_in):
    """The cells in the order in which they run.

    A missing answer goes back as its stub, and so does a locked cell, as early as possible: they must not
    undo what the student wrote. A missing test goes back as late as possible: it must see all of that.
    """
    waiting, to_come, arranged = list(marked), dict(graded), []

    def put(grade_id, cell):
        waiting.remove(grade_id)
        arranged.append(cell)
        put_back_early()

    def put_back_early():
        if waiting and waiting[0] not in origin and not is_test(marked[waiting[0]]):
            put_ours(waiting[0])

    def put_ours(grade_id):
        put(grade_id, deepcopy(marked[grade_id]))

    def put_ours_before(grade_id):
        while grade_id in waiting and waiting[0] != grade_id and waiting[0] not in to_come:
            put_ours(waiting[0])

    put_back_early()
    for position, (grade_id, cell) in enumerate(zip(origin, handed_in, strict=True)):
        if graded.get(grade_id) == position:
            put_ours_before(grade_id)
            del to_come[grade_id]
            put(grade_id, answered(marked[grade_id], cell))
        elif grade_id is None or (grade_id in graded and position not in left_out):
            arranged.append(own_cell(cell))
        elif grade_id not in graded:
            put_ours_before(grade_id)
            if waiting[:1] == [grade_id]:
                put_ours(grade_id)
    while waiting:
        put_ours(waiting[0])
    return arranged


def answered(ours, theirs):
    cell = deepcopy(ours)
    cell.source = theirs.source
    return attach(cell, theirs)


def own_cell(theirs):
    return attach(NEW_CELL[theirs.kind](theirs.source), theirs)


def attach(cell, theirs):
    if theirs.attachments and cell.cell_type != "code":
        cell.attachments = theirs.attachments
    return cell


ANSWER_MISSING = (
    "The answer cell '{}' was missing: it counts as not answered.",
    "The answer cells '{}' were missing: they count as not answered.",
)
PUT_BACK = ("The cell '{}' was missing: it was put back.", "The cells '{}' were missing: they were put back.")
COPIED_ANSWER = (
    "The answer cell '{}' was there {} times: the last filled copy is graded.",
    "The answer cells '{}' were there {} times: of each, the last filled copy is graded.",
)
COPIED = (
    "The cell '{}' was there {} times: it runs once.",
    "The cells '{}' were there {} times: they run once.",
)
RECOGNISED = (
    "The cell '{}' had lost nbgrader's label: it was recognised.",
    "The cells '{}' had lost nbgrader's labels: they were recognised.",
)


def mended(marked, origin, handed_in):
    """A sentence for each kind of thing that was put in order."""
    found = {}
    for grade_id, ours in marked.items():
        copies = [cell for cell, back_to in zip(handed_in, origin, strict=True) if back_to == grade_id]
        if mending := mending_of(ours, copies):
            found.setdefault((mending, len(copies)), []).append(grade_id)
    for ((one, several), times), cells in found.items():
        yield (one if len(cells) == 1 else several).format("', '".join(cells), times)


def mending_of(ours, copies):
    """What was done about a cell, given its copies in the hand-in; None if it was in order."""
    if not copies:
        return ANSWER_MISSING if is_solution(ours) else PUT_BACK
    if len(copies) > 1:
        return COPIED_ANSWER if is_solution(ours) else COPIED
    return RECOGNISED if copies[0].grade_id != grade_id_of(ours) else None


class RestoreTests(OverwriteCells):
    """nbgrader's OverwriteCells, which brings the hidden tests, without a warning for each of them."""

    def report_change(self, name, attr, old, new):
        if attr != "checksum":
            super().report_change(name, attr, old, new)
