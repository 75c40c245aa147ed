"""What MLPWalker sends: the engine's numbers, confirmed by BP1–BP4 and by numerical gradients."""

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.walker import MLPWalker, example, walker_data


def network(**options):
    return bp.MLP((3, 4, 5, 2), rng=3, **options)


def batch():
    rng = np.random.default_rng(8)
    return rng.normal(size=(6, 3)), np.array([0, 1, 1, 0, 1, 0])


def test_the_example_is_exact():
    data = walker_data(example(), (1, 2), (0,))
    _, first, last = data["layers"]
    assert data["cost"] == 0.125
    assert [first["z"], last["z"]] == [[[0.0, 0.0]], [[0.0]]]
    assert [first["delta"], last["delta"]] == [[[0.03125, -0.09375]], [[0.125]]]
    assert np.transpose(first["dW"]).tolist() == [[0.03125, 0.0625], [-0.09375, -0.1875]]
    assert last["dW"] == [[0.0625], [0.0625]]


def test_all_gradients_are_the_numerical_ones():
    net, (x, t) = network(activation=bp.tanh), batch()
    layers = walker_data(net, x, t)["layers"]
    numerical = net.numerical_gradient(x, t)
    for l in (1, 2, 3):
        assert np.array(layers[l]["dW"]) == pytest.approx(numerical[f"W{l}"], abs=1e-8)
        assert np.array(layers[l]["db"][0]) == pytest.approx(numerical[f"b{l}"], abs=1e-8)


@pytest.mark.parametrize(
    "options, t",
    [
        ({"activation": bp.tanh}, batch()[1]),
        ({}, batch()[1]),
        (
            {"activation": bp.sigmoid, "output": bp.sigmoid, "loss": bp.quadratic_cost},
            np.eye(2)[batch()[1]],
        ),
    ],
    ids=["tanh and softmax loss", "relu and softmax loss", "sigmoid and quadratic cost"],
)
def test_the_numbers_fulfil_the_four_equations(options, t):
    layers = walker_data(network(**options), batch()[0], t)["layers"]
    matrices = [{name: np.array(x) for name, x in layer.items()} for layer in layers]
    for previous, layer in zip(matrices, matrices[1:], strict=False):
        assert layer["z"] == pytest.approx(previous["a"] @ layer["W"] + layer["b"])
        assert layer["db"][0] == pytest.approx(bp.bp3(layer["delta"]))
        assert layer["dW"] == pytest.approx(bp.bp4(previous["a"], layer["delta"]))
    for layer, following in zip(matrices[1:], matrices[2:], strict=False):
        assert layer["delta"] == pytest.approx(bp.bp2(following["delta"], following["W"], layer["slope"]))
    last = matrices[-1]
    assert last["delta"] == pytest.approx(bp.bp1(last["cost"], last["slope"]))


def test_a_layer_without_activation_has_a_equal_to_z_and_slope_one():
    x, t = batch()
    hidden, last = walker_data(network(), x, t)["layers"][2:]
    assert [hidden["activation"], last["activation"]] == ["relu", ""]
    assert last["a"] == last["z"]
    assert np.all(np.array(last["slope"]) == 1.0)


def test_the_walk_goes_forward_then_the_errors_come_back_then_the_gradients():
    steps = walker_data(network(), *batch())["steps"]
    assert [f"{step['rule']} {step['layer']}" for step in steps] == [
        *("forward 1", "forward 2", "forward 3", "BP1 3", "BP2 2", "BP2 1"),
        *("BP3 3", "BP4 3", "BP3 2", "BP4 2", "BP3 1", "BP4 1"),
    ]
    assert [step["kind"] for step in steps] == ["forward"] * 3 + ["backward"] * 9
    assert MLPWalker(step=-1).step == 8


def test_one_sample_may_come_without_its_axis():
    net, (x, t) = network(), batch()
    assert walker_data(net, x[0], t[0]) == walker_data(net, x[:1], t[:1])


class Doubled:
    """A student's activation that is no entrywise gate of bplib."""

    def forward(self, x):
        return 2 * x

    def backward(self, upstream, out, x):
        return (2 * upstream,)


@pytest.mark.parametrize(
    "net, x, t, said",
    [
        (bp.MLP((2, 13, 2)), (1, 2), 1, r"sizes \(2, 13, 2\) with N = 1"),
        (bp.MLP((2, 2, 2, 2, 2, 2)), (1, 2), 1, "up to 4 layers"),
        (bp.MLP((2, 3, 2)), np.ones((9, 2)), np.ones(9), "with N = 9"),
        (bp.MLP((2, 3, 2)), (1, 2, 3), 1, r"x \(1, 3\), W \(2, 3\)"),
        (bp.MLP((2, 3, 2)), (1, float("nan")), 1, r"a0\[0, 1\] is NaN"),
        (bp.MLP((2, 3, 2)), (1, 2), 2, "from 0 to 1; got 2"),
        (bp.MLP((2, 3, 2), Doubled()), (1, 2), 1, "Doubled is not entrywise"),
        ("net", (1, 2), 1, "net is an MLP; got str"),
    ],
    ids=["wide", "deep", "many samples", "shape", "NaN", "class", "own gate", "no network"],
)
def test_what_cannot_be_shown_is_said_in_its_place(net, x, t, said):
    walker = MLPWalker(net, x, t)
    data, _ = walker._repr_mimebundle_()
    assert data["text/plain"] == walker.data["message"]
    with pytest.raises(bp.BplibError, match=said) as raised:
        walker_data(net, x, t)
    assert str(raised.value) == walker.data["message"]


def test_a_pass_that_overflows_is_said_in_its_place():
    net = bp.MLP((2, 3, 2), loss=bp.quadratic_cost)
    net.params["W1"] = np.full((2, 3), 1e200)
    assert "infinite" in MLPWalker(net, (1, 2), (0, 0)).data["message"]


def test_a_reader_without_a_kernel_sees_all_numbers_of_both_passes():
    still = MLPWalker().still()
    assert {"text/plain", "image/svg+xml"} <= set(still)
    for kind in ("text/plain", "image/svg+xml"):
        assert all(
            number in still[kind]
            for number in ("0.03125", "−0.09375", "−0.1875", "C = 0.125", "δ¹", "∂C/∂w²")
        )
    assert "0x" not in still["text/plain"]


@pytest.mark.parametrize(
    "form, dw",
    [("book", " 0.03125   0.0625\n−0.09375  −0.1875"), ("code", "0.03125  −0.09375\n 0.0625   −0.1875")],
)
def test_the_still_picture_is_turned_as_the_reader_turned_the_widget(form, dw):
    walker = MLPWalker()
    walker.form = form
    assert f"∂C/∂w¹\n{dw}\n" in walker.still()["text/plain"]
