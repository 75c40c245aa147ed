"""Nielsen's programs, network.py and network2.py, as his readers type them."""

import numpy as np
import pytest

import bplib as bp
from bplib.networks import nielsen as network
from bplib.networks.nielsen import network2


def pairs(n, seed=0, classes=3, vectorized=True):
    """Columns around the corners of a cube, and their classes: as columns, or as numbers."""
    rng = np.random.default_rng(seed)
    t = np.arange(n) % classes
    x = np.eye(classes + 1)[t] + rng.normal(0.0, 0.2, (n, classes + 1))
    y = [network2.vectorized_result(j, classes) if vectorized else j for j in t]
    return [(row[:, None], target) for row, target in zip(x, y, strict=True)]


TRAINING, TEST = pairs(60), pairs(30, seed=1, vectorized=False)


# --------------------------------------------------------------------------------------- network.py


def test_no_rng_is_the_seed_0_and_another_seed_another_network():
    one, same, other = (network.Network([2, 3, 1], *rng) for rng in [(), (0,), (1,)])
    assert [w.shape for w in one.weights] == [(3, 2), (1, 3)]
    assert [b.shape for b in one.biases] == [(3, 1), (1, 1)]
    assert np.array_equal(one.weights[0], same.weights[0])
    assert not np.array_equal(one.weights[0], other.weights[0])
    given = network.Network([2, 3, 1], np.random.default_rng(0))
    assert np.array_equal(given.weights[1], one.weights[1])


def test_sgd_learns_and_prints_what_the_book_prints(capsys):
    net = network.Network([4, 5, 3])
    net.SGD(TRAINING, 20, 5, 3.0, test_data=TEST)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 20 and lines[-1] == "Epoch 19: 30 / 30" == f"Epoch 19: {net.evaluate(TEST)} / 30"
    net.SGD(iter(TRAINING), 2, 5, 3.0)
    assert capsys.readouterr().out == "Epoch 0 complete\nEpoch 1 complete\n"


def test_one_epoch_of_sgd_is_a_step_for_every_mini_batch():
    net, by_hand = network.Network([4, 5, 3], rng=4), network.Network([4, 5, 3], rng=4)
    net.SGD(TRAINING, 1, 25, 0.7)
    order = by_hand.rng.permutation(60)
    for batch in (order[:25], order[25:50], order[50:]):
        by_hand.update_mini_batch([TRAINING[i] for i in batch], 0.7)
    for w, wanted in zip(net.weights + net.biases, by_hand.weights + by_hand.biases, strict=True):
        assert np.array_equal(w, wanted)


def test_the_training_data_keep_their_order_and_the_same_seed_gives_the_same_training():
    data = list(TRAINING)
    nets = [network.Network([4, 5, 3], rng=7) for _ in range(2)]
    for net in nets:
        net.SGD(data, 2, 10, 1.0)
    assert all(one is other for one, other in zip(data, TRAINING, strict=True))
    assert np.array_equal(nets[0].weights[1], nets[1].weights[1])


def test_evaluate_of_one_output_asks_whether_it_is_above_one_half():
    net = network.Network([1, 1])
    net.weights, net.biases = [np.array([[1.0]])], [np.array([[0.0]])]
    right = [([[2.0]], 1), ([[-3.0]], 0), ([[0.5]], [[1.0]])]
    assert net.evaluate(right) == 3
    assert net.evaluate([(x, 1 - np.array(y)) for x, y in right]) == 0


def test_the_names_of_the_book():
    z, a, y = np.array([[0.3], [-2.0]]), np.array([[0.6], [0.1]]), np.array([[1.0], [0.0]])
    s = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(network.sigmoid(z), s)
    np.testing.assert_allclose(network.sigmoid_prime(z), s * (1 - s))
    np.testing.assert_allclose(network.Network([3, 2]).cost_derivative(a, y), a - y)
    cross_entropy = network2.Network([3, 2]).cost_derivative(a, y)
    np.testing.assert_allclose(cross_entropy * a * (1 - a), a - y)
    with pytest.raises(AttributeError, match=r"bplib.nielsen has no 'sigmoid_double_prime'"):
        network.sigmoid_double_prime  # noqa: B018


@pytest.mark.parametrize("size", [0, -3, 2.5])
def test_a_mini_batch_has_a_whole_number_of_examples(size):
    with pytest.raises(bp.InputError, match="mini_batch_size must be a positive whole number"):
        network.Network([4, 3]).SGD(TRAINING, 1, size, 1.0)


# -------------------------------------------------------------------------------------- network2.py


@pytest.mark.parametrize("cost", [network2.QuadraticCost, network2.CrossEntropyCost])
def test_the_delta_of_a_cost_is_its_slope_along_z(cost):
    z, y, h = np.array([[0.3], [-2.0], [1.1]]), np.array([[1.0], [0.0], [0.4]]), 1e-6
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    nudges = h * np.eye(3)[:, :, None]
    slopes = [(cost.fn(sigmoid(z + dz), y) - cost.fn(sigmoid(z - dz), y)) / (2 * h) for dz in nudges]
    np.testing.assert_allclose(cost.delta(z, sigmoid(z), y), np.reshape(slopes, (3, 1)), rtol=1e-8)


def test_the_cost_of_a_saturated_answer_that_is_right_is_0():
    assert network2.CrossEntropyCost.fn(np.array([[1.0], [0.0]]), np.array([[1.0], [0.0]])) == 0


@pytest.mark.parametrize("lmbda", [0.0, 0.3, 5.0])
def test_a_regularised_step_is_the_formula_of_the_book(lmbda):
    net, batch, eta, n = network2.Network([4, 5, 3], rng=2), TRAINING[:7], 0.5, 60
    gradients = [net.backprop(x, y) for x, y in batch]
    before = zip(net.weights, net.biases, strict=True)
    wanted = [((1 - eta * lmbda / n) * w - eta / 7 * sum(nabla_w[l] for _, nabla_w in gradients),
               b - eta / 7 * sum(nabla_b[l] for nabla_b, _ in gradients))
              for l, (w, b) in enumerate(before)]  # fmt: skip
    net.update_mini_batch(batch, eta, lmbda, n)
    for l, (w, b) in enumerate(wanted):
        np.testing.assert_allclose(net.weights[l], w, rtol=1e-12)
        np.testing.assert_allclose(net.biases[l], b, rtol=1e-12)


def test_what_is_monitored_is_returned():
    net = network2.Network([4, 5, 3], cost=network2.CrossEntropyCost)
    assert np.std(network2.Network([400, 50]).weights[0]) == pytest.approx(1 / 20, rel=0.02)
    evaluation_cost, evaluation_accuracy, training_cost, training_accuracy = net.SGD(
        TRAINING, 12, 5, 0.5, lmbda=0.1, evaluation_data=TEST, monitor_evaluation_accuracy=True,
        monitor_training_cost=True, monitor_training_accuracy=True,
    )  # fmt: skip
    assert evaluation_cost == [] and len(evaluation_accuracy) == len(training_cost) == 12
    assert evaluation_accuracy[-1] == net.accuracy(TEST) == 30
    assert training_accuracy[-1] == net.accuracy(TRAINING, convert=True) == 60
    assert training_cost[-1] == net.total_cost(TRAINING, 0.1) < training_cost[0]
    squares = sum(np.sum(w**2) for w in net.weights)
    assert net.total_cost(TEST, 3.0) - net.total_cost(TEST, 0.0) == pytest.approx(3.0 / 60 * squares)
    numbers = [(x, np.argmax(y)) for x, y in TRAINING]
    assert net.total_cost(numbers, 0.1) == pytest.approx(training_cost[-1], rel=1e-14)


def test_early_stopping_waits_for_n_epochs():
    _, accuracy, _, _ = network2.Network([4, 5, 3]).SGD(
        TRAINING, 200, 5, 0.5, evaluation_data=TEST, monitor_evaluation_accuracy=True, early_stopping_n=4
    )
    assert len(accuracy) < 200 and len(accuracy) - 1 - int(np.argmax(accuracy)) == 4
    with pytest.raises(bp.InputError, match="pass evaluation_data"):
        network2.Network([4, 3]).SGD(TRAINING, 1, 5, 0.5, early_stopping_n=4)


def test_a_network_is_saved_and_loaded(tmp_path):
    net = network2.Network([4, 5, 3], cost=network2.QuadraticCost, rng=3)
    net.large_weight_initializer()
    net.save(tmp_path / "net.json")
    again = network2.load(tmp_path / "net.json")
    assert again.cost is network2.QuadraticCost
    assert again.total_cost(TEST, 1.0) == net.total_cost(TEST, 1.0)
    (tmp_path / "net.json").write_text("{}")
    with pytest.raises(bp.InputError, match="holds no network that save"):
        network2.load(tmp_path / "net.json")


def test_a_class_number_as_a_column():
    assert network2.vectorized_result(2, 4).tolist() == [[0], [0], [1], [0]]
    assert network2.vectorized_result(9).shape == (10, 1)
    with pytest.raises(bp.InputError, match="from 0 to 9 is needed; got 10"):
        network2.vectorized_result(10)
