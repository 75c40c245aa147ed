"""Graphs of single numbers: building and differentiating them, replaying them, and what they weigh.

Both engines run the same expressions, written once with operators. micrograd has no exp and recurses over
the depth of a graph: exp is added in its own style, and graphs that both must manage are wide, not deep.
"""

import gc
import math
import random
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from operator import attrgetter
from time import perf_counter
from typing import Any, NamedTuple

import bplib

from .harness import Bar, duration, exponent, in_fresh_processes, number, show, show_times, shown, take_turns
from .peers import installed, peer


class Engine(NamedTuple):
    """node = leaf(number); value(node); exp(node), relu(node); differentiate(output) finds all gradients."""

    leaf: Callable[[float], Any]
    value: Callable[[Any], float]
    exp: Callable
    relu: Callable
    differentiate: Callable


def bplib_engine():
    return Engine(bplib.Node, attrgetter("value"), bplib.exp, bplib.relu, bplib.gradients)


def micrograd_engine():
    Value = peer("micrograd.engine").Value

    def exp(x):
        out = Value(math.exp(x.data), (x,), "exp")

        def _backward():
            x.grad += out.data * out.grad

        out._backward = _backward
        return out

    return Engine(Value, attrgetter("data"), exp, Value.relu, Value.backward)


ENGINES = {"bplib": bplib_engine, "micrograd": micrograd_engine}


# ---------------------------------------------------------------------------------- expressions


def sigmoid_neuron(engine):
    """1 / (1 + e^−(w0·x0 + w1·x1 + w2)), gate by gate."""
    w0, x0, w1, x1, w2 = map(engine.leaf, (2.0, -1.0, -3.0, -2.0, -3.0))
    return 1.0 / (1.0 + engine.exp(-(w0 * x0 + w1 * x1 + w2)))


def moons_step(engine):
    """A function that builds the loss of a Moons network anew."""
    return Moons(engine).loss


class Moons:
    """micrograd's demonstration: 2-16-16-1 neurons, 100 points of two moons, hinge loss and L2."""

    SIZES = (2, 16, 16, 1)

    def __init__(self, engine, points=100):
        draw = random.Random(1337)
        self.engine = engine
        self.layers = [
            [
                ([engine.leaf(draw.uniform(-1, 1)) for _ in range(fan_in)], engine.leaf(0.0))
                for _ in range(fan_out)
            ]
            for fan_in, fan_out in pairwise(self.SIZES)
        ]
        self.points = [two_moons(draw, label) for _ in range(points // 2) for label in (-1, 1)]

    def loss(self):
        scores = [self.score(list(map(self.engine.leaf, point))) for point, _ in self.points]
        margins = [
            self.engine.relu(1 + -label * score)
            for score, (_, label) in zip(scores, self.points, strict=True)
        ]
        weights = [p for layer in self.layers for w, b in layer for p in (*w, b)]
        return sum(margins) * (1.0 / len(margins)) + 1e-4 * sum(p * p for p in weights)

    def score(self, xs):
        *hidden, last = self.layers
        for layer in hidden:
            xs = [self.engine.relu(self.activation(neuron, xs)) for neuron in layer]
        return self.activation(last[0], xs)

    def activation(self, neuron, xs):
        weights, bias = neuron
        return sum((w * x for w, x in zip(weights, xs, strict=True)), bias)


def two_moons(draw, label):
    angle = draw.uniform(0, math.pi)
    x, y = math.cos(angle), math.sin(angle)
    x, y = (x, y) if label < 0 else (1 - x, 0.5 - y)
    return (x + draw.gauss(0, 0.1), y + draw.gauss(0, 0.1)), label


def wide(engine, nodes):
    """About that many nodes, no path longer than log2(nodes) + 3: Σ relu(x[i] · x[i+1]), added in pairs."""
    draw = random.Random(3)
    xs = [engine.leaf(draw.uniform(-1, 1)) for _ in range(nodes // 4 + 1)]
    terms = [engine.relu(x * y) for x, y in zip(xs, xs[1:] + xs[:1], strict=True)]
    while len(terms) > 1:
        odd = terms[-1:] if len(terms) % 2 else []
        terms = [x + y for x, y in zip(terms[::2], terms[1::2], strict=False)] + odd
    return terms[0]


def chain(engine, nodes):
    """y · a + b, over and over: one path as long as the graph."""
    a, b = engine.leaf(0.999), engine.leaf(0.001)
    y = engine.leaf(1.0)
    for _ in range(nodes // 2):
        y = y * a + b
    return y


# ----------------------------------------------------------------------------------------- tables


def run(quick):
    bars = neuron(quick) + moons(quick) + moons_as_a_student_has_it(quick)
    return bars + sizes(quick) + long_chain(quick) + weight(quick)


def neuron(quick):
    expect_one_value(lambda engine: lambda: sigmoid_neuron(engine))
    times, missing = side_by_side(lambda engine: lambda: sigmoid_neuron(engine), rounds=7 if quick else 25)
    show_times("Sigmoid neuron, build and backward, the collector off", times, missing, ["micrograd"])
    return shown(bars_of("the sigmoid neuron", times))


def moons(quick):
    expect_one_value(moons_step)
    times, missing = side_by_side(moons_step, rounds=3 if quick else 9)
    nodes = len(bplib.topological_order(moons_step(bplib_engine())()))
    title = f"A step of micrograd's moons network ({nodes:,} nodes), build and backward, the collector off"
    show_times(title, times, missing, ["micrograd"])
    return shown(bars_of("the moons step", times))


def side_by_side(expression, rounds):
    """Times of building and differentiating, and of replaying what bplib has built; and who is missing."""
    engines, missing = installed(ENGINES)
    build = {name: expression(engine) for name, engine in engines.items()}
    contenders = {name: build_and_backward(engines[name], build[name]) for name in engines}
    contenders["bplib, replay"] = replay(build["bplib"]())
    return take_turns(contenders, rounds), missing


def expect_one_value(expression):
    """All engines calculate the same number."""
    engines, _ = installed(ENGINES)
    values = [engine.value(expression(engine)()) for engine in engines.values()]
    assert all(math.isclose(value, values[0], rel_tol=1e-9) for value in values), values


def build_and_backward(engine, build):
    return lambda: engine.differentiate(build())


def replay(output):
    tape = bplib.Tape(output)

    def forward_and_backward():
        tape.forward()
        return tape.backward()

    return forward_and_backward


def bars_of(what, times):
    return [
        Bar(f"{what}, in times micrograd,", times.ratio("bplib", "micrograd"), 1.0),
        Bar(f"{what} replayed, in times micrograd,", times.ratio("bplib, replay", "micrograd"), 0.3),
    ]


def moons_as_a_student_has_it(quick):
    engines, missing = installed(ENGINES)
    code = "from tests.benchmarks import scalars; print(scalars.seconds_of_a_moons_step({!r}, {}))"
    commands = {name: code.format(name, 2 if quick else 5) for name in engines}
    times = in_fresh_processes(commands, rounds=2 if quick else 7)
    show_times("The moons step in a fresh process, the collector on", times, missing, ["micrograd"])
    return shown([Bar("the fresh moons step, in times micrograd,", times.ratio("bplib", "micrograd"), 0.25)])


def seconds_of_a_moons_step(name, steps):
    """The mean of the first steps: what the collector does belongs to them."""
    engine = ENGINES[name]()
    step = build_and_backward(engine, moons_step(engine))
    start = perf_counter()
    for _ in range(steps):
        step()
    return (perf_counter() - start) / steps


def sizes(quick):
    """The ratio should not depend on the size, nor the time of a node."""
    rows = []
    for nodes in [10**k for k in range(2, 5 if quick else 7)]:
        times, missing = side_by_side(lambda engine, n=nodes: lambda: wide(engine, n), 3)
        peer_time = "not installed" if missing else duration(times.median("micrograd") / nodes)
        ratios = [times.ratio(name, "micrograd") for name in ("bplib", "bplib, replay")]
        rows.append(
            [f"{nodes:,} nodes", duration(times.median("bplib") / nodes), peer_time]
            + [number(ratio) for ratio in ratios if ratio]
        )
    show(
        "A wide graph, build and backward, the collector off: time for one node",
        ["", "bplib", "micrograd", "bplib ÷ micrograd", "replay ÷ micrograd"],
        rows,
    )
    return []


def long_chain(quick):
    """Linear in time, and deeper than any recursion limit."""
    engine, lengths = bplib_engine(), [10**k for k in ((3, 4, 5) if quick else (3, 4, 5, 6))]
    chains = [build_and_backward(engine, lambda n=n: chain(engine, n)) for n in lengths]
    seconds = [take_turns({"chain": differentiated}, rounds=3).median("chain") for differentiated in chains]
    show(
        "One chain of gates (bplib alone: micrograd's recursion ends near 1,000)",
        ["", "build and backward", "for one node"],
        [[f"{n:,} nodes", duration(s), duration(s / n)] for n, s in zip(lengths, seconds, strict=True)],
    )
    return shown(within("log-log exponent of time over length", exponent(lengths, seconds), 1.0, 0.08))


def weight(quick):
    """Bytes of a built graph, and what is left of it after `del`, without a collection."""
    nodes, (engines, missing) = 10**5, installed(ENGINES)
    weighed = {f"{name}, wide": weigh(engine, wide, nodes) for name, engine in engines.items()}
    weighed["bplib, chain"] = weigh(engines["bplib"], chain, nodes)
    lengths = [10**k for k in ((3, 4, 5) if quick else (4, 5, 6))]
    slope = exponent(lengths, [weigh(engines["bplib"], chain, n).built for n in lengths])
    show(
        f"Memory of a graph of {nodes:,} nodes",
        ["", "bytes a node", "at the peak of backward", "left after del"],
        [
            [name, number(w.built / nodes), number(w.peak / nodes), f"{w.left / w.built:.1%}"]
            for name, w in weighed.items()
        ]
        + [[f"{name}, wide", "not installed"] for name in missing],
    )
    ours = [w for name, w in weighed.items() if name.startswith("bplib")]
    return shown(
        [
            Bar("bytes for one node", max(w.built for w in ours) / nodes, 400),
            Bar("percent left after del", max(100 * w.left / w.built for w in ours), 10),
            *within("log-log exponent of memory over length", slope, 1.0, 0.08),
        ]
    )


class Weight(NamedTuple):
    built: int
    peak: int
    left: int


def weigh(engine, expression, nodes):
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        output = expression(engine, nodes)
        built, _ = tracemalloc.get_traced_memory()
        engine.differentiate(output)
        _, peak = tracemalloc.get_traced_memory()
        del output
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
    return Weight(built, peak, left)


def within(what, measured, middle, tolerance):
    """Two bars: not above, and not below."""
    return [Bar(what, measured, middle + tolerance), Bar(what, measured, middle - tolerance, at_least=True)]
