"""Taking in files: nothing that can be handed in stops the intake."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from course import answer, check
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_notebook

from bplib.grading.intake import MOST_FILES, shown, take_in

RELEASE = {"ps1": new_notebook(cells=[answer("a", "stub"), check("test_a", "1", 1)])}

plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
fields = {
    "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | values,
    "source": st.text() | st.lists(st.text()) | values,
    "metadata": st.just({"nbgrader": {"grade_id": "a"}}) | values,
    "id": st.text() | values,
    "attachments": st.just({"p.png": {"image/png": "aGk="}}) | values,
}
cells = st.lists(st.fixed_dictionaries({}, optional=fields) | values, max_size=4)
documents = st.fixed_dictionaries({"nbformat": st.just(4), "cells": cells}) | values


def taken_in(write):
    """The notebook that comes out of the intake, and the notes, for a folder filled by `write`."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary, "submitted", "ann", "ps1")
        folder.mkdir(parents=True)
        write(folder)
        safe_copy = Path(temporary, "copy")
        notes = take_in(folder, RELEASE, safe_copy, ignore=[".ipynb_checkpoints"])
        notebook = nbformat.read(safe_copy / "ps1.ipynb", as_version=4)
        nbformat.validate(notebook)
        files = sorted(str(path.relative_to(safe_copy)) for path in safe_copy.rglob("*") if path.is_file())
        return notebook, notes, files


def is_graded(notebook):
    return "not_graded" not in notebook.metadata


@settings(deadline=None)
@given(documents)
def test_any_json_gives_a_valid_notebook_with_the_test_in_it(document):
    notebook, notes, _ = taken_in(lambda folder: (folder / "ps1.ipynb").write_text(json.dumps(document)))
    marks = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    assert [mark for mark in marks if mark] == ["a", "test_a"]
    assert is_graded(notebook) or notes


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_give_a_valid_notebook(content):
    notebook, notes, _ = taken_in(lambda folder: (folder / "ps1.ipynb").write_bytes(content))
    assert not is_graded(notebook)
    assert notes


def test_half_a_surrogate_pair_is_taken_in():
    document = {"nbformat": 4, "cells": [{"cell_type": "code", "source": "'\ud83d'", "metadata": {}}]}
    notebook, _, _ = taken_in(lambda folder: (folder / "ps1.ipynb").write_text(json.dumps(document)))
    assert is_graded(notebook)


def test_a_byte_order_mark_does_no_harm():
    notebook, _, _ = taken_in(
        lambda folder: (folder / "ps1.ipynb").write_text('\ufeff{"nbformat": 4, "cells": []}', "utf-8")
    )
    assert is_graded(notebook)


def test_too_many_files_are_cut_and_reported():
    def write(folder):
        for number in range(MOST_FILES + 5):
            (folder / f"{number}.txt").touch()

    _, notes, files = taken_in(write)
    assert len(files) == MOST_FILES + 1
    assert f"More than {MOST_FILES} files or 100 MB were handed in: the rest was left out." in notes


def test_files_in_folders_come_along_and_checkpoints_do_not():
    def write(folder):
        for name in ("data/points.csv", "data/.ipynb_checkpoints/old.csv", "scratch.ipynb"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).touch()

    _, _, files = taken_in(write)
    assert files == ["data/points.csv", "ps1.ipynb"]


def test_a_file_name_is_shown_without_markup():
    assert shown("<b>[x](y)`\n*") == "'?b??x?(y)???'"


def test_folders_nested_without_end_are_refused():
    _, notes, _ = taken_in(lambda folder: (folder / "/".join("d" * 30)).mkdir(parents=True))
    assert notes == [
        "The hand-in has folders in folders, more than 20 deep. "
        "It was not graded and scores 0 until it is handed in again."
    ]


def test_of_two_notebooks_the_one_that_is_there_is_graded(tmp_path):
    folder, safe_copy = tmp_path / "ps1", tmp_path / "copy"
    folder.mkdir()
    nbformat.write(RELEASE["ps1"], folder / "ps1.ipynb")
    take_in(folder, RELEASE | {"more": RELEASE["ps1"]}, safe_copy)
    assert is_graded(nbformat.read(safe_copy / "ps1.ipynb", as_version=4))
    assert not is_graded(nbformat.read(safe_copy / "more.ipynb", as_version=4))
