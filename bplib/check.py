"""Checks of derivatives: one gate's backward rule, or a whole gradient, against central differences."""

from functools import partial
from itertools import product

import numpy as np

from .compare import compare
from .derivatives import grad, numerical_gradient, plain_call, record
from .foreign import Foreign, as_gate
from .misconceptions import Seen, mistakes_at_a_fork, mistakes_of_a_rule
from .report import NOT_ANSWERED, Finding, Report
from .values import as_input, as_value

RTOL = {"float64": 1e-6, "float32": 1e-4}  # central differences reach about 1e-10; float32 carries 1e-7


def check_gate(gate, *xs, seeds=(0, 1)):
    """Is gate.backward right at xs? A Report with one finding for each input.

    gate    a Gate, or your own class with forward and backward
    xs      a value for each input: choose unlike shapes, away from kinks and ties
    For each seed upstream is drawn at random, used, and used again times 2.5, so that a rule that ignores it
    or remembers it fails; so does a rule that changes what it is given. Raises InputError for a bad x.
    """
    gate = as_gate(gate)
    gate = gate if isinstance(gate, Foreign) else Foreign(gate)
    gate.expect_inputs(xs)
    xs = tuple(as_input(x, name) for name, x in zip(gate.inputs, xs, strict=True))
    title, findings, earlier = f"{gate.name}.backward", {}, None
    for seed, scale in product(seeds, (1.0, 2.5)):
        asked = _attempt(partial(_ask, gate, xs, seed, scale), title)
        if isinstance(asked, Finding):
            return Report(title, (asked,))
        upstream, out, got = asked
        for i, name in enumerate(gate.inputs):
            if findings.get(name, _FINE).ok:
                findings[name] = _judge_input(Seen(gate, upstream, out, xs, i, earlier), got[i])
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
    names, values = tuple(inputs), tuple(inputs.values())
    exact = tuple(np.asarray(x, dtype=float) for x in values)

    def by_position(*xs):
        return f(**dict(zip(names, xs, strict=True)))

    wanted = numerical_gradient(by_position, exact)
    before = _copies(*values)
    got = _attempt(lambda: _in_order(names, (gradient or grad(f))(**inputs)), title)
    if isinstance(got, Finding):
        return Report(title, (got,))
    changed = _changed(names, before, values)
    if changed:
        return Report(title, (changed,))
    size = np.abs(plain_call(by_position, exact))
    return Report(
        title,
        tuple(
            compare(f"d{name}", got[i], wanted[i], _fork_mistakes(f, inputs, name), rtol=_rtol(values[i]),
                    floor=_rounding(size, values[i]), against="numerical")
            for i, name in enumerate(names)
        ),
    )  # fmt: skip


_FINE = Finding("", True, "")


def _ask(gate, xs, seed, scale):
    """A random upstream, out, and what the rule answers; or a Finding when it changes what it is given."""
    before = _copies(*xs)
    out = as_value(gate.forward(*xs), f"{gate.name}.forward: out")
    if not np.isfinite(out).all():
        return Finding(gate.name, False, "its forward is not finite here: choose a point inside its domain")
    upstream = np.random.default_rng(seed).normal(size=np.shape(out)) * scale
    upstream = as_value(np.asarray(upstream, dtype=np.asarray(out).dtype))
    before += _copies(out, upstream)
    got = gate.answers(upstream, out, *xs)
    return _changed((*gate.inputs, "out", "upstream"), before, (*xs, out, upstream)) or (upstream, out, got)


def _judge_input(seen, got):
    x = seen.xs[seen.i]
    if got is None and not np.any(seen.wanted):
        return Finding(f"d{seen.name}", True, "no gradient, and none is needed")
    floor = _rounding(np.sum(np.abs(seen.upstream * np.abs(seen.out))), x)
    return compare(f"d{seen.name}", got, seen.wanted, mistakes_of_a_rule(seen), rtol=_rtol(x), floor=floor,
                   against="numerical")  # fmt: skip


def _rtol(x):
    return RTOL[str(np.asarray(x).dtype)]


def _rounding(size, x):
    """What rounding may do to a central difference of terms that sum to ``size``: 8 · eps · size / h."""
    eps = np.finfo(float).eps
    return 8 * eps * float(size) / np.cbrt(eps) + np.finfo(np.asarray(x).dtype).tiny


def _copies(*values):
    return [np.array(value) for value in values]


def _attempt(action, what):
    """What action returns, or a Finding with the error it raised: a student's rule may raise anything."""
    try:
        with np.errstate(all="ignore"):
            return action()
    except NotImplementedError:
        return Finding(what, False, NOT_ANSWERED)
    except Exception as error:
        return Finding(what, False, f"raised {type(error).__name__}: {error}")


def _changed(names, before, after):
    for name, old, new in zip(names, before, after, strict=True):
        if not np.array_equal(old, new, equal_nan=True):
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
