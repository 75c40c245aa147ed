"""Right and wrong answers to the self-checks of lesson 12; the rules they obey stand in test_questions.py."""

import jax
import numpy as np

from bplib.course.questions import norm_and_attention as ask

jax.config.update("jax_enable_x64", True)

ROOT = np.sqrt(2.5)
STANDARD = np.array([-2.0, -1.0, 1.0, 2.0]) / ROOT


def normalised(x, gamma):
    return gamma * (x - x.mean(axis=0)) / x.std(axis=0)


def in_one_line(upstream, x, gamma):
    g, s, z = gamma * upstream, x.std(axis=0), (x - x.mean(axis=0)) / x.std(axis=0)
    return (g - g.mean(axis=0) - z * (g * z).mean(axis=0)) / s


def of_jax(upstream, x, gamma):
    _, back = jax.vjp(lambda x: normalised(x, gamma), jax.numpy.asarray(x))
    return np.asarray(back(jax.numpy.asarray(upstream))[0])


def by_columns(upstream, x, gamma):
    dx = np.zeros_like(x)
    for j, column in enumerate(x.T):
        N, d = len(column), column - column.mean()
        var = d @ d / N
        g = gamma[j] * upstream[:, j]
        dvar = -0.5 * var**-1.5 * (g @ d)
        dd = g / np.sqrt(var) + 2 * d / N * dvar
        dx[:, j] = dd - dd.mean()
    return dx


def constants(upstream, x, gamma):
    return gamma * upstream / x.std(axis=0)


def with_n_less_1(upstream, x, gamma):
    g, s = gamma * upstream, x.std(axis=0, ddof=1)
    z = (x - x.mean(axis=0)) / s
    return (g - g.mean(axis=0) - z * (g * z).mean(axis=0)) / s


def parts(upstream, x, gamma):
    g, s = gamma * upstream, x.std(axis=0)
    z = (x - x.mean(axis=0)) / s
    return g, s, z, g.mean(axis=0), z * (g * z).mean(axis=0)


def variance_constant(*given):
    g, s, _, mean, _ = parts(*given)
    return (g - mean) / s


def mean_constant(*given):
    g, s, _, _, stretched = parts(*given)
    return (g - stretched) / s


def along_the_rows(*given):
    g, s, z, *_ = parts(*given)
    return (g - g.mean(axis=1, keepdims=True) - z * (g * z).mean(axis=1, keepdims=True)) / s


RIGHT = [
    (ask.standardised, (STANDARD,)),
    (ask.standardised, ([-1.26, -0.63, 0.63, 1.26],)),
    (ask.back_to_gamma_and_beta, (1 / ROOT, 2)),
    (ask.back_to_gamma_and_beta, (0.63, 2.0)),
    (ask.norm_back, (in_one_line,)),
    (ask.norm_back, (of_jax,)),
    (ask.norm_back, (by_columns,)),
    (ask.means, (100, 32)),
    (ask.dropped_back, ([4, 0, -12, 0],)),
    (ask.back_to_values, ([[2, -1], [4, -3]],)),
    (ask.through_softmax, ([1.5, -1.25, -0.25],)),
    (ask.back_to_rows, ([[3, 4], [0, 0], [11, 22], [0, 0]],)),
]

WRONG = [
    (ask.standardised, ([-1.0954, -0.5477, 0.5477, 1.0954],), "divided by N − 1"),
    (ask.standardised, ([-0.8, -0.4, 0.4, 0.8],), "variance for its root"),
    (ask.standardised, (ask.X / ROOT,), "not centred"),
    (ask.standardised, ([-2, -1, 1, 2],), "not divided"),
    (ask.standardised, (2 * STANDARD + 1,), "γ and β too early"),
    (ask.back_to_gamma_and_beta, (1 / ROOT / 4, 0.5), "mean for sum"),
    (ask.back_to_gamma_and_beta, (ask.UPSTREAM * STANDARD, ask.UPSTREAM), "not added up"),
    (ask.back_to_gamma_and_beta, (2, 1 / ROOT), "exchanged"),
    (ask.back_to_gamma_and_beta, (7, 2), "x for x̂"),
    (ask.norm_back, (constants,), "mean and variance as constants"),
    (ask.norm_back, (variance_constant,), "variance as a constant"),
    (ask.norm_back, (mean_constant,), "mean as a constant"),
    (ask.norm_back, (lambda u, x, gamma: in_one_line(u, x, np.ones_like(gamma)),), "γ left out"),
    (ask.norm_back, (lambda u, x, gamma: in_one_line(u, x, gamma) * x.std(axis=0),), "not divided by σ"),
    (ask.norm_back, (lambda u, x, gamma: in_one_line(u, x, gamma) / x.std(axis=0),), "divided by σ²"),
    (ask.norm_back, (with_n_less_1,), "divided by N − 1"),
    (ask.norm_back, (along_the_rows,), "along the rows"),
    (ask.means, (32, 100), "the other axis"),
    (ask.means, (1, 1), "one for all"),
    (ask.means, (3200, 3200), "one for each entry"),
    (ask.dropped_back, ([3, 0, -9, 0],), "scale left out"),
    (ask.dropped_back, ([4, 8, -12, 0],), "mask left out"),
    (ask.dropped_back, ([3, 6, -9, 0],), "upstream as it is"),
    (ask.dropped_back, ([2.25, 0, -6.75, 0],), "scaled by 1 − rate"),
    (ask.dropped_back, ([12, 0, -36, 0],), "divided by the rate"),
    (ask.dropped_back, ([0, 8, 0, 0],), "mask turned over"),
    (ask.back_to_values, ([[3, -2], [3.5, -3]],), "A not transposed"),
    (ask.back_to_values, ([[2, 0], [4, -4]],), "upstream as it is"),
    (ask.back_to_values, ([[1, 0.5], [0, -2]],), "factors exchanged"),
    (ask.back_to_values, ([[1, 1], [1, -1]],), "factors exchanged"),
    (ask.through_softmax, ([2, 0, 0.75],), "softmax by its diagonal"),
    (ask.through_softmax, ([4, 0, 1],), "sum left out"),
    (ask.through_softmax, ([3, -5, -1],), "weights left out"),
    (ask.through_softmax, ([2, -1, 0],), "mean for the weighted sum"),
    (ask.through_softmax, ([-1, -5, -4],), "taken off too late"),
    (ask.back_to_rows, ([[3, 4], [0, 0], [10, 20], [0, 0]],), "overwritten"),
    (ask.back_to_rows, ([[3, 4], [0, 0], [1, 2], [0, 0]],), "overwritten"),
    (ask.back_to_rows, ([[3, 4], [0, 0], [5.5, 11], [0, 0]],), "mean for sum"),
    (ask.back_to_rows, ([[1, 2], [3, 4], [10, 20], [0, 0]],), "in the order of the upstream"),
    (ask.back_to_rows, ([[3, 4], [11, 22]],), "rows that were taken only"),
]
