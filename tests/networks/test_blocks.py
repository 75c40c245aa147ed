"""Layers with parameters or state: against HIPS autograd, by hand, and in networks that learn."""

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import bplib as bp


def random(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=shape)


def agrees(layer, formula, x, rtol=1e-10):
    """The layer is what formula(x, **params) says in numpy, and its gradients are those of autograd."""
    out, params = layer.forward(x), dict(layer.params)
    upstream = random(*np.shape(out), seed=9)
    np.testing.assert_allclose(out, formula(x, **params), rtol=rtol, atol=1e-13)
    found = {"x": layer.backward(upstream), **layer.grads}
    wanted = grad(lambda named: anp.sum(formula(**named) * upstream))({"x": x, **params})
    assert found.keys() == wanted.keys()
    for name in wanted:
        np.testing.assert_allclose(found[name], wanted[name], rtol=rtol, atol=1e-12, err_msg=name)
    node = layer(bp.Node(x))
    np.testing.assert_allclose(node.value, out, rtol=1e-14)
    dx = bp.grad(lambda x: np.sum(layer(x) * upstream))(x)
    np.testing.assert_allclose(dx, wanted["x"], rtol=rtol, atol=1e-12)


# ---------------------------------------------------------------------------------------- convolution


def convolution(x, W, b, stride=1, padding=0):
    """Six loops of one's own, as a sum over windows."""
    x = anp.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    (_, _, h, w), (_, _, H, V) = W.shape, x.shape
    rows = [
        [
            anp.einsum("nchw,mchw->nm", x[:, :, i : i + h, j : j + w], W) + b
            for j in range(0, V - w + 1, stride)
        ]
        for i in range(0, H - h + 1, stride)
    ]
    return anp.array(rows).transpose((2, 3, 0, 1))


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_a_convolution_agrees_with_autograd(stride, padding):
    layer = bp.Convolution(random(4, 2, 3, 2), random(4), stride=stride, pad=padding)
    agrees(layer, lambda x, W, b: convolution(x, W, b, stride, padding), random(3, 2, 7, 6))
    assert layer.dW.shape == (4, 2, 3, 2) and layer.db is layer.grads["b"]


def test_a_convolution_of_a_sequence_by_hand():
    layer = bp.Convolution(np.array([[[2.0, -1, 1]]]), np.zeros(1))
    assert np.array_equal(layer.forward(np.array([[[1.0, 3, -2, 4, 0]]])), [[[-3, 12, -8]]])
    assert np.array_equal(layer.backward(np.array([[[1.0, -2, 3]]])), [[[2, -5, 9, -5, 3]]])
    assert np.array_equal(layer.dW, [[[-11, 19, -10]]]) and np.array_equal(layer.db, [2])


def test_a_convolution_of_data_leaves_dx_out():
    W, b, x = random(4, 2, 3, 3), random(4), random(5, 2, 6, 6)
    usual, of_data = bp.Convolution(W, b), bp.Convolution(W, b, of_data=True)
    upstream = random(*usual.forward(x).shape, seed=3)
    of_data.forward(x), usual.backward(upstream)
    assert of_data.backward(upstream) is None
    for name in ("W", "b"):
        np.testing.assert_allclose(of_data.grads[name], usual.grads[name], rtol=1e-12)


def test_pooling_sends_the_gradient_to_the_largest():
    layer = bp.Pooling(pool_h=2, pool_w=3, stride=3)
    x = np.arange(36.0).reshape(1, 1, 6, 6) % 7
    assert np.array_equal(layer.forward(x), [[[[6, 5], [6, 6]]]])
    dx = layer.backward(np.array([[[[1.0, 2], [3, 4]]]]))
    wanted = np.zeros((6, 6))
    wanted[1, 0], wanted[0, 5], wanted[3, 2], wanted[4, 3] = 1, 2, 3, 4
    assert np.array_equal(dx, [[wanted]])


# ---------------------------------------------------------------------------------------------- norms


def batch_norm(x, gamma, beta):
    mean = anp.mean(x, axis=0)
    return gamma * (x - mean) / anp.sqrt(anp.mean((x - mean) ** 2, axis=0) + 1e-5) + beta


def test_batch_norm_agrees_with_autograd():
    agrees(bp.BatchNorm(random(3), random(3, seed=1)), batch_norm, random(6, 3))

    def of_channels(x, gamma, beta):
        rows = anp.moveaxis(x, 1, 3).reshape((-1, x.shape[1]))
        flat = batch_norm(rows, gamma, beta)
        return anp.moveaxis(flat.reshape((4, 2, 5, 3)), 3, 1)

    agrees(bp.BatchNorm(random(3), random(3, seed=1)), of_channels, random(4, 3, 2, 5))


def test_layer_norm_agrees_with_autograd():
    def layer_norm(x, gamma, beta):
        mean = anp.mean(x, axis=-1, keepdims=True)
        return gamma * (x - mean) / anp.sqrt(anp.var(x, axis=-1, keepdims=True) + 1e-5) + beta

    agrees(bp.LayerNorm(random(4), random(4, seed=1)), layer_norm, random(3, 4))
    agrees(bp.LayerNorm(random(4), random(4, seed=1)), layer_norm, random(2, 5, 4))


def test_batch_norm_by_hand():
    layer = bp.BatchNorm(np.array([2.0]), np.array([1.0]), eps=1e-12)
    x = np.array([[1.0], [2], [4], [5]])
    wanted = np.array([-1.264911, -0.632456, 0.632456, 1.264911])
    np.testing.assert_allclose(layer.forward(x)[:, 0], 2 * wanted + 1, atol=1e-5)
    dx = layer.backward(np.array([[1.0], [0], [-1], [2]]))
    np.testing.assert_allclose(dx[:, 0], [0.885438, -0.505964, -2.023858, 1.644384], atol=1e-6)
    np.testing.assert_allclose([layer.dgamma[0], layer.dbeta[0]], [0.632456, 2], atol=1e-6)


def test_batch_norm_remembers_means_and_uses_them_in_evaluation():
    layer, mean, var = bp.BatchNorm(np.array([2.0, 3]), np.array([1.0, -1]), momentum=0.75), 0.0, 1.0
    for seed in range(3):
        x = 5 + 2 * random(6, 2, seed=seed)
        layer.forward(x, True)
        mean, var = 0.75 * mean + 0.25 * x.mean(axis=0), 0.75 * var + 0.25 * x.var(axis=0)
    np.testing.assert_allclose(layer.running_mean, mean, rtol=1e-12)
    np.testing.assert_allclose(layer.running_var, var, rtol=1e-12)
    x, upstream = random(4, 2, seed=8), random(4, 2, seed=9)
    scale = layer.gamma / np.sqrt(var + 1e-5)
    np.testing.assert_allclose(layer.forward(x, train_flg=False), scale * (x - mean) + layer.beta, rtol=1e-12)
    np.testing.assert_allclose(layer.backward(upstream), scale * upstream, rtol=1e-12)
    np.testing.assert_allclose(layer.dbeta, upstream.sum(axis=0), rtol=1e-12)
    assert np.array_equal(layer.evaluate().forward(x[:1])[0], layer.forward(x)[0])
    np.testing.assert_allclose(layer.running_mean, mean, rtol=1e-12)


# -------------------------------------------------------------------------------------------- dropout


def test_dropout_leaves_out_a_share_and_keeps_the_mean():
    layer, x = bp.Dropout(0.3, rng=5), np.full((200, 300), 2.0)
    out = layer.forward(x)
    assert set(np.unique(out)) == {0.0, 2.0 / 0.7}
    assert np.mean(out == 0) == pytest.approx(0.3, abs=0.01)
    upstream = random(200, 300)
    np.testing.assert_allclose(layer.backward(upstream), upstream * (out / 2.0), rtol=1e-12)
    assert not np.array_equal(layer.forward(x), out)
    assert np.array_equal(bp.Dropout(0.3, rng=5).forward(x), out)


def test_dropout_in_evaluation_changes_nothing():
    layer, x = bp.Dropout(dropout_ratio=0.9), random(4, 5)
    assert np.array_equal(layer.forward(x, train_flg=False), x)
    assert np.array_equal(layer.backward(x), x)
    assert np.array_equal(layer.evaluate()(x), x)
    assert np.count_nonzero(layer.train()(x)) < 20


def test_a_mask_may_be_given():
    layer, x = bp.Dropout(0.75, mask=np.array([True, False, True])), random(4, 3)
    for _ in range(2):
        assert np.array_equal(layer.forward(x), x * [4, 0, 4])
    assert np.array_equal(layer.backward(np.ones((4, 3))), [[4, 0, 4]] * 4)


# ------------------------------------------------------------------------------- embedding, attention


@pytest.mark.parametrize("index", [[2, 0, 2, 2], [[1, 1], [4, 0]], 3])
def test_an_embedding_adds_up_what_comes_back_to_each_row(index):
    W = random(5, 3)
    layer = bp.Embedding(W)
    out = layer.forward(np.array(index))
    assert np.array_equal(out, W[index])
    upstream, wanted = random(*out.shape, seed=2), np.zeros((5, 3))
    np.add.at(wanted, index, upstream)
    assert layer.backward(upstream) is None
    np.testing.assert_allclose(layer.dW, wanted, rtol=1e-12)


def attention(x, Wq, Wk, Wv, Wo, heads, causal):
    T, outs = x.shape[1], []
    for q, k, v in zip(*(anp.split(W, heads, axis=1) for W in (Wq, Wk, Wv)), strict=True):
        scores = anp.einsum("ntd,nsd->nts", anp.dot(x, q), anp.dot(x, k)) / np.sqrt(q.shape[1])
        scores = scores - 1e9 * (1 - np.tri(T)) if causal else scores
        weights = anp.exp(scores - anp.max(scores, axis=-1, keepdims=True))
        weights = weights / anp.sum(weights, axis=-1, keepdims=True)
        outs.append(anp.einsum("nts,nse->nte", weights, anp.dot(x, v)))
    return anp.dot(anp.concatenate(outs, axis=2), Wo)


@pytest.mark.parametrize(("heads", "causal"), [(1, False), (2, True), (4, False)])
def test_self_attention_agrees_with_autograd(heads, causal):
    weights = [random(5, 8), random(5, 8, seed=1), random(5, 4, seed=2), random(4, 3, seed=3)]
    layer = bp.SelfAttention(*weights, heads=heads, causal=causal)
    formula = lambda x, Wq, Wk, Wv, Wo: attention(x, Wq, Wk, Wv, Wo, heads, causal)  # noqa: E731
    agrees(layer, formula, random(2, 6, 5))


def test_what_comes_later_is_not_seen_by_causal_attention():
    layer = bp.SelfAttention(*(random(4, 4, seed=s) for s in range(4)), heads=2, causal=True)
    x = random(2, 5, 4)
    later = x.copy()
    later[:, 3:] += 1.0
    np.testing.assert_allclose(layer(later)[:, :3], layer(x)[:, :3], rtol=1e-12)


# -------------------------------------------------------------------------------------- in a network


def small_cnn(rng):
    return bp.Network([
        bp.Convolution(rng.normal(0, 0.3, (4, 1, 3, 3)), np.zeros(4), of_data=True), bp.Relu(), bp.Pooling(),
        bp.Affine(bp.he(36, 12, rng), np.zeros(12)), bp.BatchNorm(np.ones(12), np.zeros(12)), bp.Relu(),
        bp.Dropout(0.2, rng), bp.Affine(bp.he(12, 10, rng), np.zeros(10)),
    ])  # fmt: skip


def test_the_parameters_of_a_network_are_counted_by_their_name():
    net = small_cnn(np.random.default_rng(0))
    assert list(net.params) == ["W1", "b1", "W2", "b2", "gamma1", "beta1", "W3", "b3"]
    assert list(net.layers)[:5] == ["Convolution1", "Relu1", "Pooling1", "Affine1", "BatchNorm1"]


def test_training_trains_and_asking_evaluates():
    net, data = small_cnn(np.random.default_rng(0)), bp.digits()
    x, x_test = (rows.reshape(-1, 1, 8, 8) for rows in (data.x_train, data.x_test))
    history = bp.train(net, x, data.t_train, epochs=4, optimiser=bp.Adam(0.01), progress=False)
    assert net.accuracy(x_test, data.t_test) > 0.9 and history.loss[-1] < history.loss[0] / 2
    assert np.array_equal(net.predict(x_test), net.predict(x_test))
    np.testing.assert_allclose(net.predict(x_test[:1])[0], net.predict(x_test)[0], rtol=1e-9)
    assert net.layers["BatchNorm1"].running_mean.any()


def test_the_loop_trains_after_somebody_has_asked():
    def trained(net):
        rng = np.random.default_rng(1)
        bp.train(net, rng.normal(size=(40, 1, 8, 8)), rng.integers(10, size=40), epochs=2, progress=False)
        return net.params["W3"]

    asked = small_cnn(np.random.default_rng(0)).evaluate()
    assert np.array_equal(trained(asked), trained(small_cnn(np.random.default_rng(0))))


def test_accuracy_is_that_of_evaluation_and_leaves_the_mode_as_it_was():
    net, x = small_cnn(np.random.default_rng(0)), random(30, 1, 8, 8)
    t = net.evaluate().predict(x).argmax(axis=1)
    assert net.train().accuracy(x, t) == 1.0
    assert all(leaf.training for leaf in net.leaves())
    assert not net.layers["BatchNorm1"].running_mean.any()


@pytest.mark.parametrize("mode", ["train", "evaluate"])
def test_the_gradient_is_that_of_the_loss_in_the_same_mode(mode):
    rng = np.random.default_rng(0)
    first, last = (
        bp.Affine(rng.normal(size=(4, 5)), np.zeros(5)),
        bp.Affine(rng.normal(size=(5, 3)), np.zeros(3)),
    )
    norm, drop = bp.BatchNorm(np.ones(5), np.zeros(5)), bp.Dropout(0.4, mask=np.arange(5) != 2)
    net = bp.Network([first, norm, bp.tanh, drop, last])
    getattr(net, mode)()
    assert bp.check_network(net, random(7, 4), np.arange(7) % 3).ok


def test_what_batch_norm_has_learned_is_saved(tmp_path):
    net, other = small_cnn(np.random.default_rng(0)), small_cnn(np.random.default_rng(1))
    x = 3 + random(20, 1, 8, 8)
    net.predict(x)
    net.save(tmp_path / "net.npz")
    other.load(tmp_path / "net.npz")
    assert np.array_equal(net.evaluate().predict(x), other.evaluate().predict(x))


def test_a_transformer_block_sorts_out_a_sequence():
    """Which symbol came two places before? One causal block of attention finds out."""
    rng, D = np.random.default_rng(0), 16
    w = lambda *shape: rng.normal(0, 1 / np.sqrt(shape[0]), shape)  # noqa: E731
    t = rng.integers(4, size=(200, 6))
    x = np.concatenate([np.eye(4)[t], np.broadcast_to(np.eye(6), (200, 6, 6))], axis=2)
    block = bp.Sequential(
        bp.Sequential(bp.Layer(bp.matmul, B=w(10, D))),
        bp.Residual(bp.LayerNorm(np.ones(D), np.zeros(D)),
                    bp.SelfAttention(w(D, D), w(D, D), w(D, D), w(D, D), heads=2, causal=True)),
        bp.Layer(bp.matmul, B=w(D, 4)),
    )  # fmt: skip
    loss, adam = bp.SoftmaxWithLoss(), bp.Adam(0.01)
    wanted = t[:, :-2].reshape(-1)
    for _ in range(150):
        scores = block(x)
        found = loss(scores[:, 2:].reshape(-1, 4), wanted)
        upstream = np.zeros_like(scores)
        upstream[:, 2:] = loss.backward().reshape(200, 4, 4)
        block.backward(upstream)
        adam.update(block.params, block.grads)
    assert found < 0.1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_float32_stays_float32(dtype):
    one = lambda *shape: random(*shape).astype(dtype)  # noqa: E731
    layers = [
        (bp.Convolution(one(3, 2, 2, 2), one(3)), one(4, 2, 5, 5)),
        (bp.Pooling(), one(4, 2, 6, 6)),
        (bp.BatchNorm(one(3), one(3)), one(4, 3)),
        (bp.BatchNorm(one(3), one(3)).evaluate(), one(4, 3)),
        (bp.LayerNorm(one(3), one(3)), one(4, 3)),
        (bp.Dropout(), one(4, 3)),
        (bp.Dropout().evaluate(), one(4, 3)),
        (bp.SelfAttention(*(one(4, 4) for _ in range(4)), heads=2, causal=True), one(2, 5, 4)),
        (bp.Residual(bp.LayerNorm(one(3), one(3))), one(4, 3)),
    ]
    for layer, x in layers:
        out = layer(x)
        dx = layer.backward(out)
        assert {array.dtype for array in (out, dx, *layer.grads.values())} == {np.dtype(dtype)}, layer.name


# ---------------------------------------------------------------------------------------- bad input


KERNELS, THREE = random(3, 2, 2, 2), random(3)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: bp.Convolution(random(3, 2), THREE), bp.ShapeError, r"got W \(3, 2\), b \(3,\)"),
        (lambda: bp.Convolution(random(3, 2, 2, 2), random(2)), bp.ShapeError, r"Convolution: .* b \(2,\)"),
        (lambda: bp.Convolution(KERNELS, THREE)(random(4, 5, 6, 6)), bp.ShapeError, r"\(4, 5, 6, 6\)"),
        (lambda: bp.Convolution(KERNELS, THREE, stride=0)(random(4, 2, 6, 6)), bp.InputError, "stride"),
        (lambda: bp.Pooling(9, 9)(random(4, 5, 6, 6)), bp.ShapeError, r"\(4, 5, 6, 6\)"),
        (lambda: bp.BatchNorm(THREE, random(2)), bp.ShapeError, r"gamma \(3,\), beta \(2,\)"),
        (lambda: bp.BatchNorm(THREE, THREE)(random(4, 5)), bp.ShapeError, r"x \(4, 5\)"),
        (lambda: bp.BatchNorm(THREE, THREE, momentum=1), bp.InputError, "momentum must be"),
        (lambda: bp.BatchNorm(THREE, THREE, running_mean=random(4)), bp.ShapeError, r"running_mean \(4,\)"),
        (lambda: bp.LayerNorm(random(3, 1), THREE), bp.ShapeError, r"LayerNorm: .* gamma \(3, 1\)"),
        (lambda: bp.Dropout(1.0), bp.InputError, r"rate must lie in \[0, 1\), got 1.0"),
        (lambda: bp.Dropout(mask=[True] * 4)(random(3, 3)), (bp.ShapeError, ValueError), "Dropout"),
        (lambda: bp.Embedding(random(4)), bp.ShapeError, r"Embedding: W .* got W \(4,\)"),
        (lambda: bp.Embedding(random(4, 2))([1, 4]), bp.InputError, "Embedding: .* got 4"),
        (lambda: bp.SelfAttention(*[random(4, 6)] * 3, random(6, 4), heads=4), bp.ShapeError, "heads = 4"),
        (
            lambda: bp.SelfAttention(*[random(4, 4)] * 4)(random(3, 4)),
            bp.ShapeError,
            r"x must be \(N, T, D\)",
        ),
        (
            lambda: bp.BatchNorm(THREE, THREE).backward(random(4, 3)),
            bp.GraphError,
            "BatchNorm layer: backward",
        ),
    ],
)
def test_what_does_not_fit_is_named(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_upstream_needs_the_shape_of_what_came_out():
    layer = bp.BatchNorm(random(3), random(3))
    layer.forward(random(4, 3))
    with pytest.raises(bp.ShapeError, match=r"BatchNorm.backward: .* got upstream \(3, 4\), out \(4, 3\)"):
        layer.backward(random(3, 4))
