"""Right and wrong answers to the self-checks of lesson 10; the rules they obey stand in test_questions.py."""

import numpy as np

from bplib.course.questions import deep_signals as ask


def back(slope=True, turn=True, on=True, weights=True, order=1, of=lambda dW: dW):
    """An answer to weight_gradients, and with one word less a slip."""

    def weight_gradients(answers, slopes, Ws, upstream):
        found = []
        for k in range(len(Ws))[::-1]:
            delta = upstream * slopes[k] if slope else upstream
            found.append(of(answers[k].T @ delta))
            if on:
                upstream = (delta @ (Ws[k].T if turn else Ws[k])) if weights else delta
        return found[::-1][::order]

    return weight_gradients


def by_recursion(answers, slopes, weights, upstream):
    if not weights:
        return []
    delta = upstream * slopes[-1]
    lower = by_recursion(answers[:-1], slopes[:-1], weights[:-1], delta @ weights[-1].T)
    return [*lower, answers[-1].T @ delta]


def by_einsum(answers, slopes, weights, upstream):
    found = [None] * len(weights)
    for k in reversed(range(len(weights))):
        upstream = upstream * slopes[k]
        found[k] = np.einsum("ni,nj->ij", answers[k], upstream)
        upstream = np.einsum("nj,ij->ni", upstream, weights[k])
    return tuple(found)


def only_where_square(f):
    """f for equal sizes, and else the right answer: what cannot be made there is not made."""
    right = back()
    return lambda a, s, W, u: (f if len({*W[0].shape, *W[-1].shape}) == 1 else right)(a, s, W, u)


def count_by_loop(h):
    return sum(1 for column in h.T if not any(column))


def adam(p, g, m, v, k, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    return p - lr * (m / (1 - beta1**k)) / (np.sqrt(v / (1 - beta2**k)) + eps), m, v


def adam_in_place(p, g, m, v, k, lr, beta1, beta2, eps):
    m *= beta1
    m += (1 - beta1) * g
    v *= beta2
    v += (1 - beta2) * g**2
    rate = lr * np.sqrt(1 - beta2**k) / (1 - beta1**k)
    p -= rate * m / (np.sqrt(v) + eps * np.sqrt(1 - beta2**k))
    return [p, m, v]


def adam_with(step=None, keep=lambda m, v, hats: (m, v), share=True):
    def slip(p, g, m, v, k, lr, beta1, beta2, eps):
        m = beta1 * m + ((1 - beta1) if share else 1) * g
        v = beta2 * v + ((1 - beta2) if share else 1) * g**2
        hats = m / (1 - beta1**k), v / (1 - beta2**k)
        move = step(g, m, v, *hats) if step else hats[0] / np.sqrt(hats[1])
        return p - lr * move, *keep(m, v, hats)

    return slip


RIGHT = [
    (ask.weight_gradients, (back(),)),
    (ask.weight_gradients, (by_recursion,)),
    (ask.weight_gradients, (by_einsum,)),
    (ask.zig_zag, ([-0.08, -0.36, -0.2], [-0.08, 0.36, -0.2])),
    (ask.zig_zag, (-0.4 * np.array([0.2, 0.9, 0.5]), -0.4 * np.array([0.2, -0.9, 0.5]))),
    (ask.spreads, (200**-0.5, 0.1)),
    (ask.spreads, (0.0707, 0.1)),
    (ask.dead, (lambda h: np.sum((h == 0).all(axis=0)),)),
    (ask.dead, (lambda h: int((h.max(axis=0) == 0).sum()),)),
    (ask.dead, (count_by_loop,)),
    (ask.largest_rate, (0.04,)),
    (ask.largest_rate, (2 / 50,)),
    (ask.adam_step, (adam,)),
    (ask.adam_step, (adam_in_place,)),
]

WRONG = [
    (ask.weight_gradients, (back(slope=False),), "slopes left out"),
    (ask.weight_gradients, (only_where_square(back(turn=False)),), "weights not transposed"),
    (ask.weight_gradients, (only_where_square(back(on=False)),), "signal not passed on"),
    (ask.weight_gradients, (only_where_square(back(weights=False)),), "weights left out"),
    (ask.weight_gradients, (back(order=-1),), "last layer first"),
    (ask.weight_gradients, (back(of=np.transpose),), "gradient transposed"),
    (ask.zig_zag, ([-0.4] * 3, [-0.4] * 3), "signal alone"),
    (ask.zig_zag, ([0.2, 0.9, 0.5], [0.2, -0.9, 0.5]), "answers alone"),
    (ask.zig_zag, ([0.08, 0.36, 0.2], [0.08, -0.36, 0.2]), "sign"),
    (ask.zig_zag, ([-0.08, -0.36, -0.2], [-0.08, -0.36, -0.2]), "signs of the answers lost"),
    (ask.spreads, (1 / 200, 2 / 200), "variance for spread"),
    (ask.spreads, (14.14, 14.14), "spread of the sum"),
    (ask.spreads, (0.1, 0.0707), "relu and tanh exchanged"),
    (ask.spreads, (0.0707, 0.1414), "spread doubled"),
    (ask.dead, (lambda h: (h == 0).sum(),), "zeros counted"),
    (ask.dead, (lambda h: (h == 0).all(axis=1).sum(),), "samples for neurons"),
    (ask.dead, (lambda h: (h == 0).any(axis=0).sum(),), "silent once is not dead"),
    (ask.dead, (lambda h: (h > 0).any(axis=0).sum(),), "the living counted"),
    (ask.dead, (lambda h: (h == 0).all(axis=0).mean(),), "a share"),
    (ask.largest_rate, (0.02,), "one step to the bottom"),
    (ask.largest_rate, (2,), "curvature left out"),
    (ask.largest_rate, (25,), "turned round"),
    (ask.largest_rate, (0.08,), "half of the curvature"),
    (ask.adam_step, (adam_with(lambda g, m, v, a, b: -a / np.sqrt(b)),), "uphill"),
    (ask.adam_step, (adam_with(lambda g, m, v, a, b: m / np.sqrt(v)),), "bias correction left out"),
    (ask.adam_step, (adam_with(lambda g, m, v, a, b: a / b),), "root left out"),
    (ask.adam_step, (adam_with(lambda g, m, v, a, b: g / np.sqrt(b)),), "no mean of the gradient"),
    (ask.adam_step, (adam_with(keep=lambda m, v, hats: hats),), "corrected means remembered"),
    (ask.adam_step, (adam_with(share=False),), "sums for means"),
]
