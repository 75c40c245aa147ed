"""Right, wrong, or more than a difference can tell here: by the sizes of x, of f and of its slope."""

import math

import numpy as np
import pytest

import bplib
from bplib import check_gate, check_gradient, check_network, gates
from bplib.networks.network import MLP
from tests.check.rules import rule

RIGHT, WRONG, UNSEEN = "right", "not yet", "cannot tell"


def verdict(f, slope, x):
    return check_gradient(f, slope, x=x).verdict


def wrong(slope):
    return [
        lambda x: -slope(x),
        lambda x: 1.01 * slope(x),
        lambda x: 0.995 * slope(x),
        lambda x: slope(x) / 2,
    ]


POWERS = {
    f"x² at {x:g}": (lambda x: x**2, lambda x: 2 * x, x) for x in (1e-20, -1e-9, 3e5, -1e9, 1e12, 1e80, 1e150)
}
LARGE = {
    f"exp at {x:g}": (lambda x: bplib.exp(x), lambda x: np.exp(x), x)
    for x in (-300.0, -40.0, 110.0, 150.0, 700.0)
} | {
    f"x³ · {c:g} at 1.3": (lambda x, c=c: c * x**3, lambda x, c=c: 3 * c * x**2, 1.3)
    for c in (1e-200, 1e40, 1e250)
}
EDGES = {f"1/x at {x:g}": (lambda x: 1 / x, lambda x: -1 / x**2, x) for x in (1e-20, -1e-12, 1e-4, 1e20)} | {
    "log of math near 0": (lambda x: math.log(x), lambda x: 1 / x, 1e-6),
    "as large as floats are": (lambda x: x**2, lambda x: 2 * x, 1.34078079e154),
}
OFFSETS = {f"x² + {c:g}": (lambda x, c=c: x**2 + c, lambda x: 2 * x, 1.3) for c in (1e3, -1e6, 1e8)} | {
    f"(x² + {c:g}) − {c:g}": (lambda x, c=c: (x**2 + c) - c, lambda x: 2 * x, 1.3) for c in (1e4, 1e8)
}
SEEN = POWERS | LARGE | EDGES | OFFSETS


@pytest.mark.parametrize(("f", "slope", "x"), SEEN.values(), ids=SEEN)
def test_half_a_percent_is_seen_at_every_size(f, slope, x):
    assert verdict(f, slope, x) == RIGHT
    assert [verdict(f, each, x) for each in wrong(slope)] == [WRONG] * 4


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


HIDDEN = {
    "a constant of 1e16": (lambda x: x**2 + 1e16, 2.6, 1.3),
    "one that is taken off again": (lambda x: (x**2 + 1e16) - 1e16, 2.6, 1.3),
    "1e12 above a small slope": (lambda x: 1e12 + 1e-4 * x, 1e-4, 0.7),
    "saturated": (sigmoid, 4.2e-18, 40.0),
    "saturated on a plateau of tanh": (lambda x: np.tanh(x), 1e-17, 21.0),
    "of float32 inside": (lambda x: float(np.float32(1e6) + np.float32(x)), 1e-3, 0.3),
    "on a kink": (lambda x: np.maximum(x, 0) + 3, 1.0, 0.0),
    "on the kink of a distance": (lambda x: abs(x - 2.5), -1.0, 2.5),
    "at a jump": (lambda x: float(x >= 1.5), 0.0, 1.5),
    "infinite": (lambda x: np.exp(x), 1.0, 1000.0),
    "at the edge of its domain": (lambda x: np.sqrt(x), 1.0, 0.0),
}


@pytest.mark.parametrize(("f", "slope", "x"), HIDDEN.values(), ids=HIDDEN)
def test_what_a_difference_cannot_see_is_neither_right_nor_wrong_and_the_report_says_why(f, slope, x):
    report = check_gradient(f, lambda x: slope, x=x)
    assert report.verdict == UNSEEN and not report and not report.ok
    assert "cannot tell here: " in str(report) and "choose" in str(report) + "choose" * bool(report.mistakes)
    assert report.mistakes in ((), ("kink",))
    with pytest.raises(bplib.errors.GradientMismatch, match="cannot tell"):
        report.raise_unless_ok()


def test_a_random_function_is_beyond_telling():
    rng = np.random.default_rng(0)
    report = check_gradient(lambda x: x**2 + 0.1 * rng.normal(), lambda x: 2 * x, x=1.5)
    assert report.verdict == UNSEEN and "random" in str(report)


MEASURED = {
    name: each for name, each in HIDDEN.items() if name not in ("infinite", "at the edge of its domain")
}


@pytest.mark.parametrize(("f", "slope", "x"), MEASURED.values(), ids=MEASURED)
def test_what_is_far_beyond_all_that_is_hidden_is_wrong_there_too(f, slope, x):
    assert verdict(f, lambda x: -1e9, x) == WRONG


CONSTANT = {
    "dead relu": (lambda x: np.maximum(x, 0), -3.0),
    "dead relu above 0": (lambda x: np.maximum(x, 0) + 5, -3.0),
    "constant": (lambda x: 7.0, 2.0),
    "large constant": (lambda x: 1e16, 2.0),
    "at rest": (lambda x: np.cos(x), 0.0),
    "at the bottom": (lambda x: (x - 3) ** 2, 3.0),
}


@pytest.mark.parametrize(("f", "x"), CONSTANT.values(), ids=CONSTANT)
def test_a_slope_of_0_is_seen(f, x):
    assert verdict(f, lambda x: 0.0, x) == RIGHT
    if f(x) < 1e10:
        assert verdict(f, lambda x: 1e-3, x) == WRONG


def test_a_slope_that_is_0_but_for_rounding_is_right():
    assert check_gradient(lambda x: bplib.sin(x), x=np.pi / 2)


def test_a_kink_in_one_entry_hides_no_error_in_another():
    x = np.array([1.5, 0.0, -2.0])
    relu = rule(lambda x: np.maximum(x, 0), lambda u, out, x: u * (x > 0))
    assert check_gate(relu, x).verdict == UNSEEN
    for entry, at_0 in ((0, 0), (2, 0), (1, 3), (1, -1)):
        bent = rule(
            relu.forward, lambda u, out, x, e=entry, a=at_0: u * ((x > 0) + (a or 1) * (np.arange(3) == e))
        )
        assert check_gate(bent, x).verdict == WRONG


def test_no_warning_leaves_a_check_of_large_numbers(recwarn):
    for x in (150.0, 700.0, 1000.0):
        check_gradient(lambda x: bplib.exp(x), lambda x: -np.exp(x), x=x)
        check_gate(gates.exp, np.float32(x) / 10)
    assert not [str(warning.message) for warning in recwarn if issubclass(warning.category, RuntimeWarning)]


# --------------------------------------------------------------------------------------- networks


class Shifted(MLP):
    """A network whose loss has a constant added, and whose gradient is bent by a factor."""

    shift, factor = 0.0, 1.0

    def loss(self, x, t):
        return super().loss(x, t) + self.shift

    def loss_and_gradient(self, x, t):
        loss, gradients = super().loss_and_gradient(x, t)
        return loss, {name: self.factor * each for name, each in gradients.items()}


@pytest.mark.parametrize("directional", [False, True], ids=["every entry", "directional"])
@pytest.mark.parametrize(
    ("shift", "factor", "wanted"),
    [
        (0.0, 1, RIGHT),
        (0.0, 1.01, WRONG),
        (1e5, 1, RIGHT),
        (1e5, 1.01, WRONG),
        (1e18, 1, UNSEEN),
        (1e18, -1, UNSEEN),
    ],
)
def test_a_network_with_a_constant_in_its_loss(directional, shift, factor, wanted, rng):
    net = Shifted((3, 5, 2), bplib.tanh, rng=4)
    net.shift, net.factor = shift, factor
    report = check_network(net, rng.normal(size=(6, 3)), rng.integers(0, 2, 6), directional=directional)
    if directional and shift == 1e5:  # one short step through all parameters: rounding shows sooner
        assert report.verdict in (wanted, UNSEEN)
    else:
        assert report.verdict == wanted, report


@pytest.mark.parametrize("directional", [False, True], ids=["every entry", "directional"])
def test_a_network_whose_loss_is_not_finite_is_beyond_telling(directional, rng):
    net = Shifted((3, 5, 2), bplib.tanh, rng=4)
    net.shift = np.inf
    report = check_network(net, rng.normal(size=(6, 3)), rng.integers(0, 2, 6), directional=directional)
    assert report.verdict == UNSEEN, report
