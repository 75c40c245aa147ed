"""The TrainingView on a plain page, with Python at the other end of the line."""

import base64
import json

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.training import TrainingView

HEAR = """(widget, messages) => {
    const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    for (const [content, buffers] of messages) widget.model.receive(content, buffers.map(bytes));
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


class Conversation:
    """Brings what a view on a page asks to its widget, and what the widget tells back to the view."""

    def __init__(self, widget, page_view):
        self.widget, self.view, self.told, self.heard = widget, page_view, [], 0
        widget.send = lambda content, buffers: self.told.append([content, [_text(b) for b in buffers]])
        self.go_on()

    def go_on(self):
        wishes = self.view.evaluate("widget => widget.model.sent")
        for wish in wishes[self.heard :]:
            if isinstance(wish["do"], int):
                self.widget.take(wish["do"])
            else:
                self.widget._asked(None, wish, [])
        self.heard = len(wishes)
        self.tell()

    def tell(self):
        self.view.evaluate(HEAR, self.told)
        self.told.clear()


def _text(data):
    return base64.b64encode(data).decode()


@pytest.fixture
def watching(view):
    """moons(), a small network, and a page that shows how it learns."""
    x, t = bp.moons(60, rng=1)
    net = bp.MLP((2, 6, 2), rng=2)
    widget = TrainingView(net, x, t, validation=bp.moons(20, rng=3), batch_size=20)
    return Conversation(widget, view(widget))


def press(talk, name):
    talk.view.get_by_role("button", name=name).click()
    talk.go_on()


def test_a_view_opens_with_the_numbers_before_the_first_step(watching):
    view, training = watching.view, watching.widget.training
    assert view.locator(".where").inner_text() == "step 0, epoch 0.0"
    assert f"training {training.epochs[0][1]:.2f}" in view.locator("figcaption", has_text="loss").inner_text()
    assert view.get_by_role("slider", name="learning rate").get_attribute("aria-valuetext") == "0.50"


def test_who_waits_for_a_python_that_is_gone_is_told_so_until_it_answers(view):
    widget = TrainingView(bp.MLP((2, 6, 2), rng=2), *bp.moons(60, rng=1))
    shown = view(widget)
    shown.get_by_text("run its cell again").wait_for()
    Conversation(widget, shown)
    shown.get_by_text("run its cell again").wait_for(state="hidden")


def test_one_step_and_one_epoch_go_as_far_as_they_say(watching):
    press(watching, "One step")
    assert watching.view.locator(".where").inner_text() == "step 1, epoch 0.3"
    press(watching, "One epoch")
    assert watching.view.locator(".where").inner_text() == "step 3, epoch 1.0"
    sizes = watching.view.locator("figcaption", has_text="size of the gradients").inner_text()
    assert f"W1 {watching.widget.training.norms[-1][0]:.2f}" in sizes.replace("\n", " ")


def test_the_charts_say_their_numbers_to_those_who_do_not_see_them(watching):
    press(watching, "One epoch")
    _, loss, accuracy, held_out, _ = watching.widget.training.epochs[-1]
    names = [image.get_attribute("aria-label") for image in watching.view.get_by_role("img").all()]
    assert f"loss over 3 steps, training {loss:.2f}, validation {held_out:.2f}" in names
    assert any(f"accuracy: training {accuracy:.2f}" in name for name in names)


def test_begin_again_takes_the_curves_back(watching):
    press(watching, "One epoch")
    press(watching, "Begin again")
    assert watching.view.locator(".where").inner_text() == "step 0, epoch 0.0"


def test_play_becomes_pause_and_closing_the_view_pauses(watching):
    view = watching.view
    view.get_by_role("button", name="Play").click()
    view.evaluate("widget => widget.model.set('playing', true)")
    assert view.get_by_role("button", name="Pause").is_visible()
    view.evaluate("widget => widget.cleanUp()")
    assert view.evaluate("({ model }) => [model.sent.at(-1), model.listeners.size]") == [{"do": "pause"}, 0]


def test_the_learning_rate_is_on_a_scale_of_powers_of_ten(watching):
    slider = watching.view.get_by_role("slider", name="learning rate")
    slider.fill("-2")
    assert watching.view.evaluate("({ model }) => model.get('lr')") == 0.01
    assert slider.get_attribute("aria-valuetext") == "0.010"


def test_a_choice_reaches_the_model(watching):
    watching.view.get_by_label("weights begin").select_option("zeros")
    watching.view.get_by_label("what the histogram shows").select_option("output of Relu1")
    state = "({ model }) => [model.get('initialise'), model.get('shown')]"
    assert watching.view.evaluate(state) == ["zeros", "output of Relu1"]


def test_what_was_missed_is_asked_for_again(watching):
    watching.widget.take(2)
    watching.told.clear()
    watching.widget.take(1)
    watching.tell()
    assert watching.view.evaluate("({ model }) => model.sent.at(-1)") == {"do": "all"}
    watching.go_on()
    assert watching.view.locator(".where").inner_text() == "step 3, epoch 1.0"


def test_a_loss_that_ran_away_is_told_and_only_beginning_again_helps(watching):
    watching.view.evaluate("widget => widget.model.set('notice', 'train: the loss is nan at step 3')")
    assert "the loss is nan" in watching.view.locator(".message:visible").inner_text()
    assert watching.view.get_by_role("button", name="Play").get_attribute("aria-disabled") == "true"
    assert watching.view.get_by_role("button", name="Begin again").get_attribute("aria-disabled") is None


def test_the_plane_is_painted_in_the_classes_that_the_network_sees(watching):
    watching.widget.take(200)
    watching.go_on()
    seen = watching.view.locator("canvas").evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 48, 48).data]"
    )
    reds = np.reshape(seen, (48, 48, 4))[..., 0]
    corner = watching.widget.training.net.predict(np.array([[-1.0, 1.0], [2.0, -0.5]])).argmax(axis=1)
    assert corner.tolist() == [0, 1]
    assert reds[0, 0] > reds[-1, -1]  # class 0 is gold, class 1 indigo


def test_images_are_shown_with_what_they_are_read_as(view):
    t = np.arange(40) % 4
    x = np.eye(16)[t]
    widget = TrainingView(bp.MLP((16, 8, 4), rng=1), x, t)
    talk = Conversation(widget, view(widget))
    widget.take(100)
    talk.go_on()
    said = talk.view.locator(".images li").all_inner_texts()
    assert [text.strip()[0] for text in said] == ["0", "1", "2", "3"]
    assert talk.view.locator(".images .value").count() == 4


def test_wrong_samples_are_named_in_place_of_everything(view):
    widget = TrainingView(bp.MLP((2, 3, 2)), np.ones((4, 3)), np.zeros(4, int))
    shown = view(widget)
    assert "got x (4, 3), W (2, 3)" in shown.get_by_role("status").inner_text()
    assert shown.get_by_role("button").count() == 0


CELL = """from bplib.widgets.training import TrainingView
import bplib as bp
x, t = bp.spirals(300)
view = TrainingView(bp.MLP((2, 32, 32, 3)), x, t)
view"""


@pytest.fixture
def training_in_lab(lab, tmp_path):
    cell = {
        "cell_type": "code",
        "source": CELL,
        "id": "a",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    notebook = {"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "training.ipynb").write_text(json.dumps(notebook))
    page = lab.open(tmp_path / "training.ipynb")
    page.run_all()
    yield page
    page.close()


def test_the_notebook_stays_free_while_it_plays(training_in_lab):
    page, widget = training_in_lab, training_in_lab.widget()
    steps = "print(view.training.step)"
    widget.get_by_role("button", name="Play").click()
    widget.get_by_role("button", name="Pause").wait_for()
    first, second = int(page.python(steps)), int(page.python(steps))
    assert first < second
    page.page.wait_for_function("document.querySelector('.where').textContent !== 'step 0, epoch 0.0'")
    widget.get_by_role("button", name="Pause").click()
    widget.get_by_role("button", name="Play").wait_for()
    assert int(page.python(steps)) == int(page.python(steps)) > second
    assert page.errors == []
