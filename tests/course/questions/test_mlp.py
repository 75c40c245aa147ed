"""Right and wrong answers to the self-checks of lesson 6; the rules they obey stand in test_questions.py."""

import math

import numpy as np

import bplib as bp
from bplib.course.questions import mlp


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


def by_loops(delta_next, W_next, z):
    delta = np.zeros(z.shape)
    for n, j in np.ndindex(z.shape):
        for k in range(W_next.shape[1]):
            delta[n, j] += delta_next[n, k] * W_next[j, k]
        delta[n, j] *= slope(z[n, j])
    return delta


def back(W_turned, slope):
    """An answer to back_one_layer, made of what stands in the place of W_next.T and of the slope."""
    return lambda delta_next, W_next, z: (delta_next @ W_turned(W_next)) * slope(z)


def turned(W):
    return W.T


# question, a right answer in one or more styles
RIGHT = [
    (mlp.two_pushes, (-3,)),
    (mlp.two_pushes, (np.float32(-3.0),)),
    (mlp.name_a_weight, (2, 4, 1, 3)),
    (mlp.name_a_weight, (2.0, np.int64(4), 1, np.array(3))),
    (mlp.output_error, (-0.032,)),
    (mlp.output_error, ((0.8 - 1) * 0.8 * 0.2,)),
    (mlp.hidden_error, (0.042,)),
    (mlp.hidden_error, ((4 * 0.2 - 2 * 0.3) * 0.7 * 0.3,)),
    (mlp.back_one_layer, (back(turned, slope),)),
    (mlp.back_one_layer, (by_loops,)),
    (mlp.back_one_layer, (lambda d, W, z: np.einsum("nk,jk,nj->nj", d, W, slope(z)),)),
    (mlp.back_one_layer, (lambda d, W, z: bp.bp2(d, W, slope(z)),)),
    (mlp.saturated, (0.0925, 0.881)),
    (mlp.saturated, (sigmoid(2) * slope(2), sigmoid(2))),
    (mlp.products, (32, 12, 32)),
    (mlp.products, (5 * 4 + 4 * 3, 12.0, np.int64(32))),
]

# question, a wrong answer, the name of the mistake
WRONG = [
    (mlp.hidden_error, (2 * 0.5 * 0.21,), "sum times sum"),
    (mlp.back_one_layer, (lambda d, W, z: d @ W.T * mlp.slope(z) / len(z),), "1/N twice"),
    (mlp.saturated, (0.5 * mlp.sigmoid(2.0) ** 2, 0.881), "cost for error"),
    (mlp.two_pushes, (3,), "sign"),
    (mlp.two_pushes, (-1 / 3,), "upside down"),
    (mlp.two_pushes, (1,), "weights ignored"),
    (mlp.name_a_weight, (4, 2, 1, 3), "from and to exchanged"),
    (mlp.name_a_weight, (2, 4, 3, 1), "from and to exchanged"),
    (mlp.name_a_weight, (1, 3, 1, 3), "counted from 0"),
    (mlp.name_a_weight, (2, 4, 4, 2), "from and to exchanged"),
    (mlp.name_a_weight, (2, 4, 2, 4), "counted from 1"),
    (mlp.output_error, (-0.2,), "slope left out"),
    (mlp.output_error, (0.032,), "sign"),
    (mlp.output_error, (-0.064,), "½ forgotten"),
    (mlp.output_error, (-0.2 * slope(0.8),), "slope at a"),
    (mlp.output_error, (0.16,), "cost gradient left out"),
    (mlp.output_error, (0.02,), "cost for error"),
    (mlp.hidden_error, (0.2,), "slope left out"),
    (mlp.hidden_error, (0.168,), "one path only"),
    (mlp.hidden_error, (-0.126,), "one path only"),
    (mlp.hidden_error, (0.14,), "value for slope"),
    (mlp.hidden_error, (0.105,), "weights left out"),
    (mlp.hidden_error, (0.42,), "errors left out"),
    (mlp.hidden_error, (0.294,), "sign of a weight lost"),
    (mlp.hidden_error, (0.2 * slope(0.7),), "slope at a"),
    (mlp.back_one_layer, (back(lambda W: W, slope),), "W for Wᵀ"),
    (mlp.back_one_layer, (lambda d, W, z: (d * slope(z)) @ W.T,), "slope on the wrong side"),
    (mlp.back_one_layer, (lambda d, W, z: d @ W.T,), "slope left out"),
    (mlp.back_one_layer, (back(turned, lambda z: slope(sigmoid(z))),), "slope at a"),
    (mlp.back_one_layer, (back(turned, sigmoid),), "value for slope"),
    (mlp.back_one_layer, (back(turned, lambda z: z * (1 - z)),), "z for a in a (1 − a)"),
    (mlp.back_one_layer, (lambda d, W, z: slope(z),), "slope alone"),
    (mlp.saturated, (0.881, 0.881), "slope left out"),
    (mlp.saturated, (sigmoid(2) * slope(sigmoid(2)), 0.881), "slope at a"),
    (mlp.saturated, (0.0925, 0.0925), "slope kept"),
    (mlp.saturated, (0.0925, -math.log(1 - sigmoid(2))), "cost for error"),
    (mlp.products, (60, 12, 32), "sizes multiplied"),
    (mlp.products, (20, 12, 32), "one layer only"),
    (mlp.products, (32, 12, 12), "one layer only"),
    (mlp.products, (32, 32, 32), "error of the input"),
    (mlp.products, (32, 20, 32), "wrong matrix"),
]


def test_a_missing_transpose_is_named_although_unequal_sizes_raise():
    report = mlp.back_one_layer(back(lambda W: W, slope))
    assert "W for Wᵀ" in report.mistakes
    assert "raised ValueError" in str(report)
