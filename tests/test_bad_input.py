"""Whatever comes in from outside: the right answer, or an error that names the argument. Nothing else.

A door is a public function with arguments that are good. Each argument in turn is replaced by something else,
and an oracle, plain numpy or JAX that owe nothing to bplib, says what the right answer would be.
"""

import re
import warnings
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import bplib as bp
from bplib import gates, nielsen
from bplib.errors import BplibError
from bplib.networks import blocks, layers, optim
from bplib.networks.network import Neuron, TwoLayerNet
from tests.gates.catalogue import CASES, but_channels, normalized, of_channels

pytestmark = pytest.mark.slow


class Door(NamedTuple):
    """A public function, good arguments for it, and the right answer for any."""

    name: str
    call: Callable
    good: dict
    oracle: Callable
    labels: tuple = ()  # arguments that are class numbers
    also: dict = {}  # noqa: RUF012  an argument's other name, in messages
    rtol: float = 1e-9


# ----------------------------------------------------------------------------------------------- the doors

RNG = np.random.default_rng(3)
X, W, B, UP = (RNG.normal(size=shape) for shape in [(3, 4), (4, 2), (2,), (3, 2)])
Y, T = RNG.uniform(0.1, 0.9, size=(3, 2)), np.array([1, 0, 1])
PARAMS = {"W1": RNG.normal(size=(4, 5)), "b1": RNG.normal(size=5), "W2": RNG.normal(size=(5, 2)), "b2": B}
GAMMA = np.array([0.5, -1.5, 2.0, 1.0])


def sigma(x):
    return 1 / (1 + np.exp(-x))


def sum_of_sigmoids(x):
    return np.sum(bp.sigmoid(x * 2.0))


def its_gradient(x):
    return 2 * sigma(2 * x) * (1 - sigma(2 * x))


def needs_numbers(x):
    """What a check answers: yes, and no where there is no derivative. Of nothing it has nothing to say."""
    assert x.size
    return float(np.isfinite(x).all())


def affine_layer(x, W, b, upstream):
    layer = layers.Affine(W, b)
    return layer.forward(x), layer.backward(upstream), layer.grads["W"], layer.grads["b"]


def flat(x):
    """Samples of any shape as rows, as the layers of the books read them."""
    return x.reshape(len(x), int(np.prod(x.shape[1:]))) if x.ndim > 2 else x


def affine(x, W, b, upstream):
    out = flat(x) @ W + b
    assert b.ndim == 1 and out.shape == upstream.shape and x.ndim >= 2
    return out, (upstream @ W.T).reshape(x.shape), flat(x).T @ upstream, upstream.sum(axis=0)


def relu_layer(x, upstream):
    layer = layers.Relu()
    return layer.forward(x), layer.backward(upstream)


def relu(x, upstream):
    assert x.shape == upstream.shape
    return np.maximum(x, 0), upstream * (x > 0)


def softmax_layer(x, t):
    layer = layers.SoftmaxWithLoss()
    return layer.forward(x, t), layer.backward()


def softmax_loss(x, t):
    """The mean loss of class numbers or label rows, and its gradient."""
    assert x.ndim == 2 and x.size
    if t.ndim == 1:
        assert len(t) == len(x) and np.isin(t, range(x.shape[1])).all()
        t = np.eye(x.shape[1])[t.astype(int)]
    assert t.shape == x.shape and (t >= 0).all() and np.allclose(t.sum(axis=1), 1)
    e = np.exp(x - x.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)
    return -np.sum(t * np.log(y)) / len(x), (y - t) / len(x)


def norm_layer(kind):
    """Forward and backward of a layer with gamma and beta."""

    def call(x, gamma, beta, upstream):
        layer = kind(gamma, beta)
        return layer.forward(x), layer.backward(upstream), layer.grads["gamma"], layer.grads["beta"]

    return call


def norm(axes, facing):
    """The same by JAX: x minus its mean over some axes, in units of its spread; then gamma and beta."""

    def call(x, gamma, beta, upstream):
        assert x.size and gamma.ndim == beta.ndim == 1
        out, back = jax.vjp(normalized(axes, facing, 1e-5), *map(jnp.asarray, (x, gamma, beta)))
        assert out.shape == x.shape
        return out, *back(jnp.asarray(upstream))

    return call


def of_each_channel(parameter, x):
    assert parameter.shape == x.shape[1:2]
    return of_channels(parameter, x)


def of_each_column(parameter, x):
    assert parameter.shape == x.shape[-1:]
    return parameter


def network():
    net = TwoLayerNet(4, 5, 2)
    net.params.update(PARAMS)
    return net


def scores(x):
    assert x.ndim >= 2
    return np.maximum(flat(x) @ PARAMS["W1"] + PARAMS["b1"], 0) @ PARAMS["W2"] + PARAMS["b2"]


def network_loss(x, t):
    return softmax_loss(scores(x), t)[0]


def network_gradient(x, t):
    d2, x = softmax_loss(scores(x), t)[1], flat(x)
    z1 = x @ PARAMS["W1"] + PARAMS["b1"]
    d1 = d2 @ PARAMS["W2"].T * (z1 > 0)
    return x.T @ d1, d1.sum(axis=0), np.maximum(z1, 0).T @ d2, d2.sum(axis=0)


def network_input_gradient(x, t):
    d2 = softmax_loss(scores(x), t)[1]
    z1 = flat(x) @ PARAMS["W1"] + PARAMS["b1"]
    return (d2 @ PARAMS["W2"].T * (z1 > 0) @ PARAMS["W1"].T).reshape(x.shape)


def network_accuracy(x, t):
    softmax_loss(scores(x), t)
    assert np.isfinite(x).all()
    return np.mean(scores(x).argmax(axis=1) == (t.argmax(axis=1) if t.ndim == 2 else t))


def trained(x, t):
    net = network()
    optim.train(net, x, t, epochs=2, batch_size=2, progress=False)
    return tuple(net.params[name] for name in PARAMS)


def trained_by_hand(x, t):
    """The same steps, written out: plain gradient descent with a rate of one half."""
    params, rng = {name: value.copy() for name, value in PARAMS.items()}, np.random.default_rng(0)
    assert len(x) and np.isfinite(x).all() and x.ndim >= 2
    x = flat(x)
    for _ in range(2):
        order = rng.permutation(len(x))
        for i in (order[:2], order[2:]):
            z1 = x[i] @ params["W1"] + params["b1"]
            a1 = np.maximum(z1, 0)
            d2 = softmax_loss(a1 @ params["W2"] + params["b2"], t[i])[1]
            d1 = d2 @ params["W2"].T * (z1 > 0)
            step = (x[i].T @ d1, d1.sum(axis=0), a1.T @ d2, d2.sum(axis=0))
            params = {name: params[name] - 0.5 * d for name, d in zip(params, step, strict=True)}
    return tuple(params.values())


def neuron(w, b, x):
    return Neuron(w, b).forward(x)


def neuron_by_hand(w, b, x):
    assert w.ndim == 1 and b.ndim == 0
    return sigma(flat(x) @ w + b)


def one_layer(x, y, W1, b1):
    a = sigma(x @ W1 + b1)
    assert b1.ndim == 1 and x.ndim == W1.ndim == 2 and len(x) and a.shape == y.shape
    delta = (a - y) * a * (1 - a) / len(x)
    return x.T @ delta, delta.sum(axis=0)


def same_shape(*xs):
    assert len({x.shape for x in xs}) == 1


def bp1(cost_gradient, slope):
    same_shape(cost_gradient, slope)
    return cost_gradient * slope


def bp2(delta_next, W_next, slope):
    same_shape(delta_next @ W_next.T, slope)
    return (delta_next @ W_next.T) * slope


def bp3(delta):
    assert delta.ndim == 2
    return np.ones(len(delta)) @ delta


def cosines(x):
    return np.diag(np.cos(x).ravel()).reshape(x.shape + x.shape)


DOORS = (
    Door("grad", lambda x: bp.grad(sum_of_sigmoids)(x), {"x": X}, its_gradient),
    Door("record", lambda x: bp.record(sum_of_sigmoids, x=x).gradient["x"], {"x": X}, its_gradient),
    Door("Node", lambda value: bp.Node(value).value, {"value": X}, lambda value: value),
    Door(
        "vjp",
        lambda x, upstream: bp.vjp(lambda x: bp.sin(x), x, upstream),
        {"x": X, "upstream": X + 1},
        lambda x, upstream: same_shape(x, upstream) or np.cos(x) * upstream,
    ),
    Door(
        "jvp",
        lambda x, tangent: bp.jvp(lambda x: bp.sin(x), x, tangent),
        {"x": X, "tangent": X + 1},
        lambda x, tangent: same_shape(x, tangent) or np.cos(x) * tangent,
    ),
    Door("jacobian", lambda x: bp.jacobian(lambda x: bp.sin(x), x), {"x": X}, cosines),
    Door(
        "numerical_gradient",
        lambda x: bp.numerical_gradient(sum_of_sigmoids, x),
        {"x": X},
        its_gradient,
        rtol=1e-6,
    ),
    Door(
        "check_gradient", lambda x: float(bp.check_gradient(sum_of_sigmoids, x=x).ok), {"x": X}, needs_numbers
    ),
    Door("check_gate", lambda x: float(bp.check_gate(bp.sin, x).ok), {"x": X}, needs_numbers),
    Door("Affine layer", affine_layer, {"x": X, "W": W, "b": B, "upstream": UP}, affine),
    Door("Relu layer", relu_layer, {"x": X, "upstream": X + 1}, relu),
    Door(
        "BatchNorm layer",
        norm_layer(blocks.BatchNorm),
        {"x": X, "gamma": GAMMA, "beta": GAMMA - 1, "upstream": np.cos(3 * X)},
        norm(but_channels, of_each_channel),
    ),
    Door(
        "LayerNorm layer",
        norm_layer(blocks.LayerNorm),
        {"x": X, "gamma": GAMMA, "beta": GAMMA - 1, "upstream": np.cos(3 * X)},
        norm(lambda x: -1, of_each_column),
    ),
    Door("SoftmaxWithLoss layer", softmax_layer, {"x": UP, "t": T}, softmax_loss, ("t",), {"x": "z"}),
    Door("Neuron", neuron, {"w": W[:, 0], "b": 0.5, "x": X}, neuron_by_hand, also={"w": "W"}),
    Door("predict", lambda x: network().predict(x), {"x": X}, scores),
    Door("loss", lambda x, t: network().loss(x, t), {"x": X, "t": T}, network_loss, ("t",)),
    Door("accuracy", lambda x, t: network().accuracy(x, t), {"x": X, "t": T}, network_accuracy, ("t",)),
    Door(
        "gradient",
        lambda x, t: tuple(network().gradient(x, t).values()),
        {"x": X, "t": T},
        network_gradient,
        ("t",),
    ),
    Door(
        "input_gradient",
        lambda x, t: network().input_gradient(x, t),
        {"x": X, "t": T},
        network_input_gradient,
        ("t",),
        {"x": "z"},
    ),
    Door("train", trained, {"x": X, "t": T}, trained_by_hand, ("t",)),
    Door("bp1", nielsen.bp1, {"cost_gradient": X, "slope": X + 1}, bp1),
    Door("bp2", nielsen.bp2, {"delta_next": UP, "W_next": W, "slope": X}, bp2),
    Door("bp3", nielsen.bp3, {"delta": X}, bp3),
    Door("bp4", nielsen.bp4, {"a_previous": X, "delta": UP}, lambda a_previous, delta: a_previous.T @ delta),
    Door(
        "backprop",
        lambda x, y, W1, b1: tuple(nielsen.backprop(x, y, {"W1": W1, "b1": b1}).values()),
        {"x": X, "y": Y, "W1": W, "b1": B},
        one_layer,
    ),
)


def of_a_gate(case):
    """The door of a gate that is called on plain numbers."""
    names = case.gate.inputs

    def call(**xs):
        return case.gate(*[xs[name] for name in names])

    def oracle(**xs):
        return np.asarray(case.formula(*[xs[name] for name in names]))

    whole = [
        name
        for name, x in zip(names, case.xs, strict=True)
        if name == "t" and np.ndim(x) < np.ndim(case.xs[0])
    ]
    return Door(str(case), call, dict(zip(names, case.xs, strict=True)), oracle, tuple(whole))


GATES = tuple(of_a_gate(max(
    (case for case in CASES if case.gate is gate), key=lambda case: np.ndim(case.xs[0]) == 2
)) for gate in dict.fromkeys(case.gate for case in CASES))  # fmt: skip
EVERY_ARGUMENT = [
    pytest.param(door, name, id=f"{door.name}: {name}") for door in DOORS + GATES for name in door.good
]
every_argument = pytest.mark.parametrize(("door", "name"), EVERY_ARGUMENT)


# -------------------------------------------------------------------------------------- the one question


def arrays(answer):
    return [np.asarray(each, dtype=float) for each in (answer if isinstance(answer, tuple) else (answer,))]


def right_answer(door, arguments):
    """What the oracle says; None where there is no answer."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return arrays(door.oracle(**{name: np.asarray(x, dtype=float) for name, x in arguments.items()}))
        except Exception:
            return None


def answer_or_error(door, arguments):
    """The answer as arrays, and no error; or no answer, and the error."""
    with np.errstate(all="ignore"):
        try:
            return arrays(door.call(**arguments)), None
        except BplibError as error:
            return None, error


def assert_named(error, *names):
    words = set(re.findall(r"\w+", str(error)))
    assert words & set(names), f"none of {names} is named in: {error}"


def assert_right(got, wanted, rtol):
    if not any(x.size for x in got) and wanted is None:
        return  # of nothing, nothing: some oracles have no word for it
    assert wanted is not None, "an answer where there is none"
    assert [x.shape for x in got] == [x.shape for x in wanted]
    for x, y in zip(got, wanted, strict=True):
        np.testing.assert_allclose(
            x, y, rtol=rtol, atol=rtol * np.max(np.abs(y), initial=0.0, where=np.isfinite(y))
        )


def assert_for_each(cases, assertion):
    """Try all cases, and name each that fails with its reason."""
    failed = []
    for case in cases:
        try:
            assertion(case)
        except Exception as problem:
            failed.append(f"{case}: {type(problem).__name__}: {problem}")
    assert not failed, "\n".join(failed)


def assert_right_or_refused(door, name, replaced, *names):
    arguments = door.good | {name: replaced}
    got, error = answer_or_error(door, arguments)
    if error:
        assert_named(error, name, door.also.get(name, name), *names)
    else:
        assert_right(got, right_answer(door, arguments), door.rtol)


# -------------------------------------------------------------- the same numbers in another guise: an answer


def read_only(x):
    x = np.array(x)
    x.flags.writeable = False
    return x


GUISES = {
    "list": lambda x: np.asarray(x).tolist(),
    "every other entry of a larger array": lambda x: np.repeat(x, 2, axis=-1)[..., ::2] if np.ndim(x) else x,
    "turned round": lambda x: np.asarray(x)[::-1].copy()[::-1] if np.ndim(x) else x,
    "in Fortran's order": lambda x: np.array(x, order="F"),
    "read-only": read_only,
    "masked array without a mask": np.ma.masked_array,
    "other byte order": lambda x: np.asarray(x).astype(np.asarray(x).dtype.newbyteorder()),
    "long double": lambda x: np.asarray(x, dtype=np.longdouble),
    "array without axes": lambda x: x if np.ndim(x) else np.array(x),
}


@every_argument
def test_the_same_numbers_in_another_guise_get_the_same_answer(door, name):
    wanted = arrays(door.call(**door.good))

    def same_answer(guise):
        got, error = answer_or_error(door, door.good | {name: GUISES[guise](door.good[name])})
        assert error is None
        assert_right(got, wanted, door.rtol)

    assert_for_each(GUISES, same_answer)


@pytest.mark.parametrize("door", DOORS + GATES, ids=lambda door: door.name)
def test_good_arguments_get_the_right_answer_and_are_left_as_they_were(door):
    given = {name: read_only(x) if np.ndim(x) else x for name, x in door.good.items()}
    assert_right(arrays(door.call(**given)), right_answer(door, door.good), door.rtol)


@every_argument
def test_float32_is_good_to_its_six_digits(door, name):
    got, error = answer_or_error(door, door.good | {name: np.asarray(door.good[name], dtype=np.float32)})
    assert error is None
    rtol = 1e-2 if door.name == "numerical_gradient" else 1e-5
    assert_right(got, right_answer(door, door.good), rtol)


@every_argument
def test_whole_numbers_are_numbers(door, name):
    def are_numbers(dtype):
        whole = np.asarray(np.abs(np.rint(door.good[name]))).astype(dtype)
        assert_right_or_refused(door, name, whole if np.ndim(whole) else whole.item())

    assert_for_each((int, np.uint8, bool, object), are_numbers)


# ----------------------------------------------------------------------------- no numbers at all: an error

NO_NUMBERS = {
    "text": lambda x: np.full(np.shape(x), "a"),
    "a word": lambda x: "abc",
    "nothing": lambda x: None,
    "an object in each place": lambda x: np.full(np.shape(x), None, dtype=object),
    "complex": lambda x: np.asarray(x) + 1j,
    "rows of unequal length": lambda x: [[1.0], [1.0, 2.0]],
    "a dictionary": lambda x: {"a": "b"},  # grad takes one of numbers
    "a function": lambda x: np.sin,
    "dates": lambda x: np.zeros(np.shape(x), dtype="datetime64[D]"),
    "a masked entry": lambda x: masked(np.array(x)),
}


def masked(x):
    mask = np.zeros(x.shape, dtype=bool)
    mask.flat[0] = True
    return np.ma.masked_array(x, mask)


@every_argument
def test_what_is_no_number_is_refused_by_name(door, name):
    def is_refused(other):
        assert_refused(door, name, NO_NUMBERS[other](door.good[name]), door.also.get(name, name))

    assert_for_each(NO_NUMBERS, is_refused)


def assert_refused(door, name, replaced, *names):
    _, error = answer_or_error(door, door.good | {name: replaced})
    assert error is not None
    assert_named(error, name, *names)


# ------------------------------------------------------------------- numbers that are none, and infinite ones


def with_entry(x, entry):
    x = np.array(x, dtype=float)
    x.flat[0] = entry
    return x if x.ndim else float(x)


@every_argument
def test_a_nan_is_refused_by_name_or_seen_in_the_answer(door, name):
    arguments = door.good | {name: with_entry(door.good[name], np.nan)}
    got, error = answer_or_error(door, arguments)
    if error:
        assert_named(error, name, door.also.get(name, name))
    elif has_nan(wanted := right_answer(door, arguments)):
        assert has_nan(got)
    else:  # x[1] of an x with a NaN elsewhere
        assert_right(got, wanted, door.rtol)


def has_nan(answer):
    return answer is not None and any(np.isnan(x).any() for x in answer)


@every_argument
def test_an_infinity_is_refused_by_name_or_answered_rightly_where_there_is_an_answer(door, name):
    assert_for_each((np.inf, -np.inf), partial(assert_infinity_is_refused_or_right, door, name))


def assert_infinity_is_refused_or_right(door, name, entry):
    arguments = door.good | {name: with_entry(door.good[name], entry)}
    got, error = answer_or_error(door, arguments)
    if error:
        assert_named(error, name, door.also.get(name, name))
        return
    wanted = right_answer(door, arguments)
    assert wanted is not None, "an answer where there is none"
    for x, y in zip(got, wanted, strict=True):  # ∞ − ∞ is NaN in one order of summing, ∞ in another
        assert_right(
            [np.where(np.isnan(y), 0.0, x)], [np.nan_to_num(y, posinf=np.inf, neginf=-np.inf)], door.rtol
        )


# ------------------------------------------------------------------------------------------------- shapes

SHAPES = {
    "empty": lambda x: np.empty(0),
    "zero batch": lambda x: np.asarray(x)[:0] if np.ndim(x) else np.empty(0),
    "no columns": lambda x: np.asarray(x)[..., :0] if np.ndim(x) else np.empty((2, 0)),
    "an array without axes": lambda x: np.array(0.5),
    "a Python number": lambda x: 2,
    "twice as long": lambda x: np.concatenate([x, x]) if np.ndim(x) else np.array([x, x]),
    "one more axis": lambda x: np.asarray(x)[np.newaxis],
    "one column": lambda x: np.asarray(x)[..., np.newaxis],
    "one axis, one entry short": lambda x: np.ravel(x)[:-1],
    "transposed": np.transpose,
}


@every_argument
def test_another_shape_gets_the_right_answer_or_an_error_with_names(door, name):
    def right_or_refused(shape):
        replaced = SHAPES[shape](door.good[name])
        assert_right_or_refused(door, name, replaced, *door.good, *door.also.values())

    assert_for_each(SHAPES, right_or_refused)


@pytest.mark.parametrize("door", DOORS + GATES, ids=lambda door: door.name)
def test_a_batch_of_zero_samples_gets_the_right_answer_or_an_error_with_names(door):
    batch = {
        name
        for name, x in door.good.items()
        if np.ndim(x) and name not in ("W", "b", "w", "W1", "b1", "W_next")
    }
    arguments = {name: np.asarray(x)[:0] if name in batch else x for name, x in door.good.items()}
    got, error = answer_or_error(door, arguments)
    if error:
        assert_named(error, *door.good, *door.also.values())
    else:
        assert_right(got, right_answer(door, arguments), door.rtol)


# ------------------------------------------------------------------------------------------------- labels

WITH_LABELS = [pytest.param(door, name, id=door.name) for door in DOORS + GATES for name in door.labels]


@pytest.mark.parametrize(("door", "name"), WITH_LABELS)
def test_a_label_that_is_no_class_is_refused_by_name(door, name):
    def is_refused(label):
        assert_refused(door, name, with_entry(door.good[name], label))

    assert_for_each((-1, 99, 0.5, np.nan, np.inf, 2**63), is_refused)


@pytest.mark.parametrize(("door", "name"), WITH_LABELS)
def test_a_label_just_past_the_last_class_is_refused_by_name(door, name):
    classes = next(np.shape(x)[-1] for x in door.good.values())
    classes = 2 if door in DOORS else classes  # the networks and layers here have two outputs
    assert_refused(door, name, with_entry(door.good[name], classes))


# ------------------------------------------------------------------------------------- one array, two names

SEVERAL = [door for door in DOORS + GATES if len({np.shape(x) for x in door.good.values()}) < len(door.good)]


@pytest.mark.parametrize("door", SEVERAL, ids=lambda door: door.name)
def test_one_array_under_two_names_is_treated_as_two(door):
    names = list(door.good)
    first, second = next(
        (a, b)
        for i, a in enumerate(names)
        for b in names[i + 1 :]
        if np.shape(door.good[a]) == np.shape(door.good[b])
    )
    shared = door.good | {second: door.good[first]}
    apart = door.good | {second: np.array(door.good[first])[()]}
    got, error = answer_or_error(door, shared)
    if error:
        assert_named(error, first, second)
    else:
        assert_right(got, answer_or_error(door, apart)[0], rtol=0)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_gradient_is_memory_of_its_own(case):
    xs = [np.array(x) for x in case.xs]
    out = np.array(case.gate.forward(*xs))
    upstream = np.ones(out.shape)
    given = [*xs, out, upstream]
    downstream = [np.asarray(d) for d in case.gate.backward(upstream, out, *xs) if d is not None]
    for i, gradient in enumerate(downstream):
        assert not any(np.shares_memory(gradient, other) for other in given + downstream[:i])


def test_the_tables_reach_every_gate_and_every_kind_of_door():
    assert {type(case.gate) for case in CASES} <= {
        found for found in vars(gates).values() if isinstance(found, type) and issubclass(found, gates.Gate)
    }
    assert len(GATES) >= len({type(case.gate) for case in CASES}) > 40
