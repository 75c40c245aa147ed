"""Data: what comes out, that a seed decides it, and what is said where it cannot come."""

import sys
from urllib.error import URLError

import numpy as np
import pytest
from sklearn import datasets

import bplib as bp


def test_digits_are_all_there_scaled_and_split():
    x, t = datasets.load_digits(return_X_y=True)
    data = bp.digits()
    assert data.x_train.shape == (1437, 64)
    assert data.x_test.shape == (360, 64)
    everything = np.concatenate([data.x_train, data.x_test])
    assert (everything.min(), everything.max()) == (0.0, 1.0)
    assert everything.sum() == pytest.approx(x.sum() / 16)
    assert np.array_equal(np.bincount(np.concatenate([data.t_train, data.t_test])), np.bincount(t))


def test_every_class_gives_the_same_share_to_the_test():
    data = bp.digits(rng=3, test=0.3)
    of_class = np.bincount(data.t_train) + np.bincount(data.t_test)
    assert np.abs(np.bincount(data.t_test) - 0.3 * of_class).max() <= 1


def test_a_sample_keeps_its_label():
    x, t = datasets.load_digits(return_X_y=True)
    label_of = {row.tobytes(): label for row, label in zip(x / 16, t, strict=True)}
    data = bp.digits(rng=8)
    assert [label_of[row.tobytes()] for row in data.x_test] == data.t_test.tolist()
    assert [label_of[row.tobytes()] for row in data.x_train] == data.t_train.tolist()


@pytest.mark.parametrize("make", [bp.digits, bp.moons, bp.spirals])
def test_the_same_seed_gives_the_same_data(make):
    one, same, other = make(rng=5), make(rng=np.random.default_rng(5)), make(rng=6)
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])


def test_digits_in_float32():
    data = bp.digits(dtype=np.float32)
    assert data.x_train.dtype == data.x_test.dtype == np.float32
    assert data.t_train.dtype.kind == "i"


def test_moons_without_noise_lie_on_two_half_circles():
    x, t = bp.moons(101, noise=0.0)
    assert np.bincount(t).tolist() == [51, 50]
    centres = np.array([[0.0, 0.0], [1.0, 0.5]])[t]
    np.testing.assert_allclose(np.linalg.norm(x - centres, axis=1), 1.0)
    assert (x[t == 0, 1] >= 0).all()
    assert (x[t == 1, 1] <= 0.5).all()


def test_spirals_without_noise_are_arms_turned_against_each_other():
    x, t = bp.spirals(90, classes=3, noise=0.0)
    assert np.bincount(t).tolist() == [30, 30, 30]
    radius, angle = np.linalg.norm(x, axis=1), np.arctan2(x[:, 0], x[:, 1])
    assert radius.max() <= 1
    arm = (angle - 4 * radius) / (2 * np.pi / 3)
    np.testing.assert_allclose(np.exp(2j * np.pi * arm / 3), np.exp(2j * np.pi * t / 3), atol=1e-9)


@pytest.mark.parametrize("make", [bp.moons, bp.spirals])
def test_noise_blurs_the_samples(make):
    assert 0.02 < np.abs(make(noise=0.1)[0] - make(noise=0.0)[0]).mean() < 0.2


@pytest.mark.parametrize("make", [bp.digits, bp.mnist])
def test_without_scikit_learn_the_extra_is_named(make, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(bp.MissingExtra, match=r"needs scikit-learn.*pip install scikit-learn"):
        make()


def test_mnist_without_a_network_says_so_and_names_the_way_out(monkeypatch, tmp_path):
    def no_network(*args, **options):
        raise URLError("no route to host")

    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))
    monkeypatch.setattr("sklearn.datasets._openml.urlopen", no_network)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(bp.BplibError, match=r"mnist: OpenML could not be reached .*no route.* digits\(\)"):
        bp.mnist()


def test_mnist_has_the_form_of_digits(monkeypatch):
    t = np.arange(70_000) % 10

    def fetch(name, **options):
        assert (name, options["version"]) == ("mnist_784", 1)
        return np.repeat(t[:, None] * 25.5, 784, axis=1).astype(np.float32), t.astype(str).astype(object)

    monkeypatch.setattr(datasets, "fetch_openml", fetch)
    data = bp.mnist(dtype=np.float32)
    assert type(data) is type(bp.digits())
    assert (data.x_train.shape, data.x_test.shape) == ((60_000, 784), (10_000, 784))
    assert data.x_train.dtype == np.float32
    assert np.array_equal(data.t_test, t[60_000:])
    np.testing.assert_allclose(data.x_test[:, 5], data.t_test / 10, rtol=1e-6)
