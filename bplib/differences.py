"""The derivative that a check trusts: central differences, with a step chosen by agreement.

One fixed step is too long beside a singularity (1/x at x = 0.001) or a kink, and too short for a function
that rounds to float32. Here a step and its half must agree; then the two are extrapolated (Richardson).
"""

import math

import numpy as np

from .derivatives import plain_call

SHORTER = 8.0 ** -np.arange(12)
EPS32, EPS64 = float(np.finfo(np.float32).eps), float(np.finfo(np.float64).eps)


def differentiate(f, scale=1.0):
    """df/ds at s = 0 for a function of one number, and how far it may be off: (slope, doubt).

    f(s)    a float array of any shape; slope has that shape, doubt is one number
    Tries s = ± step and ± step/2 with ever shorter steps until both slopes agree, else takes the steps that
    agreed best; (nan, inf) where f is finite on both sides of 0 at no step.
    """
    right = f(_longest(EPS64, scale))
    eps = rounding_of(right)
    best, least = (np.full(np.shape(right), np.nan), np.inf), np.inf
    for step in _longest(eps, scale) * SHORTER:
        right = right if step == _longest(EPS64, scale) else f(step)
        coarse, fine = (right - f(-step)) / (2 * step), (f(step / 2) - f(-step / 2)) / step
        apart, noise = _largest(fine - coarse), 4 * eps * _largest(right) / step
        if apart < least:
            best, least = (fine + (fine - coarse) / 3, apart + noise), apart
        if apart <= np.sqrt(eps) * _largest(fine) + noise:
            break
    return best


def _longest(eps, scale):
    """Near ∜eps · scale; of few bits, so that x ± step rounds little, and yet of more than float32 holds."""
    return 2.0 ** round(math.log2(eps**0.25 * scale)) * (1 + 2.0**-25)


def _largest(values):
    return np.abs(values).max(initial=0.0)


def rounding_of(value):
    """The eps with which value was computed: that of float32 when each of its numbers is one."""
    with np.errstate(over="ignore"):
        coarse = np.array_equal(value, np.asarray(value).astype(np.float32), equal_nan=True)
    return EPS32 if coarse else EPS64


def columns_of_jacobian(f, xs, i):
    """∂out/∂x[k] for argument i of f, entry by entry: pairs (k, array of out's shape). Writes into no x."""
    xs = list(xs)
    x = xs[i] = np.array(xs[i], dtype=float)
    for k in np.ndindex(x.shape):
        middle = x[k]

        def moved(step, k=k, middle=middle):
            x[k] = middle + step
            out = np.array(plain_call(f, xs), dtype=float)
            x[k] = middle
            return out

        with np.errstate(all="ignore"):
            yield k, differentiate(moved, max(1.0, abs(middle)))[0]


def careful_vjp(f, xs, i, upstream):
    """Jᵀ · upstream for argument i of f, in float64: Σ upstream · ∂out/∂x[k] for every entry k."""
    gradient = np.empty(np.shape(xs[i]))
    for k, column in columns_of_jacobian(f, xs, i):
        gradient[k] = np.sum(upstream * column)
    return gradient
