"""Checks of derivatives: one gate's backward rule, a whole gradient, or a network's, against differences."""

import copy
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, product

import numpy as np

from .compare import Mistake, compare
from .derivatives import grad, plain_call, record
from .differences import careful_vjp, differentiate, rounding_of
from .errors import GraphError, InputError
from .foreign import Foreign, as_gate
from .misconceptions import (
    Seen,
    mistake_of_an_error,
    mistakes_at_a_fork,
    mistakes_of_a_result,
    mistakes_of_a_rule,
)
from .report import NOT_ANSWERED, Finding, Report
from .values import as_input, as_value


def check_gate(gate, *xs, seeds=(0, 1)):
    """Is gate.backward right at xs? A Report with one finding for each input.

    gate    a Gate, or your own class with forward and backward
    xs      a value for each input: choose unlike shapes, away from kinks and ties
    For each seed upstream is drawn at random, used, and used again times 2.5, so that a rule that ignores it
    or remembers it fails; so does a rule that remembers other inputs, that answers otherwise when asked
    twice, or that changes what it is given. Inputs called t (target, label …) need no gradient.
    Raises InputError for a bad x.
    """
    gate = as_gate(gate)
    gate = gate if isinstance(gate, Foreign) else Foreign(gate)
    gate.expect_inputs(xs)
    targets = gate.targets
    xs = tuple(_input(x, name, name in targets) for name, x in zip(gate.inputs, xs, strict=True))
    _expect_neighbours(dict(zip(gate.inputs, xs, strict=True)))
    title, findings, earlier = f"{gate.name}.backward", {}, None
    others = tuple(_elsewhere(x) for x in xs)
    for seed, scale in product(seeds, (1.0, 2.5)):
        asked = _attempt(partial(_ask, gate, xs, others, seed, scale), title)
        if isinstance(asked, Finding):
            return Report(title, (asked,))
        upstream, out, got = asked
        for i, name in enumerate(gate.inputs):
            if findings.get(name, _FINE).ok:
                seen = Seen(gate, upstream, out, xs, i, targets, earlier, others)
                findings[name] = _attempt(partial(_judge_input, seen, got[i]), f"d{name}")
        earlier = upstream
    return Report(title, tuple(findings.values()))


def check_gradient(f, gradient=None, /, **inputs):
    """Is the gradient of a scalar-valued f right at the named inputs? A Report with one finding for each.

    gradient    the function to check, called as gradient(**inputs); it returns one gradient, a tuple in the
                order of inputs, or a dict by name; left out, bplib's own, which checks your gates inside f
    Raises InputError for a bad input, GraphError when f's value is not a single number.
    """
    title = f"gradient of {getattr(f, '__name__', 'f')}"
    inputs = {name: as_input(x, name) for name, x in inputs.items()}
    _expect_neighbours(inputs)
    names, values = tuple(inputs), tuple(inputs.values())
    exact = tuple(np.asarray(x, dtype=float) for x in values)

    def by_position(*xs):
        return f(**dict(zip(names, xs, strict=True)))

    value = as_value(plain_call(by_position, exact), "f's value")
    if np.shape(value):
        raise GraphError(f"check_gradient: f must return a single number; got shape {np.shape(value)}")
    before = _copies(*values)
    got = _attempt(lambda: _in_order(names, (gradient or grad(f))(**inputs)), title)
    got = _changed(names, before, values) or got
    if isinstance(got, Finding):
        return Report(title, (got,))
    shapes = [x.shape for x in exact if x.ndim > 1]
    findings = []
    for i, name in enumerate(names):
        wanted = careful_vjp(by_position, exact, i, 1.0)
        mistakes = chain(_fork_mistakes(f, inputs, name), mistakes_of_a_result(name, wanted, shapes))
        rtol, floor = _tolerance(np.abs(value), plain_call(by_position, _aside(exact, i)), values[i], got[i])
        findings.append(
            compare(f"d{name}", got[i], wanted, mistakes, rtol=rtol, floor=floor, against="numerical")
        )
    return Report(title, tuple(findings))


def check_network(net, x, t, *, directional=False, seed=0):
    """Is net.gradient(x, t) right for every parameter? A Report with one finding for each.

    net          has params (a dict of arrays), loss(x, t) and gradient(x, t), a dict of the same names
    directional  False compares every single entry: four calls of loss for each. True compares along two
                 random directions of ±1 through all parameters at once, for the price of a few gradients;
                 when they differ, halving the direction again and again finds an entry to blame
    On a kink, such as a relu of 0 under a blank sample, two slopes meet, and any slope between them is right:
    a gradient that lies there passes with a note. The directional check then looks at a point beside it.
    Parameters are moved in place and put back, also when loss raises. A network in float32 is checked as
    a copy in float64. Raises InputError when a parameter is not an array of floats.
    """
    title, names = f"gradient of {type(net).__name__}", tuple(net.params)
    for name in names:
        if np.asarray(net.params[name]).dtype.kind != "f" or not isinstance(net.params[name], np.ndarray):
            raise InputError(f"check_network: params[{name!r}] must be an array of floats")
    net, given = _in_float64(net), net
    params = [net.params[name] for name in names]
    if net is given:
        before = _copies(x, t, *params)
    else:  # what was given is the copy of what is checked
        before, x = [x, np.array(t), *given.params.values()], np.array(x, dtype=float)
    got = _attempt(lambda: _in_order(names, net.gradient(x, t)), title)
    got = _changed(("x", "t", *names), before, (x, t, *params)) or got
    if isinstance(got, Finding):
        return Report(title, (got,))
    judge = _along_directions if directional else _entry_by_entry
    found = _attempt(lambda: tuple(judge(net, x, t, got, seed)), title)
    return Report(title, found if isinstance(found, tuple) else (found,))


# ------------------------------------------------------------------------------------------ gates


def _expect_neighbours(inputs):
    for name, x in inputs.items():
        if np.size(x) == 0:
            raise InputError(f"{name} is empty, of shape {np.shape(x)}: there is nothing to check")
        if not np.isfinite(x).all():
            raise InputError(f"{name} is infinite: a difference needs numbers on both sides of it")


_FINE = Finding("", True, "")


def _input(x, name, is_target):
    """x as a float or an array of floats; labels of whole numbers stay whole."""
    whole = is_target and np.ndim(x) and np.asarray(x).dtype.kind in "iu"
    return np.asarray(x) if whole else as_input(x, name)


def _elsewhere(x):
    """Other values from the same domain: those of x in another order; a number a little smaller."""
    if np.ndim(x):
        return np.ravel(x)[::-1].reshape(np.shape(x)).copy()
    return x * type(x)(0.99)


def _ask(gate, xs, others, seed, scale):
    """A random upstream, out, and what the rule answers; or a Finding when it does not behave."""
    before = _copies(*xs)
    _attempt(partial(gate.forward, *others), "")  # a rule that remembers this instead of xs will show it
    first = np.array(gate.forward(*xs))
    out = as_value(gate.forward(*xs), f"{gate.name}.forward: out")
    changed = _changed(gate.inputs, before, xs)
    if changed:
        return changed
    if not np.isfinite(out).all():
        return _not_finite(gate, xs)
    if not np.array_equal(first, out):
        return Finding(gate.name, False, *_RANDOM)
    upstream = np.random.default_rng(seed).normal(size=np.shape(out)) * scale
    upstream = as_value(np.asarray(upstream, dtype=np.asarray(out).dtype))
    before += _copies(out, upstream)
    got = tuple(_copy(gradient) for gradient in gate.answers(upstream, out, *xs))
    changed = _changed((*gate.inputs, "out", "upstream"), before, (*xs, out, upstream))
    if changed:
        return changed
    again = gate.answers(upstream, out, *xs)
    if not all(_same(a, b) for a, b in zip(got, again, strict=True)):
        return Finding(f"{gate.name}.backward", False, *_CACHE)
    return upstream, _copy(out), got


_RANDOM = (
    "its forward gives two values for one input",
    "random forward",
    "a derivative needs a function: draw random numbers once, outside, and pass them in",
)
_CACHE = (
    "answers otherwise when it is asked twice",
    "cache changed",
    "backward changed what forward kept, or added to an earlier gradient: work on a copy and begin anew",
)


def _not_finite(gate, xs):
    large = max(np.abs(x).max(initial=0.0) for x in xs) > 100
    name, advice = "", ""
    if large:
        name, advice = "overflow", "exp of a large number overflows: rewrite so that no exponent is large"
    return Finding(
        gate.name, False, "its forward is not finite here: choose a point inside its domain", name, advice
    )


def _judge_input(seen, got):
    if seen.name in seen.targets:
        return Finding(f"d{seen.name}", True, "not needed: a target is given")
    if got is None and not np.any(seen.wanted):
        return Finding(f"d{seen.name}", True, "no gradient, and none is needed")
    terms = np.sum(np.abs(seen.upstream * np.abs(seen.out)))
    aside = plain_call(seen.gate.forward, _aside(seen.xs, seen.i))
    rtol, floor = _tolerance(terms, aside, seen.x, got)
    return compare(f"d{seen.name}", got, seen.wanted, mistakes_of_a_rule(seen), rtol=rtol, floor=floor,
                   against="numerical")  # fmt: skip


def _aside(xs, i):
    """xs with number i moved a little, in float64: what a function rounds to shows there."""
    xs = [x if np.asarray(x).dtype.kind in "iu" else np.asarray(x, dtype=float) for x in xs]
    return [*xs[:i], xs[i] * (1 + 1e-4) + 1e-9, *xs[i + 1 :]]


def _tolerance(terms, aside, *values):
    """(rtol, floor): float32 anywhere asks for patience; the floor is what rounding does to a difference.

    terms     Σ|…| of what was added up;  aside: a value of the function at a point that no float32 holds
    """
    eps = max(rounding_of(aside), *(_eps(value) for value in values))
    return (1e-4 if eps > 1e-10 else 1e-6), 8 * eps**0.75 * float(terms) + np.finfo(np.float32).tiny


def _eps(value):
    return float(np.finfo(np.float32 if getattr(value, "dtype", None) == np.float32 else float).eps)


# --------------------------------------------------------------------------------------- networks


def _in_float64(net):
    """net, or when its parameters are float32 a copy in which they are float64, wherever they are shared."""
    rough = [array for array in net.params.values() if array.dtype != np.float64]
    if not rough:
        return net
    exact = {id(array): array.astype(float) for array in rough}
    exact[id(np.dtype(np.float32))] = np.dtype(np.float64)  # what the network converts its inputs to
    return copy.deepcopy(net, exact)


def _entry_by_entry(net, x, t, got, seed):
    """One finding for each parameter, from the slope of the loss along every entry."""
    loss, names = partial(_loss, net, x, t), tuple(net.params)
    wanted = {name: _slopes(net.params[name], loss) for name in names}
    size, shapes = abs(loss()), [(len(x), *net.params[names[-1]].shape[-1:])]
    for name, yours in zip(names, got, strict=True):
        rtol, floor = _tolerance(size, np.pi, yours)
        room = rtol * np.abs(wanted[name]).max() + floor
        kinks = _kinks(net.params[name], yours, wanted[name], room, loss)
        for k in kinks:
            wanted[name][k] = yours[k]
        mistakes = chain(
            _stale(name, wanted[name]),
            _of_another(name, wanted),
            mistakes_of_a_result(name, wanted[name], shapes),
        )
        finding = compare(
            f"d{name}", yours, wanted[name], mistakes, rtol=rtol, floor=floor, against="numerical"
        )
        yield _with_note(finding, kinks) if kinks and finding.ok else finding


def _loss(net, x, t):
    return np.asarray(net.loss(x, t), dtype=float)


def _slopes(parameter, loss):
    """The derivative of loss() for every entry of the parameter."""
    return np.reshape(
        [_slope_of_entry(parameter, k, loss) for k in np.ndindex(parameter.shape)], parameter.shape
    )


def _slope_of_entry(parameter, k, loss):
    """The derivative of loss() for entry k of the parameter, which is moved and put back."""
    middle = parameter[k]

    def moved(step):
        parameter[k] = middle + step
        return loss()

    try:
        return float(differentiate(moved, max(1.0, abs(middle)))[0])
    finally:
        parameter[k] = middle


def _stale(name, wanted):
    advice = (
        f"the loss does not move when {name} does: does its layer still hold an older array? "
        f"params[{name!r}] -= step changes the array that both share, params[{name!r}] = … makes another one"
    )
    return [] if np.any(wanted) else [Mistake("stale parameters", advice, lambda yours: yours)]


def _kinks(parameter, yours, wanted, room, loss):
    """{k: (low, high)} for the entries that differ, but sit on a kink with yours from low to high."""
    if np.shape(yours) != wanted.shape or not isinstance(yours, np.ndarray):
        return {}
    apart = map(tuple, np.argwhere(np.abs(yours - wanted) > room))
    sides = ((k, _kink(parameter, k, yours[k], loss)) for k in apart)
    return {k: slopes for k, slopes in sides if slopes}


def _kink(parameter, k, yours, loss):
    """The slopes on both sides of entry k, the lower one first, when they differ and yours lies between."""
    middle, here = parameter[k], loss()
    step = rounding_of(here) ** 0.4
    try:
        parameter[k] = middle - step
        left = (here - loss()) / step
        parameter[k] = middle + step
        right = (loss() - here) / step
    finally:
        parameter[k] = middle
    low, high = sorted((float(left), float(right)))
    room = 1e-4 * max(abs(low), abs(high))
    return (low, high) if high - low > 100 * room and low - room <= yours <= high + room else None


def _with_note(finding, kinks):
    k, (low, high) = next(iter(kinks.items()))
    where = [int(i) for i in k]
    note = f"{where} is on a kink, such as a relu of 0: any slope from {low:.3g} to {high:.3g} is right"
    return replace(finding, says=f"{finding.says}; {note}")


def _of_another(name, wanted):
    advice = f"d{name} is the gradient of another parameter: look at the names under which they are returned"
    return [Mistake("inputs swapped", advice, other) for key, other in wanted.items() if key != name]


def _along_directions(net, x, t, got, seed):
    """One finding for each parameter, from slopes along random directions here; on a kink, beside it."""
    params, loss, rng = net.params, partial(_loss, net, x, t), np.random.default_rng(seed)
    found = _directional(params, got, len(x), loss, rng)
    if all(finding.mistake != "kink" for finding in found):
        return found
    with _moved_aside(params, rng):
        beside = _directional(params, _in_order(tuple(params), net.gradient(x, t)), len(x), loss, rng)
    beside = [replace(finding, says=f"{finding.says}; {_BESIDE}") for finding in beside]
    both = zip(found, beside, strict=False)  # beside may end with a finding for all parameters together
    return [there if here.mistake == "kink" else here for here, there in both] + beside[len(params) :]


_BESIDE = "seen from beside a kink, such as a relu of 0"


@contextmanager
def _moved_aside(params, rng):
    """Every parameter a little away from where it is, and put back afterwards."""
    before = _copies(*params.values())
    try:
        for array in params.values():
            array += rng.normal(0.0, 1e-3, array.shape)
        yield
    finally:
        for array, start in zip(params.values(), before, strict=True):
            array[...] = start


def _directional(params, got, N, loss, rng):
    """One finding for each parameter, from the slope of the loss along a random direction of ±1.

    An error of any entry shifts that slope by its full size, whatever the sizes of the others: yours and the
    numerical one may differ by rounding alone, not by a part of the slope.
    """
    malformed = [_malformed(name, yours, params[name]) for name, yours in zip(params, got, strict=True)]
    if any(malformed):
        return [
            finding or Finding(f"d{name}", True, "has its shape")
            for name, finding in zip(params, malformed, strict=True)
        ]
    arrays, got = list(params.values()), [np.asarray(yours) for yours in got]
    if _agree(_both_slopes(arrays, got, [_signs(rng, p) for p in arrays], loss)):
        return [Finding(f"d{name}", True, _ALONG) for name in params]
    shape = (N, *arrays[-1].shape[-1:])
    blamed = [
        _blame(name, p, yours, loss, rng, shape) for name, p, yours in zip(params, arrays, got, strict=True)
    ]
    if any(not finding.ok for finding in blamed):
        return blamed
    return [
        *blamed,
        Finding("all parameters together", False, "differ along a random direction; check every entry"),
    ]


_ALONG = "agrees along a random direction"


def _signs(rng, parameter):
    """±1 at random, neither all alike nor half and half: an error that sums to 0, or is even, would hide."""
    signs = rng.integers(0, 2, parameter.shape, dtype=bool) * 2.0
    signs -= 1.0
    if abs(signs.sum()) in (0, signs.size):
        signs.flat[0] *= -1
    return signs


def _malformed(name, yours, parameter):
    """A Finding when yours is no gradient of the parameter's shape, else None."""
    if isinstance(yours, np.ndarray) and yours.shape == parameter.shape and np.isfinite(yours).all():
        return None
    return compare(f"d{name}", yours, np.zeros(parameter.shape))


def _both_slopes(arrays, got, direction, loss):
    """The slope of the loss along direction: (yours, numerical, how far apart they may be)."""
    starts = _copies(*arrays)

    def moved(step):
        for array, start, d in zip(arrays, starts, direction, strict=True):
            np.multiply(d, step, out=array)
            array += start
        return loss()

    length = np.sqrt(sum(np.vdot(d, d) for d in direction))
    try:
        slope, doubt = differentiate(moved, 1 / (16 * length))  # so short that few relus switch
    finally:
        for array, start in zip(arrays, starts, strict=True):
            array[...] = start
    yours = sum(np.vdot(d, g) for d, g in zip(direction, got, strict=True))
    rounding = sum(_eps(g) * np.linalg.norm(g) for g in got)
    return yours, slope, 2 * doubt + 100 * rounding


def _agree(slopes):
    yours, numerical, doubt = slopes
    return abs(yours - numerical) <= doubt


def _blame(name, parameter, yours, loss, rng, shape):
    """The Finding for one parameter: where its gradient is wrong and which mistake it looks like."""
    directions = [_signs(rng, parameter) for _ in range(2)]
    both = [_both_slopes([parameter], [yours], [direction], loss) for direction in directions]
    if all(map(_agree, both)):
        return Finding(f"d{name}", True, _ALONG)
    mine, numerical, doubts = np.array(both).T
    worst = directions[int(np.argmax(np.abs(mine - numerical)))]
    k = _worst_entry(parameter, yours, worst, loss)
    wanted = _slope_of_entry(parameter, k, loss)
    relative = abs(yours[k] - wanted) / max(np.abs(yours).max(), abs(wanted))
    says = f"yours {yours[k]:.6g}, numerical {wanted:.6g} (relative error {relative:.1e})"
    if _kink(parameter, k, yours[k], loss):
        mistake, advice = "kink", _KINK.format(name)
    else:
        mistakes = chain(_stale(name, numerical), mistakes_of_a_result(name, numerical, [shape]))
        likely = compare("", mine, numerical, mistakes, floor=doubts.max())
        mistake, advice = likely.mistake, likely.advice
    return Finding(f"d{name}", False, f"differs at {list(k)}: {says}", mistake, advice)


_KINK = (
    "a value inside the network sits on a kink, such as a relu of 0: moving {} shows two slopes there; "
    "check with another batch, or with biases other than 0"
)


def _worst_entry(parameter, yours, direction, loss):
    """An entry where yours is wrong: the half that differs more is kept, until one entry is left."""

    def gap(entries):
        part = np.zeros(parameter.size)
        part[entries] = direction.flat[entries]
        mine, numerical, _ = _both_slopes([parameter], [yours], [part.reshape(parameter.shape)], loss)
        return abs(mine - numerical)

    entries = np.arange(parameter.size)
    while len(entries) > 1:
        entries = max(np.array_split(entries, 2), key=gap)
    return tuple(int(index) for index in np.unravel_index(entries[0], parameter.shape))


# ------------------------------------------------------------------------------------------ common


def _copies(*values):
    return [np.array(value) for value in values]


def _copy(gradient):
    return gradient.copy() if isinstance(gradient, np.ndarray) else gradient


def _same(a, b):
    return a is b or np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")


def _attempt(action, what):
    """What action returns, or a Finding with the error it raised: a student's rule may raise anything."""
    try:
        with np.errstate(all="ignore"):
            return action()
    except NotImplementedError:
        return Finding(what, False, NOT_ANSWERED)
    except Exception as error:
        name, advice = mistake_of_an_error(error)
        return Finding(what, False, f"raised {type(error).__name__}: {error}", name, advice)


def _changed(names, before, after):
    for name, old, new in zip(names, before, after, strict=True):
        if not (np.array_equal(old, new) or np.array_equal(old, new, equal_nan=True)):
            advice = f"{name} belongs to the caller, who may still need it; work on a copy: {name}.copy()"
            return Finding(
                name, False, "is not what it was before the call", "argument changed in place", advice
            )
    return None


def _in_order(names, gradients):
    if gradients is None or gradients is Ellipsis:
        return [None] * len(names)
    if isinstance(gradients, dict):
        return [gradients.get(name) for name in names]
    several = isinstance(gradients, tuple) or (isinstance(gradients, list) and len(names) > 1)
    gradients = gradients if several else (gradients,)
    if len(gradients) != len(names):
        raise ValueError(f"{len(names)} gradients are needed ({', '.join(names)}); got {len(gradients)}")
    return gradients


def _fork_mistakes(f, inputs, name):
    try:
        nodes = record(f, **inputs).to_dict()["nodes"]
    except Exception:  # f may well use what has no gate: then its forks are not known
        return
    arrivals = [
        sent
        for node in nodes
        for parent, sent in zip(node["inputs"], node["downstream"], strict=True)
        if nodes[parent]["name"] == name and sent is not None
    ]
    yield from mistakes_at_a_fork(name, arrivals)
