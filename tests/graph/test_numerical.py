"""What is nudged is what f looks at: its argument, or the array itself, as in the books."""

from types import SimpleNamespace

import numpy as np
import pytest

from bplib import check_gate, check_gradient, numerical_gradient
from bplib.errors import InputError
from bplib.networks.network import MLP, TwoLayerNet


@pytest.fixture
def batch(rng):
    return rng.normal(size=(5, 3)), rng.integers(0, 2, 5)


def networks():
    yield TwoLayerNet(3, 4, 2, 1.0, rng=1)
    yield MLP((3, 4, 5, 2), rng=2)
    yield TwoLayerNet(3, 4, 2, 1.0, rng=3, dtype=np.float32)


@pytest.mark.parametrize("net", list(networks()), ids=["two layers", "three layers", "float32"])
def test_the_idiom_of_the_books_gives_the_gradient_of_every_parameter(net, batch):
    x, t = batch
    before = {name: array.copy() for name, array in net.params.items()}
    single = net.dtype == np.float32
    for name in net.params:
        got = numerical_gradient(lambda W: net.loss(x, t), net.params[name])
        right = net.gradient(x, t)[name]
        np.testing.assert_allclose(got, right, rtol=1e-6, atol=2e-3 if single else 1e-8)  # eps^⅔ in float32
        assert all(np.array_equal(net.params[key], before[key]) for key in before)
        assert check_gradient(
            lambda W: net.loss(x, t), lambda W, name=name: net.gradient(x, t)[name], W=net.params[name]
        )
        assert not check_gradient(
            lambda W: net.loss(x, t), lambda W, name=name: -net.gradient(x, t)[name], W=net.params[name]
        )


def test_several_arrays_are_nudged_where_f_looks_at_them(rng):
    a, b, c = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=(2, 1))

    def f(a_, b_, c_):  # at a in place, at b and c as they are given
        return np.sum(np.sin(a) * b_ + c_**2)

    da, db, dc = numerical_gradient(f, (a, b, c))
    np.testing.assert_allclose(da, np.cos(a) * b, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(db, np.sin(a).sum(axis=0), rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(dc, 3 * 2 * c, rtol=1e-7, atol=1e-9)


VIEWS = {
    "a slice of all parameters": lambda all_: all_[2:5],
    "every second one": lambda all_: all_[::2],
    "backwards": lambda all_: all_[::-1],
    "a matrix, transposed": lambda all_: all_.reshape(2, 4).T,
    "one of them": lambda all_: all_[3:4].reshape(()),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_of_what_f_looks_at_is_nudged_too(view, rng):
    everything = rng.normal(size=8)
    before = everything.copy()
    got = numerical_gradient(lambda part: np.sum(everything**3), view(everything))
    np.testing.assert_allclose(got, view(3 * everything**2), rtol=1e-7)
    assert np.array_equal(everything, before)


def test_an_array_that_f_holds_as_a_constant_beside_its_argument_is_asked_about(rng):
    W = rng.normal(size=(2, 3))
    for f in (
        lambda v: np.sum(v * W),
        lambda v: np.sum(W**3) + 0.1 * np.sum(v**2),
        lambda v: np.sum(v @ W.T),
    ):
        with pytest.raises(InputError, match=r"looks at x twice.*x\.copy\(\)"):
            numerical_gradient(f, W)
    np.testing.assert_allclose(numerical_gradient(lambda v: np.sum(v * W), W.copy()), W, rtol=1e-8)


def frozen(array):
    array = np.array(array)
    array.flags.writeable = False
    return array


def test_never_zeros_without_a_word_where_nothing_that_is_nudged_can_be_seen(batch):
    x, t = batch
    net = TwoLayerNet(3, 4, 2, 1.0, rng=1)
    W = net.params["W1"]
    read_only = W.view()
    read_only.flags.writeable = False
    for hidden in (read_only, W.tolist(), W.copy(), W[0, 0], float(W[1, 2])):
        with pytest.raises(InputError, match="f gives the same whatever x is"):
            numerical_gradient(lambda W: net.loss(x, t), hidden)


@pytest.mark.parametrize(
    "x", [frozen([1.0, -2.0]), [1.0, -2.0], np.array([1.0, -2.0])], ids=["read-only", "list", "array"]
)
def test_slopes_of_0_that_are_seen_stay_0(x):
    assert not numerical_gradient(lambda v: np.sum(np.maximum(v, 5.0)), x).any()


def test_a_constant_of_a_number_has_slope_0():
    assert numerical_gradient(lambda v: 7.0, 2.0) == 0.0


def test_a_network_that_begins_at_zero_has_slopes_of_0(batch):
    net = TwoLayerNet(3, 4, 2, 0.0)
    assert not net.numerical_gradient(*batch)["W1"].any()


class Fails:
    def __init__(self, after, look):
        self.calls, self.after, self.look = 0, after, look

    def __call__(self, x):
        self.calls += 1
        if self.calls > self.after:
            raise KeyboardInterrupt
        return self.look()


@pytest.mark.parametrize("after", range(12))
def test_an_array_in_place_is_put_back_whenever_f_raises(after):
    W = np.array([[0.3, -1.2], [2.0, 0.7]])
    before = W.copy()
    with pytest.raises(KeyboardInterrupt):
        numerical_gradient(Fails(after, lambda: np.sum(W**3)), W)
    assert np.array_equal(W, before)


def test_layers_that_look_at_their_own_weights_can_be_checked(rng):
    class Product:
        def __init__(self, W):
            self.W = W

        def forward(self, X, W):
            self.X = X
            return X @ self.W

        def backward(self, upstream):
            return upstream @ self.W.T, self.factor * self.X.T @ upstream

        factor = 1.0

    for dtype in (np.float64, np.float32):
        X, W = rng.normal(size=(4, 3)).astype(dtype), rng.normal(size=(3, 2)).astype(dtype)
        before = W.copy()
        assert check_gate(Product(W), X, W)
        wrong = Product(W)
        wrong.factor = -1.0
        assert check_gate(wrong, X, W).verdict == "not yet"
        assert np.array_equal(W, before)


def test_a_check_of_a_gradient_that_looks_elsewhere_says_that_it_cannot_tell(batch):
    net = TwoLayerNet(3, 4, 2, 1.0, rng=1)
    model = SimpleNamespace(w=[0.5, -0.3])
    for f, gradient, hidden in (
        (lambda W: net.loss(*batch), lambda W: net.gradient(*batch)["W1"], net.params["W1"].copy()),
        (lambda w: model.w[0] ** 2 + model.w[1], lambda w: np.array([1.0, 1.0]), model.w),
    ):
        report = check_gradient(f, gradient, **{next(iter(f.__code__.co_varnames)): hidden})
        assert report.verdict == "cannot tell" and "gives the same whatever" in str(report)
