"""Graphs that were pickled, copied or sent to another process have the values and gradients they had."""

import copy
import pickle
import subprocess
import sys

import numpy as np
import pytest

import bplib as bp
from bplib import Node

loads = pickle.loads  # our own bytes
WAYS = {
    "pickle": lambda things: loads(pickle.dumps(things)),
    "old pickle": lambda things: loads(pickle.dumps(things, protocol=2)),
    "python's pickle": lambda things: loads(pickle._dumps(things)),
    "deepcopy": copy.deepcopy,
}
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def diamond(x):
    a = x * 2.0
    return a * bp.exp(a) + x


def matrices(x):
    return (bp.softmax(x @ np.ones((1, 3)) * np.arange(3.0))[:, 1:] ** 2).sum() + x[1, 0]


def chain(x):
    for _ in range(5000):
        x = x * 0.9999 + 0.5
    return x


@each_way
@pytest.mark.parametrize(
    ("f", "value"), [(diamond, 0.3), (matrices, np.array([[0.5], [-1.5]])), (chain, 2.0)]
)
def test_a_graph_survives_with_its_input(way, f, value):
    x = Node(value, "x")
    out = f(x)
    for x2, out2 in (way((x, out)), way((out, x))[::-1]):
        assert x2 is not x and out2.name == out.name
        np.testing.assert_array_equal(out2.value, out.value)
        np.testing.assert_array_equal(bp.gradients(out2)[x2], bp.gradients(out)[x])
        assert len(bp.topological_order(out2)) == len(bp.topological_order(out))


@each_way
def test_what_two_outputs_share_stays_shared(way):
    x = Node(3.0, "x")
    shared = x * x
    first, second = way([shared * 2.0, shared * 5.0])
    assert first.parents[0] is second.parents[0]
    assert bp.gradients(first + second)[first.parents[0].parents[0]] == 42.0


def test_a_shallow_copy_hangs_on_the_same_graph():
    x = Node(3.0, "x")
    out = copy.copy(x * x)
    assert bp.gradients(out)[x] == 6.0


def test_a_graph_goes_to_another_process_and_grows_there(tmp_path):
    """There, other nodes have been made before it and are made after it."""
    x, path = Node(2.0, "x"), tmp_path / "graph"
    path.write_bytes(pickle.dumps((x, x * x * x)))
    code = (
        "import pickle, sys, bplib as bp; y = bp.Node(7.0); z = y * y\n"
        "x, out = pickle.load(open(sys.argv[1], 'rb')); out = out * y + x\n"
        "print(bp.gradients(out)[x], bp.gradients(out)[y])"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["85.0", "8.0"]


def test_a_graph_that_cannot_be_saved_leaves_the_next_one_alone():
    x = Node(2.0, "x")
    bad = bp.apply(type("Local", (), {"forward": lambda s, x: x, "backward": lambda s, u, o, x: u})(), x) * x
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(bad)
    x2, out2 = loads(pickle.dumps((x, chain(x))))
    assert bp.gradients(out2)[x2] == bp.gradients(chain(x))[x]


class Labelled(Node):
    """A node with more to say."""


def test_a_subclass_of_node_calculates_and_keeps_what_is_its_own():
    x = Labelled(3.0, "x")
    x.label = "three"
    out = np.exp(x - 3.0) + 2.0 * x * x / (1.0 + x) - [x, x][1] ** 2
    assert bp.gradients(out)[x] == pytest.approx(1 + 2 * (6 * 4 - 9) / 16 - 6)
    copied = loads(pickle.dumps(x))
    assert (type(copied), copied.label, copied.value) == (Labelled, "three", 3.0)
