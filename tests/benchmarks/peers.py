"""The libraries that bplib is measured against: benchmarks ask for them here, and bplib imports none."""

from importlib import import_module

WANTED = True  # False leaves every peer out, as if none were installed


class NotInstalled(Exception):
    """A peer is missing: its row says so, and the rest of the table is measured without it."""


def peer(module):
    """The module of a peer. Raises NotInstalled."""
    if not WANTED:
        raise NotInstalled(module)
    try:
        found = import_module(module)
    except ImportError:
        raise NotInstalled(module) from None
    if module == "torch":
        found.set_num_threads(1)
    return found


def installed(makers, *arguments):
    """{name: make(*arguments)} of those whose peers are installed, and the names of the others."""
    made, missing = {}, []
    for name, make in makers.items():
        try:
            made[name] = make(*arguments)
        except NotInstalled:
            missing.append(name)
    return made, missing
