"""bplib bundle: what students get, what they never get, and that it works where they unpack it."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch
from zipfile import ZipFile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from bplib.authoring import bundle as bundling
from bplib.authoring import release
from bplib.authoring.bundle import bad_names, build_wheel, bundle, given_away, secrets, unfinished
from bplib.cli import main
from bplib.errors import BplibError
from tests.grading import warm

SOLUTION = """\
    middle = np.tanh(x @ W1 + b1)
    slope = 1 - middle**2
    scores = middle @ W2 + b2
    return scores, middle, slope"""
STUB = """\
def two_layers(x, W1, b1, W2, b2):
    # Return the scores, the numbers in the middle and their slopes, one row for each sample."""
SHORT = "    return dout * self.y, dout * self.x"
HIDDEN = "    check(ask.two_layers_anywhere, two_layers, seed=course_seed(), weight=2)"
MODEL_ANSWER = "Each gate multiplies what arrives by its own slope, and a fork adds up what comes back to it."
RIGHT = "    return reduce(lambda signal, layer: layer(signal), make_layers(W1, b1, W2, b2), x)"


# ---- a small course, and the real one


@pytest.fixture
def course(root, tmp_path, monkeypatch):
    """A course of one lesson and one assignment, whose wheel needs no network."""
    monkeypatch.setattr(bundling, "build_wheel", lambda root: ("bplib_course-0-py3-none-any.whl", zipped({})))
    for name in ("pyproject.toml", "constraints.txt", "LICENSE", "LICENSE-lessons"):
        shutil.copy(root / name, tmp_path)
    for folder in ("notebooks", "assignments/source/ps01", "assignments/answers/ps01/right"):
        (tmp_path / folder).mkdir(parents=True)
    answer = f'"""A fold."""\n\n# %% layers\n{STUB}\n{RIGHT}\n'
    (tmp_path / "assignments/answers/ps01/right/fold.py").write_text(answer)
    (tmp_path / "notebooks/01_lesson.ipynb").write_bytes(lesson())
    shutil.copy(root / "assignments/nbgrader_config.py", tmp_path / "assignments")
    nbformat.write(assignment(), tmp_path / "assignments/source/ps01/ps01.ipynb")
    return tmp_path


def lesson(count=1, data=None, **metadata):
    """A lesson with one cell, as bytes."""
    cell = new_code_cell("1 + 1", execution_count=count)
    cell.outputs = [new_output("display_data", data=data or {"text/plain": "2"})]
    return nbformat.writes(new_notebook(cells=[cell], metadata=metadata)).encode()


def assignment():
    parts = "\n".join([STUB, *map(solved, (SOLUTION, SHORT, "    return x + y"))])
    test = (
        f"with Checks(points=2) as check:\n    ### BEGIN HIDDEN TESTS\n{HIDDEN}\n    ### END HIDDEN TESTS\n"
    )
    cells = [
        new_code_cell(parts, id="layers", metadata=graded("layers", solution=True)),
        new_code_cell(
            f"{test}check.score()", metadata=graded("test_layers", grade=True, locked=True, points=2)
        ),
        new_markdown_cell(MODEL_ANSWER, metadata=graded("explain", grade=True, solution=True, points=4)),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def solved(lines):
    return f"    ### BEGIN SOLUTION\n{lines}\n    ### END SOLUTION"


def graded(grade_id, **marks):
    basis = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": basis | {"grade_id": grade_id} | marks}


def zipped(files):
    with ZipFile(content := BytesIO(), "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    return content.getvalue()


@pytest.fixture(scope="module", autouse=True)
def nbgrader_at_once():
    """Releases are built in processes that have imported nbgrader; test_release builds them as one does."""

    def run(command, cwd, env, **capture):
        return warm.run(command[1:], cwd, env)

    with patch.object(release, "subprocess", SimpleNamespace(run=run)):
        yield


@pytest.fixture(scope="module")
def real(root, tmp_path_factory):
    """A copy of the real course with its zip."""
    copy = tmp_path_factory.mktemp("real") / "course"
    parts = ("bplib", "notebooks", "assignments/source", "assignments/answers")
    left_out = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.half-made")
    for part in parts:
        shutil.copytree(root / part, copy / part, ignore=left_out)
    for name in ("pyproject.toml", "README.md", "constraints.txt", "LICENSE", "LICENSE-lessons"):
        shutil.copy(root / name, copy)
    shutil.copy(root / "assignments/nbgrader_config.py", copy / "assignments")
    bundle(copy, copy / "dist" / "course.zip")
    return copy


def names_in(path):
    return ZipFile(path).namelist()


# ---- the real course


def test_the_zip_holds_all_lessons_all_assignments_and_what_installs_them(real):
    lessons = {f"notebooks/{path.name}" for path in real.glob("notebooks/*.ipynb")}
    tasks = {
        f"assignments/release/{path.stem}/{path.name}" for path in real.glob("assignments/source/*/*.ipynb")
    }
    files = {
        "START_HERE.txt", "requirements.txt", "constraints.txt", "environment.yml", "LICENSE.txt",
        "LICENSE-lessons.txt",
    }  # fmt: skip
    inside = {name.removeprefix("bplib-course/") for name in names_in(real / "dist/course.zip")}
    [wheel] = inside - lessons - tasks - files
    assert re.fullmatch(r"bplib_course-[\d.]+\+[0-9a-f]{8}-py3-none-any\.whl", wheel)
    assert inside == lessons | tasks | files | {wheel} and len(lessons) >= 8 and len(tasks) >= 7


def test_its_names_are_plain_short_and_in_one_folder(real):
    names = names_in(real / "dist/course.zip")
    assert names == sorted(names)
    assert all(
        re.fullmatch(r"bplib-course(/[\w-]+(\.[\w-]+)*)+", name.replace("+", "", 1)) and len(name) <= 150
        for name in names  # one + stands in the version of the wheel
    )
    assert len({name.lower() for name in names}) == len(names)


def test_the_same_course_gives_the_same_bytes_also_when_an_assignment_is_built_anew(real, tmp_path):
    shutil.rmtree(real / "dist/.release/ps01")
    bundle(real, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (real / "dist/course.zip").read_bytes()


def test_every_solution_hidden_test_and_answer_of_the_course_is_looked_for(real):
    whose = {text for _, text in secrets(real / "assignments")}
    for path in real.glob("assignments/source/*/*.ipynb"):
        for kind in ("solution of ", "hidden tests of test_", "the model answer of explain", "right/"):
            assert any(text.startswith(f"{path.stem}, {kind}") for text in whose)


def test_a_student_unpacks_installs_and_works(real, tmp_path):
    ZipFile(real / "dist/course.zip").extractall(tmp_path / "my studies")
    place = tmp_path / "my studies" / "bplib-course"
    python = environment_without_bplib(place / ".venv")
    install = [python, "-m", "pip", "install", "--quiet", "--no-index", "-r", "requirements.txt"]
    subprocess.run(install, cwd=place, check=True)
    assert first_cells(python, place / "notebooks/01_chain_rule.ipynb", 3).startswith(str(place / ".venv"))
    assert first_cells(python, place / "assignments/release/ps01/ps01.ipynb", 2).startswith(str(place))


def environment_without_bplib(folder):
    """A new environment with the packages that are installed here, except bplib itself."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    theirs = subprocess.run([python, "-c", ask], capture_output=True, encoding="utf-8", check=True).stdout
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "bplib" not in path.name:
            (Path(theirs.strip()) / path.name).symlink_to(path)
    return python


def first_cells(python, path, count):
    """Run the setup of a notebook, as far as its cells raise nothing, and say where its bplib lies."""
    notebook = nbformat.read(path, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"][:count]
    notebook.cells = [*code, new_code_cell("import bplib; print(bplib.__file__)")]
    nbformat.write(notebook, path)
    run = (
        "import sys, nbformat; from nbclient import NotebookClient; from traitlets.config import Config\n"
        "notebook = nbformat.read(sys.argv[1], 4)\n"
        "quiet = Config(KernelManager={'transport_encryption': 'auto'})\n"
        "print(NotebookClient(notebook, config=quiet).execute().cells[-1].outputs[0].text)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [python, "-c", run, path]
    return subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, encoding="utf-8", check=True
    ).stdout


def test_start_here_names_what_is_there_and_fits_a_terminal(real):
    with ZipFile(real / "dist/course.zip") as file:
        text = file.read("bplib-course/START_HERE.txt").decode("ascii")
        names = [name.removeprefix("bplib-course/") for name in file.namelist()]
    named = re.findall(r"[\w./-]+\.(?:txt|yml|ipynb)\b|assignments/release", text)
    assert len(named) >= 8 and all(any(word in name for name in names) for word in named)
    assert max(map(len, text.splitlines())) <= 110


# ---- what is found


def notebook_with(**where):
    cell = new_code_cell("1", metadata=where.get("cell", {}), outputs=where.get("outputs", []))
    return nbformat.writes(new_notebook(cells=[cell], metadata=where.get("metadata", {}))).encode()


def printed(text):
    return [new_output("stream", name="stdout", text=text)]


PLANTED = {
    "in_a_file": ("notes.md", f"Look:\n{SOLUTION}\n".encode()),
    "the_end_of_it": ("x.py", SOLUTION.partition("\n")[2].encode()),
    "commented_out_and_indented": ("x.py", re.sub("(?m)^", "        # ", SOLUTION).encode()),
    "spaced_and_wrapped_otherwise": ("x.py", SOLUTION.replace(" @ ", "@").replace("\n", "\n\n").encode()),
    "in_the_wheel": ("bplib_course-0.whl", zipped({"bplib/gates.py": SOLUTION})),
    "all_of_a_short_one": ("x.py", SHORT.encode()),
    "in_a_notebooks_output": ("a.ipynb", notebook_with(outputs=printed(SOLUTION))),
    "in_what_an_output_shows_as_a_string": ("a.ipynb", notebook_with(outputs=printed(repr(SOLUTION)))),
    "in_the_metadata_of_a_cell": ("a.ipynb", notebook_with(cell={"note": SOLUTION})),
    "in_the_metadata_of_a_notebook": ("a.ipynb", notebook_with(metadata={"kept": {"cells": [SOLUTION]}})),
    "the_hidden_test": ("a.ipynb", notebook_with(outputs=printed(HIDDEN.strip()))),
    "the_hidden_test_as_html": ("a.html", HIDDEN.replace("=", "&#61;").encode()),
    "the_model_answer": ("notes.md", MODEL_ANSWER.replace(", ", ",\n").encode()),
    "a_known_right_answer": ("bplib_course-0.whl", zipped({"bplib/course/questions/ps01.py": RIGHT})),
    "a_marker_with_nothing_known": ("x.py", b"def f():\n    ### BEGIN SOLUTION\n    return 1\n"),
    "a_mark_scheme": ("a.md", b"Read it.\n=== BEGIN MARK SCHEME ===\n2 points for the sign\n"),
    "the_folder_of_answers": ("assignments/answers/ps01/right/fold.py", b"x = 1"),
    "the_instructors_version": ("assignments/source/ps01/data.csv", b"1, 2"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_students_must_not_see_is_found_and_named(planted, course):
    name, content = PLANTED[planted]
    known = dict(secrets(course / "assignments"))
    problems = list(given_away({"innocent.md": b"Each gate multiplies.", name: content}, known))
    assert problems and all(problem.startswith(name) for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        STUB,  # a right answer has it too, but the instructor gives it
        "return x + y",  # all of a solution, and said by everybody
        "    return scores, middle, slope",  # too little to be anybody's own
        'HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\\n(.*?)### END HIDDEN TESTS\\n")',  # bplib.authoring
        "Every gate multiplies, and every fork adds up.",
    ],
    ids=["stub", "trivial", "short", "a_word_about_markers", "the_idea"],
)
def test_what_everybody_may_say_is_no_secret(text, course):
    assert not list(given_away({"x.py": text.encode()}, dict(secrets(course / "assignments"))))


@pytest.mark.parametrize(
    "content, words",
    [
        (lesson(count=None), "not run"),
        (lesson(widgets={"state": {}}), "state of widgets"),
        (
            lesson(data={"application/vnd.jupyter.widget-view+json": {}, "text/plain": "w"}),
            "state of widgets",
        ),
    ],
    ids=["not_run", "state", "view"],
)
def test_a_lesson_that_was_not_run_or_keeps_widgets_is_named(content, words):
    [problem] = unfinished({"notebooks/01_lesson.ipynb": content, "notebooks/02.ipynb": lesson()})
    assert problem.startswith("notebooks/01_lesson.ipynb") and words in problem


@pytest.mark.parametrize(
    "name",
    ["notes/aux.md", "COM1", "a\\b.txt", "what?.md", "a:b", "end./x", "end ", "../x", "a//b", "x" * 140],
)
def test_a_name_that_windows_does_not_take_is_refused(name):
    assert len(list(bad_names(["good.md", name]))) == 1


def test_two_names_that_differ_in_capitals_only_are_both_refused():
    assert [problem.split()[0] for problem in bad_names(["a/B", "a/b", "c"])] == ["a/B", "a/b"]


# ---- the command


def test_a_zip_that_would_give_something_away_is_not_written(course, monkeypatch, capsys):
    monkeypatch.chdir(course)
    monkeypatch.setattr(bundling, "build_release", lambda *_: True)
    (course / "notebooks/01_lesson.ipynb").write_bytes(lesson(data={"text/plain": SOLUTION}))
    assert main(["bundle", "--out", "out.zip"]) == 1
    said = capsys.readouterr().err
    assert "out.zip was not written" in said and "01_lesson.ipynb holds ps01, solution of layers" in said
    assert not list(course.glob("*.zip"))


def test_release_and_gradebook_of_the_course_stay_as_they_are_and_a_file_beside_the_source_goes_along(
    course, monkeypatch, capfd
):
    monkeypatch.chdir(course)
    (course / "assignments/source/ps01/data.csv").write_text("1, 2\n")
    mine = course / "assignments/release/ps01"
    mine.mkdir(parents=True)
    (mine / "ps01.ipynb").write_text("an hour of work")
    (mine / "diary.txt").write_text("mine")
    assert not main(["bundle", "--out", "a folder/first.zip"])
    built = course / "dist/.release/ps01/ps01.ipynb"
    built.write_text(built.read_text("utf-8").replace("YOUR CODE HERE", "an hour of work"), "utf-8")
    assert not main(["bundle", "--out", "second.zip"])
    assert (course / "a folder/first.zip").read_bytes() == (course / "second.zip").read_bytes()
    tasks = {Path(name).name for name in names_in("second.zip") if "/release/" in name}
    assert tasks == {"ps01.ipynb", "data.csv"}
    assert {path.name for path in mine.iterdir()} == {"ps01.ipynb", "diary.txt"}
    assert (mine / "ps01.ipynb").read_text() == "an hour of work"
    assert (
        not list(course.glob("assignments/gradebook.db*")) and "work of yours" not in capfd.readouterr().out
    )


def test_an_assignment_that_cannot_be_built_is_named(course, monkeypatch):
    monkeypatch.setattr(bundling, "build_release", lambda *_: False)
    with pytest.raises(BplibError, match="student version of ps01"):
        bundle(course, course / "out.zip")


def test_outside_of_a_course_the_command_says_where_to_call_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["bundle"]) == 1
    assert "in the folder of the course" in capsys.readouterr().err


def test_a_wheel_that_cannot_be_built_says_what_it_needs(root, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(BplibError, match="the network for hatchling"):
        build_wheel(root)
