"""Putting hand-ins back in order, on notebooks in memory."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat import validate
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bplib.grading.repair import HandedInCell, repair
from tests.grading.course import answer, check, setup, written_answer

RELEASE = new_notebook(
    cells=[
        new_markdown_cell("title", id="title"),
        setup("setup", "import math"),
        answer("a", "stub a"),
        check("test_a", "check a", 1),
        new_code_cell("a corner", id="corner"),
        answer("b", "stub b"),
        written_answer("w", "stub w", 1),
        check("test_b", "check b", 1),
    ]
)
MARKED = ["setup", "a", "test_a", "b", "w", "test_b"]
KINDS = {
    cell.metadata.nbgrader.grade_id: cell.cell_type for cell in RELEASE.cells if "nbgrader" in cell.metadata
}
ANSWERS = ["a", "b", "w"]


def cell(source, grade_id=None, kind=None, id=None):
    return HandedInCell(kind or KINDS.get(grade_id, "code"), source, grade_id, id)


def given_out():
    """What a student has before doing anything."""
    return [
        cell(ours.source, ours.metadata.get("nbgrader", {}).get("grade_id"), ours.cell_type, ours["id"])
        for ours in RELEASE.cells
    ]


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def grade_ids(notebook):
    marks = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return [grade_id for grade_id in marks if grade_id]


def test_an_untouched_notebook_stays_as_it_was():
    notebook, notes = repair(RELEASE, given_out())
    assert sources(notebook) == sources(RELEASE)
    assert notes == []


def test_own_cells_stay_where_the_student_put_them():
    theirs = given_out()
    theirs.insert(2, cell("before a"))
    theirs.insert(4, cell("between a and its test"))
    assert sources(repair(RELEASE, theirs)[0]) == [theirs[k].source for k in range(len(theirs))]


def test_a_test_moved_before_its_answer_waits_for_it():
    theirs = [cell("check a", "test_a"), cell("mine", "a"), cell("check b", "test_b"), cell("mine too", "b")]
    order = sources(repair(RELEASE, theirs)[0])
    assert order.index("mine") < order.index("check a") < order.index("mine too") < order.index("check b")


def test_a_copied_answer_at_the_end_is_tested_there():
    theirs = [cell("first", "a"), cell("check a", "test_a"), cell("helper"), cell("second", "a")]
    order = [
        source
        for source in sources(repair(RELEASE, theirs)[0])
        if source in ("first", "helper", "second", "check a")
    ]
    assert order == ["first", "helper", "second", "check a"]


def test_an_untouched_copy_is_left_out_wherever_it_stands():
    theirs = [
        cell("stub a", "a"),
        cell("mine", "a"),
        cell("stub a\n", "a"),
        cell("", "a"),
        cell("check a", "test_a"),
    ]
    notebook, notes = repair(RELEASE, theirs)
    assert [source for source in sources(notebook) if source in ("stub a", "mine", "stub a\n", "")] == [
        "mine"
    ]
    assert "The answer cell 'a' was there 4 times: the last filled copy is graded." in notes


def test_a_missing_answer_comes_back_before_what_the_student_wrote_there():
    theirs = [cell("import math", "setup"), cell("a note", kind="markdown"), cell("mine", "b")]
    order = sources(repair(RELEASE, theirs)[0])
    assert order.index("import math") < order.index("stub a") < order.index("a note")


def test_a_missing_test_comes_back_after_what_the_student_wrote_for_it():
    theirs = [cell("mine", "a"), cell("a helper"), cell("mine too", "b")]
    order = sources(repair(RELEASE, theirs)[0])
    assert order.index("a helper") < order.index("check a") < order.index("mine too")


def test_a_locked_cell_that_was_changed_is_ours_again():
    theirs = [cell("import os", "setup") if it.grade_id == "setup" else it for it in given_out()]
    assert sources(repair(RELEASE, theirs)[0]) == sources(RELEASE)


def test_an_answer_turned_into_another_kind_of_cell_is_code_again():
    notebook, _ = repair(RELEASE, [cell("mine", "a", kind="markdown")])
    (mine,) = [cell for cell in notebook.cells if cell.source == "mine"]
    assert mine.cell_type == "code"


@pytest.mark.parametrize("keep_ids", [True, False])
def test_answers_without_marks_are_found(keep_ids):
    theirs = [
        cell(
            f"mine {it.grade_id}" if it.grade_id in ANSWERS else it.source,
            None,
            it.kind,
            it.id if keep_ids else None,
        )
        for it in given_out()
    ]
    notebook, notes = repair(RELEASE, theirs)
    assert grade_ids(notebook) == MARKED
    assert sources(notebook) == [it.source for it in theirs]
    all_of_them = "', '".join(MARKED)
    assert notes == [f"The cells '{all_of_them}' had lost nbgrader's labels: they were recognised."]


def test_a_picture_in_a_written_answer_stays():
    picture = {"photo.png": {"image/png": "aGVsbG8="}}
    theirs = HandedInCell("markdown", "![](attachment:photo.png)", "w", None, picture)
    notebook, _ = repair(RELEASE, [theirs])
    (mine,) = [cell for cell in notebook.cells if "attachments" in cell]
    assert mine.attachments == picture


marks = st.sampled_from([None, "unknown", *MARKED])
texts = st.sampled_from(["", "mine", "check a", "stub a", "stub b", "import math", "a corner"])
ids = st.sampled_from([None, "corner", *(ours["id"] for ours in RELEASE.cells)])
anything = st.lists(
    st.builds(HandedInCell, st.sampled_from(["code", "markdown", "raw"]), texts, marks, ids), max_size=12
)


@settings(deadline=None)
@given(anything)
def test_whatever_is_handed_in_every_marked_cell_is_there_once_and_tests_follow_their_answers(theirs):
    notebook, _ = repair(RELEASE, theirs)
    validate(notebook)
    order = grade_ids(notebook)
    assert sorted(order) == sorted(MARKED)
    assert order.index("a") < order.index("test_a")
    assert max(order.index("a"), order.index("b"), order.index("w")) < order.index("test_b")
    for ours in RELEASE.cells:
        grade_id = ours.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id and grade_id not in ANSWERS:
            assert (
                notebook.cells[[c.metadata == ours.metadata for c in notebook.cells].index(True)].source
                == ours.source
            )


@settings(deadline=None)
@given(anything)
def test_no_work_of_the_student_is_lost(theirs):
    theirs = [replace(it, id=None) for it in theirs]
    written = [
        it for it in theirs if it.source == "mine" and it.grade_id not in ("setup", "test_a", "test_b")
    ]
    assert sources(repair(RELEASE, theirs)[0]).count("mine") == len(written)
