"""What an import costs, each in a process of its own."""

from .harness import Bar, in_fresh_processes, show_times, shown
from .peers import installed, peer

PEERS = ("micrograd.engine", "autograd.numpy", "sklearn", "jax", "torch")


def run(quick):
    found, missing = installed({f"import {name}": lambda name=name: peer(name) and name for name in PEERS})
    wanted = {
        "import numpy": "import numpy",
        "import bplib": "import bplib",
        "import bplib, its engine": "import bplib; bplib.check_gate",
        **{f"import {name}": f"import {name}" for name in found.values()},
    }
    times = in_fresh_processes({name: clocked(code) for name, code in wanted.items()}, 2 if quick else 11)
    show_times("Import, in a fresh process (without the start of Python)", times, missing, ["import numpy"])
    return shown(
        [Bar("import bplib, in times import numpy,", times.ratio("import bplib", "import numpy"), 1.25)]
    )


def clocked(code):
    return f"from time import perf_counter\nstart = perf_counter()\n{code}\nprint(perf_counter() - start)"
