"""Assignment 8: an order, an engine of the student's own, a graph that owns its list, and a way down."""

import math
from functools import partial

import numpy as np

from ...check.compare import Mistake
from ...check.raised import in_plain_words
from ...check.report import Finding
from ...graph.node import Node
from ...graph.numerical import numerical_gradient
from ...graph.order import topological_order
from ..exercise import Unusable, question
from .common import compared, left_alone, likeliest_first, returned

of_your_own = partial(
    question,
    bans=[f"bplib.{part}" for part in ("gates", "graph", "check", "networks")],
    asked="the task asks for lines of your own",
)

# ----------------------------------------------------------------------------------- task 1: an order


@of_your_own("order: each name once, parents first", parts=7)
def order(order, seed=0):
    drawn = {f"drawn graph {k}": _drawn((seed, k)) for k in range(1, 5)}
    untouched = []
    for title, parents in ({"a fork": _FORK, "x · x": {"x": (), "y": ("x", "x")}} | drawn).items():
        given = dict(parents)
        last = next(reversed(parents))
        yield _listed(title, returned(order(given, last), "order"), parents, last)
        untouched.append(list(given.items()) == list(parents.items()))
    yield Finding("arguments", True, "are as they were") if all(untouched) else _touched()


_FORK = {"a": (), "b": (), "t": ("a", "b"), "u": ("t",), "aside": ("a",), "e": ("t", "u")}


def _drawn(seed, size=14):
    """A graph in which most values are used several times, and some not at all; the dict is in no order."""
    rng = np.random.default_rng(seed)
    parents = {}
    while not parents or len(_under(parents, f"n{size - 1}")) == size:
        parents = {"n0": (), "n1": ()}
        for k in range(2, size):
            parents[f"n{k}"] = tuple(f"n{int(j)}" for j in rng.integers(max(0, k - 4), k, 2))
    names = [f"n{int(k)}" for k in rng.permutation(size - 1)]
    return {name: parents[name] for name in [*names, f"n{size - 1}"]}


def _touched():
    return Finding("arguments", False, "are not what they were", *_TOUCHED)


_TOUCHED = "argument changed in place", "the dict belongs to the caller: keep your notes beside it"


def _listed(title, yours, parents, last):
    """A Finding: the right names, each once, and none before a parent of its own."""
    names, under = list(yours), _under(parents, last)
    place = {name: names.index(name) for name in set(names)}
    early = [n for n in under & set(names) for p in parents[n] if place.get(p, -1) > place[n]]
    why = (
        _BACKWARDS if early and names[0] == last
        else _TWICE if len(set(names)) < len(names)
        else _MISSING if under - set(names)
        else _ASIDE if set(names) - under
        else _EARLY if early
        else ()
    )  # fmt: skip
    says = (
        f"{min(early)} stands before a parent" if early else f"{len(names)} in the list, {len(under)} wanted"
    )
    return Finding(title, not why, says if why else "each once, parents first", *why)


def _under(parents, last):
    found, waiting = set(), [last]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += parents[name]
    return found


_TWICE = "listed twice", "what two others use is met twice: remember whom you have met"
_MISSING = "values left out", "the output needs these too: inputs belong into the list, and the output itself"
_ASIDE = (
    "not under the output",
    "the output does not depend on it: begin at the output and go to parents only",
)
_EARLY = "too early", "a value may be listed when all of its parents are, not when you meet it"
_BACKWARDS = "output first", "the sweep will turn the list round: here the inputs come first"


@of_your_own("order: a chain of 5000")
def long_chain(order, length=5000, seed=0):
    first = 10 * seed
    parents = {f"v{first}": ()}
    for k in range(first + 1, first + length):
        parents[f"v{k}"] = (f"v{k - 1}",)
    try:
        names = list(returned(order(dict(parents), f"v{first + length - 1}"), "order"))
    except RecursionError:
        yield Finding("the list", False, "has come to no end", *_RECURSION)
        raise
    yield Finding("the list", names == list(parents), f"has {len(names)} names, {length} are there")


_RECURSION = "recursion ends", "calls inside each other end near a thousand: keep a list of what still waits"

# ---------------------------------------------------------------------------------- task 2: the engine

FORMULAS = {
    "x + y": lambda x, y: x + y,
    "x * y": lambda x, y: x * y,
    "x - y": lambda x, y: x - y,
    "x / y": lambda x, y: x / y,
    "-x": lambda x, y: -x,
    "x ** 3": lambda x, y: x**3,
}
WITH_NUMBERS = {
    "x + 2": lambda x: x + 2,
    "x * 3": lambda x: x * 3,
    "x - 2.5": lambda x: x - 2.5,
    "x / 4": lambda x: x / 4,
    "2 + x": lambda x: 2 + x,
    "3 * x": lambda x: 3 * x,
    "2.5 - x": lambda x: 2.5 - x,
    "4 / x": lambda x: 4 / x,
}
OTHERWISE = {
    "x - y": lambda x, y: y - x,
    "x / y": lambda x, y: y / x,
    "x - 2.5": lambda x: 2.5 - x,
    "x / 4": lambda x: 4 / x,
    "2.5 - x": lambda x: x - 2.5,
    "4 / x": lambda x: x / 4,
}


@of_your_own("Value: two values and an operation", parts=16)
def operators(Value, seed=0):
    x, y = _numbers(seed, 2)
    for what, f in FORMULAS.items():
        out, values = _run(Value, f, x, y)
        yield compared(what, _data(out), f(x, y), _other_values(what, x, y))
        if what not in ("-x", "x ** 3"):
            names = ("x", "y")
        else:
            names = ("x",)
        slopes = numerical_gradient(f, (x, y))
        for name, value, slope in zip(names, values, slopes, strict=False):
            yield compared(f"d{name} of {what}", _grad(value), slope, _other_slopes(what, name, x, y, slope))


def _other_values(what, *at):
    if what in OTHERWISE:
        yield Mistake(
            "operands exchanged", "which of the two is subtracted, or divided by?", OTHERWISE[what](*at)
        )


def _other_slopes(what, name, x, y, slope):
    yield Mistake("no signal", "nothing has arrived here: does backward begin with 1 at the output?", 0.0)
    if what == "x * y":
        yield Mistake(
            "inputs not swapped", "× sends to each the number of the other", x if name == "x" else y
        )
    if what == "x ** 3":
        yield Mistake("exponent not lowered", "the power falls by one when its exponent comes down", 3 * x**3)
        yield Mistake("exponent left out", "the exponent comes down in front", x**2)
    if what == "x / y" and name == "y":
        yield Mistake("square left out", "the slope of 1/y is −1/y²", -x / y)
    yield Mistake("sign", "right but for the sign", -slope)


@of_your_own("Value: plain numbers beside a value", parts=16)
def plain_numbers(Value, seed=0):
    (x,) = _numbers(seed, 1)
    for what, f in WITH_NUMBERS.items():
        try:
            out, (value,) = _run(Value, f, x)
        except (TypeError, AttributeError) as error:
            why = _REFLECTED if what[0] != "x" else _CONSTANT
            yield Finding(what, False, in_plain_words(error), *why)
            yield Finding(f"dx of {what}", False, "is not there")
            continue
        yield compared(what, _data(out), f(x), _other_values(what, x))
        slope = numerical_gradient(f, x)
        sign = [Mistake("sign", "right but for the sign", -slope)]
        yield compared(f"dx of {what}", _grad(value), slope, sign)


_REFLECTED = (
    "reflected operator missing",
    "Python asks the number first, and then your class for the name with an r, such as __rmul__",
)
_CONSTANT = "constant that is no value", "a plain number has no data and no grad: make a value of it first"

RULES = {
    "exp": math.exp,
    "tanh": math.tanh,
    "relu": lambda x: max(x, 0.0),
}


@of_your_own("Value: exp, tanh and relu", parts=12)
def rules(Value, seed=0):
    c = 2.5 + seed % 3
    for name, of in RULES.items():
        found, slopes = {}, {at: numerical_gradient(of, at) for at in (0.5, -1.25)}
        for at in slopes:
            x, factor = Value(at), Value(c)
            out = returned(getattr(x, name)(), name)
            (out * factor).backward()
            yield compared(f"{name} at {at}", _data(out), of(at))
            found[at] = _grad(x)
        slips = likeliest_first(_slips_of(name, of, slopes, c), found)
        for at, slope in slopes.items():
            mistakes = [slip._replace(gives=slip.gives[at]) for slip in slips]
            yield compared(f"slope of {name} at {at}", found[at], c * slope, mistakes)
    corner = Value(0.0)
    corner.relu().backward()
    if _grad(corner) != 0:
        yield Finding("slope of relu at 0", False, f"is {_grad(corner)}", *_AT_ZERO)


def _slips_of(name, of, slopes, c):
    """slopes    {x: the slope of the function there}; what a mistake gives has the same form"""

    def each(gives):
        return {at: c * gives(at) for at in slopes}

    if name == "relu":
        for signal in (c, 1.0):
            yield Mistake("relu passes everything", _STOPS, dict.fromkeys(slopes, signal))
    if name == "tanh":
        advice = "the slope is 1 minus the square of the output"
        yield Mistake("square left out", advice, each(lambda at: 1 - of(at)))
        advice = "1 − t² is written with the output"
        yield Mistake("taken at the input", advice, each(lambda at: 1 - at * at))
    advice = "the local derivative is right; what arrives has to be multiplied"
    yield Mistake("upstream ignored", advice, slopes)
    yield Mistake("value for slope", "this is the function, not how fast it grows", each(of))
    for other in [rule for rule in RULES if rule != name]:
        yield Mistake("rule of another", _OF_ANOTHER, each(partial(numerical_gradient, RULES[other])))
    advice = "nothing has arrived here: does backward begin with 1 at the output?"
    yield Mistake("no signal", advice, dict.fromkeys(slopes, 0.0))


_AT_ZERO = "slope at 0", "a corner has no slope of its own: the task says which to take"
_STOPS = "where the input is below 0, no signal passes"
_OF_ANOTHER = "the slope is that of another function: which one does the inner function see when it runs?"


@of_your_own("Value: max, a rule that no lesson has given you", parts=8)
def a_router(Value, seed=0):
    b, a = sorted(_numbers(seed + 3, 2))
    for x, y in ((a, b), (b, a)):
        first, second, factor = Value(x), Value(y), Value(3.0)
        out = returned(first.max(second), "max")
        (out * factor).backward()
        yield compared(f"max({x}, {y})", _data(out), max(x, y))
        found = {"first": _grad(first), "second": _grad(second)}
        wins = {"first": 1.0 * (x > y), "second": 1.0 * (y > x)}
        slips = likeliest_first(_slips_of_a_router(wins), found)
        for name, right in wins.items():
            mistakes = [slip._replace(gives=slip.gives[name]) for slip in slips]
            yield compared(f"gradient of the {name}", found[name], 3.0 * right, mistakes)
    x = Value(a)
    x.max(Value(a - 1)).max(Value(a - 2)).backward()
    yield compared("through two of them", _grad(x), 1.0)
    y = Value(a - 3)
    x.max(y).backward()
    yield compared("nothing for the smaller", _grad(y), 0.0)


def _slips_of_a_router(wins):
    """wins    1 for the larger of the two, and 0 for the other"""
    slips = [
        Mistake("sent to both", "what loses does not move the maximum: it gets nothing", lambda wins: 3.0),
        Mistake("shared out", "the signal is not divided: the larger one gets all of it", lambda wins: 1.5),
        Mistake("router turned round", "the larger of the two moves the maximum", lambda wins: 3 - 3 * wins),
        Mistake("upstream ignored", "what arrives at the gate is not 1", lambda wins: wins),
    ]
    return [slip._replace(gives={name: slip.gives(each) for name, each in wins.items()}) for slip in slips]


GRAPHS = {
    "x + x": lambda x, y: x + x,
    "x * x": lambda x, y: x * x,
    "t (t + x), t = x y": lambda x, y: _with_t(x * y, x),
    "a ladder": lambda x, y: _ladder(x, y),
    "u v + u, u = x + y, v = u x": lambda x, y: _with_u(x + y, x),
}


def _with_t(t, x):
    return t * (t + x)


def _with_u(u, x):
    v = u * x
    return u * v + u


def _ladder(x, y, steps=5):
    for _ in range(steps):
        x, y = x + y, x
    return x * y


@of_your_own("Value: numbers that are used several times", parts=10)
def forks(Value, seed=0):
    x, y = _numbers(seed, 2)
    found = [_grad(value) for f in GRAPHS.values() for value in _run(Value, f, x, y)[1]]
    wanted = [slope for f in GRAPHS.values() for slope in numerical_gradient(f, (x, y))]
    slips = likeliest_first(_slips_in_all(x, y), dict(enumerate(found)))  # one slip, whatever the graph
    for k, what in enumerate(GRAPHS):
        for j, name in ((2 * k, "x"), (2 * k + 1, "y")):
            mistakes = [slip._replace(gives=slip.gives[j]) for slip in slips]
            yield compared(f"d{name} of {what}", found[j], wanted[j], mistakes, floor=1e-9)


def _slips_in_all(x, y):
    """Mistakes with the gradients that each gives, one graph after another."""
    for same in zip(*(_slips_of_a_sweep(f, x, y) for f in GRAPHS.values()), strict=True):
        gradients = [gradient for slip in same for gradient in slip.gives]
        yield same[0]._replace(gives=dict(enumerate(gradients)))


def _slips_of_a_sweep(f, *at):
    """Mistakes with the gradients of the inputs that each gives, in every order that one may walk in."""
    nodes = [Node(number, f"in{k}") for k, number in enumerate(at)]
    graph = f(*nodes)
    made = topological_order(graph)
    orders = [made, _visited(graph), _visited(graph, back=True)]

    def of(order, **slip):
        found = _swept(order, graph, **slip)
        return [found.get(node, 0.0) for node in nodes]

    for order in orders:
        advice = "several signals arrive: += adds to what is there, = forgets it"
        yield Mistake("overwritten at a fork", advice, of(order, add=lambda old, new: new))
        advice = "x · x has two edges to x; a set of parents keeps one of them"
        yield Mistake("parents in a set", advice, of(order, parents=lambda pairs: dict(pairs).items()))
        yield Mistake("parents in a set", advice, of(order, parents=lambda pairs: dict(pairs[::-1]).items()))
        advice = "multiply by what has arrived at the value, not by 1"
        yield Mistake("upstream ignored", advice, of(order, upstream=lambda grad: 1.0))
    advice = "a value has sent on its gradient before all who use it were visited: look at the order"
    for back in (False, True):
        yield Mistake("before the users are done", advice, of(_met(graph, back)[::-1]))
        yield Mistake("before the users are done", advice, of(_met(graph, back, wide=True)[::-1]))
    advice = "a value was visited several times, and each time sent on all that it had: visit each once"
    for back in (False, True):
        yield Mistake("visited twice", advice, of(_visited(graph, back, once=False)))
        yield Mistake("visited twice", advice, of(_paths(graph, back)[::-1]))


def _swept(order, output, add=lambda old, new: old + new, parents=list, upstream=lambda grad: grad):
    """The gradients by a sweep from the end of order to its beginning."""
    grad = {output: 1.0}
    for node in reversed(order):
        if node.gate:
            sent = node.gate.backward(
                upstream(grad.get(node, 0.0)), node.value, *(p.value for p in node.parents)
            )
            for parent, signal in parents(list(zip(node.parents, sent, strict=True))):
                grad[parent] = add(grad.get(parent, 0.0), signal)
    return grad


def _visited(node, back=False, once=True, met=None):
    """Depth first, a node after its parents; without once, as often as it is met."""
    met = [] if met is None else met
    if not once or node not in set(met):
        for parent in node.parents[::-1] if back else node.parents:
            _visited(parent, back, once, met)
        if not once or node not in set(met):
            met.append(node)
    return met


def _met(output, back=False, wide=False):
    """From the output on, a node when it is first met: deep or wide."""
    met, waiting = [], [output]
    while waiting:
        node = waiting.pop(0 if wide else -1)
        if node not in set(met):
            met.append(node)
            waiting += node.parents if back or wide else node.parents[::-1]
    return met


def _paths(node, back=False):
    """From the output on, a node as often as it is met, each time with all that is above it."""
    found = [node]
    for parent in node.parents[::-1] if back else node.parents:
        found += _paths(parent, back)
    return found


@of_your_own("Value: a chain of 500", parts=2)
def deep_chain(Value, seed=0, length=500):
    x, y = _numbers(seed, 2)
    first, second = Value(x), Value(y)
    last = first
    for _ in range(length):
        last = last + second
    try:
        last.backward()
    except RecursionError:
        yield Finding("the sweep", False, "has come to no end", *_RECURSION)
        raise
    yield compared("gradient of the first", _grad(first), 1.0, _ONLY_NEAR)
    yield compared("gradient of what is added each time", _grad(second), float(length), _ONLY_NEAR)


_ONLY_NEAR = [Mistake("sweep stops early", "the signal has to go all the way back to the inputs", 0.0)]


@of_your_own("Value: one graph after another", parts=4)
def one_after_another(Value, seed=0):
    x, y = _numbers(seed, 2)
    first, second = Value(x), Value(y)
    if _grad(first) != 0:
        yield Finding("grad of a new value", False, f"is {_grad(first)}", *_NOT_ZERO)
    aside = first * second
    (aside * second).backward()
    for value in (first, second):
        value.grad = 0.0
    (first * first + second).backward()
    left = "the test has set both gradients to 0; what is here comes from the graph before"
    others = [Mistake("an old graph in the sweep", left, lambda yours: yours)]
    yield compared("dx of x x + y", _grad(first), 2 * x, others)
    yield compared("dy of x x + y", _grad(second), 1.0, others)
    third = Value(x)
    third * second
    yield compared("grad of a value without a sweep", _grad(third), 0.0, others)
    same = (_data(first), _data(second)) == (x, y)
    why = () if same else _DATA
    yield Finding("data after two sweeps", same, "is as it was" if same else "is another", *why)


_NOT_ZERO = "grad not 0", "before the way back nothing has arrived: grad begins at 0"
_DATA = "data changed", "an operation makes a new value, and a sweep changes grad alone"


def _numbers(seed, count):
    """Numbers with two digits, none near another or near 0."""
    rng = np.random.default_rng(seed)
    drawn = rng.permutation([0.7, 1.3, 1.6, 2.2, 2.9, 3.4])[:count]
    return [float(number) for number in drawn]


def _run(Value, f, *at):
    """f on the student's values, and back: the output and the values."""
    values = [Value(number) for number in at]
    out = returned(f(*values), "an operation")
    out.backward()
    return out, values


def _data(value):
    return _attribute(value, "data")


def _grad(value):
    return _attribute(value, "grad")


def _attribute(value, name):
    try:
        return getattr(value, name)
    except AttributeError:
        raise Unusable(f"a result is a {type(value).__name__} without {name}; it has to be a Value") from None


# ------------------------------------------------------------------- task 3: a graph that owns its list

LINES = {
    "(x + y) z": (("q", "+", ("x", "y")), ("f", "*", ("q", "z"))),
    "e·e + q·e, q = x y, e = exp q": (
        ("q", "*", ("x", "y")), ("e", "exp", ("q",)), ("s", "*", ("e", "e")), ("r", "*", ("q", "e")),
        ("f", "+", ("s", "r")),
    ),
    "relu(x − y) x + relu(y − x) z − z": (
        ("d", "-", ("x", "y")), ("p", "relu", ("d",)), ("m", "*", ("p", "x")), ("c", "-", ("y", "x")),
        ("n", "relu", ("c",)), ("w", "*", ("n", "z")), ("s", "+", ("m", "w")), ("f", "-", ("s", "z")),
    ),
}  # fmt: skip
OF_A_LINE = {
    "+": (lambda a, b: a + b, lambda up, out, a, b: (up, up)),
    "-": (lambda a, b: a - b, lambda up, out, a, b: (up, -up)),
    "*": (lambda a, b: a * b, lambda up, out, a, b: (up * b, up * a)),
    "exp": (math.exp, lambda up, out, a: (up * out,)),
    "relu": (lambda a: max(a, 0.0), lambda up, out, a: (up * (a > 0),)),
}


def _inputs(seed):
    """x above y: of two relus one is open and one is shut, whatever the seed."""
    return dict(zip("xyz", sorted((number / 2 for number in _numbers(seed, 3)), reverse=True), strict=True))


@of_your_own("ComputationalGraph: forward", parts=4)
def graph_forward(ComputationalGraph, seed=0):
    for title, lines in LINES.items():
        inputs = _inputs(seed)
        given = dict(inputs)
        found = returned(ComputationalGraph(list(lines)).forward(given), "forward")
        yield compared(title, found, _values(lines, inputs)["f"])
    yield left_alone((given,), (inputs,)) if given.keys() == inputs.keys() else _touched()


@of_your_own("ComputationalGraph: backward", parts=9)
def graph_backward(ComputationalGraph, seed=0):
    for title, lines in LINES.items():
        inputs = _inputs(seed)
        graph = ComputationalGraph(list(lines))
        graph.forward(dict(inputs))
        found = _gradients(graph.backward())
        wanted = _line_gradients(lines, inputs)
        slips = likeliest_first(_slips_of_lines(lines, inputs), {name: found.get(name) for name in "xyz"})
        for name in "xyz":
            if name not in found and name in wanted:
                yield Finding(f"d{name} of {title}", False, f"there is no {name} in the dict", *_NO_NAME)
                continue
            mistakes = [slip._replace(gives=slip.gives[name]) for slip in slips]
            yield compared(f"d{name} of {title}", found.get(name, 0.0), wanted.get(name, 0.0), mistakes)


_NO_NAME = "a name left out", "every name has a gradient, an input too; where nothing arrives it is 0.0"


def _gradients(found):
    if not isinstance(returned(found, "backward"), dict):
        raise Unusable("backward has to return a dict: the gradient of every name")
    return found


def _values(lines, inputs):
    value = dict(inputs)
    for name, symbol, names in lines:
        value[name] = OF_A_LINE[symbol][0](*(value[each] for each in names))
    return value


def _line_gradients(lines, inputs, add=lambda old, new: old + new, first=1.0, turn=reversed, upstream=None):
    value = _values(lines, inputs)
    grad = dict.fromkeys(value, 0.0)
    grad[lines[-1][0]] = first
    for name, symbol, names in turn(lines):
        arrives = grad[name] if upstream is None else upstream
        signals = OF_A_LINE[symbol][1](arrives, value[name], *(value[each] for each in names))
        for parent, signal in zip(names, signals, strict=True):
            grad[parent] = add(grad[parent], signal)
    return grad


def _slips_of_lines(lines, inputs):
    def of(**slip):
        grad = _line_gradients(lines, inputs, **slip)
        return {name: grad[name] for name in "xyz"}

    advice = "a name may be used in several lines: add each signal to what is there"
    yield Mistake("overwritten at a fork", advice, of(add=lambda old, new: new))
    yield Mistake("one signal only", advice, of(add=lambda old, new: old or new))
    yield Mistake(
        "no signal", "nothing has come this far: is the last line's gradient 1?", dict.fromkeys("xyz", 0.0)
    )
    yield Mistake("from the front", "the way back begins at the last line", of(turn=iter))
    yield Mistake("upstream ignored", "what arrives at a line has to be multiplied", of(upstream=1.0))
    yield Mistake("sign", "right but for the sign", {name: -g for name, g in of().items()})


@of_your_own("ComputationalGraph: again and again", parts=4)
def graph_again(ComputationalGraph, seed=0):
    lines = LINES["e·e + q·e, q = x y, e = exp q"]
    graph, first = ComputationalGraph(list(lines)), _inputs(seed)
    other = {name: x + 0.25 for name, x in first.items()}
    graph.forward(dict(first))
    once = dict(_gradients(graph.backward()))
    twice = _gradients(graph.backward())
    left = "each sweep begins with zeros: what is here has the sweep before in it"
    kept = [Mistake("left from the last sweep", left, lambda yours: yours)]
    yield compared("dx, a second time", twice.get("x"), once.get("x"), kept)
    out = graph.forward(dict(other))
    old = [
        Mistake(
            "values of the last pass", "forward was called with other numbers", _values(lines, first)["f"]
        )
    ]
    yield compared("forward with other numbers", out, _values(lines, other)["f"], old)
    wanted = _line_gradients(lines, other)
    yield compared("dx there", _gradients(graph.backward()).get("x"), wanted["x"], kept)
    second = ComputationalGraph(list(LINES["(x + y) z"]))
    second.forward(dict(first))
    graph.forward({name: x + 1.0 for name, x in first.items()})
    found = _gradients(second.backward()).get("x")
    shared = [
        Mistake(
            "two graphs share", "what one graph keeps belongs to it alone: self, not the class", lambda y: y
        )
    ]
    yield compared("dx of a second graph", found, first["z"], shared)


# ------------------------------------------------------------------------------- task 4: the way down


class Parameter:
    """A value as the test hands it in: it has data and grad, and lets both be set."""

    def __init__(self, data):
        self.data, self.grad = data, 0.0


class _Loss:
    """½ Σ c (p − t)², whose backward adds to the grad of each parameter, as an engine's does."""

    def __init__(self, valley):
        self.valley, self.at = valley, [p.data for p in valley.parameters]
        self.data = 0.5 * sum(c * (p - t) ** 2 for c, p, t in zip(valley.c, self.at, valley.t, strict=True))
        self.grad = 0.0

    def backward(self):
        for p, at, c, t in zip(self.valley.parameters, self.at, self.valley.c, self.valley.t, strict=True):
            p.grad = p.grad + c * (at - t)


class _Valley:
    def __init__(self, seed, count=3):
        rng = np.random.default_rng(seed)
        self.c = [float(c) for c in rng.permutation([0.5, 1.0, 1.5])]
        self.t = [t + 0.3 for t in rng.integers(-3, 4, count).tolist()]  # no step ends there by chance
        self.start = [t + 1.0 + k for k, t in enumerate(self.t)]
        self.parameters = [Parameter(p) for p in self.start]
        for p in self.parameters:
            p.grad = 5.0  # something may have been swept before
        self.calls = 0

    def loss(self):
        self.calls += 1
        return _Loss(self)

    def walked(self, lr, steps, keep=0.0, sign=-1.0, first=0.0, fresh=True):
        """Where the parameters end, and the losses; keep: the share of the last gradient left in."""
        p, grad, losses = list(self.start), [first] * len(self.start), []
        for k in range(steps):
            losses.append(0.5 * sum(c * (x - t) ** 2 for c, x, t in zip(self.c, p, self.t, strict=True)))
            at = p if fresh or not k else self.start
            grad = [keep * g + c * (x - t) for g, c, x, t in zip(grad, self.c, at, self.t, strict=True)]
            p = [x + sign * lr * g for x, g in zip(p, grad, strict=True)]
        return p, losses


@of_your_own("descend: where the parameters end", parts=3)
def way_down(descend, seed=0, lr=0.25, steps=4):
    valley = _Valley(seed)
    descend(valley.loss, valley.parameters, lr, steps)
    wanted, _ = valley.walked(lr, steps)
    found = {k: p.data for k, p in enumerate(valley.parameters)}
    made = [slip._replace(gives=dict(enumerate(slip.gives))) for slip in _other_ways(valley, lr, steps)]
    slips = likeliest_first(made, found)
    for k, right in enumerate(wanted):
        mistakes = [slip._replace(gives=slip.gives[k]) for slip in slips]
        yield compared(f"parameter {k + 1} after {steps} steps", found[k], right, mistakes)


def _other_ways(valley, lr, steps):
    old = "each sweep adds to what is there: set every grad to 0 before it"
    yield Mistake("gradients left in", old, valley.walked(lr, steps, keep=1.0, first=5.0)[0])
    yield Mistake("gradients left in", old, valley.walked(lr, steps, keep=1.0)[0])
    yield Mistake(
        "nothing moved",
        "the parameters are where they were: what is grad when the step is taken?",
        valley.start,
    )
    yield Mistake("uphill", "the gradient points uphill", valley.walked(lr, steps, sign=1.0)[0])
    yield Mistake("lr ignored", "how far to go is for lr to say", valley.walked(1.0, steps)[0])
    yield Mistake("one step only", "the loop is for all steps", valley.walked(lr, 1)[0])
    yield Mistake("one step too many", "count the steps", valley.walked(lr, steps + 1)[0])
    advice = "the loss was made once, and its graph holds the old numbers: call f again in each step"
    yield Mistake("an old graph", advice, valley.walked(lr, steps, fresh=False)[0])
    p = list(valley.start)
    for _ in range(steps):
        p = [-lr * c * (x - t) for c, x, t in zip(valley.c, p, valley.t, strict=True)]
    yield Mistake("gradient in place of the step", "the data has been overwritten, not moved", p)


@of_your_own("descend: the losses on the way", parts=2)
def losses(descend, seed=0, lr=0.25, steps=4):
    valley = _Valley(seed)
    found = returned(descend(valley.loss, valley.parameters, lr, steps), "descend")
    if not isinstance(found, list | tuple):
        raise Unusable(f"descend has to return a list of {steps} numbers; got a {type(found).__name__}")
    values = [each for each in found if not isinstance(each, int | float)]
    why = _VALUES if values else _COUNT if len(found) != steps else ()
    yield Finding("the list", not why, f"has {len(found)} entries, {steps} are wanted", *why)
    if why:
        return
    wanted = valley.walked(lr, steps + 1)[1]
    late = [Mistake("losses one step late", "write the loss down before the step is taken", wanted[1:])]
    yield compared("losses", found, wanted[:-1], late)


_VALUES = "values for numbers", "keep loss.data: a value in a list keeps its whole graph in memory"
_COUNT = "a loss for each step", "there is one loss for each step, that with which the step begins"
