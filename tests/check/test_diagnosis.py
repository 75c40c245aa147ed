"""Diagnosis: no right rule is rejected, every wrong one is, and by its name; each over 20 seeds."""

import numpy as np
import pytest

from bplib import check_gate, check_network, gates
from bplib.check import mistakes, raised
from bplib.errors import InputError
from bplib.networks.network import MLP, TwoLayerNet
from tests.check.rules import RIGHT, WRONG, draw
from tests.gates import catalogue as gate_catalogue

pytestmark = pytest.mark.slow

SEEDS = range(20)


def checked(rule, inputs, seed, dtype=np.float64):
    return check_gate(rule, *draw(inputs, np.random.default_rng(seed), dtype), seeds=(seed, seed + 100))


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize(("rule", "inputs"), RIGHT.values(), ids=RIGHT)
def test_a_right_rule_is_never_rejected(rule, inputs, dtype):
    for seed in SEEDS:
        report = checked(rule, inputs, seed, dtype)
        assert report, (seed, report)


@pytest.mark.parametrize(
    ("name", "rule", "inputs"), WRONG, ids=[f"{i} {name}" for i, (name, *_) in enumerate(WRONG)]
)
def test_a_wrong_rule_is_rejected_and_its_mistake_named(name, rule, inputs):
    for seed in SEEDS:
        report = checked(rule, inputs, seed)
        assert not report and set(report.mistakes) == ({name} - {""}), (seed, report)
        for finding in report.findings:
            assert finding.ok or not name or finding.advice
            assert "{" not in finding.advice


def test_the_catalogue_is_large_and_nine_in_ten_mistakes_have_a_name():
    assert len(RIGHT) >= 40 and len(WRONG) >= 60
    assert sum(name == "" for name, *_ in WRONG) <= len(WRONG) / 10


def test_every_entry_of_the_tables_has_its_wrong_rule():
    tables = (mistakes.OF_A_RULE, mistakes.OF_A_RESULT)
    known = {entry.name for table in tables for entry in table}
    assert known - {"kink"} <= {name for name, *_ in WRONG}
    assert {name for *_, name, _ in raised.OF_AN_ERROR} <= {name for name, *_ in WRONG}


@pytest.mark.parametrize("case", gate_catalogue.CASES, ids=str)
def test_every_gate_of_the_library_passes_its_own_check(case):
    report = check_gate(case.gate, *case.xs, seeds=range(3))
    assert report and [finding.what for finding in report.findings] == [
        f"d{name}" for name in case.gate.inputs
    ]


# --------------------------------------------------------------------------------------- networks


class Bent(TwoLayerNet):
    """A network whose gradient is bent by ``bend(gradients, rng)`` before it is returned."""

    def __init__(self, *sizes, bend, seed=0, **options):
        super().__init__(*sizes, weight_init_std=0.1, rng=seed, **options)
        self.bend, self.seed = bend, seed

    def gradient(self, x, t):
        gradients = {name: gradient.copy() for name, gradient in super().gradient(x, t).items()}
        self.bend(gradients, np.random.default_rng(self.seed))
        return gradients


def batch(samples, features, classes, seed, dtype=np.float64):
    """Pictures on a dark ground: three pixels in ten are lit; in small ones all, for none may be blank."""
    rng = np.random.default_rng(seed)
    lit = rng.random((samples, features)) < (0.3 if features > 100 else 1)
    x = rng.uniform(-1, 1, (samples, features)) * lit
    return x.astype(dtype), rng.integers(0, classes, samples)


def one_entry(name):
    def bend(gradients, rng):
        entry = tuple(rng.integers(size) for size in gradients[name].shape)
        gradients[name][entry] += 0.1 * np.abs(gradients[name]).mean()

    return bend


def replaced(name, change):
    def bend(gradients, rng):
        gradients[name] = change(gradients[name])

    return bend


BENT = {
    "right": (lambda gradients, rng: None, None),
    "missing b1": (replaced("b1", lambda g: 0 * g), "all zero"),
    "missing b2": (replaced("b2", lambda g: 0 * g), "all zero"),
    "one wrong b1": (one_entry("b1"), ""),
    "one wrong b2": (one_entry("b2"), ""),
    "one wrong W1": (one_entry("W1"), ""),
    "sign of W1": (replaced("W1", np.negative), "sign"),
    "sign of b2": (replaced("b2", np.negative), "sign"),
    "W2 without 1/N": (replaced("W2", lambda g: 20 * g), "1/N missing"),
    "b1 averaged": (replaced("b1", lambda g: g / 20), "extra 1/N"),
    "even error in b2": (replaced("b2", lambda g: g + 1e-3), ""),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize(("bend", "name"), BENT.values(), ids=BENT)
def test_one_random_direction_through_39760_parameters_shows_every_mistake(bend, name, dtype):
    for seed in SEEDS:
        net = Bent(784, 50, 10, bend=bend, seed=seed, dtype=dtype)
        report = check_network(net, *batch(20, 784, 10, seed, dtype), directional=True, seed=seed)
        assert bool(report) == (name is None), (seed, report)
        assert set(report.mistakes) <= {name}
        assert not name or report.mistakes == (name,)


def test_the_directional_check_finds_the_wrong_entry():
    for seed in SEEDS:
        wrong = tuple(int(i) for i in np.random.default_rng(seed).integers(0, (784, 50)))

        def bend(gradients, rng, wrong=wrong):
            gradients["W1"][wrong] += 1e-4

        net = Bent(784, 50, 10, bend=bend, seed=seed)
        report = check_network(net, *batch(20, 784, 10, seed), directional=True, seed=seed)
        assert [finding.ok for finding in report.findings] == [False, True, True, True]
        assert f"differs at {list(wrong)}" in str(report) and "numerical" in str(report)


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("directional", [False, True])
def test_a_right_network_of_any_kind_passes(directional, dtype):
    x, t = batch(6, 5, 3, 1, dtype)
    for seed in range(3):
        for activation in (gates.relu, gates.tanh, gates.sigmoid):
            net = MLP((5, 4, 7, 3), activation=activation, rng=seed, dtype=dtype)
            for name in ("b1", "b2"):
                net.params[name] += 0.1  # a sample that lights no unit would put the next layer on its kink
            report = check_network(net, x, t, directional=directional, seed=seed)
            assert report, report
            assert [finding.what for finding in report.findings] == [f"d{name}" for name in net.params]


SMALL = {
    name: bent for name, bent in BENT.items() if name not in ("right", "W2 without 1/N", "b1 averaged")
} | {
    "W2 without 1/N": (replaced("W2", lambda g: 6 * g), "1/N missing"),
    "W1 extra 1/N": (replaced("W1", lambda g: g / 6), "extra 1/N"),
    "W1 over C": (replaced("W1", lambda g: g / 3), "divided by C"),
    "W2 transposed": (replaced("W2", np.transpose), "transposed"),
    "b1 keepdims": (replaced("b1", lambda g: g[None]), "keepdims"),
    "W1 in integers": (replaced("W1", lambda g: g.astype(int)), "all zero"),
    "b2 not finite": (replaced("b2", lambda g: g / 0), "not finite"),
}


@pytest.mark.parametrize(("bend", "name"), SMALL.values(), ids=SMALL)
def test_the_full_check_names_mistakes_in_a_network(bend, name):
    for seed in range(3):
        net = Bent(5, 4, 3, bend=bend, seed=seed)
        with np.errstate(all="ignore"):
            report = check_network(net, *batch(6, 5, 3, seed))
        assert not report and report.mistakes == ((name,) if name else ()), report
        assert "differs at" in str(report) or "shape" in str(report) or "contains" in str(report)


def test_a_missing_gradient_is_not_answered_yet():
    def bend(gradients, rng):
        del gradients["b1"]

    for directional in (False, True):
        report = check_network(Bent(5, 4, 3, bend=bend), *batch(6, 5, 3, 0), directional=directional)
        assert report.verdict == "your turn"


class Stale:
    """The classical trap: params rebinds an array, and the layer keeps the older one."""

    def __init__(self):
        rng = np.random.default_rng(0)
        self.params = {"W": rng.normal(size=(3, 2)), "b": np.zeros(2)}
        self.W, self.b = self.params["W"], self.params["b"]

    def loss(self, x, t):
        return float(((x @ self.W + self.b - t) ** 2).sum())

    def gradient(self, x, t):
        d = 2 * (x @ self.W + self.b - t)
        return {"W": x.T @ d, "b": d.sum(axis=0)}


def test_stale_parameters_are_named():
    rng = np.random.default_rng(1)
    x, t, net = rng.normal(size=(4, 3)), rng.normal(size=(4, 2)), Stale()
    assert check_network(net, x, t)
    net.params["W"] -= 0.1
    assert check_network(net, x, t)
    net.params["W"] = net.params["W"] - 0.1
    assert check_network(net, x, t).mistakes == ("stale parameters",)
    assert check_network(net, x, t, directional=True).mistakes == ("stale parameters",)


def test_parameters_are_put_back_also_when_loss_raises():
    class Raises(TwoLayerNet):
        calls = 0

        def loss(self, x, t):
            self.calls += 1
            if self.calls > 3:
                raise RuntimeError("no more")
            return super().loss(x, t)

    for directional in (False, True):
        net = Raises(5, 4, 3)
        before = {name: array.copy() for name, array in net.params.items()}
        report = check_network(net, *batch(6, 5, 3, 0), directional=directional)
        assert not report and "raised RuntimeError: no more" in str(report)
        assert all(np.array_equal(net.params[name], before[name]) for name in before)


def test_a_gradient_that_changes_a_parameter_is_rejected():
    def bend(gradients, rng):
        net.params["W1"] *= 1.01

    net = Bent(5, 4, 3, bend=bend)
    report = check_network(net, *batch(6, 5, 3, 0))
    assert report.mistakes == ("argument changed in place",) and "W1" in str(report)


def test_a_directional_check_calls_the_loss_a_handful_of_times():
    class Counts(TwoLayerNet):
        calls = 0

        def loss(self, x, t):
            self.calls += 1
            return super().loss(x, t)

    for seed in SEEDS:
        net = Counts(784, 50, 10, rng=seed)
        assert check_network(net, *batch(20, 784, 10, seed), directional=True, seed=seed)
        assert net.calls <= 9  # one of them inside gradient


def test_parameters_that_are_no_arrays_are_refused():
    net = Stale()
    net.params["b"] = [0.0, 0.0]
    with pytest.raises(InputError, match=r"params\['b'\] must be an array of floats"):
        check_network(net, np.ones((4, 3)), np.ones((4, 2)))
