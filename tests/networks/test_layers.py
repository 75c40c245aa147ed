"""The stateful face of a gate: it remembers one forward pass, and only one."""

import copy

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


def test_a_copy_of_a_layer_has_its_parameters_and_not_its_memory():
    layer, x = bp.Affine(np.ones((2, 3)), np.zeros(3)), np.array([[1.0, 4], [2, 5], [3, 6], [4, 7]])
    out = layer.forward(x)
    layer.backward(out)
    twin = copy.deepcopy(layer)
    assert twin.grads == {} and layer.grads["b"].any()
    with pytest.raises(bp.GraphError, match="backward needs a forward pass before it"):
        twin.backward(out)
    layer.params["W"] -= 1.0
    assert np.array_equal(twin.forward(x), out)


def test_backward_before_forward_says_what_is_missing():
    with pytest.raises(bp.GraphError, match="Multiply layer: backward needs a forward pass before it"):
        bp.Layer(bp.multiply).backward(1.0)


def test_a_layer_works_in_the_graph_the_checker_and_the_picture():
    trace = bp.record(lambda x, y: bp.apply(bp.Layer(bp.multiply), x, y), x=2, y=3)
    assert trace.gradient["x"] == 3.0
    assert bp.check_gate(bp.Layer(bp.multiply), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])).ok
    assert "×" in trace._repr_mimebundle_()["image/svg+xml"]


# --------------------------------------------------------------------------------------- parameters


def test_affine_by_hand():
    layer = bp.Affine(np.array([[1.0, 2, 3], [4, 5, 6]]), np.array([10.0, 20, 30]))
    assert np.array_equal(layer.forward(np.array([[1.0, 0], [0, 1], [2, -1]])), [[11, 22, 33], [14, 25, 36],
                                                                               [8, 19, 30]])  # fmt: skip
    dx = layer.backward(np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]]))
    assert np.array_equal(dx, [[1, 4], [2, 5], [3, 6]])
    assert np.array_equal(layer.grads["W"], [[1, 0, 2], [0, 1, -1]])
    assert np.array_equal(layer.grads["b"], [1, 1, 1])


def test_affine_flattens_each_sample_and_gives_its_shape_back():
    rng = np.random.default_rng(1)
    W, b, x = rng.normal(size=(24, 5)), rng.normal(size=5), rng.normal(size=(2, 3, 4, 2))
    flat, tensor, upstream = bp.Affine(W, b), bp.Affine(W, b), rng.normal(size=(2, 5))
    assert np.array_equal(tensor.forward(x), flat.forward(x.reshape(2, 24)))
    dx = tensor.backward(upstream)
    assert dx.shape == x.shape
    assert np.array_equal(dx.reshape(2, 24), flat.backward(upstream))
    assert np.array_equal(tensor.grads["W"], flat.grads["W"])


def test_affine_of_one_sample():
    layer = bp.Affine(np.array([[1.0, 2, 3], [4, 5, 6]]), np.zeros(3))
    assert np.array_equal(layer.forward([1, 1]), [5, 7, 9])
    assert np.array_equal(layer.backward([1, 0, 2]), [7, 16])
    assert np.array_equal(layer.grads["W"], [[1, 0, 2], [1, 0, 2]])


def test_affine_of_data_leaves_dx_out_and_keeps_the_rest():
    rng = np.random.default_rng(2)
    W, b, x, upstream = (rng.normal(size=shape) for shape in [(3, 4), 4, (5, 3), (5, 4)])
    usual, of_data = bp.Affine(W, b), bp.Affine(W, b, of_data=True)
    usual.forward(x), of_data.forward(x)
    usual.backward(upstream)
    assert of_data.backward(upstream) is None
    for name in ("W", "b"):
        assert np.array_equal(of_data.grads[name], usual.grads[name])


def test_a_layer_and_its_giver_share_one_array():
    W = np.ones((2, 3))
    layer = bp.Affine(W, np.zeros(3))
    assert layer.params["W"] is W
    W -= 1.0
    assert np.array_equal(layer.forward(np.ones((1, 2))), np.zeros((1, 3)))


def test_assigning_a_parameter_changes_the_layer():
    layer = bp.Affine(np.ones((2, 3)), np.zeros(3))
    layer.params["W"] = layer.params["W"] - 1.0
    layer.params["b"] += [1, 2, 3]
    layer.params.update(b=layer.params["b"] * 2)
    assert np.array_equal(layer.forward(np.ones((1, 2))), [[2, 4, 6]])


def test_in_a_plain_dict_an_assignment_leaves_the_layer_stale():
    """The trap of lesson 7, as the books' own code falls into it."""
    params = {"W": np.ones((2, 3)), "b": np.zeros(3)}
    layer = bp.Affine(params["W"], params["b"])
    params["W"] -= 0.5
    assert np.array_equal(layer.params["W"], params["W"])
    params["W"] = params["W"] - 0.5
    assert not np.array_equal(layer.params["W"], params["W"])


def test_a_parameter_keeps_its_name_and_shape():
    params = bp.Affine(np.ones((2, 3)), np.zeros(3)).params
    with pytest.raises(bp.ShapeError, match=r"W keeps its shape \(2, 3\); got \(3, 2\)"):
        params["W"] = np.ones((3, 2))
    with pytest.raises(bp.InputError, match="no parameter 'V'; there are W, b"):
        params["V"] = 1.0
    with pytest.raises(bp.InputError, match=r"W\[0, 1\] is NaN"):
        params["W"] = [[0, np.nan, 0], [0, 0, 0]]
    with pytest.raises(bp.InputError, match="'W' cannot be taken away"):
        del params["W"]
    assert np.array_equal(params["W"], np.ones((2, 3)))
    assert repr(params) == "Parameters: W (2, 3), b (3,)"


def test_any_gate_can_keep_its_last_inputs():
    scale = bp.Layer(bp.multiply, y=3)
    assert scale.inputs == ("x",)
    assert np.array_equal(scale.forward(np.array([1.0, 2])), [3, 6])
    assert np.array_equal(scale.backward(np.array([1.0, 10])), [3, 30])
    assert scale.grads["y"] == 21
    with pytest.raises(bp.GraphError, match=r"only the last of its inputs \(x, y\) can be kept"):
        bp.Layer(bp.multiply, x=3)


def test_a_rule_of_your_own_with_forward_and_backward_is_a_layer_too():
    class Cube:
        def forward(self, x):
            self.x = x
            return x**3

        def backward(self, upstream):
            return upstream * 3 * self.x**2

    layer = bp.Layer(Cube)
    assert np.array_equal(layer.forward(np.array([1.0, 2])), [1, 8])
    assert np.array_equal(layer.backward(np.array([10.0, 1])), [30, 12])


# ------------------------------------------------------------------------------ the layers of the books


def test_the_two_fruits_of_the_book():
    apples, oranges, basket, bill = bp.MulLayer(), bp.MulLayer(), bp.AddLayer(), bp.MulLayer()
    total = bill.forward(basket.forward(apples.forward(100, 2), oranges.forward(150, 3)), 1.1)
    assert round(total, 9) == 715
    d_basket, d_tax = bill.backward(1.0)
    d_apples, d_oranges = basket.backward(d_basket)
    gradients = (*apples.backward(d_apples), *oranges.backward(d_oranges), d_tax)
    np.testing.assert_allclose(gradients, (2.2, 110, 3.3, 165, 650))


@pytest.mark.parametrize(
    ("layer", "out", "slope"),
    [(bp.Relu, [0, 0, 3], [0, 0, 1]),
     (bp.Sigmoid, [1 / (1 + np.e), 0.5, 1 / (1 + np.e**-3)], [0.19661193, 0.25, 0.04517666]),
     (bp.Tanh, [-0.76159416, 0, 0.99505475], [0.41997434, 1, 0.00986604])],
)  # fmt: skip
def test_activations_by_hand(layer, out, slope):
    layer, upstream = layer(), np.array([4.0, -2.0, 5.0])
    np.testing.assert_allclose(layer.forward(np.array([-1.0, 0, 3])), out, rtol=1e-6)
    np.testing.assert_allclose(layer.backward(upstream), upstream * slope, rtol=1e-6)
    assert np.array_equal(upstream, [4, -2, 5])


@pytest.mark.parametrize("t", [[1], [1.0], [[0, 1, 0]]], ids=["class number", "float", "one-hot"])
def test_softmax_with_loss_by_hand(t):
    layer = bp.SoftmaxWithLoss()
    x = np.log([[0.3, 0.2, 0.5]])
    assert layer.forward(x, np.array(t)) == pytest.approx(-np.log(0.2))
    np.testing.assert_allclose(layer.backward(), [[0.3, -0.8, 0.5]])
    np.testing.assert_allclose(layer.backward(2.5), [[0.75, -2.0, 1.25]])


def test_upstream_needs_the_shape_of_what_came_out():
    layer = bp.Relu()
    layer.forward(np.ones((2, 3)))
    with pytest.raises(bp.ShapeError, match=r"Relu\.backward: .* got upstream \(3, 2\), out \(2, 3\)"):
        layer.backward(np.ones((3, 2)))


def test_a_layer_that_gets_too_few_inputs_names_them():
    with pytest.raises(bp.GraphError, match=r"Multiply takes 2 inputs \(x, y\); got 1"):
        bp.MulLayer().forward(1.0)
    with pytest.raises(bp.GraphError, match=r"SoftmaxWithLoss takes 2 inputs \(z, t\); got 1"):
        bp.SoftmaxWithLoss().forward(np.ones((2, 3)))


def test_a_layer_names_shapes_that_do_not_fit():
    with pytest.raises(bp.ShapeError, match=r"Add\.forward: .* got x \(2, 3\), y \(2,\)"):
        bp.AddLayer().forward(np.ones((2, 3)), np.ones(2))
    with pytest.raises(bp.ShapeError, match=r"got W \(2, 3\), b \(2,\)"):
        bp.Affine(np.ones((2, 3)), np.ones(2))
    with pytest.raises(bp.ShapeError, match=r"got x \(5, 4\), W \(2, 3\), b \(3,\)"):
        bp.Affine(np.ones((2, 3)), np.ones(3)).forward(np.ones((5, 2, 2)))


def test_float32_stays_float32_through_every_layer():
    f = np.float32
    affine, loss = bp.Affine(np.ones((2, 3), f), np.ones(3, f)), bp.SoftmaxWithLoss()
    layers = [affine, bp.Relu(), bp.Sigmoid(), bp.Tanh()]
    x = np.ones((4, 2), f)
    for layer in layers:
        x = layer.forward(x)
    assert loss.forward(x, np.zeros(4, int)).dtype == f
    upstream = loss.backward()
    for layer in reversed(layers):
        upstream = layer.backward(upstream)
        assert upstream.dtype == f
    assert {gradient.dtype for gradient in affine.grads.values()} == {np.dtype(f)}


def test_no_images_at_all_are_no_rows():
    layer = bp.Affine(np.ones((12, 3)), np.zeros(3))
    assert layer.forward(np.ones((0, 3, 2, 2))).shape == (0, 3)
    assert layer.backward(np.ones((0, 3))).shape == (0, 3, 2, 2)
    np.testing.assert_array_equal(layer.dW, np.zeros((12, 3)))
