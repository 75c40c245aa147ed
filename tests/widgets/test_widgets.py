"""The Python side of widgets: the data they send, what they answer, what a reader without a kernel sees."""

import re
import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest

import bplib as bp
from bplib import widgets
from bplib.draw.layout import layout
from bplib.draw.palette import DARK, LIGHT
from bplib.widgets import cells
from bplib.widgets.base import STATIC, Widget, can_be_sent, module, or_message, style
from bplib.widgets.stepper import Stepper, stepper_data
from tests.widgets.catalogue import WIDGETS


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
    pictures = {"picture": layout(trace.to_dict()), "down": layout(trace.to_dict(), down=True)}
    assert data["views"] == [{"detail": [], "trace": trace.to_dict()} | pictures]
    assert data["computes"] == "browser"
    assert data["switches"] == []


def forked_neuron(x, w):
    y = bp.sigmoid(w * x)
    loss = (1 - y) * y
    return loss


FORKED = {"x": 2.0, "w": -0.5}


def gates_in(view):
    return [node["gate"] for node in view["trace"]["nodes"] if node["gate"]]


def test_the_browser_gets_every_combination_of_folded_and_full_opened_and_closed():
    data = stepper_data(bp.record(forked_neuron, **FORKED))
    assert data["switches"] == [
        {"name": "copies", "label": "copy and repeat gates"},
        {"name": "Sigmoid", "label": "σ opened"},
    ]
    assert {tuple(view["detail"]): gates_in(view) for view in data["views"]} == {
        (): ["Multiply", "Sigmoid", "Subtract", "Multiply"],
        ("copies",): ["Multiply", "Sigmoid", "Fork", "Subtract", "Multiply"],
        ("Sigmoid",): ["Multiply", "Negate", "Exp", "Add", "Reciprocal", "Subtract", "Multiply"],
        ("Sigmoid", "copies"): [
            *("Multiply", "Negate", "Exp", "Add", "Reciprocal", "Fork", "Subtract", "Multiply")
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    "detail, shown",
    [
        ((), []),
        ("copies", ["copies"]),
        (["copies", "Sigmoid"], ["Sigmoid", "copies"]),
        (True, ["Sigmoid", "copies"]),
    ],
)
def test_a_stepper_starts_in_the_detail_that_it_is_given(detail, shown):
    stepper = Stepper(forked_neuron, **FORKED, detail=detail, step=-1)
    view = stepper.data["views"][0]
    assert stepper.detail == view["detail"] == shown
    assert stepper.step == 2 * len(gates_in(view)) + 1


def test_a_detail_that_is_not_there_is_refused_by_name():
    with pytest.raises(bp.InputError, match="no detail Tanh here; there is: Sigmoid, copies"):
        stepper_data(bp.record(forked_neuron, **FORKED), detail="Tanh")


def test_more_than_two_kinds_of_composite_gates_share_one_switch():
    data = stepper_data(bp.record(lambda x: bp.tanh(bp.sigmoid(bp.relu(x))), x=1.0), detail=True)
    assert [switch["name"] for switch in data["switches"]] == ["copies", "composites"]
    assert not {"Tanh", "Sigmoid", "Relu"} & set(gates_in(data["views"][0]))


def network(x, W, b):
    y = bp.gates.softmax(bp.affine(x, W, b))
    return (y * y).sum()


NETWORK = {"x": np.ones((2, 3)), "W": np.arange(12.0).reshape(3, 4) / 5, "b": np.array([1.0, -2.0, 3.0, 0.5])}


def test_what_python_computes_is_sent_in_the_detail_that_is_shown():
    stepper = Stepper(network, **NETWORK | {"x": np.ones((22, 3))})  # more entries than the browser gets
    [folded] = stepper.data["views"]
    assert gates_in(folded) == ["Affine", "Softmax", "Multiply", "Sum"]
    stepper.detail = ["Affine"]
    [opened] = stepper.data["views"]
    assert gates_in(opened) == ["Matmul", "Add", "Softmax", "Multiply", "Sum"]
    stepper.detail = ["copies", "Affine"]  # in any order
    [full] = stepper.data["views"]
    assert full["detail"] == ["Affine", "copies"]
    assert {"Repeat", "Fork"} <= set(gates_in(full))


def test_a_large_array_is_sent_as_its_shape_alone():
    data = stepper_data(bp.record(lambda X, w: ((X @ w) * (X @ w)).sum(), X=np.ones((13, 5)), w=np.ones(5)))
    sent = {node["name"]: node for node in data["views"][0]["trace"]["nodes"]}
    assert sent["X"]["value"] == sent["X"]["gradient"] == {"shape": [13, 5]}
    assert sent["w"]["value"] == [1.0] * 5
    assert sent["v1"]["downstream"] == [{"shape": [13, 5]}, [65.0] * 5]  # 13 rows, 5 comes back to each
    assert data["computes"] == "kernel"


def test_an_opened_gate_that_is_not_finite_says_so_and_the_closed_one_is_shown():
    data = stepper_data(bp.record(lambda x: bp.sigmoid(x), x=-1000.0))
    closed, opened = data["views"]
    assert gates_in(closed) == ["Sigmoid"]
    assert "not finite" in opened["message"] and "trace" not in opened


def test_a_gate_that_fails_when_opened_still_has_its_switch_and_the_closed_one_is_shown():
    z, t = np.array([[1000.0, 0.0, 1.0]]), np.array([1])
    stepper = Stepper(lambda z: bp.softmax_with_loss(z, t), z=z)
    assert stepper.data["message"] == ""
    stepper.detail = [switch["name"] for switch in stepper.data["switches"]]
    assert stepper.data["message"]
    stepper.detail = []
    assert stepper.data["message"] == ""


def test_a_cell_that_runs_again_closes_the_widgets_of_its_earlier_run(monkeypatch):
    def made_in(cell, run):
        monkeypatch.setattr(cells, "_running", lambda: (cell, run))
        return Stepper(circuit, x=-2, y=5, z=-4)

    first, second, elsewhere = made_in("a", 1), made_in("a", 1), made_in("b", 2)
    outside = made_in(None, None)
    assert all(stepper.comm for stepper in (first, second, elsewhere, outside))
    again = made_in("a", 3)
    assert first.comm is second.comm is first.layout.comm is None
    assert all(stepper.comm for stepper in (again, elsewhere, outside))


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
    assert (x["low"], x["high"], x["step"]) == (-3, 3, pytest.approx(0.01))
    assert (y["low"], y["high"], y["step"]) == (0, 10, 0.5)


@pytest.mark.parametrize("ranges, said", [({"y": (0, 1)}, "y = 5"), ({"q": (0, 1)}, "ranges names q")])
def test_a_range_that_does_not_fit_is_refused_by_name(ranges, said):
    with pytest.raises(bp.InputError, match=said):
        circuit_data(**ranges)


def as_sent(x, of_several):
    """What the browser gets: an array of more than 64 entries by its shape."""
    if of_several and x is not None:
        return [as_sent(each, of_several=False) for each in x]
    return {"shape": list(np.shape(x))} if np.size(x) > 64 else x


@pytest.mark.parametrize(
    "f, inputs",
    [
        (lambda x: bp.apply(Triple(), x), {"x": 2.0}),
        (lambda x, y: bp.apply(renamed_multiply(), x, y), {"x": 2.0, "y": 3.0}),
        (lambda x, w: (x * w).prod(), {"x": 2.0, "w": np.array([1.0, 2.0])}),
        (lambda x, w: (x * w).sum(), {"x": 2.0, "w": np.ones((2, 3, 2))}),
        (lambda x, w: (x * w).sum(), {"x": 2.0, "w": np.ones((5, 13))}),
    ],
    ids=["own class", "own gate with a known name", "gate of arrays", "three axes", "too many entries"],
)
def test_what_the_browser_has_no_rule_for_is_computed_by_python(f, inputs):
    assert stepper_data(bp.record(f, **inputs))["computes"] == "kernel"
    stepper = Stepper(f, **inputs)
    stepper.inputs = stepper.inputs | {"x": 7.0}
    nodes = bp.record(f, **(inputs | {"x": 7.0})).to_dict()["nodes"]
    kinds = ("value", "gradient", "local", "downstream")
    expected = [{k: as_sent(node[k], of_several=k in kinds[2:]) for k in kinds} for node in nodes]
    assert stepper.numbers == expected
    assert stepper.data["sliders"][0]["value"] == 2.0


def test_small_arrays_are_left_to_the_browser_with_all_their_views():
    data = stepper_data(bp.record(network, **NETWORK))
    assert data["computes"] == "browser"
    details = [view["detail"] for view in data["views"]]
    assert [] in details and ["Affine", "copies"] in details


def test_a_slider_in_the_browser_sends_nothing_back():
    stepper = Stepper(circuit, x=-2, y=5, z=-4)
    before = stepper.data
    stepper.inputs = {"x": 1.0, "y": 2.0, "z": 3.0}
    assert stepper.data is before
    assert stepper.trace.gradient["x"] == 3.0


def test_another_branch_of_f_sends_its_graph():
    stepper = Stepper(lambda x: x * x if x > 0 else x + 10, x=3)
    stepper.inputs = {"x": -3.0}
    assert gates_in(stepper.data["views"][0]) == ["Add"]


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
    of_a_picture = {"text/html", "image/svg+xml", "image/png", "text/plain"}
    assert set(data) == {"application/vnd.jupyter.widget-view+json"} | of_a_picture
    assert "−12.00" in data["image/svg+xml"]
    assert "0x" not in data["text/plain"]


def test_the_still_picture_is_drawn_in_the_detail_of_the_widget():
    stepper = Stepper(forked_neuron, **FORKED)
    assert ">copy<" not in stepper.still()["image/svg+xml"]
    stepper.detail = ["Sigmoid", "copies"]
    assert {">copy<", ">exp<"} <= set(re.findall(">[a-z]+<", stepper.still()["image/svg+xml"]))


class Note(Widget):
    """The smallest widget: it shows one word."""

    _esm = module("view")
    _css = style()

    def still(self):
        return {"text/plain": self.data["word"]}


@pytest.mark.parametrize(
    "data, seen", [({"message": "", "word": "delta"}, "delta"), ({"message": "no"}, "no")]
)
def test_a_reader_without_a_kernel_sees_the_still_or_the_message(data, seen):
    shown, _ = Note(data=data)._repr_mimebundle_()
    assert shown["text/plain"] == seen
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_a_widget_without_a_still_is_refused_by_name():
    class Bare(Widget):
        pass

    with pytest.raises(NotImplementedError, match="Bare defines no still"):
        Bare()._repr_mimebundle_()


def test_what_is_raised_on_purpose_becomes_the_message_and_an_error_of_ours_stays_one():
    def raising(error):
        def make():
            raise error

        return make

    assert or_message(lambda: {"word": "delta"}) == {"message": "", "word": "delta"}
    assert or_message(raising(bp.InputError("x is NaN"))) == {"message": "x is NaN"}
    assert or_message(raising(KeyError("q")), Exception) == {"message": "KeyError: 'q'"}
    with pytest.raises(KeyError):
        or_message(raising(KeyError("q")))


@pytest.mark.parametrize(
    "numbers, fine",
    [(None, True), ([[1.5], [2.0]], True), ([1.0, float("nan")], False), ({"x": [float("-inf")]}, False)],
    ids=["nothing", "nested", "nan", "infinite"],
)
def test_only_finite_numbers_can_be_sent(numbers, fine):
    assert can_be_sent(numbers) == fine


def test_every_widget_of_the_package_stands_in_its_contents():
    modules = [import_module(f"bplib.widgets.{file.name}") for file in iter_modules(widgets.__path__)]
    classes = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    assert {each for each in classes if issubclass(each, Widget)} == {Widget, *WIDGETS.values()}


EVERY_WIDGET = pytest.mark.parametrize("widget", WIDGETS.values())


@EVERY_WIDGET
def test_the_browser_gets_one_module_that_imports_nothing_and_declares_nothing_twice(widget):
    assert not re.search(r"^import\b", widget._esm, re.MULTILINE)
    declared = re.findall(
        r"^(?:export )?(?:const|let|class|(?:async )?function\*?) (\w+|[\[{][^\]}]*[\]}])",
        widget._esm,
        re.MULTILINE,
    )
    names = [name for each in declared for name in re.findall(r"\w+(?=\s*(?:$|[,}\]]))", each)]
    assert [name for name in set(names) if names.count(name) > 1] == []


def test_a_module_stands_behind_what_it_imports_and_each_file_comes_once():
    bundle = module("stepper")
    opening = {path.stem: path.read_text("utf-8").splitlines()[0] for path in STATIC.glob("*.js")}
    for before, after in [("elements", "moments"), ("moments", "explain"), ("view", "stepper")]:
        assert bundle.index(opening[before]) < bundle.index(opening[after])
    assert bundle.count(opening["elements"]) == 1


def run_python(code):
    return subprocess.check_output([sys.executable, "-c", code], text=True).strip()


def test_importing_bplib_imports_no_widget():
    assert run_python("import sys, bplib; print('anywidget' in sys.modules)") == "False"


def test_a_missing_anywidget_names_the_extra_to_install():
    code = """
import sys
sys.modules |= {"anywidget": None, "traitlets": None}
try:
    from bplib import Stepper
except ImportError as error:
    print(error)
"""
    assert "pip install anywidget" in run_python(code)


def contrast(a, b):
    """WCAG contrast of two colours, "#rrggbb"."""

    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(role):
    """In light and in dark; what stands in brackets behind a notebook's own colour is ours."""
    return re.findall(rf"--{role}: (?:var\(--[\w-]+, )?(#\w{{6}})", style())


@pytest.mark.parametrize("role", LIGHT)
def test_a_widget_has_the_colours_of_the_still_picture(role):
    assert colours(role) == [LIGHT[role], DARK[role]]


@pytest.mark.parametrize("role", ["value", "gradient", "local", "ink", "muted"])
@pytest.mark.parametrize(
    "theme, grounds", [(0, ["#ffffff"]), (1, ["#111111", DARK["gate"]])], ids=["light", "dark"]
)
def test_what_is_written_stands_out_from_the_page_in_both_themes(theme, grounds, role):
    for ground in grounds:
        assert contrast(colours(role)[theme], ground) >= 4.5, ground
