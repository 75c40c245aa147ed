"""Layers in a row, branches around them, and a loss at the end: any layers, on arrays and on nodes."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import bplib as bp


def random(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def affine(n_in, n_out, seed=0):
    return bp.Affine(0.5 * random(n_in, n_out, seed=seed), 0.1 * random(n_out, seed=seed + 1))


def deep(seed=0):
    """4 → 5 → (5 → 6 → 5) → (5 → 3, with a shortcut) → 3."""
    inner = bp.Residual(affine(5, 6, seed + 1), bp.tanh, affine(6, 5, seed + 2))
    outer = bp.Residual([affine(5, 3, seed + 3), bp.Sigmoid()], shortcut=affine(5, 3, seed + 4))
    return bp.Network([affine(4, 5, seed), bp.Relu(), inner, outer])


def deep_loss(p, x, t):
    """The same network, written for HIPS autograd."""
    h = anp.maximum(anp.dot(x, p["W1"]) + p["b1"], 0)
    h = h + anp.dot(anp.tanh(anp.dot(h, p["W2"]) + p["b2"]), p["W3"]) + p["b3"]
    z = 1 / (1 + anp.exp(-anp.dot(h, p["W4"]) - p["b4"])) + anp.dot(h, p["W5"]) + p["b5"]
    return anp.mean(anp.log(anp.sum(anp.exp(z), axis=1)) - z[np.arange(len(t)), t])


X, T = random(7, 4), np.array([0, 2, 1, 1, 0, 2, 2])


def assert_close(got, wanted, rtol=1e-10):
    assert list(got) == list(wanted)
    for name in wanted:
        np.testing.assert_allclose(got[name], wanted[name], rtol=rtol, atol=1e-14)


# ------------------------------------------------------------------------------------- any layers


@pytest.mark.parametrize("seed", [0, 10, 20])
def test_a_network_with_branches_has_the_gradients_of_autograd(seed):
    net = deep(seed)
    assert list(net.params) == [f"{kind}{k}" for k in range(1, 6) for kind in "Wb"]
    wanted = grad(deep_loss)(dict(net.params), X, T)
    loss, got = net.loss_and_gradient(X, T)
    assert loss == pytest.approx(deep_loss(dict(net.params), X, T), rel=1e-12)
    assert_close(got, wanted)
    assert bp.check_network(net, X, T).ok


@pytest.mark.parametrize("seed", [0, 10, 20])
def test_a_network_gives_the_gradient_of_its_input(seed):
    net = deep(seed)
    wanted = grad(deep_loss, 1)(dict(net.params), X, T)
    np.testing.assert_allclose(net.input_gradient(X, T), wanted, rtol=1e-10, atol=1e-14)
    net.loss(X, T)
    np.testing.assert_allclose(net.backward(net.last_layer.backward()), wanted, rtol=1e-10, atol=1e-14)
    images = bp.TwoLayerNet(12, 5, 3, weight_init_std=0.5)
    assert images.input_gradient(random(7, 3, 2, 2), T).shape == (7, 3, 2, 2)


def test_layers_in_a_row_are_a_layer():
    row = bp.Sequential(affine(3, 4), bp.Relu(), affine(4, 2, seed=5))
    x, upstream = random(6, 3), random(6, 2)
    assert list(row.layers) == ["Affine1", "Relu1", "Affine2"]
    a = np.maximum(x @ row.params["W1"] + row.params["b1"], 0)
    np.testing.assert_allclose(row(x), a @ row.params["W2"] + row.params["b2"], rtol=1e-12)
    delta = upstream @ row.params["W2"].T * (a > 0)
    np.testing.assert_allclose(row.backward(upstream), delta @ row.params["W1"].T, rtol=1e-12)
    wanted = {"W1": x.T @ delta, "b1": delta.sum(axis=0), "W2": a.T @ upstream, "b2": upstream.sum(axis=0)}
    assert_close(row.grads, wanted)


def test_no_layer_at_all_changes_nothing():
    nothing = bp.Sequential()
    assert nothing.forward(X) is X and nothing.backward(X) is X and not nothing.params


def test_a_branch_sends_the_gradient_back_as_it_is():
    block = bp.Residual(bp.tanh)
    x, upstream = random(3, 5), random(3, 5, seed=1)
    np.testing.assert_allclose(block.forward(x), x + np.tanh(x))
    np.testing.assert_allclose(block.backward(upstream), upstream * (2 - np.tanh(x) ** 2))


def test_a_branch_needs_the_shape_that_it_joins():
    with pytest.raises(
        bp.ShapeError, match=r"Residual: .* or else a shortcut .* layers \(7, 1\), branch \(7, 4\)"
    ):
        bp.Residual(affine(4, 1)).forward(X)
    with pytest.raises(bp.ShapeError, match="Residual"):
        bp.Residual(affine(4, 1)).forward(bp.Node(X))


def test_names_may_be_given_and_are_counted_where_they_are_not():
    named = bp.Network({"first": affine(4, 5), "bend": bp.Tanh(), "last": affine(5, 3)})
    assert list(named.layers) == ["first", "bend", "last"]
    assert list(bp.Network([bp.relu, bp.Relu(), bp.tanh]).layers) == ["Relu1", "Relu2", "Tanh1"]
    assert named.params["W2"] is named.layers["last"].W


def test_a_rule_of_your_own_is_copied_for_each_place():
    class Cube:
        def forward(self, x):
            self.x = x
            return x**3

        def backward(self, upstream):
            return upstream * 3 * self.x**2

    cube, x = Cube(), random(4, 3)
    row = bp.Sequential(cube, cube)
    np.testing.assert_allclose(row.forward(x), x**9)
    np.testing.assert_allclose(row.backward(np.ones((4, 3))), 9 * x**8)
    with pytest.raises(bp.GraphError, match="one Cube stands at two places"):
        bp.Sequential(bp.Layer(cube), bp.Layer(cube))


def test_one_memory_at_two_places_is_refused():
    relu, W, flat = bp.Relu(), random(4, 4), random(32)
    with pytest.raises(bp.GraphError, match="one Relu stands at two places"):
        bp.Sequential(affine(4, 4), relu, affine(4, 4), relu)
    with pytest.raises(bp.GraphError, match="one Relu stands at two places"):
        bp.Network([affine(4, 4), relu, bp.Residual(relu)])
    with pytest.raises(bp.GraphError, match="W of Affine and W of Affine are one array"):
        bp.Sequential(bp.Affine(W, np.zeros(4)), bp.Affine(W, np.ones(4)))
    with pytest.raises(bp.GraphError, match="W of Affine and W of Affine are one array"):
        bp.Network([bp.Affine(W, np.zeros(4)), bp.Affine(W.T, np.ones(4))])
    halves = [bp.Affine(half.reshape(4, 4), np.zeros(4)) for half in (flat[:16], flat[16:])]
    assert bp.Sequential(*halves).forward(X).shape == (7, 4)


def test_saved_networks_of_any_layers_are_loaded(tmp_path):
    net, other = deep(0), deep(10)
    net.save(tmp_path / "net.npz")
    other.load(tmp_path / "net.npz")
    assert np.array_equal(net.predict(X), other.predict(X))


@pytest.mark.parametrize(
    "twin",
    [
        copy.deepcopy,
        lambda net: pickle.loads(pickle.dumps(net)),  # noqa: S301
    ],
)
def test_a_copy_of_a_network_is_a_network_of_its_own(twin):
    net = deep()
    other = twin(net)
    wanted = net.gradient(X, T)
    net.params["W1"] -= 1.0
    assert_close(other.gradient(X, T), wanted, rtol=0)
    other.layers["Affine1"].params["b"] += 1.0
    assert np.array_equal(other.params["b1"], net.params["b1"] + 1.0)


def test_networks_of_any_layers_learn():
    rng = np.random.default_rng(0)
    t = np.arange(60) % 3
    x = np.eye(4)[t] + rng.normal(0, 0.2, (60, 4))
    history = bp.train(deep(), x, t, epochs=60, progress=False)
    assert history.loss[-1] < 0.1 < 0.8 < history.loss[0]


# ------------------------------------------------------------------------------------ layers on nodes


@pytest.mark.parametrize(
    "make", [deep, lambda: bp.MLP((4, 5, 3), bp.tanh), lambda: bp.Network([affine(4, 3)])]
)
def test_a_network_is_a_graph_when_one_asks(make):
    net = make()
    trace = bp.record(lambda x: net.loss(x, T), x=X)
    wanted = net.gradient(X, T)
    assert_close({name: trace.gradient[name] for name in wanted}, wanted, rtol=1e-12)
    np.testing.assert_allclose(trace.gradient["x"], net.input_gradient(X, T), rtol=1e-12)
    scores = net.predict(bp.Node(X))
    assert isinstance(scores, bp.Node)
    np.testing.assert_allclose(scores.value, net.predict(X), rtol=1e-14)


def test_parameters_can_be_given_in_place_of_a_networks_own():
    net = deep()
    W, before = random(5, 6, seed=3), net.params["W2"].copy()
    wanted = grad(lambda W: deep_loss(dict(net.params) | {"W2": W}, X, T))(W)
    got = bp.grad(lambda W: net.loss(X, T, params={"W2": W}))(W)
    np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-14)
    assert net.loss(X, T, params={"W2": W}) == pytest.approx(deep_loss(dict(net.params) | {"W2": W}, X, T))
    assert np.array_equal(net.params["W2"], before)
    with pytest.raises(bp.InputError, match="no parameter 'V2'; there are W1, b1"):
        net.predict(X, params={"V2": W})


def test_one_layer_at_two_places_of_a_graph_is_right():
    layer, x = affine(3, 3), random(5, 3)

    def twice(x, W, b):
        return anp.sum((anp.dot(anp.dot(x, W) + b, W) + b) ** 2)

    got = bp.grad(lambda x: np.sum(layer(layer(x)) ** 2))(x)
    np.testing.assert_allclose(got, grad(twice)(x, layer.W, layer.b), rtol=1e-10)
    relu = bp.Relu()
    shifted = random(5, 3, seed=2)
    got = bp.grad(lambda x: np.sum(relu(x) * relu(x + shifted)))(x)
    wanted = grad(lambda x: anp.sum(anp.maximum(x, 0) * anp.maximum(x + shifted, 0)))(x)
    np.testing.assert_allclose(got, wanted, rtol=1e-12)


@pytest.mark.parametrize("layer", [bp.Relu, bp.Sigmoid, bp.Tanh])
def test_what_was_remembered_is_forgotten_when_a_layer_joins_a_graph(layer):
    layer = layer()
    layer.forward(X)
    layer(bp.Node(2 * X))
    with pytest.raises(bp.GraphError, match="backward needs a forward pass before it"):
        layer.backward(X)


# --------------------------------------------------------------------------------------------- threads


@pytest.mark.parametrize("make", [deep, lambda: bp.MLP((4, 30, 20, 3)), lambda: bp.TwoLayerNet(4, 50, 3)])
def test_every_thread_gets_the_gradient_of_its_own_batch(make):
    net = make()
    batches = [(random(40, 4, seed=seed), np.arange(40) % 3) for seed in range(200)]
    wanted = [net.gradient(*batch) for batch in batches]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda batch: net.gradient(*batch), batches))
    for got, right in zip(found, wanted, strict=True):
        assert_close(got, right, rtol=0)
