"""The Stepper in a real JupyterLab: what a reader does with keys and mouse, and what the page then shows."""

import base64
import time

import nbformat
import pytest

from bplib import record
from bplib.widgets import Stepper, stepper_data

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
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), tmp_path / "t.ipynb")
        page = lab.open(tmp_path / "t.ipynb", **options)
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
    return [text for text in widget.locator(f"svg text.{role}").all_inner_texts() if text]


def press(widget, button, times=1):
    for _ in range(times):
        widget.locator(f"button.{button}").click()


def eventually(holds, seconds=5):
    """For what arrives through the kernel: wait until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.1)


def test_a_gate_that_has_not_run_shows_no_number(notebook):
    widget = notebook(CIRCUIT).widget()
    assert texts(widget, "value") == ["−2.00", "5.00", "q = ?", "−4.00", "f = ?"]
    assert texts(widget, "gradient") == []
    assert widget.get_by_role("button", name="gate ×, not run yet").count() == 1


def test_stepping_shows_upstream_times_local_with_its_numbers(notebook):
    widget = notebook(CIRCUIT).widget()
    press(widget, "forward", 2)
    assert texts(widget, "value") == ["−2.00", "5.00", "q = 3.00", "−4.00", "f = −12.00"]
    press(widget, "forward", 2)
    words = widget.locator(".words").inner_text()
    assert "to q: upstream 1.00 × local −4.00 = downstream −4.00" in words
    assert "to z: upstream 1.00 × local 3.00 = downstream 3.00" in words
    press(widget, "forward")
    assert texts(widget, "gradient") == ["−4.00", "−4.00", "−4.00", "3.00", "1.00"]
    press(widget, "back")
    assert texts(widget, "gradient") == ["−4.00", "3.00", "1.00"]


def test_a_slider_moves_by_the_arrow_keys_and_the_picture_and_python_follow(notebook):
    page = notebook(CIRCUIT)
    widget = page.widget()
    press(widget, "all")
    slider = widget.get_by_role("slider", name="z")
    slider.focus()
    for _ in range(10):
        page.page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) == pytest.approx(-3)
    assert texts(widget, "value")[-1] == "f = −9.00"
    assert texts(widget, "gradient")[:2] == ["−3.00", "−3.00"]
    eventually(lambda: page.python("print(round(stepper.trace.output, 6))") == "-9.0")


def test_letters_and_arrows_on_a_focused_part_do_not_reach_the_notebook(notebook):
    page = notebook(CIRCUIT)
    widget = page.widget()
    parts = [widget.get_by_role("slider").first, widget.locator("button.forward"), widget.locator(".box.gate").first]
    for part in parts:
        part.focus()
        page.page.keyboard.press("x")  # JupyterLab: cut the cell
    assert page.widget().is_visible()


def test_the_tab_key_visits_sliders_then_buttons_then_boxes(notebook):
    page = notebook(CIRCUIT)
    page.widget().get_by_role("slider").first.focus()
    order = []
    for _ in range(13):
        order.append(page.page.evaluate("document.activeElement.tagName.toLowerCase()"))
        page.page.keyboard.press("Tab")
    assert order == ["input"] * 3 + ["button"] * 5 + ["g"] * 5


def test_a_value_with_two_users_collects_their_gradients(notebook):
    shared = "import bplib as bp\nbp.Stepper(lambda a, b: (a + b) * (b + 1), a=2, b=1)"
    widget = notebook(shared).widget()
    press(widget, "forward", 6)
    assert any(text.endswith(" + ?") for text in texts(widget, "gradient"))
    assert "the rest is still to come" in widget.locator(".words").inner_text()
    press(widget, "forward")
    assert "2.00 + 3.00 = 5.00" in widget.locator(".words").inner_text().replace("3.00 + 2.00", "2.00 + 3.00")


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
    widget.get_by_role("slider").fill("4")
    widget.get_by_text("= 32.00", exact=False).first.wait_for()
    assert texts(widget, "gradient")[0] == "16.00"


def test_a_function_that_branches_gets_the_graph_of_its_new_branch(notebook):
    branch = "import bplib as bp\nbp.Stepper(lambda x: x * x if x > 0 else x + 10, x=3, step=-1)"
    widget = notebook(branch).widget()
    assert widget.locator(".box.gate text").all_inner_texts() == ["×"]
    widget.get_by_role("slider").fill("-3")
    widget.get_by_role("button", name="gate +10, value 7.00", exact=False).wait_for()


def test_what_cannot_be_shown_is_said_in_its_place_and_the_slider_leads_back(notebook):
    widget = notebook("import bplib as bp\nbp.Stepper(lambda x: bp.log(x), x=1, step=-1)").widget()
    slider = widget.get_by_role("slider")
    slider.fill("-1")
    assert "nothing has a gradient there" in widget.locator(".message").inner_text()
    assert not widget.locator(".picture").is_visible()
    slider.fill("2")
    widget.locator(".picture").wait_for()


def test_play_runs_to_the_end_and_is_silent_for_a_screen_reader(notebook):
    widget = notebook(CIRCUIT).widget()
    press(widget, "play")
    assert widget.get_by_role("button", name="Pause").is_visible()
    widget.get_by_text("forward 1 of 2").wait_for()
    assert widget.locator(".words").get_attribute("aria-live") == "off"
    widget.get_by_text("backward 2 of 2").wait_for(timeout=15_000)
    widget.get_by_role("button", name="Play").wait_for()


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


def test_a_closed_view_stops_listening(chromium):
    """render() with a model of our own, which counts who listens to it."""
    page = chromium.new_page()
    text = base64.b64encode(Stepper._esm.encode()).decode()
    data = stepper_data(record(lambda x: x * x, x=3.0))
    left = page.evaluate(WITH_A_COUNTING_MODEL, [f"data:text/javascript;base64,{text}", data])
    assert left == {"before": 3, "after": 0, "step": 1}
    page.close()


WITH_A_COUNTING_MODEL = """async ([url, data]) => {
    const { render } = (await import(url)).default;
    const state = { data, inputs: { x: 3 }, step: 0 };
    const listeners = new Set();
    const model = {
        get: (name) => state[name],
        set: (name, value) => { state[name] = value; for (const [event, f] of listeners) if (event === `change:${name}`) f(); },
        on: (event, f) => listeners.add([event, f]),
        off: (event, f) => listeners.forEach((pair) => pair[0] === event && pair[1] === f && listeners.delete(pair)),
        save_changes() {},
    };
    const cleanUp = render({ model, el: document.body });
    const before = listeners.size;
    const [play, forward] = ["play", "forward"].map((name) => document.querySelector(`button.${name}`));
    forward.click();
    play.click();
    cleanUp();
    forward.click();
    await new Promise((resolve) => setTimeout(resolve, 1600));  // longer than one step of a playing view
    return { before, after: listeners.size, step: state.step };
}"""


@pytest.mark.parametrize("width", [800, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_never_scrolls_sideways(notebook, theme, width):
    page = notebook(CIRCUIT, theme=theme, width=width)
    fits = "widget => widget.scrollWidth <= widget.clientWidth && widget.getBoundingClientRect().right <= innerWidth"
    assert page.widget().evaluate(fits)
