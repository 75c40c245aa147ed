"""The checks are checked: right rules of every style pass, every known mistake fails by its name."""

import re

import gate_catalogue
import numpy as np
import pytest

import bplib
from bplib import apply, check_gate, check_gradient, gates, misconceptions
from bplib.errors import GraphError, InputError

SEEDS = range(20)


def away_from_zero(rng, *shape):
    x = rng.uniform(0.1, 2, size=shape) * rng.choice([-1, 1], size=shape)
    return x if shape else float(x)


# ------------------------------------------------------------------- right rules in many styles


class Product:
    def forward(self, x, y):
        return x * y

    def backward(self, upstream, out, x, y):
        return upstream * y, upstream * x


class ProductOfTheBook:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout=1):
        return [dout * self.y, dout * self.x]


class ProductWithSum:
    def forward(self, X, b):
        return X * b

    def backward(self, upstream, out, X, b):
        return upstream * b, np.einsum("nd,nd->d", upstream, X)


class TanhByLoops:
    def forward(self, x):
        return np.array([[np.tanh(entry) for entry in row] for row in x])

    def backward(self, upstream, out, x):
        dx = np.zeros(x.shape)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                dx[i, j] = upstream[i, j] * (1 - out[i, j] ** 2)
        return dx


class ReluWithMask:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx


class ReluByWhere:
    def forward(self, x):
        return np.where(x > 0, x, 0)

    def backward(self, upstream, out, x):
        return (np.where(x > 0, upstream, 0),)


class SigmoidOfTheBook:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


class MatrixProduct:
    def forward(self, X, W):
        return X @ W

    def backward(self, upstream, out, X, W):
        return upstream @ W.T, X.T @ upstream


class Affine:
    def forward(self, X, W, b):
        self.X, self.W = X, W
        return X @ W + b

    def backward(self, dout):
        return dout @ self.W.T, self.X.T @ dout, dout.sum(axis=0)


class AffineByElement:
    def forward(self, X, W, b):
        return X @ W + b

    def backward(self, upstream, out, X, W, b):
        dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b)
        for n, m in np.ndindex(out.shape):
            dX[n] += upstream[n, m] * W[:, m]
            dW[:, m] += upstream[n, m] * X[n]
            db[m] += upstream[n, m]
        return dX, dW, db


class TransposeByView:
    def forward(self, x):
        return x.T

    def backward(self, upstream, out, x):
        return upstream.T


class FlatView:
    def forward(self, x):
        return x.reshape(-1)

    def backward(self, upstream, out, x):
        return upstream.reshape(x.shape)


class Identity:
    def forward(self, x):
        return x

    def backward(self, upstream, out, x):
        return upstream


class SumByReadOnlyView:
    def forward(self, x):
        return x.sum()

    def backward(self, upstream, out, x):
        return np.broadcast_to(upstream, x.shape)


class Tail:
    def forward(self, x):
        return x[1:]

    def backward(self, upstream, out, x):
        dx = np.zeros_like(x)
        dx[1:] = upstream
        return dx


class SoftmaxOfRows:
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def backward(self, upstream, out, x):
        return out * (upstream - (upstream * out).sum(axis=1, keepdims=True))


class Static:
    @staticmethod
    def forward(x):
        return x**3

    @staticmethod
    def backward(upstream, out, x):
        return 3 * x**2 * upstream


class MinusLog(gates.Gate):
    """A subclass of the library's Gate."""

    def forward(self, x):
        return -np.log(x)

    def backward(self, upstream, out, x):
        return (-upstream / x,)


class Cosh(gates.Elementwise):
    """A subclass that states its local derivative alone."""

    def forward(self, x):
        return np.cosh(x)

    def local(self, out, x):
        return (np.sinh(x),)


class Distance:
    def forward(self, y, label):
        return ((y - np.round(label)) ** 2).sum()

    def backward(self, upstream, out, y, label):
        return 2 * upstream * (y - np.round(label)), None


RIGHT = {
    "product of numbers": (Product, [(), ()]),
    "product of arrays": (Product, [(2, 3), (2, 3)]),
    "product of the book": (ProductOfTheBook, [(), ()]),
    "an object, arrays": (ProductOfTheBook(), [(4,), (4,)]),
    "broadcast, summed by einsum": (ProductWithSum, [(4, 3), (3,)]),
    "tanh by loops": (TanhByLoops, [(2, 3)]),
    "relu with a mask": (ReluWithMask, [(4, 3)]),
    "relu by where": (ReluByWhere, [(4, 3)]),
    "sigmoid of the book": (SigmoidOfTheBook, [(2, 3)]),
    "sigmoid of a number": (SigmoidOfTheBook, [()]),
    "matrix product": (MatrixProduct, [(4, 3), (3, 2)]),
    "affine of the book": (Affine, [(4, 3), (3, 2), (2,)]),
    "affine by element": (AffineByElement, [(4, 3), (3, 2), (2,)]),
    "transpose, a view": (TransposeByView, [(2, 3)]),
    "flatten, a view": (FlatView, [(2, 3)]),
    "identity, upstream itself": (Identity, [(2, 3)]),
    "sum, a read-only view": (SumByReadOnlyView, [(2, 3)]),
    "slice": (Tail, [(4,)]),
    "softmax, a full Jacobian": (SoftmaxOfRows, [(2, 3)]),
    "static methods": (Static, [()]),
    "subclass of Elementwise": (Cosh, [(2, 3)]),
    "a label without gradient": (Distance, [(4,), (4,)]),
}


@pytest.mark.parametrize(("rule", "shapes"), RIGHT.values(), ids=RIGHT)
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
def test_a_right_rule_is_never_rejected(rule, shapes, dtype):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        xs = [np.asarray(away_from_zero(rng, *shape), dtype)[()] for shape in shapes]
        if rule is Distance:
            xs[1] = np.round(xs[1])
        assert check_gate(rule, *xs, seeds=(seed,)), (seed, check_gate(rule, *xs, seeds=(seed,)))


def test_a_right_rule_on_a_half_line_is_never_rejected():
    for seed in SEEDS:
        x = np.random.default_rng(seed).uniform(0.05, 3, size=(2, 3))
        assert check_gate(MinusLog, x, seeds=(seed,))


@pytest.mark.parametrize("case", gate_catalogue.CASES, ids=str)
def test_every_gate_of_the_library_passes_its_own_check(case):
    report = check_gate(case.gate, *case.xs, seeds=range(3))
    assert report and [finding.what for finding in report.findings] == [
        f"d{name}" for name in case.gate.inputs
    ]


# ----------------------------------------------------------------- wrong rules, each with its name


def rule(forward, backward):
    """A gate with these two functions, in the pure style, without their self."""

    class Mine:
        pass

    Mine.forward, Mine.backward = staticmethod(forward), staticmethod(backward)
    return Mine


def tanh(x):
    return np.tanh(x)


def tanh_rule(backward):
    return rule(tanh, lambda upstream, out, x: backward(upstream, 1 - out**2))


def plus_bias(X, b):
    return X + b


class RemembersItsFirstUpstream:
    def __init__(self):
        self.upstream = None

    def forward(self, x):
        self.x = x
        return np.sin(x)

    def backward(self, dout):
        if self.upstream is None:
            self.upstream = dout
        return self.upstream * np.cos(self.x)


M, V = (2, 3), (3,)
WRONG = (
    ("all zero", tanh_rule(lambda u, local: 0 * u), [M]),
    ("all zero", rule(lambda x, y: x * y, lambda u, out, x, y: (u * y, 0.0)), [(), ()]),
    ("sum forgotten", rule(plus_bias, lambda u, out, X, b: (u, u)), [M, V]),
    ("sum forgotten", rule(np.multiply, lambda u, out, X, b: (u * b, u * X)), [(4, 3), V]),
    ("upstream ignored", tanh_rule(lambda u, local: local), [M]),
    ("upstream ignored", rule(lambda x, y: x * y, lambda u, out, x, y: (y, x)), [(), ()]),
    ("upstream remembered", RemembersItsFirstUpstream, [M]),
    ("upstream remembered", RemembersItsFirstUpstream, [()]),
    ("sign", tanh_rule(lambda u, local: -u * local), [M]),
    ("sign", rule(lambda x, y: x - y, lambda u, out, x, y: (u, u)), [M, M]),
    ("local derivative left out", tanh_rule(lambda u, local: u), [M]),
    ("local derivative left out", rule(lambda x: 3 * x, lambda u, out, x: u), [()]),
    ("upstream added", tanh_rule(lambda u, local: u + local), [M]),
    ("upstream added", tanh_rule(lambda u, local: u + local), [()]),
    ("inputs swapped", rule(lambda x, y: x * y, lambda u, out, x, y: (u * x, u * y)), [(), ()]),
    ("inputs swapped", rule(lambda x, y: x * y, lambda u, out, x, y: (u * x, u * y)), [M, M]),
    ("local derivative taken at the output", rule(np.sin, lambda u, out, x: u * np.cos(out)), [M]),
    ("local derivative taken at the output", rule(np.exp, lambda u, out, x: u * np.exp(out)), [()]),
    ("averaged instead of summed", rule(plus_bias, lambda u, out, X, b: (u, u.mean(axis=0))), [(4, 3), V]),
    ("averaged instead of summed", rule(plus_bias, lambda u, out, X, b: (u, u.mean(axis=0))), [M, V]),
    ("averaged instead of summed", rule(lambda x: x.sum(), lambda u, out, x: u / x.size + 0 * x), [M]),
    ("factor 2", rule(lambda x: x * x, lambda u, out, x: u * x), [M]),
    ("factor 2", rule(lambda x: x * x / 2, lambda u, out, x: 2 * u * x), [(2,)]),
    ("transposed", tanh_rule(lambda u, local: (u * local).T), [M]),
    ("transposed", tanh_rule(lambda u, local: (u * local).T), [(3, 3)]),
)


@pytest.mark.parametrize(
    ("name", "wrong", "shapes"), WRONG, ids=lambda x: x.replace(" ", "-") if isinstance(x, str) else ""
)
def test_a_wrong_rule_is_rejected_and_its_mistake_named(name, wrong, shapes):
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        report = check_gate(
            wrong, *[away_from_zero(rng, *shape) for shape in shapes], seeds=(seed, seed + 100)
        )
        assert not report and set(report.mistakes) == {name}, report
        assert all(
            finding.advice and "{" not in finding.advice for finding in report.findings if not finding.ok
        )


@pytest.mark.parametrize("x", [0.0, np.array([1.5, 0.0, -2.0])], ids=["number", "array"])
def test_a_point_on_a_kink_is_named(x):
    assert check_gate(gates.relu, x).mistakes == ("kink",)
    one_at_zero = rule(lambda x: np.maximum(x, 0), lambda u, out, x: u * (x >= 0))
    assert check_gate(one_at_zero, x).mistakes == ("kink",)
    assert check_gate(gates.maximum, x, x).mistakes == ("kink", "kink")


def test_one_seed_is_enough_to_find_a_remembered_upstream():
    assert check_gate(RemembersItsFirstUpstream, 0.7, seeds=(0,)).mistakes == ("upstream remembered",)


def test_every_entry_of_the_table_has_its_wrong_rule():
    named = {name for name, *_ in WRONG} | {"kink"}
    assert named == {name for name, *_ in misconceptions._TABLE}


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
        ((1.0, np.ones(2)), r"has shape \(2,\), but needs \(\)"),
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
