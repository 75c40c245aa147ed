"""Every rule against JAX in float64, and against itself: backward is the transpose of jvp.

`python -m tests.gates.test_exactness` prints what the tests measure.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

import bplib
from bplib import gates
from tests.gates.catalogue import CASES, ENTRIES, cases, floats, tame

pytestmark = pytest.mark.slow

each_case = pytest.mark.parametrize("case", CASES, ids=str)
REFERENCE, TRANSPOSE = 1e-10, 1e-12  # the bars, relative


def upstream_and_tangents(case, out, rng):
    """Random ones; a target does not move."""
    upstream = rng.normal(size=np.shape(out))
    tangents = [rng.normal(size=np.shape(x)) * (i < case.learned) for i, x in enumerate(case.xs)]
    return floats([upstream])[0], floats(tangents)


def reference(case, upstream, tangents):
    """The value, all gradients and the tangent, by JAX."""
    n = case.learned
    targets = [np.asarray(t) for t in case.xs[n:]]

    def f(*xs):
        return case.formula(*xs, *targets)

    def everything(xs, upstream, tangents):
        out, pull_back = jax.vjp(f, *xs)
        return out, pull_back(upstream), jax.jvp(f, xs, tangents)[1]

    return jax.jit(everything)(case.xs[:n], upstream, tuple(tangents[:n]))


def error(got, wanted):
    """The largest difference, relative to the largest entry."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    assert got.shape == wanted.shape
    scale = np.abs(wanted).max(initial=0.0)
    return np.abs(got - wanted).max(initial=0.0) / (scale or 1.0)


def errors_of(case, rng):
    """How far the gate is from JAX: value, gradients, tangent."""
    out = case.gate.forward(*case.xs)
    upstream, tangents = upstream_and_tangents(case, out, rng)
    value, gradients, tangent = reference(case, upstream, tangents)
    downstream = case.gate.backward(upstream, out, *case.xs)
    assert len(downstream) == len(case.xs)
    assert all(d is None for d in downstream[case.learned :])
    return {
        "value": error(out, value),
        "gradients": max(error(d, g) for d, g in zip(downstream[: case.learned], gradients, strict=True)),
        "tangent": error(case.gate.jvp(tangents, out, *case.xs), tangent),
    }


def disagreement(case, rng):
    """|⟨u, J v⟩ − ⟨Jᵀ u, v⟩|, relative to the sizes of the terms that are added up."""
    out = case.gate.forward(*case.xs)
    upstream, tangents = upstream_and_tangents(case, out, rng)
    pushed = upstream * case.gate.jvp(tangents, out, *case.xs)
    pulled = [
        d * t
        for d, t in zip(case.gate.backward(upstream, out, *case.xs), tangents, strict=True)
        if d is not None
    ]
    size = np.sum(np.abs(pushed)) + sum(np.sum(np.abs(part)) for part in pulled)
    return abs(np.sum(pushed) - sum(np.sum(part) for part in pulled)) / (size or 1.0)


@each_case
def test_value_gradients_and_tangent_are_those_of_jax(case, rng):
    assert max(errors_of(case, rng).values()) <= REFERENCE


@each_case
def test_backward_and_jvp_are_transposes_of_each_other(case, rng):
    assert disagreement(case, rng) <= TRANSPOSE


# --------------------------------------------------------------------------------- shapes of all kinds

sizes = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)
drawn = settings(max_examples=25, deadline=None, derandomize=True)


@st.composite
def shapes_for(draw, entry):
    """Shapes that the gate of this entry accepts."""
    gate, usual = entry.gate, draw(st.sampled_from(entry.shapes))
    if isinstance(gate, gates.Matmul):
        n, d, m = draw(sizes), draw(sizes), draw(sizes)
        left, right = draw(mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=4)).input_shapes
        return draw(
            st.sampled_from([((*left, n, d), (*right, d, m)), ((d,), (*right, d, m)), ((*left, n, d), (d,))])
        )
    if isinstance(gate, gates.Affine):
        n, d, m = draw(sizes), draw(sizes), draw(sizes)
        return ((n, d), (d, m), (m,))
    if isinstance(gate, gates.Loss | gates.Softmax | gates.LogSoftmax):
        shape = (draw(sizes), draw(sizes))
        return (shape,) * len(gate.inputs)
    if isinstance(gate, gates.Elementwise):
        return draw(
            mutually_broadcastable_shapes(num_shapes=len(gate.inputs), max_dims=4, max_side=4)
        ).input_shapes
    if isinstance(gate, gates.Reduction | gates.GetItem) and usual[0]:
        return ((max(2, draw(sizes)), *usual[0][1:]),) if not _boolean(gate) else usual
    return usual


def _boolean(gate):
    return isinstance(gate, gates.GetItem) and np.asarray(gate.index).dtype.kind == "b"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.gate.name)
@drawn
@given(data=st.data(), seed=seeds)
def test_on_drawn_shapes_backward_is_the_transpose_and_jvp_the_change(entry, data, seed):
    rng = np.random.default_rng(seed)
    shapes = data.draw(shapes_for(entry))
    (case,) = cases([entry._replace(shapes=(shapes,))], seed)
    out = case.gate.forward(*case.xs)
    _, tangents = upstream_and_tangents(case, out, rng)
    h = 1e-7  # smaller than any distance to a kink, or nearly always: the shapes are what is tried here
    ahead, behind = (
        case.gate.forward(*[x + step * t for x, t in zip(case.xs, tangents, strict=True)]) for step in (h, -h)
    )
    moved = case.gate.jvp(tangents, out, *case.xs)
    assert np.shape(moved) == np.shape(out)
    np.testing.assert_allclose(moved, (ahead - behind) / (2 * h), rtol=1e-4, atol=1e-4)
    assert disagreement(case, rng) <= TRANSPOSE


# --------------------------------------------------------------------------------------- random graphs


def _entrywise(entry):
    return isinstance(entry.gate, gates.Elementwise)


def _takes_rows(entry):
    """Whether it is a gate of one input, which may have any of the shapes that occur here."""
    try:
        return all(jax.eval_shape(entry.formula, jax.ShapeDtypeStruct(shape, float)) for shape in INPUTS)
    except (TypeError, ValueError):
        return False


INPUTS = ((2, 3), (3,), (3, 3))
TAME = [entry for entry in ENTRIES if tame(entry)]
ENTRYWISE = [entry for entry in TAME if _entrywise(entry) and len(entry.gate.inputs) == 1]
PAIRS = [entry for entry in TAME if _entrywise(entry) and len(entry.gate.inputs) == 2]
ROWWISE = [entry for entry in TAME if not _entrywise(entry) and _takes_rows(entry)]
PRODUCT = next(entry for entry in ENTRIES if isinstance(entry.gate, gates.Multiply))
MATMUL = next(entry for entry in ENTRIES if isinstance(entry.gate, gates.Matmul))
TAMED = next(entry for entry in ENTRIES if isinstance(entry.gate, gates.Tanh))


def inputs_of(rng):
    return tuple(rng.normal(size=shape) for shape in INPUTS)


@st.composite
def programs(draw):
    """A list of (entry, operands): each gate takes earlier values, counted from the three inputs on.

    Shapes are (2, 3), (3,) and (3, 3); every gate here keeps or broadcasts them, so that any order will do.
    """
    program, shapes = [], list(INPUTS)

    def add(entry, *operands):
        of = [shapes[i] for i in operands]
        program.append((entry, operands))
        shapes.append(jax.eval_shape(entry.formula, *[jax.ShapeDtypeStruct(s, float) for s in of]).shape)

    n = draw(st.integers(3, 50))
    while len(program) < n:
        last = len(shapes) - 1
        any_value = st.integers(max(0, last - 8), last)
        kind = draw(st.sampled_from(["one", "one", "two", "row", "times", "matrix"]))
        a, b = draw(any_value), draw(any_value)
        if kind == "one":
            add(draw(st.sampled_from(ENTRYWISE)), a)
        elif kind == "row" and shapes[a][-1:] == (3,):
            add(draw(st.sampled_from(ROWWISE)), a)
        elif kind == "matrix" and shapes[a][-1:] == (3,):
            add(MATMUL, a, 2)
        elif kind == "times" and len(program) <= n - 2 and _broadcast(shapes[a], shapes[b]):
            add(TAMED, a)  # so that no product of products overflows
            add(PRODUCT, last + 1, b)
        elif _broadcast(shapes[a], shapes[b]):
            add(draw(st.sampled_from(PAIRS)), a, b)
    return program


def _broadcast(*shapes):
    try:
        return np.broadcast_shapes(*shapes) in [(), (3,), (2, 3), (3, 3), (2, 1), (3, 1)]
    except ValueError:
        return False


def run(program, inputs, call):
    """The last value, made a number, and a little of every other, so that all of them matter."""
    values = list(inputs)
    for entry, operands in program:
        values.append(call(entry, *[values[i] for i in operands]))
    total = values[-1].sum()
    for value in values[:-1]:
        total = total + 0.01 * value.sum()
    return total


def by_bplib(program):
    return lambda *inputs: run(program, inputs, lambda entry, *xs: bplib.apply(entry.gate, *xs))


def by_jax(program):
    return lambda *inputs: run(program, inputs, lambda entry, *xs: entry.formula(*xs))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(program=programs(), seed=seeds)
def test_a_random_graph_of_up_to_50_gates_has_the_gradients_of_jax(program, seed):
    inputs = inputs_of(np.random.default_rng(seed))
    wanted = jax.grad(by_jax(program), argnums=(0, 1, 2))(*map(jnp.asarray, inputs))
    assume(all(np.isfinite(w).all() for w in wanted))
    got = bplib.grad(by_bplib(program))(*inputs)
    assert max(error(g, w) for g, w in zip(got, wanted, strict=True)) <= REFERENCE


@settings(max_examples=60, deadline=None, derandomize=True)
@given(program=programs(), seed=seeds)
def test_forward_and_reverse_mode_agree_on_a_random_graph(program, seed):
    rng = np.random.default_rng(seed)
    inputs, tangents = inputs_of(rng), inputs_of(rng)
    f = by_bplib(program)
    gradients = bplib.vjp(f, inputs, 1.0)
    pulled = sum(np.sum(g * t) for g, t in zip(gradients, tangents, strict=True))
    size = sum(np.sum(np.abs(g * t)) for g, t in zip(gradients, tangents, strict=True))
    assert abs(pulled - bplib.jvp(f, inputs, tangents)) <= TRANSPOSE * size


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    print(f"{'gate':<22}{'points':>7}{'value':>10}{'gradients':>11}{'tangent':>10}{'transpose':>11}")
    for name in dict.fromkeys(case.gate.name for case in CASES):
        ours = [case for case in CASES if case.gate.name == name]
        measured = [errors_of(case, rng) for case in ours]
        worst = [max(m[what] for m in measured) for what in ("value", "gradients", "tangent")]
        worst.append(max(disagreement(case, rng) for case in ours))
        print(f"{name:<22}{len(ours):>7}{worst[0]:>10.1e}{worst[1]:>11.1e}{worst[2]:>10.1e}{worst[3]:>11.1e}")
