"""The derivative that a check trusts, and how far: central differences, with a step chosen by agreement.

One fixed step is too long beside a singularity (1/x at x = 0.001) or a kink, and too short for a function
that rounds to float32 or has a large constant in it. Here a step and its half must agree; then the two are
extrapolated (Richardson). Each slope says how far it may be off.
"""

from contextlib import suppress
from functools import partial
from itertools import islice
from typing import NamedTuple

import numpy as np

from ..graph.calling import call_on_numbers
from ..graph.numerical import looks_past
from .rounding import EPS64, eps_of, grain_of

FINE = 1e-3  # what is smaller beside a slope does not hide it
TOGETHER = 64  # entries of x that are looked at in one go
LONGER, FAR = 8.0 ** np.arange(1, 4), 8.0 ** np.arange(4, 6)


class Slope(NamedTuple):
    """A derivative by differences, and what may be wrong with it; all of one shape.

    rounding    how far the rounding of f may carry it
    apart       by how much a step and its half disagree: f bends, jumps, or is random
    bend        half of what the slopes on both sides differ by on a kink: all between them are right
    reach       how steeply f moved at all between two points that were looked at
    terms       Σ |…| of what value is the sum of
    """

    value: np.ndarray
    rounding: np.ndarray
    apart: np.ndarray
    bend: np.ndarray
    reach: np.ndarray
    terms: np.ndarray

    @property
    def doubt(self):
        """How far value may be from the derivative, where there is one."""
        return self.rounding + self.apart

    def back(self, upstream):
        """The Slope of Σ upstream · out, where out's axes are the last of this one's."""
        axes, weights = np.ndim(upstream), np.abs(upstream)
        doubts = (np.tensordot(each, weights, axes) for each in self[1:])
        return Slope(np.tensordot(self.value, upstream, axes), *doubts)

    def of_shape(self, shape):
        return Slope(*(np.reshape(each, shape) for each in self))


def stacked(slopes, shape):
    """Slopes as one, of arrays of this shape."""
    if not slopes:
        return Slope(*[np.zeros(shape)] * len(Slope._fields))
    return Slope(*zip(*slopes, strict=True)).of_shape(shape)


def differentiate(f, scale=1.0, size=0.0, here=None, eps=EPS64):
    """The Slope at 0 of a function of one number.

    f(s)     a float array of any shape
    scale    the step begins near ∜eps · scale, and becomes ever shorter until it and its half agree
    size     of the number that s is added to: where it is smaller than scale, steps may become as short
    here     f(0), where that is known: it shows a kink at 0
    eps      of the numbers that s is added to
    Where rounding hides what they agree on, longer steps are tried as well, and the least doubtful of all is
    taken; value is nan where f is finite on both sides of 0 at no step.
    """
    tried, before, first = {}, np.inf, _first(scale, eps)
    for step in _shorter(first, scale, size):
        tried[step] = _four_values(f, step, here)
        slope = _slopes(tried, here)[-1]
        seen = _is_seen(slope, tried[step])
        if _agrees(slope, eps) and (seen or _largest(slope.rounding) > before):
            break
        before = _largest(slope.rounding)
    if _agrees(slope, eps) and seen:
        return slope
    with suppress(Exception):  # so far from 0 f may refuse
        tried |= {step: _four_values(f, step, here) for step in first * LONGER}
        tried |= {step: _four_values(f, step, here) for step in first * FAR}
    slopes = dict(zip(tried, _slopes(tried, here), strict=True))
    return _least_doubtful([slope for step, slope in slopes.items() if step <= first * LONGER[-1]], eps)


def _first(scale, eps):
    return 1.1 * eps**0.25 * scale


def _shorter(first, scale, size):
    """first, an eighth of it, and so on."""
    more = int(np.log2(scale / size) / 3) if 0 < size < scale else 0
    return (first / 8.0**k for k in range(12 + more))


def _four_values(f, step, here):
    return np.array([_value_at(f, s, here) for s in (step, -step, step / 2, -step / 2)])


def _value_at(f, s, here):
    try:
        return f(s)
    except (ArithmeticError, ValueError):  # as math.log does where np.log gives nan
        return np.full(np.shape(0.0 if here is None else here), np.nan)


def _is_seen(slope, values, axes=None):
    """Whether rounding is small beside the slope, or f is constant."""
    rounding = _largest(slope.rounding, axes)
    small = (rounding > 0) & (rounding <= FINE / 100 * _largest(slope.value, axes))
    return small | _is_constant(values).all(axes)


def _is_constant(values):
    """Where they are all the same, and of so many digits that it is not rounding which makes them so."""
    coarse = grain_of(values) > 2**10 * EPS64 * np.abs(values[0])
    return (values == values[0]).all(axis=0) & ~coarse


def _slopes(tried, here):
    """{step: values} -> the Slope at each step."""
    grain = _grain(np.concatenate(list(tried.values())))
    return [_slope(step, *values, grain, here) for step, values in tried.items()]


def _grain(values):
    moved = (values != values[0]).any(axis=0)
    return np.where(moved, grain_of(values), 0.0)


def _slope(step, right, left, near_right, near_left, grain, here):
    coarse, fine = (right - left) / (2 * step), (near_right - near_left) / step
    apart, value = np.abs(fine - coarse), fine + (fine - coarse) / 3
    rounding = 2 * np.maximum(2 * EPS64 * np.maximum(np.abs(right), np.abs(left)), grain) / step
    if here is None:
        return Slope(value, rounding, apart, np.zeros_like(apart), np.abs(coarse), np.abs(value))
    reach = np.maximum(np.abs(right - here), np.abs(left - here)) / step
    turn, near_turn = (right - 2 * here + left) / step, 2 * (near_right - 2 * here + near_left) / step
    gap = np.abs(2 * near_turn - turn)  # of the slopes on both sides; what bends smoothly cancels
    bend = np.where(gap > 16 * rounding + 1e-5 * reach, gap / 2, 0.0)
    return Slope(value, rounding, apart, bend, reach, np.abs(value))


def _agrees(slope, eps, axes=None):
    apart, value, rounding = (_largest(each, axes) for each in (slope.apart, slope.value, slope.rounding))
    return apart <= np.sqrt(eps) * value + rounding


def _least_doubtful(slopes, eps):
    best = min(slopes, key=lambda slope: np.nan_to_num(_largest(slope.doubt + slope.bend), nan=np.inf))
    return best if _agrees(best, eps) else best._replace(apart=4 * best.apart)  # the least of many, by chance


def _largest(values, axes=None):
    return np.abs(values).max(axes, initial=0.0)


# ----------------------------------------------------------------------------------- of several numbers


def columns_of_jacobian(f, xs, i, given=None):
    """∂out/∂x[k] for argument i of f, entry by entry: pairs (k, Slope of out's shape). Writes into no x.

    given    the arguments as they came, where f may look past its own at these
    """
    xs = list(xs)
    past = given is not None and looks_past(f, given, i)
    x = xs[i] = given[i] if past else np.array(xs[i], dtype=float)
    here = np.array(call_on_numbers(f, xs), dtype=float)

    def moved(k, step):
        before = x[k]
        x[k] = float(before) + step
        try:
            return np.array(call_on_numbers(f, xs), dtype=float)
        finally:
            x[k] = before

    entries = np.ndindex(x.shape)
    while block := list(islice(entries, TOGETHER)):
        with np.errstate(all="ignore"):
            slopes = _of_several(
                [partial(moved, k) for k in block], [float(x[k]) for k in block], here, eps_of(x)
            )
            yield from zip(block, slopes, strict=True)


def _of_several(fs, xs, here, eps):
    """The Slope of each f where its number is x: at the first step of all together, else by itself."""
    sizes = np.abs(xs)
    scales = np.maximum(1.0, sizes)
    steps = _first(scales, eps)
    values = np.stack([_four_values(f, step, here) for f, step in zip(fs, steps, strict=True)], axis=1)
    slopes = _slope(steps.reshape(-1, *[1] * here.ndim), *values, _grain(values), here)
    axes = tuple(range(1, slopes.value.ndim))
    settled = _agrees(slopes, eps, axes) & _is_seen(slopes, values, axes)
    for n, f in enumerate(fs):
        if settled[n]:
            yield Slope(*(each[n] for each in slopes))
        else:
            yield differentiate(f, scales[n], sizes[n], here, eps)


def slope_of_vjp(f, xs, i, upstream, given=None):
    """The Slope of Jᵀ · upstream for argument i of f: Σ upstream · ∂out/∂x[k] for every entry k."""
    columns = columns_of_jacobian(f, xs, i, given)
    return stacked([column.back(upstream) for _, column in columns], np.shape(xs[i]))


def careful_vjp(f, xs, i, upstream):
    """Jᵀ · upstream for argument i of f, in float64."""
    return slope_of_vjp(f, xs, i, upstream).value
