"""The command: python -m tests.benchmarks [--quick] [--without-peers] [table …]."""

import argparse
import platform
from collections import Counter
from importlib import import_module
from time import perf_counter

import numpy as np

from . import peers

TABLES = {
    "imports": "what an import costs",
    "scalars": "graphs of single numbers, against micrograd",
    "training": "one training step, against numpy, PyTorch and autograd",
    "jacobians": "the product with a Jacobian, against the Jacobian itself",
    "checking": "numerical gradients and the directional check, against one backward pass",
    "widgets": "a slider's input until the picture is painted, beside interact with matplotlib",
    "learning": "handwritten digits, against scikit-learn and PyTorch",
    "grading": "a class graded in the sandbox, against plain nbgrader",
    "answers": "every known answer, in the sandbox and outside of it",
}


def main():
    listed = "\n".join(f"  {name:10} {about}" for name, about in TABLES.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description="Measure bplib beside its peers: medians, ratios, and the bars it is held to.",
        epilog=f"tables (all of them unless named):\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tables", nargs="*", metavar="table", help="any of the names below")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller sizes: minutes in all")
    parser.add_argument("--without-peers", action="store_true", help="leave the peers out")
    options = parser.parse_args()
    if unknown := set(options.tables) - set(TABLES):
        parser.error(f"no table named {', '.join(sorted(unknown))}; there are {', '.join(TABLES)}")
    peers.WANTED = not options.without_peers

    start = perf_counter()
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}, one BLAS thread"
    )
    bars = []
    for name in options.tables or TABLES:
        bars += import_module(f".{name}", __package__).run(options.quick)
    print(f"\n{summary(bars)}; {perf_counter() - start:.0f} s")


def summary(bars):
    """How many bars are met, and the others by name."""
    verdicts = Counter(bar.verdict for bar in bars)
    lines = [f"{verdicts['met']} of {len(bars)} bars met"]
    lines += [str(bar) for bar in bars if bar.verdict != "met"]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
