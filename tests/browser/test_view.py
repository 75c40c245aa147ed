"""One view of a Stepper on a plain page: what it shows after which step, and how it is spoken and left."""

import numpy as np
import pytest

import bplib as bp


def circuit(x, y, z):
    q = x + y
    f = q * z
    return f


@pytest.fixture
def stepping(view):
    return view(circuit, x=-2, y=5, z=-4)


def texts(widget, role):
    """The numbers in the picture: "value" or "gradient"."""
    return [text for text in widget.locator(f"svg text.{role}").all_text_contents() if text]


def press(widget, button, times=1):
    for _ in range(times):
        widget.locator(f"button.{button}").click()


def words(widget):
    return widget.locator(".words").inner_text()


def test_a_gate_that_has_not_run_shows_no_number(stepping):
    assert texts(stepping, "value") == ["−2.00", "5.00", "−4.00", "q = ?", "f = ?"]
    assert texts(stepping, "gradient") == []
    assert stepping.get_by_role("button", name="gate ×, not run yet").count() == 1


def test_the_local_derivatives_are_told_as_soon_as_a_gate_has_run(stepping):
    press(stepping, "forward", 2)
    assert texts(stepping, "value") == ["−2.00", "5.00", "−4.00", "q = 3.00", "f = −12.00"]
    assert words(stepping) == (
        "× of q = 3.00 and z = −4.00 gives f = −12.00\n\nIts local derivatives: −4.00 for q, 3.00 for z."
    )


def test_a_gate_running_backward_shows_upstream_times_local_with_its_numbers(stepping):
    press(stepping, "forward", 4)
    assert "to q: upstream 1.00 × local −4.00 = downstream −4.00" in words(stepping)
    assert "to z: upstream 1.00 × local 3.00 = downstream 3.00" in words(stepping)
    assert texts(stepping, "gradient") == ["3.00", "−4.00", "1.00"]
    press(stepping, "forward")
    assert texts(stepping, "gradient") == ["−4.00", "−4.00", "3.00", "−4.00", "1.00"]


def test_back_takes_away_what_the_last_step_has_shown_and_stops_at_the_inputs(stepping):
    press(stepping, "forward", 5)
    press(stepping, "back")
    assert texts(stepping, "gradient") == ["3.00", "−4.00", "1.00"]
    for _ in range(9):
        stepping.page.keyboard.press("Enter")  # the button stays focused, even where there is no way back
    assert texts(stepping, "value") == ["−2.00", "5.00", "−4.00", "q = ?", "f = ?"]


def test_a_slider_changes_every_number_at_once_and_reset_brings_the_first_back(stepping):
    press(stepping, "all")
    stepping.get_by_role("slider", name="z").fill("2")
    assert texts(stepping, "value") == ["−2.00", "5.00", "2.00", "q = 3.00", "f = 6.00"]
    assert texts(stepping, "gradient") == ["2.00", "2.00", "3.00", "2.00", "1.00"]
    press(stepping, "reset")
    assert texts(stepping, "value") == ["−2.00", "5.00", "−4.00", "q = ?", "f = ?"]


def test_the_first_signal_is_one(stepping):
    press(stepping, "forward", 3)
    assert "∂f/∂f = 1.00" in words(stepping)
    assert texts(stepping, "gradient") == ["1.00"]


def test_a_value_with_two_users_collects_their_gradients(view):
    widget = view(lambda a, b: (a + b) * (b + 1), a=2, b=1)
    press(widget, "forward", 6)
    assert [text for text in texts(widget, "gradient") if "?" in text] in (
        ["2.00\u2009+\u2009?"],
        ["3.00\u2009+\u2009?"],
    )
    assert "the rest is still to come" in words(widget)
    press(widget, "forward")
    assert "b is used in 2 places, so what comes back is added:" in words(widget)
    assert "= 5.00" in words(widget)


def test_x_times_x_sends_two_gradients_to_x(view):
    widget = view(lambda x: x * x, x=3, step=-1)
    assert words(widget).count("to x: upstream 1.00 × local 3.00 = downstream 3.00") == 2
    assert "3.00\u2009+\u20093.00 = 6.00" in words(widget)


def test_every_box_is_spoken_with_its_kind_value_and_gradient(stepping):
    press(stepping, "all")
    names = [box.get_attribute("aria-label") for box in stepping.locator(".box").all()]
    assert names == [
        "input x, value −2.00, gradient −4.00",
        "input y, value 5.00, gradient −4.00",
        "input z, value −4.00, gradient 3.00",
        "gate +, value 3.00, gradient −4.00",
        "gate ×, value −12.00, gradient 1.00",
    ]


def test_enter_on_a_box_tells_what_it_has_done(stepping):
    press(stepping, "all")
    stepping.get_by_role("button", name="gate ×").focus()
    stepping.page.keyboard.press("Enter")
    assert words(stepping).startswith("× of q = 3.00 and z = −4.00 gives f = −12.00")


def test_the_tab_key_visits_sliders_then_buttons_then_boxes(stepping):
    stepping.get_by_role("slider").first.focus()
    order = []
    for _ in range(13):
        order.append(stepping.page.evaluate("document.activeElement.tagName.toLowerCase()"))
        stepping.page.keyboard.press("Tab")
    assert order == ["input"] * 3 + ["button"] * 5 + ["g"] * 5


def test_what_has_no_gradient_is_said_in_place_of_the_picture_and_the_slider_leads_back(view):
    widget = view(lambda x: bp.log(x), x=1, step=-1)
    widget.get_by_role("slider").fill("-1")
    assert widget.locator(".message").inner_text().startswith("log: the value is nan here")
    assert not widget.locator(".picture").is_visible()
    widget.get_by_role("slider").fill("2")
    assert widget.locator(".picture").is_visible()
    assert not widget.locator(".message").is_visible()


def test_what_stepper_cannot_show_at_all_is_said_and_nothing_else(view):
    widget = view(lambda x: x * np.array([1.0, 2.0]), x=1)
    assert "shape (2,)" in widget.inner_text()
    assert widget.get_by_role("button").count() == 0


def test_play_runs_to_the_end_and_a_screen_reader_is_spared(stepping):
    stepping.page.clock.install()
    press(stepping, "play")
    assert stepping.get_by_role("button", name="Pause").is_visible()
    stepping.page.clock.run_for(1500)
    assert stepping.locator(".where").inner_text() == "forward 1 of 2"
    assert stepping.locator(".words").get_attribute("aria-live") == "off"
    stepping.page.clock.run_for(20_000)
    assert stepping.locator(".where").inner_text() == "backward 2 of 2"
    assert stepping.get_by_role("button", name="Play").is_visible()


def test_a_closed_view_stops_listening_and_playing(stepping):
    stepping.page.clock.install()
    press(stepping, "play")
    stepping.evaluate("widget => (widget.model.count = widget.model.listeners.size, widget.cleanUp())")
    press(stepping, "forward")
    stepping.page.clock.run_for(20_000)
    count = "({ model }) => [model.count, model.listeners.size, model.get('step')]"
    assert stepping.evaluate(count) == [3, 0, 0]


def test_reduced_motion_stops_the_moving_dashes(stepping):
    press(stepping, "forward", 4)
    line = stepping.locator(".line.backward").first
    moving = "line => getComputedStyle(line).animationName"
    assert line.evaluate(moving) != "none"
    stepping.page.emulate_media(reduced_motion="reduce")
    assert line.evaluate(moving) == "none"
