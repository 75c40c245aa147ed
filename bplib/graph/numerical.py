"""Derivatives by nudging: central differences, two calls of the function for every entry of its input.

What is nudged must be what the function sees. Most functions see their argument. Some look past it, at the
array itself, as lambda W: net.loss(x, t) does with net.params["W1"]: then that one is nudged, and put back.
"""

import dis
import inspect
from contextlib import contextmanager
from numbers import Number

import numpy as np

from ..errors import GraphError, InputError
from ..values import as_input, as_value
from .calling import as_several, call_on_numbers


def numerical_gradient(f, x, h=None):
    """∂f/∂x[k] ≈ (f(x + h·eₖ) − f(x − h·eₖ)) / 2h for every entry k, by central differences.

    f    takes x (a float or a float array) and returns a single number; it sees a read-only copy of x. When
         it looks past its argument at the array x itself, that one is nudged, and put back
    x    one value or several; an array of integers is refused, since x + h would be cut back to an integer
    h    the step; by default ∛eps for the dtype (6e-6 for float64, 5e-3 for float32), times max(1, |x[k]|)
    Costs two calls of f for every entry of x. Raises GraphError, and InputError: also when f looks at x in
    both ways, or when it seems to look at something that is not nudged.
    """
    given = as_several(x)
    xs = _all_differentiable(given)
    start = _first_nudged(xs, h)
    with set_aside(*given):
        look = as_value(call_on_numbers(f, start), "f(x)")
    if np.shape(look):
        raise GraphError(f"numerical_gradient: f must return a single number; got shape {np.shape(look)}")
    first = call_on_numbers(f, start)
    looks_past_them = not _same(look, first)
    gradients = []
    for i in range(len(xs)):
        if looks_past_them and looks_past(f, given, i, _name(xs, i)):
            gradient = _vjp(f, [*xs[:i], given[i], *xs[i + 1 :]], i, 1.0, h)
        else:
            gradient = _vjp(f, xs, i, 1.0, h, first if i == 0 else None)
        if not np.any(gradient):
            expect_a_look(f, given, i, _name(xs, i))
        gradients.append(gradient)
    return tuple(gradients) if isinstance(x, tuple) else gradients[0]


def numerical_vjp(f, xs, i, upstream, h=None):
    """Jᵀ · upstream for argument i of f: Σ upstream · (f(x + h·eₖ) − f(x − h·eₖ)) / 2h, entry by entry."""
    return _vjp(f, _all_differentiable(xs), i, upstream, h)


def _vjp(f, xs, i, upstream, h, first=None):
    """The same with xs[i] moved in place and put back; first is f at the first nudge, if it is known."""
    x, gradient = xs[i], np.empty(xs[i].shape)

    def f_with(k, value):
        middle = x[k]
        x[k] = value
        try:
            return np.array(call_on_numbers(f, xs), dtype=float)
        finally:
            x[k] = middle

    for k in np.ndindex(x.shape):
        right, left = _nudges(x[k], x.dtype, h)
        with np.errstate(all="ignore"):
            at_right = f_with(k, right) if first is None else np.array(first, dtype=float)
            gradient[k] = np.sum(upstream * (at_right - f_with(k, left))) / float(right - left)
        first = None
    return as_value(gradient)


def _nudges(middle, dtype, h):
    """middle + h and middle − h, as they are in dtype."""
    step = h if h is not None else np.cbrt(np.finfo(dtype).eps) * max(1.0, abs(middle))
    right, left = dtype.type(middle + step), dtype.type(middle - step)
    if right == left:
        raise InputError(f"numerical_gradient: h = {h} is lost in rounding, x + h is x; take a larger h")
    return right, left


def _first_nudged(xs, h):
    """xs with the first entry of the first one at its right."""
    if not xs or not xs[0].size:
        return xs
    x = xs[0].copy()
    x.flat[0] = _nudges(x.flat[0], x.dtype, h)[0]
    return [x, *xs[1:]]


def _all_differentiable(xs):
    return [_differentiable(x, _name(xs, j)) for j, x in enumerate(xs)]


def _name(xs, j):
    return f"x{j}" if len(xs) > 1 else "x"


def _differentiable(x, name):
    """A copy of x that may be nudged."""
    if isinstance(x, np.ndarray) and x.dtype.kind in "biu":
        raise InputError(
            f"numerical_gradient: {name} is an array of {x.dtype}, which would cut x + h back to an integer; "
            f"pass {name}.astype(float)"
        )
    x = np.array(as_input(x, name))
    if not np.isfinite(x).all():
        raise InputError(f"numerical_gradient: {name} is infinite: there is nothing on both sides of it")
    return x


# ------------------------------------------------------------------------------- what does f look at?


def looks_past(f, xs, i, name="x"):
    """Whether f looks at the array xs[i] itself, past its argument: then it has to be nudged in place.

    Raises InputError when f looks at both, since to nudge one of them is half of the truth.
    """
    copies = [np.array(x) if np.asarray(x).dtype.kind in "iu" else np.array(x, dtype=float) for x in xs]
    here = call_on_numbers(f, copies)
    with set_aside(xs[i]):
        there = call_on_numbers(f, copies)
    if _same(here, there) or not _same(here, call_on_numbers(f, copies)):  # a random f looks nowhere
        return False
    with set_aside(copies[i]):
        looks_at_both = not _same(here, call_on_numbers(f, copies))
    if looks_at_both:
        raise InputError(
            f"f looks at {name} twice, at its argument and past it at the array itself: which one is nudged? "
            f"Let f use its argument alone, and pass {name}.copy() where the array is to stay as it is"
        )
    return True


def expect_a_look(f, xs, i, name="x"):
    """Raise InputError where a slope of 0 may be none at all: f looks past its argument elsewhere."""
    x = xs[i]
    if isinstance(x, Number) or _can_be_nudged(x):
        trap, nowhere = "that is not what is nudged here", _never_looks(f)
    else:
        kind = "read-only" if isinstance(x, np.ndarray) else f"a {type(x).__name__}"
        trap, nowhere = f"{name} is {kind}, and cannot be nudged there", far_slope(f, xs, i) == 0
    if nowhere and np.size(x):
        raise InputError(
            f"f gives the same whatever {name} is. If it looks past its argument at something else, {trap}: "
            f"let f use its argument, or pass the float array itself that it looks at"
        )


def _never_looks(f):
    """Whether f is a function of Python that names none of its arguments, but other things."""
    f = inspect.unwrap(f)
    code = getattr(f, "__code__", None)
    if code is None or not (code.co_names or code.co_freevars):
        return False
    arguments = {*code.co_varnames[: len(inspect.signature(f).parameters) + inspect.ismethod(f)]}
    named = {name for step in dis.get_instructions(code) for name in _names(step.argval)}
    return not arguments & (named | {*code.co_cellvars})


def _names(argval):
    return argval if isinstance(argval, tuple) else (argval,)


def far_slope(f, xs, i, weights=1.0):
    """How f moves with xs[i] at all: Σ |weights · (f(far) − f(x))| / distance, at two points far off."""
    xs = list(xs)
    x, here = np.asarray(xs[i], dtype=float), call_on_numbers(f, xs)
    far = 8 * np.maximum(1.0, np.abs(x)) * _uneven(x.shape)
    found = []
    for side in (far, -far):
        xs[i] = x + side
        try:
            there = call_on_numbers(f, xs)
        except Exception:  # f looks at x, and does not like it there
            return np.inf
        with np.errstate(all="ignore"):
            found.append(np.sum(np.abs(weights * np.subtract(there, here))) / 8)
    return np.inf if np.isnan(found).any() else float(max(found))


@contextmanager
def set_aside(*arrays):
    """Every entry of the arrays that can be nudged a little aside, put back afterwards whatever happens."""
    arrays = [x for x in arrays if _can_be_nudged(x)]
    before = [x.copy() for x in arrays]
    try:
        for x in arrays:
            x += np.cbrt(np.finfo(x.dtype).eps) * np.maximum(1, np.abs(x)) * _uneven(x.shape)
        yield
    finally:
        for x, start in zip(arrays, before, strict=True):
            x[...] = start


def _can_be_nudged(x):
    return isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.flags.writeable


def _uneven(shape):
    """Numbers from ½ to 1 of both signs, no two alike: what they move can hardly cancel."""
    rng = np.random.default_rng(0)
    return rng.uniform(0.5, 1, shape) * rng.choice([-1, 1], shape)


def _same(a, b):
    return np.array_equal(np.asarray(a, dtype=float), np.asarray(b, dtype=float), equal_nan=True)
