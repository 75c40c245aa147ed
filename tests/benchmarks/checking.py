"""What it costs to check a gradient, in backward passes: all of it numerically, or along a few directions."""

import numpy as np

from bplib.check import check_network
from bplib.networks import MLP

from .harness import Bar, show_times, shown, take_turns


def run(quick):
    sizes = (64, 20, 10) if quick else (784, 50, 10)
    rng = np.random.default_rng(0)
    exact, rough = MLP(sizes, rng=rng), MLP(sizes, rng=rng, dtype=np.float32)
    x, t = rng.random((10, sizes[0])), rng.integers(0, 10, 10)
    name = "-".join(map(str, sizes))
    bars = directional(name, exact, x, t, quick) + directional(name, rough, x.astype(np.float32), t, quick)
    return bars + numerical(name, exact, x, t)


def directional(name, net, x, t, quick):
    contenders = {
        "backprop": lambda: net.gradient(x, t),
        "directional check": lambda: check_network(net, x, t, directional=True),
    }
    times = take_turns(contenders, rounds=7 if quick else 25)
    name = f"{name}, batch 10, {net.dtype}"
    show_times(f"Directional check of {name}", times, references=["backprop"])
    ratio = times.ratio("directional check", "backprop")
    return shown([Bar(f"directional check of {name}, in times backprop,", ratio, 8)])


def numerical(name, net, x, t):
    parameters = sum(p.size for p in net.params.values())
    print(f"\n{name}: {parameters:,} parameters, {2 * parameters:,} forward passes …", flush=True)
    contenders = {
        "backprop": lambda: net.gradient(x, t),
        "numerical gradient": lambda: net.numerical_gradient(x, t),
    }
    times = take_turns(contenders, rounds=3)
    show_times(f"Numerical gradient of {name}, batch 10, float64", times, references=["backprop"])
    ratio, limit = times.ratio("numerical gradient", "backprop"), 25_000 * parameters / 39_760
    return shown([Bar(f"numerical gradient of {name}, in times backprop,", ratio, limit, at_least=True)])
