"""Programs of the books with our layers in the place of theirs, as their readers type them.

Deep Learning from Scratch (K. Saitoh), chapters 4 to 7, and the assignments of CS231n: only the names after
``bp.`` are ours, all else is the books' own.
"""

from collections import OrderedDict

import numpy as np
import pytest

import bplib as bp


def numerical_gradient(f, x):
    """The books' own: nudge every entry of x in place, call f, put it back."""
    h, grad = 1e-4, np.zeros_like(x)
    for idx in np.ndindex(x.shape):
        tmp = x[idx]
        x[idx] = tmp + h
        fxh1 = f(x)
        x[idx] = tmp - h
        fxh2 = f(x)
        grad[idx] = (fxh1 - fxh2) / (2 * h)
        x[idx] = tmp
    return grad


class BookNet:
    """What the networks of all chapters share."""

    def predict(self, x, train_flg=False):
        for key, layer in self.layers.items():
            x = layer.forward(x, train_flg) if "Dropout" in key or "BatchNorm" in key else layer.forward(x)
        return x

    def accuracy(self, x, t):
        y = np.argmax(self.predict(x), axis=1)
        if t.ndim != 1:
            t = np.argmax(t, axis=1)
        return np.sum(y == t) / float(x.shape[0])

    def numerical_gradient(self, x, t):
        loss_W = lambda W: self.loss(x, t, train_flg=True)  # noqa: E731
        return {key: numerical_gradient(loss_W, self.params[key]) for key in self.params}

    def backward(self, x, t):
        self.loss(x, t, train_flg=True)
        dout = 1
        dout = self.last_layer.backward(dout)
        layers = list(self.layers.values())
        layers.reverse()
        for layer in layers:
            dout = layer.backward(dout)


class TwoLayerNet(BookNet):
    """Chapter 5, two_layer_net.py."""

    def __init__(self, input_size, hidden_size, output_size, weight_init_std=0.01):
        randn = np.random.default_rng(0).standard_normal
        self.params = {}
        self.params["W1"] = weight_init_std * randn((input_size, hidden_size))
        self.params["b1"] = np.zeros(hidden_size)
        self.params["W2"] = weight_init_std * randn((hidden_size, output_size))
        self.params["b2"] = np.zeros(output_size)
        self.layers = OrderedDict()
        self.layers["Affine1"] = bp.Affine(self.params["W1"], self.params["b1"])
        self.layers["Relu1"] = bp.Relu()
        self.layers["Affine2"] = bp.Affine(self.params["W2"], self.params["b2"])
        self.last_layer = bp.SoftmaxWithLoss()

    def loss(self, x, t, train_flg=False):
        return self.last_layer.forward(self.predict(x), t)

    def gradient(self, x, t):
        self.backward(x, t)
        grads = {}
        grads["W1"], grads["b1"] = self.layers["Affine1"].dW, self.layers["Affine1"].db
        grads["W2"], grads["b2"] = self.layers["Affine2"].dW, self.layers["Affine2"].db
        return grads


class MultiLayerNetExtend(BookNet):
    """Chapter 6, multi_layer_net_extend.py: weight decay, dropout, batch normalisation."""

    def __init__(self, input_size, hidden_size_list, output_size, activation="relu", weight_decay_lambda=0,
                 use_dropout=False, dropout_ration=0.5, use_batchnorm=False):  # fmt: skip
        self.hidden_layer_num, self.weight_decay_lambda = len(hidden_size_list), weight_decay_lambda
        self.use_batchnorm, self.params = use_batchnorm, {}
        sizes, randn = [input_size, *hidden_size_list, output_size], np.random.default_rng(0).standard_normal
        for idx in range(1, len(sizes)):
            self.params["W" + str(idx)] = np.sqrt(2.0 / sizes[idx - 1]) * randn((sizes[idx - 1], sizes[idx]))
            self.params["b" + str(idx)] = np.zeros(sizes[idx])
        activation_layer = {"sigmoid": bp.Sigmoid, "relu": bp.ReLU}
        self.layers = OrderedDict()
        for idx in range(1, self.hidden_layer_num + 1):
            W, b = self.params["W" + str(idx)], self.params["b" + str(idx)]
            self.layers["Affine" + str(idx)] = bp.Affine(W, b)
            if self.use_batchnorm:
                self.params["gamma" + str(idx)] = np.ones(hidden_size_list[idx - 1])
                self.params["beta" + str(idx)] = np.zeros(hidden_size_list[idx - 1])
                self.layers["BatchNorm" + str(idx)] = bp.BatchNormalization(
                    self.params["gamma" + str(idx)], self.params["beta" + str(idx)]
                )
            self.layers["Activation_function" + str(idx)] = activation_layer[activation]()
            if use_dropout:
                self.layers["Dropout" + str(idx)] = bp.Dropout(dropout_ration)
        idx = self.hidden_layer_num + 1
        self.layers["Affine" + str(idx)] = bp.Affine(self.params["W" + str(idx)], self.params["b" + str(idx)])
        self.last_layer = bp.SoftmaxWithLoss()

    def loss(self, x, t, train_flg=False):
        y = self.predict(x, train_flg)
        weight_decay = 0
        for idx in range(1, self.hidden_layer_num + 2):
            W = self.params["W" + str(idx)]
            weight_decay += 0.5 * self.weight_decay_lambda * np.sum(W**2)
        return self.last_layer.forward(y, t) + weight_decay

    def gradient(self, x, t):
        self.backward(x, t)
        grads = {}
        for idx in range(1, self.hidden_layer_num + 2):
            affine = self.layers["Affine" + str(idx)]
            grads["W" + str(idx)] = affine.dW + self.weight_decay_lambda * affine.W
            grads["b" + str(idx)] = affine.db
            if self.use_batchnorm and idx != self.hidden_layer_num + 1:
                grads["gamma" + str(idx)] = self.layers["BatchNorm" + str(idx)].dgamma
                grads["beta" + str(idx)] = self.layers["BatchNorm" + str(idx)].dbeta
        return grads


class SimpleConvNet(BookNet):
    """Chapter 7, simple_convnet.py: conv - relu - pool - affine - relu - affine - softmax."""

    def __init__(
        self, input_dim=(1, 8, 8), conv_param=None, hidden_size=10, output_size=10, weight_init_std=0.1
    ):
        conv_param = conv_param or {"filter_num": 4, "filter_size": 3, "pad": 0, "stride": 1}
        filter_num, filter_size = conv_param["filter_num"], conv_param["filter_size"]
        conv_output_size = (input_dim[1] - filter_size + 2 * conv_param["pad"]) / conv_param["stride"] + 1
        pool_output_size = int(filter_num * (conv_output_size / 2) * (conv_output_size / 2))
        randn = np.random.default_rng(0).standard_normal
        self.params = {}
        self.params["W1"] = weight_init_std * randn((filter_num, input_dim[0], filter_size, filter_size))
        self.params["b1"] = np.zeros(filter_num)
        self.params["W2"] = weight_init_std * randn((pool_output_size, hidden_size))
        self.params["b2"] = np.zeros(hidden_size)
        self.params["W3"] = weight_init_std * randn((hidden_size, output_size))
        self.params["b3"] = np.zeros(output_size)
        self.layers = OrderedDict()
        self.layers["Conv1"] = bp.Convolution(
            self.params["W1"], self.params["b1"], conv_param["stride"], conv_param["pad"]
        )
        self.layers["Relu1"] = bp.Relu()
        self.layers["Pool1"] = bp.Pooling(pool_h=2, pool_w=2, stride=2)
        self.layers["Affine1"] = bp.Affine(self.params["W2"], self.params["b2"])
        self.layers["Relu2"] = bp.Relu()
        self.layers["Affine2"] = bp.Affine(self.params["W3"], self.params["b3"])
        self.last_layer = bp.SoftmaxWithLoss()

    def loss(self, x, t, train_flg=False):
        return self.last_layer.forward(self.predict(x), t)

    def gradient(self, x, t):
        self.backward(x, t)
        grads = {}
        for i, key in enumerate(("Conv1", "Affine1", "Affine2")):
            grads["W" + str(i + 1)], grads["b" + str(i + 1)] = self.layers[key].dW, self.layers[key].db
        return grads

    def load_params(self, params):
        for key, val in params.items():
            self.params[key] = val
        for i, key in enumerate(["Conv1", "Affine1", "Affine2"]):
            self.layers[key].W = self.params["W" + str(i + 1)]
            self.layers[key].b = self.params["b" + str(i + 1)]


def sample(*shape, classes=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape), rng.integers(classes, size=shape[0])


def plain_net():
    return TwoLayerNet(6, 5, 3, weight_init_std=0.5)


def deep_net(**options):
    return MultiLayerNetExtend(6, [5, 4], 3, **options)


NETS = {
    "ch. 5": (plain_net, (7, 6), 3),
    "ch. 6 sigmoid": (lambda: deep_net(activation="sigmoid"), (7, 6), 3),
    "ch. 6 weight decay": (lambda: deep_net(weight_decay_lambda=0.1), (7, 6), 3),
    "ch. 6 batch norm": (lambda: deep_net(use_batchnorm=True, weight_decay_lambda=0.3), (9, 6), 3),
    "ch. 7": (lambda: SimpleConvNet((2, 6, 6)), (3, 2, 6, 6), 10),
}


@pytest.mark.parametrize(("make", "shape", "classes"), NETS.values(), ids=NETS)
@pytest.mark.parametrize("one_hot", [False, True], ids=["numbers", "one-hot"])
def test_the_gradient_check_of_every_chapter_passes(make, shape, classes, one_hot):
    net, (x, t) = make(), sample(*shape, classes=classes)
    for name in net.params:
        net.params[name] += 0.1 * np.random.default_rng(len(name)).normal(size=net.params[name].shape)
    t = np.eye(classes)[t] if one_hot else t
    backprop, numerical = net.gradient(x, t), net.numerical_gradient(x, t)
    assert backprop.keys() == numerical.keys()
    for key in numerical:
        np.testing.assert_allclose(backprop[key], numerical[key], atol=2e-7, err_msg=key)


@pytest.mark.parametrize(
    "optimizer",
    [bp.SGD(lr=0.3), bp.Momentum(lr=0.1, momentum=0.9), bp.Nesterov(lr=0.1), bp.AdaGrad(lr=0.1),
     bp.RMSprop(lr=0.01, decay_rate=0.99), bp.Adam(lr=0.02, beta1=0.9, beta2=0.999)],
    ids=lambda optimizer: type(optimizer).__name__,
)  # fmt: skip
def test_the_training_loop_of_the_book_learns_with_every_optimizer(optimizer):
    data, net = bp.digits(), MultiLayerNetExtend(64, [20, 20], 10, use_batchnorm=True)
    rng = np.random.default_rng(0)
    for _ in range(150):
        batch_mask = rng.choice(len(data.x_train), 50)
        grads = net.gradient(data.x_train[batch_mask], data.t_train[batch_mask])
        optimizer.update(net.params, grads)
    assert net.accuracy(data.x_test, data.t_test) > 0.8


def test_the_update_of_chapter_4_is_seen_by_the_layers():
    net, (x, t) = plain_net(), sample(7, 6)
    before = net.loss(x, t)
    for _ in range(20):
        grads = net.gradient(x, t)
        for key in ("W1", "b1", "W2", "b2"):
            net.params[key] -= 0.5 * grads[key]
    assert net.loss(x, t) < before / 2


def test_dropout_drops_in_training_alone():
    net, (x, _) = deep_net(use_dropout=True, dropout_ration=0.5), sample(50, 6)
    assert np.array_equal(net.predict(x), net.predict(x, train_flg=False))
    assert not np.array_equal(net.predict(x, train_flg=True), net.predict(x, train_flg=True))


def test_loaded_parameters_are_those_that_learn_on():
    net, other, (x, t) = SimpleConvNet(), SimpleConvNet(), sample(5, 1, 8, 8, classes=10)
    net.load_params({key: np.random.default_rng(4).normal(size=p.shape) for key, p in other.params.items()})
    before = net.loss(x, t)
    for _ in range(5):
        grads = net.gradient(x, t)
        bp.SGD(0.01).update(net.params, grads)
    assert net.loss(x, t) < before != other.loss(x, t)


def test_the_fruit_shop_of_chapter_5():
    mul_apple_layer, mul_orange_layer, add_apple_orange_layer, mul_tax_layer = (
        bp.MulLayer(), bp.MulLayer(), bp.AddLayer(), bp.MulLayer()
    )  # fmt: skip
    apple_price = mul_apple_layer.forward(100, 2)
    orange_price = mul_orange_layer.forward(150, 3)
    price = mul_tax_layer.forward(add_apple_orange_layer.forward(apple_price, orange_price), 1.1)
    dall_price, dtax = mul_tax_layer.backward(1)
    dapple_price, dorange_price = add_apple_orange_layer.backward(dall_price)
    dorange, dorange_num = mul_orange_layer.backward(dorange_price)
    dapple, dapple_num = mul_apple_layer.backward(dapple_price)
    assert int(price) == 715
    np.testing.assert_allclose([dapple_num, dapple, dorange, dorange_num, dtax], [110, 2.2, 3.3, 165, 650])


def test_the_label_of_an_only_sample_may_stand_in_brackets():
    """Chapter 7, gradient_check.py: T = np.array([1]).reshape((1, 1))."""
    for z, t in [(np.array([[0.5, -1.0, 2.0]]), 1), (np.array([[[0.5, 3.0]]]), 0), (np.array([1.0, 2.0]), 1)]:
        in_brackets = np.full((*z.shape[:-1], 1), t)
        last_layer, plain = bp.SoftmaxWithLoss(), bp.SoftmaxWithLoss()
        assert last_layer.forward(z, in_brackets) == plain.forward(z, in_brackets[..., 0])
        np.testing.assert_array_equal(last_layer.backward(), plain.backward())
        np.testing.assert_array_equal(
            bp.grad(lambda z, t=in_brackets: bp.hinge(z, t))(z),
            bp.grad(lambda z, t=in_brackets: bp.hinge(z, t[..., 0]))(z),
        )
    with pytest.raises(bp.ShapeError, match=r"t.ravel\(\)"):
        bp.softmax_with_loss(np.ones((2, 3)), [[1], [2]])


@pytest.mark.parametrize("b", [0, 0.5, -2])
def test_one_number_is_the_bias_of_each_kernel(b):
    """Chapter 7, apply_filter.py: Convolution(w, 0)."""
    W, (x, _) = np.arange(16.0).reshape(2, 2, 2, 2), sample(3, 2, 4, 5)
    layer, wanted = bp.Convolution(W, b), bp.Convolution(W, np.full(2, float(b)))
    np.testing.assert_array_equal(layer.forward(x), wanted.forward(x))
    upstream = np.random.default_rng(1).normal(size=(3, 2, 3, 4))
    np.testing.assert_array_equal(layer.backward(upstream), wanted.backward(upstream))
    np.testing.assert_array_equal(layer.db, wanted.db)


# --------------------------------------------------------------------------------- CS231n, assignments


def line(low, high, *shape):
    return np.linspace(low, high, num=int(np.prod(shape))).reshape(shape)


def test_the_affine_forward_of_assignment_2():
    layer = bp.Affine(line(-0.2, 0.3, 120, 3), line(-0.3, 0.1, 3))
    wanted = [[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]]
    np.testing.assert_allclose(layer.forward(line(-0.1, 0.5, 2, 4, 5, 6)), wanted, atol=1e-8)


def test_the_convolution_of_assignment_2():
    layer = bp.Convolution(line(-0.2, 0.3, 3, 3, 4, 4), line(-0.1, 0.2, 3), stride=2, pad=1)
    wanted = [[[[-0.08759809, -0.10987781], [-0.18387192, -0.2109216]],
               [[0.21027089, 0.21661097], [0.22847626, 0.23004637]],
               [[0.50813986, 0.54309974], [0.64082444, 0.67101435]]],
              [[[-0.98053589, -1.03143541], [-1.19128892, -1.24695841]],
               [[0.69108355, 0.66880383], [0.59480972, 0.56776003]],
               [[2.36270298, 2.36904306], [2.38090835, 2.38247847]]]]  # fmt: skip
    np.testing.assert_allclose(layer.forward(line(-0.1, 0.5, 2, 3, 4, 4)), wanted, atol=1e-8)


def test_the_max_pool_of_assignment_2():
    wanted = [[[[-0.26315789, -0.24842105], [-0.20421053, -0.18947368]],
               [[-0.14526316, -0.13052632], [-0.08631579, -0.07157895]],
               [[-0.02736842, -0.01263158], [0.03157895, 0.04631579]]],
              [[[0.09052632, 0.10526316], [0.14947368, 0.16421053]],
               [[0.20842105, 0.22315789], [0.26736842, 0.28210526]],
               [[0.32631579, 0.34105263], [0.38526316, 0.4]]]]  # fmt: skip
    layer = bp.Pooling(pool_h=2, pool_w=2, stride=2)
    np.testing.assert_allclose(layer.forward(line(-0.3, 0.4, 2, 3, 4, 4)), wanted, atol=1e-8)


@pytest.mark.parametrize("reg", [0.0, 3.14, 1e-3])
def test_a_fully_connected_net_with_reg_has_the_loss_and_gradient_of_the_assignment(reg):
    x, t = sample(5, 4)
    net = bp.MLP((4, 6, 5, 3), rng=1)
    penalised = bp.Penalised(net, bp.gates.L2(0.5 * reg))
    loss, grads = penalised.loss_and_gradient(x, t)
    wanted = net.loss(x, t) + 0.5 * reg * sum(np.sum(net.params[f"W{i}"] ** 2) for i in (1, 2, 3))
    assert loss == pytest.approx(wanted, rel=1e-12)
    for key in grads:
        numerical = numerical_gradient(lambda _: penalised.loss(x, t), net.params[key])
        np.testing.assert_allclose(grads[key], numerical, atol=1e-6, err_msg=key)


def test_batch_norm_after_many_batches_normalises_at_test_time():
    rng = np.random.default_rng(231)
    W1, W2, layer = rng.normal(size=(50, 60)), rng.normal(size=(60, 3)), bp.BatchNorm(np.ones(3), np.zeros(3))
    features = lambda: np.maximum(0, rng.normal(size=(200, 50)) @ W1) @ W2  # noqa: E731
    for _ in range(50):
        layer.forward(features())
    out = layer.evaluate().forward(features())
    np.testing.assert_allclose(out.mean(axis=0), 0.0, atol=0.2)
    np.testing.assert_allclose(out.std(axis=0), 1.0, atol=0.2)
