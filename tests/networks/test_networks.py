"""Networks: their gradients against derivatives that owe nothing to bplib, and what they keep and refuse."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import bplib as bp


def log_softmax(z):
    top = anp.max(z, axis=1, keepdims=True)
    return z - top - anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True))


def softmax_loss(z, t):
    return -anp.sum(np.eye(z.shape[1])[t] * log_softmax(z)) / len(z)


def quadratic(a, y):
    return anp.sum((a - y) ** 2) / 2 / len(a)


def sigmoid(z):
    return 1 / (1 + anp.exp(-z))


def agrees(net, x, t, loss, activation, output=lambda z: z):
    """net.loss and net.gradient are what HIPS autograd makes of the same network."""

    def reference(params):
        z = anp.dot(x, params["W1"]) + params["b1"]
        for k in range(2, depth + 1):
            z = anp.dot(activation(z), params[f"W{k}"]) + params[f"b{k}"]
        return loss(output(z), t)

    depth, params = len(net.sizes) - 1, dict(net.params)
    assert net.loss(x, t) == pytest.approx(reference(params), rel=1e-12)
    wanted, got = grad(reference)(params), net.gradient(x, t)
    assert list(got) == list(net.params) == list(wanted)
    for name in wanted:
        np.testing.assert_allclose(got[name], wanted[name], rtol=1e-10, atol=1e-14)


def sample(D, C, N=7, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(N, D)), rng.integers(C, size=N)


def with_random_biases(net):
    rng = np.random.default_rng(9)
    for name in net.params:
        net.params[name] += rng.normal(0, 0.3, net.params[name].shape)
    return net


# ------------------------------------------------------------------------------------- gradients


def test_two_layer_net_has_the_gradients_of_autograd():
    net = with_random_biases(bp.TwoLayerNet(5, 4, 3, weight_init_std=0.5))
    agrees(net, *sample(5, 3), softmax_loss, lambda z: anp.maximum(z, 0))


@pytest.mark.parametrize("sizes", [(5, 3), (5, 4, 3), (5, 6, 4, 2, 3)], ids=len)
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_mlp_of_any_depth_has_the_gradients_of_autograd(sizes, activation):
    net = with_random_biases(bp.MLP(sizes, getattr(bp, activation), rng=1))
    agrees(net, *sample(5, 3), softmax_loss, {"tanh": anp.tanh, "sigmoid": sigmoid}[activation])


def test_nielsens_network_has_the_gradients_of_autograd():
    net = with_random_biases(bp.MLP((5, 4, 3), bp.sigmoid, bp.quadratic_cost, output=bp.sigmoid))
    x, t = sample(5, 3)
    agrees(net, x, np.eye(3)[t], quadratic, sigmoid, output=sigmoid)


def test_numerical_gradient_agrees_and_puts_the_parameters_back():
    net = with_random_biases(bp.TwoLayerNet(3, 4, 2, weight_init_std=0.5, rng=3))
    x, t = sample(3, 2)
    before = {name: array.copy() for name, array in net.params.items()}
    numerical, exact = net.numerical_gradient(x, t), net.gradient(x, t)
    for name in before:
        np.testing.assert_allclose(numerical[name], exact[name], rtol=1e-6, atol=1e-9)
        assert np.array_equal(net.params[name], before[name])


def test_numerical_gradient_puts_the_parameters_back_when_the_loss_raises():
    net = bp.TwoLayerNet(3, 4, 2, weight_init_std=0.5)
    before, losses = net.params["W1"].copy(), [0.0] * 5
    net.loss = lambda x, t: losses.pop()
    with pytest.raises(IndexError):
        net.numerical_gradient(*sample(3, 2))
    assert np.array_equal(net.params["W1"], before)


def test_nothing_that_comes_in_is_changed():
    net, (x, t) = bp.TwoLayerNet(5, 4, 3), sample(5, 3)
    x.flags.writeable = t.flags.writeable = False
    net.gradient(x, t), net.accuracy(x, t)


def test_gradients_of_an_earlier_call_stay_as_they_were():
    net, (x, t) = bp.TwoLayerNet(5, 4, 3), sample(5, 3)
    first = net.gradient(x, t)
    kept = {name: array.copy() for name, array in first.items()}
    net.gradient(-x, t)
    assert all(np.array_equal(first[name], kept[name]) for name in kept)


def test_images_are_flattened():
    net, (x, t) = bp.TwoLayerNet(12, 4, 3, weight_init_std=0.5), sample(12, 3)
    flat, images = net.gradient(x, t), net.gradient(x.reshape(7, 3, 2, 2), t)
    assert all(np.array_equal(flat[name], images[name]) for name in flat)


class Square:
    def forward(self, z):
        self.z = z
        return z * z

    def backward(self, upstream):
        return upstream * 2 * self.z


@pytest.mark.parametrize("activation", [Square, Square()], ids=["class", "object"])
def test_a_rule_of_your_own_serves_as_activation_of_every_layer(activation):
    net = with_random_biases(bp.MLP((5, 4, 6, 3), activation))
    assert list(net.layers) == ["Affine1", "Square1", "Affine2", "Square2", "Affine3"]
    agrees(net, *sample(5, 3), softmax_loss, lambda z: z**2)


def test_a_layer_that_is_given_as_activation_and_output_is_shared_with_nobody():
    square = Square()
    nets = [with_random_biases(bp.MLP((5, 4, 3), square, output=square)) for _ in range(2)]
    x, t = sample(5, 3)
    upstream = nets[0].predict(x)
    nets[1].predict(-x)
    for layer in reversed(nets[0].layers.values()):
        upstream = layer.backward(upstream)
    assert nets[0].layers["Affine1"].grads["b"].any() and not hasattr(square, "z")
    agrees(nets[0], x, t, softmax_loss, lambda z: z**2, output=lambda z: z**2)


@pytest.mark.parametrize("upstream", [1.0, 2.5])
def test_a_loss_of_your_own_serves_at_the_end(upstream):
    class HalfSquares:
        def forward(self, a, y):
            self.a, self.y = a, y
            return np.sum((a - y) ** 2) / 2 / len(a)

        def backward(self, upstream):
            return upstream * (self.a - self.y) / len(self.a), None

    x, t = sample(5, 3)
    y, nets = np.eye(3)[t], [bp.MLP((5, 4, 3), loss=loss) for loss in (HalfSquares, bp.quadratic_cost)]
    losses, gradients = zip(*[net.loss_and_gradient(x, y) for net in nets], strict=True)
    assert losses[0] == pytest.approx(losses[1])
    for name in gradients[0]:
        np.testing.assert_allclose(gradients[0][name], gradients[1][name], rtol=1e-12)
    yours, ours = (net.last_layer.backward(upstream) for net in nets)
    np.testing.assert_allclose(yours, upstream * (nets[0].predict(x) - y) / 7, rtol=1e-12)
    np.testing.assert_allclose(ours, yours, rtol=1e-12)


# ----------------------------------------------------------------------------------------- the face


def test_two_layer_net_has_the_names_of_the_book():
    net = bp.TwoLayerNet(6, 5, 4)
    assert {name: array.shape for name, array in net.params.items()} == {
        "W1": (6, 5), "b1": (5,), "W2": (5, 4), "b2": (4,)
    }  # fmt: skip
    assert list(net.layers) == ["Affine1", "Relu1", "Affine2"]
    assert net.last_layer.gate.name == "SoftmaxWithLoss"
    assert net.predict(np.ones((3, 6))).shape == (3, 4)


@pytest.mark.parametrize("loss", [bp.softmax_with_loss, bp.cross_entropy], ids=["scores", "probabilities"])
def test_a_network_of_zeros_loses_the_logarithm_of_the_number_of_classes(loss):
    output = None if loss is bp.softmax_with_loss else bp.gates.softmax
    net = bp.MLP((5, 4, 3), loss=loss, output=output, initialise=lambda n, m, rng: np.zeros((n, m)))
    assert net.loss(*sample(5, 3)) == pytest.approx(np.log(3))


@pytest.mark.parametrize("change", ["in place", "assigned", "updated", "in the layer"])
def test_a_change_of_a_parameter_of_any_kind_reaches_the_layer(change):
    net, (x, t) = bp.TwoLayerNet(5, 4, 3, weight_init_std=0.5), sample(5, 3)
    W = np.zeros((4, 3))
    if change == "in place":
        net.params["W2"] -= net.params["W2"]
    elif change == "assigned":
        net.params["W2"] = W
    elif change == "updated":
        net.params.update(W2=W)
    else:
        net.layers["Affine2"].params["W"] = W
    assert net.params["W2"] is net.layers["Affine2"].params["W"]
    assert net.loss(x, t) == pytest.approx(np.log(3))


def test_an_assigned_array_stays_its_owners():
    net, W = bp.TwoLayerNet(5, 4, 3), np.ones((4, 3))
    net.params["W2"] = W
    net.params["W2"] -= 1.0
    assert np.array_equal(W, np.ones((4, 3)))


def test_accuracy_counts_the_largest_scores():
    net = bp.MLP((3, 3), initialise=lambda n, m, rng: np.eye(n))
    x = np.array([[5.0, 1, 2], [0, 3, 2], [1, 2, 9], [4, 1, 0]])
    assert net.accuracy(x, [0, 1, 0, 2]) == 0.5
    assert net.accuracy(x, np.eye(3)[[0, 1, 2, 2]]) == 0.75


@pytest.mark.parametrize(
    ("loss", "output"), [(bp.sigmoid_cross_entropy, None), (bp.quadratic_cost, bp.sigmoid)], ids=["z", "σ"]
)
def test_one_output_says_yes_or_no(loss, output):
    net = bp.MLP((1, 1), loss=loss, output=output, initialise=lambda n, m, rng: np.ones((n, m)))
    x = np.array([[-2.0], [0.3], [-0.1], [4.0]])
    assert net.accuracy(x, np.array([[0], [1], [1], [1]])) == 0.75


def test_float32_stays_float32_and_float64_data_is_welcome():
    net, (x, t) = bp.TwoLayerNet(5, 4, 3, dtype=np.float32), sample(5, 3)
    gradient = net.gradient(x, t)
    assert {array.dtype for array in (*gradient.values(), *net.params.values(), net.predict(x))} == {
        np.dtype(np.float32)
    }
    assert gradient["W1"].flags.owndata


def test_the_same_seed_gives_the_same_network():
    one, same, other = (bp.MLP((4, 3, 2), rng=seed).params["W1"] for seed in (5, np.random.default_rng(5), 6))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ("initialise", "std"), [(bp.he, 0.1), (bp.xavier, np.sqrt(2 / 500)), (bp.normal, 0.01)]
)
def test_weights_begin_with_the_stated_spread(initialise, std):
    W = initialise(200, 300, np.random.default_rng(0))
    assert W.shape == (200, 300)
    assert np.std(W) == pytest.approx(std, rel=0.02)
    assert abs(np.mean(W)) < 0.02 * std


def test_he_keeps_the_signal_alive_through_ten_relu_layers():
    x = np.random.default_rng(0).normal(size=(50, 200))
    deep = {initialise: bp.MLP([200] * 11, initialise=initialise).predict(x).std()
            for initialise in (bp.he, bp.normal)}  # fmt: skip
    assert 0.3 < deep[bp.he] < 3
    assert deep[bp.normal] < 1e-6


# --------------------------------------------------------------------------------------- one neuron


def test_the_sigmoid_neuron_of_the_lesson():
    neuron = bp.Neuron([2.0, -3.0], -3.0)
    assert neuron.forward([-1.0, -2.0]) == pytest.approx(0.731059, abs=1e-6)
    np.testing.assert_allclose(neuron.backward(1.0), [0.393224, -0.589836], atol=1e-6)
    np.testing.assert_allclose(neuron.grads["w"], [-0.196612, -0.393224], atol=1e-6)
    assert neuron.grads["b"] == pytest.approx(0.196612, abs=1e-6)


def test_a_neuron_reads_many_samples_and_sums_their_gradients():
    neuron, x = bp.Neuron([2.0, -3.0, 1.0], 0.5, activation=bp.tanh), sample(3, 2)[0]
    rates = neuron.forward(x)
    np.testing.assert_allclose(rates, np.tanh(x @ [2, -3, 1] + 0.5))
    upstream = np.arange(7.0)
    neuron.backward(upstream)
    slope = upstream * (1 - rates**2)
    np.testing.assert_allclose(neuron.grads["w"], (slope[:, None] * x).sum(axis=0))
    assert neuron.grads["b"] == pytest.approx(slope.sum())
    neuron.params["w"] -= neuron.params["w"]
    neuron.params["b"] = 0.0
    assert np.array_equal(neuron.forward(x), np.zeros(7))


def test_a_neuron_needs_a_row_of_weights():
    with pytest.raises(bp.ShapeError, match=r"got w \(2, 2\), b \(\)"):
        bp.Neuron(np.ones((2, 2)))


# ------------------------------------------------------------------------------------ save and load


def test_what_was_saved_is_loaded(tmp_path):
    net, other = (bp.MLP((4, 3, 2), rng=seed) for seed in (1, 2))
    net.save(tmp_path / "net.npz")
    first_array = other.params["W1"]
    other.load(tmp_path / "net.npz")
    assert all(np.array_equal(net.params[name], other.params[name]) for name in net.params)
    assert other.params["W1"] is first_array
    assert [path.name for path in tmp_path.iterdir()] == ["net.npz"]


def test_a_save_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    net, path = bp.MLP((4, 3, 2)), tmp_path / "net.npz"
    net.save(path)
    before = path.read_bytes()

    def half(file, **arrays):
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez", half)
    with pytest.raises(OSError, match="disk full"):
        net.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_another_network_is_refused_whole(tmp_path):
    net, path = bp.MLP((4, 3, 2)), tmp_path / "net.npz"
    before = net.params["W1"].copy()
    bp.MLP((4, 3, 5), rng=7).save(path)
    with pytest.raises(bp.ShapeError, match=r"load: W2 .* got network \(3, 2\), file \(3, 5\)"):
        net.load(path)
    bp.MLP((4, 3, 3, 2), rng=7).save(path)
    with pytest.raises(bp.InputError, match=r"has the parameters W1, b1, W2, b2; .* W3, b3"):
        net.load(path)
    assert np.array_equal(net.params["W1"], before)


@pytest.mark.parametrize("content", ["text", "empty", "array", "objects", "cut off", "NaN"])
def test_a_file_that_holds_no_parameters_is_refused(tmp_path, content):
    net, path = bp.MLP((4, 3)), tmp_path / "net.npz"
    net.save(path)
    if content == "text":
        path.write_text("no parameters here")
    elif content == "empty":
        path.write_bytes(b"")
    elif content == "array":
        with open(path, "wb") as file:
            np.save(file, np.ones(3))
    elif content == "objects":
        np.savez(path, W1=np.array([{}], dtype=object), b1=np.zeros(3))
    elif content == "cut off":
        path.write_bytes(path.read_bytes()[:-40])
    else:
        np.savez(path, W1=np.full((4, 3), np.nan), b1=np.zeros(3))
    with pytest.raises(bp.InputError, match=r"load: .*net\.npz is not an npz file|W1\[0, 0\] is NaN"):
        net.load(path)
    assert np.isfinite(net.params["W1"]).all()


# ---------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("sizes", [(5,), (), (5, 0), (5, 2.5, 3), (5, -1)])
def test_sizes_are_positive_integers(sizes):
    with pytest.raises(bp.InputError, match="sizes must be at least two positive integers"):
        bp.MLP(sizes)


def test_a_network_of_another_dtype_is_refused():
    with pytest.raises(bp.InputError, match="dtype must be float64 or float32; got int64"):
        bp.MLP((2, 3), dtype=np.int64)


def test_what_does_not_fit_is_named():
    net, (x, t) = bp.TwoLayerNet(5, 4, 3), sample(5, 3)
    with pytest.raises(bp.ShapeError, match=r"got x \(7, 4\), W \(5, 4\)"):
        net.loss(x[:, :4], t)
    with pytest.raises(bp.ShapeError, match=r"t \(6,\)"):
        net.gradient(x, t[:6])
    with pytest.raises(bp.InputError, match=r"t\[\d\] must be a class index.* from 0 to 2; got [345]"):
        net.loss(x, t + 3)
    with pytest.raises(bp.ShapeError, match=r"accuracy: .* got x \(7, 5\), t \(6,\)"):
        net.accuracy(x, t[:6])
    with pytest.raises(bp.InputError, match="x must be made of real numbers"):
        net.predict(x.astype(complex))
