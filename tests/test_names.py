"""What readers of other books and users of other libraries type: it works, or a sentence says our way."""

import numpy as np
import pytest

import bplib as bp
from bplib.names import ARGUMENTS, ELSEWHERE, SAME


def test_a_name_is_either_ours_as_well_or_done_elsewhere():
    assert not SAME.keys() & ELSEWHERE.keys()
    assert not SAME.keys() & set(bp.__all__)
    assert not any(ours in SAME for ours in SAME.values())
    assert not any(ours in ARGUMENTS for ours in ARGUMENTS.values())


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("ReLU", "Relu"),
        ("RMSprop", "RMSProp"),
        ("cross_entropy_error", "cross_entropy"),
        ("abs", "absolute"),
        ("conv2d", "convolution"),
        ("max_pool2d", "max_pool"),
        ("avg_pool1d", "average_pool"),
        ("concat", "concatenate"),
    ],
)
def test_what_has_another_name_is_the_same_thing(theirs, ours):
    assert getattr(bp, theirs) is getattr(bp, ours)
    assert theirs not in dir(bp)


def test_the_books_write_dW_and_db_and_dout():
    layer = bp.Affine(np.ones((2, 3)), B=np.array([1.0, 2, 3]))
    assert layer.dW is None
    layer.forward(np.array([[1.0, 2], [3, 4], [5, 6], [7, 8]]))
    dx = layer.backward(dout=np.ones((4, 3)))
    assert np.array_equal(dx, np.full((4, 2), 3.0))
    assert np.array_equal(layer.dW, [[16] * 3, [20] * 3]) and np.array_equal(layer.db, [4, 4, 4])
    assert layer.dW is layer.grads["W"] and layer.b is layer.params["b"]
    loss = bp.SoftmaxWithLoss()
    loss.forward(np.zeros((1, 2)), np.array([1]))
    assert np.array_equal(loss.backward(dout=2.0), [[1.0, -1.0]])


def test_an_array_that_is_bound_to_a_layer_is_shared_with_it():
    net, W = bp.MLP((4, 3)), np.ones((4, 3))
    net.layers["Affine1"].W = W
    assert net.params["W1"] is W is net.layers["Affine1"].params["W"]
    W -= 1.0
    assert np.array_equal(net.predict(np.ones((2, 4))), np.zeros((2, 3)))
    with pytest.raises(bp.ShapeError, match=r"W keeps its shape; got now \(4, 3\), new \(3, 4\)"):
        net.layers["Affine1"].W = W.T
    with pytest.raises(bp.InputError, match=r"W\[0, 0\] is NaN"):
        net.layers["Affine1"].W = W * np.nan
    assert net.params["W1"] is W


def test_a_network_has_the_names_of_the_book():
    net = bp.TwoLayerNet(4, 5, 3)
    assert net.lastLayer is net.last_layer
    assert net.eval() is net


@pytest.mark.parametrize("name", ["backward", "grad", "data", "item", "numpy", "requires_grad", "detach"])
def test_a_node_says_how_it_is_done_here(name):
    node = bp.Node(3.0) * 2.0
    with pytest.raises(AttributeError) as caught:
        getattr(node, name)
    assert str(caught.value) == f"a node has no {name!r}: {ELSEWHERE[name]}"
    assert not hasattr(node, "nothing_of_the_kind")


@pytest.mark.parametrize("name", ["exp", "relu", "sigmoid", "softmax", "abs", "unsqueeze", "view"])
def test_a_node_says_which_function_does_what_a_method_does_elsewhere(name):
    node = bp.Node([[1.0, 2.0]])
    with pytest.raises(AttributeError, match=rf"a node has no '{name}'[;:] .*(bp|node)\.\w+\("):
        getattr(node, name)
    if hasattr(bp, name):
        assert np.all(getattr(bp, name)(node).value == getattr(bp, name)(node.value))


@pytest.mark.parametrize("name", ["ComputationalGraph", "Variable", "Tensor", "Value", "Function", "Module"])
def test_the_library_says_how_it_is_done_here(name):
    with pytest.raises(AttributeError, match=rf"bplib has no '{name}': \w+ "):
        getattr(bp, name)
    with pytest.raises(AttributeError, match=r"bplib has no 'bogus'; see dir\(bplib\)"):
        bp.bogus  # noqa: B018


@pytest.mark.parametrize("name", ["parameters", "zero_grad", "state_dict"])
def test_a_network_says_how_it_is_done_here(name):
    for thing in (bp.TwoLayerNet(2, 3, 2), bp.Sequential(bp.relu), bp.Relu()):
        with pytest.raises(AttributeError, match=rf"{type(thing).__name__} has no '{name}': \w+ "):
            getattr(thing, name)


def test_every_name_that_a_sentence_mentions_exists():
    words = {word for way in ELSEWHERE.values() for word in way.replace("(", " ").replace("[", " ").split()}
    assert all(hasattr(bp, word.removeprefix("bp.")) for word in words if word.startswith("bp."))
    net = bp.TwoLayerNet(2, 3, 2)
    assert all(
        hasattr(net, word.removeprefix("net.").rstrip(",;")) for word in words if word.startswith("net.")
    )


def test_a_rule_written_for_a_ctx_is_told_apart():
    class Double:
        @staticmethod
        def forward(ctx, x):
            return 2 * x

        @staticmethod
        def backward(ctx, upstream):
            return 2 * upstream

    for use in (lambda: bp.apply(Double, 3.0), lambda: bp.Layer(Double()), lambda: bp.Sequential(Double)):
        with pytest.raises(bp.GraphError, match=r"Double: .* backward\(upstream, out, \*xs\); no ctx"):
            use()


def test_a_layer_without_parameters_may_stand_at_two_places_of_a_graph():
    layer, x, y = bp.MulLayer(), 3.0, 5.0
    twice = bp.grad(lambda x, y: bp.apply(layer, bp.apply(layer, x, y), y))
    assert twice(x, y) == (25.0, 30.0)
