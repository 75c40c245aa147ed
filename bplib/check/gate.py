"""Is one gate's backward rule right? Its answers to random upstreams against differences."""

from functools import partial
from itertools import product

import numpy as np

from ..gates.foreign import Foreign, as_gate
from ..values import as_input, as_value
from .asking import attempt, copied, copies, expect_neighbours, same, what_changed
from .judge import judge
from .mistakes import mistakes_of_a_rule
from .report import Finding, Report
from .rounding import eps_of
from .rule_call import RuleCall


def check_gate(gate, *xs, seeds=(0, 1)):
    """Is gate.backward right at xs? A Report with one finding for each input.

    gate    a Gate, or your own class with forward and backward
    xs      a value for each input: choose unlike shapes, away from kinks and ties
    For each seed upstream is drawn at random, used, and used again times −2.5, so that a rule that ignores it
    or remembers it fails; so does a rule that remembers other inputs, that answers otherwise when asked
    twice, or that changes what it is given. Inputs called t (target, label …) need no gradient.
    Where differences cannot tell, on a kink or where rounding hides the slope, the report says so and why.
    Raises InputError for a bad x.
    """
    gate = as_gate(gate)
    gate = gate if isinstance(gate, Foreign) else Foreign(gate)
    gate.expect_inputs(xs)
    xs = tuple(_input(x, name, name in gate.targets) for name, x in zip(gate.inputs, xs, strict=True))
    expect_neighbours(dict(zip(gate.inputs, xs, strict=True)))
    title, findings, earlier, jacobians = f"{gate.name}.backward", {}, None, {}
    others = tuple(_other_values(x) for x in xs)
    for seed, scale in product(seeds, (1.0, -2.5)):
        asked = attempt(partial(_ask, gate, xs, others, seed, scale), title)
        if isinstance(asked, Finding):
            return Report(title, (asked,))
        upstream, out, got = asked
        for i, name in enumerate(gate.inputs):
            before = findings.get(name, _UNSEEN)
            if before.ok or before.unsure:  # the first answer that is wrong is the one told
                call = RuleCall(gate, upstream, out, xs, i, gate.targets, earlier, others, jacobians)
                found = attempt(partial(_judge, call, got[i]), f"d{name}")
                findings[name] = before if before.unsure and found.ok else found
        earlier = upstream
    return Report(title, tuple(findings.values()))


_UNSEEN = Finding("", True, "")


def _input(x, name, is_target):
    """x as a float or an array of floats; labels of whole numbers stay whole."""
    whole = is_target and np.ndim(x) and np.asarray(x).dtype.kind in "iu"
    return np.asarray(x) if whole else as_input(x, name)


def _other_values(x):
    """Other values from the same domain: those of x in another order; a number a little smaller."""
    if np.ndim(x):
        return np.ravel(x)[::-1].reshape(np.shape(x)).copy()
    return x * type(x)(0.99)


# --------------------------------------------------------------------------------------- asking a rule


def _ask(gate, xs, others, seed, scale):
    """A random upstream, out, and what the rule answers; or a Finding when it does not behave."""
    before = copies(*xs)
    attempt(partial(gate.forward, *others), "")  # a rule that remembers this instead of xs will show it
    first = np.array(gate.forward(*xs))
    out = as_value(gate.forward(*xs), f"{gate.name}.forward: out")
    changed = what_changed(gate.inputs, before, xs)
    if changed:
        return changed
    if not np.isfinite(out).all():
        return _not_finite(gate, xs)
    if not np.array_equal(first, out):
        return Finding(gate.name, False, *_RANDOM)
    upstream = np.random.default_rng(seed).normal(size=np.shape(out)) * scale
    upstream = as_value(np.asarray(upstream, dtype=np.asarray(out).dtype))
    before += copies(out, upstream)
    got = tuple(copied(gradient) for gradient in gate.answers(upstream, out, *xs))
    changed = what_changed((*gate.inputs, "out", "upstream"), before, (*xs, out, upstream))
    if changed:
        return changed
    again = gate.answers(upstream, out, *xs)
    if not all(same(a, b) for a, b in zip(got, again, strict=True)):
        return Finding(f"{gate.name}.backward", False, *_CACHE)
    return upstream, copied(out), got


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
    says = "its forward is not finite here: choose a point inside its domain"
    if max(np.abs(x).max(initial=0.0) for x in xs) <= 100:
        return Finding(gate.name, False, says)
    return Finding(gate.name, False, says, *_OVERFLOW)


_OVERFLOW = ("overflow", "exp of a large number overflows: rewrite so that no exponent is large")


# ----------------------------------------------------------------------------------- judging an answer


def _judge(call, got):
    """The Finding for what the rule answered for one input."""
    if call.name in call.targets:
        return Finding(f"d{call.name}", True, "not needed: a target is given")
    if got is None and not np.any(call.wanted):
        return Finding(f"d{call.name}", True, "no gradient, and none is needed")
    eps, mistakes = eps_of(call.x, got), mistakes_of_a_rule(call)
    return judge(f"d{call.name}", got, call.slope, mistakes, eps=eps, far=call.far_slope)
