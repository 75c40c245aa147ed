"""The Playground and the BranchSplitter on a plain page: numbers, names, keys and messages."""

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.playground import PATTERNS, Playground, playground_data
from bplib.widgets.splitter import BranchSplitter, overwritten
from tests.browser.conftest import keeps_its_keys


def words(widget):
    return widget.locator(".words").inner_text()


def texts(widget, role):
    return [text for text in widget.locator(f"svg text.{role}").all_text_contents() if text]


@pytest.mark.parametrize("name", PATTERNS)
def test_the_browser_passes_on_what_the_gate_of_bplib_does(module, name):
    rng = np.random.default_rng(5)
    gate, described = PATTERNS[name].gate, playground_data()["gates"][name]
    passed = module("playground")
    for _ in range(3):
        inputs = rng.uniform(0.1, 5, len(described["inputs"])).tolist()
        upstream = rng.normal(size=len(described["upstream"])).tolist()
        out = gate.forward(*inputs)
        found = passed("pass(...xs)", described, inputs, upstream)
        assert found["out"] == pytest.approx(np.ravel(out)[0], rel=1e-12)
        expected = gate.backward(np.squeeze(upstream), out, *inputs)
        assert found["downstream"] == pytest.approx(list(expected), rel=1e-12)


@pytest.mark.parametrize(
    "name, values, gradients, said",
    [
        ("add", ["3.00", "4.00", "7.00"], ["2.00", "2.00", "2.00"], "add: gradient distributor"),
        ("multiply", ["2.00", "3.00", "6.00"], ["15.00", "10.00", "5.00"], "multiply: swap multiplier"),
        ("copy", ["7.00", "7.00", "7.00"], ["6.00", "4.00", "2.00"], "copy: gradient adder"),
        ("maximum", ["4.00", "5.00", "5.00"], ["0.00", "9.00", "9.00"], "maximum: gradient router"),
    ],
)
def test_a_chosen_gate_shows_the_numbers_of_the_course_and_its_role(view, name, values, gradients, said):
    widget = view(Playground("exp"))
    widget.get_by_role("combobox", name="gate").select_option(name)
    assert texts(widget, "value") == values
    assert texts(widget, "gradient") == gradients
    assert words(widget).startswith(said)


def test_upstream_times_local_is_written_out_with_its_numbers(view):
    widget = view(Playground("multiply"))
    assert "Forward: × of 2 and 3 gives 6." in words(widget)
    assert "To x: upstream 5 × local 3 = downstream 15∂out/∂x = y" in words(widget)
    widget.get_by_role("combobox").select_option("copy")
    assert "upstream 4 × local 1 + upstream 2 × local 1 = downstream 6" in words(widget)


def test_a_slider_moves_by_keys_and_python_is_told(view):
    widget = view(Playground("multiply"))
    widget.get_by_role("slider", name="upstream", exact=True).press("End")
    assert texts(widget, "gradient") == ["30.00", "20.00", "10.00"]
    assert widget.evaluate("({ model }) => model.get('state')") == {
        "gate": "multiply",
        "inputs": [2, 3],
        "upstream": [10],
    }


def test_only_the_sliders_of_the_gate_are_there(view):
    widget = view(Playground("copy"))
    names = [slider.get_attribute("aria-label") for slider in widget.get_by_role("slider").all()]
    assert names == ["x", "upstream", "upstream 2"]


def test_where_a_gate_has_no_value_it_is_said_and_the_slider_leads_back(view):
    widget = view(Playground("log", 1))
    widget.get_by_role("slider", name="x").press("Home")
    assert "log has no value or no derivative at −10.00" in widget.locator(".message").inner_text()
    widget.get_by_role("slider", name="x").press("End")
    assert texts(widget, "local") == ["0.10"]


def test_a_gate_that_is_not_there_is_named_and_nothing_else_shown(view):
    widget = view(Playground("mul"))
    assert widget.inner_text().startswith("Playground: there is no gate 'mul' here")
    assert widget.get_by_role("slider").count() == 0


# ------------------------------------------------------------------------------------------ BranchSplitter


def branching(a, b):
    c = a + b
    d = b + 1
    e = c * d
    return e


def staged(x, y):
    den = bp.sigmoid(x) + (x + y) ** 2
    return (x + bp.sigmoid(y)) / den


@pytest.fixture
def splitter(view):
    return view(BranchSplitter(branching, a=2, b=1))


def overwrite(splitter):
    splitter.get_by_role("button", name="= overwrites").press("Enter")


def table(splitter):
    return [row.inner_text().split("\t") for row in splitter.locator("tbody tr").all()]


@pytest.mark.parametrize("f", [branching, staged])
def test_both_rules_of_the_browser_agree_with_python(module, f):
    rng = np.random.default_rng(11)
    names = f.__code__.co_varnames[:2]
    start, later = (dict(zip(names, rng.normal(size=2), strict=True)) for _ in range(2))
    found = module("splitter")("moment(...xs)", bp.record(f, **start).to_dict(), later, True)
    trace = bp.record(f, **later)
    wrong, slopes = overwritten(trace), bp.numerical_gradient(f, tuple(later.values()))
    for i, name in enumerate(trace.names.values()):
        if name in trace.gradient:
            assert found["right"]["gradients"][i] == pytest.approx(trace.gradient[name], rel=1e-12)
            assert found["wrong"]["gradients"][i] == pytest.approx(wrong[name], rel=1e-12)
    assert found["slopes"] == pytest.approx(slopes, rel=1e-6)


def test_at_the_fork_two_gradients_arrive_and_are_added(splitter):
    assert words(splitter) == (
        "b is used in 2 places. Back come 3.00 from +1, then 2.00 from +. "
        "Together 3.00\u2009+\u20092.00 = 5.00."
    )
    assert texts(splitter, "gradient")[:2] == ["2.00", "5.00"]


def test_overwriting_leaves_the_last_gradient_and_strikes_out_the_first(splitter):
    overwrite(splitter)
    assert "Only the last one written is left: 2.00." in words(splitter)
    assert splitter.locator(".words s").all_text_contents() == ["3.00"]
    assert splitter.locator("text.lost").all_text_contents() == ["3.00"]
    assert "2.00 ✗" in texts(splitter, "gradient")
    assert splitter.get_by_role("img", name="input b, value 1.00, gradient 2.00, wrong").count() == 1


def test_the_table_sets_both_rules_beside_the_slope(splitter):
    assert table(splitter) == [["a", "2.00", "2.00", "2.00"], ["b", "5.00", "2.00 ✗", "5.00"]]


def test_a_slider_changes_all_of_it(splitter):
    splitter.get_by_role("slider", name="b").press("End")  # b = 2: c = 4, d = 3
    assert table(splitter)[1] == ["b", "7.00", "3.00 ✗", "7.00"]


def test_a_square_gets_its_gradient_twice_from_one_gate(view):
    splitter = view(BranchSplitter(lambda x: x * x, x=3, overwrite=True))
    assert table(splitter) == [["x", "6.00", "3.00 ✗", "6.00"]]


def test_a_function_without_a_fork_is_refused_with_a_way_out(view):
    splitter = view(BranchSplitter(lambda x: x + 1, x=3))
    assert splitter.inner_text().strip() == (
        "BranchSplitter: no value of f is used twice, so no gradients meet; try x * x"
    )


@pytest.mark.parametrize(
    "make",
    [lambda: Playground(), lambda: BranchSplitter(branching, a=2, b=1)],
    ids=["playground", "splitter"],
)
def test_every_control_keeps_its_keys_and_nothing_outlives_the_view(view, make):
    widget = view(make())
    focusable = widget.locator("button, input, select, [tabindex]").locator("visible=true").all()
    assert len(focusable) >= 3 and all(map(keeps_its_keys, focusable))
    widget.page.set_viewport_size({"width": 380, "height": 700})
    assert widget.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    widget.evaluate("widget => widget.cleanUp()")
    assert widget.evaluate("({ model }) => model.listeners.size") == 0
