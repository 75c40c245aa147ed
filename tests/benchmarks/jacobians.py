"""A product with a Jacobian, without the Jacobian; and a whole one, by rows or by columns."""

import tracemalloc
from itertools import pairwise

import numpy as np

import bplib
from bplib import gates

from .harness import Bar, duration, exponent, number, show, show_times, shown, take_turns

BATCH = 100


def run(quick):
    return relu_products(quick) + rows_or_columns(quick)


def relu_products(quick):
    """Jᵀu of relu for a batch: entry by entry, and with every sample's own n × n Jacobian."""
    sizes = (64, 256, 1024) if quick else (64, 256, 1024, 4096)
    times, peaks = zip(*map(relu_product, sizes), strict=True)
    rows = [
        [f"n = {n}", *(duration(t.median(name)) for name in t)]
        + [number(x) for x in (t.ratio("explicit J", "relu.backward"), t.ratio("explicit J", "vjp"), peak)]
        for n, t, peak in zip(sizes, times, peaks, strict=True)
    ]
    head = ["", *times[0], "J ÷ relu.backward", "J ÷ vjp", "peak memory of vjp, in times x"]
    show(f"Jᵀu of relu, batch {BATCH}, float32", head, rows)
    growth = exponent(sizes, [n * peak for n, peak in zip(sizes, peaks, strict=True)])
    largest = None if quick else times[-1].ratio("explicit J", "relu.backward")
    return shown(
        [
            Bar("explicit J at n = 4096, in times relu.backward,", largest, 1000, at_least=True),
            Bar("log-log exponent of the peak memory of vjp over n", growth, 1.08),
        ]
    )


def relu_product(n):
    """Times, and the peak memory of vjp in sizes of x."""
    x, upstream = np.random.default_rng(n).normal(size=(2, BATCH, n)).astype(np.float32)
    out = gates.relu(x)
    contenders = {
        "relu.backward": lambda: gates.relu.backward(upstream, out, x)[0],
        "vjp": lambda: bplib.vjp(gates.relu, x, upstream),
        "explicit J": lambda: explicit(x, upstream),
    }
    products = [product() for product in contenders.values()]
    np.testing.assert_array_equal(products[0], products[1])
    np.testing.assert_array_equal(products[0], products[2])
    return take_turns(contenders, rounds=3), peak_of(contenders["vjp"]) / x.nbytes


def explicit(x, upstream):
    """The same with J formed, one sample at a time: all of them at once are 625 GiB at n = 4096."""
    derivatives = (x > 0).astype(x.dtype)
    return np.stack([np.diag(local).T @ u for local, u in zip(derivatives, upstream, strict=True)])


def peak_of(f):
    """Bytes that f needs at its peak, its result among them."""
    tracemalloc.start()
    f()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def rows_or_columns(quick):
    """A backward sweep gives a row of J, a forward sweep a column: the shorter side is the cheaper."""
    bars = []
    for sizes, cheap, dear in (((784, 50, 10), "reverse", "forward"), ((10, 50, 784), "forward", "reverse")):
        rng = np.random.default_rng(0)
        V, W = (rng.normal(size=shape) for shape in pairwise(sizes))
        x = rng.normal(size=sizes[0])

        def f(x, V=V, W=W):
            return gates.affine(gates.tanh(gates.affine(x, V, np.zeros(50))), W, np.zeros(W.shape[1]))

        ways = {"chosen by itself": None, "by reverse sweeps": "reverse", "by forward sweeps": "forward"}
        sweeps = {name: lambda by=by, f=f, x=x: bplib.jacobian(f, x, by=by) for name, by in ways.items()}
        times = take_turns(sweeps, rounds=3 if quick else 7)
        space = f"R^{sizes[0]} → R^{sizes[-1]}"
        show_times(f"jacobian of {space}", times, references=["chosen by itself"])
        bars += [
            Bar(
                f"{space} by {dear} sweeps, in times {cheap},",
                times.ratio(f"by {dear} sweeps", f"by {cheap} sweeps"),
                20,
                at_least=True,
            ),
            Bar(
                f"{space}, the choice in times {cheap},",
                times.ratio("chosen by itself", f"by {cheap} sweeps"),
                1.25,
            ),
        ]
    return shown(bars)
