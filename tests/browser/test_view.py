"""One view of the Stepper on a plain page: what it shows after which step, and how it is spoken and left."""

import numpy as np
import pytest

import bplib as bp
from bplib.draw.layout import layout
from bplib.graph.detail import in_detail


def circuit(x, y, z):
    q = x + y
    f = q * z
    return f


@pytest.fixture
def stepping(view):
    return view(bp.Stepper(circuit, x=-2, y=5, z=-4))


def texts(widget, role):
    """The numbers in the picture: "value" or "gradient"."""
    return [text for text in widget.locator(f"svg text.{role}").all_text_contents() if text]


def press(widget, button, times=1):
    for _ in range(times):
        widget.locator(f"button.{button}").click()


def slide(widget, name, to):
    """Move a slider, and wait for the frame in which the picture follows."""
    widget.get_by_role("slider", name=name, exact=True).fill(str(to))
    widget.evaluate("() => new Promise(requestAnimationFrame)")


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
    slide(stepping, "z", 2)
    assert texts(stepping, "value") == ["−2.00", "5.00", "2.00", "q = 3.00", "f = 6.00"]
    assert texts(stepping, "gradient") == ["2.00", "2.00", "3.00", "2.00", "1.00"]
    press(stepping, "reset")
    assert texts(stepping, "value") == ["−2.00", "5.00", "−4.00", "q = ?", "f = ?"]


def test_the_first_signal_is_one(stepping):
    press(stepping, "forward", 3)
    assert "∂f/∂f = 1.00" in words(stepping)
    assert texts(stepping, "gradient") == ["1.00"]


def test_a_value_with_two_users_collects_their_gradients(view):
    widget = view(bp.Stepper(lambda a, b: (a + b) * (b + 1), a=2, b=1))
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
    widget = view(bp.Stepper(lambda x: x * x, x=3, step=-1))
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


def test_the_tab_key_visits_steps_then_boxes_then_sliders_then_switches(stepping):
    stepping.get_by_role("button").first.focus()
    order = []
    for _ in range(16):
        order.append(stepping.page.evaluate("document.activeElement.tagName.toLowerCase()"))
        stepping.page.keyboard.press("Tab")
    assert order == ["button"] * 5 + ["input"] + ["g"] * 5 + ["input"] * 5


def test_what_has_no_gradient_is_said_in_place_of_the_picture_and_the_slider_leads_back(view):
    widget = view(bp.Stepper(lambda x: bp.log(x), x=1, step=-1))
    slide(widget, "x", -1)
    assert widget.locator(".message").inner_text().startswith("log: the value is nan here")
    assert not widget.locator(".picture").is_visible()
    slide(widget, "x", 2)
    assert widget.locator(".picture").is_visible()
    assert not widget.locator(".message").is_visible()


def test_what_stepper_cannot_show_at_all_is_said_and_nothing_else(view):
    widget = view(bp.Stepper(lambda x: x * np.array([1.0, 2.0]), x=1))
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
    assert stepping.evaluate("({ model }) => model.listeners.size") > 0
    stepping.evaluate("widget => widget.cleanUp()")
    press(stepping, "forward")
    stepping.get_by_role("slider", name="Step").fill("3")
    stepping.page.clock.run_for(20_000)
    assert stepping.evaluate("({ model }) => [model.listeners.size, model.get('step')]") == [0, 0]


def test_reduced_motion_stops_the_moving_dashes(stepping):
    press(stepping, "forward", 4)
    line = stepping.locator(".line.backward").first
    moving = "line => getComputedStyle(line).animationName"
    assert line.evaluate(moving) != "none"
    stepping.page.emulate_media(reduced_motion="reduce")
    assert line.evaluate(moving) == "none"


# ---------------------------------------------------------------------------------------------- scrubbing


def test_the_step_slider_goes_to_any_step_and_says_where_it_is(stepping):
    scrubber = stepping.get_by_role("slider", name="Step")
    scrubber.focus()
    for _ in range(4):
        stepping.page.keyboard.press("ArrowRight")
    assert scrubber.get_attribute("aria-valuetext") == "backward 1 of 2"
    assert texts(stepping, "gradient") == ["3.00", "−4.00", "1.00"]
    assert stepping.locator(".words").get_attribute("aria-live") == "off"
    stepping.page.keyboard.press("Home")
    assert texts(stepping, "gradient") == []
    press(stepping, "all")
    assert scrubber.input_value() == "5"


# --------------------------------------------------------------------------------------------- more detail


def branch(a, b):
    c = a + b
    d = b + 1
    e = c * d
    return e


def neuron(w, x):
    y = bp.sigmoid(w * x)
    loss = y * y
    return loss


NEURON = {"w": -0.5, "x": 2.0}
ARRAYS = {"x": np.ones((22, 3)), "W": np.ones((3, 4)), "b": np.ones(4)}


def gates_of(widget):
    return widget.locator(".box.gate text").all_text_contents()


def test_reuse_unfolds_into_a_copy_gate_that_has_branches_and_no_number_of_its_own(view):
    widget = view(bp.Stepper(branch, a=2, b=1, step=-1))
    assert gates_of(widget) == ["+", "+1", "×"]
    widget.get_by_label("copy and repeat gates").check()
    assert gates_of(widget) == ["copy", "+", "+1", "×"]
    assert texts(widget, "gradient") == ["2.00", "5.00", "2.00", "3.00", "1.00", "2.00", "3.00"]
    assert widget.locator(".where").inner_text() == "backward 4 of 4"
    assert words(widget).startswith("copy hands b = 1.00 to 2 users. On the way back it adds.")
    assert "2.00\u2009+\u20093.00 = 5.00" in words(widget)
    widget.get_by_label("copy and repeat gates").uncheck()
    assert gates_of(widget) == ["+", "+1", "×"]


def test_a_composite_gate_opens_with_the_same_numbers_and_follows_the_sliders_without_python(view):
    widget = view(bp.Stepper(neuron, **NEURON, step=-1))
    slide(widget, "w", 0.25)
    closed = texts(widget, "gradient")
    widget.get_by_label("σ opened").focus()
    widget.page.keyboard.press("Space")
    assert gates_of(widget) == ["×", "neg", "exp", "1+", "1/x", "×"]
    opened = texts(widget, "gradient")
    assert opened[:3] + opened[6:] == closed
    y = 1 / (1 + np.exp(-0.5))
    assert opened[3] == f"−{2 * y * y * (1 - y):.2f}"  # behind neg
    slide(widget, "w", 0.0)
    assert "y = 0.50" in texts(widget, "value")


def test_switching_keeps_the_stage_of_the_pass(view):
    widget = view(bp.Stepper(neuron, **NEURON, step=2))  # σ has run
    widget.get_by_label("σ opened").check()
    assert widget.locator(".where").inner_text() == "forward 5 of 6"
    assert words(widget).startswith("1/x of ")
    widget.get_by_label("σ opened").uncheck()
    assert widget.locator(".where").inner_text() == "forward 2 of 3"


def test_two_quick_switches_keep_the_stage_though_python_answers_one_after_the_other(view):
    stepper = bp.Stepper(lambda x, W, b: bp.affine(x, W, b).sum(), **ARRAYS, step=-1)
    widget = view(stepper)
    widget.get_by_label("xW + b opened").check()
    widget.get_by_label("copy and repeat gates").check()
    for detail, last in [(["Affine"], "backward 3 of 3"), (["Affine", "copies"], "backward 4 of 4")]:
        stepper.detail = detail
        widget.evaluate("(widget, data) => widget.model.set('data', data)", stepper.data)
        assert widget.locator(".where").inner_text() == last


def test_an_opened_gate_that_overflows_says_so_and_can_be_closed_again(view):
    widget = view(bp.Stepper(neuron, w=-1000.0, x=2.0, step=-1))
    widget.get_by_label("σ opened").check()
    assert "not finite" in widget.locator(".message").inner_text()
    widget.get_by_label("σ opened").uncheck()
    assert gates_of(widget) == ["×", "σ", "×"]


# ---------------------------------------------------------------------------------------------- all digits


def test_all_digits_stand_in_the_words_and_in_the_picture_and_do_not_overlap(view):
    widget = view(bp.Stepper(neuron, **NEURON, step=-1, detail=True))
    widget.get_by_label("all digits").check()
    y = 1 / (1 + np.exp(1.0))
    assert f"y = {y}" in texts(widget, "value")
    to_w = texts(widget, "gradient")[0]
    assert len(to_w) > 15
    assert f"× local 2 = downstream {to_w}" in words(widget)
    overlaps = """widget => {
        const shown = [...widget.querySelectorAll("svg text")].filter((text) => text.textContent);
        const rects = shown.map((text) => text.getBoundingClientRect());
        const apart = (a, b) => a.right < b.left + 1 || a.bottom < b.top + 5;
        const meet = (a, b) => !apart(a, b) && !apart(b, a);
        return rects.flatMap((a, i) => rects.slice(i + 1).filter((b) => meet(a, b))).length;
    }"""
    assert widget.evaluate(overlaps) == 0
    widget.get_by_label("all digits").uncheck()
    assert "y = 0.27" in texts(widget, "value")


def test_the_picture_makes_room_when_a_number_grows_under_the_slider(view):
    widget = view(bp.Stepper(lambda x: x * 1000.0, x=1.0, ranges={"x": (-50, 50)}, step=-1))
    width = "widget => Number(widget.querySelector('.picture svg').getAttribute('viewBox').split(' ')[2])"
    before = widget.evaluate(width)
    slide(widget, "x", -50)
    assert "−50000.00" in texts(widget, "value")[-1]
    assert widget.evaluate(width) > before


def test_in_a_widened_picture_every_line_still_meets_its_boxes(module):
    placed = layout(in_detail(bp.record(branch, a=2, b=1)).to_dict())
    stems = [200 if box["label"] != "copy" else 0 for box in placed["boxes"]]
    wide = module("graph")("widened(...xs)", placed, stems, [150] * len(placed["edges"]))
    boxes = {box["node"]: box for box in wide["boxes"]}
    for edge in wide["edges"]:
        start, end = boxes[edge["from"]], boxes[edge["to"]]
        assert edge["points"][0][0] == pytest.approx(start["x"] + start["w"])
        assert edge["points"][-1][0] == edge["lead"][1][0] == pytest.approx(end["x"])
        assert edge["lead"][1][0] - edge["lead"][0][0] >= 150
    for box, room in zip(wide["boxes"], stems, strict=True):
        assert box["stem"][1][0] - box["stem"][0][0] >= room


# --------------------------------------------------------------------------------------------- guess first


@pytest.fixture
def guessing(view):
    return view(bp.Stepper(circuit, x=-2, y=5, z=-4, predict=True))


def guess(widget, text):
    widget.get_by_label("What goes back to").fill(text)
    widget.page.keyboard.press("Enter")
    return widget.locator(".quiz [role=status]").inner_text()


def test_a_gradient_stays_hidden_until_it_has_been_guessed(guessing):
    press(guessing, "forward", 4)
    assert texts(guessing, "gradient") == ["1.00"]
    assert "to q: upstream 1.00 × local ? = downstream ?" in words(guessing)
    assert guess(guessing, "3") == "That goes to another input, not to q."
    assert guess(guessing, "4") == "The size is right, the sign is not."
    assert texts(guessing, "gradient") == ["1.00"]
    assert guess(guessing, "-4") == "Right."
    assert texts(guessing, "gradient") == ["−4.00", "1.00"]
    assert "to q: upstream 1.00 × local −4.00 = downstream −4.00" in words(guessing)
    assert guess(guessing, "3,0") == "Right."
    assert texts(guessing, "gradient") == ["3.00", "−4.00", "1.00"]
    assert guessing.locator(".score").inner_text() == "1 of 2 right at the first guess"


def test_the_keyboard_alone_leads_from_question_to_question(guessing):
    guessing.locator("button.forward").focus()
    for _ in range(4):
        guessing.page.keyboard.press("Enter")
    guessing.page.keyboard.press("Enter")  # forward waits for the guess, and leads to it
    for answer in ("−4", "3"):
        guessing.page.keyboard.type(answer)
        guessing.page.keyboard.press("Enter")
    guessing.page.keyboard.press("Enter")  # the question is answered: forward again
    assert guessing.locator(".where").inner_text() == "backward 2 of 2"
    assert guessing.locator(".score").inner_text() == "2 of 2 right at the first guess"


def test_show_it_tells_and_counts_as_asked(guessing):
    press(guessing, "forward", 4)
    guessing.get_by_role("button", name="show it").click()
    assert guessing.locator(".quiz [role=status]").inner_text() == "To q goes −4.00."
    assert texts(guessing, "gradient") == ["−4.00", "1.00"]
    assert guessing.locator(".score").inner_text() == "0 of 1 right at the first guess"


def test_what_is_no_number_is_not_counted(guessing):
    press(guessing, "forward", 4)
    assert guess(guessing, "minus four") == "Type a number, such as −0.5."
    assert guessing.locator(".score").inner_text() == ""


def test_show_all_tells_all_and_reset_begins_a_new_count(guessing):
    press(guessing, "all")
    assert texts(guessing, "gradient") == ["−4.00", "−4.00", "3.00", "−4.00", "1.00"]
    press(guessing, "back")
    guess(guessing, "-4")
    press(guessing, "reset")
    assert guessing.locator(".score").inner_text() == ""


def test_play_stops_at_a_question(guessing):
    guessing.page.clock.install()
    press(guessing, "play")
    guessing.page.clock.run_for(20_000)
    assert guessing.locator(".where").inner_text() == "backward 1 of 2"
    assert guessing.get_by_role("button", name="Play").is_visible()
    assert guessing.get_by_label("What goes back to").evaluate("field => field === document.activeElement")


# 2 arrives at a product of 5 (the one asked for) and 3: its local derivatives are 3 and 5.
PRODUCT = {"upstream": 2, "downstream": [6, 10], "locals": [3, 5], "slot": 0, "names": ["p", "q"]}
PRODUCT |= {"asks": "number", "answer": 6}
OF_AN_ARRAY = {
    "upstream": [[1, 2], [3, 4]],
    "gradient": [[5, -7, 1], [8, 9, 2]],
    "slot": 1,
    "names": ["X", "W"],
}
SHAPE = OF_AN_ARRAY | {"asks": "shape", "answer": "(2, 3)"}
ENTRY = OF_AN_ARRAY | {"asks": "entry", "place": [0, 1], "answer": -7, "works": "Xᵀ · dY"}


@pytest.mark.parametrize(
    "typed, says",
    [
        ("6", "Right"),
        ("6.1", "Right"),
        (" −6 ", "sign is not"),
        ("3", "That is the local derivative"),
        ("2", "That is the upstream"),
        ("5.0", "multiplied, not added"),
        ("10", "another input, not to p"),
        ("7.5", "Not yet"),
        ("", "Type a number"),
    ],
)
def test_a_slip_is_named(module, typed, says):
    judged = module("predict")("judge(...xs)", typed, PRODUCT)
    assert says in judged["says"]
    assert judged["right"] == (says == "Right")


@pytest.mark.parametrize(
    "question, typed, says",
    [
        (SHAPE, "(2, 3)", "Right"),
        (SHAPE, "2x3", "Right"),
        (SHAPE, "3, 2", "the other way round"),
        (SHAPE, "(2, 2)", "the shape of the upstream"),
        (SHAPE, "six", "Not yet"),
        (ENTRY, "−7", "Right"),
        (ENTRY, "7", "sign is not"),
        (ENTRY, "8", "the entry [1, 0]"),
        (ENTRY, "1.5", "Xᵀ · dY"),
        (ENTRY, "", "Type a number"),
    ],
)
def test_a_slip_in_an_array_is_named(module, question, typed, says):
    judged = module("predict")("judge(...xs)", typed, question)
    assert says in judged["says"]
    assert judged["right"] == (says == "Right")


def squared_length(W, x):
    q = W @ x
    return (q * q).sum()


MATRIX = {"W": np.array([[0.5, -1.0, 2.0], [1.0, 0.0, 3.0]]), "x": np.array([2.0, 1.0, -1.0])}


def test_of_an_array_the_shape_is_asked_first_and_then_one_entry(view):
    widget = view(
        bp.Stepper(squared_length, **MATRIX, predict=True, step=5)
    )  # q = (−2, −1), and 1 arrives at Σ
    field, asked = widget.get_by_role("textbox"), widget.locator(".quiz label")

    def answer(text):
        field.fill(text)
        field.press("Enter")

    def grids():
        shown = widget.locator(".block.gradient:not(.unknown) .cell text").all_text_contents()
        return [text for text in shown if text]

    assert "What is the shape of d×?" in asked.inner_text()
    answer("(2,)")
    assert "What is d×[0]?" in asked.inner_text() and grids() == []
    answer("1")
    assert grids() == ["1", "1"]
    assert widget.locator(".score").inner_text() == "2 of 2 right at the first guess"


def test_at_a_product_of_matrices_the_operation_is_written_with_its_operands(view):
    widget = view(bp.Stepper(squared_length, **MATRIX, step=-1))
    assert "to W: downstream dW = dq · xᵀ, of shape (2, 3)" in words(widget)
    assert "to x: downstream dx = Wᵀ · dq, of shape (3,)" in words(widget)
    cells = widget.locator(".block.gradient .cell text").all_text_contents()
    dq = np.array([-4.0, -2.0])
    for entry in [*np.outer(dq, MATRIX["x"]).ravel(), *MATRIX["W"].T @ dq]:
        assert f"{entry:.0f}".replace("-0", "0").replace("-", "−") in cells


def test_an_array_larger_than_its_grid_is_told_in_full_when_it_is_chosen(view):
    x = np.arange(1.0, 8.0)
    widget = view(bp.Stepper(lambda x: (x * x).sum(), x=x, step=-1))
    assert widget.locator(".block.value .cell text").all_text_contents()[:4] == ["1", "2", "3", "…"]
    widget.get_by_role("button", name="input x").click()
    rows = widget.locator(".words tr").all_inner_texts()
    assert [row.split() for row in rows] == [list("1234567"), ["2", "4", "6", "8", "10", "12", "14"]]


@pytest.mark.parametrize("width", [320, 380, 500, 800, 1280])
@pytest.mark.parametrize("name", ["neuron", "matrix", "forks"])
def test_a_picture_is_whole_and_readable_on_every_page(view, name, width):
    made = {
        "neuron": lambda: bp.Stepper(a_neuron, w0=2, x0=-1, w1=-3, x1=-2, w2=-3, detail=True, step=-1),
        "matrix": lambda: bp.Stepper(squared_length, **MATRIX, step=-1),
        "forks": lambda: bp.BranchSplitter(lambda a, b: (a + b) * (b + 1) * a, a=2, b=1),
    }
    widget = view(made[name]())
    widget.page.set_viewport_size({"width": width, "height": 800})
    widget.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    frame = widget.locator(".picture")
    assert frame.evaluate("frame => frame.scrollWidth <= frame.clientWidth + 1")
    smallest = frame.evaluate(
        """frame => Math.min(...[...frame.querySelectorAll("text")].filter(t => t.textContent).map(t =>
            parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a))"""
    )
    assert smallest >= 11


def a_neuron(w0, x0, w1, x1, w2):
    return bp.sigmoid(w0 * x0 + w1 * x1 + w2)
