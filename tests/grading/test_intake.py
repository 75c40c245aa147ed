"""Taking in files: nothing that can be handed in stops the intake."""

import json
import os
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from zipfile import ZIP_LZMA

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_markdown_cell, new_notebook
from nbgrader.utils import parse_utc

from bplib.files import MOST_FILES
from bplib.grading.intake import copy_timestamp, take_in, time_in
from bplib.grading.untrusted import MOST_MEMBERS, NotGraded, safe_path, shown
from tests.grading.course import answer, cell_of, check
from tests.grading.zips import LINK, PIPE, bomb, encrypted, zipped

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


def test_folders_nested_without_end_are_left_out_with_a_note():
    _, notes, files = taken_in(lambda folder: (folder / "/".join("d" * 30)).mkdir(parents=True))
    assert f"The file '{'/'.join('d' * 21)}' cannot be read (Is a directory): it was left out." in notes
    assert not any("d" in Path(file).parts for file in files)


def test_of_two_notebooks_the_one_that_is_there_is_graded(tmp_path):
    folder, safe_copy = tmp_path / "ps1", tmp_path / "copy"
    folder.mkdir()
    nbformat.write(RELEASE["ps1"], folder / "ps1.ipynb")
    take_in(folder, RELEASE | {"more": RELEASE["ps1"]}, safe_copy)
    assert is_graded(nbformat.read(safe_copy / "ps1.ipynb", as_version=4))
    assert not is_graded(nbformat.read(safe_copy / "more.ipynb", as_version=4))


# ---- in folders


def solved(text="mine"):
    """A hand-in with an answer to recognise it by."""
    return nbformat.writes(new_notebook(cells=[answer("a", text), check("test_a", "1", 1)])).encode()


SOLVED = solved()


def filled(**files):
    """A function that writes files, by path, into a folder."""

    def write(folder):
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    return write


def answer_in(notebook):
    return cell_of(notebook, "a").source


def test_a_notebook_some_folders_down_is_graded_with_the_files_beside_it():
    notebook, notes, files = taken_in(
        filled(**{"my work/ps1/ps1.ipynb": solved(), "my work/ps1/data/points.csv": b"1", "above.csv": b"2"})
    )
    assert is_graded(notebook) and answer_in(notebook) == "mine"
    assert files == ["data/points.csv", "ps1.ipynb"]
    assert notes == ["The notebook was found in the folder 'my work/ps1' of the hand-in."]


def test_the_shallowest_notebook_counts_whatever_lies_below():
    notebook, notes, _ = taken_in(filled(**{"ps1.ipynb": solved(), "old/ps1.ipynb": solved("old")}))
    assert answer_in(notebook) == "mine" and notes == []


def test_what_macos_puts_beside_a_zips_folder_is_no_second_notebook():
    notebook, _, files = taken_in(
        filled(
            **{
                "ps1/ps1.ipynb": solved(),
                "__MACOSX/ps1/._ps1.ipynb": b"Mac OS X",
                "__MACOSX/ps1.ipynb": solved("not mine"),
                "ps1/.ipynb_checkpoints/ps1.ipynb": solved("earlier"),
                "ps1/.DS_Store": b"",
            }
        )
    )
    assert answer_in(notebook) == "mine" and files == ["ps1.ipynb"]


def test_two_folders_that_could_be_meant_are_named_and_none_is_graded():
    notebook, notes, _ = taken_in(filled(**{"one/ps1.ipynb": solved(), "two/ps1.ipynb": solved()}))
    assert not is_graded(notebook)
    assert "has the notebook in several folders, and 'one', 'two' could all be meant." in notes[0]


@pytest.mark.parametrize("name", ["PS1.ipynb", "ps1.IPYNB", "sheet 1.ipynb", "sub/Ps1.ipynb", "sub/s.ipynb"])
def test_a_name_in_other_capitals_or_another_name_is_taken_and_noted(name):
    notebook, notes, _ = taken_in(filled(**{name: solved()}))
    assert answer_in(notebook) == "mine"
    assert f"'{name.split('/')[-1]}' was taken as ps1.ipynb." in notes


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_no_link_to_a_folder_leads_to_a_notebook(tmp_path):
    (tmp_path / "ps1.ipynb").write_bytes(solved())
    notebook, notes, _ = taken_in(lambda folder: (folder / "ps1").symlink_to(tmp_path))
    assert not is_graded(notebook)
    assert "The file 'ps1' is a link: it was left out." in notes


# ---- in zips


def from_zip(*members, **options):
    return taken_in(filled(**{"ps1.zip": zipped(*members, **options)}))


def test_a_zip_that_was_not_opened_is_graded_and_needs_no_look():
    notebook, notes, files = from_zip(("ps1.ipynb", solved()), ("data/points.csv", "1"), ("data/", ""))
    assert answer_in(notebook) == "mine" and notes == []
    assert files == ["data/points.csv", "ps1.ipynb"]


def test_a_zip_with_a_folder_on_top_is_graded_with_what_is_beside_the_notebook():
    notebook, notes, files = from_zip(
        ("ps1/ps1.ipynb", solved()), ("ps1/helper.py", "1"), ("__MACOSX/._ps1", "?")
    )
    assert answer_in(notebook) == "mine" and files == ["helper.py", "ps1.ipynb"]
    assert notes == ["The notebook was found in the folder 'ps1' of the hand-in."]


def test_backslashes_of_windows_tools_are_folders():
    notebook, _, files = from_zip(("ps1\\", ""), ("ps1\\ps1.ipynb", solved()), ("ps1\\data\\x.csv", "1"))
    assert answer_in(notebook) == "mine" and files == ["data/x.csv", "ps1.ipynb"]


def test_a_zip_beside_the_notebook_stays_a_file():
    notebook, notes, files = taken_in(
        filled(**{"ps1.ipynb": solved(), "data.zip": zipped(("ps1.ipynb", "?"))})
    )
    assert answer_in(notebook) == "mine" and files == ["data.zip", "ps1.ipynb"] and notes == []


def test_a_zip_in_the_zip_stays_a_file():
    inner = zipped(("ps1.ipynb", solved()))
    notebook, notes, files = from_zip(("inner.zip", inner))
    assert not is_graded(notebook) and files == ["inner.zip", "ps1.ipynb"]
    assert notes[0].startswith("ps1.ipynb was not handed in: 'inner.zip' came instead.")


def test_names_are_read_as_utf_8_said_or_unsaid_and_else_as_cp437():
    utf_8 = "größe.csv"
    unsaid = utf_8.encode().decode("cp437")  # how a tool that does not say UTF-8 would be read
    content = zipped(("ps1.ipynb", solved()), (utf_8, "1"), ("plain.txt", ""))
    assert from_bytes(content)[2] == ["größe.csv", "plain.txt", "ps1.ipynb"]
    assert from_bytes(without_utf_8_flag(content))[2] == ["größe.csv", "plain.txt", "ps1.ipynb"]
    old = zipped(("ps1.ipynb", solved()), ("gr__e.csv", "1")).replace(b"gr__e", b"gr\x94\xe1e")
    assert from_bytes(old)[2] == ["größe.csv", "ps1.ipynb"]
    assert unsaid != utf_8


def from_bytes(content):
    return taken_in(filled(**{"ps1.zip": content}))


def without_utf_8_flag(content):
    content = bytearray(content)
    for signature, flags in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] &= ~0x08
            at = content.find(signature, at + 1)
    return bytes(content)


ELSEWHERE = [
    "../out.txt",
    "a/../../out.txt",
    "/tmp/out.txt",
    "C:\\out.txt",
    "c:out.txt",
    "..\\out.txt",
    "//host/x/y",
]


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_name_that_leads_elsewhere_is_left_out_and_the_rest_is_graded(name):
    notebook, notes, files = from_zip((name, "out"), ("ps1.ipynb", solved()))
    assert answer_in(notebook) == "mine" and files == ["ps1.ipynb"]
    assert len(notes) == 1 and notes[0].endswith("has a name that leads out of the hand-in: it was left out.")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a//b/./c.csv", "a/b/c.csv"),
        ("con", "_con"),
        ("data/NUL.txt", "data/_NUL.txt"),
        ("what?.csv", "what_.csv"),
        ("my work /x. ", "my work_/x._"),
        ("tab\t.csv", "tab_.csv"),
        (".", "_"),
    ],
)
def test_a_name_that_windows_does_not_take_becomes_one_that_it_does(name, path):
    assert safe_path(name).as_posix() == path


@pytest.mark.parametrize(
    "name", [*(name.replace("\\", "/") for name in ELSEWHERE), "x" * 201, "d/" * 120 + "x"]
)
def test_a_name_that_leads_elsewhere_or_is_too_long_is_no_path(name):
    with pytest.raises(NotGraded):
        safe_path(name)


@pytest.mark.parametrize(("fields", "why"), [(LINK, "is a link"), (PIPE, "is not a plain file")])
def test_links_and_pipes_in_a_zip_are_left_out(fields, why):
    notebook, notes, files = from_zip(("ps1.ipynb", solved()), ("secret", "/etc/passwd", fields))
    assert answer_in(notebook) == "mine" and files == ["ps1.ipynb"]
    assert notes == [f"The file 'secret' {why}: it was left out."]


def test_a_notebook_that_is_a_link_in_the_zip_was_not_handed_in():
    notebook, notes, _ = from_zip(("ps1.ipynb", "/etc/passwd", LINK))
    assert not is_graded(notebook)
    assert "The file 'ps1.ipynb' is a link: it was left out." in notes


def test_of_a_name_that_is_there_twice_the_last_is_taken_and_noted():
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped(
            ("ps1.ipynb", solved("first")), ("PS1.ipynb", solved("second")), ("ps1.ipynb", solved())
        )
    notebook, notes, _ = from_bytes(content)
    assert answer_in(notebook) == "mine"
    assert "The file 'ps1.ipynb' is there more than once: the last was taken." in notes


def test_a_file_that_is_also_a_folder_costs_only_what_is_in_it():
    notebook, notes, files = from_zip(("ps1.ipynb", solved()), ("a", "1"), ("a/b", "2"))
    assert answer_in(notebook) == "mine" and files == ["a", "ps1.ipynb"]
    assert len(notes) == 1 and notes[0].startswith("The file 'a/b' cannot be written")


def test_an_unusual_packing_is_left_out():
    notebook, notes, _ = from_zip(("ps1.ipynb", solved()), method=ZIP_LZMA)
    assert not is_graded(notebook)
    assert "The file 'ps1.ipynb' is packed in a way that is not known here: it was left out." in notes


def test_a_thousand_files_are_cut_and_the_notebook_is_not_among_those_cut():
    members = [(f"{number}.txt", "") for number in range(1000)]
    notebook, notes, files = from_zip(*members, ("ps1.ipynb", solved()))
    assert answer_in(notebook) == "mine" and len(files) == MOST_FILES
    assert notes == [f"More than {MOST_FILES} files or 100 MB were handed in: the rest was left out."]


WHOLE = {
    "is protected by a password": encrypted(("ps1.ipynb", solved())),
    "is damaged or is not a zip": zipped(("ps1.ipynb", solved()))[:-30],
    f"holds more than {MOST_MEMBERS} files": bomb(MOST_MEMBERS + 1, 0),
}


@pytest.mark.parametrize("why", WHOLE)
def test_a_zip_that_cannot_be_used_scores_0_and_says_why(why):
    notebook, notes, files = from_bytes(WHOLE[why])
    assert not is_graded(notebook) and files == ["ps1.ipynb"]
    assert notes == [
        f"The hand-in is 'ps1.zip', which {why}. It was not graded and scores 0 until it is handed in again."
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"Rar!", zipped(("ps1.ipynb", solved()))[40:]])
def test_what_is_no_zip_is_said_to_be_none(content):
    notebook, notes, _ = from_bytes(content)
    assert not is_graded(notebook)
    assert notes[0].startswith(("The hand-in is 'ps1.zip', which is damaged", "ps1.ipynb was not handed in."))


def test_a_damaged_file_in_a_zip_costs_only_itself():
    good = zipped(("ps1.ipynb", solved()), ("big.csv", os.urandom(5000)))
    at = good.index(b"big.csv") + 100
    notebook, notes, _ = from_bytes(good[:at] + b"damaged" + good[at + 7 :])
    assert answer_in(notebook) == "mine"
    assert notes == ["The file 'big.csv' is damaged: it was left out."]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_zip_that_is_a_pipe_does_not_wait():
    _, notes, _ = taken_in(lambda folder: os.mkfifo(folder / "ps1.zip"))
    assert notes[0].startswith("The hand-in is 'ps1.zip', which is not a plain file.")


def test_a_zip_that_is_a_link_is_not_followed(tmp_path):
    (tmp_path / "elsewhere.zip").write_bytes(zipped(("ps1.ipynb", solved())))
    _, notes, _ = taken_in(lambda folder: (folder / "ps1.zip").symlink_to(tmp_path / "elsewhere.zip"))
    assert notes[0].startswith("The hand-in is 'ps1.zip', which is a link.")


def test_two_zips_that_could_be_meant_are_named():
    _, notes, _ = taken_in(filled(**{"a.zip": zipped(), "B.ZIP": zipped(), "._a.zip": b"?"}))
    assert notes[0].startswith("The hand-in has no notebook, and 'B.ZIP', 'a.zip' could all be meant.")


@pytest.mark.parametrize(
    "content",
    [
        bomb(1, 43_000_000),
        bomb(1, 43_000_000, claims=10),
        bomb(1, 300_000_000),
        bomb(300, 15_000_000),
        bomb(300, 25_000_000),
    ],
    ids=["42 kB to 43 MB", "a header that lies", "300 kB to 300 MB", "4 MB to 4 GB", "7 MB to 7 GB"],
)
def test_a_bomb_ends_quickly_in_little_memory_and_on_a_small_part_of_the_disk(content):
    tracemalloc.start()
    begin = process_time()
    _, notes, files = from_bytes(content)
    seconds, (_, peak) = process_time() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 20 and peak < len(content) + 150_000_000
    assert len(files) <= 7 and notes


def test_the_time_of_a_hand_in_is_not_taken_from_its_zip_or_a_folder_in_it():
    early = b"2020-01-01 00:00:00 UTC"
    for write in (
        filled(**{"ps1.zip": zipped(("ps1.ipynb", solved()), ("timestamp.txt", early))}),
        filled(**{"ps1/ps1.ipynb": solved(), "ps1/timestamp.txt": early}),
    ):
        assert taken_in(write)[2] == ["ps1.ipynb"]


def test_a_zip_keeps_the_time_that_is_noted_beside_it():
    content = {"ps1.zip": zipped(("ps1.ipynb", solved())), "timestamp.txt": b"2026-03-01 12:00:00 UTC"}
    assert taken_in(filled(**content))[2] == ["ps1.ipynb", "timestamp.txt"]


@settings(deadline=None)
@given(st.data())
def test_any_zip_with_any_damage_gives_a_valid_notebook(data):
    names = st.text(st.sampled_from("aA/.\\: ps1") | st.characters(codec="utf-8"), max_size=12).filter(
        lambda name: "\0" not in name
    )
    members = data.draw(
        st.lists(st.tuples(names, st.binary(max_size=20)), max_size=4, unique_by=lambda m: m[0])
    )
    content = bytearray(zipped(*members, ("ps1.ipynb", SOLVED)))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    from_bytes(bytes(content))


def test_the_hand_in_is_not_changed_and_nothing_else_is_left(tmp_path):
    folder, safe_copy = tmp_path / "ann" / "ps1", tmp_path / "copies" / "ps1"
    folder.mkdir(parents=True)
    content = zipped(("ps1/ps1.ipynb", solved()), ("../out.txt", ""), ("x.csv", "1"))
    (folder / "ps1.zip").write_bytes(content)
    take_in(folder, RELEASE, safe_copy)
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")) == [
        "ann", "ann/ps1", "ann/ps1/ps1.zip", "copies", "copies/ps1", "copies/ps1/ps1.ipynb"
    ]  # fmt: skip
    assert (folder / "ps1.zip").read_bytes() == content


# -------------------------------------------------------------------------------- the filled one of several


def is_solved(notebook):
    return cell_of(notebook, "a").source == "mine"


def given_out():
    return json.dumps(RELEASE["ps1"]).encode()


BESIDE = {
    "a copy of Jupyter's": {"ps1-Copy1.ipynb": solved},
    "a second download": {"ps1 (1).ipynb": solved},
    "a folder": {"work/ps1.ipynb": solved},
    "a zip": {"mine.zip": lambda: zipped(("ps1.ipynb", solved()))},
    "a copy that is there twice": {"ps1-Copy1.ipynb": solved, "old/ps1.ipynb": solved},
}


@pytest.mark.parametrize("files", BESIDE.values(), ids=BESIDE)
def test_the_filled_notebook_beside_the_blank_one_is_graded_and_the_choice_is_told(files):
    files = {name: content() for name, content in files.items()}
    notebook, notes, _ = taken_in(filled(**{"ps1.ipynb": given_out()}, **files))
    assert is_solved(notebook)
    assert "ps1.ipynb is as it was given out: " in notes[0] and "was taken instead" in notes[0]


def test_a_filled_notebook_is_graded_whatever_lies_beside_it():
    notebook, notes, _ = taken_in(filled(**{"ps1.ipynb": solved(), "ps1-Copy1.ipynb": given_out()}))
    assert is_solved(notebook) and notes == []


def test_a_blank_notebook_alone_is_graded_as_blank():
    notebook, notes, _ = taken_in(filled(**{"ps1.ipynb": given_out(), "ps1-Copy1.ipynb": given_out()}))
    assert is_graded(notebook) and not is_solved(notebook) and notes == []


def test_two_filled_notebooks_of_different_content_beside_a_blank_one_are_named():
    other = solved("otherwise")
    files = {"ps1.ipynb": given_out(), "ps1-Copy1.ipynb": solved(), "ps1-Copy2.ipynb": other}
    notebook, notes, _ = taken_in(filled(**files))
    assert not is_graded(notebook)
    assert "'ps1-Copy1.ipynb', 'ps1-Copy2.ipynb' could be meant" in notes[0]


def test_the_notebook_of_another_assignment_is_called_so():
    other = new_notebook(cells=[answer("b", "other"), check("test_b", "1", 1)])
    notebook, notes, _ = taken_in(filled(**{"ps1.ipynb": json.dumps(other).encode()}))
    assert not is_graded(notebook)
    assert "its cells are that of another assignment" in notes[0]


def test_what_came_instead_of_the_notebook_is_named():
    other = new_notebook(
        cells=[new_markdown_cell("# ps02 · Gates"), answer("b", "x"), check("test_b", "1", 1)]
    )
    _, notes, _ = taken_in(filled(**{"ps1.ipynb": json.dumps(other).encode()}))
    assert "its cells are that of another assignment, 'ps02 · Gates'." in notes[0]
    files = {"essay.docx": b"x", "timestamp.txt": b"2026-01-02 03:04:05 UTC"}
    _, notes, _ = taken_in(filled(**files))
    assert notes[0].startswith("ps1.ipynb was not handed in: 'essay.docx' came instead. It was not graded")
    _, notes, _ = taken_in(filled())
    assert notes[0].startswith("ps1.ipynb was not handed in. It was not graded")


TIMES = {
    "2026-03-12 20:15:00 KST": "2026-03-12 11:15",
    "2026-03-12 20:15:00 CEST": "2026-03-12 18:15",
    "2026-03-12 20:15:00 +0530": "2026-03-12 14:45",
    "2026-03-12T20:15:00Z": "2026-03-12 20:15",
    "03/12/2026 11:30 PM": "2026-03-12 23:30",
    "2026-03-12 20:15:00.123456 UTC": "2026-03-12 20:15",
}


@pytest.mark.parametrize("text", TIMES)
def test_a_time_is_read_in_its_zone_and_noted_in_utc_for_nbgrader(text, tmp_path):
    assert f"{time_in(text):%Y-%m-%d %H:%M}" == TIMES[text]
    (tmp_path / "timestamp.txt").write_text(text)
    (tmp_path / "copy").mkdir()
    assert list(copy_timestamp(tmp_path, tmp_path / "copy")) == []
    noted = parse_utc((tmp_path / "copy" / "timestamp.txt").read_text())
    assert f"{noted:%Y-%m-%d %H:%M}" == TIMES[text]


@pytest.mark.parametrize("text", ["2026-03-12 20:15:00 QQT", "2026-03-12 20:15:00 IST", "noon", "\n"])
def test_a_time_in_an_unknown_zone_is_none(text, tmp_path):
    (tmp_path / "timestamp.txt").write_text(text)
    (note,) = copy_timestamp(tmp_path, tmp_path)
    assert "timestamp.txt holds no date" in note
