"""What it costs to check a gradient, in backward passes: all of it numerically, or along a few directions."""

import numpy as np

from bplib.check.network import check_network
from bplib.networks.network import MLP

from .harness import Bar, show_times, shown, take_turns


def run(quick):
    sizes = (64, 20, 10) if quick else (784, 50, 10)
    rng = np.random.default_rng(0)
    x, t = rng.random((100, sizes[0])), rng.integers(0, 10, 100)
    name = "-".join(map(str, sizes))
    let_data_come_and_go()
    bars = []
    for dtype in (np.float64, np.float32):
        bars += directional(name, MLP(sizes, rng=rng, dtype=dtype), x.astype(dtype), t, quick)
    return bars + numerical(name, MLP(sizes, rng=rng), x[:10], t[:10])


def let_data_come_and_go():
    """As in a process that has loaded its data: the C library then keeps memory that is given back.

    Before that, an array of 300 kB is new to the system every time, which may cost more than filling it.
    """
    np.ones(3_500_000)


def directional(name, net, x, t, quick):
    contenders = {
        "backprop": lambda: net.gradient(x, t),
        "directional check": lambda: check_network(net, x, t, directional=True),
    }
    times = take_turns(contenders, rounds=7 if quick else 25)
    name = f"{name}, batch {len(x)}, {net.dtype}"
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
