"""bplib hand-in: what is in the zip, what stays behind, and what a student is told."""

import os
import re
from zipfile import ZipFile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from bplib.cli import main
from bplib.course.hand_in import hand_in
from bplib.errors import InputError
from bplib.files import MOST_FILES, is_portable, portable

STUB = "def wave(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """The folder in which the student types."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path, *cells, run=True):
    """A notebook of one task with an answer, or of these cells."""
    cells = cells or (new_markdown_cell("## Task 1 · Waves"), new_code_cell("def wave(x):\n    return x"))
    for number, cell in enumerate(cells, start=1):
        if run and cell.cell_type == "code":
            cell.execution_count = number
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=list(cells)), path)


def packed(*arguments):
    """The names in the zip."""
    with ZipFile(hand_in(*arguments)) as file:
        assert file.testzip() is None
        return sorted(file.namelist())


# ---- what is in the zip


def test_the_notebook_and_its_helpers_lie_directly_in_the_zip(here):
    write(here / "ps01" / "ps01.ipynb")
    (here / "ps01" / "data").mkdir()
    (here / "ps01" / "data" / "points.csv").write_text("1,2")
    (here / "ps01" / "helper.py").write_text("x = 1")
    assert packed("ps01") == ["data/points.csv", "helper.py", "ps01.ipynb"]
    with ZipFile(here / "ps01.zip") as file:
        assert file.read("ps01.ipynb") == (here / "ps01" / "ps01.ipynb").read_bytes()


@pytest.mark.parametrize("place", ["", "ps01", "assignments/release/ps01"])
def test_the_work_is_found_where_a_student_may_stand(here, place):
    write(here / place / "ps01.ipynb")
    assert packed("ps01") == ["ps01.ipynb"]
    assert packed("ps01") == ["ps01.ipynb"]  # the zip of before is not packed


def test_a_folder_of_ones_own_comes_before_the_one_that_was_given_out(here):
    write(here / "assignments/release/ps01/ps01.ipynb", new_code_cell(STUB))
    write(here / "ps01" / "ps01.ipynb")
    write(here / "mine" / "ps01.ipynb", new_code_cell("in mine"))
    hand_in("ps01")
    assert "NotImplementedError" not in ZipFile("ps01.zip").read("ps01.ipynb").decode()
    hand_in("ps01", "mine")
    assert "in mine" in ZipFile("ps01.zip").read("ps01.ipynb").decode()


def test_checkpoints_caches_and_hidden_files_stay_behind(here, capsys):
    write(here / "ps01" / "ps01.ipynb")
    write(here / "ps01" / ".ipynb_checkpoints" / "ps01-checkpoint.ipynb")
    for name in ("__pycache__/x.pyc", ".git/config", ".DS_Store", "Thumbs.db"):
        (here / "ps01" / name).parent.mkdir(exist_ok=True)
        (here / "ps01" / name).touch()
    assert packed("ps01") == ["ps01.ipynb"]


def test_a_large_file_stays_behind_and_is_named(here, capsys):
    write(here / "ps01" / "ps01.ipynb")
    with open(here / "ps01" / "video.mp4", "wb") as file:
        file.truncate(20_000_001)
    assert packed("ps01") == ["ps01.ipynb"]
    assert re.search(r"Left out: .*video\.mp4 is larger than 20 MB\.", capsys.readouterr().out)


def test_a_long_name_stays_behind_and_is_named(here, capsys):
    write(here / "ps01" / "ps01.ipynb")
    long = here / "ps01" / ("d" * 120) / ("x" * 120)
    long.parent.mkdir()
    long.touch()
    assert packed("ps01") == ["ps01.ipynb"]
    assert "has a name of more than 200 characters" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_links_pipes_and_names_that_windows_does_not_take_stay_behind_and_are_named(here, capsys):
    write(here / "ps01" / "ps01.ipynb")
    (here / "secret").mkdir()
    (here / "ps01" / "linked").symlink_to(here / "secret")
    (here / "ps01" / "link.csv").symlink_to(here / "ps01" / "ps01.ipynb")
    (here / "ps01" / "a:b.csv").touch()
    os.mkfifo(here / "ps01" / "pipe.csv")
    assert packed("ps01") == ["ps01.ipynb"]
    screen = capsys.readouterr().out
    assert re.findall(r"Left out: ps01/(\S+) (.*)\.", screen) == [
        ("a:b.csv", "has a name that Windows does not take"),
        ("link.csv", "is a link"),
        ("linked", "is a link"),
        ("pipe.csv", "is not a plain file"),
    ]


def test_too_many_files_are_cut_and_the_notebook_is_not_among_those_cut(here, capsys):
    write(here / "ps01" / "ps01.ipynb")
    for number in range(MOST_FILES + 5):
        (here / "ps01" / f"{number:04}.txt").touch()
    names = packed("ps01")
    assert len(names) == MOST_FILES and "ps01.ipynb" in names
    assert f"More than {MOST_FILES} files or 100 MB: the rest was left out." in capsys.readouterr().out


def test_a_file_older_than_zips_can_tell_is_packed(here):
    write(here / "ps01" / "ps01.ipynb")
    os.utime(here / "ps01" / "ps01.ipynb", (0, 0))
    assert packed("ps01") == ["ps01.ipynb"]


def test_what_was_packed_is_what_is_graded(here):
    from bplib.grading.intake import take_in

    write(here / "ps01" / "ps01.ipynb")
    (here / "ps01" / "helper.py").write_text("x = 1")
    hand_in("ps01")
    (here / "submitted" / "amy" / "ps01").mkdir(parents=True)
    (here / "ps01.zip").rename(here / "submitted" / "amy" / "ps01" / "ps01.zip")
    release = {"ps01": new_notebook(cells=[new_code_cell("given")])}
    assert take_in(here / "submitted" / "amy" / "ps01", release, here / "copy") == []
    assert (here / "copy" / "helper.py").read_text() == "x = 1"
    assert "return x" in (here / "copy" / "ps01.ipynb").read_text()


# ---- what a student is told


def test_the_last_line_says_where_the_zip_is(here, capsys):
    write(here / "ps01" / "ps01.ipynb")
    assert main(["hand-in", "ps01"]) is None
    assert capsys.readouterr().out == f"Hand in {here / 'ps01.zip'} (1 file from {here / 'ps01'}).\n"


def test_tasks_without_an_answer_are_named_once(here, capsys):
    write(
        here / "ps01" / "ps01.ipynb",
        new_code_cell("raise NotImplementedError() "),
        new_markdown_cell("# Waves\n\n## Task 1 · Three links\n\nWrite it."),
        new_code_cell(STUB),
        new_code_cell("# YOUR CODE HERE\n\n# a thought"),
        new_markdown_cell("## Task 2 · Answered"),
        new_code_cell("# YOUR CODE HERE\nx = 1"),
        new_markdown_cell("## Task 3 · Explain"),
        new_markdown_cell("YOUR ANSWER HERE"),
    )
    hand_in("ps01")
    assert "ps01.ipynb is not answered yet in: its first part; Task 1 · Three links; Task 3 · Explain." in (
        capsys.readouterr().out
    )


def test_cells_that_were_not_run_are_counted_empty_ones_are_not(here, capsys):
    cells = [
        new_code_cell("1", execution_count=1),
        new_code_cell("2"),
        new_code_cell("3"),
        new_code_cell(" "),
    ]
    write(here / "ps01" / "ps01.ipynb", *cells, run=False)
    hand_in("ps01")
    assert (
        "ps01.ipynb was saved with 2 of 3 code cells not run: Run, Restart Kernel" in capsys.readouterr().out
    )


def test_a_renamed_notebook_is_packed_with_a_word_about_its_name(here, capsys):
    write(here / "ps01" / "final.ipynb")
    assert packed("ps01", "ps01") == ["final.ipynb"]
    assert "There is no ps01.ipynb in ps01" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff", b'{"cells": 3}', b'{"cells": [1]}', b"[" * 100_000]
)
def test_a_notebook_that_cannot_be_read_is_not_packed(here, content):
    (here / "ps01").mkdir()
    (here / "ps01" / "ps01.ipynb").write_bytes(content)
    (here / "ps01.zip").write_text("of before")
    with pytest.raises(InputError, match="save it again in Jupyter"):
        hand_in("ps01")
    assert (here / "ps01.zip").read_text() == "of before"


def test_without_a_notebook_the_student_reads_where_it_was_looked_for(here, capsys):
    assert main(["hand-in", "ps01"]) == 1
    assert "there is no ps01.ipynb here, in ps01 or in " in capsys.readouterr().err
    (here / "empty").mkdir()
    with pytest.raises(InputError, match="there is no notebook in empty"):
        hand_in("ps01", "empty")
    with pytest.raises(InputError, match="nowhere is not a folder"):
        hand_in("ps01", "nowhere")


def test_a_zip_that_cannot_be_written_is_said_and_nothing_half_made_is_left(here):
    write(here / "ps01" / "ps01.ipynb")
    (here / "ps01.zip").mkdir()
    with pytest.raises(InputError, match=r"ps01\.zip cannot be written"):
        hand_in("ps01")
    assert sorted(path.name for path in here.iterdir()) == ["ps01", "ps01.zip"]


# ---- names


@pytest.mark.parametrize("name", ["ps01.ipynb", "größe.csv", "console.txt", "a b", ".hidden", "com10"])
def test_plain_names_go_everywhere_and_stay(name):
    assert is_portable(name) and portable(name) == name


@pytest.mark.parametrize(
    "name", ["con", "AUX.txt", "Lpt1", "a:b", "a?", "a\\b", "x.", "x ", "tab\t", "", "con. "]
)
def test_names_that_windows_does_not_take_are_told_and_can_be_mended(name):
    assert not is_portable(name)
    assert is_portable(portable(name))
