"""Every widget in one JupyterLab notebook: opened, used by mouse and keyboard, read by its names, closed."""

import inspect
from ast import literal_eval

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from bplib import widgets
from bplib.widgets.base import Widget

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
}
IMPORTS = "import numpy as np\nimport bplib as bp"

# The role and the name of every control that a reader can reach; a screen reader says them.
CONTROLS = """widget => [...widget.querySelectorAll(
    "button, input, select, summary, [tabindex='0'], [role='button'], [role='gridcell'][tabindex]"
)].filter(e => e.checkVisibility()).map(e => [
    e.tagName,
    e.getAttribute("aria-label") || [...(e.labels ?? [])].map(l => l.textContent).join(" ") || e.textContent,
])"""


@pytest.fixture(scope="module")
def notebook(lab, tmp_path_factory):
    """All widgets and one more Stepper: ten alive at once."""
    path = tmp_path_factory.mktemp("widgets") / "every_widget.ipynb"
    sources = [IMPORTS, *CELLS.values(), CELLS["Stepper"]]
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
    classes = [
        name for name, each in vars(widgets).items() if inspect.isclass(each) and issubclass(each, Widget)
    ]
    assert sorted(set(classes) - {"Widget"}) == sorted(CELLS)


def test_ten_live_widgets_stand_in_one_notebook(notebook):
    notebook.page.wait_for_function("document.querySelectorAll('.bplib-widget').length === 10")
    for name in CELLS:
        assert widget_of(notebook, name).is_visible(), name


@pytest.mark.parametrize("name", CELLS)
def test_every_control_has_a_name(notebook, name):
    controls = widget_of(notebook, name).evaluate(CONTROLS)
    assert len(controls) >= 3
    assert [tag for tag, spoken in controls if not spoken.strip()] == []


@pytest.mark.parametrize("name", CELLS)
def test_the_mouse_and_the_keyboard_change_what_a_widget_shows(notebook, name):
    widget = widget_of(notebook, name)
    shown = [look(widget)]
    TOUCH.get(name, press_a_button)(widget)
    notebook.page.wait_for_function(
        "([widget, before]) => widget.innerHTML !== before", arg=[widget.element_handle(), shown[0]]
    )
    shown.append(look(widget))
    keys = widget.locator("input[type=range]:visible:not(:disabled)").first
    keys.focus()
    for key in (
        "ArrowLeft",
        "ArrowLeft",
        "ArrowRight",
        "x",
        "ArrowLeft",
    ):  # x is JupyterLab's key to cut a cell
        notebook.page.keyboard.press(key)
    notebook.page.wait_for_timeout(300)
    assert look(widget) != shown[1], "nothing moved"
    assert notebook.page.locator(".bplib-widget").count() == 10


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
    for number in range(1, 9):  # all but the training, which begins anew
        notebook.page.locator(".jp-CodeCell").nth(number).click(position={"x": 200, "y": 15})
        ran = "window.jupyterapp.commands.execute('notebook:run-cell')"
        assert notebook.page.evaluate(ran) is not False
        notebook.page.wait_for_function("document.querySelectorAll('.bplib-widget').length === 10")
        state = literal_eval(notebook.python(f"print({STATE})"))
        assert len(state) == 10
    assert sorted(map(str, state.values())) == sorted(map(str, before.values()))
    assert len(state.keys() - before.keys()) == 8


def test_a_cell_with_other_numbers_begins_as_it_says(notebook):
    code = "get_ipython().parent_header['metadata'] = {'cellId': 'one'}; "
    made = "bp.BranchSplitter(lambda a, b: (a + b) * b, a=2, b=%d)"
    assert notebook.python(code + f"w = {made % 3}; w.overwrite = True; print(w.overwrite)") == "True"
    assert notebook.python(code + f"w = {made % 3}; print(w.overwrite)") == "True"
    assert notebook.python(code + f"w = {made % 4}; print(w.overwrite)") == "False"


def test_closed_widgets_leave_the_kernel(notebook):
    notebook.python(f"for widget in {OURS}: widget.close()")
    assert comms(notebook) == 0
