"""Assignment 9: what is right there is what the library says, and a guess earns nothing."""

import numpy as np
import pytest

import bplib as bp
from bplib.course import method
from bplib.course.questions import ps09


@pytest.mark.parametrize("k", [0, 1, 2])
def test_what_a_line_has_to_give_is_what_the_gates_of_the_library_give(k):
    def right(line):
        values = ps09._inputs(line, k)
        return ps09._truth(line, values), list(values.values())

    y, (s,) = right("softmax")
    assert y == pytest.approx(bp.softmax(s), rel=1e-12)
    loss, (p, t) = right("loss")
    assert loss == pytest.approx(bp.softmax_with_loss(np.log(p), t), rel=1e-10)
    ds, (p, t) = right("dscores")
    assert ds == pytest.approx(bp.grad(lambda s: bp.softmax_with_loss(s, t))(np.log(p)), rel=1e-9, abs=1e-12)
    dW, (h, delta) = right("dW")
    assert dW == pytest.approx(bp.vjp(lambda W: h @ W, np.zeros(dW.shape), delta), rel=1e-10)
    db, (delta,) = right("db")
    assert db == pytest.approx(
        bp.vjp(lambda b: np.zeros(delta.shape) + b, np.zeros(db.shape), delta), rel=1e-10
    )
    dh, (delta, W) = right("dh")
    assert dh == pytest.approx(bp.vjp(lambda h: h @ W, np.zeros(dh.shape), delta), rel=1e-10)
    dz, (upstream, z) = right("dz")
    assert dz == pytest.approx(bp.vjp(bp.relu, z, upstream), rel=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 5])
def test_guessing_a_line_and_a_kind_without_evidence_earns_next_to_nothing(seed):
    def guess(lines):
        return "read", "least for largest", (np.zeros((2, 3)),), lambda s: s.argmax(axis=1)

    found = ps09.hunts.findings(guess, seed=seed)
    assert len(found) == ps09.hunts.parts
    assert sum(finding.ok for finding in found) == 1  # the mended line of the one network where it fits


def test_every_course_hunts_in_another_order_with_other_numbers():
    def drawn(seed):
        return list(ps09._ill_lines(np.random.default_rng(seed)))

    assert [bug[:2] for bug in drawn(1)] == [bug[:2] for bug in drawn(2)]
    assert drawn(1) != drawn(2)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("number", range(15))
def test_every_wrong_line_differs_from_the_right_one_somewhere_and_no_right_one_does(number, seed):
    line, _, text = list(ps09._ill_lines(np.random.default_rng(seed)))[number]
    inputs = [ps09._inputs(line, k) for k in range(3)]
    with np.errstate(all="ignore"):
        assert any(ps09._evidence(line, text, tuple(values.values())) for values in inputs)


def known(lines):
    """What is wrong with a network, from the module that draws it."""
    for line, kind, text in ps09._ill_lines(np.random.default_rng(0)):
        for values in (ps09._inputs(line, k) for k in range(3)):
            inputs = tuple(values.values())
            with np.errstate(all="ignore"):
                given, wrong = lines[line](*inputs), ps09.value_of(text, values)
            if np.array_equal(given, wrong, equal_nan=True) and ps09._evidence(line, text, inputs):
                return (
                    line,
                    kind,
                    inputs,
                    lambda *xs, at=line: ps09._truth(at, dict(zip(ps09._ARGUMENTS[at], xs, strict=True))),
                )


def test_a_hunter_that_knows_is_right_everywhere():
    assert sum(finding.ok for finding in ps09.hunts.findings(known)) == ps09.hunts.parts


@pytest.mark.parametrize("line", ["loss", "db", "read"])
@pytest.mark.parametrize("gives_up", [lambda: None, lambda: 1 / 0, lambda: (1, 2)])
def test_a_network_that_stops_the_hunter_does_not_cost_the_others(line, gives_up):
    def hunt(lines):
        answer = known(lines)
        return gives_up() if answer[0] == line else answer

    lost = 3 * sum(bug[0] == line for bug in ps09._ill_lines(np.random.default_rng(0)))
    assert sum(finding.ok for finding in ps09.hunts.findings(hunt)) == ps09.hunts.parts - lost


def test_numbers_that_are_none_are_no_evidence():
    def hunt(lines):
        line, kind, inputs, mended = known(lines)
        return line, kind, tuple(np.full_like(x, np.nan, dtype=float) for x in inputs), mended

    found = ps09.hunts.findings(hunt)
    assert not [finding for finding in found if finding.ok and not finding.what.endswith("mended line")]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_called_a_wrong_gradient_is_what_differences_find(seed):
    for net, x, t, *gradients in ps09._with_gradients(seed):
        wrong = [name for name, error in method.gradient_error(net, x, t).items() if error > 1e-3]
        assert ps09._wrong((net, x, t, *gradients)) == wrong
