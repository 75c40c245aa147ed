"""Collecting: what a platform gives for download goes to its student, once, whole, and over nobody's work."""

import os
import re
import shutil
import time
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc

from bplib.cli import main
from bplib.errors import InputError
from bplib.grading.collect import collect
from tests.grading.course import CONFIG
from tests.grading.zips import LINK, bomb, encrypted, zipped

MORNING, NOON, NIGHT = (2026, 3, 1, 9, 0, 0), (2026, 3, 1, 12, 0, 0), (2026, 3, 2, 0, 0, 0)
MOODLE = "{}_1234567_assignsubmission_file_"
# Where the forms of names are from, beside Canvas's and Moodle's own code (content_zipper.rb, mod/assign):
# Blackboard: kwurst/bb-file-cleanup on GitHub: assignmentname_username_attempt_datetime_filename.ext
# Brightspace: as downloaded in a term: number-number - name - day, hour; a school's id may stand before it
# GitHub Classroom: `gh classroom clone student-repos`, docs.github.com: a folder for each, title-login
# Google Classroom: "Make a copy for each student" puts the student's name into the title of the file
BRIGHTSPACE = "10234-55321 - {} - Nov 26, 2026 937 AM"


@pytest.fixture
def course(tmp_path):
    """A course with the assignment ps01, two notebooks, and no gradebook; nobody has handed in."""
    assignments = tmp_path / "assignments"
    (assignments / "release" / "ps01").mkdir(parents=True)
    for name in ("ps01", "problem2"):
        (assignments / "release" / "ps01" / f"{name}.ipynb").write_text("{}")
    (assignments / "nbgrader_config.py").write_bytes(CONFIG.read_bytes())
    return assignments


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """A gradebook of five students, two of one name."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with Gradebook(f"sqlite:///{path}", course_id="bplib") as gradebook:
        gradebook.add_student(
            "jd1", first_name="Jane", last_name="Doe", lms_user_id="12345", email="jane@x.org"
        )
        gradebook.add_student("ana", first_name="Ana-María", last_name="Núñez Ó'Neill", lms_user_id="12346")
        gradebook.add_student("li1", first_name="Wei", last_name="Li", lms_user_id="12347")
        gradebook.add_student("li2", first_name="Wei", last_name="Li", lms_user_id="12348")
        gradebook.add_student("12345", first_name="Max", last_name="Ng", lms_user_id="777")
    return path


@pytest.fixture
def with_students(course, gradebook):
    shutil.copy(gradebook, course)
    return course


def downloaded(folder, *members):
    """A zip as a platform gives it. A member: (path, content), and perhaps the time that the zip notes."""
    path = folder / "download.zip"
    path.write_bytes(zipped(*((n, text, {"date_time": t[0]} if t else {}) for n, text, *t in members)))
    return path


def collected(course, *members, names=None):
    """What is in submitted/ after a download with these members was collected: {path: text}."""
    collect(course, "ps01", downloaded(course.parent, *members), names)
    return submitted(course)


def submitted(course):
    folder = course / "submitted"
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


# ---- whose it is


@pytest.mark.parametrize(
    ("path", "student", "file"),
    [
        ("doejane_12345_67890_ps01.ipynb", "jd1", "ps01.ipynb"),
        ("doejane_LATE_12345_67890_ps01.ipynb", "jd1", "ps01.ipynb"),
        ("doejane_12345_67890_ps01-1.ipynb", "jd1", "ps01.ipynb"),
        ("doejane_12345_67890_PS01 (2).zip", "jd1", "ps01.zip"),
        ("doejane_12345_67890_data_1_2_x.csv", "jd1", "data_1_2_x.csv"),
        ("li_wei_12348_67890_ps01.ipynb", "li2", "ps01.ipynb"),
        ("doejane_99999_67890_ps01.ipynb", "jd1", "ps01.ipynb"),
        ("submissions/doejane_12345_67890_ps01.ipynb", "jd1", "ps01.ipynb"),
        (MOODLE.format("Jane Doe") + "/ps01.ipynb", "jd1", "ps01.ipynb"),
        (MOODLE.format("Jane Doe") + "/ps01/data/x.csv", "jd1", "ps01/data/x.csv"),
        (MOODLE.format("Jane Doe").rstrip("_") + "/ps01.ipynb", "jd1", "ps01.ipynb"),
        (MOODLE.format("Jane Doe") + "ps01.zip", "jd1", "ps01.zip"),
        (MOODLE.format("Group A-Ana-Maria Nunez O'Neill") + "/ps01.ipynb", "ana", "ps01.ipynb"),
        (MOODLE.format("Jane Doe") + "/li_12347_2_ps01.ipynb", "jd1", "li_12347_2_ps01.ipynb"),
        ("jd1/ps01.ipynb", "jd1", "ps01.ipynb"),
        ("jd1/ps01/ps01.ipynb", "jd1", "ps01.ipynb"),
        ("jd1/PS01/data/x.csv", "jd1", "data/x.csv"),
        ("all/jd1/ps01.ipynb", "jd1", "ps01.ipynb"),
        ("Doe, Jane/ps01.ipynb", "jd1", "ps01.ipynb"),
        ("jane@x.org/ps01.ipynb", "jd1", "ps01.ipynb"),
        ("12345/ps01.ipynb", "12345", "ps01.ipynb"),
        ("12346/ps01.ipynb", "ana", "ps01.ipynb"),
        ("jd1.ipynb", "jd1", "ps01.ipynb"),
        ("jd1.zip", "jd1", "ps01.zip"),
        ("JD1_PS01.ipynb", "jd1", "ps01.ipynb"),
        ("jd1-ps01 (1).zip", "jd1", "ps01.zip"),
        ("jd1_problem2.ipynb", "jd1", "problem2.ipynb"),
        (BRIGHTSPACE.format("Jane Doe") + "/ps01.ipynb", "jd1", "ps01.ipynb"),
        (BRIGHTSPACE.format("jd1 - Jane Doe") + "/data/x.csv", "jd1", "data/x.csv"),
        (BRIGHTSPACE.format("Ana-María Núñez Ó'Neill") + " - ps01 (1).ipynb", "ana", "ps01.ipynb"),
        ("ps01 Download/" + BRIGHTSPACE.format("Jane Doe") + "/ps01.ipynb", "jd1", "ps01.ipynb"),
        ("ps01_jd1_attempt_2026-11-26-09-37-12_PS01.ipynb", "jd1", "ps01.ipynb"),
        ("Problem Set_1_jd1_attempt_2026-11-26-09-37-12_a_b.csv", "jd1", "a_b.csv"),
        ("ps01-submissions/ps01-jd1/ps01.ipynb", "jd1", "ps01.ipynb"),
        ("ps01-li2/ps01/ps01.ipynb", "li2", "ps01.ipynb"),
        ("Jane Doe - ps01.ipynb", "jd1", "ps01.ipynb"),
        ("ps01 - Jane Doe.ipynb", "jd1", "ps01.ipynb"),
        ("all/Jane Doe - problem2.ipynb", "jd1", "problem2.ipynb"),
    ],
)
def test_a_file_goes_to_the_student_whom_its_path_names(with_students, path, student, file):
    files = collected(with_students, (path, "mine"))
    files.pop(f"{student}/ps01/timestamp.txt", None)  # where the name says the time
    assert files == {f"{student}/ps01/{file}": "mine"}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("liwei_1_67890_ps01.ipynb", "could be of li1 or li2"),
        (MOODLE.format("Wei Li") + "/ps01.ipynb", "could be of li1 or li2"),
        ("stranger_1_67890_ps01.ipynb", "names 'stranger', whom the gradebook does not know"),
        ("nobody/ps01.ipynb", "names 'nobody', whom the gradebook does not know"),
        ("ps01.ipynb", "does not say whose it is"),
        ("jd1.pdf", "is neither a notebook nor a zip"),
        ("doejane_12345_text.html", "is neither a notebook nor a zip"),
        ("Jane Doe_1_assignsubmission_onlinetext_/onlinetext.html", "was typed in Moodle, and is no file"),
    ],
)
def test_what_cannot_be_placed_has_a_line_that_says_why(with_students, path, why, capsys):
    assert collected(with_students, (path, "?")) == {}
    screen = capsys.readouterr().out
    assert f"Not placed: '{path}' {why}" in screen
    assert "Files that could not be placed: 1." in screen


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("doejane_12345_67890_ps01.ipynb", "doejane"),
        (MOODLE.format("Jane Doe") + "/ps01.ipynb", "Jane_Doe"),
        ("jane/ps01.ipynb", "jane"),
        ("jane_ps01.ipynb", "jane"),
    ],
)
def test_without_a_gradebook_the_id_is_made_from_the_name(course, path, student):
    assert collected(course, (path, "mine")) == {f"{student}/ps01/ps01.ipynb": "mine"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize(
    "name", [".hidden", "aux", "a#b", "new\x1bline", b"\xff".decode(errors="surrogateescape")]
)
def test_a_name_that_is_no_folder_everywhere_is_no_id(course, tmp_path, name):
    (tmp_path / "download" / name).mkdir(parents=True)
    (tmp_path / "download" / name / "ps01.ipynb").write_text("x")
    assert collect(course, "ps01", tmp_path / "download") == 1
    assert submitted(course) == {}


def test_two_people_of_one_name_get_nothing_of_each_other(course, capsys):
    two = [(f"Jane Doe_{number}_assignsubmission_file_/ps01.ipynb", "x") for number in (1, 2)]
    assert collected(course, *two, ("bob_9_9_ps01.ipynb", "bob's")) == {"bob/ps01/ps01.ipynb": "bob's"}
    assert capsys.readouterr().out.count("could be of several people of that name") == 2


def test_names_say_whose_a_file_is_and_what_it_is(with_students):
    pattern = r"^(?P<student>\w+)-sheet-(?P<file>.+)"
    members = [("li1-sheet-ps01.ipynb", "1"), ("jd1-sheet-data/x.csv", "2"), ("12346-sheet-ps01.ipynb", "3")]
    assert collected(with_students, *members, names=pattern) == {
        "li1/ps01/ps01.ipynb": "1", "jd1/ps01/data/x.csv": "2", "ana/ps01/ps01.ipynb": "3"
    }  # fmt: skip


def test_names_that_find_somebody_whom_the_gradebook_does_not_know_make_no_ghost(with_students, capsys):
    members = [("2026/jd1/ps01.ipynb", "1"), ("2026/li1/ps01.ipynb", "2")]
    assert collected(with_students, *members, names=r"^(?P<student>\d+)/") == {}
    assert capsys.readouterr().out.count("names '2026', whom the gradebook does not know") == 2


def test_names_without_a_file_keep_what_stands_below_the_student(course):
    members = [("a/u_amy/ps01.ipynb", "1"), ("a/u_amy/data/x.csv", "2"), ("other.txt", "3")]
    assert collected(course, *members, names=r"u_(?P<student>\w+)") == {
        "amy/ps01/ps01.ipynb": "1", "amy/ps01/data/x.csv": "2"
    }  # fmt: skip


@pytest.mark.parametrize("pattern", ["(", "(?P<name>x)"])
def test_names_that_cannot_work_are_refused(course, pattern):
    with pytest.raises(InputError, match="--names"):
        collected(course, ("amy.ipynb", ""), names=pattern)


@pytest.mark.parametrize("student", ["../../evil", "/tmp/evil", "..", "a/b"])
def test_no_pattern_leads_out_of_submitted(course, student, tmp_path):
    member = zipped((f"x={student}=ps01.ipynb", "evil")) if not student.startswith("/") else zipped()
    (tmp_path / "download.zip").write_bytes(member)
    collect(course, "ps01", tmp_path / "download.zip", "x=(?P<student>.+)=")
    assert submitted(course) == {}
    assert not list(tmp_path.rglob("evil*"))


def test_no_pattern_makes_a_file_of_an_absolute_path(course, tmp_path):
    target = tmp_path.as_posix()
    member = f"amy{target}/out.txt"[:190]
    assert collected(course, (member, "out"), names=r"^(?P<student>amy)(?P<file>/.+)") == {}
    assert not (tmp_path / "out.txt").exists()


# ---- when it was


def noted_time(course, student):
    path = course / "submitted" / student / "ps01" / "timestamp.txt"
    return parse_utc(path.read_text().strip()) if path.exists() else None


@pytest.fixture
def in_new_york(monkeypatch):
    if not hasattr(time, "tzset"):
        pytest.skip("the zone of a process cannot be set here")
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_time_in_the_zip_is_in_the_zone_of_this_computer(course, in_new_york):
    collected(course, ("amy/ps01.ipynb", "1", MORNING), ("bob/ps01.ipynb", "2", NOON))
    assert noted_time(course, "amy") == datetime(2026, 3, 1, 14, 0, 0)
    assert noted_time(course, "bob") == datetime(2026, 3, 1, 17, 0, 0)


def test_a_time_that_the_zip_notes_in_utc_is_taken_as_it_is(course, in_new_york):
    noted = int(datetime(2026, 3, 1, 7, 30, tzinfo=UTC).timestamp())
    fields = {"date_time": MORNING, "extra": b"UT\x05\x00\x01" + noted.to_bytes(4, "little")}
    path = course.parent / "download.zip"
    path.write_bytes(zipped(("amy/ps01.ipynb", "1", fields), ("bob/ps01.ipynb", "2", {"date_time": NIGHT})))
    collect(course, "ps01", path)
    assert noted_time(course, "amy") == datetime(2026, 3, 1, 7, 30)


def test_of_several_files_the_last_time_counts(course, in_new_york):
    collected(course, ("amy/ps01.ipynb", "1", MORNING), ("amy/data.csv", "2", NIGHT))
    assert noted_time(course, "amy") == datetime(2026, 3, 2, 5, 0, 0)


def test_times_that_are_all_the_same_are_those_of_the_packing(course):
    later = (*NOON[:4], 5, 0)
    collected(course, ("amy/ps01.ipynb", "1", NOON), ("bob/ps01.ipynb", "2", later))
    assert noted_time(course, "amy") is noted_time(course, "bob") is None


def test_canvas_dates_files_when_it_packs_them_and_its_late_ones_are_named(course, capsys):
    files = [("doejane_1_2_ps01.ipynb", "1", MORNING), ("li_LATE_3_4_ps01.ipynb", "2", NIGHT)]
    assert list(collected(course, *files)) == ["doejane/ps01/ps01.ipynb", "li/ps01/ps01.ipynb"]
    assert re.findall(r"(\w+): late, says Canvas", capsys.readouterr().out) == ["li"]


@pytest.mark.parametrize("date", [(1980, 1, 1, 0, 0, 0), (2100, 1, 1, 0, 0, 0), (2026, 0, 0, 0, 0, 0)])
def test_an_impossible_time_is_none(course, date):
    collected(
        course, ("amy/ps01.ipynb", "1", date), ("bob/ps01.ipynb", "2", NOON), ("eva/x.zip", "", MORNING)
    )
    assert noted_time(course, "amy") is None and noted_time(course, "bob")


def test_a_time_that_a_student_may_have_written_is_left_out(course, capsys):
    files = collected(course, ("amy/ps01.ipynb", "1"), ("amy/timestamp.txt", "2020-01-01 00:00:00 UTC"))
    assert list(files) == ["amy/ps01/ps01.ipynb"]
    assert "amy: 'amy/timestamp.txt' was left out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "time"),
    [
        (BRIGHTSPACE.format("Jane Doe") + "/ps01.ipynb", datetime(2026, 11, 26, 14, 37)),
        ("1-2 - Jane Doe - June 3, 2026 105 PM/ps01.ipynb", datetime(2026, 6, 3, 17, 5)),
        ("1-2 - Jane Doe - Jan 9, 2026 1200 AM - ps01.ipynb", datetime(2026, 1, 9, 5, 0)),
        ("ps01_jd1_attempt_2026-11-26-09-37-12_ps01.ipynb", datetime(2026, 11, 26, 14, 37, 12)),
        ("1-2 - Jane Doe - Feb 31, 2026 937 AM/ps01.ipynb", None),
    ],
)
def test_a_time_in_a_name_is_in_the_zone_of_this_computer(with_students, in_new_york, path, time):
    collected(with_students, (path, "1"))
    assert noted_time(with_students, "jd1") == time


def test_of_two_attempts_the_later_is_placed(with_students):
    first, second = "ps01_jd1_attempt_2026-11-26-09-37-12_{0}", "ps01_jd1_attempt_2026-11-27-01-00-00_{0}"
    members = [(second.format("ps01.ipynb"), "2"), (first.format("ps01.ipynb"), "1")]
    assert collected(with_students, *members)["jd1/ps01/ps01.ipynb"] == "2"


def test_what_a_platform_adds_of_its_own_is_no_hand_in_and_no_trouble(with_students, capsys):
    members = [
        ("index.html", "list"), (BRIGHTSPACE.format("Jane Doe") + "/ps01.ipynb", "1"),
        ("ps01_li1_attempt_2026-11-26-09-37-12.txt", "Name: Wei Li"),
    ]  # fmt: skip
    assert "jd1/ps01/ps01.ipynb" in collected(with_students, *members)
    assert "Not placed" not in capsys.readouterr().out


def test_what_git_and_editors_keep_is_skipped_in_one_line(with_students, capsys):
    inside = ("ps01.ipynb", ".git/config", ".git/objects/ab/12", ".github/workflows/x.yml", ".gitignore")
    members = [
        (f"ps01-submissions/ps01-{student}/{name}", "x") for student in ("jd1", "li2") for name in inside
    ]
    assert sorted(collected(with_students, *members)) == ["jd1/ps01/ps01.ipynb", "li2/ps01/ps01.ipynb"]
    assert "Skipped: 8 files of .git, .github, .gitignore.\n" in capsys.readouterr().out


# ---- corrections


def correct(course, text):
    path = course.parent / "corrections.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_correction_says_who_and_when_where_no_name_can(with_students, capsys):
    two = [(f"Wei Li_{number}_assignsubmission_file_/ps01.ipynb", number) for number in ("111", "222")]
    members = [*two, ("doejane_LATE_12345_9_ps01.ipynb", "late"), ("final.ipynb", "mine")]
    lines = (
        "file,student,time\n"
        "Wei Li_111_,li1,\n"
        "Wei Li_222_,li2,2026-03-13 08:15 KST\n"
        "doejane_LATE_12345_,,2026-03-12 20:00\n"
        "final.ipynb,ana,\n"
    )
    download = downloaded(with_students.parent, *members)
    assert collect(with_students, "ps01", download, corrections=correct(with_students, lines)) == 0
    files = submitted(with_students)
    assert files["li1/ps01/ps01.ipynb"] == "111" and files["li2/ps01/ps01.ipynb"] == "222"
    assert files["ana/ps01/ps01.ipynb"] == "mine"
    assert noted_time(with_students, "li2") == datetime(2026, 3, 12, 23, 15)
    assert noted_time(with_students, "jd1") == datetime(2026, 3, 12, 20)
    assert noted_time(with_students, "li1") is None and "late, says Canvas" not in capsys.readouterr().out


def test_of_two_lines_the_longer_counts_and_one_that_fits_nothing_is_named(with_students, capsys):
    lines = "\ufefffile;student;time\r\nall/;li1;\r\nall/x/;li2;\r\nnothing;jd1;\r\n"  # as Excel saves it
    download = downloaded(with_students.parent, ("all/x/ps01.ipynb", "x"), ("all/y/ps01.ipynb", "y"))
    collect(with_students, "ps01", download, corrections=correct(with_students, lines))
    assert submitted(with_students) == {"li2/ps01/x/ps01.ipynb": "x", "li1/ps01/y/ps01.ipynb": "y"}
    assert "nothing in the download begins with 'nothing'." in capsys.readouterr().out


def test_a_correction_makes_no_ghost(with_students, capsys):
    download = downloaded(with_students.parent, ("x.ipynb", "x"))
    collect(
        with_students, "ps01", download, corrections=correct(with_students, "file,student,time\nx,zed,\n")
    )
    assert submitted(with_students) == {}
    assert "names 'zed', whom the gradebook does not know" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "must begin with the line file,student,time"),
        ("name,student\nx,y\n", "must begin with the line file,student,time"),
        ("file,student,time\nx,,\n", "line 2: needs a file, and a student or a time"),
        ("file,student,time\nx,,soon\n", "line 2: 'soon' is no time"),
        ("file,student,time\nx,,2026-03-12 10:00 CST\n", "line 2: .* is no time"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_corrections_that_cannot_be_read_are_refused(with_students, text, why):
    download = downloaded(with_students.parent, ("x.ipynb", "x"))
    with pytest.raises(InputError, match=why):
        collect(with_students, "ps01", download, corrections=correct(with_students, text))
    assert submitted(with_students) == {}


# ---- nothing is lost


def kept(files):
    return {path: text for path, text in files.items() if "-kept-" in path}


def test_a_different_hand_in_takes_the_place_and_the_one_before_stays_beside_it(course, capsys):
    collected(course, ("amy/ps01.ipynb", "first"), ("amy/only_in_first.csv", "1"))
    files = collected(course, ("amy/ps01.ipynb", "second"))
    assert files["amy/ps01/ps01.ipynb"] == "second" and "amy/ps01/only_in_first.csv" not in files
    assert sorted(kept(files).values()) == ["1", "first"]
    assert "1 replaced" in capsys.readouterr().out


def test_collecting_the_same_again_changes_nothing(course, capsys):
    members = [("amy/ps01.ipynb", "first", MORNING), ("bob/ps01.ipynb", "2", NOON)]
    before = collected(course, *members)
    assert collected(course, *members) == before
    assert "Hand-ins of ps01: 2 there already." in capsys.readouterr().out


def test_an_older_hand_in_does_not_replace_a_newer(course, capsys):
    bob = ("bob/ps01.ipynb", "2", (2026, 1, 1, 0, 0, 0))
    before = collected(course, ("amy/ps01.ipynb", "new", NOON), bob)
    assert collected(course, ("amy/ps01.ipynb", "old", MORNING), bob) == before
    assert "amy: the hand-in of " in capsys.readouterr().out


def test_of_resubmissions_in_one_download_the_last_is_placed(course, capsys):
    names = ["doejane_1_7_ps01-2.ipynb", "doejane_1_3_ps01-10.ipynb", "doejane_1_5_ps01.ipynb"]
    assert collected(course, *((name, name) for name in names)) == {"doejane/ps01/ps01.ipynb": names[1]}
    assert capsys.readouterr().out.count("was left out") == 2


def test_a_hand_in_that_cannot_be_moved_leaves_the_one_before_in_place(course, monkeypatch, capsys):
    before = collected(course, ("amy/ps01.ipynb", "first"))
    rename = type(course).rename

    def failing(path, target):
        if path.parent.name.startswith("."):
            raise PermissionError(13, "in use")
        return rename(path, target)

    monkeypatch.setattr(type(course), "rename", failing)
    assert collected(course, ("amy/ps01.ipynb", "second")) == before
    assert "1 failed" in capsys.readouterr().out


def test_nothing_half_made_is_left(course):
    collected(course, ("amy/ps01.ipynb", "1"))
    assert [path.name for path in (course / "submitted" / "amy").iterdir()] == ["ps01"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_no_link_in_submitted_or_in_the_download_is_followed(course, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret").write_text("secret")
    (course / "submitted").mkdir()
    (course / "submitted" / "amy").symlink_to(elsewhere)
    download = tmp_path / "download"
    for student in ("amy", "bob"):
        (download / student).mkdir(parents=True)
        (download / student / "ps01.ipynb").write_text("mine")
    (download / "bob" / "data.csv").symlink_to(elsewhere / "secret")
    (download / "eva").symlink_to(elsewhere)
    assert collect(course, "ps01", download) == 1
    assert [path.name for path in elsewhere.iterdir()] == ["secret"]
    assert list(submitted(course)) == ["bob/ps01/ps01.ipynb"]


# ---- hostile and broken downloads


def test_links_and_names_that_lead_elsewhere_in_a_download_are_not_placed(course, tmp_path, capsys):
    path = tmp_path / "download.zip"
    path.write_bytes(
        zipped(
            ("../amy.ipynb", "1"),
            ("amy/x.csv", "/etc/passwd", LINK),
            ("amy\\ps01.ipynb", "2"),
            ("/eva.zip", ""),
        )
    )
    assert collect(course, "ps01", path) == 1
    assert submitted(course) == {"amy/ps01/ps01.ipynb": "2"}
    assert "Files that could not be placed: 3." in capsys.readouterr().out


def test_a_students_zip_is_placed_as_it_is(course, tmp_path):
    content = bomb(3, 10_000)
    (tmp_path / "download.zip").write_bytes(zipped(("amy/ps01.zip", content)))
    collect(course, "ps01", tmp_path / "download.zip")
    assert (course / "submitted/amy/ps01/ps01.zip").read_bytes() == content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is damaged or is not a zip"),
        (zipped(("amy.ipynb", "x"))[:-9], "is damaged or is not a zip"),
        (encrypted(("amy.ipynb", "x")), "is protected by a password"),
    ],
)
def test_a_download_that_cannot_be_opened_is_refused(course, tmp_path, content, why):
    (tmp_path / "download.zip").write_bytes(content)
    with pytest.raises(InputError, match=why):
        collect(course, "ps01", tmp_path / "download.zip")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from("aj1_-/.\\\n ps0"), max_size=25), max_size=5, unique=True))
def test_any_names_in_a_download_leave_nothing_outside_submitted(course, names):
    for ending in ("", ".ipynb", "_1_2_ps01.ipynb", "_1_assignsubmission_file_"):
        collected(course, *((name + ending, "x") for name in names))
    everything = {path.relative_to(course.parent).parts[0] for path in course.parent.rglob("*")}
    assert everything == {"assignments", "download.zip"}
    assert {path.name for path in course.iterdir()} <= {"release", "nbgrader_config.py", "submitted"}
    assert all(path.parent.name.startswith("ps01") for path in course.glob("submitted/*/*/*"))


def test_a_download_that_is_not_there_is_refused(course, tmp_path):
    with pytest.raises(InputError, match=r"download\.zip: No such file"):
        collect(course, "ps01", tmp_path / "download.zip")


def test_an_unknown_assignment_is_refused(course, tmp_path):
    with pytest.raises(InputError, match="there is no assignment 'ps1'"):
        collect(course, "ps1", tmp_path)


def test_the_command_collects_in_the_folder_of_the_course(course, monkeypatch, capsys):
    monkeypatch.chdir(course.parent)
    downloaded(course.parent, ("amy.ipynb", "mine"))
    assert main(["collect", "ps01", "download.zip"]) == 0
    assert submitted(course) == {"amy/ps01/ps01.ipynb": "mine"}
    assert main(["collect", "ps01", "nothing.zip"]) == 1
    assert "bplib: nothing.zip" in capsys.readouterr().err
