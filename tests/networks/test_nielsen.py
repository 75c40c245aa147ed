"""BP1–BP4 in rows and in columns: against the trace, against autograd, against hand-worked numbers."""

import math
from itertools import pairwise

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import bplib as bp
from bplib import gates, nielsen
from bplib.errors import InputError, ShapeError
from bplib.networks.network import MLP

N = 7
SIZES = ([3, 2], [3, 4, 2], [4, 2, 3, 5], [2, 5, 3, 4, 6], [3, 4, 4, 4, 2])
COSTS = {
    "quadratic": (nielsen.quadratic_delta, gates.quadratic_cost, lambda z, a, y: anp.sum((a - y) ** 2) / 2),
    "cross-entropy": (
        nielsen.cross_entropy_delta,
        gates.sigmoid_cross_entropy,
        lambda z, a, y: -anp.sum(y * anp.log(a) + (1 - y) * anp.log(1 - a)),
    ),
}
each_size = pytest.mark.parametrize("sizes", SIZES, ids=str)
each_cost = pytest.mark.parametrize("cost", COSTS)


def random_network(sizes, rng, n=N):
    """x, y and params in rows; y lies between 0 and 1."""
    params = {}
    for l, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        params |= {f"W{l}": rng.normal(size=(n_in, n_out)), f"b{l}": rng.normal(size=n_out)}
    return rng.normal(size=(n, sizes[0])), rng.uniform(size=(n, sizes[-1])), params


def depth_of(params):
    return len(params) // 2


def traced(x, y, params, cost, activation=bp.sigmoid, output=bp.sigmoid):
    """The trace of the same network as a graph, its nodes named z1, a1, z2 …"""
    _, gate, _ = COSTS[cost]

    def C(x, **params):
        a = x
        for l in range(1, depth_of(params) + 1):
            z = bp.apply(gates.affine, a, params[f"W{l}"], params[f"b{l}"], name=f"z{l}")
            if l == depth_of(params) and cost == "cross-entropy":
                return bp.apply(gate, z, y)
            a = bp.apply(output if l == depth_of(params) else activation, z, name=f"a{l}")
        return bp.apply(gate, a, y)

    return bp.record(C, x=x, **params)


def by_autograd(x, y, params, cost):
    """The gradient of the mean cost, written a second time and differentiated by somebody else."""
    _, _, cost_of_all = COSTS[cost]

    def C(params):
        a = x
        for l in range(1, depth_of(params) + 1):
            z = anp.dot(a, params[f"W{l}"]) + params[f"b{l}"]
            a = 1 / (1 + anp.exp(-z))
        return cost_of_all(z, a, y) / len(x)

    return grad(C)(params)


def columns_of(x, y):
    return list(zip(nielsen.samples_to_columns(x), nielsen.samples_to_columns(y), strict=True))


def nielsens(params, cost, rng):
    sizes = [len(params["W1"])] + [len(params[f"b{l}"]) for l in range(1, depth_of(params) + 1)]
    network = nielsen.Network(sizes, rng, COSTS[cost][0])
    network.biases, network.weights = nielsen.params_to_columns(params)
    return network


def far_apart(got, wanted):
    """Do two dicts of arrays differ beyond doubt?"""
    size = max(np.abs(x).max() for x in wanted.values())
    return any(np.abs(got[name] - wanted[name]).max() > 1e-3 * size for name in wanted)


def assert_all_close(got, wanted, rtol=1e-11):
    assert set(got) == set(wanted)
    for name in wanted:
        assert got[name].shape == wanted[name].shape
        np.testing.assert_allclose(got[name], wanted[name], rtol=rtol, atol=rtol * np.abs(wanted[name]).max())


# --------------------------------------------------------------------- equality with the engine and autograd


@each_size
@each_cost
def test_delta_is_the_gradient_at_the_node_z_of_the_trace(sizes, cost, rng):
    x, y, params = random_network(sizes, rng)
    values = nielsen.forward(x, params)
    delta = nielsen.deltas(values, params, y, COSTS[cost][0])
    trace = traced(x, y, params, cost)
    assert list(delta) == list(range(1, len(sizes)))
    assert_all_close(delta, {l: trace.gradient[f"z{l}"] for l in delta})
    assert_all_close(delta, nielsen.read_deltas(trace))


@each_size
def test_z_and_a_of_the_forward_pass_are_the_values_of_the_trace(sizes, rng):
    x, y, params = random_network(sizes, rng)
    values, trace = nielsen.forward(x, params), traced(x, y, params, "quadratic")
    assert list(values) == ["a0"] + [f"{kind}{l}" for l in range(1, len(sizes)) for kind in "za"]
    np.testing.assert_array_equal(values.pop("a0"), x)
    assert_all_close(values, {name: trace.value[name] for name in values})


@each_size
@each_cost
def test_backprop_of_a_mini_batch_is_the_gradient_of_the_trace_and_of_autograd(sizes, cost, rng):
    x, y, params = random_network(sizes, rng)
    gradient = nielsen.backprop(x, y, params, COSTS[cost][0])
    trace = traced(x, y, params, cost)
    assert_all_close(gradient, {name: trace.gradient[name] for name in params})
    assert_all_close(gradient, by_autograd(x, y, params, cost))


@each_size
@each_cost
def test_the_mean_of_nielsens_per_example_backprop_is_the_matrix_form(sizes, cost, rng):
    x, y, params = random_network(sizes, rng)
    network = nielsens(params, cost, rng)
    one_by_one = [nielsen.params_to_rows(*network.backprop(*pair)) for pair in columns_of(x, y)]
    mean = {name: sum(each[name] for each in one_by_one) / N for name in params}
    assert_all_close(mean, nielsen.backprop(x, y, params, COSTS[cost][0]))


@each_size
@each_cost
def test_a_step_on_a_mini_batch_is_the_same_in_columns_and_in_rows(sizes, cost, rng):
    x, y, params = random_network(sizes, rng)
    network = nielsens(params, cost, rng)
    network.update_mini_batch(columns_of(x, y), eta=0.3)
    in_rows = nielsen.update_mini_batch(x, y, params, eta=0.3, output_delta=COSTS[cost][0])
    assert_all_close(nielsen.params_to_rows(network.biases, network.weights), in_rows)
    assert far_apart(in_rows, params)


@each_size
def test_both_forms_give_the_same_answer_to_every_example(sizes, rng):
    x, _, params = random_network(sizes, rng)
    network = nielsens(params, "quadratic", rng)
    answers = [network.feedforward(column) for column in nielsen.samples_to_columns(x)]
    in_rows = nielsen.forward(x, params)[f"a{depth_of(params)}"]
    np.testing.assert_allclose(nielsen.samples_to_rows(answers), in_rows, rtol=1e-13)


@pytest.mark.parametrize("activation", [bp.tanh, bp.relu], ids=lambda gate: gate.name)
def test_hidden_layers_may_have_another_activation(activation, rng):
    x, y, params = random_network([4, 3, 5, 2], rng)
    gradient = nielsen.backprop(x, y, params, activation=activation)
    trace = traced(x, y, params, "quadratic", activation)
    assert_all_close(gradient, {name: trace.gradient[name] for name in params})


def test_softmax_outputs_have_the_delta_of_cross_entropy(rng):
    x, y, params = random_network([4, 3, 5], rng)
    y = y / y.sum(axis=1, keepdims=True)

    def C(x, W1, b1, W2, b2):
        z1 = gates.affine(x, W1, b1)
        z2 = gates.affine(bp.sigmoid(z1), W2, b2)
        return gates.softmax_with_loss(z2, y)

    trace = bp.record(C, x=x, **params)
    gradient = nielsen.backprop(x, y, params, nielsen.cross_entropy_delta, output=gates.softmax)
    assert_all_close(gradient, {name: trace.gradient[name] for name in params})


def test_the_four_equations_are_the_sums_over_indices_of_the_book(rng):
    n, n_in, n_out, n_next = 2, 3, 4, 5
    delta_next, W_next = rng.normal(size=(n, n_next)), rng.normal(size=(n_out, n_next))
    a, slope, delta = rng.normal(size=(n, n_in)), rng.normal(size=(n, n_out)), rng.normal(size=(n, n_out))
    out, back = np.zeros((n, n_out)), np.zeros((n, n_out))
    db, dW = np.zeros(n_out), np.zeros((n_in, n_out))
    for x in range(n):
        for j in range(n_out):
            out[x, j] = delta[x, j] * slope[x, j]
            back[x, j] = sum(W_next[j, k] * delta_next[x, k] for k in range(n_next)) * slope[x, j]
            db[j] += delta[x, j]
            for k in range(n_in):
                dW[k, j] += a[x, k] * delta[x, j]
    np.testing.assert_allclose(bp.bp1(delta, slope), out, rtol=1e-15)
    np.testing.assert_allclose(bp.bp2(delta_next, W_next, slope), back, rtol=1e-13)
    np.testing.assert_allclose(bp.bp3(delta), db, rtol=1e-13)
    np.testing.assert_allclose(bp.bp4(a, delta), dW, rtol=1e-13)


NETWORKS = {
    "quadratic": ({"loss": gates.quadratic_cost, "output": gates.sigmoid}, {}),
    "cross-entropy": ({"loss": gates.sigmoid_cross_entropy}, {"output_delta": nielsen.cross_entropy_delta}),
    "softmax": (
        {"loss": gates.softmax_with_loss},
        {"output_delta": nielsen.cross_entropy_delta, "output": gates.softmax},
    ),
}


@each_size
@pytest.mark.parametrize("cost", NETWORKS)
@pytest.mark.parametrize("activation", [gates.sigmoid, gates.tanh], ids=lambda gate: gate.name)
def test_the_gradients_are_those_of_the_network_of_layers(sizes, cost, activation, rng):
    x, y, params = random_network(sizes, rng)
    y = y / y.sum(axis=1, keepdims=True)
    of_layers, of_equations = NETWORKS[cost]
    network = MLP(sizes, activation, **of_layers)
    network.params.update(params)
    assert_all_close(
        nielsen.backprop(x, y, network.params, activation=activation, **of_equations),
        network.gradient(x, y),
    )


# ------------------------------------------------------------------------------------- hand-worked numbers

W1, W2, X, Y = [[2.0, -1.0], [-1.0, 0.5]], [[1.0, -3.0]], [[1.0], [2.0]], [[0.0]]


@pytest.fixture
def example():
    """The exact example of the lesson: every z is 0, every a one half."""
    network = nielsen.Network([2, 2, 1], np.random.default_rng(0))
    network.weights = [np.array(W1), np.array(W2)]
    network.biases = [np.zeros((2, 1)), np.ones((1, 1))]
    return network


def test_the_exact_example_in_columns(example):
    nabla_b, nabla_w = example.backprop(np.array(X), np.array(Y))
    assert example.feedforward(np.array(X)) == 0.5
    assert [b.tolist() for b in nabla_b] == [[[0.03125], [-0.09375]], [[0.125]]]
    assert [w.tolist() for w in nabla_w] == [[[0.03125, 0.0625], [-0.09375, -0.1875]], [[0.0625, 0.0625]]]


def test_the_exact_example_in_rows(example):
    params = nielsen.params_to_rows(example.biases, example.weights)
    x, y = nielsen.samples_to_rows([X]), nielsen.samples_to_rows([Y])
    values = nielsen.forward(x, params)
    assert values["z1"].tolist() == [[0.0, 0.0]] and values["z2"].tolist() == [[0.0]]
    assert gates.quadratic_cost(values["a2"], y) == 0.125
    delta = nielsen.deltas(values, params, y)
    assert delta[2].tolist() == [[0.125]] and delta[1].tolist() == [[0.03125, -0.09375]]
    gradient = nielsen.backprop(x, y, params)
    assert gradient["W2"].tolist() == [[0.0625], [0.0625]]
    assert gradient["W1"].tolist() == [[0.03125, -0.09375], [0.0625, -0.1875]]


def test_a_small_delta_is_not_near_the_optimum():
    z = 2 * 1 + 2.0
    a = bp.sigmoid(z)
    assert round(a, 3) == 0.982
    assert round(nielsen.quadratic_delta(z, a, 0.0), 4) == 0.0173
    assert round(nielsen.cross_entropy_delta(z, a, 0.0), 3) == 0.982


def test_the_slope_cancels_from_cross_entropy(rng):
    z, y = rng.normal(size=(3, 4)), rng.uniform(size=(3, 4))
    a = bp.sigmoid(z)
    by_hand = nielsen.bp1(nielsen.cross_entropy_derivative(a, y), nielsen.slope(z))
    np.testing.assert_allclose(nielsen.cross_entropy_delta(z, a, y), by_hand, rtol=1e-12)


@pytest.mark.parametrize(
    ("derivative", "cost"),
    [
        (nielsen.quadratic_derivative, lambda a, y: (a - y) ** 2 / 2),
        (nielsen.cross_entropy_derivative, lambda a, y: -(y * math.log(a) + (1 - y) * math.log(1 - a))),
    ],
)
def test_the_derivative_of_a_cost_is_its_central_difference(derivative, cost):
    for a, y in [(0.2, 0.0), (0.7, 1.0), (0.4, 0.9)]:
        central = (cost(a + 1e-6, y) - cost(a - 1e-6, y)) / 2e-6
        assert derivative(a, y) == pytest.approx(central, rel=1e-8)


def test_the_slope_is_that_of_the_gate_and_a_quarter_at_most():
    assert nielsen.slope(0.0) == 0.25
    assert nielsen.slope([-1.0, 2.0], bp.relu).tolist() == [0.0, 1.0]
    assert nielsen.slope(2.0, bp.tanh) == pytest.approx(1 / math.cosh(2.0) ** 2, rel=1e-12)


# ---------------------------------------------------------------------------------- mistakes are not equal


SLOPE = nielsen.slope


def bp2_without_transposing(delta_next, W_next, slope):
    return (delta_next @ W_next) * slope


def slope_at_a(z, activation=gates.sigmoid):
    return SLOPE(activation.forward(z), activation)


def shifted(deltas):
    """BP2 with the weights of layer l where those of layer l + 1 belong."""

    def wrong(values, params, y, output_delta, activation):
        below = {f"W{l + 1}": params[f"W{l}"] for l in range(1, depth_of(params))}
        return deltas(values, params | below, y, output_delta, activation)

    return wrong


def summed(deltas):
    def wrong(values, *rest):
        return {l: delta * len(values["a0"]) for l, delta in deltas(values, *rest).items()}

    return wrong


MISTAKES = {
    "W not transposed in BP2": ("bp2", bp2_without_transposing),
    "the half forgotten": ("quadratic_derivative", lambda a, y: 2 * (a - y)),
    "summed, not averaged": ("deltas", summed(nielsen.deltas)),
    "l renumbered": ("deltas", shifted(nielsen.deltas)),
    "σ'(a) for σ'(z)": ("slope", slope_at_a),
    "σ' forgotten in BP1": ("bp1", lambda cost_gradient, slope: cost_gradient),
    "σ' forgotten in BP2": ("bp2", lambda delta_next, W_next, slope: delta_next @ W_next.T),
    "a of the same layer in BP4": ("bp4", lambda a_previous, delta: bp.sigmoid(a_previous).T @ delta),
    "averaged again in BP3": ("bp3", lambda delta: delta.mean(axis=0)),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("seed", range(5))
def test_a_mistake_in_the_equations_shows_on_a_random_network(mistake, seed, monkeypatch):
    x, y, params = random_network([4, 4, 4, 4], np.random.default_rng(seed))  # square: shapes betray nothing
    wanted = by_autograd(x, y, params, "quadratic")
    assert not far_apart(nielsen.backprop(x, y, params), wanted)
    monkeypatch.setattr(nielsen.rows, *MISTAKES[mistake])
    assert far_apart(nielsen.backprop(x, y, params), wanted)


def test_a_step_that_sums_where_nielsen_averages_is_n_times_as_long(rng):
    x, y, params = random_network([3, 4, 2], rng)
    network, ours = nielsens(params, "quadratic", rng), nielsen.backprop(x, y, params)
    network.update_mini_batch(columns_of(x, y), eta=1.0)
    moved = {
        name: params[name] - new
        for name, new in nielsen.params_to_rows(network.biases, network.weights).items()
    }
    assert_all_close(moved, ours, rtol=1e-9)
    assert far_apart(moved, {name: N * gradient for name, gradient in ours.items()})


# ------------------------------------------------------------------------------------- rows and columns


def test_the_translation_has_the_shapes_of_both_forms_and_comes_back(rng):
    x, _, params = random_network([3, 4, 2], rng)
    biases, weights = nielsen.params_to_columns(params)
    assert [w.shape for w in weights] == [(4, 3), (2, 4)] and [b.shape for b in biases] == [(4, 1), (2, 1)]
    assert weights[0][1, 2] == params["W1"][2, 1]
    assert_all_close(nielsen.params_to_rows(biases, weights), params, rtol=0)
    columns = nielsen.samples_to_columns(x)
    assert len(columns) == N and {column.shape for column in columns} == {(3, 1)}
    np.testing.assert_array_equal(nielsen.samples_to_rows(columns), x)


def test_a_translation_shares_no_memory_with_what_it_was_made_from(rng):
    x, _, params = random_network([3, 4, 2], rng)
    biases, weights = nielsen.params_to_columns(params)
    back, columns = nielsen.params_to_rows(biases, weights), nielsen.samples_to_columns(x)
    for made, origin in [(biases[0], params["b1"]), (weights[0], params["W1"]), (back["W1"], weights[0]),
                         (back["b1"], biases[0]), (columns[0], x)]:  # fmt: skip
        assert not np.shares_memory(made, origin)


def test_a_formula_in_columns_is_the_transpose_of_the_one_in_rows(rng):
    delta_next, W, slope, a = (rng.normal(size=shape) for shape in [(1, 5), (4, 5), (1, 4), (1, 4)])
    w = W.T
    np.testing.assert_allclose(
        nielsen.bp2(delta_next, W, slope).T, (w.T @ delta_next.T) * slope.T, rtol=1e-14
    )
    np.testing.assert_allclose(nielsen.bp4(a, delta_next).T, delta_next.T @ a, rtol=1e-14)


# ------------------------------------------------------------------------------- arguments, good and bad


def test_nothing_given_is_changed(rng):
    x, y, params = random_network([3, 4, 2], rng)
    for array in [x, y, *params.values()]:
        array.flags.writeable = False  # writing raises
    nielsen.update_mini_batch(x, y, params, eta=0.1)
    pairs = columns_of(x, y)
    for array in [array for pair in pairs for array in pair]:
        array.flags.writeable = False
    network = nielsens(params, "quadratic", rng)
    before = [network.weights[0], network.weights[0].copy()]
    network.update_mini_batch(pairs, eta=0.1)
    np.testing.assert_array_equal(*before)


def test_float32_stays_float32(rng):
    x, y, params = random_network([3, 4, 2], rng)
    params = {name: value.astype(np.float32) for name, value in params.items()}
    gradient = nielsen.backprop(x.astype(np.float32), y.astype(np.float32), params)
    assert {value.dtype for value in gradient.values()} == {np.dtype(np.float32)}


@each_cost
def test_saturated_networks_are_finite_and_free_of_warnings(cost, rng):
    x, y, params = random_network([3, 4, 2], rng)
    gradient = nielsen.backprop(1000 * x, np.round(y), params, COSTS[cost][0])
    assert all(np.isfinite(value).all() for value in gradient.values())


def test_lists_and_whole_numbers_will_do():
    assert net().feedforward([[1], [2], [3]]).shape == (2, 1)
    assert nielsen.bp4([[1, 2]], [[3, 4, 5]]).tolist() == [[3.0, 4.0, 5.0], [6.0, 8.0, 10.0]]
    assert nielsen.backprop([[1, 2]], [[0]], {"W1": [[1], [1]], "b1": [0]})["W1"].shape == (2, 1)


def a(*shape):
    return np.ones(shape)


PARAMS = {"W1": a(4, 2), "b1": a(2)}


def net():
    return nielsen.Network([3, 2], np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bp.bp1(a(3, 4), a(4, 3)),
         r"bp1: needs cost_gradient and slope of one shape; got cost_gradient \(3, 4\), slope \(4, 3\)"),
        (lambda: bp.bp1(a(3, 4), a(4)), r"cost_gradient \(3, 4\), slope \(4,\)"),
        (lambda: bp.bp2(a(3, 5), a(5, 4), a(3, 4)),
         r"bp2: needs delta_next \(N, n_next\), W_next \(n, n_next\), slope \(N, n\); "
         r"got delta_next \(3, 5\), W_next \(5, 4\), slope \(3, 4\)"),
        (lambda: bp.bp2(a(3, 5), a(4, 5), a(2, 4)), r"slope \(2, 4\)"),
        (lambda: bp.bp3(a(4)), r"bp3: needs delta \(N, n\); got delta \(4,\)"),
        (lambda: bp.bp4(a(3, 2), a(4, 5)), r"bp4: needs a_previous \(N, n_in\), delta \(N, n_out\)"),
        (lambda: bp.bp4(a(3, 2), a(4, 5)), r"got a_previous \(3, 2\), delta \(4, 5\)"),
        (lambda: bp.bp4(a(3), a(3, 5)), r"a_previous \(3,\), delta \(3, 5\)"),
        (lambda: nielsen.forward(a(3), PARAMS), r"forward: needs x \(N, D\); got x \(3,\)"),
        (lambda: nielsen.forward(a(3, 4), PARAMS | {"W2": a(3, 2), "b2": a(2)}),
         r"got a1 \(3, 2\), W2 \(3, 2\), b2 \(2,\)"),
        (lambda: nielsen.forward(a(3, 4), PARAMS | {"b1": a(1, 2)}), r"W1 \(4, 2\), b1 \(1, 2\)"),
        (lambda: nielsen.backprop(a(3, 4), a(3), PARAMS), r"a \(3, 2\), y \(3,\)"),
        (lambda: nielsen.samples_to_columns(a(3)), r"X \(N, D\); got X \(3,\)"),
        (lambda: nielsen.samples_to_rows([a(3, 1), a(4, 1)]),
         r"columns\[0\] \(3, 1\), columns\[1\] \(4, 1\)"),
        (lambda: nielsen.samples_to_rows([a(1, 3)]), r"columns\[0\] \(D, 1\); got columns\[0\] \(1, 3\)"),
        (lambda: nielsen.params_to_columns(PARAMS | {"b1": a(3)}), r"got W1 \(4, 2\), b1 \(3,\)"),
        (lambda: nielsen.params_to_rows([a(2, 1)], [a(3, 4)]), r"got b1 \(2, 1\), w1 \(3, 4\)"),
        (lambda: net().backprop(a(3), a(2, 1)), r"backprop: x must be a column \(3, 1\); got x \(3,\)"),
        (lambda: net().backprop(a(3, 1), a(1, 2)), r"y must be a column \(2, 1\); got y \(1, 2\)"),
        (lambda: net().feedforward(a(2, 1)), r"feedforward: a must be a column \(3, 1\); got a \(2, 1\)"),
    ],
)  # fmt: skip
def test_a_shape_error_names_every_argument_with_its_shape(call, message):
    with pytest.raises(ShapeError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bp.bp1([[1.0, math.nan]], a(1, 2)), r"bp1: cost_gradient\[0, 1\] is NaN"),
        (lambda: bp.bp3([[1.0, math.inf]]), "bp3: delta is infinite"),
        (lambda: bp.bp3(a(0, 4)), r"bp3: delta is empty, of shape \(0, 4\)"),
        (lambda: bp.bp4([["a"]], a(1, 2)), "bp4: a_previous must be made of real numbers"),
        (lambda: bp.bp4(a(1, 2), [[1j]]), "bp4: delta must be made of real numbers"),
        (lambda: nielsen.backprop(a(0, 4), a(0, 2), PARAMS), r"forward: x is empty, of shape \(0, 4\)"),
        (lambda: nielsen.forward(a(3, 4), {"W1": a(4, 2)}), "params must hold W1, b1.*got W1"),
        (lambda: nielsen.forward(a(3, 4), {}), "got nothing"),
        (lambda: nielsen.forward(a(3, 4), PARAMS | {"W3": a(2, 2), "b3": a(2)}),
         "without a gap; got W1, b1, W3, b3"),
        (lambda: nielsen.cross_entropy_derivative([0.5, 1.0], [0.0, 1.0]), "a must lie between 0 and 1"),
        (lambda: net().update_mini_batch([], 0.1), "mini_batch is empty"),
        (lambda: net().update_mini_batch([(a(3, 1), a(2, 1))], math.nan), "update_mini_batch: eta is NaN"),
        (lambda: nielsen.update_mini_batch(a(3, 4), a(3, 2), PARAMS, math.inf), "eta is infinite"),
        (lambda: net().backprop(a(3, 1), [[1.0], [math.nan]]), r"backprop: y\[1, 0\] is NaN"),
        (lambda: nielsen.params_to_rows([a(2, 1)], []), "every layer has biases and weights; got 1 and 0"),
        (lambda: nielsen.samples_to_rows([]), "columns is empty"),
        (lambda: nielsen.read_deltas(bp.record(lambda x: x * x, x=3.0)), "no gradient at z1"),
        (lambda: nielsen.multiplications([784]), r"two or more whole numbers from 1 on; got \[784\]"),
        (lambda: nielsen.multiplications([3, 0, 2]), r"got \[3, 0, 2\]"),
        (lambda: nielsen.chain_multiplications([3, 2.5]), r"got \[3, 2.5\]"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_name(call, message):
    with pytest.raises(InputError, match=message):
        call()


# ---------------------------------------------------------------------------------------- what it costs


def counted(sizes):
    """The same three counts, by going through every product of two numbers."""
    counts = {"forward": 0, "bp2": 0, "bp4": 0}
    for l, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        for _ in range(n_in):
            for _ in range(n_out):
                counts["forward"] += 1  # a[k] · W[k, j]
                counts["bp2"] += l > 1  # W[k, j] · δ[j], for the layer below, where there is one
                counts["bp4"] += 1  # a[k] · δ[j]
    return tuple(counts.values())


@pytest.mark.parametrize("sizes", [[2, 3], [3, 2, 4], [4, 2, 3, 5]], ids=str)
def test_multiplications_are_those_of_the_loops(sizes):
    assert tuple(nielsen.multiplications(sizes)) == counted(sizes)


def test_a_wide_input_costs_two_forward_passes_and_equal_layers_nearly_three():
    assert tuple(nielsen.multiplications([784, 30, 10])) == (23820, 300, 23820)
    assert round(nielsen.multiplications([784, 30, 10]).times_forward, 2) == 2.01
    assert nielsen.multiplications([50] * 8).times_forward == pytest.approx(3 - 1 / 7, rel=1e-12)


def test_from_the_loss_the_chain_of_jacobians_is_cheap_and_from_the_input_dear():
    assert nielsen.chain_multiplications([784, 30, 10]) == (10 * 30 + 30 * 784, 10 * 30 * 784 + 10 * 784)
    assert nielsen.chain_multiplications([2, 3, 4, 5]) == (20 + 12 + 6, 5 * 4 * 2 + 4 * 3 * 2 + 5 * 2)
