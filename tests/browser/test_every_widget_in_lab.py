"""Every widget in one JupyterLab notebook: opened, used by mouse and keyboard, read by its names, closed."""

from ast import literal_eval

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.browser.conftest import NOTEBOOK
from tests.widgets.catalogue import WIDGETS

# A cell for each widget: its line is all that a new one needs here.
CELLS = {
    "Stepper": "bp.Stepper(lambda x, y, z: (x + y) * z, x=-2, y=5, z=-4)",
    "Nudge": "bp.Nudge(lambda x: bp.sigmoid(x), x=1.0)",
    "Playground": "bp.Playground('multiply')",
    "BranchSplitter": "bp.BranchSplitter(lambda a, b: (a + b) * (b + 1), a=2, b=1)",
    "JacobianExplorer": "bp.JacobianExplorer(bp.softmax, np.array([1.0, 2.0, 3.0]))",
    "MatrixBackprop": "bp.MatrixBackprop(np.eye(2, 3), np.ones((3, 4)), np.ones((2, 4)), b=np.zeros(4))",
    "SoftmaxLoss": "bp.SoftmaxLoss()",
    "MLPWalker": "bp.MLPWalker()",
    "TrainingView": "bp.TrainingView(bp.MLP((2, 8, 2)), *bp.moons()[:2])",
    "DeepSignals": "bp.DeepSignals('tanh')",
    "Symptoms": "bp.Symptoms({k: dict.fromkeys(('five', 'loss', 'accuracy', 'new', 'W1', 'W2'), [0.9, 0.5])"
    " | {'first': 2.3, 'ln C': 2.3} for k in ('sound', 'ill')})",
    "SlidingKernel": "bp.SlidingKernel(np.eye(4), np.ones((2, 3)))",
    "AttentionRows": "bp.AttentionRows(np.eye(3), np.eye(3), np.ones((3, 2)), causal=True)",
}
IMPORTS = "import numpy as np\nimport bplib as bp"
CARD = """from bplib.check.report import Finding, Report
Report("The slope of x²", (Finding("dx", False, "not so"),), "Nudge it in your head.")"""
ALIVE = len(CELLS) + 1
ALL_ALIVE = f"document.querySelectorAll('.bplib-widget').length === {ALIVE}"

# What the Tab key can reach: the tag, the name, which a screen reader says, and whether it keeps its keys
# when it has the focus.
CONTROLS = """widget => [...widget.querySelectorAll("*")].filter(
    e => e.tabIndex >= 0 && e.checkVisibility()
).map(e => (e.focus(), [
    e.tagName,
    e.getAttribute("aria-label") || [...(e.labels ?? [])].map(l => l.textContent).join(" ") || e.textContent,
    "lmSuppressShortcuts" in e.dataset,
]))"""


@pytest.fixture(scope="module")
def notebook(lab, tmp_path_factory):
    """All widgets and one more Stepper alive at once: ALIVE."""
    path = tmp_path_factory.mktemp("widgets") / "every_widget.ipynb"
    sources = [IMPORTS, *CELLS.values(), CELLS["Stepper"], CARD]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources], metadata=kernel), path)
    page = lab.open(path)
    page.run_all()
    yield page
    errors = page.errors
    page.close()
    assert errors == []


def widget_of(notebook, name):
    widget = notebook.widget(list(CELLS).index(name))
    widget.scroll_into_view_if_needed()
    return widget


def comms(notebook):
    """How many widgets of ours the kernel holds."""
    return int(notebook.python(f"print(len({OURS}))"))


OURS = (
    "[w for w in list(__import__('ipywidgets').widgets.widget._instances.values())"
    " if type(w).__module__.startswith('bplib.')]"
)


def test_no_widget_of_the_package_is_left_out():
    assert sorted(CELLS) == sorted(WIDGETS)


def test_ten_live_widgets_stand_in_one_notebook(notebook):
    assert ALIVE >= 10
    notebook.page.wait_for_function(ALL_ALIVE)
    for name in CELLS:
        assert widget_of(notebook, name).is_visible(), name


@pytest.mark.parametrize("name", CELLS)
def test_every_control_has_a_name_and_keeps_its_keys(notebook, name):
    controls = widget_of(notebook, name).evaluate(CONTROLS)
    assert len(controls) >= 3
    assert [tag for tag, spoken, _ in controls if not spoken.strip()] == []
    assert [spoken for _, spoken, keeps_its_keys in controls if not keeps_its_keys] == []


@pytest.mark.parametrize("name", CELLS)
def test_enter_sends_every_form(notebook, name):
    widget = widget_of(notebook, name)
    widget.evaluate("w => (w.sent = 0, w.addEventListener('submit', () => (w.sent += 1)))")
    fields = widget.locator("form input").locator("visible=true").all()
    for field in fields:
        field.focus()
        notebook.page.keyboard.press("Enter")
    assert widget.evaluate("w => w.sent") == len(fields)


def test_a_guess_is_judged_by_enter_and_its_words_go_with_its_numbers(notebook):
    widget = widget_of(notebook, "Stepper")
    widget.get_by_label("guess each gradient first").check()
    forward = widget.get_by_role("button", name="One step forward")
    for _ in range(4):
        forward.click()
    field, said = widget.get_by_role("textbox"), widget.locator(".quiz [role=status]")
    judged = []
    for change in (
        lambda: field.press("5"),
        lambda: widget.get_by_role("slider", name="x").press("ArrowRight"),
    ):
        field.fill("77")
        field.press("Enter")
        judged.append(said.inner_text())
        change()
        assert said.inner_text() == ""
    assert all(words.startswith("Not yet") for words in judged)
    widget.get_by_label("guess each gradient first").uncheck()


def test_no_key_typed_on_a_widget_or_a_card_reaches_jupyterlab(notebook):
    cells = f"{NOTEBOOK}.content.widgets.length"
    before = notebook.page.evaluate(cells)
    hint = notebook.page.locator(".bplib-card summary")
    on_widgets = notebook.page.locator(".bplib-widget").locator("button, [tabindex='0'], summary")
    for element in [hint, *on_widgets.locator("visible=true").all()]:
        element.focus()
        for key in "xb":
            notebook.page.keyboard.press(key)
    assert notebook.page.evaluate(cells) == before
    hint.press("Enter")
    assert notebook.page.locator(".bplib-card li", has_text="Nudge it in your head.").is_visible()


def moved(notebook, widget, before):
    """Wait until a widget looks another way than before."""
    changed = "([widget, before]) => widget.innerHTML !== before"
    notebook.page.wait_for_function(changed, arg=[widget.element_handle(), before])


@pytest.mark.parametrize("name", CELLS)
def test_the_mouse_and_the_keyboard_change_what_a_widget_shows(notebook, name):
    widget = widget_of(notebook, name)
    shown = [look(widget)]
    TOUCH.get(name, press_a_button)(widget)
    moved(notebook, widget, shown[0])
    shown.append(look(widget))
    control, keys = with_keys(widget)
    control.focus()
    for key in keys:
        notebook.page.keyboard.press(key)
    moved(notebook, widget, shown[1])
    assert notebook.page.locator(".bplib-widget").count() == ALIVE


def with_keys(widget):
    """What to focus, and the keys that must change it; x is JupyterLab's key to cut a cell."""
    sliders = widget.locator("input[type=range]:visible:not(:disabled)")
    if sliders.count():
        return sliders.first, ("ArrowLeft", "ArrowLeft", "ArrowRight", "x", "ArrowLeft")
    return widget.locator("button:visible:not([aria-disabled=true])").last, ("x", "Enter")


def press_a_button(widget):
    widget.locator("button:visible:not([aria-disabled=true]):not([aria-pressed=true])").last.click()


TOUCH = {
    "Playground": lambda widget: widget.get_by_role("combobox").select_option("add"),
    "MatrixBackprop": lambda widget: widget.get_by_role("gridcell").nth(4).click(),
    "SoftmaxLoss": lambda widget: widget.get_by_role("radio").last.click(),
}


def look(widget):
    """What a reader sees and hears of it."""
    return widget.evaluate(
        "w => w.innerHTML + [...w.querySelectorAll('input')].map(i => [i.value, i.checked])"
    )


STATE = f"{{w.comm.comm_id: [getattr(w, name) for name in w.remembers] for w in {OURS}}}"


def test_a_cell_that_runs_again_leaves_no_second_widget_behind_and_keeps_what_the_reader_has_set(notebook):
    before = state = literal_eval(notebook.python(f"print({STATE})"))
    goes_on = [number for number, name in enumerate(CELLS, 1) if WIDGETS[name].remembers]  # no training does
    for number in goes_on:
        notebook.page.locator(".jp-CodeCell").nth(number).click(position={"x": 200, "y": 15})
        ran = "window.jupyterapp.commands.execute('notebook:run-cell')"
        assert notebook.page.evaluate(ran) is not False
        notebook.page.wait_for_function(ALL_ALIVE)
        state = literal_eval(notebook.python(f"print({STATE})"))
        assert len(state) == ALIVE
    assert sorted(map(str, state.values())) == sorted(map(str, before.values()))
    assert len(state.keys() - before.keys()) == len(goes_on) >= 8


def test_a_cell_with_other_numbers_begins_as_it_says(notebook):
    code = "get_ipython().parent_header['metadata'] = {'cellId': 'one'}; "
    made = "bp.BranchSplitter(lambda a, b: (a + b) * b, a=2, b=%d)"
    assert notebook.python(code + f"w = {made % 3}; w.overwrite = True; print(w.overwrite)") == "True"
    assert notebook.python(code + f"w = {made % 3}; print(w.overwrite)") == "True"
    assert notebook.python(code + f"w = {made % 4}; print(w.overwrite)") == "False"


def test_closed_widgets_leave_the_kernel(notebook):
    notebook.python(f"for widget in {OURS}: widget.close()")
    assert comms(notebook) == 0
