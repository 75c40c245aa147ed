"""DeepSignals: its numbers against independent ones, its messages, and its picture on paper."""

import math

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.deep import ACTIVATIONS, BATCH, HE, SCALES, WIDTH, deep_data, normals, signals


def test_the_numbers_of_the_sequence_are_standard_normal_and_hang_together_with_none_before_them():
    x = normals(0, 100_000)
    assert abs(x.mean()) < 0.01 and x.std() == pytest.approx(1, abs=0.01)
    assert np.mean(np.abs(x) > 2) == pytest.approx(0.0455, abs=0.003)
    for lag in (1, 2, WIDTH, WIDTH * WIDTH):
        assert abs(np.mean(x[lag:] * x[:-lag])) < 0.02
    assert np.array_equal(normals(7, 5), x[7:12])


def cost(f, x, upstream, weights):
    for W in weights:
        x = f(x @ W)
    return np.sum(upstream * x)


@pytest.mark.parametrize(
    "name, f",
    [
        ("tanh", np.tanh),
        ("sigmoid", lambda z: 1 / (1 + np.exp(-z))),
        ("elu", lambda z: np.where(z > 0, z, np.expm1(z))),
    ],
)
@pytest.mark.parametrize("scale", [0.8, HE])
def test_the_size_of_each_gradient_is_the_one_that_differences_measure_along_it(name, f, scale):
    """Along W + h D the cost moves by ⟨dW, D⟩; over many random D the mean square of that is ‖dW‖²."""
    depth, size = 3, BATCH * WIDTH
    x, upstream = normals(0, size).reshape(BATCH, -1), normals(size, size).reshape(BATCH, -1) / BATCH
    W = normals(2 * size, depth * WIDTH**2).reshape(depth, WIDTH, WIDTH) * scale / math.sqrt(WIDTH)
    layers, values = signals(name, scale, depth)
    rng, h = np.random.default_rng(0), 1e-5
    for k in range(depth):
        along = []
        for _ in range(150):
            D = rng.normal(size=(WIDTH, WIDTH))
            up, down = (cost(f, x, upstream, [*W[:k], W[k] + s * D, *W[k + 1 :]]) for s in (h, -h))
            along.append((up - down) / (2 * h))
        # the mean of 150 squares of normal numbers is known to √(2/150) = 12 %, three of which are allowed
        assert np.mean(np.square(along)) == pytest.approx(layers[k]["gradient"] ** 2, rel=0.36)
    assert layers[-1]["spread"] == pytest.approx(values[-1].std(), rel=1e-12)
    assert values[0] == pytest.approx(f(x @ W[0]), rel=1e-12)


def test_the_scale_of_relus_multiplies_every_layer_alike():
    """relu(cz) = c relu(z): at twice the scale layer k is 2ᵏ times as wide, and each dW 2⁹ times as large."""
    one, two = signals("relu", 1.0, 10)[0], signals("relu", 2.0, 10)[0]
    for k, (a, b) in enumerate(zip(one, two, strict=True), start=1):
        assert b["spread"] / a["spread"] == pytest.approx(2.0**k, rel=1e-9)
        assert b["gradient"] / a["gradient"] == pytest.approx(2.0**9, rel=1e-9)
        assert a["shut"] == b["shut"]


def test_ten_sigmoids_vanish_and_fifty_relus_of_he_do_not():
    sigmoids, relus = signals("sigmoid", 1.0, 10)[0], signals("relu", HE, 50)[0]
    assert sigmoids[0]["gradient"] < 1e-4 * sigmoids[-1]["gradient"]
    assert 0.05 < relus[0]["gradient"] / relus[-1]["gradient"] < 20


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_picture_says_what_the_curves_say(activation):
    widget = bp.DeepSignals(activation, scale=1.0, depth=6)
    bundle = widget.still()
    first = signals(activation, 1.0, 6)[0][0]
    assert f"{first['shut']:.0%} in layer 1" in bundle["text/plain"]
    assert {"image/svg+xml", "image/png", "text/plain"} <= set(bundle)


def test_the_nearest_scale_of_the_slider_is_taken():
    assert bp.DeepSignals("relu", scale=1.4).scale == HE
    assert {deep_data(scale=s)["start"]["scale"] for s in (1e-9, 100)} == {SCALES[0], SCALES[-1]}


@pytest.mark.parametrize(
    "given, said",
    [
        ({"activation": "step"}, "activation is one of sigmoid, tanh, relu"),
        ({"depth": 1}, "depth is a whole number from 2 to 50; got 1"),
        ({"depth": 51}, "got 51"),
        ({"depth": 2.5}, "got 2.5"),
        ({"layer": 0}, "layer is a whole number from 1 to depth = 10; got 0"),
        ({"layer": 11}, "got 11"),
        ({"scale": 0.0}, "scale must be a positive number; got 0.0"),
        ({"scale": math.nan}, "got nan"),
        ({"scale": math.inf}, "got inf"),
        ({"scale": "wide"}, "got 'wide'"),
    ],
)
def test_what_cannot_be_chosen_is_said_in_its_place(given, said):
    with pytest.raises(bp.InputError, match="DeepSignals: ") as raised:
        deep_data(**given)
    assert said in str(raised.value)
    widget = bp.DeepSignals(**given)
    assert said in widget.data["message"]
    assert said in widget._repr_mimebundle_()[0]["text/plain"]
