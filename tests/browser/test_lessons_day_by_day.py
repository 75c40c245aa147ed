"""A lesson is opened, and what waits for the reader is not seen; it is run, saved and closed.

Opened again with a new kernel, it has all widgets, and they move.
"""

import json
import sys
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import TimeoutError

from tests.lessons.answers import hides

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb"))
SETTINGS = Path(sys.prefix, "share/jupyter/lab/settings/overrides.d/bplib.json")
NEEDS_PYTHON = "bplib-training"

LOOK = "w => w.innerHTML + [...w.querySelectorAll('input')].map((i) => [i.value, i.checked])"
PRESS = "button:visible:not([aria-disabled=true]):not([aria-pressed=true])"

SHOW = """async (number) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    await notebook.scrollToItem(number);
    return notebook.widgets[number].node;
}"""
ALL_THERE = "(count) => window.jupyterapp.shell.currentWidget.content.widgets.length === count"
SEEN = """(cell, parts) => [...cell.querySelectorAll(parts)]
    .filter((part) => part.checkVisibility({ contentVisibilityAuto: false })).map((part) => part.innerText)"""

OPEN = f"(cell) => ({SEEN})(cell, '.jp-OutputArea-output').length > 0"
WIDGETS = """() => [...window.jupyterapp.shell.currentWidget.model.cells]
    .flatMap((cell) => cell.toJSON().outputs ?? [])
    .filter((output) => output.data?.["application/vnd.jupyter.widget-view+json"]).length"""
DRAWN = "(count) => document.querySelectorAll('.bplib-widget').length === count"


@pytest.fixture(scope="module", autouse=True)
def installed():
    """The settings come with the installation of the course: an older one has none."""
    if not SETTINGS.exists():
        pytest.fail(
            "JupyterLab's settings are not installed: python -m pip install --editable .", pytrace=False
        )


def press_a_button(widget):
    widget.locator(PRESS).last.click()


# What a reader does with the first widget of a lesson, if it is not pressing its last button.
ACTION = {
    "02_gate_patterns": lambda widget: widget.get_by_role("combobox").select_option("add"),
    "03_vector_jacobians": lambda widget: widget.get_by_role("rowheader", name="y[1]").click(),
    "04_affine_batch": lambda widget: widget.get_by_role("gridcell").nth(4).click(),
    "07_train_and_check": lambda widget: widget.get_by_role("button", name="One step back").click(),
}


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request):
    return request.param


@pytest.fixture(scope="module")
def opened(lab, lesson):
    """A lesson as it is opened, on its first day."""
    page = lab.open(f"notebooks/{lesson}.ipynb")
    yield page
    if not page.page.is_closed():
        page.close()


@pytest.fixture(scope="module")
def cells(lesson):
    return nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", 4).cells


def cell_in_lab(page, number):
    node = page.page.evaluate_handle(SHOW, number).as_element()
    node.wait_for_element_state("visible")
    return node


def seen(node, selector):
    """The texts of what can be seen of the parts of a cell."""
    return node.evaluate(SEEN, selector)


def waiting(cells):
    """The numbers of the cells whose outputs wait until they are run."""
    return [number for number, cell in enumerate(cells) if hides(cell, "outputs_hidden")]


def test_an_opened_lesson_shows_no_output_no_code_and_no_text_that_waits(opened, lesson, cells):
    assert waiting(cells) or lesson == "00_start_here"
    opened.page.wait_for_function(ALL_THERE, arg=len(cells))
    for number in waiting(cells):
        cell = cell_in_lab(opened, number)
        assert seen(cell, ".jp-OutputArea-output") == []
        assert "".join(seen(cell, ".jp-OutputPlaceholder")).strip() == ""
        if hides(cells[number], "source_hidden"):
            assert seen(cell, ".jp-InputArea-editor") == []
    for number, cell in enumerate(cells):
        if cell.source.startswith("<details>"):
            node = cell_in_lab(opened, number)
            node.wait_for_selector("details", state="attached")
            assert seen(node, "details > :not(summary)") == []


def test_a_lesson_runs_what_waited_opens_its_first_widget_answers_and_all_are_back_the_next_day(
    opened, lab, lesson, cells
):
    page = opened
    page.run_all()
    for number in (each for each in waiting(cells) if cells[each].outputs):
        page.page.wait_for_function(OPEN, arg=cell_in_lab(page, number))
    shown = page.page.evaluate(WIDGETS)
    page.page.wait_for_function(DRAWN, arg=shown)
    answers(page, lesson)
    page.page.wait_for_timeout(1000)  # what a view reports on its own
    page.save()
    assert (page.errors, shown > 0) == ([], True)
    page.close()

    page = lab.open_again(page)
    page.rest()
    page.page.wait_for_timeout(2000)  # the outputs are drawn once more when the kernel is there
    for number in range(len(cells)):
        cell_in_lab(page, number)  # what is far below is drawn when one scrolls to it
    page.page.wait_for_function(DRAWN, arg=shown, timeout=180_000)  # however busy the machine is
    assert page.page.get_by_text("model not found").count() == 0
    for widget in page.page.locator(".bplib-widget").all():
        widget.scroll_into_view_if_needed()
        if NEEDS_PYTHON in widget.get_attribute("class"):
            widget.get_by_text("run its cell again").wait_for()
        else:
            moves(page, widget)
    errors = page.errors
    page.close()
    assert errors == []


def answers(page, lesson):
    """The first widget changes when a reader acts on it."""
    widget = page.widget()
    widget.scroll_into_view_if_needed()
    before = widget.inner_html()
    ACTION.get(lesson, press_a_button)(widget)
    changed = "([widget, before]) => widget.innerHTML !== before"
    page.page.wait_for_function(changed, arg=[widget.element_handle(), before])


def moves(page, widget, tries=5):
    """A control, the first slider or else a button, changes what the widget shows.

    A widget that is drawn anew in between, since its kernel has just arrived, is asked again.
    """
    before = widget.evaluate(LOOK)
    sliders = widget.locator("input[type=range]:visible:not(:disabled)")
    if sliders.count():
        for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowLeft"):
            sliders.first.press(key)
    else:
        press_a_button(widget)
    try:
        changed = f"([w, before]) => ({LOOK})(w) !== before"
        page.page.wait_for_function(changed, arg=[widget.element_handle(), before], timeout=20_000)
    except TimeoutError:
        if tries == 1:
            raise
        moves(page, widget, tries - 1)


def test_the_settings_are_those_of_the_course():
    ours = Path(__file__).parents[2] / "bplib/course/lab/settings.json"
    assert json.loads(SETTINGS.read_text("utf-8")) == json.loads(ours.read_text("utf-8"))
