"""Jacobians: three routes to one matrix, their structure, and sizes that must never be formed."""

import tracemalloc

import numpy as np
import pytest

import bplib as bp


def test_the_jacobian_of_a_sum_along_rows_is_hand_worked():
    x = np.array([[1.0, 2.0, 3.0], [-1.0, 0.5, 2.0]])
    J = bp.jacobian(lambda x: np.square(np.sum(x, axis=1)), x)
    wanted = np.zeros((2, 2, 3))
    wanted[0, 0] = 2 * 6.0
    wanted[1, 1] = 2 * 1.5
    np.testing.assert_allclose(J, wanted, rtol=1e-14)


@pytest.mark.parametrize("by", ["reverse", "forward", "numerical"])
def test_all_routes_agree(by, rng):
    x, w = rng.normal(size=4), rng.normal(size=(3, 4))

    def f(x):
        return np.sum(np.tanh(x * w) * np.exp(x), axis=1)

    t, e = np.tanh(x * w), np.exp(x)
    by_hand = (w * (1 - t**2) + t) * e
    np.testing.assert_allclose(bp.jacobian(f, x, by), by_hand, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("by", ["reverse", "forward", "numerical"])
def test_a_number_has_a_one_by_one_jacobian(by):
    assert bp.jacobian(lambda x: x * x, 3.0, by) == pytest.approx(6.0)
    assert np.shape(bp.jacobian(lambda x: x * x, 3.0, by)) == ()


def test_the_cheaper_sweep_is_chosen(monkeypatch):
    from bplib.graph import jacobians

    used = []
    for way in ("reverse", "forward"):
        run = jacobians._WAYS[way]
        monkeypatch.setitem(
            jacobians._WAYS, way, lambda *given, way=way, run=run: used.append(way) or run(*given)
        )
    bp.jacobian(lambda x: np.sum(x), np.ones(5))
    bp.jacobian(lambda x: x * np.ones(5), 2.0)
    assert used == ["reverse", "forward"]


def test_an_input_that_does_not_reach_the_output_has_a_zero_jacobian(rng):
    c = bp.Node(2.0, "c")
    assert not bp.jacobian(lambda x: c * np.ones(2), rng.normal(size=3)).any()


def test_a_jacobian_that_is_too_large_is_refused_with_its_size_and_never_allocated():
    x = np.ones((100, 4096))
    tracemalloc.start()
    with pytest.raises(bp.GraphError, match=r"409600 × 409600 = 167772160000 entries \(1.221 TiB\)"):
        bp.jacobian(bp.relu, x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 * x.nbytes


def test_an_unknown_way_is_named():
    with pytest.raises(bp.GraphError, match="by is one of reverse, forward, numerical; got 'magic'"):
        bp.jacobian(lambda x: x * x, 1.0, by="magic")


@pytest.mark.parametrize(
    ("y", "x", "words"),
    [
        ((4096,), (4096,), "4096 × 4096 = 16777216 entries (64 MiB)"),
        ((100, 4096), (100, 4096), "409600 × 409600 = 167772160000 entries (625 GiB)"),
        ((64, 4096), (64, 4096), "262144 × 262144 = 68719476736 entries (256 GiB)"),
        ((64, 4096), (4096, 4096), "262144 × 16777216 = 4398046511104 entries (16 TiB)"),
        ((), (3,), "1 × 3 = 3 entries (12 bytes)"),
    ],
)
def test_the_sizes_of_the_course_are_told_without_forming_anything(y, x, words):
    assert str(bp.jacobian_size(y, x, np.float32)) == words


def test_structure_is_told_in_words(rng):
    x = np.array([1.0, -2.0, 3.0, -1.0])
    assert bp.jacobian_structure(bp.jacobian(bp.relu, x)) == "diagonal: 2 of 16 entries are not 0"
    rows = bp.jacobian(lambda x: np.sum(x, axis=1), rng.normal(size=(2, 3)))
    assert bp.jacobian_structure(rows, x_ndim=2) == "block diagonal, 2 blocks: 6 of 12 entries are not 0"
    assert bp.jacobian_structure(rng.normal(size=(2, 3))) == "full: 6 of 6 entries are not 0"
    assert bp.jacobian_structure(np.zeros((2, 3))) == "zero: 0 of 6 entries are not 0"
