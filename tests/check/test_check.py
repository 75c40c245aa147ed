"""The checks: what they refuse, what they report, and how. test_diagnosis has rules by the dozen."""

import re

import numpy as np
import pytest

import bplib
from bplib import MLP, TwoLayerNet, apply, check_gate, check_gradient, check_network, gates
from bplib.errors import GraphError, InputError
from tests.check.rules import ReluWithMask, RemembersItsFirstUpstream, SigmoidOfTheBook, away_from_zero, rule

SEEDS = range(20)


@pytest.mark.parametrize("x", [0.0, np.array([1.5, 0.0, -2.0])], ids=["number", "array"])
def test_a_point_on_a_kink_is_named(x):
    assert check_gate(gates.relu, x).mistakes == ("kink",)
    one_at_zero = rule(lambda x: np.maximum(x, 0), lambda u, out, x: u * (x >= 0))
    assert check_gate(one_at_zero, x).mistakes == ("kink",)
    assert check_gate(gates.maximum, x, x).mistakes == ("kink", "kink")


def test_one_seed_is_enough_to_find_a_remembered_upstream():
    assert check_gate(RemembersItsFirstUpstream, 0.7, seeds=(0,)).mistakes == ("upstream remembered",)


@pytest.mark.parametrize("x", [0.7, -1.3, 2.0])
@pytest.mark.parametrize(
    "spoil", [abs, lambda upstream: max(upstream, 0.0), lambda upstream: (upstream**2) ** 0.5]
)
def test_a_rule_that_loses_the_sign_of_a_single_upstream_is_wrong(spoil, x):
    class Sine:
        def forward(self, x):
            return np.sin(x)

        def backward(self, upstream, out, x):
            return (spoil(upstream) * np.cos(x),)

    assert not check_gate(Sine(), x).ok


def test_a_mistake_in_one_input_leaves_the_other_right():
    report = check_gate(rule(lambda x, y: x * y, lambda u, out, x, y: (u * y, -u * x)), 2.0, 5.0)
    assert [finding.ok for finding in report.findings] == [True, False]
    assert report.mistakes == ("sign",) and "dy" in str(report) and "numerical" in str(report)


def test_a_gradient_that_is_wrong_in_one_entry_alone_is_wrong(rng):
    def backward(upstream, out, x):
        dx = 2 * x * upstream
        dx[1, 2] *= 1 + 1e-4
        return dx

    report = check_gate(rule(lambda x: x * x, backward), away_from_zero(rng, 2, 3) + np.array([0, 0, 3.0]))
    assert not report and "at [1, 2]" in str(report)


def test_a_gradient_that_grows_from_call_to_call_is_wrong():
    class Adds:
        def __init__(self):
            self.dx = 0.0

        def forward(self, x):
            self.x = x
            return x * x

        def backward(self, dout):
            self.dx = self.dx + 2 * self.x * dout
            return self.dx

    assert not check_gate(Adds, 3.0)


# ------------------------------------------------------------------------- in place, raising, empty


class CutsUpstream(ReluWithMask):
    def backward(self, dout):
        dout[self.mask] = 0
        return dout


class CutsItsOutput(SigmoidOfTheBook):
    def backward(self, dout):
        self.out *= 1 - self.out
        return dout * self.out


class NegatesItsInput:
    def forward(self, x):
        return -x

    def backward(self, upstream, out, x):
        np.negative(x, out=x)
        return -upstream


class ForwardInPlace:
    def forward(self, x):
        x *= 2
        return x.copy()

    def backward(self, upstream, out, x):
        return 2 * upstream


@pytest.mark.parametrize(
    ("wrong", "what"),
    [(CutsUpstream, "upstream"), (CutsItsOutput, "out"), (NegatesItsInput, "x"), (ForwardInPlace, "x")],
)
def test_a_rule_that_changes_what_it_is_given_is_rejected(wrong, what):
    for seed in SEEDS:
        x = away_from_zero(np.random.default_rng(seed), 4, 3)
        report = check_gate(wrong, x, seeds=(seed,))
        assert report.mistakes == ("argument changed in place",), report
        assert report.findings[0].what == what and ".copy()" in str(report)


def raises(x, out=None, again=None):
    raise ZeroDivisionError("by <zero>")


@pytest.mark.parametrize(
    "broken", [rule(np.sin, raises), rule(raises, lambda u, out, x: u)], ids=["backward", "forward"]
)
def test_a_rule_that_raises_is_reported_with_its_error(broken):
    report = check_gate(broken, 2.0)
    assert not report and "raised ZeroDivisionError: by <zero>" in str(report)
    assert "&lt;zero&gt;" in report._repr_html_()


@pytest.mark.parametrize(
    "returned", [None, ..., (None, None), (..., ...)], ids=["None", "...", "Nones", "dots"]
)
def test_a_rule_that_answers_nothing_is_not_answered_yet(returned):
    report = check_gate(rule(lambda x, y: x * y, lambda u, out, x, y: returned), 2.0, 3.0)
    assert not report and report.verdict == "your turn"
    assert [finding.says for finding in report.findings] == ["not answered yet"] * 2


def test_a_rule_that_is_not_implemented_is_not_answered_yet():
    def later(*_):
        raise NotImplementedError

    assert check_gate(rule(np.sin, later), 2.0).verdict == "your turn"


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        (1.0, r"return one gradient for each input \(x, y\); got 1"),
        ((1.0, "2"), "should be a number"),
        ((1.0, np.ones(2)), r"has shape \(2,\), but should be a single number"),
        ((1.0, np.nan), "contains nan"),
        ((1.0, 2j), "should be a number"),
    ],
    ids=["one", "text", "shape", "nan", "complex"],
)
def test_a_malformed_answer_is_reported(returned, words):
    report = check_gate(rule(lambda x, y: x * y, lambda u, out, x, y: returned), 2.0, 3.0)
    assert not report
    assert re.search(words, str(report))


def test_a_point_outside_the_domain_is_reported_without_a_warning():
    for x in (-1.0, 0.0, np.array([1.0, -1.0])):
        assert "choose a point inside its domain" in str(check_gate(gates.log, x))


def test_check_gate_refuses_bad_points():
    with pytest.raises(InputError, match="x is NaN"):
        check_gate(gates.exp, np.nan)
    with pytest.raises(InputError, match="y must be made of real numbers"):
        check_gate(gates.add, 1.0, "2")
    with pytest.raises(GraphError, match=r"Add takes 2 inputs \(x, y\); got 1"):
        check_gate(gates.add, 1.0)


# ------------------------------------------------------------------------------ whole gradients


def branch(a, b):
    return (a + b) * (b + 1)


def test_a_right_gradient_passes_as_tuple_dictionary_and_alone():
    def gradient(a, b):
        return b + 1, (b + 1) + (a + b)

    for seed in SEEDS:
        a, b = np.random.default_rng(seed).normal(size=2)
        assert check_gradient(branch, gradient, a=a, b=b)
        assert check_gradient(
            branch, lambda a, b: dict(zip("ba", gradient(a, b)[::-1], strict=True)), a=a, b=b
        )
        for one in (lambda a: 2 * a, lambda a: (2 * a,), lambda a: {"a": 2 * a}):
            assert check_gradient(lambda a: a * a, one, a=a)


def test_the_librarys_own_gradient_is_checked_when_none_is_given(rng):
    def loss(X, w, b):
        h = bplib.tanh(X * w + b)
        return (h * h - bplib.sigmoid(X) * b).sum()

    for dtype in (np.float64, np.float32):
        X, w, b = (rng.normal(size=shape).astype(dtype) for shape in ((4, 3), (3,), (4, 1)))
        report = check_gradient(loss, X=X, w=w, b=b)
        assert report, report
        assert [finding.what for finding in report.findings] == ["dX", "dw", "db"]


def test_a_wrong_gate_inside_a_function_is_found():
    right = rule(lambda x: x * x, lambda u, out, x: 2 * u * x)
    wrong = rule(lambda x: x * x, lambda u, out, x: u * x)
    assert check_gradient(lambda x: apply(right, x) * 3 + x, x=2.0)
    assert not check_gradient(lambda x: apply(wrong, x) * 3 + x, x=2.0)


def two_users(x, y):
    return np.sum(x * y + bplib.sin(y))


def three_users(x):
    return np.sum(bplib.sin(x) + bplib.exp(x) + bplib.square(x))


FORKS = {
    "last one wins": ("overwritten at a fork", two_users, lambda x, y: (y, np.cos(y))),
    "first one wins": ("overwritten at a fork", two_users, lambda x, y: (y, x)),
    "one of three wins": ("overwritten at a fork", three_users, lambda x: np.cos(x)),
    "first of three missing": ("one branch missing", three_users, lambda x: np.exp(x) + 2 * x),
    "last of three missing": ("one branch missing", three_users, lambda x: np.cos(x) + np.exp(x)),
}


@pytest.mark.parametrize(("name", "f", "wrong"), FORKS.values(), ids=FORKS)
@pytest.mark.parametrize("shape", [(), (2, 3)], ids=str)
def test_a_mistake_at_a_fork_is_named(name, f, wrong, shape):
    names = ("x",) if f is three_users else ("x", "y")
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        report = check_gradient(f, wrong, **{name: away_from_zero(rng, *shape) for name in names})
        assert not report and report.mistakes == (name,), report
        assert "used" in str(report)


def test_a_wrong_gradient_of_an_unused_input_is_reported():
    report = check_gradient(lambda x, y: x * 2, lambda x, y: (2.0, 1.0), x=1.0, y=2.0)
    assert [finding.ok for finding in report.findings] == [True, False]


def test_a_function_without_gates_can_be_checked_against_a_wrong_gradient():
    report = check_gradient(lambda x: np.sum(np.arctan(x)), lambda x: 1 + x**2, x=np.array([1.0, 2.0]))
    assert not report and report.mistakes == ()


@pytest.mark.parametrize("returned", [None, ..., (None, None), {}], ids=["None", "...", "Nones", "{}"])
def test_a_gradient_that_answers_nothing_is_not_answered_yet(returned):
    report = check_gradient(branch, lambda a, b: returned, a=2.0, b=1.0)
    assert report.verdict == "your turn" and len(report.findings) == 2


def test_a_gradient_that_raises_or_returns_too_few_is_reported():
    assert "raised KeyError: 'W1'" in str(check_gradient(branch, lambda a, b: {}["W1"], a=2.0, b=1.0))
    assert "2 gradients are needed (a, b); got 1" in str(
        check_gradient(branch, lambda a, b: 1.0, a=2.0, b=1.0)
    )


def test_a_gradient_that_changes_its_argument_is_rejected():
    def gradient(x):
        x *= 2
        return x

    report = check_gradient(lambda x: np.sum(x * x), gradient, x=np.array([1.0, 2.0]))
    assert report.mistakes == ("argument changed in place",)


def test_check_gradient_refuses_what_cannot_be_checked():
    with pytest.raises(InputError, match="x is NaN"):
        check_gradient(lambda x: x, x=np.nan)
    with pytest.raises(GraphError, match="must return a single number"):
        check_gradient(lambda x: x * 2, x=np.ones(2))
    assert not check_gradient(lambda: 3.0, lambda: ())


NAMED = {
    "sign": lambda X, W: (-2 * X @ W @ W.T, 2 * X.T @ X @ W),
    "factor 2": lambda X, W: (2 * X @ W @ W.T, X.T @ X @ W),
    "transposed": lambda X, W: ((2 * X @ W @ W.T).T, 2 * X.T @ X @ W),
    "extra 1/N": lambda X, W: (2 * X @ W @ W.T, 2 * X.T @ X @ W / len(X)),
    "all zero": lambda X, W: (2 * X @ W @ W.T, 0 * W),
    "shape not undone": lambda X, W: ((2 * X @ W @ W.T).ravel(), 2 * X.T @ X @ W),
}


@pytest.mark.parametrize(("name", "wrong"), NAMED.items(), ids=NAMED)
def test_a_mistake_in_a_whole_gradient_is_named(name, wrong):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        X, W = rng.normal(size=(5, 3)), rng.normal(size=(3, 2))
        report = check_gradient(lambda X, W: np.sum((X @ W) ** 2), wrong, X=X, W=W)
        assert not report and report.mistakes == (name,), report


def test_a_right_gradient_beside_a_singularity_passes():
    for x in (4e-3, -1e-4, 1e-6):
        assert check_gradient(lambda x: 1 / x, lambda x: -1 / x**2, x=x)
        assert not check_gradient(lambda x: 1 / x, lambda x: -1.0001 / x**2, x=x)


# ---------------------------------------------------------------------------- networks on a kink


def on_a_kink(net, blank):
    """Six samples, so many of them blank: with biases of 0, theirs are relus of 0."""
    rng = np.random.default_rng(5)
    x, t = rng.normal(size=(6, 5)), rng.integers(0, 3, 6)
    x[:blank] = 0
    return net, x.astype(net.dtype), t


class Relu:
    """A relu whose derivative at 0 is chosen: any number from 0 to 1 is a right one."""

    def __init__(self, at_0):
        self.at_0 = at_0

    def forward(self, x):
        return np.maximum(x, 0)

    def backward(self, upstream, out, x):
        return upstream * np.where(x == 0, self.at_0, x > 0)


both_checks = pytest.mark.parametrize("directional", [False, True], ids=["every entry", "directional"])


@both_checks
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("blank", [1, 4, 6])
def test_a_right_network_passes_on_a_kink_and_the_report_says_so(directional, dtype, blank):
    for seed in range(3):
        net, x, t = on_a_kink(TwoLayerNet(5, 4, 3, 1.0, rng=seed, dtype=dtype), blank)
        report = check_network(net, x, t, directional=directional, seed=seed)
        assert report and "kink, such as a relu of 0" in str(report), report


@both_checks
@pytest.mark.parametrize("at_0", [0, 0.3, 1])
def test_any_slope_between_both_sides_of_a_kink_is_right(directional, at_0):
    net, x, t = on_a_kink(MLP((5, 4, 3), Relu(at_0)), blank=2)
    assert check_network(net, x, t, directional=directional)


@both_checks
@pytest.mark.parametrize("at_0", [-1, 2])
def test_a_slope_outside_both_sides_of_a_kink_is_wrong(directional, at_0):
    net, x, t = on_a_kink(MLP((5, 4, 3), Relu(at_0)), blank=2)
    report = check_network(net, x, t, directional=directional)
    assert not report and not [
        finding for finding in report.findings if finding.what == "dW2" and not finding.ok
    ]


BENT_ON_A_KINK = {
    "sign": lambda g: -g,
    "twice": lambda g: 2 * g,
    "one entry": lambda g: g + 1e-3 * (np.arange(g.size) == 1).reshape(g.shape),
    "all zero": lambda g: 0 * g,
}


@both_checks
@pytest.mark.parametrize("bend", BENT_ON_A_KINK.values(), ids=BENT_ON_A_KINK)
@pytest.mark.parametrize("name", ["W1", "W2", "b2"])
def test_a_wrong_network_is_rejected_on_a_kink_too(directional, bend, name):
    class Bent(TwoLayerNet):
        def gradient(self, x, t):
            gradients = super().gradient(x, t)
            return gradients | {name: bend(gradients[name])}

    for seed in range(3):
        net, x, t = on_a_kink(Bent(5, 4, 3, 1.0, rng=seed), blank=1)
        before = {key: array.copy() for key, array in net.params.items()}
        report = check_network(net, x, t, directional=directional, seed=seed)
        assert [finding.what for finding in report.findings if not finding.ok] == [f"d{name}"], report
        assert all(np.array_equal(net.params[key], before[key]) for key in before)


def test_a_loss_of_the_books_whose_backward_returns_dx_alone_is_checked(rng):
    z, t = rng.normal(size=(4, 3)), np.array([2, 0, 1, 1])
    assert check_gate(bplib.SoftmaxWithLoss(), z, t)

    class WithoutTheMean(bplib.SoftmaxWithLoss):
        def backward(self, upstream=1.0):
            return super().backward(upstream) * 4

    assert check_gate(WithoutTheMean(), z, t).mistakes == ("1/N missing",)


# ------------------------------------------------------------------- what looks elsewhere, or is random

X43, T4 = np.random.default_rng(5).normal(size=(4, 3)), np.array([0, 1, 1, 0])


def test_what_was_calculated_with_nodes_counts_by_its_value(rng):
    W = rng.normal(size=(3, 2))

    def gradient(W):
        return bplib.matmul(X43.T, bplib.Node(2 * X43 @ W))

    assert check_gradient(lambda W: ((bplib.Node(X43) @ W) ** 2).sum(), gradient, W=W).ok
    assert check_gradient(lambda W: ((bplib.Node(X43) @ W) ** 2).sum(), lambda W: {"W": gradient(W)}, W=W).ok
    assert not check_gradient(lambda W: ((X43 @ W) ** 2).sum(), lambda W: 2.0 * gradient(W), W=W).ok


class Closure:
    """A network of one layer, whose loss was made in __init__ and knows its arrays, and no others."""

    def __init__(self, dtype, wrong=1.0):
        rng = np.random.default_rng(6)
        W, b = rng.normal(size=(3, 2)).astype(dtype), np.zeros(2, dtype)
        self.params, self.wrong = {"W": W, "b": b}, wrong
        self.loss = lambda x, t: bplib.softmax_with_loss(bplib.Node(x) @ W + b, t)

    def gradient(self, x, t):
        found = bplib.grad(lambda W, b: bplib.softmax_with_loss(bplib.affine(x, W, b), t))(**self.params)
        return {name: self.wrong * part for name, part in found.items()}


@pytest.mark.parametrize("directional", [False, True])
def test_a_float32_network_whose_loss_is_a_closure_cannot_be_told(directional):
    report = check_network(Closure(np.float32), X43.astype(np.float32), T4, directional=directional)
    assert not report.ok and all(finding.unsure for finding in report.findings)
    assert "looks at the first one's arrays" in str(report)
    assert check_network(Closure(np.float64), X43, T4, directional=directional).ok
    wrong = check_network(Closure(np.float64, wrong=1.1), X43, T4, directional=directional)
    assert any(not finding.ok and not finding.unsure for finding in wrong.findings)


@pytest.mark.parametrize("directional", [pytest.param(False, marks=pytest.mark.slow), True])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_the_loss_of_a_network_with_dropout_is_random_until_it_is_evaluated(rate, directional, rng):
    one, other = (
        bplib.Affine(rng.normal(size=(3, 50)), np.zeros(50)),
        bplib.Affine(rng.normal(size=(50, 2)), np.zeros(2)),
    )
    net = bplib.Network([one, bplib.tanh, bplib.Dropout(rate), other])
    report = check_network(net, X43, T4, directional=directional)
    assert not report.ok and all(finding.unsure for finding in report.findings)
    assert "the loss is random" in str(report)
    net.evaluate()
    assert check_network(net, X43, T4, directional=directional).ok
