"""bplib report: what it reads, what it works out, and that nothing of a student's can act on the reader."""

import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import ClassVar
from unittest.mock import patch

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.api import Gradebook

from bplib.check.report import Finding
from bplib.cli import main
from bplib.course.exercise import Checks, question
from bplib.grading import find_alembic
from bplib.grading.export import CanvasExport, CsvExport, MoodleExport
from bplib.grading.hand_ins import Graded, HandIn, Work, mistakes_in, read_graded, without_names
from bplib.grading.intake import not_graded, with_notes
from bplib.grading.item_analysis import difficulty, discrimination, histogram
from bplib.grading.report import as_page, report, row
from bplib.grading.roll import sentences, stopped_in
from bplib.grading.similarity import PROSE, Passage
from tests.grading.course import CONFIG, answer, check, written_answer

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's way to add entries
DUE = datetime(2026, 3, 1, 12)
SIGN = Finding("dx", False, "differs", "sign of upstream", "turn it round")


@pytest.fixture(autouse=True)
def same_environment():
    """What nbgrader_config.py sets ends with the test."""
    with patch.dict(os.environ):
        yield


# ------------------------------------------------------------------------------------------- item analysis


def test_difficulty_is_the_mean_share_of_the_points():
    assert difficulty([1.0, 2.0, 3.0], 4) == 0.5
    assert difficulty([], 4) is None
    assert difficulty([0.0], 0) is None


def test_discrimination_of_a_task_that_is_right_or_wrong_is_the_point_biserial_correlation():
    """(M₁ − M₀) / s · √(p·q), by hand: M₁ = 3, M₀ = 1.5, s² = 5.2 / 5, p = 3 / 5."""
    rows = [(0, 1), (0, 2), (1, 2), (1, 3), (1, 4)]
    assert discrimination(rows, 0) == pytest.approx((3 - 1.5) / 1.04**0.5 * 0.24**0.5)


def test_the_points_of_a_task_are_not_correlated_with_themselves():
    rows = [(0.1, 0.4), (0.2, 0.3), (0.3, 0.2), (0.4, 0.1), (0.5, 0.0)]  # each total is 0.5
    assert discrimination(rows, 0) == pytest.approx(-1)


@pytest.mark.parametrize(
    "rows",
    [[], [(0, 1), (1, 2), (2, 3), (3, 4)], [(1, x) for x in range(6)], [(x, 1) for x in range(6)]],
    ids=["nobody", "four", "all the same here", "all the same elsewhere"],
)
def test_no_discrimination_is_made_up_where_there_is_none(rows):
    assert discrimination(rows, 0) is None


def test_a_score_on_an_edge_counts_above_it_and_the_best_in_the_last_bar():
    assert histogram([0, 1.99, 2, 15, 18, 19], 18) == [
        (0, 2), (2, 1), (4, 0), (6, 0), (8, 0), (10, 0), (12, 0), (14, 1), (16, 2),
    ]  # fmt: skip
    assert histogram([0.5], 0.5) == [(0, 1)]
    assert histogram([], 0) == [(0, 0)]


# ------------------------------------------------------------------------------------------------- reading


@question("affine")
def affine(*findings):
    yield from findings


@pytest.mark.parametrize(
    ("findings", "names"),
    [
        ([SIGN, Finding("db", False, "differs", "sum forgotten", "add: over rows"), SIGN],
         ("sign of upstream", "sum forgotten")),
        ([Finding("affine", False, "differs", "sign", "turn it round")], ("sign",)),
        ([Finding("dx", False, "differs")], ("no known mistake",)),
        ([Finding("dx", False, "not answered yet")], ("not answered yet",)),
    ],
    ids=["several findings", "about the whole", "unnamed", "open"],
)  # fmt: skip
def test_mistakes_are_read_as_a_graded_cell_prints_them(findings, names, capsys):
    with Checks(points=2) as check:
        check(affine, *findings)
    check.score()
    assert mistakes_in(capsys.readouterr().out) == names


class Person:
    id, first_name, last_name, email = "lee01", "Anna-Maria", "van Lee", "am.lee@uni.example"


def test_a_source_tells_nobodys_name():
    told = "# van LEE (lee01), am.lee@uni.example\ndef anna_layer(upstream): return sleek * 10"
    assert (
        without_names(told, Person)
        == "# [name] [name] ([name]), [name]\ndef [name]_layer(upstream): return sleek * 10"
    )


def test_a_short_number_as_id_leaves_the_numbers_of_the_code():
    class Ten:
        id, first_name, last_name, email = "10", None, None, None

    assert without_names("h = 10", Ten) == "h = 10"


class Class:
    """A course folder: a gradebook made through nbgrader's API, and the notebooks as autograded."""

    points: ClassVar = {"test_relu": 2.0, "test_layers": 4.0, "why": 3.0}

    def __init__(self, folder, empty_gradebook):
        self.folder, self.file = folder, folder / "gradebook.db"
        folder.mkdir()
        shutil.copy(CONFIG, folder)
        shutil.copy(empty_gradebook, self.file)
        self.gradebook = Gradebook(f"sqlite:///{self.file}", "bplib")

    def assignment(self):
        self.gradebook.add_assignment("ps01", duedate=DUE)
        self.gradebook.add_notebook("ps01", "ps01")
        for name, points in reversed(self.points.items()):  # the gradebook keeps no order
            kind = "markdown" if name == "why" else "code"
            self.gradebook.add_grade_cell(name, "ps01", "ps01", max_score=points, cell_type=kind)
        return self

    def hand_in(self, student, scores, late=timedelta(), source="pass", notes=(), aside="", **about):
        """scores    of the tasks; None waits for a person"""
        self.gradebook.add_student(student, **about)
        submission = self.gradebook.add_submission("ps01", student, timestamp=DUE + late)
        for name, score in zip(self.points, scores, strict=True):
            grade = self.gradebook.find_grade(name, "ps01", "ps01", student)
            grade.auto_score, grade.needs_manual_grade = score, score is None
        submission.notebooks[0].late_submission_penalty = 0.6 if late else 0.0
        self.gradebook.db.commit()
        notebook = self.notebook(source, scores)
        if aside:
            notebook, notes = not_graded(notebook, aside)
        path = self.folder / "autograded" / student / "ps01" / "ps01.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(with_notes(notebook, notes), path)

    def notebook(self, source, scores):
        def tested(name):
            said = f"not yet  dx: Ann differs\n         sign of upstream: …\n{scores} points\n"
            cell = check(name, "check.score()", self.points[name])
            cell.outputs = [new_output("stream", text=said)]
            begin, end = (f"2026-03-02T10:00:{second}Z" for second in ("00.25", "01"))
            cell.metadata["execution"] = {"iopub.execute_input": begin, "shell.execute_reply": end}
            return cell

        cells = [
            answer("relu", source), tested("test_relu"),
            new_code_cell("# my own"), answer("mul", f"{source}  # mul"), answer("add", f"{source}  # add"),
            tested("test_layers"), written_answer("why", "Because.", self.points["why"]),
        ]  # fmt: skip
        return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory):
    """Made once: nbgrader runs a program for it."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with patch.dict(os.environ):
        find_alembic()
        Gradebook(f"sqlite:///{path}", "bplib").close()
    return path


@pytest.fixture
def ps01(tmp_path, empty_gradebook):
    """A class in assignments/, where the command looks for it."""
    ps01 = Class(tmp_path / "assignments", empty_gradebook)
    yield ps01
    ps01.gradebook.close()


def test_a_hand_in_is_read_with_its_scores_answers_mistakes_and_times(ps01):
    ps01.assignment().hand_in("ann", (2.0, 1.0, None), source="W @ ann", first_name="Ann")
    graded = read_graded(ps01.folder, "ps01")
    (ann,) = graded.hand_ins
    assert list(graded.tasks.items()) == [
        (("ps01", "test_relu"), 2.0), (("ps01", "test_layers"), 4.0), (("ps01", "why"), 3.0),
    ]  # fmt: skip
    assert list(ann.work.values()) == [
        Work(2.0, "W @ [name]"),
        Work(1.0, "W @ [name]  # mul\n\nW @ [name]  # add", ("sign of upstream",), "dx: [name] differs"),
        Work(None, "Because."),
    ]
    assert (ann.score, ann.seconds, ann.seconds_late, ann.notes) == (3.0, 1.5, 0, ())
    assert ann.wrote == (
        ("python", "W @ ann"), ("python", "# my own"), ("python", "W @ ann  # mul"),
        ("python", "W @ ann  # add"), (PROSE, "Because."),
    )  # fmt: skip


def test_what_intake_said_and_how_late_it_was_is_read(ps01):
    ps01.assignment().hand_in("mended", (2, 4, 3), late=timedelta(hours=25), notes=["It was put back."])
    ps01.hand_in("broken", (0, 0, 0), aside="ps01.ipynb is an empty file.")
    broken, mended = read_graded(ps01.folder, "ps01").hand_ins
    assert (mended.notes, mended.seconds_late, mended.set_aside) == (("It was put back.",), 25 * 3600, False)
    assert broken.set_aside
    assert broken.wrote == ()
    assert not any("put back" in passage.source for passage in mended.wrote)
    assert broken.notes[0].startswith("ps01.ipynb is an empty file. It was not graded")
    assert [work.mistakes for work in broken.work.values()] == [(), (), ()]


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"\xff{")], ids=["gone", "not JSON"]
)
def test_a_lost_notebook_leaves_its_scores_and_is_named(ps01, damage):
    ps01.assignment().hand_in("ann", (2.0, 1.0, 3.0))
    damage(ps01.folder / "autograded/ann/ps01/ps01.ipynb")
    (ann,) = read_graded(ps01.folder, "ps01").hand_ins
    assert {task[1]: work.score for task, work in ann.work.items()} == {
        "test_relu": 2.0, "test_layers": 1.0, "why": 3.0,
    }  # fmt: skip
    assert ann.notes == ("The autograded ps01.ipynb cannot be read.",)


def contents(folder):
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in folder.rglob("*") if path.is_file()}


def test_the_course_is_only_read(ps01, tmp_path):
    ps01.assignment().hand_in("ann", (2.0, 1.0, None))
    ps01.gradebook.close()
    before = contents(ps01.folder)
    report(ps01.folder, "ps01", tmp_path / "reports")
    assert contents(ps01.folder) == before


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda ps01: (ps01.folder / CONFIG.name).unlink(), "no assignments/nbgrader_config.py"),
        (lambda ps01: ps01.file.unlink(), "run `nbgrader generate_assignment` first"),
        (lambda ps01: ps01.file.write_bytes(b"a" * 99), "cannot be read as a gradebook"),
        (lambda ps01: ps01.file.write_bytes(b""), "cannot be read as a gradebook"),
        (lambda ps01: None, "no assignment 'ps01'; it knows none at all"),
        (lambda ps01: ps01.gradebook.add_assignment("ps02"), "no assignment 'ps01'; it knows ps02"),
        (lambda ps01: ps01.assignment(), "no ps01 is graded yet: run `nbgrader autograde ps01`"),
    ],
    ids=["no course", "no gradebook", "no database", "an empty file", "empty", "unknown", "not graded"],
)  # fmt: skip
def test_what_is_missing_is_said_in_one_sentence(ps01, monkeypatch, capsys, prepare, says):
    prepare(ps01)
    monkeypatch.chdir(ps01.folder.parent)
    assert main(["report", "ps01"]) == 1
    screen = capsys.readouterr()
    assert says in screen.err
    assert (screen.err.count("\n"), screen.out) == (1, "")
    assert not (ps01.folder / "reports").exists()


def test_a_missing_package_is_named(root):
    without = "import sys; sys.modules['nbgrader'] = None; import bplib.cli as bplib; "
    command = [sys.executable, "-c", f"{without} sys.exit(bplib.main(['report', 'ps01']))"]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=root)
    assert run.returncode == 1
    assert run.stderr.startswith("bplib: this part of bplib needs nbgrader. Install it with")


# ---------------------------------------------------------------------------------------------------- page


def hand_in(student="s", relu=2.0, layers=4.0, source="pass", mistakes=(), **changed):
    about = dict(
        last_name="", first_name="", timestamp=DUE, seconds_late=0, score=relu + (layers or 0.0),
        late_submission_penalty=0.0, notes=(), set_aside=False, seconds=0.5,
    )  # fmt: skip
    work = {
        ("ps01", "relu"): Work(relu, source, mistakes, f"heard {source}"),
        ("ps01", "layers"): Work(layers, ""),
    }
    return HandIn(student, **about | changed, work=work)


def page_of(*hand_ins, given=()):
    return as_page(Graded("ps01", {("ps01", "relu"): 2.0, ("ps01", "layers"): 4.0}, list(hand_ins), given))


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("</style>")[-1]).split())


def test_the_page_gives_the_figures_of_the_class():
    xs, ys = (0, 0, 2, 2, 2), (1, 2, 2, 3, 4)  # as worked by hand above
    page = words(page_of(*(hand_in(relu=x, layers=y) for x, y in zip(xs, ys, strict=True))))
    assert "5 hand-ins, 6 points to be had" in page
    assert "Mean 3.6, median 4, standard deviation 2.074" in page
    assert "relu 2 60 % 3 0.72 layers 4 60 % 1 0.72" in page
    assert "From 0 points: 0. From 1 points: 1. From 2 points: 1. From 3 points: 0. From 4 points: 1." in page


def test_one_hand_in_makes_a_page_without_figures_that_need_more():
    page = words(page_of(hand_in(layers=None)))
    assert "1 hand-in, 6 points" in page
    assert "Mean 2, median 2." in page
    assert "relu 2 100 % 1 – layers 4 1 still to be read 0 –" in page
    assert "No test found any." in page
    assert "None: all were as they should be, and in time." in page


def test_a_hand_in_that_was_set_aside_counts_nowhere_and_is_named():
    page = words(page_of(hand_in(), hand_in("zoe", relu=0.0, layers=0.0, set_aside=True, notes=("Empty.",))))
    assert "1 hand-in could not be graded" in page
    assert "Mean 6, median 6." in page
    assert "What there is zoe Empty. Similar" in page
    assert "None of the hand-ins could be graded." in words(page_of(hand_in(set_aside=True)))


def test_a_late_hand_in_is_named_with_what_it_lost():
    late = hand_in("tim", seconds_late=86401, late_submission_penalty=1.2)
    page = words(page_of(late, hand_in()))
    assert "2 hand-ins, 6 points to be had. 1 hand-in came late." in page
    assert "tim Late, in day 2 after the due date: 1.2 points off. Similar" in page


@pytest.mark.parametrize("mistake", ["library used", "numerical derivative"])
def test_a_doubt_about_honesty_stands_with_the_student_and_among_the_mistakes(mistake):
    doubted = hand_in("tim", relu=0.0, mistakes=("sign", mistake))
    about_mistakes, by_student = words(page_of(doubted, hand_in())).split("Hand-ins to look at")
    assert f"{mistake} in relu: 1 of 2" in about_mistakes
    assert by_student.startswith(f" Student What there is tim relu: {mistake}. Similar")


def test_running_times_come_as_median_95th_percentile_and_slowest():
    """By hand for 1, 2, …, 21 seconds: the 95th percentile is 19 twentieths of the way from 1 to 21."""
    page = words(page_of(*(hand_in(seconds=float(n)) for n in range(1, 22)), hand_in(seconds=None)))
    assert "Median 11.00 95th percentile 20.00 Slowest 21.00" in page
    assert "Running time" not in words(page_of(hand_in(seconds=None)))


LINES = [f"v{n} = np.sum(x ** {n}) - {n} * np.cos(-{n} * x)" for n in range(12)]
COPIED = (Passage("python", "\n".join(LINES)),)
RENAMED = (Passage("python", "\n".join(line.replace("x", "y") for line in LINES) + "  # <b>mine</b>"),)
WITH_MORE = (Passage("python", RENAMED[0].source + "\nprint('a line', 'more')"),)


@pytest.mark.parametrize("several", [2, 6])
def test_copies_are_named_as_one_group_in_the_last_section(several):
    names = [f"copy{n}" for n in range(1, several)]
    class_ = [hand_in("ann", wrote=COPIED), hand_in("bob"), *(hand_in(name, wrote=RENAMED) for name in names)]
    page = page_of(*class_)
    before, look = words(page).split("Hand-ins to look at")
    assert "ann" not in before
    assert "a reason to look, never a proof" in look
    assert f"The same code: {' , '.join(['ann', *names])} v0 = np.sum(x ** 0)" in look
    assert "v0 = np.sum(y ** 0)" in look
    assert page.count('<div class="pair">') == 1
    assert "No other two share half of what they wrote" in look


def test_similar_hand_ins_are_named_in_the_last_section_with_what_they_share():
    class_ = [hand_in("ann", wrote=COPIED), hand_in("bob"), hand_in("eve", wrote=WITH_MORE), hand_in("zoe")]
    before, look = words(page_of(*class_)).split("Hand-ins to look at")
    assert "ann" not in before
    assert "In 1 pair, half or more of the shorter hand-in is in the other one, too." in look
    assert "a reason to look, never a proof" in look
    assert "ann and eve : 100 % of the code v0 = np.sum(x ** 0)" in look
    assert "v0 = np.sum(y ** 0)" in look
    assert "&lt;b&gt;mine&lt;/b&gt;" in look
    assert "No two share half of what they wrote" in words(page_of(*class_[:2]))


def test_what_was_handed_out_makes_no_pair():
    both = [hand_in(wrote=COPIED), hand_in(wrote=COPIED), hand_in()]
    assert "No two share half" in words(page_of(*both, given=COPIED))


def test_of_many_similar_pairs_the_first_are_shown_and_the_table_has_all():
    mine = [(*COPIED, Passage("python", f"print({n}, 'by me')")) for n in range(8)]
    class_ = [hand_in(f"s{n}", wrote=each) for n, each in enumerate(mine)] + [hand_in()] * 92  # 28 pairs
    page = page_of(*class_)
    assert page.count('<div class="pair">') == 20
    assert "In 28 pairs, half or more" in words(page)
    assert "8 more pairs: the column most_similar_to" in words(page)


def test_mistakes_come_by_count_with_three_different_answers_and_no_names():
    sign = [hand_in(f"student{n}", 0.0, source=f"x = {n % 4}", mistakes=("sign",)) for n in range(5)]
    blank = hand_in("student6", 0.0, source="raise", mistakes=("not answered yet",))
    twice = hand_in("student7", 0.0, source="two", mistakes=("twice", "sign"))
    rest = [hand_in("student8", 0.0, source="??", mistakes=("no known mistake",))] * 9
    page = page_of(blank, *rest, *sign, twice)
    text = words(page)
    assert "sign in relu: 6 of 16 two heard two x = 0 heard x = 0 x = 1 heard x = 1 twice in relu" in text
    assert "twice in relu: 1 of 16 two heard two no known mistake in relu: 9 of 16 ?? heard ?? not" in text
    assert "not answered yet in relu: 1 of 16 No answer to show." in text
    assert "student" not in text.split("Hand-ins to look at")[0].replace("the students", "")


HOSTILE = (
    "</code></pre></style></title></svg><script>document.title = 'pwned'</script>"
    "<img src=x onerror=\"document.title = 'pwned'\">{{ 7 * 7 }}\x00\ud800<a href=javascript:alert(1)>"
)


class Tags(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.seen = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))


def test_what_students_wrote_never_becomes_part_of_the_page():
    wrote = (Passage(PROSE, " ".join(f"word{n}" for n in range(40)) + HOSTILE),)
    hostile = hand_in(HOSTILE, 0.0, source=HOSTILE, mistakes=(HOSTILE,), notes=(HOSTILE,), wrote=wrote)
    page = page_of(hostile, hand_in(wrote=wrote))
    tags = Tags(page).seen
    assert not {"script", "img", "a", "iframe", "object"} & {tag for tag, _ in tags}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert page.count("&lt;script&gt;") == 8
    assert "49" not in words(page)


def test_a_page_asks_for_nothing_and_forbids_it():
    page = page_of(hand_in())
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert "script-src" not in page
    assert not re.findall(r"(?:src|href)=\"(?!data:,)|url\(|@import", page)


# -------------------------------------------------------------------------------------------------- tables


def read_table(path, encoding="utf-8"):
    with open(path, newline="", encoding=encoding) as file:
        return list(csv.DictReader(file))


def test_the_table_has_a_row_for_each_hand_in(ps01, tmp_path, capsys):
    ps01.assignment().hand_in("007", (2.0, 1.0, None), late=timedelta(hours=1), last_name="Žižek, jr")
    ps01.hand_in("=1+1", (2.0, 4.0, 3.0), last_name='@SUM("a")')
    report(ps01.folder, "ps01", tmp_path)
    zizek, formula = read_table(tmp_path / "ps01.csv", "utf-8-sig")
    assert (zizek["student_id"], zizek["last_name"], zizek["days_late"]) == ("007", "Žižek, jr", "1")
    assert (zizek["raw_score"], zizek["score"], zizek["max_score"]) == ("3.0", "2.4", "9.0")
    assert (zizek["test_layers: mistakes"], zizek["why"]) == ("sign of upstream", "")
    assert (zizek["waits_for_a_person"], formula["waits_for_a_person"]) == ("yes", "no")
    assert (formula["student_id"], formula["last_name"]) == ("'=1+1", '\'@SUM("a")')
    assert (zizek["most_similar_to"], zizek["similarity"]) == ("", "")
    assert capsys.readouterr().out.startswith(f"Open {tmp_path / 'ps01.html'} in a browser")


def test_the_table_names_the_most_similar_hand_in_and_what_was_handed_out_is_no_copy(ps01, tmp_path):
    copied = "\n".join(LINES)
    release = ps01.folder / "release/ps01/ps01.ipynb"
    release.parent.mkdir(parents=True)
    given = copied.replace("sum", "prod").replace(" - ", " / ")
    nbformat.write(new_notebook(cells=[answer("relu", given)]), release)
    ps01.assignment().hand_in("=ann", (2, 4, 3), source=copied)
    ps01.hand_in("bob", (2, 4, 3), source=copied.replace("x", "y"))
    ps01.hand_in("cem", (2, 4, 3), source=given)
    ps01.hand_in("dan", (2, 4, 3), source=given)
    report(ps01.folder, "ps01", tmp_path)
    found = [
        (row["most_similar_to"], row["similarity"]) for row in read_table(tmp_path / "ps01.csv", "utf-8-sig")
    ]
    assert found[0][0] == "bob"
    assert found[1][0] == "'=ann"
    assert 0.9 < float(found[0][1]) <= 1
    assert found[2:] == [("", "")] * 2


@pytest.fixture
def exported(ps01, tmp_path):
    """Two whole hand-ins, one that waits for a person, and a student without any: exporter -> rows."""
    ps01.assignment().hand_in(
        "007", (2.0, 1.0, 3.0), late=timedelta(hours=1), last_name="Žižek", first_name='S. "X", jr',
        email="z@uni.example", lms_user_id="0042",
    )  # fmt: skip
    ps01.hand_in("waits", (2.0, 1.0, None))
    ps01.hand_in("-2+3", (2.0, 4.0, 3.0), last_name="＝A1", first_name="\nB1")
    ps01.gradebook.add_student("absent")

    def export(exporter, **options):
        exporter(to=str(tmp_path / "table.csv"), **options).export(ps01.gradebook)
        return read_table(tmp_path / "table.csv")

    return export


def test_canvas_gets_its_columns_its_points_and_no_score_that_is_not_final(exported):
    points, *rows = exported(CanvasExport)
    assert list(points) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "ps01"]
    assert (points["Student"], points["ps01"]) == ("    Points Possible", "9.0")
    by_id = {row["SIS User ID"]: row for row in rows}
    zizek = by_id["007"]
    assert (zizek["Student"], zizek["ID"], zizek["ps01"]) == ('Žižek, S. "X", jr', "0042", "5.4")
    assert (by_id["waits"]["ps01"], by_id["absent"]["ps01"]) == ("", "")
    assert by_id["'-2+3"]["Student"] == "'＝A1, \nB1"


def test_moodle_gets_one_column_for_each_way_to_know_a_student(exported):
    (zizek,) = exported(MoodleExport, student=["007"])
    assert zizek == {
        "Username": "007", "ID number": "0042", "First name": 'S. "X", jr', "Last name": "Žižek",
        "Email address": "z@uni.example", "ps01": "5.4",
    }  # fmt: skip
    assert exported(MoodleExport, student=["-2+3"])[0]["First name"] == "'\nB1"


def test_every_table_tells_text_from_numbers(exported, tmp_path):
    for exporter in (CsvExport, CanvasExport, MoodleExport):
        exported(exporter)
        assert '"007"' in (tmp_path / "table.csv").read_text("utf-8")


# -------------------------------------------------------------------------------------------- the real loop


def test_a_graded_class_is_reported_by_the_command(course, right, tmp_path, monkeypatch):
    course.submit("ann", course.answered(**right))
    course.submit("bob", course.answered(**right | {"double": "def double(x):\n    return 0"}))
    course.submit("eve", **{"ps1.ipynb": "no notebook"})
    course.autograde()
    (tmp_path / "assignments").symlink_to(course.root)
    monkeypatch.chdir(tmp_path)
    assert main(["report", "ps1"]) is None
    page = words((course.root / "reports" / "ps1.html").read_text("utf-8"))
    assert "3 hand-ins, 20 points to be had. 1 hand-in could not be graded" in page
    assert "test_relu 2 100 % 2 – test_double 3 50 % 1 – test_cube 4 100 % 2 –" in page
    assert "no known mistake in test_double: 1 of 2 def double(x): return 0" in page
    assert "eve ps1.ipynb is not a notebook: its text is not JSON." in page
    assert re.search(r"Median [\d.]+ 95th percentile [\d.]+ Slowest [\d.]+", page)
    assert "No two share half" in page
    course.run("export", "--exporter=bplib.grading.export.CanvasExport")
    assert len(read_table(course.root / "canvas.csv")) == 4  # and the points


# ---------------------------------------------------------------------------- who is missing, late or stopped


def test_who_has_handed_in_nothing_has_a_row_without_a_score(ps01, tmp_path):
    ps01.assignment().hand_in("ann", (2.0, 1.0, 3.0))
    for student, name in (("zoe", "Žižek"), ("=bob", None), ("waits", None)):
        ps01.gradebook.add_student(student, last_name=name)
    (ps01.folder / "submitted" / "waits" / "ps01").mkdir(parents=True)  # handed in, and not graded yet
    report(ps01.folder, "ps01", tmp_path / "reports")
    rows = {row["student_id"]: row for row in read_table(tmp_path / "reports/ps01.csv", "utf-8-sig")}
    assert {student: row["handed_in"] for student, row in rows.items()} == {
        "ann": "yes", "'=bob": "no", "zoe": "no",
    }  # fmt: skip
    assert {value for column, value in rows["zoe"].items() if value} == {"zoe", "Žižek", "no"}
    assert "Nothing handed in =bob , zoe ." in words((tmp_path / "reports/ps01.html").read_text("utf-8"))
    assert "Nobody: of every student" in words(page_of(hand_in()))


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (dict(name="Timeout", own=True), ("a cell",)),
        (dict(name="KernelDied", own=True), ("a cell",)),
        (dict(name="ValueError", own=True, text="your code did not finish within 4 s"), ()),
        (dict(text="not yet  f: your code did not finish within 4 s; is there"), ("test_f",)),
        (dict(name="Timeout", text="this test did not finish within 18 s"), ("test_f",)),
        (dict(text="right    f: 1"), ()),
    ],
)
def test_what_was_stopped_is_named(cell, found):
    notebook_cell = new_code_cell("f()") if cell.get("own") else check("test_f", "f()", 1)
    said = cell.get("text", "words")
    notebook_cell.outputs = [
        new_output("error", ename=cell["name"], evalue=said)
        if "name" in cell
        else new_output("stream", text=said)
    ]
    assert stopped_in(new_notebook(cells=[notebook_cell])) == found


def test_what_was_stopped_is_in_the_table_and_on_the_page():
    stopped = hand_in("eve", stopped=("relu", "a cell"))
    assert "eve Out of time or memory: relu, a cell." in words(page_of(stopped))
    graded = Graded("ps01", {("ps01", "relu"): 2.0, ("ps01", "layers"): 4.0}, [stopped])
    assert row(graded, stopped)["out_of_time_or_memory"] == "relu, a cell"


def test_the_roll_is_called_in_three_sentences():
    late = {"ben": 90_000.0, "amy": 1.0}
    assert list(sentences(["dan", "eve"], late, {"cleo": ("test_wave",)})) == [
        "Nothing from 2: dan, eve.",
        "Late: amy (day 1), ben (day 2).",
        "Out of time or memory: cleo (test_wave).",
    ]
    assert list(sentences([], {}, {})) == []


def test_what_nobody_has_handed_in_is_no_column_and_no_row_of_zeros(exported, ps01):
    ps01.gradebook.add_assignment("ps02")
    assert "ps02" not in exported(CanvasExport)[0] and "ps02" not in exported(MoodleExport)[0]
    rows = {row["student_id"]: row for row in exported(CsvExport)}
    assert {row["assignment"] for row in rows.values()} == {"ps01"}
    absent = rows["absent"]
    assert (absent["raw_score"], absent["late_submission_penalty"], absent["score"]) == ("", "", "")
    assert "ps02" in exported(CanvasExport, assignment=["ps02"])[0]
