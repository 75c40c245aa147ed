"""The stateful face of a gate: it remembers one forward pass, and only one."""

import numpy as np
import pytest

import bplib as bp


def test_a_layer_gives_what_its_gate_gives():
    rng = np.random.default_rng(0)
    x, y, upstream = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=(2, 3))
    layer = bp.Layer(bp.multiply)
    assert np.array_equal(layer.forward(x, y), x * y)
    dx, dy = layer.backward(upstream)
    np.testing.assert_allclose(dx, upstream * y, rtol=1e-15)
    np.testing.assert_allclose(dy, (upstream * x).sum(axis=0), rtol=1e-14)


def test_a_second_backward_gives_the_same_and_a_second_forward_replaces_the_first():
    layer = bp.Layer(bp.multiply)
    layer.forward(2, 3)
    assert layer.backward(10.0) == layer.backward(10.0) == (30.0, 20.0)
    layer.forward(5, 7)
    assert layer.backward(1.0) == (7.0, 5.0)


def test_one_layer_in_two_places_of_the_shop_is_wrong_and_two_layers_are_right():
    def gradients(first, second):
        second.forward(first.forward(100, 2), 1.1)
        d_before_tax, _ = second.backward(1.0)
        return first.backward(d_before_tax)

    layer = bp.Layer(bp.multiply)
    np.testing.assert_allclose(gradients(layer, layer), (1.21, 220))
    np.testing.assert_allclose(gradients(bp.Layer(bp.multiply), bp.Layer(bp.multiply)), (2.2, 110))


def test_backward_before_forward_says_what_is_missing():
    with pytest.raises(bp.GraphError, match="Multiply layer: backward needs a forward pass before it"):
        bp.Layer(bp.multiply).backward(1.0)


def test_a_layer_works_in_the_graph_the_checker_and_the_picture():
    trace = bp.record(lambda x, y: bp.apply(bp.Layer(bp.multiply), x, y), x=2, y=3)
    assert trace.gradient["x"] == 3.0
    assert bp.check_gate(bp.Layer(bp.multiply), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])).ok
    assert "×" in trace._repr_mimebundle_()["image/svg+xml"]
