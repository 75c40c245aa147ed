"""One run of the real nbgrader over hand-ins of every kind: all must be graded, each with its fair score."""

import os
import re
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell

from tests.grading.course import cell_of

FULL = {"test_relu": 2.0, "test_double": 3.0, "test_cube": 4.0}
NOTHING = {"test_relu": 0.0, "test_double": 0.0, "test_cube": 0.0, "why": 0.0}
STUB = "def {}(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
SECRET = "nobody may read this"
HIDDEN = [
    "secret in (0.125, 0.25)",
    "-2.0 - secret",
    "assert cube",
    "Two points for axes",
    "MARK SCHEME",
    "HIDDEN TESTS",
]

DOUBLES = {  # answers to "double" by student
    "syntax_error": "def double(x)\n    return 2 * x",
    "noisy": """def double(x):
    print("careful", file=sys.stderr)
    warnings.warn("look")
    return 2 * x""",
    "exits_in_a_test": "import os\ndef double(x):\n    os._exit(1)",
    "out_of_memory": "import os, signal\ndef double(x):\n    os.kill(os.getpid(), signal.SIGKILL)",
    "endless": "def double(x):\n    while True: pass",
    "endless_and_stubborn": """def double(x):
    while True:
        try:
            while True: pass
        except KeyboardInterrupt: pass""",
    "flood": "def double(x):\n    for _ in range(40_000): print('y' * 100)\n    return 2 * x",
}


def insert(notebook, after, *cells):
    """Put cells behind the cell with this grade_id."""
    place = notebook.cells.index(cell_of(notebook, after)) + 1
    notebook.cells[place:place] = cells
    return notebook


def without(notebook, *grade_ids):
    notebook.cells = [
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") not in grade_ids
    ]
    return notebook


def copy_of(notebook, grade_id, source):
    """The cell as copying and pasting makes it: with the same mark and a new id."""
    cell = new_code_cell(source)
    cell.metadata = cell_of(notebook, grade_id).metadata
    return cell


def unmarked(notebook, keep_ids):
    for number, cell in enumerate(notebook.cells):
        cell.metadata = {}
        if not keep_ids:
            cell["id"] = f"other-{number}"
    return notebook


@pytest.fixture(scope="module")
def graded(course, right, tmp_path_factory):
    """The course after every hand-in went through autograde, generate_feedback and export."""
    hand_in_answers(course, right)
    hand_in_cells(course, right)
    hand_in_kernels(course, right)
    outside = tmp_path_factory.mktemp("outside")
    hand_in_files(course, right, outside)
    before = contents(course.root / "submitted")
    screen = course.autograde()
    course.run("generate_feedback", course.assignment)
    rename = "UPDATE student SET last_name = ?, first_name = ? WHERE id = 'perfect'"
    course.ask_gradebook(rename, "O'Neil, Jr", '=HYPERLINK("x")')
    return SimpleNamespace(course=course, screen=screen, before=before, table=course.export())


def contents(folder):
    """Every path below a folder, with its kind, size and time of change."""
    paths = [os.path.join(here, name) for here, folders, files in os.walk(folder) for name in folders + files]
    status = {path: os.lstat(path) for path in paths}
    return {path: (it.st_mode, it.st_size, it.st_mtime_ns) for path, it in status.items()}


def hand_in_answers(course, right):
    course.submit("perfect", course.answered(**right))
    course.submit("partly", course.answered(**right | {"relu": "def relu(x):\n    return x"}))
    course.submit("blank", course.release())
    course.submit("dated", course.answered(**right), **{"timestamp.txt": "2026-01-02 03:04:05 UTC"})


def hand_in_cells(course, right):
    notebook = course.answered(**right)
    insert(notebook, "test_double", copy_of(notebook, "double", STUB.format("double")))
    course.submit("copied_then_untouched", notebook)

    notebook = course.answered(**right | {"double": "def double(x):\n    return 0"})
    insert(notebook, "test_double", copy_of(notebook, "double", right["double"]))
    course.submit("copied_and_corrected", notebook)

    notebook = course.answered(**right)
    insert(notebook, "double", copy_of(notebook, "double", "double(3.0)"))
    course.submit("split", notebook)

    course.submit("test_deleted", without(course.answered(**right), "test_double"))
    course.submit("answer_deleted", without(course.answered(**right), "double", "why"))
    course.submit(
        "all_but_relu_deleted",
        without(course.answered(**right), *(set(FULL) | {"setup", "double", "cube", "why", "sketch"})),
    )
    course.submit("marks_lost", unmarked(course.answered(**right), keep_ids=True))
    course.submit("marks_and_ids_lost", unmarked(course.answered(**right), keep_ids=False))

    notebook = course.answered(**right | {"cube": "def cube(x):\n    return 0"})
    for cell in notebook.cells:
        cell.metadata["tags"] = ["skip-execution"]
    cell_of(notebook, "test_cube").source = "4.0"
    cell_of(notebook, "test_cube").metadata.nbgrader["points"] = 400
    course.submit("test_changed_and_skipped", notebook)


def hand_in_kernels(course, right):
    def leave():
        return new_code_cell("import os\nos._exit(1)")

    course.submit("exits", insert(course.answered(**right), "test_relu", leave()))
    notebook = insert(course.answered(**right), "test_relu", leave())
    course.submit("exits_twice", insert(notebook, "test_double", leave()))
    second_time = "import os\nif os.path.exists('ran'): os._exit(1)\nopen('ran', 'w').close()"
    notebook = insert(course.answered(**right), "test_relu", new_code_cell(second_time), leave())
    course.submit("exits_when_run_again", notebook)
    for student, double in DOUBLES.items():
        course.submit(student, course.answered(**right | {"double": double}))


def hand_in_files(course, right, outside):
    good = course.answered(**right)
    name = f"{course.assignment}.ipynb"
    (outside / "secret.txt").write_text(SECRET)
    (outside / name).write_text(SECRET)
    for student, content in {
        "not_json": "{'cells': []}",
        "empty": "",
        "format_3": '{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}',
        "odd_cells": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ["a", 1]}',
        "not_utf8": '{"nbformat": 4, "cells": [], "metadata": "ä"}'.encode("latin-1"),
        "deep": "[" * 100_000,
    }.items():
        course.submit(student, **{name: content})
    os.truncate(course.submit("huge", **{name: "{}"}) / name, 3_000_000_000)
    os.mkfifo(course.submit("pipe") / name)
    (course.submit("link") / name).symlink_to(outside / name)
    (course.submit("linked_folder").rmdir())
    (course.root / "submitted" / "linked_folder" / course.assignment).symlink_to(outside)
    course.submit("plain_file").rmdir()
    (course.root / "submitted" / "plain_file" / course.assignment).write_text("here is my homework")

    course.submit("missing", **{"homework.py": "x = 1"})
    course.submit("renamed", good, name=f"{course.assignment} (1)")
    course.submit("renamed_twice", good, name="final")
    course.submit("renamed_twice", good, name="finally")

    folder = course.submit("odd_files", good, **{"data.csv": "1,2", "timestamp.txt": "yesterday"})
    os.mkfifo(folder / "pipe.csv")
    (folder / "secret.csv").symlink_to(outside / "secret.txt")
    (folder / "elsewhere").symlink_to(outside)
    os.truncate(course.submit("odd_files", **{"huge.csv": ""}) / "huge.csv", 3_000_000_000)
    course.submit("odd_date", good, **{"timestamp.txt": b"\xff\xfe\x00"})
    os.mkfifo(course.submit("piped_date", good) / "timestamp.txt")


def marks(graded, student):
    scores = graded.course.scores(student)
    return {name: scores[name] for name in FULL}


def test_a_right_answer_has_full_marks_and_a_written_one_waits_for_the_instructor(graded):
    assert graded.course.scores("perfect") == FULL | {"why": None, "sketch": None}


def test_a_partly_right_answer_has_partial_credit(graded):
    assert marks(graded, "partly") == FULL | {"test_relu": 1.0}


def test_the_blank_release_scores_0(graded):
    assert graded.course.scores("blank") == NOTHING | {"sketch": None}


def test_a_syntax_error_costs_its_own_task_only(graded):
    assert marks(graded, "syntax_error") == FULL | {"test_double": 0.0}


def test_a_warning_or_a_line_on_stderr_does_not_decide(graded):
    assert marks(graded, "noisy") == FULL


@pytest.mark.parametrize("student", ["copied_then_untouched", "copied_and_corrected", "split"])
def test_of_a_copied_cell_the_last_filled_copy_is_graded(graded, student):
    assert marks(graded, student) == FULL
    assert (
        needs_a_look(graded, student)
        == "The answer cell 'double' was there 2 times: the last filled copy is graded."
    )


def test_a_deleted_test_is_put_back(graded):
    assert marks(graded, "test_deleted") == FULL
    assert needs_a_look(graded, "test_deleted") == "The cell 'test_double' was missing: it was put back."


def test_a_deleted_answer_scores_0_and_does_not_wait_for_the_instructor(graded):
    assert graded.course.scores("answer_deleted") == FULL | {"test_double": 0.0, "why": 0.0, "sketch": None}
    assert "The answer cells 'double', 'why' were missing: they count as not answered." in needs_a_look(
        graded, "answer_deleted"
    )


def test_what_is_left_of_a_notebook_is_graded(graded):
    assert graded.course.scores("all_but_relu_deleted") == NOTHING | {"test_relu": 2.0, "sketch": None}


@pytest.mark.parametrize("student", ["marks_lost", "marks_and_ids_lost"])
def test_cells_without_marks_are_recognised(graded, student):
    assert graded.course.scores(student) == FULL | {"why": None, "sketch": None}


def test_a_test_changed_or_skipped_by_the_student_runs_as_it_was_written(graded):
    assert marks(graded, "test_changed_and_skipped") == FULL | {"test_cube": 0.0}


@pytest.mark.parametrize("student", ["exits", "exits_twice", "exits_when_run_again"])
def test_a_cell_that_ends_python_costs_no_marks_of_other_cells(graded, student):
    assert marks(graded, student) == FULL


@pytest.mark.parametrize("student", ["exits_in_a_test", "out_of_memory"])
def test_an_answer_that_ends_python_costs_its_own_task_only(graded, student):
    assert marks(graded, student) == FULL | {"test_double": 0.0}
    assert "your code ended Python" in graded.course.feedback(student)


@pytest.mark.parametrize("student", ["endless", "endless_and_stubborn"])
def test_an_answer_that_never_ends_costs_its_own_task_only(graded, student):
    assert marks(graded, student) == FULL | {"test_double": 0.0}
    assert "your code did not finish within 4 s" in graded.course.feedback(student)


def test_an_answer_that_prints_without_end_keeps_its_marks_and_its_page_stays_small(graded):
    assert marks(graded, "flood") == FULL
    assert len(graded.course.feedback("flood")) < 1_000_000


REASONS = {
    "not_json": "ps1.ipynb is not a notebook: its text is not JSON.",
    "empty": "ps1.ipynb is an empty file.",
    "format_3": "ps1.ipynb is not a notebook of format 4.",
    "odd_cells": "ps1.ipynb has a cell that is not in the notebook format.",
    "not_utf8": "ps1.ipynb is not UTF-8 text.",
    "deep": "ps1.ipynb is not a notebook: its text is not JSON.",
    "huge": "ps1.ipynb is larger than 20 MB.",
    "pipe": "ps1.ipynb is not a plain file.",
    "link": "ps1.ipynb is a link.",
    "linked_folder": "The hand-in is a link.",
    "plain_file": "The hand-in is not a folder.",
    "missing": "ps1.ipynb was not handed in: 'homework.py' came instead.",
    "renamed_twice": "ps1.ipynb was not handed in, and 'final.ipynb', 'finally.ipynb' could all be meant.",
}


@pytest.mark.parametrize("student", REASONS)
def test_what_cannot_be_read_scores_0_and_instructor_and_student_read_why(graded, student):
    assert graded.course.scores(student) == NOTHING | {"sketch": None}
    assert needs_a_look(graded, student).startswith(f"{REASONS[student]} It was not graded and scores 0")
    assert REASONS[student].replace("'", "&#39;") in graded.course.feedback(student).replace("'", "&#39;")


def test_a_renamed_notebook_is_graded(graded):
    assert marks(graded, "renamed") == FULL
    assert needs_a_look(graded, "renamed") == "'ps1 (1).ipynb' was taken as ps1.ipynb."


def test_files_that_are_not_plain_are_left_out_and_the_rest_is_graded(graded):
    assert marks(graded, "odd_files") == FULL
    folder = graded.course.root / "autograded" / "odd_files" / "ps1"
    assert sorted(path.name for path in folder.iterdir()) == ["data.csv", "ps1.ipynb"]
    assert sorted(re.findall(r"The file '?([\w.]+)'? ", needs_a_look(graded, "odd_files"))) == [
        "elsewhere", "huge.csv", "pipe.csv", "secret.csv", "timestamp.txt"
    ]  # fmt: skip


@pytest.mark.parametrize("student", ["odd_date", "piped_date"])
def test_a_date_that_cannot_be_read_is_reported_and_the_rest_is_graded(graded, student):
    assert marks(graded, student) == FULL
    assert "timestamp.txt holds no date" in needs_a_look(graded, student)


def test_no_file_outside_the_hand_in_is_read(graded):
    for folder in ("autograded", "feedback"):
        for path in (graded.course.root / folder).rglob("*"):
            assert path.is_dir() or SECRET.encode() not in path.read_bytes()


def test_what_was_handed_in_is_not_changed_and_no_copy_is_left(graded):
    assert contents(graded.course.root / "submitted") == graded.before
    assert not list(graded.course.root.glob(".intake-*"))


def test_a_good_hand_in_needs_no_look(graded):
    for student in ("perfect", "partly", "blank", "noisy", "dated"):
        assert needs_a_look(graded, student) is None
        assert "About this hand-in" not in graded.course.feedback(student)


def test_the_hand_ins_to_look_at_are_named_at_the_end(graded):
    last = graded.screen.strip().splitlines()[-len(REASONS) :]
    assert all("Needs a look" in line for line in last)


def needs_a_look(graded, student):
    """What the instructor reads about a hand-in at the end of the run."""
    found = re.search(rf"Needs a look: {student}\. (.*)", graded.screen)
    return found and found[1]


def test_feedback_shows_messages_and_no_hidden_test_or_mark_scheme(graded):
    pages = list((graded.course.root / "feedback").rglob("*.html"))
    assert len(pages) == len(list((graded.course.root / "submitted").iterdir()))
    for path in pages:
        page = re.sub("<[^>]*>", "", path.read_text(encoding="utf-8"))
        assert not [text for text in HIDDEN if text in page], path
    assert "relu passes 2 of 4 checks" in graded.course.feedback("partly")
    assert "cube is wrong at a point you were not given" in graded.course.feedback("test_changed_and_skipped")
    assert "relu(0.5) == 0.5" in re.sub("<[^>]*>", "", graded.course.feedback("perfect"))


def test_feedback_loads_nothing_from_the_network(graded):
    page = graded.course.feedback("perfect")
    assert not re.findall(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"']?(?:https?:)?//", page)
    assert not re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", page)


def test_the_table_of_grades_keeps_every_name_and_holds_no_formula(graded):
    (row,) = [row for row in graded.table if row["student_id"] == "perfect"]
    assert row["last_name"] == "O'Neil, Jr"
    assert row["first_name"] == '\'=HYPERLINK("x")'
    assert (float(row["score"]), float(row["max_score"])) == (9.0, 20.0)
    assert len(graded.table) == len(list((graded.course.root / "submitted").iterdir()))


def test_a_second_run_changes_no_score(graded):
    students = [path.name for path in (graded.course.root / "submitted").iterdir()]
    before = {student: graded.course.scores(student) for student in students}
    again = graded.course.autograde()
    assert {student: graded.course.scores(student) for student in students} == before
    assert "Converting" not in again
    assert "Needs a look: empty" in again


def test_a_corrected_hand_in_replaces_one_that_could_not_be_read(graded, right):
    course = graded.course
    course.submit("empty", course.answered(**right))
    course.autograde("--student=empty", "--force")
    assert course.scores("empty") == FULL | {"why": None, "sketch": None}
