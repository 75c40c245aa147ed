"""Optimisers by hand, and the training loop: what it learns, what it keeps, what it refuses."""

import copy
import sys

import numpy as np
import pytest

import bplib as bp


def small(**options):
    """A network, and 30 samples of three classes that it can tell apart."""
    rng = np.random.default_rng(0)
    t = np.arange(30) % 3
    x = np.eye(4)[t] + rng.normal(0, 0.2, (30, 4))
    return bp.MLP((4, 6, 3), rng=1, **options), x, t


def quiet(net, x, t, **options):
    return bp.train(net, x, t, progress=False, **options)


# ------------------------------------------------------------------------------------- optimisers


def test_sgd_steps_down_the_gradient_in_place():
    params, grads = {"w": np.array([1.0, 2.0]), "b": 3.0}, {"w": np.array([10.0, -10.0]), "b": 1.0}
    w = params["w"]
    bp.SGD(0.1).update(params, grads)
    assert params["w"] is w
    np.testing.assert_allclose(w, [0.0, 3.0])
    assert params["b"] == pytest.approx(2.9)
    assert np.array_equal(grads["w"], [10.0, -10.0])


def test_momentum_remembers_its_speed():
    params, optimiser = {"w": np.array([1.0])}, bp.Momentum(0.1, 0.5)
    w, grads = params["w"], {"w": np.array([2.0])}
    for wanted in (0.8, 0.5, 0.15):  # v = −0.2, −0.3, −0.35
        optimiser.update(params, grads)
        np.testing.assert_allclose(w, [wanted])
    assert np.array_equal(grads["w"], [2.0])


@pytest.mark.parametrize("optimiser", [bp.SGD(0.1), bp.Momentum(0.1)], ids=["SGD", "Momentum"])
def test_an_optimiser_keeps_float32(optimiser):
    net, x, t = small(dtype=np.float32)
    before = {name: array for name, array in net.params.items()}
    quiet(net, x, t, epochs=2, optimiser=optimiser)
    assert all(net.params[name] is before[name] for name in before)
    assert {array.dtype for array in before.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("lr", [0, -1, np.inf, np.nan])
def test_a_learning_rate_is_a_positive_number(lr):
    with pytest.raises(bp.InputError, match="lr must be a positive number"):
        bp.SGD(lr)
    with pytest.raises(bp.InputError, match="lr must be a positive number"):
        bp.Momentum(lr)


@pytest.mark.parametrize("momentum", [-0.1, 1, 2])
def test_momentum_is_less_than_one(momentum):
    with pytest.raises(bp.InputError, match="momentum must be at least 0 and less than 1"):
        bp.Momentum(0.1, momentum)


# --------------------------------------------------------------------------------------- the loop


def test_one_epoch_of_one_batch_is_one_step_down_the_gradient():
    net, x, t = small()
    wanted = {name: net.params[name] - 0.5 * gradient for name, gradient in net.gradient(x, t).items()}
    history = quiet(net, x, t, epochs=1, batch_size=30)
    for name in wanted:
        np.testing.assert_allclose(net.params[name], wanted[name], rtol=1e-10, atol=1e-13)
    assert history.loss == history.step_loss
    assert history.accuracy == [net.accuracy(x, t)]


def test_every_sample_is_seen_once_in_an_epoch_and_in_another_order():
    class Listener:
        params = {}  # noqa: RUF012
        seen = []  # noqa: RUF012

        def gradient(self, x, t):
            self.seen.append(x[:, 0].tolist())
            return {}

        def loss(self, x, t):
            assert np.array_equal(x[:, 0], t)
            return float(len(x))

        def accuracy(self, x, t):
            return 0.5

    x = np.arange(7.0).reshape(7, 1)
    history = quiet(Listener(), x, np.arange(7), epochs=2, batch_size=3)
    first, second = (np.concatenate(seen).tolist() for seen in (Listener.seen[:3], Listener.seen[3:]))
    assert [len(batch) for batch in Listener.seen] == [3, 3, 1] * 2
    assert sorted(first) == sorted(second) == list(range(7))
    assert first != second
    assert history.step_loss == [3, 3, 1] * 2
    assert history.loss == [7 / 3] * 2


def test_the_loop_learns():
    net, x, t = small()
    history = quiet(net, x, t, validation=(x, t))
    assert history.loss[-1] < 0.05 < 0.5 < history.loss[0]
    assert history.accuracy[-1] == history.validation_accuracy[-1] == 1.0
    assert len(history.loss) == len(history.validation_loss) == 40
    assert history.validation_loss[-1] == pytest.approx(net.loss(x, t))


def test_the_same_seed_gives_the_same_training():
    def trained(rng):
        net, x, t = small()
        return quiet(net, x, t, epochs=3, batch_size=4, rng=rng).step_loss

    assert trained(5) == trained(5) == trained(np.random.default_rng(5))
    assert trained(5) != trained(6)


def test_one_hot_targets_train_as_class_numbers_do():
    by_number, by_row = small()[0], small()[0]
    _, x, t = small()
    assert quiet(by_number, x, t).step_loss == pytest.approx(quiet(by_row, x, np.eye(3)[t]).step_loss)


def test_nothing_that_comes_in_is_changed():
    net, x, t = small()
    x.flags.writeable = t.flags.writeable = False
    quiet(net, x, t, epochs=1, validation=(x, t))


def test_early_stopping_puts_the_best_parameters_back():
    net, x, t = small()
    wrong = (t + 1) % 3  # what is learned makes the validation loss worse
    history = quiet(net, x, t, epochs=30, validation=(x, wrong), patience=4)
    losses = history.validation_loss
    assert history.best_epoch == int(np.argmin(losses))
    assert len(losses) == history.best_epoch + 1 + 4 < 30
    assert net.loss(x, wrong) == pytest.approx(min(losses), rel=1e-12)
    assert losses[-1] > min(losses)


def test_without_patience_the_last_parameters_stay():
    net, x, t = small()
    history = quiet(net, x, t, epochs=5, validation=(x, (t + 1) % 3))
    assert len(history.loss) == 5
    assert net.loss(x, (t + 1) % 3) == pytest.approx(history.validation_loss[-1])
    assert history.best_epoch == int(np.argmin(history.validation_loss)) < 4


def test_a_loss_that_runs_away_is_named_with_its_step():
    net, x, t = small(activation=bp.square)
    with pytest.raises(bp.InputError, match=r"the loss is (nan|inf) at step \d+: .* smaller learning rate"):
        quiet(net, x, t, optimiser=bp.SGD(1e4))


def test_a_bar_shows_the_loss_and_the_accuracy(capsys):
    net, x, t = small()
    history = bp.train(net, x, t, epochs=2)
    shown = capsys.readouterr().err
    assert "training: 100%" in shown
    assert f"loss={history.loss[-1]:.4f}" in shown


def test_without_tqdm_the_bar_names_the_extra_and_training_goes_on_without_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    net, x, t = small()
    with pytest.raises(bp.MissingExtra, match=r"needs tqdm.*pip install tqdm"):
        bp.train(net, x, t, epochs=1)
    assert len(quiet(net, x, t, epochs=1).loss) == 1


# -------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("options", "message"),
    [({"epochs": 0}, "epochs must be a positive integer; got 0"),
     ({"batch_size": 0}, "batch_size must be a positive integer; got 0"),
     ({"batch_size": 2.5}, "batch_size must be a positive integer; got 2.5"),
     ({"patience": -1}, "patience must be a positive integer; got -1"),
     ({"patience": 3}, r"patience watches the validation loss; pass validation=\(x, t\)")],
)  # fmt: skip
def test_numbers_that_make_no_sense_are_refused(options, message):
    net, x, t = small()
    before = net.params["W1"].copy()
    with pytest.raises(bp.InputError, match=message):
        quiet(net, x, t, **options)
    assert np.array_equal(net.params["W1"], before)


def test_samples_that_do_not_fit_are_refused():
    net, x, t = small()
    with pytest.raises(bp.ShapeError, match=r"train: .* got x \(30, 4\), t \(29,\)"):
        quiet(net, x, t[:29])
    with pytest.raises(bp.ShapeError, match=r"validation: .* got x \(29, 4\), t \(30,\)"):
        quiet(net, x, t, validation=(x[:29], t))
    with pytest.raises(bp.InputError, match="train: there is no sample"):
        quiet(net, x[:0], t[:0])
    with pytest.raises(bp.InputError, match=r"x\[3, 1\] is NaN"):
        x[3, 1] = np.nan
        quiet(net, x, t)


# ------------------------------------------------------------------------------- the bar for learning


def mean_accuracy(hidden, optimiser):
    def accuracy(seed):
        data = bp.digits(rng=seed)
        net = bp.MLP((64, hidden, 10), rng=seed)
        quiet(net, data.x_train, data.t_train, optimiser=optimiser(), rng=seed)
        return net.accuracy(data.x_test, data.t_test)

    return np.mean([accuracy(seed) for seed in range(5)])


@pytest.mark.slow
def test_a_small_network_reads_97_of_100_digits():
    assert mean_accuracy(32, bp.SGD) >= 0.970


@pytest.mark.slow
def test_a_wider_network_with_momentum_reads_more():
    assert mean_accuracy(100, bp.Momentum) >= 0.977


# ------------------------------------------------------------------- rates of their own, and small weights


def after(optimiser, gradients, start=1.0):
    """Where a parameter is after each of the gradients; a second one moves beside it, mirrored."""
    params, path = {"w": np.array([start, -start]), "b": start}, []
    w = params["w"]
    for gradient in gradients:
        grads = {"w": np.array([gradient, -gradient]), "b": gradient}
        optimiser.update(params, grads)
        assert params["w"] is w and np.array_equal(grads["w"], [gradient, -gradient])
        assert params["b"] == pytest.approx(w[0], rel=1e-12) and w[1] == pytest.approx(-w[0], rel=1e-12)
        path.append(w[0])
    return path


def test_nesterov_by_hand():  # v = −0.2, −0.5; p moves by 0.5 v − 0.1 g
    np.testing.assert_allclose(after(bp.Nesterov(0.1, 0.5), [2.0, 4.0]), [0.7, 0.05])


def test_adagrad_by_hand():  # √h = 3, 5
    np.testing.assert_allclose(after(bp.AdaGrad(0.6), [3.0, 4.0]), [0.4, -0.08], rtol=1e-6)


def test_rmsprop_by_hand():  # h = 2.25, 0.75·2.25 + 0.25·64 = 17.6875
    wanted = [1 - 0.3 * 3 / 1.5, 1 - 0.6 - 0.3 * 8 / np.sqrt(17.6875)]
    np.testing.assert_allclose(after(bp.RMSProp(0.3, 0.75), [3.0, 8.0]), wanted, rtol=1e-6)


def test_adams_first_step_is_lr_whatever_the_size_of_the_gradient():
    for size in (1e-3, 1.0, -7e5):
        (moved,) = after(bp.Adam(0.25), [size])
        assert moved == pytest.approx(1 - 0.25 * np.sign(size), rel=1e-5)


def test_adams_second_step_by_hand():
    m, v = 0.9 * 0.1 * 2 + 0.1 * 3, 0.999 * 0.001 * 4 + 0.001 * 9
    step = 0.1 * (m / (1 - 0.9**2)) / np.sqrt(v / (1 - 0.999**2))
    np.testing.assert_allclose(after(bp.Adam(0.1), [2.0, 3.0]), [0.9, 0.9 - step], rtol=1e-6)


OPTIMISERS = {
    "Nesterov": bp.Nesterov(0.05), "AdaGrad": bp.AdaGrad(0.2), "RMSProp": bp.RMSProp(0.02),
    "Adam": bp.Adam(0.02), "AdamW": bp.WeightDecay(bp.Adam(0.02), 0.01),
}  # fmt: skip


@pytest.mark.parametrize("optimiser", OPTIMISERS.values(), ids=OPTIMISERS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_optimiser_learns_and_keeps_arrays_and_dtype(optimiser, dtype):
    net, x, t = small(dtype=dtype)
    before = dict(net.params)
    history = quiet(net, x, t, optimiser=copy.deepcopy(optimiser), batch_size=10)
    assert history.loss[-1] < 0.2 < history.loss[0]
    assert all(net.params[name] is before[name] for name in before)
    assert {array.dtype for array in before.values()} == {np.dtype(dtype)}


def test_weight_decay_shrinks_weights_and_spares_biases():
    params = {"W": np.array([[2.0, -4.0]]), "b": np.array([2.0])}
    grads = {"W": np.array([[1.0, 1.0]]), "b": np.array([1.0])}
    bp.WeightDecay(bp.SGD(0.5), 0.25).update(params, grads)
    np.testing.assert_allclose(params["W"], [[2 - 0.25 - 0.5, -4 + 0.5 - 0.5]])
    np.testing.assert_allclose(params["b"], [1.5])


@pytest.mark.parametrize("lam", [0.3, 1e-3, 7.0])
def test_with_sgd_weight_decay_is_the_penalty_of_half_lambda(lam):
    (one, x, t), (other, *_) = small(), small()
    penalised = bp.Penalised(one, bp.gates.L2(0.5 * lam))
    for _ in range(3):
        bp.SGD(0.1).update(one.params, penalised.gradient(x, t))
        bp.WeightDecay(bp.SGD(0.1), lam).update(other.params, other.gradient(x, t))
    for name in one.params:
        np.testing.assert_allclose(one.params[name], other.params[name], rtol=1e-12)


def test_a_penalised_network_is_a_network():
    net, x, t = small()
    penalised = bp.Penalised(net, bp.gates.L2(0.05))
    squares = sum(np.sum(net.params[W] ** 2) for W in ("W1", "W2"))
    assert penalised.loss(x, t) == pytest.approx(net.loss(x, t) + 0.05 * squares)
    assert bp.check_network(penalised, x, t).ok
    trace, wanted = bp.record(lambda x: penalised.loss(x, t), x=x), penalised.gradient(x, t)
    for name in wanted:
        np.testing.assert_allclose(trace.gradient[name], wanted[name], rtol=1e-10, atol=1e-14)
        numerical = penalised.numerical_gradient(x, t)[name]
        np.testing.assert_allclose(numerical, wanted[name], rtol=1e-6, atol=1e-8)
    assert quiet(penalised, x, t).loss[-1] < penalised.loss(x, t) + 1
    assert penalised.accuracy(x, t) == net.accuracy(x, t) == 1.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: bp.Adam(0), "lr must be a positive number; got 0"),
        (lambda: bp.Adam(beta1=1), "beta1 must be at least 0 and less than 1; got 1"),
        (lambda: bp.Adam(beta2=-0.5), "beta2 must be at least 0 and less than 1; got -0.5"),
        (lambda: bp.AdaGrad(-1), "lr must be a positive number; got -1"),
        (lambda: bp.RMSProp(decay=1.5), "decay must be at least 0 and less than 1; got 1.5"),
        (lambda: bp.RMSProp(eps=0), "eps must be a positive number; got 0"),
        (lambda: bp.WeightDecay(bp.SGD(), np.nan), "strength must be a positive number; got nan"),
        (lambda: bp.Penalised(bp.SGD(), bp.gates.L2(1)), "net is a network of bplib; got a SGD"),
        (lambda: bp.Penalised(bp.MLP((2, 3)), 0.5), "penalty is a gate of one input"),
    ],
)
def test_optimisers_refuse_numbers_that_make_no_sense(make, message):
    with pytest.raises(bp.InputError, match=message):
        make()
