"""The Python side of the Stepper: the data it sends, what it answers, what a reader without a kernel sees."""

import re
import subprocess
import sys

import numpy as np
import pytest

import bplib as bp
from bplib.draw.layout import layout
from bplib.widgets import Stepper, stepper_data


def circuit(x, y, z):
    return (x + y) * z


def circuit_data(**ranges):
    return stepper_data(bp.record(circuit, x=-2, y=5, z=-4), ranges)


class Triple:
    """A student's gate."""

    def forward(self, x):
        return 3 * x

    def backward(self, upstream, out, x):
        return (3 * upstream,)


def renamed_multiply():
    """A student's own Multiply, wrong on purpose: the browser must not put its own rule in its place."""

    class Multiply(bp.gates.Elementwise):
        inputs, symbol = ("x", "y"), "×"

        def forward(self, x, y):
            return x * y

        def local(self, out, x, y):
            return x, y

    return Multiply()


def test_the_data_is_the_trace_with_its_layout():
    trace = bp.record(circuit, x=-2, y=5, z=-4)
    data = stepper_data(trace)
    assert data["trace"] == trace.to_dict()
    assert data["picture"] == layout(trace.to_dict())
    assert data["computes"] == "browser"


def test_every_number_that_comes_in_gets_a_slider_and_an_array_none():
    trace = bp.record(lambda x, w: (x * w).sum(), x=2.0, w=np.array([1.0, 2.0]))
    assert [slider["name"] for slider in stepper_data(trace)["sliders"]] == ["x"]


@pytest.mark.parametrize("value", [-2.0, 0.0, 1.1, 100.0, 3e-4, -650.0])
def test_a_slider_that_chooses_its_range_has_its_value_on_the_scale_and_room_on_both_sides(value):
    [slider] = stepper_data(bp.record(lambda x: x * x, x=value))["sliders"]
    steps = (value - slider["low"]) / slider["step"]
    assert slider["low"] < value < slider["high"]
    assert steps == pytest.approx(round(steps), abs=1e-6)


def test_ranges_set_the_ends_and_the_step_of_a_slider():
    x, y, _ = circuit_data(x=(-3, 3), y=(0, 10, 0.5))["sliders"]
    assert (x["low"], x["high"], x["step"]) == (-3, 3, pytest.approx(0.03))
    assert (y["low"], y["high"], y["step"]) == (0, 10, 0.5)


@pytest.mark.parametrize("ranges, said", [({"y": (0, 1)}, "y = 5"), ({"q": (0, 1)}, "ranges names q")])
def test_a_range_that_does_not_fit_is_refused_by_name(ranges, said):
    with pytest.raises(bp.InputError, match=said):
        circuit_data(**ranges)


@pytest.mark.parametrize(
    "f, inputs",
    [
        (lambda x: bp.apply(Triple(), x), {"x": 2.0}),
        (lambda x, y: bp.apply(renamed_multiply(), x, y), {"x": 2.0, "y": 3.0}),
        (lambda x, w: (x * w).sum(), {"x": 2.0, "w": np.array([1.0, 2.0])}),
    ],
    ids=["own class", "own gate with a known name", "array"],
)
def test_what_the_browser_has_no_rule_for_is_computed_by_python(f, inputs):
    assert stepper_data(bp.record(f, **inputs))["computes"] == "kernel"
    stepper = Stepper(f, **inputs)
    stepper.inputs = stepper.inputs | {"x": 7.0}
    expected = bp.record(f, **(inputs | {"x": 7.0})).to_dict()
    assert stepper.data["trace"] == expected
    assert stepper.data["sliders"][0]["value"] == 2.0


def test_a_slider_in_the_browser_sends_nothing_back():
    stepper = Stepper(circuit, x=-2, y=5, z=-4)
    before = stepper.data
    stepper.inputs = {"x": 1.0, "y": 2.0, "z": 3.0}
    assert stepper.data is before
    assert stepper.trace.gradient["x"] == 3.0


def test_another_branch_of_f_sends_its_graph():
    stepper = Stepper(lambda x: x * x if x > 0 else x + 10, x=3)
    stepper.inputs = {"x": -3.0}
    assert [node["gate"] for node in stepper.data["trace"]["nodes"]].count("Add") == 1


def test_steps_count_from_the_end_as_python_does():
    assert Stepper(circuit, x=-2, y=5, z=-4).step == 0
    assert Stepper(circuit, x=-2, y=5, z=-4, step=-1).step == 5  # 2 gates forward, the first signal, 2 back
    assert Stepper(circuit, x=-2, y=5, z=-4, step=-5).step == 1


def long_chain(x):
    for _ in range(61):
        x = x + 1
    return x


@pytest.mark.parametrize(
    "f, x, said",
    [
        (lambda x: x + np.ones(3), 1.0, r"shape \(3,\)"),
        (lambda x: x * 2, float("nan"), "x is NaN"),
        (lambda x: 1 / x, 0.0, "its value is not finite"),
        (lambda x: x**0.5, 0.0, "x: its gradient is not finite"),
        (long_chain, 0.0, "61 gates"),
    ],
    ids=["array output", "NaN", "infinite", "infinite slope", "too large"],
)
def test_what_cannot_be_shown_is_said_in_place_of_the_picture(f, x, said):
    stepper = Stepper(f, x=x)
    data, _ = stepper._repr_mimebundle_()
    assert re.search(said, stepper.data["message"])
    assert data["text/plain"] == stepper.data["message"]
    stepper.inputs = {"x": 3.0}
    assert (stepper.data["message"] == "") == ("finite" in said or "NaN" in said)


def test_python_says_when_a_slider_has_left_what_it_can_compute_and_recovers():
    stepper = Stepper(lambda x: bp.log(bp.apply(Triple(), x)), x=1.0)
    stepper.inputs = {"x": -1.0}
    assert stepper.data["message"]
    assert stepper.data["sliders"]
    stepper.inputs = {"x": 2.0}
    assert stepper.data["message"] == ""


def test_an_error_of_f_itself_is_said_and_not_swallowed():
    stepper = Stepper(lambda x: x * {True: 2}[x > 0], x=1.0)
    stepper.inputs = {"x": -1.0}
    assert stepper.data["message"] == "KeyError: False"


def test_a_reader_without_a_kernel_sees_the_still_picture():
    data, _ = Stepper(circuit, x=-2, y=5, z=-4)._repr_mimebundle_()
    kinds = {"application/vnd.jupyter.widget-view+json", "image/svg+xml", "image/png", "text/plain"}
    assert set(data) == kinds
    assert "−12.00" in data["image/svg+xml"]
    assert "0x" not in data["text/plain"]


def test_the_browser_gets_one_module_that_imports_nothing():
    assert not re.search(r"^import ", Stepper._esm, re.MULTILINE)
    assert re.search(r"^export const GATES", Stepper._esm, re.MULTILINE)


def run_python(code):
    return subprocess.check_output([sys.executable, "-c", code], text=True).strip()


def test_importing_bplib_imports_no_widget():
    assert run_python("import sys, bplib; print('anywidget' in sys.modules)") == "False"


def test_a_missing_anywidget_names_the_extra_to_install():
    code = """
import sys
sys.modules["anywidget"] = None
try:
    from bplib import Stepper
except ImportError as error:
    print(error)
"""
    assert 'pip install "bplib[course]"' in run_python(code)


def contrast(a, b):
    """WCAG contrast of two colours, "#rrggbb"."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme, ground", [(0, "#ffffff"), (1, "#111111")], ids=["light", "dark"])
def test_numbers_stand_out_from_the_page_in_both_themes(theme, ground):
    css = str(Stepper._css)
    for role in ("value", "gradient", "local"):
        colour = re.findall(rf"--{role}: (#\w{{6}});", css)[theme]
        assert contrast(colour, ground) >= 4.5, role
