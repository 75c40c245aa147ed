"""Lesson 8: an engine in steps: a value, its gates, their local rules, an order, the sweep, more rules."""

import math

import numpy as np

from ...check.compare import Mistake, compare
from ...check.report import Finding
from ...gates import add, exp, multiply
from ...graph.numerical import numerical_gradient
from ..exercise import Unusable, question
from .common import likeliest_first, returned


@question(
    "A value that remembers",
    "Five lines, all of one form: self.name = …",
    "Four of them keep an argument under its own name. The fifth keeps nothing: grad begins at 0.0.",
    "self.data = data, the same for parents, local and symbol, and self.grad = 0.0",
    parts=5,
)
def a_value(Value):
    x, y = Value(3.0), Value(-5.0)
    both = Value(-2.0, (x, y, x), (1.0, 2.0, 4.0), "made up")
    yield compare("data", _of(both, "data"), -2.0)
    yield compare("grad", _of(x, "grad"), 0.0, [Mistake("grad not 0", _BEGINS, lambda yours: yours)])
    parents = _parents(both)
    kept = len(parents) == 3 and all(map(_same, parents, (x, y, x)))
    yield Finding("parents", kept, f"are {len(parents)}; three were given", *(() if kept else _PARENTS))
    local = [Mistake("local not kept", "the local derivatives come in the order of the parents", lambda _: _)]
    yield compare("local", _numbers(_of(both, "local")), (1.0, 2.0, 4.0), local)
    alone = not _parents(x) and _of(x, "symbol") == ""
    yield Finding(
        "an input", alone, "has no parents and no symbol" if alone else "is not empty", *_ALONE[alone]
    )


_BEGINS = "before the way back nothing has arrived: grad begins at 0.0, whatever the number is"
_PARENTS = (
    "parents not kept",
    "keep what you are given, in its order and with its repeats: a set has neither",
)
_LEFT_EMPTY = "an input with parents", "what is not given is empty: nothing has made an input"
_ALONE = {True: (), False: _LEFT_EMPTY}


@question(
    "+ and × that make values",
    "What is the number? Who are its parents? Both go into a new Value.",
    "x and y are values; their numbers are x.data and y.data. The parents are x and y themselves.",
    'add: return Value(x.data + y.data, (x, y), (), "+"), and multiply in the same way',
    parts=6,
)
def grows(add, multiply, Value):
    for name, function, of in (("add", add, lambda x, y: x + y), ("multiply", multiply, lambda x, y: x * y)):
        x, y = Value(3.5), Value(-2.0)
        out = returned(function(x, y), name)
        if not hasattr(out, "data"):
            raise Unusable(f"{name} returned a {type(out).__name__}: {_FORGETS}")
        other = 3.5 * -2.0 if name == "add" else 3.5 - 2.0
        mixed = [Mistake("the other operation", "which of the two functions is this?", other)]
        yield compare(f"data of {name}", out.data, of(3.5, -2.0), mixed)
        parents = _parents(out)
        right = len(parents) == 2 and _same(parents[0], x) and _same(parents[1], y)
        numbers = any(isinstance(parent, float) for parent in parents)
        why = () if right else _NUMBERS if numbers else _NOT_BOTH
        yield Finding(f"parents of {name}", right, "are x and y" if right else "are not x and y", *why)
        same = (x.data, y.data) == (3.5, -2.0)
        why = () if same else _CHANGED
        yield Finding(f"x and y after {name}", same, "are as they were" if same else "are others", *why)


_FORGETS = "a plain number has forgotten where it came from. Put it into a new Value, with its parents"
_NUMBERS = "numbers for parents", "a number knows no parents of its own: keep the values x and y themselves"
_NOT_BOTH = "parents missing", "the new value was made of two others: hand both on, in their order"
_CHANGED = "an operand changed", "x and y may be used elsewhere too: put the result into a new Value"


@question(
    "The local rules of + and ×",
    "If x grows a little, how much does x + y grow? And x · y?",
    "+ is the distributor: 1 and 1. × swaps: what counts for x is how large y is.",
    "(1.0, 1.0) for +; (y.data, x.data) for ×",
    parts=6,
)
def local_rules(add, multiply, Value):
    for a, b in ((3.0, -2.0), (0.5, 4.0), (-1.5, 2.5)):
        x, y = Value(a), Value(b)
        yield _local("+", add(x, y), (1.0, 1.0), [Mistake("values for slopes", _SLOPES, (a, b))])
        slips = [
            Mistake("inputs not swapped", "what counts for x is how large the other one is", (a, b)),
            Mistake("rule of +", "this is what + does: × is no distributor", (1.0, 1.0)),
            Mistake("value for slope", "this is the product itself, not how it grows", (a * b, a * b)),
        ]
        yield _local("×", multiply(x, y), (b, a), slips)


_SLOPES = "these are the numbers that went in; how fast does the sum grow with each?"


def _local(symbol, out, wanted, mistakes):
    local = _of(returned(out, "your function"), "local")
    if isinstance(local, tuple | list) and any(hasattr(each, "data") for each in local):
        return Finding(f"local of {symbol}", False, "holds values", *_PLAIN)
    if isinstance(local, tuple | list) and not local:
        return Finding(f"local of {symbol}", False, "is empty", *_NO_LOCAL)
    return compare(f"local of {symbol}", _numbers(local), wanted, mistakes)


_PLAIN = "values for numbers", "local derivatives are plain numbers here: take the data of a value"
_NO_LOCAL = "local left out", "the third argument of Value is still empty"


@question(
    "An order in which parents come first",
    "Walk from the output to its parents. When may a value be put into the list?",
    "When all its parents are in it. And what is there already is not listed once more.",
    "visit(value): if it is not in the set, put it there, visit its parents, then append it to the list",
    parts=6,
)
def order(order, Value):
    for name, graph in (("a fork", _fork), ("x · x", _square), ("a ladder", _ladder)):
        everything = graph(Value)
        yield from _listed(name, list(returned(order(everything[-1]), "order")), everything)


def _fork(Value):
    a, b = Value(2.0), Value(3.0)
    t = Value(6.0, (a, b), (3.0, 2.0))
    u = Value(7.0, (t,), (1.0,))
    return [a, b, t, u, Value(42.0, (t, u), (7.0, 6.0))]


def _square(Value):
    x = Value(3.0)
    return [x, Value(9.0, (x, x), (3.0, 3.0))]


def _ladder(Value):
    """Each step uses the last one and the one before it, the newer one first."""
    made = [Value(1.0), Value(1.0)]
    for _ in range(8):
        older, newer = made[-2:]
        made.append(Value(newer.data + older.data, (newer, older), (1.0, 1.0)))
    return made


def _listed(name, yours, everything):
    """Two findings: each value once, and no value before a parent of its own."""
    places = {}
    for place, value in enumerate(yours):
        places.setdefault(id(value), []).append(place)
    often = any(len(found) > 1 for found in places.values())
    missing = any(id(value) not in places for value in everything)
    why = _TWICE if often else _MISSING if missing else ()
    yield Finding(
        f"{name}: each value once", not why, f"{len(yours)} in the list, {len(everything)} there", *why
    )
    places = {value: found[0] for value, found in places.items()}
    early = any(
        places.get(id(parent), -1) > places.get(id(value), len(yours))
        for value in everything
        for parent in value.parents
    )
    backwards = early and bool(yours) and yours[0] is everything[-1]
    why = _BACKWARDS if backwards else _EARLY if early else _NOTHING if missing else ()
    yield Finding(f"{name}: parents first", not why, "each after its parents" if not why else "not yet", *why)


_TWICE = "listed twice", "a value that two others use is met twice: remember whom you have met"
_MISSING = (
    "values left out",
    "everything under the output belongs into the list: inputs, and the output itself",
)
_EARLY = (
    "too early",
    "a value stands before one of its parents: it may be listed when its parents are, not before",
)
_BACKWARDS = "output first", "the output stands first: list a value after its parents, not when you meet it"
_NOTHING = "values left out", "as long as values are missing, no order is right"


@question(
    "The sweep",
    "First 1.0 at the output. Then a loop over reversed(order(output)).",
    "For each value, go through its parents and its local derivatives together, with zip.",
    "parent.grad += value.grad * local",
    parts=7,
)
def sweep(backward, Value):
    for name, graph in (("a fork", _fork), ("x · x", _square), ("a ladder", _ladder)):
        everything = graph(Value)
        backward(everything[-1])
        wanted = _swept(everything)
        slips = likeliest_first(_slips(everything), dict(enumerate(value.grad for value in everything)))
        for k in (0, len(everything) - 2) if len(everything) > 2 else (0,):
            mistakes = [slip._replace(gives=slip.gives[k]) for slip in slips]
            yield compare(f"{name}: value {k + 1}", everything[k].grad, wanted[k], mistakes)
    yield compare("gradient of the output", everything[-1].grad, 1.0, _AT_THE_OUTPUT)
    shared = Value(2.0)
    for _ in range(2):
        backward(Value(4.0, (shared,), (2.0,)))
    # both are engines: one that goes on adding, and one that begins anew
    begun = shared.grad in (2.0, 4.0)
    yield Finding("a second graph", begun, "adds to the first or begins anew", *(() if begun else _SECOND))


_AT_THE_OUTPUT = [
    Mistake("no first signal", "the output's own gradient is 1.0: ∂f/∂f", 0.0),
    Mistake("value for gradient", "this is the output itself; how does it change with itself?", lambda y: y),
]
_SECOND = "another graph disturbed", "a sweep has to do with the values under its own output only"


def _swept(everything, add=lambda old, new: old + new, first=1.0, ahead=None, upstream=lambda grad: grad):
    """The gradients of a list of values, parents first; ahead is the order of the visits, last one first."""
    place = {id(value): k for k, value in enumerate(everything)}
    grad = [0.0] * len(everything)
    grad[-1] = first
    for k in ahead or range(len(everything) - 1, -1, -1):
        value = everything[k]
        for parent, local in zip(value.parents, value.local, strict=True):
            j = place[id(parent)]
            grad[j] = add(grad[j], upstream(grad[k]) * local)
    return grad


def _slips(everything):
    """Mistakes with the gradients that each gives."""
    advice = "several signals arrive here: += adds to what is there, = forgets it"
    yield Mistake("overwritten at a fork", advice, _swept(everything, add=lambda old, new: new))
    first = _swept(everything, add=lambda old, new: old or new)
    yield Mistake("one signal only", "the first signal is there; what comes later has to be added", first)
    advice = "nothing has come this far: is the output's grad 1.0, and does the loop begin there?"
    yield Mistake("no signal", advice, [0.0] * len(everything))
    ignored = _swept(everything, upstream=lambda grad: 1.0)
    yield Mistake("upstream ignored", "what a parent gets is upstream × local, not local alone", ignored)
    hasty = _swept(everything, ahead=_as_met(everything))
    advice = "a value has sent on what it had before all who use it were visited"
    yield Mistake("before the users are done", advice, hasty)
    yield Mistake("counted twice", "the signals have been sent twice", [2 * g for g in _swept(everything)])


def _as_met(everything):
    """The hasty order: depth first from the output, each value when it is first met."""
    place = {id(value): k for k, value in enumerate(everything)}
    met, waiting = [], [len(everything) - 1]
    while waiting:
        k = waiting.pop()
        if k not in met:
            met.append(k)
            waiting += [place[id(parent)] for parent in reversed(everything[k].parents)]
    return met


@question(
    "Four more rules",
    "One parent, so parents is (x,) and local is a tuple with one number: mind the comma.",
    "exp and tanh are written with their own output. relu: 1 or 0. power: the exponent comes down in front.",
    "local: (e,), (1 - t * t,), (1.0 if x.data > 0 else 0.0,) and (n * x.data ** (n - 1),)",
    parts=18,
)
def more_rules(exp, tanh, relu, power, Value):
    rules = [
        ("exp", exp, math.exp, None),
        ("tanh", tanh, math.tanh, None),
        ("relu", relu, lambda x: max(x, 0.0), None),
        *((f"power {n}", lambda x, n=n: power(x, n), lambda x, n=n: x**n, n) for n in (3, 2, -1)),
    ]
    for at in (1.5, -0.75, 0.25):
        for name, rule, of, n in rules:
            yield _rule(f"{name} at {at}", name, returned(rule(Value(at)), name), of, at, n)
    corner = np.ravel(_numbers(relu(Value(0.0)).local))
    if corner.any():
        yield Finding("relu at 0", False, f"has the slope {corner[0]}", *_CORNER)


_CORNER = "slope at 0", "at its corner the relu has no slope of its own; we take 0"


def _rule(what, name, out, of, at, n):
    value, slope = of(at), numerical_gradient(of, at)
    if not hasattr(out, "data"):
        raise Unusable(f"{name} returned a {type(out).__name__}: {_FORGETS}")
    right = compare(what, out.data, value, rtol=1e-9)
    if not right.ok:
        return Finding(what, False, f"has the value {out.data}", *_VALUE)
    if len(_parents(out)) != 1 or not isinstance(out.local, tuple | list) or len(out.local) != 1:
        return Finding(what, False, "needs one parent and one local derivative", *_ONE)
    slips = [
        Mistake("value for slope", "this is the value of the function, not how fast it grows", (value,)),
        Mistake("square left out", "tanh's slope is 1 minus the square of its output", (1 - math.tanh(at),)),
        Mistake("taken at the input", "written with the output, not with what enters", (1 - at * at,)),
        Mistake("slope of another function", "y (1 − y) is the sigmoid's slope", (value * (1 - value),)),
        *(_slips_of_a_power(at, n) if n else ()),
        Mistake("passes everything", "where the relu is shut, no signal passes", (1.0,)),
        Mistake("turned round", "a signal passes where x is above 0", (float(at <= 0),)),
    ]
    return compare(what, _numbers(out.local), (slope,), slips, rtol=1e-5)


def _slips_of_a_power(at, n):
    yield Mistake("exponent not lowered", "the power falls by one when its exponent comes down", (n * at**n,))
    yield Mistake("exponent left out", "the exponent comes down in front", (at ** (n - 1),))
    yield Mistake("another exponent", "n is whatever the caller gives", (3 * at**2,))


_VALUE = "another value", "look at the way forward first: which number belongs into data?"
_ONE = "not one parent", "these functions have one input: parents is (x,), with its comma, and local likewise"


_LINES = [
    ("q", add, ("x", "y")),
    ("p", exp, ("q",)),
    ("r", multiply, ("p", "q")),
    ("f", multiply, ("r", "q")),
]


@question(
    "A graph that owns its list",
    "forward: a dict that begins as a copy of inputs; each line puts its own name into it.",
    "backward: a dict of zeros for all names, 1.0 at the last line's, then the lines in reverse.",
    "signals = gate.backward(gradient[name], value[name], *xs); then gradient[parent] += signal",
    parts=6,
)
def computational_graph(ComputationalGraph):
    def f(x, y):
        return math.exp(x + y) * (x + y) ** 2

    graph = ComputationalGraph(list(_LINES))
    for x, y in ((0.5, 0.25), (-1.0, 0.25)):
        inputs = {"x": x, "y": y}
        out = returned(graph.forward(inputs), "forward")
        yield compare(f"forward at x = {x}", out, f(x, y))
        if inputs != {"x": x, "y": y}:
            raise Unusable("forward has changed the dict of inputs: copy it, the caller still needs it")
        returned(graph.backward(), "backward")
        found = graph.backward()
        if not isinstance(found, dict) or not {"x", "y"} <= found.keys():
            raise Unusable("backward has to return a dict with the gradient of every name, inputs too")
        slope = numerical_gradient(f, (x, y))[0]
        e, q = math.exp(x + y), x + y
        slips = [
            Mistake(
                "left from the last sweep", "each call of backward begins with zeros of its own", _twice(e, q)
            ),
            Mistake("overwritten at a fork", "q is used three times: add what comes back", e * q * q),
            Mistake("overwritten at a fork", "q is used three times: add what comes back", e * q),
            Mistake("no signal", "nothing has come this far: does the last line begin with 1.0?", 0.0),
        ]
        yield compare(f"gradient of x at x = {x}", found["x"], slope, slips)
        yield compare(f"gradient of f at x = {x}", found["f"], 1.0)


def _twice(e, q):
    """What stands at x after two sweeps into the same dict, whose last entry is set to 1 each time."""
    grad = dict.fromkeys("xqprf", 0.0)
    for _ in range(2):
        grad["f"] = 1.0
        grad["r"] += grad["f"] * q
        grad["q"] += grad["f"] * e * q
        grad["p"] += grad["r"] * q
        grad["q"] += grad["r"] * e
        grad["q"] += grad["p"] * e
        grad["x"] += grad["q"]
    return grad["x"]


# ------------------------------------------------------------------------------------- a student's values


def _of(value, name):
    if value is None or not hasattr(value, name):
        raise Unusable(f"a {type(value).__name__} has no {name}: write self.{name} = … in __init__")
    return getattr(value, name)


def _parents(value):
    parents = _of(value, "parents")
    if not isinstance(parents, tuple | list | set | frozenset):
        raise Unusable(f"parents is a {type(parents).__name__}: make it a tuple, of one parent too: (x,)")
    return list(parents)


def _same(one, other):
    return one is other


def _numbers(local):
    """local as an array where it holds numbers, else as it is."""
    return np.array(local, dtype=float) if isinstance(local, tuple | list) else local
