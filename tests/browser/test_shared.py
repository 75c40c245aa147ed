"""What all widgets share in the browser: the life of a view, messages to Python, the themes."""

import pytest
import traitlets

from bplib.widgets.base import Widget, module, style
from tests.browser.conftest import keeps_its_keys


class Asking(Widget):
    """A button that asks Python, and a line for the answer."""

    _esm = (
        module("view")
        + """
function build({ model, root, on, watch, whenResized, atEnd }) {
  const ask = button({}, "ask");
  const answer = paragraph(model.get("hint"));
  const message = messageFor(answer);
  root.append(ask, message.element, answer);
  on(ask, "click", () => model.send({ asked: model.get("hint") }));
  watch("msg:custom", ({ said }) => (answer.textContent = said));
  watch("change:data", () => message.say(model.get("data").message));
  whenResized(root, () => (root.measured = (root.measured ?? 0) + 1));
  atEnd(() => (root.ended = true));
}
export default { render: view("asking", build) };
"""
    )
    _css = style()
    hint = traitlets.Unicode().tag(sync=True)


@pytest.fixture
def asking(view):
    return view(Asking(hint="slope of x²"))


def test_a_view_starts_with_what_python_has_set(asking):
    assert asking.get_attribute("class") == "bplib-widget bplib-asking"
    assert asking.locator("p").last.inner_text() == "slope of x²"


def test_a_view_sends_messages_and_shows_the_answer(asking):
    asking.get_by_role("button").click()
    assert asking.evaluate("widget => widget.model.sent") == [{"asked": "slope of x²"}]
    asking.evaluate("widget => widget.model.receive({ said: '2x' })")
    assert asking.locator("p").last.inner_text() == "2x"


def test_a_message_takes_the_place_of_the_rest_and_gives_it_back(asking):
    say = "(widget, message) => widget.model.set('data', { message })"
    asking.evaluate(say, "x is NaN")
    assert asking.get_by_role("status").inner_text() == "x is NaN"
    assert not asking.get_by_text("slope").is_visible()
    asking.evaluate(say, "")
    assert asking.get_by_text("slope").is_visible()
    assert not asking.locator(".message").is_visible()


def test_nothing_of_a_view_outlives_it(asking):
    asking.evaluate("widget => widget.cleanUp()")
    asking.get_by_role("button").click()
    remains = "({ model, ended }) => [model.sent.length, model.listeners.size, ended]"
    assert asking.evaluate(remains) == [0, 0, True]
    measured = """async (widget) => {
        const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        await painted();
        const before = widget.measured;
        widget.style.width = "300px";
        await painted();
        return widget.measured === before;
    }"""
    assert asking.evaluate(measured)


def test_enter_and_space_press_a_button_and_jupyterlab_is_told_to_leave_the_keys(asking):
    button = asking.get_by_role("button")
    assert keeps_its_keys(button)
    button.press("Enter")
    button.press("Space")
    assert asking.evaluate("widget => widget.model.sent.length") == 2


@pytest.mark.parametrize(
    "dark",
    ["dataset.jpThemeLight = 'false'", "className = 'vscode-dark'", "dataset.theme = 'dark'"],
    ids=["JupyterLab", "VS Code", "a page of our own"],
)
def test_a_page_that_says_it_is_dark_gets_light_writing_on_dark_ground(asking, dark):
    colours = "widget => [getComputedStyle(widget).color, getComputedStyle(widget).backgroundColor]"
    asking.page.emulate_media(color_scheme="dark")  # what the reader's system prefers decides nothing here
    assert asking.evaluate(colours) == ["rgb(31, 35, 40)", "rgb(252, 252, 251)"]
    asking.page.evaluate(f"document.documentElement.{dark}")
    assert asking.evaluate(colours) == ["rgb(236, 239, 242)", "rgb(22, 25, 29)"]
