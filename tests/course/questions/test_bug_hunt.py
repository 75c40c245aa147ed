"""Right and wrong answers to the self-checks of lesson 9; the rules they obey stand in test_questions.py."""

import copy

import numpy as np
import pytest

from bplib.course.bugs import catalogue, patients
from bplib.course.program import sound_lines
from bplib.course.questions import bug_hunt as ask

NAMES = {(bug.line, bug.wrong): bug.name for bug in catalogue()}
A, B = np.array([[2.0, -1.0, 0.5], [1.0, 3.0, -2.0]]), np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 4.0]])
Z, T = np.array([[-1.0, 2.0, 0.0], [3.0, -1.0, 1.0]]), np.array([2, 0])
SHARES = np.array([[0.2, 0.5, 0.3], [0.7, 0.2, 0.1]])

# Numbers made by hand for which a wrong line differs from the right one.
EVIDENCE = {
    "t": {"labels": np.array([1, 2, 3])},
    "x": {"pixels": A, "train": 5 * B},
    "d1": {"h1": A, "mask": np.array([[0.0, 1.25, 1.25]]), "training": False},
    "dd1": {"delta2": A, "W2": B, "moved_W2": B + 1},
    "W2": {"H": 4, "C": 3, "rng": np.random.default_rng(0)},
    "moved": {"q": A, "dq": B, "rate": 0.5},
    "read": {"scores": A},
    "p": {"e": np.abs(A)},
    "loss": {"p": SHARES, "t": T},
    "delta2": {"p": SHARES, "t": T, "C": 3},
    "db1": {"dz1": A},
    "dz1": {"dh1": np.array([[5.0, -7.0, 1.0], [1.0, 1.0, 1.0]]), "z1": Z},
    "dh1": {"dd1": A, "mask": np.array([[0.0, 1.25, 1.25]]), "training": True},
    "dW2": {"d1": A, "delta2": B[:, :2], "H": 3, "C": 2},
}


def findings(name=None, line=None, evidence=None, mended=None):
    """What is found out about all ten, with one part of it exchanged."""
    found = {}
    for number, program in patients().items():
        (at,) = (each for each, text in sound_lines().items() if program.lines[each] != text)
        right = NAMES[at, program.lines[at]], at, EVIDENCE[at], sound_lines()[at]
        given = name, line, evidence, mended
        found[number] = tuple(r if g is None else g for g, r in zip(given, right, strict=True))
    return found


def harmless(found):
    """The same, with evidence of zeros where the line takes arrays of floats."""

    def nothing(value):
        return value * 0 if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value

    zeros = {"dz1", "db1", "dh1", "dd1", "dW2", "moved", "d1"}
    return {
        k: (name, line, {n: nothing(v) for n, v in evidence.items()} if line in zeros else evidence, mended)
        for k, (name, line, evidence, mended) in found.items()
    }


def zeroed(names=None, keep=True):
    """An answer to loss_at_zero, and with other words a slip."""

    def loss_at_zero(net, x, t):
        kept = {name: array.copy() for name, array in net.params.items()}
        for name in kept if names is None else names:
            net.params[name][...] = 0
        loss = net.loss(x, t)
        for name in kept if keep else ():
            net.params[name][...] = kept[name]
        return loss

    return loss_at_zero


def on_a_copy(net, x, t):
    net = copy.deepcopy(net)
    net.params = {name: np.zeros_like(array) for name, array in net.params.items()}
    return net.loss(x, t)


RIGHT = [
    (ask.first_loss, (1.95,)),
    (ask.first_loss, (np.log(7),)),
    (ask.loss_at_zero, (zeroed(),)),
    (ask.loss_at_zero, (on_a_copy,)),
    (ask.found, (findings(),)),
    (ask.found, ({number: list(each) for number, each in findings().items()},)),
]

WRONG = [
    (ask.first_loss, (1 / 7,), "share for loss"),
    (ask.first_loss, (0.845,), "another logarithm"),
    (ask.first_loss, (2.807,), "another logarithm"),
    (ask.first_loss, (-1.9459,), "sign"),
    (ask.first_loss, (2.3026,), "ten classes"),
    (ask.loss_at_zero, (lambda net, x, t: net.loss(x, t),), "nothing set to 0"),
    (ask.loss_at_zero, (zeroed(("W1", "W2")),), "biases kept"),
    (ask.loss_at_zero, (zeroed(keep=False),), "not put back"),
    (ask.found, (findings(line="z1"),), "an innocent line"),
    (ask.found, (harmless(findings()),), "no evidence"),
    (ask.found, (findings(name="uphill"),), "another name"),
    (ask.found, (findings(mended="0.0"),), "still wrong"),
    (ask.found, (findings(mended="nobody @ knows"),), "still wrong"),
]


def said(found):
    """What is said of each patient."""
    return [(each.what, each.says) for each in ask.found.findings(found) if not each.ok]


def test_a_patient_that_nobody_has_looked_at_is_open_and_the_others_are_judged():
    found = {number: each for number, each in findings().items() if number not in (2, 9)}
    assert said(found) == [("patient 2", "is open"), ("patient 9", "is open")]


@pytest.mark.parametrize(
    ("part", "instead", "says"),
    [
        (2, {}, "the evidence for {line} lacks "),
        (2, "nothing", "evidence has to be a dict"),
        (2, [1.0], "evidence has to be a dict"),
        (1, "dq", "has no line 'dq'"),
        (1, None, "has no line None"),
        (3, "moved = q - rate * dq", "'moved = q - rate * dq' cannot be read"),
        (3, lambda q: q, "cannot be read; write what stands right of the ="),
    ],
)
def test_a_slip_about_one_patient_is_said_of_that_one_and_no_other_suffers(part, instead, says):
    found = findings()
    line = found[4][1]
    found[4] = (*found[4][:part], instead, *found[4][part + 1 :])
    ((what, told),) = said(found)
    assert what == "patient 4"
    assert says.format(line=line) in told


def test_evidence_that_is_no_array_is_named_with_its_line():
    found = {
        number: (
            name,
            line,
            {n: v.tolist() if isinstance(v, np.ndarray) else v for n, v in evidence.items()},
            mended,
        )
        for number, (name, line, evidence, mended) in findings().items()
    }
    stopped = [told for _, told in said(found) if "cannot be computed" in told]
    assert stopped and all(told.endswith("are they arrays?") for told in stopped)
