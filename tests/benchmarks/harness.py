"""Measuring side by side: peers take turns in one run, and what counts is the ratio within a turn.

A time taken now and one taken a minute ago cannot be divided on a machine that does other work as well. So
every round runs a block of each contender, in an order that changes from round to round, and a ratio is the
median over the rounds. The first contender runs twice in each round, the second time as "… again": that ratio
is 1.00 but for noise, and says how far to trust the others.
"""

import gc
import subprocess
import sys
from contextlib import contextmanager
from itertools import repeat
from math import log
from pathlib import Path
from statistics import linear_regression, median, quantiles
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Bar(NamedTuple):
    """One line of what bplib promises: what, as measured (None: not measured), at most or at least limit."""

    what: str
    measured: float | None
    limit: float
    at_least: bool = False

    @property
    def verdict(self):
        if self.measured is None:
            return "not measured"
        met = self.measured >= self.limit if self.at_least else self.measured <= self.limit
        return "met" if met else "missed"

    def __str__(self):
        sign = "≥" if self.at_least else "≤"
        measured = "–" if self.measured is None else number(self.measured)
        return f"bar: {self.what} {sign} {number(self.limit)}: {measured}, {self.verdict}"


class Times(dict):
    """{contender: [seconds for one call, one entry for each round]}."""

    def median(self, name):
        return median(self[name]) if name in self else None

    def spread(self, name):
        """The middle half of the rounds, as a share of the median."""
        low, _, high = quantiles(self[name], n=4)
        return (high - low) / median(self[name])

    def ratio(self, name, other):
        """How many times as long as other: the median of the rounds' ratios; None where one is missing."""
        if name not in self or other not in self:
            return None
        return median(mine / theirs for mine, theirs in zip(self[name], self[other], strict=True))


def _first_twice(contenders):
    name, contender = next(iter(contenders.items()))
    return {name: contender, f"{name}, again": contender, **contenders}


def take_turns(contenders, rounds=15, block=0.02):
    """Times of {name: function}: in each round a block of about `block` seconds each, the collector off."""
    contenders = _first_twice(contenders)
    times = Times({name: [] for name in contenders})
    with _collector_off():
        calls = {name: _calls_in(block, f) for name, f in contenders.items()}
        for turn in range(rounds):
            for name in _order(list(contenders), turn):
                gc.collect()  # what the one before left behind
                times[name].append(_seconds(contenders[name], calls[name]))
    return times


def _order(names, turn):
    start = turn % len(names)
    return (names[start:] + names[:start])[:: -1 if turn % 2 else 1]


def _seconds(f, calls):
    start = perf_counter()
    for _ in repeat(None, calls):
        f()
    return (perf_counter() - start) / calls


def _calls_in(block, f):
    """How many calls fill a block; finding out warms f up."""
    gc.collect()
    seconds = _seconds(f, 1)
    if seconds < block:
        seconds = _seconds(f, 1 + int(block / seconds / 10))
    return max(1, round(block / seconds))


@contextmanager
def _collector_off():
    gc.collect()
    gc.freeze()  # the modules of the peers need not be looked through each time
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def in_fresh_processes(commands, rounds=5):
    """Times of {name: Python code that prints its seconds}: each run in a process of its own, by turns."""
    commands = _first_twice(commands)
    times = Times({name: [] for name in commands})
    for turn in range(rounds):
        for name in _order(list(commands), turn):
            times[name].append(float(fresh_process(commands[name])))
    return times


def fresh_process(code):
    """What Python code prints, run in a new process from the project's folder."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def exponent(sizes, amounts):
    """The slope of log amount over log size: 1 is linear, 2 is quadratic."""
    return linear_regression([log(n) for n in sizes], [log(a) for a in amounts]).slope


# --------------------------------------------------------------------------------------- printing


def show_times(title, times, missing=(), references=()):
    """A table with one row a contender: median time, spread, and how many times as long as each reference."""
    present = [name for name in references if name in times]
    rows = [
        [name, duration(times.median(name)), f"{times.spread(name):.0%}"]
        + [number(times.ratio(name, other)) for other in present]
        for name in times
    ]
    head = ["", "median", "spread", *(f"× {other}" for other in present)]
    show(title, head, rows + [[name, "not installed"] for name in missing])


def show(title, head, rows):
    """A table of texts, the first column flush left, the others flush right."""
    rows = [[*row, *[""] * (len(head) - len(row))] for row in [head, *rows]]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    print(f"\n{title}")
    for name, *cells in rows:
        line = [name.ljust(widths[0])] + [c.rjust(w) for c, w in zip(cells, widths[1:], strict=True)]
        print("  " + "   ".join(line).rstrip(), flush=True)


def shown(bars):
    """bars, printed."""
    for bar in bars:
        print(bar, flush=True)
    return bars


def number(x):
    """Three digits that matter, and thousands apart."""
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:#.3g}"


def duration(seconds):
    unit, scale = next((u for u in _UNITS if seconds >= u[1]), _UNITS[-1])
    return f"{number(seconds / scale)} {unit}"


_UNITS = (("s", 1), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))
