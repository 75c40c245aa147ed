"""The Stepper in a real JupyterLab: what a reader does with keys and mouse, and what the page then shows."""

import time

import nbformat
import pytest

CIRCUIT = """
import bplib as bp

def f(x, y, z):
    q = x + y
    return q * z

stepper = bp.Stepper(f, x=-2, y=5, z=-4)
stepper
"""


@pytest.fixture
def notebook(lab, tmp_path):
    """Open a notebook made of these cells, run it, and check at the end that the console stayed silent."""
    pages = []

    def open_and_run(*cells, **options):
        cells = [nbformat.v4.new_code_cell(source.strip()) for source in cells]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        contents = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(contents, tmp_path / "stepper.ipynb")
        page = lab.open(tmp_path / "stepper.ipynb", **options)
        pages.append(page)
        page.run_all()
        page.widget().wait_for()
        return page

    yield open_and_run
    for page in pages:
        page.close()
        assert page.errors == []


def texts(widget, role):
    """The numbers in the picture: "value" or "gradient"."""
    return [text for text in widget.locator(f"svg text.{role}").all_text_contents() if text]


def press(widget, button, times=1):
    for _ in range(times):
        widget.locator(f"button.{button}").click()


def eventually(holds, seconds=60):
    """For what arrives through the kernel: wait until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def test_a_slider_moves_by_the_arrow_keys_and_the_picture_and_python_follow(notebook):
    page = notebook(CIRCUIT)
    widget = page.widget()
    press(widget, "all")
    slider = widget.get_by_role("slider", name="z")
    slider.focus()
    for _ in range(20):
        page.page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) == pytest.approx(-3)
    widget.get_by_text("f = −9.00", exact=True).wait_for()
    assert texts(widget, "value")[-1] == "f = −9.00"
    assert texts(widget, "gradient")[:2] == ["−3.00", "−3.00"]
    eventually(lambda: page.python("print(round(stepper.trace.output, 6))") == "-9.0")


def test_letters_and_arrows_on_a_focused_part_do_not_reach_the_notebook(notebook):
    page = notebook(CIRCUIT)
    widget = page.widget()
    for part in ("input[type=range]", "button.forward", ".box.gate"):
        widget.locator(part).first.focus()
        page.page.keyboard.press("x")  # JupyterLab: cut the cell
    assert page.widget().is_visible()


def test_a_rule_of_your_own_is_computed_by_python_while_the_slider_moves(notebook):
    own = """
import bplib as bp

class Double:
    def forward(self, x):
        return 2 * x

    def backward(self, upstream, out, x):
        return (2 * upstream,)

bp.Stepper(lambda x: bp.apply(Double(), x) * x, x=3, step=-1)
"""
    widget = notebook(own).widget()
    widget.get_by_role("slider", name="x").fill("4")
    widget.get_by_text("= 32.00", exact=False).first.wait_for()
    assert texts(widget, "gradient")[0] == "16.00"


def test_a_function_that_branches_gets_the_graph_of_its_new_branch(notebook):
    branch = "import bplib as bp\nbp.Stepper(lambda x: x * x if x > 0 else x + 10, x=3, step=-1)"
    widget = notebook(branch).widget()
    assert widget.locator(".box.gate text").all_text_contents() == ["×"]
    widget.get_by_role("slider", name="x").fill("-3")
    widget.get_by_role("button", name="gate +10, value 7.00", exact=False).wait_for()


def test_setting_the_step_and_an_input_in_python_moves_the_picture(notebook):
    page = notebook(CIRCUIT)
    page.python("stepper.step = 5; stepper.inputs = stepper.inputs | {'z': 2}")
    page.widget().get_by_text("f = 6.00", exact=True).wait_for()
    assert page.widget().get_by_role("slider", name="z").input_value() == "2"
    assert page.widget().locator(".where").inner_text() == "backward 2 of 2"


def test_two_views_of_one_stepper_show_the_same(notebook):
    page = notebook(CIRCUIT, "stepper")
    press(page.widget(0), "forward", 3)
    assert texts(page.widget(1), "value") == texts(page.widget(0), "value")
    assert page.widget(1).locator(".where").inner_text() == "the first signal"


def test_the_widget_keeps_inside_its_notebook_in_both_themes(notebook):
    page = notebook(CIRCUIT)
    fits = "el => el.scrollWidth <= el.clientWidth && el.getBoundingClientRect().right <= innerWidth"
    for theme, width in [("light", 1280), ("dark", 800)]:
        page.set_theme(theme)
        page.page.set_viewport_size({"width": width, "height": 900})
        eventually(lambda: page.widget().evaluate(fits))  # JupyterLab lays out anew some time later


NETWORK = """
import bplib as bp
import numpy as np

def f(x, W, b, s):
    y = bp.affine(x, W, b)
    loss = (s * y * y).sum()
    return loss

stepper = bp.Stepper(f, x=np.ones((2, 3)), W=np.ones((3, 4)), b=np.ones(4), s=2.0, step=-1)
stepper
"""


def test_a_graph_of_arrays_opens_and_unfolds_through_the_kernel(notebook):
    page = notebook(NETWORK)
    widget = page.widget()
    widget.get_by_label("xW + b opened").check()
    widget.get_by_label("copy and repeat gates").check()
    widget.get_by_role("button", name="gate copy", exact=False).wait_for()
    assert widget.locator(".where").inner_text() == "backward 8 of 8"
    assert widget.get_by_role("button", name="gate repeat", exact=False).count() == 2  # b and s
    widget.get_by_role("slider", name="s", exact=True).fill("-3")
    widget.get_by_text("loss = −384.00", exact=True).wait_for()  # −3 · 8 · 4²
    followed = "['Affine', 'copies'] {'s': -3}"
    eventually(lambda: page.python("print(stepper.detail, stepper.inputs)") == followed)


LIVE = """
from comm import get_comm_manager
from ipywidgets.widgets import widget
print(len(widget._instances), len(get_comm_manager().comms))
"""


def test_running_a_cell_again_and_closing_leave_no_comm_behind(notebook):
    page = notebook(CIRCUIT)
    for _ in range(2):
        page.run_all()
        page.widget().wait_for()
    assert page.python(LIVE) == "2 2"  # the Stepper and its Layout
    assert page.page.locator(".bplib-widget").count() == 1
    page.python("stepper.close()")
    page.widget().wait_for(state="detached")
    assert page.python(LIVE) == "0 0"


def test_what_a_reader_has_set_survives_another_view(notebook):
    page = notebook(CIRCUIT, "stepper")
    first, second = page.widget(0), page.widget(1)
    first.get_by_label("all digits").check()
    first.get_by_role("slider", name="Step").fill("4")
    second.get_by_text("f = −12", exact=True).wait_for()
    assert second.get_by_label("all digits").is_checked()
    page.python("stepper.predict = True")
    second.get_by_label("What goes back to q").wait_for()


def test_what_a_reader_has_set_is_there_when_the_notebook_is_opened_again(notebook):
    page = notebook(CIRCUIT)
    page.widget().get_by_role("slider", name="Step").fill("4")
    page.widget().get_by_role("slider", name="z").fill("2")
    page.widget().get_by_label("all digits").check()
    eventually(
        lambda: page.python("print(stepper.step, stepper.inputs['z'], stepper.all_digits)") == "4 2 True"
    )
    page.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.page.reload()
    page.widget().get_by_text("f = 6", exact=True).wait_for()
    assert page.widget().locator(".where").inner_text() == "backward 1 of 2"
    assert page.widget().get_by_label("all digits").is_checked()
