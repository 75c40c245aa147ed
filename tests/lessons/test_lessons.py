"""The lessons as files: text and notebook agree, outputs are real, links hold: they are one book."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest

from bplib.authoring.notebooks import build_notebook, read_text
from tests.widgets.catalogue import WIDGETS

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks" / "src").glob("*.py"))
LESSONS = [name for name in NOTEBOOKS if name[0].isdigit()]  # the others are for looking things up


@cache
def notebook(lesson):
    return nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", 4)


def code_cells(lesson):
    return [cell for cell in notebook(lesson).cells if cell.cell_type == "code"]


def text_of(lesson):
    """All that is said in a lesson, without its code."""
    return "\n\n".join(cell.source for cell in notebook(lesson).cells if cell.cell_type == "markdown")


def said(pattern, lesson):
    """What a lesson says in one place, on one line."""
    (found,) = re.findall(pattern, text_of(lesson), re.MULTILINE | re.DOTALL)
    return " ".join(found.split())


def test_every_text_has_a_notebook_and_every_notebook_a_text():
    assert NOTEBOOKS == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("lesson", NOTEBOOKS)
def test_text_and_notebook_have_the_same_cells(lesson):
    text, nb = read_text(ROOT / "notebooks" / "src" / f"{lesson}.py"), notebook(lesson)
    assert [(c.id, c.cell_type, c.source, c.metadata) for c in nb.cells] == [
        (c.id, c.cell_type, c.source, c.metadata) for c in text.cells
    ]
    assert nb.metadata == text.metadata


@pytest.mark.parametrize("lesson", NOTEBOOKS)
def test_every_code_cell_has_been_run_in_order_and_left_nothing_on_stderr(lesson):
    cells = code_cells(lesson)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        assert not [o for o in cell.outputs if o.output_type == "error" or o.get("name") == "stderr"], (
            cell.source
        )


MAKES_A_WIDGET = re.compile(rf"\b({'|'.join(WIDGETS)})\(")


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_widget_state_is_stored_and_every_widget_has_a_picture_in_its_place(lesson):
    assert "widgets" not in notebook(lesson).metadata
    with_widgets = [cell for cell in code_cells(lesson) if MAKES_A_WIDGET.search(cell.source)]
    assert with_widgets
    for cell in with_widgets:
        (output,) = [output for output in cell.outputs if output.data]  # see _show_no_first_line
        assert {"image/svg+xml", "image/png", "text/plain"} <= set(output.data)


def test_the_outputs_that_are_not_compared_are_few_and_each_says_why():
    exempt = {
        lesson: [cell.source for cell in code_cells(lesson) if "NBVAL" in cell.source] for lesson in LESSONS
    }
    assert {lesson: len(sources) for lesson, sources in exempt.items() if sources} == {
        "01_chain_rule": 3,
        "08_build_an_engine": 1,
    }
    for source in (source for sources in exempt.values() for source in sources):
        assert re.search(r"# NBVAL_IGNORE_OUTPUT\n# \(.*processor.*\)", source)


# -------------------------------------------------------------------------------------------------- one book


PARTS = (
    "When you are done",
    "**Time:**",
    "Self-check",
    "Break it on purpose",
    "here the library does this",
    "## Summary",
    "## Exercises",
    "## Sources",
    "**Next:**",
)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_all_its_parts(lesson):
    for part in PARTS:
        assert part in text_of(lesson), part


@pytest.mark.parametrize("lesson", LESSONS)
def test_sections_are_numbered_through(lesson):
    numbered = re.findall(r"^## (\d+)\.(\d+) ", text_of(lesson), re.MULTILINE)
    assert numbered == [(str(int(lesson[:2])), str(k + 1)) for k in range(len(numbered))]


@pytest.mark.parametrize("lesson", LESSONS)
def test_self_checks_are_numbered_through(lesson):
    numbered = re.findall(r"\*\*Self-check (\d+)\.\*\*", text_of(lesson))
    for place, number in enumerate(numbered, start=1):
        assert int(number) == place, f"Self-check {number} comes as number {place}: renumber from here"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_assignment_that_a_notebook_promises_is_there(name):
    for promised in re.findall(r"\bps\d\d\b", "".join(cell.source for cell in notebook(name).cells)):
        assert (ROOT / "assignments" / "source" / promised / f"{promised}.py").is_file(), promised


@pytest.mark.parametrize("lesson", LESSONS[1:])
def test_a_lesson_needs_what_came_before_says_its_time_and_leads_on(lesson):
    number, assignment = int(lesson[:2]), f"`ps{lesson[:2]}`"
    needs = said(r"^\*\*You need\*\* (.*?)\.$", lesson)
    assert re.search(r"lessons? (\d+)", needs)
    assert all(int(named) < number for named in re.findall(r"\blessons? (\d+)", needs))
    minutes, then = re.fullmatch(r"about (\d+) minutes.* assignment (`ps\d\d`)\.", time_of(lesson)).groups()
    assert 45 <= int(minutes) <= 120 and then == assignment
    leads_on = said(r"^\*\*Next:\*\* (.*?)(?:\n\n|\Z)", lesson)
    assert leads_on.startswith(f"the assignment {assignment}")
    later = LESSONS[LESSONS.index(lesson) + 1 :]
    assert not later or f"then lesson {int(later[0][:2])}: " in leads_on


SITTINGS = {"two": 2, "three": 3}


@pytest.mark.parametrize("lesson", LESSONS[1:])
def test_a_lesson_has_sittings_of_25_to_40_minutes_with_a_place_to_stop_between_them(lesson):
    minutes, number, parts = re.match(
        r"about (\d+) minutes with the self-checks, in (two|three) sittings: (.*)\. Then", time_of(lesson)
    ).groups()
    sittings = SITTINGS[number]
    assert 25 * sittings <= int(minutes) <= 40 * sittings
    begins = re.findall(r"(?:^|, )(\d+\.\d+)", parts)
    assert len(begins) == sittings and parts.endswith("to the end") and begins[0].endswith(".1")
    stops = re.findall(
        r"> \*\*A good place to stop\.\*\* .* and on with (\d+\.\d+), [^\n]*\n\n"
        r"(?:<[^\n]*\n\n)*## (\d+\.\d+) ",
        text_of(lesson),
    )
    assert [on for on, _ in stops] == [section for _, section in stops] == begins[1:]


def time_of(lesson):
    return said(r"^\*\*Time:\*\* (.*?)$", lesson)


def test_the_list_of_lessons_has_their_titles_and_times():
    rows = re.findall(r"^\| \[(.*)\]\((.*)\.ipynb\) \| .* \| (\d+ minutes) \| `ps(..)` \|$",
                      text_of("00_start_here"), re.MULTILINE)  # fmt: skip
    titles = {lesson: said(r"\A# (.*?)$", lesson) for lesson in LESSONS[1:]}
    times = {lesson: re.search(r"\d+ minutes", time_of(lesson))[0] for lesson in LESSONS[1:]}
    assert rows == [(titles[lesson], lesson, times[lesson], lesson[:2]) for lesson in LESSONS[1:]]


LINK = re.compile(r"\]\(((?:[^()\s]|\([^()]*\))+)\)")


def anchors(notebook):
    """{anchor: title} of the headings, as JupyterLab and the pages of `bplib site` make them."""
    titles = re.findall(r"^#+ (.+)$", text_of(notebook), re.MULTILINE)
    return {title.replace("`", "").replace(" ", "-"): title for title in titles}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_link_leads_somewhere_and_the_web_is_for_sources_only(name):
    text, _, sources = text_of(name).partition("\n## Sources\n")
    for target in LINK.findall(text):
        path, _, anchor = target.partition("#")
        assert "://" not in target, "a link to the web stands under Sources"
        assert not path or (ROOT / "notebooks" / path).is_file(), target
        assert not anchor or anchor in anchors(Path(path).stem if path else name), target
    assert all("://" in target for target in LINK.findall(sources))


ENTRIES = re.findall(r"^\| \*\*(.+)\*\* \| .+ \| \[(.+)\]\((.+)\.ipynb#(.+)\) \|$",
                     text_of("glossary"), re.MULTILINE)  # fmt: skip


@pytest.mark.parametrize(("word", "section", "lesson", "anchor"), ENTRIES)
def test_a_word_of_the_glossary_stands_in_the_section_that_it_points_to(word, section, lesson, anchor):
    title = anchors(lesson)[anchor]
    assert title.startswith(f"{section} ")
    sections = re.split(r"^## ", text_of(lesson), flags=re.MULTILINE)
    (found,) = [text for text in sections if text.startswith(title)]
    assert word.casefold() in " ".join(found.casefold().split())


def test_the_glossary_is_in_the_order_of_the_alphabet_and_every_lesson_is_in_it():
    words = [word.strip("$").casefold() for word, *_ in ENTRIES]
    assert words == sorted(set(words))
    assert len(words) == text_of("glossary").count("\n| ") - 1  # the heading of the table
    assert {lesson for _, _, lesson, _ in ENTRIES} == set(LESSONS[1:])


# ------------------------------------------------------------------------------------------ how they are made


def test_a_failing_cell_leaves_the_old_notebook_as_it_was(tmp_path):
    text, made = tmp_path / "lesson.py", tmp_path / "lesson.ipynb"
    header = (ROOT / "notebooks" / "src" / "00_start_here.py").read_text().split("# %%")[0]
    text.write_text(header + "# %%\nprint(1 + 1)\n")
    build_notebook(text, made)
    before = made.read_text()
    assert "2\\n" in before
    text.write_text(header + "# %%\n1 / 0\n")
    with pytest.raises(Exception, match="ZeroDivisionError"):
        build_notebook(text, made)
    assert made.read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lesson.ipynb", "lesson.py"]


def test_nbval_notices_a_picture_that_has_changed(tmp_path):
    text, made = tmp_path / "lesson.py", tmp_path / "lesson.ipynb"
    header = (ROOT / "notebooks" / "src" / "00_start_here.py").read_text().split("# %%")[0]
    text.write_text(header + "# %%\nimport bplib as bp\n\nbp.record(lambda x, y: x * y, x=3, y=-4)\n")
    build_notebook(text, made)
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", str(made)]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0

    nb = nbformat.read(made, 4)
    (output,) = nb.cells[0].outputs
    picture = output.data["image/svg+xml"]
    assert "−12.00" in picture
    output.data["image/svg+xml"] = picture.replace("−12.00", "−12.01")
    nbformat.write(nb, made)
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert run.returncode == 1
    assert "image/svg+xml" in run.stdout


def test_stored_notebooks_are_small_enough_to_be_read_on_a_code_host():
    for lesson in LESSONS:
        size = len(json.dumps(notebook(lesson)))
        assert size < 600_000, f"{lesson} has {size} bytes"
