"""Right and wrong answers to the self-checks of lesson 7; the rules they obey stand in test_questions.py."""

import math

import numpy as np
import pytest

from bplib.course.questions import train_and_check as ask

BACK = ("Affine2", "Relu1", "Affine1")


def way_back(order=BACK, first=None, hand_on=True, names=(1, 2)):
    """An answer to backward_loop that visits the layers in this order, and begins with first(scores)."""

    def gradient(layers, last_layer, x, t):
        for layer in layers.values():
            x = layer.forward(x)
        last_layer.forward(x, t)
        upstream = last_layer.backward() if first is None else first(x)
        for name in order:
            downstream = layers[name].backward(upstream)
            upstream = downstream if hand_on else upstream
        own = zip(names, (layers["Affine1"].grads, layers["Affine2"].grads), strict=True)
        return {f"{kind}{k}": grads[kind] for k, grads in own for kind in ("W", "b")}

    return gradient


def as_in_the_library(layers, last_layer, x, t):
    for layer in layers.values():
        x = layer.forward(x)
    last_layer.forward(x, t)
    upstream = last_layer.backward()
    for layer in reversed(layers.values()):
        upstream = layer.backward(upstream)
    grads = {}
    for k in (1, 2):
        grads[f"W{k}"], grads[f"b{k}"] = layers[f"Affine{k}"].grads["W"], layers[f"Affine{k}"].grads["b"]
    return grads


def by_hand(layers, last_layer, x, t):
    h = layers["Relu1"].forward(layers["Affine1"].forward(x))
    scores = layers["Affine2"].forward(h)
    last_layer.forward(scores, t)
    delta2 = last_layer.backward()
    delta1 = (delta2 @ layers["Affine2"].params["W"].T) * (h > 0)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0), "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}


def with_minus(params, grads, lr):
    for name in params:
        params[name] -= lr * grads[name]


def with_subtract(params, grads, lr):
    for name, p in params.items():
        np.subtract(p, lr * grads[name], out=p)


def with_a_slice(params, grads, lr):
    for name in params:
        params[name][...] = params[name] - lr * grads[name]


def entry_by_entry(params, grads, lr):
    for name, p in params.items():
        for k in np.ndindex(p.shape):
            p[k] -= lr * grads[name][k]


def rebound(params, grads, lr):
    for name in params:
        params[name] = params[name] - lr * grads[name]


def returned(params, grads, lr):
    return {name: params[name] - lr * grads[name] for name in params}


def uphill(params, grads, lr):
    for name in params:
        params[name] += lr * grads[name]


def of_any_length(params, grads, lr):
    for name in params:
        params[name] -= grads[name]


def overwritten(params, grads, lr):
    for name in params:
        params[name][...] = -lr * grads[name]


def scaled_gradients(params, grads, lr):
    for name in params:
        grads[name] *= lr
        params[name] -= grads[name]


# question, a right answer in one or more styles
RIGHT = [
    (ask.parameters, (3760,)),
    (ask.parameters, (64 * 50 + 50 + 50 * 10 + 10.0,)),
    (ask.saturated, (1.5, 0.000272)),
    (ask.saturated, (2 * 0.25 * 3, np.float64(2 * 0.0000454 * 3))),
    (ask.backward_loop, (way_back(),)),
    (ask.backward_loop, (as_in_the_library,)),
    (ask.backward_loop, (by_hand,)),
    (ask.at_zero, (2.3026, 0.6931)),
    (ask.at_zero, (math.log(10), -np.log(0.5))),
    (ask.kink, (0.5, 0)),
    (ask.kink, (1 / 2, np.float32(0.0))),
    (ask.step_down, (with_minus,)),
    (ask.step_down, (with_subtract,)),
    (ask.step_down, (with_a_slice,)),
    (ask.step_down, (entry_by_entry,)),
]

# question, a wrong answer, the name of the mistake
WRONG = [
    (ask.parameters, (3700,), "biases left out"),
    (ask.parameters, (3824,), "biases for the inputs"),
    (ask.parameters, (32000,), "sizes multiplied"),
    (ask.parameters, (3250,), "first layer only"),
    (ask.parameters, (60,), "neurons counted"),
    (ask.saturated, (6, 6), "slope left out"),
    (ask.saturated, (0.5, 0.0000908), "input left out"),
    (ask.saturated, (0.75, 0.000136), "upstream ignored"),
    (ask.saturated, (3, 0.000272), "value for slope"),
    (ask.saturated, (1.5, 0), "rounded to 0"),
    (ask.backward_loop, (way_back(BACK[::-1]),), "signal not handed back"),
    (ask.backward_loop, (way_back(("Affine2", "Affine1")),), "relu left out"),
    (ask.backward_loop, (way_back(first=np.ones_like),), "loss left out"),
    (ask.backward_loop, (way_back(first=np.copy),), "scores for signals"),
    (ask.backward_loop, (way_back(hand_on=False),), "signal not handed back"),
    (ask.backward_loop, (way_back(names=(2, 1)),), "names exchanged"),
    (ask.at_zero, (0.1, 0.5), "probability for loss"),
    (ask.at_zero, (-2.3026, -0.6931), "sign"),
    (ask.at_zero, (1, 0.6931), "another logarithm"),
    (ask.at_zero, (2.3026, 1), "another logarithm"),
    (ask.at_zero, (0, 0), "weights for loss"),
    (ask.at_zero, (23.026, 1.3863), "summed over the classes"),
    (ask.kink, (1, 0), "one side only"),
    (ask.kink, (0, 0), "one side only"),
    (ask.kink, (2, 0), "not divided by 2h"),
    (ask.kink, (0.5, 0.5), "the measured slope"),
    (ask.kink, (0.5, 1), "the right side"),
    (ask.step_down, (rebound,), "stale layer"),
    (ask.step_down, (returned,), "nothing moved"),
    (ask.step_down, (uphill,), "uphill"),
    (ask.step_down, (of_any_length,), "lr ignored"),
    (ask.step_down, (overwritten,), "gradient in place of the step"),
    (ask.step_down, (scaled_gradients,), "gradients changed"),
]


def test_a_way_back_without_a_loss_before_it_says_what_is_missing():
    def gradient(layers, last_layer, x, t):
        return last_layer.backward()

    assert "needs a forward pass before it" in str(ask.backward_loop(gradient))


@pytest.mark.parametrize("answer", [[1, 2], 3.0, "W1"], ids=str)
def test_a_gradient_that_is_no_dict_is_told_what_it_should_be(answer):
    assert "a dict with the names W1, b1, W2, b2" in str(ask.backward_loop(lambda *_: answer))


def test_a_missing_name_is_told_by_the_names_that_are_there():
    def gradient(layers, last_layer, x, t):
        found = as_in_the_library(layers, last_layer, x, t)
        return {name: found[name] for name in ("W1", "b1", "W2")}

    said = str(ask.backward_loop(gradient))
    assert "names W1, b1, W2, b2; yours has W1, b1, W2" in said and "not answered" not in said


def walked(names, keys=("W1", "b1", "W2", "b2")):
    def gradient(layers, last_layer, x, t):
        for layer in layers.values():
            x = layer.forward(x)
        last_layer.forward(x, t)
        upstream = last_layer.backward()
        for name in names:
            upstream = layers[name].backward(upstream)
        found = [layers[f"Affine{k}"].grads[kind] for k in (1, 2) for kind in "Wb"]
        return dict(zip(keys, found, strict=False))

    return gradient


def test_a_dict_with_other_names_hears_which_it_has_once():
    said = str(ask.backward_loop(walked(("Affine2", "Relu1", "Affine1"), keys=("W", "b"))))
    assert said.count("names W1, b1, W2, b2; yours has W, b") == 1
    assert "not answered" not in said


def test_a_walk_in_the_order_of_the_layers_is_told_where_to_begin():
    said = str(ask.backward_loop(walked(("Affine1", "Relu1", "Affine2"))))
    assert "signal not handed back" in said
    assert "going back, the last layer comes first" in said


def test_a_step_through_names_in_place_of_arrays_is_named():
    def step_down(params, grads, lr):
        for p, g in zip(params, grads, strict=True):
            p -= lr * g

    assert ask.step_down(step_down).mistakes == ("name for thing",)
