"""A lesson comes executed, and yet it keeps its answers to itself until the reader has run the cells."""

import re
from pathlib import Path

import nbformat
import pytest

from bplib.authoring.notebooks import read_text
from bplib.errors import InputError
from tests.lessons.answers import ANSWERS, FOLD, ROWS, all_of, hides, seen_before_it_is_run, where

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
A_PLACE = re.compile(r'^\w+ = (None|\.\.\.|"\.\.\."|\{.*"\.\.\.".*\})', re.MULTILINE)


def cells_of(lesson):
    return nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", 4).cells


def part(cells, look, question, since, until):
    """What there is to read, by ``look``, in the part of a lesson in which the answer must not stand."""
    first, last, end = where(cells, question, since, until)
    return "\n".join(map(look, cells[first:last])) + look(cells[last]).split(end)[0]


@pytest.mark.parametrize(("lesson", "question", "answer", "since", "until"), ROWS)
def test_nothing_answers_a_question_before_the_reader_has_run_the_cell(
    lesson, question, answer, since, until
):
    cells = cells_of(lesson)
    assert re.search(answer, part(cells, all_of, question, since, until)), "the lesson never gives the answer"
    seen = part(cells, seen_before_it_is_run, question, since, until)
    given_away = re.search(f".*(?:{answer}).*", seen)
    assert not given_away, given_away[0]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_prediction_has_a_place_to_write_it_and_a_row_in_the_table(lesson):
    cells = cells_of(lesson)
    for question, place in zip(cells, cells[1:], strict=False):
        if question.cell_type == "markdown" and (asked := re.search(r"\*\*(?i:predict)\b", question.source)):
            assert place.cell_type == "code" and A_PLACE.search(place.source), question.source
            rows = [row for row in ANSWERS.get(lesson, ()) if row[0] in question.source]
            assert rows or asked[0] == "**predict", question.source  # experiments, with no answer in the text


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_is_hidden_has_something_to_show_and_no_heading_stands_in_a_fold(lesson):
    for cell in cells_of(lesson):
        if hides(cell, "outputs_hidden") and (cell.outputs or not hides(cell, "source_hidden")):
            blank, *outputs = cell.outputs
            assert blank.data == {} and outputs, cell.source
        assert not any(re.search(r"(?m)^#+ ", fold) for fold in FOLD.findall(cell.source)), cell.source


HEADER = (NOTEBOOKS / "src/00_start_here.py").read_text("utf-8").split("# %%")[0]


def built(tmp_path, body):
    text = tmp_path / "lesson.py"
    text.write_text(HEADER + body, "utf-8")
    return read_text(text).cells


def test_one_word_marks_a_cell_whose_output_waits(tmp_path):
    plain, reveal, answer = built(tmp_path, "# %%\n1\n\n# %% reveal\n2\n\n# %% answer\n3\n")
    assert plain.metadata == {}
    assert reveal.metadata == {"jupyter": {"outputs_hidden": True}}
    assert answer.metadata == {"jupyter": {"outputs_hidden": True, "source_hidden": True}}
    assert [cell.source for cell in (plain, reveal, answer)] == ["1", "2", "3"]


def test_the_same_word_folds_a_text_which_is_still_markdown(tmp_path):
    (cell,) = built(tmp_path, "# %% reveal [markdown]\n# It is *four*.\n")
    assert cell.cell_type == "markdown"
    assert re.fullmatch(r"<details><summary>[^<]+</summary>\n\nIt is \*four\*\.\n\n</details>", cell.source)


def test_a_word_that_marks_nothing_is_named(tmp_path):
    with pytest.raises(InputError, match=r"lesson\.py: a cell is marked revael; marks are reveal, answer"):
        built(tmp_path, "# %% revael\n1\n")
