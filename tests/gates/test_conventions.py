"""What all gates agree on: ties and kinks, where options are given, numpy's names, edges, refusals."""

import math

import numpy as np
import pytest

import bplib as bp
from bplib import gates
from bplib.errors import GraphError, InputError, ShapeError
from tests.gates.catalogue import ENTRIES

# ------------------------------------------------------------------------------------- ties and kinks


@pytest.mark.parametrize(
    "f",
    [
        bp.relu,
        lambda x: bp.maximum(x, 0.0),
        lambda x: bp.maximum(0.0, x),
        lambda x: np.maximum(x, 0.0),
        lambda x: np.maximum(0.0, x),
        lambda x: bp.clip(x, 0.0),
        lambda x: bp.minimum(x, 0.0),
        lambda x: np.minimum(0.0, x),
        lambda x: bp.clip(x, high=0.0),
        bp.absolute,
        bp.norm,
    ],
)
def test_at_a_kink_with_a_flat_side_or_a_turn_the_slope_is_zero(f):
    assert bp.grad(f)(0.0) == 0.0
    np.testing.assert_array_equal(bp.grad(lambda x: f(x).sum())(np.zeros(3)), np.zeros(3))


def test_two_variables_at_a_tie_give_everything_to_the_first():
    for f in (bp.maximum, bp.minimum):
        assert bp.grad(lambda x, y, f=f: f(x, y))(2.0, 2.0) == (1.0, 0.0)
        assert bp.grad(lambda x, f=f: f(x, x))(2.0) == 1.0


@pytest.mark.parametrize(
    ("gate", "x", "chosen"),
    [
        (gates.Amax(), [1.0, 3.0, 3.0], [0, 1, 0]),
        (gates.Amin(), [2.0, 1.0, 1.0, 1.0], [0, 1, 0, 0]),
        (gates.Amax(0), [[5.0, 1.0], [5.0, 4.0], [2.0, 4.0]], [[1, 0], [0, 1], [0, 0]]),
        (gates.Amax((2, 0)), np.zeros((2, 2, 3)), [[[1, 0, 0], [1, 0, 0]], [[0] * 3] * 2]),
        (gates.MaxPool(2), np.ones((1, 1, 2, 4)), [[[[1, 0, 1, 0], [0, 0, 0, 0]]]]),
        (gates.Maxout(2), [4.0, 4.0, 1.0, 1.0], [1, 0, 1, 0]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_along_an_axis_the_first_of_equals_is_chosen(gate, x, chosen):
    x = np.asarray(x)
    out = gate(x)
    (dx,) = gate.backward(np.ones(np.shape(out)), out, x)
    np.testing.assert_array_equal(dx, chosen)
    assert np.sum(gate.jvp([x * 0.0 + 1.0], out, x)) == np.sum(chosen)


# ------------------------------------------------------------------------------- one face for a gate


@pytest.mark.parametrize(
    ("called", "made"),
    [
        (lambda x: bp.leaky_relu(x, 0.2), gates.LeakyRelu(0.2)),
        (lambda x: bp.leaky_relu(x, slope=0.2), gates.LeakyRelu(0.2)),
        (lambda x: bp.elu(x, alpha=2.0), gates.Elu(2.0)),
        (lambda x: bp.softmax(x, axis=0), gates.Softmax(0)),
        (lambda x: bp.log_softmax(x, 0), gates.LogSoftmax(0)),
        (lambda x: bp.sum(x, 1, True), gates.Sum(1, True)),
        (lambda x: bp.mean(x, axis=0), gates.Mean(0)),
        (lambda x: bp.norm(x, keepdims=True), gates.Norm(keepdims=True)),
        (lambda x: bp.max(x, axis=(0, 1)), gates.Amax((0, 1))),
        (lambda x: gates.Sum(0)(x, keepdims=True), gates.Sum(0, True)),
        (lambda x: bp.maxout(x, 3), gates.Maxout(3)),
        (lambda x: bp.power(x, 3), gates.Power(3)),
    ],
)
def test_options_are_given_where_the_gate_is_called(called, made, rng):
    x = rng.normal(size=(4, 3))
    np.testing.assert_array_equal(called(x), made(x))
    node = called(bp.Node(x, "x"))
    np.testing.assert_array_equal(node.value, made(x))
    assert (node.gate.name, node.gate.parameters) == (made.name, made.parameters)


REDUCTIONS = ("sum", "mean", "var", "std", "max", "min", "prod")


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize(
    "options", [{}, {"axis": 0}, {"axis": (0, -1)}, {"axis": 1, "keepdims": True}], ids=str
)
def test_a_reduction_is_called_alike_as_function_as_method_and_by_numpy(name, options, rng):
    x = rng.normal(size=(4, 2, 3))
    wanted = getattr(np, name)(x, **options)
    node = bp.Node(x, "x")
    for got in (
        getattr(bp, name)(x, **options),
        getattr(bp, name)(node, **options).value,
        getattr(node, name)(**options).value,
        getattr(np, name)(node, **options).value,
    ):
        np.testing.assert_allclose(got, wanted, rtol=1e-14)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.gate.name)
def test_a_gate_with_the_options_it_has_is_the_same_gate(entry):
    again = entry.gate.with_options()
    assert type(again) is type(entry.gate) and again.parameters.keys() == entry.gate.parameters.keys()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bp.exp(1.0, axis=0), r"Exp takes x, and the options \(none\); .* axis="),
        (lambda: bp.softmax(np.ones(3), dim=0), r"Softmax takes z, and the options axis; .* dim="),
        (lambda: bp.leaky_relu(1.0, 0.2, 0.3), r"LeakyRelu takes x, and the options slope; .*0\.2, 0\.3"),
        (lambda: bp.leaky_relu(1.0, 0.2, slope=0.3), "LeakyRelu takes x"),
        (lambda: bp.sum(np.ones(3), dtype=float), "Sum takes x, and the options axis, keepdims; .* dtype="),
    ],
)
def test_an_option_that_a_gate_does_not_have_is_named(call, words):
    with pytest.raises(GraphError, match=words):
        call()


# -------------------------------------------------------------------------------------- numpy's names


@pytest.mark.parametrize(
    ("ours", "numpys"),
    [
        (lambda m, x: m.clip(x, -0.5, 0.5), None),
        (lambda m, x: m.where(np.abs(np.arange(3)) > 1, x, 7.0), None),
        (lambda m, x: m.reshape(x, (3, -1)), None),
        (lambda m, x: m.squeeze(x), None),
        (lambda m, x: m.squeeze(x, 1), None),
        (lambda m, x: m.expand_dims(x, (0, -1)), None),
        (lambda m, x: m.broadcast_to(x, (5, 2, 1, 3)), None),
        (lambda m, x: m.swapaxes(x, 0, -1), None),
        (lambda m, x: m.stack([x, x + 1], -1), None),
        (lambda m, x: m.concatenate([x, x + 1], None), None),
        (lambda m, x: m.split(x, 3, -1)[1], None),
        (lambda m, x: m.split(x, [1, 1], 2)[-1], None),
        (lambda m, x: m.pad(x, ((1, 0), (0, 2), (1, 1))), None),
        (lambda m, x: m.cumsum(x, -1), None),
        (lambda m, x: m.dot(x, np.arange(6.0).reshape(3, 2)), None),
        (lambda m, x: m.dot(x, np.arange(24.0).reshape(4, 3, 2)), None),
        (lambda m, x: m.dot(2.0, x), None),
        (lambda m, x: m.einsum("abc,dc->bd", x, np.ones((4, 3))), None),
        (lambda m, x: m.minimum(x, 0.3), None),
        (lambda m, x: m.arctan(x) + m.sinh(x) * m.cosh(x) + m.expm1(x) - m.log1p(x * x), None),
        (bp.flatten, np.ravel),
    ],
)
def test_what_numpy_has_under_that_name_comes_out_of_arrays_and_of_nodes(ours, numpys, rng):
    x = rng.normal(size=(2, 1, 3))
    wanted = numpys(x) if numpys else ours(np, x)
    function = ours if numpys else lambda x: ours(bp, x)
    node = function(bp.Node(x, "x"))
    for got in (function(x), node.value):
        assert np.shape(got) == np.shape(wanted)
        np.testing.assert_allclose(got, wanted, rtol=1e-13)
    tangent, upstream = rng.normal(size=x.shape), rng.normal(size=node.shape)
    pulled = np.sum(bp.vjp(function, x, upstream) * tangent)
    h = 1e-6
    moved = (np.asarray(function(x + h * tangent)) - function(x - h * tangent)) / (2 * h)
    assert pulled == pytest.approx(np.sum(moved * upstream), rel=1e-7, abs=1e-7)


def test_a_convolution_with_a_bias_adds_it_to_each_channel(rng):
    x, W, b = rng.normal(size=(2, 3, 5)), rng.normal(size=(4, 3, 2)), rng.normal(size=4)
    plain = bp.convolution(x, W)
    np.testing.assert_array_equal(bp.convolution(x, W, b), plain + b[:, None])
    upstream = rng.normal(size=plain.shape)
    _, _, db = bp.vjp(lambda x, W, b: bp.convolution(x, W, b), (x, W, b), upstream)
    np.testing.assert_allclose(db, upstream.sum(axis=(0, 2)))


def test_dropout_is_drawn_by_an_rng_or_told_by_a_mask():
    x = np.ones((200, 50))
    kept = bp.dropout(x, 0.25, rng=np.random.default_rng(1))
    assert set(np.unique(kept)) == {0.0, 1.0 / 0.75} and abs(kept.mean() - 1.0) < 0.02
    np.testing.assert_array_equal(kept, bp.dropout(x, 0.25, rng=np.random.default_rng(1)))
    np.testing.assert_array_equal(bp.dropout([1.0, 2.0, 3.0], 0.5, mask=[1, 0, 1]), [2.0, 0.0, 6.0])


# ----------------------------------------------------------------------------------------- hand-worked


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (bp.erf(0.5), 0.5204998778130465),
        (bp.erf([-3.0])[0], -0.9999779095030014),
        (bp.gelu(1.0), 0.8413447460685429),
        (bp.grad(bp.gelu)(0.0), 0.5),
        (bp.grad(bp.erf)(0.0), 2 / math.sqrt(math.pi)),
        (bp.grad(bp.arctan)(2.0), 0.2),
        (bp.mean_squared_error([1.0, 2.0, 4.0, 5.0], [1.0, 0.0, 4.0, 2.0]), 13 / 4),
        (bp.huber([0.5, 3.0], [0.0, 0.0]), (0.125 + 2.5) / 2),
        (bp.var([1.0, 2.0, 3.0, 6.0]), 3.5),
        (bp.logsumexp([1000.0, 1000.0]), 1000.0 + math.log(2)),
        (bp.logsumexp([-math.inf, 2.0]), 2.0),
    ],
)
def test_a_number_worked_out_by_hand_or_from_a_table(got, wanted):
    assert got == pytest.approx(wanted, rel=1e-15)


def test_a_product_with_zeros_has_the_right_slopes():
    gradient = bp.grad(bp.prod)
    np.testing.assert_array_equal(gradient(np.array([2.0, 0.0, 5.0])), [0, 10, 0])
    np.testing.assert_array_equal(gradient(np.array([0.0, 0.0, 5.0])), [0, 0, 0])
    np.testing.assert_array_equal(
        bp.grad(lambda x: bp.prod(x, 0).sum())(np.array([[0.0, 3], [4, 0]])), [[4, 0], [0, 3]]
    )


def test_a_window_that_slides_multiplies_and_adds():
    x, W = np.arange(12.0).reshape(1, 1, 3, 4), np.array([[[[1.0, 0], [0, -1]]]])
    np.testing.assert_array_equal(bp.convolution(x, W), np.full((1, 1, 2, 3), -5.0))
    np.testing.assert_array_equal(bp.max_pool(x, (1, 2)), [[[[1, 3], [5, 7], [9, 11]]]])
    np.testing.assert_array_equal(bp.average_pool(x, 2), [[[[2.5, 4.5]]]])


# ------------------------------------------------------------------------------------------- edges


@pytest.mark.parametrize("scale", [1e-200, 1e200, 1e-308])
def test_a_norm_is_right_where_its_square_is_no_number(scale):
    x = np.array([3.0, -4.0]) * scale
    assert bp.norm(x) == pytest.approx(5.0 * scale, rel=1e-12)
    np.testing.assert_allclose(bp.grad(bp.norm)(x), [0.6, -0.8], rtol=1e-12)
    np.testing.assert_allclose(bp.grad(bp.std)(x), np.array([1.0, -1.0]) / 2, rtol=1e-12)


@pytest.mark.parametrize("gate", [gates.softmax_with_loss, gates.cross_entropy], ids=lambda gate: gate.name)
def test_a_class_that_is_masked_out_and_not_true_has_no_gradient(gate):
    z = (
        np.array([[1.0, -math.inf, 2.0]])
        if gate is gates.softmax_with_loss
        else np.array([[0.25, 0.0, 0.75]])
    )
    dz = bp.grad(lambda z: gate(z, [2]))(z)
    assert dz[0, 1] == 0.0 and np.isfinite(dz).all() and math.isfinite(gate(z, [2]))
    if gate is gates.softmax_with_loss:
        assert gate(z, [1]) == math.inf


def test_softmax_gives_nothing_to_a_score_of_minus_infinity():
    z = np.array([[0.0, -math.inf], [1.0, 1.0]])
    np.testing.assert_array_equal(bp.softmax(z), [[1, 0], [0.5, 0.5]])
    np.testing.assert_array_equal(bp.grad(lambda z: bp.softmax(z)[:, 0].sum())(z), [[0, 0], [0.25, -0.25]])


@pytest.mark.parametrize(
    ("f", "shape"),
    [
        (lambda x: bp.max(x, axis=1), (0, 3)),
        (lambda x: bp.min(x, axis=(1, 2)), (0, 3, 4)),
        (lambda x: bp.prod(x, axis=-1), (0, 2)),
        (lambda x: bp.prod(x, axis=()), (2, 3)),
        (bp.max_pool, (0, 3, 4, 4)),
        (lambda x: bp.max_pool(x, 3, 2), (2, 0, 5, 7)),
    ],
)
def test_a_gradient_of_nothing_has_its_shape(f, shape):
    x = np.ones(shape)
    assert bp.vjp(f, x, np.ones(np.shape(f(x)))).shape == shape


def test_a_mean_of_empty_rows_is_refused_and_one_of_no_rows_is_empty():
    assert bp.mean(np.ones((0, 3)), axis=1).shape == (0,)
    assert bp.grad(lambda x: bp.mean(x, axis=1).sum())(np.ones((0, 3))).shape == (0, 3)
    for gate in (bp.mean, bp.var, bp.std, bp.max, bp.min, bp.logsumexp):
        with pytest.raises(ShapeError, match=r"forward: x must have an entry; got x \(0, 3\)"):
            gate(np.ones((0, 3)), axis=0)
    np.testing.assert_array_equal(bp.prod(np.ones((0, 3)), axis=0), np.ones(3))


def test_scores_may_come_as_a_stack_of_rows(rng):
    z, t = rng.normal(size=(2, 5, 3)), rng.integers(0, 3, (2, 5))
    for gate in (bp.softmax_with_loss, bp.hinge):
        assert gate(z, t) == pytest.approx(gate(z.reshape(10, 3), t.ravel()), rel=1e-14)
        stacked = bp.grad(lambda z, gate=gate: gate(z, t))(z)
        np.testing.assert_allclose(
            stacked.reshape(10, 3),
            bp.grad(lambda z, gate=gate: gate(z, t.ravel()))(z.reshape(10, 3)),
            rtol=1e-13,
        )


def test_rows_in_a_stack_go_through_an_affine_gate_one_by_one(rng):
    x, W, b = rng.normal(size=(2, 5, 4, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    upstream = rng.normal(size=(2, 5, 4, 2))
    stacked = bp.vjp(bp.affine, (x, W, b), upstream)
    rows = bp.vjp(bp.affine, (x.reshape(-1, 3), W, b), upstream.reshape(-1, 2))
    for one, other in zip(stacked, rows, strict=True):
        np.testing.assert_allclose(one.reshape(other.shape), other, rtol=1e-13)


def test_one_batch_norm_of_new_values_after_training_takes_the_moments_it_was_given():
    gate = gates.BatchNorm(moments=(np.array([1.0]), np.array([4.0])), eps=1e-12)
    np.testing.assert_allclose(
        gate(np.array([[3.0], [1.0]]), np.array([2.0]), np.array([5.0])), [[7.0], [5.0]]
    )


# ---------------------------------------------------------------------------------------- what is refused

x234, W34 = np.ones((2, 3, 4)), np.ones((3, 4))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: bp.softmax_with_loss(np.ones((4, 3)), np.zeros((4, 1))), ShapeError, r"t\.ravel\(\); got z"),
        (lambda: bp.hinge(np.ones((4, 3)), np.zeros((4, 1))), ShapeError, r"t\.ravel\(\); got s"),
        (lambda: bp.affine(np.ones((2, 3, 4, 5)), np.ones((60, 7)), np.ones(7)), ShapeError, "reshape.len.x"),
        (lambda: bp.sum(x234, axis=1.5), InputError, r"Sum: axis must be a whole number or a tuple.*1\.5"),
        (lambda: bp.max(x234, axis="rows"), InputError, "Amax: axis .*'rows'"),
        (
            lambda: bp.cumsum(x234, axis=(0, 1)),
            InputError,
            "Cumsum: axis must be a plain number, got a tuple",
        ),
        (lambda: bp.std(x234, axis=0, keepdims="no"), InputError, "Std: keepdims is True or False; got 'no'"),
        (
            lambda: bp.var(x234, axis=0, ddof=2),
            ShapeError,
            r"Var.forward: x must have more entries than 2; got x",
        ),
        (lambda: bp.std(x234, ddof="one"), InputError, "Std: ddof must be a plain number, got a str"),
        (lambda: bp.gelu(x234, approximate="sigmoid"), InputError, "Gelu: approximate is .*; got 'sigmoid'"),
        (lambda: bp.dropout(x234, mask=np.full(4, np.nan)), InputError, r"Dropout: mask\[0\] is NaN"),
        (lambda: bp.attention(W34, W34, W34, np.full((3, 3), np.nan)), InputError, r"mask\[0, 0\] is NaN"),
        (lambda: bp.einsum("ij->ji", W34), InputError, "einsum: needs two arrays, A and B: .*; got 1"),
        (lambda: bp.einsum("ij,jk,kl->il", W34, W34.T, W34), InputError, "two at a time.*; got 3"),
        (lambda: bp.var(x234, axis=(0, None)), InputError, "Var: axis"),
        (lambda: bp.mean(x234, axis=3), ShapeError, r"Mean.forward: axis 3 is out of bounds.*x \(2, 3, 4\)"),
        (lambda: bp.prod(x234, axis=(1, 1)), ShapeError, r"Prod.forward: duplicate"),
        (lambda: bp.cumsum(2.0, axis=0), ShapeError, r"Cumsum.forward: x must have the axis 0; got x \(\)"),
        (lambda: bp.softmax(x234, axis=3), ShapeError, r"Softmax.forward: .*axis 3; got z \(2, 3, 4\)"),
        (lambda: bp.softmax(x234, axis=None), InputError, "Softmax: axis must be a plain number"),
        (lambda: bp.clip(x234, 2, 1), InputError, "Clip: low must not be above high, got low 2, high 1"),
        (lambda: bp.clip(x234, W34), InputError, "Clip: low must be a plain number"),
        (lambda: bp.where(bp.Node(1.0), 1.0, 2.0), InputError, "Where: condition is given, .*node.value > 0"),
        (lambda: bp.where([True, False], x234, 1.0), ShapeError, r"Where.forward: .*x \(2, 3, 4\), y \(\)"),
        (lambda: bp.reshape(x234, "a"), InputError, "Reshape: shape must be a whole number or a tuple"),
        (
            lambda: bp.broadcast_to(x234, (3, 4)),
            ShapeError,
            r"Repeat.forward: .*x \(2, 3, 4\), shape \(3, 4\)",
        ),
        (lambda: bp.squeeze(x234, 1), ShapeError, r"squeeze: .*x \(2, 3, 4\), axis 1"),
        (lambda: bp.expand_dims(x234, 7), ShapeError, r"expand_dims: .*x \(2, 3, 4\), axis 7"),
        (lambda: bp.swapaxes(x234, 0, 3), ShapeError, r"swapaxes: .*x \(2, 3, 4\), axes 0, 3"),
        (lambda: bp.stack([x234, W34]), ShapeError, r"Stack.forward: .*x0 \(2, 3, 4\), x1 \(3, 4\)"),
        (
            lambda: bp.split(x234, 2, axis=1),
            ShapeError,
            r"split: axis 1 must make 2 equal parts; got x \(2, 3",
        ),
        (lambda: bp.split(x234, 2, axis=5), ShapeError, r"split: x must have the axis 5"),
        (lambda: bp.pad(x234, -1), ShapeError, r"Pad.forward: .*x \(2, 3, 4\)"),
        (lambda: bp.pad(x234, 1.5), InputError, "Pad: width must be a whole number or a tuple"),
        (lambda: bp.embedding(W34, [0, 3]), InputError, "Embedding: index .*0 to 2, the rows of W; got 3"),
        (lambda: bp.embedding(W34, [-1]), InputError, "Embedding: index .*got -1"),
        (lambda: bp.embedding(W34, [0.5]), InputError, r"Embedding: index .*got 0\.5"),
        (lambda: bp.embedding(x234, [0]), ShapeError, r"Embedding.forward: .*W \(2, 3, 4\)"),
        (
            lambda: bp.einsum("ij,jk", x234, W34),
            ShapeError,
            r"Einsum.forward: ij,jk .*A \(2, 3, 4\), B \(3, 4\)",
        ),
        (lambda: bp.einsum("ii,jk->k", W34, W34), InputError, "Einsum: subscripts must be like 'ij,jk->ik'"),
        (lambda: bp.einsum("ij,jk->il", W34, W34.T), InputError, "Einsum: subscripts"),
        (lambda: bp.einsum("ij->i", W34, W34), InputError, "Einsum: subscripts"),
        (lambda: bp.huber(W34, W34, delta=0), InputError, "Huber: delta must be positive, got 0"),
        (
            lambda: bp.mean_squared_error(W34, x234),
            ShapeError,
            r"MeanSquaredError.forward: a and y need the same",
        ),
        (
            lambda: bp.convolution(x234, np.ones((5, 2, 2))),
            ShapeError,
            r"need the same C; got x .*W \(5, 2, 2\)",
        ),
        (
            lambda: bp.convolution(x234, np.ones((5, 3, 9))),
            ShapeError,
            r"Convolution.forward: .*kernel \(9,\)",
        ),
        (
            lambda: bp.convolution(x234, np.ones((5, 3, 2, 2))),
            ShapeError,
            r"an axis for each axis of the kernel",
        ),
        (
            lambda: bp.convolution(x234, np.ones((5, 3, 2)), stride=0),
            InputError,
            "Convolution: stride .*from 1",
        ),
        (lambda: bp.convolution(x234, np.ones((5, 3, 2)), padding="same"), InputError, "padding .*'same'"),
        (
            lambda: bp.convolution(x234, np.ones((5, 3, 2)), np.ones(4)),
            ShapeError,
            r"b \(M,\); got .*b \(4,\)",
        ),
        (lambda: bp.max_pool(x234, 5), ShapeError, r"MaxPool.forward: .*kernel 5.*x \(2, 3, 4\)"),
        (lambda: bp.max_pool(x234, 2, padding=2), ShapeError, "padding smaller than the kernel"),
        (lambda: bp.average_pool(W34), ShapeError, r"AveragePool.forward: .*x \(3, 4\)"),
        (
            lambda: bp.batch_norm(W34, np.ones(3), np.ones(4)),
            ShapeError,
            r"BatchNorm.forward: .*gamma \(3,\)",
        ),
        (lambda: bp.batch_norm(W34[:0], np.ones(4), np.ones(4)), ShapeError, r"N > 0.*x \(0, 4\)"),
        (lambda: gates.BatchNorm(moments=1.0), InputError, "moments must be a pair"),
        (
            lambda: gates.BatchNorm(moments=(np.ones(3), np.ones(3)))(W34, np.ones(4), np.ones(4)),
            ShapeError,
            r"mean \(3,\), variance \(3,\)",
        ),
        (lambda: bp.layer_norm(W34, np.ones(4), np.ones((1, 4))), ShapeError, r"LayerNorm.forward: .*beta"),
        (
            lambda: bp.layer_norm(W34, np.ones(4), np.ones(4), eps=0.0),
            InputError,
            "LayerNorm: eps must be positive",
        ),
        (lambda: bp.dropout(W34, 0.5), InputError, "dropout: say what is left out"),
        (lambda: bp.dropout(W34, 0.5, rng=7), InputError, "dropout: say what is left out"),
        (lambda: bp.dropout(W34, 1.0, mask=W34), InputError, r"Dropout: rate must lie in \[0, 1\), got 1"),
        (lambda: bp.dropout(W34, 0.5, mask=np.ones(3)), ShapeError, r"Dropout.forward"),
        (
            lambda: bp.dropout(W34[0], 0.5, mask=W34),
            ShapeError,
            r"mask must fit x; got x \(4,\), mask \(3, 4\)",
        ),
        (lambda: bp.attention(W34, W34[:, :2], W34), ShapeError, r"Attention.forward: .*K \(3, 2\)"),
        (lambda: bp.attention(W34, W34, W34, np.tri(2)), ShapeError, r"mask \(…, T, S\), which is \(2, 2\)"),
        (lambda: bp.attention(W34, W34, W34, mask=np.zeros((3, 3))), InputError, "each query a key to see"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, error, words):
    with pytest.raises(error, match=words):
        call()
