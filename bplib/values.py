"""What flows along the edges of a graph: a Python float, or a numpy array.

A float stays a float and an array stays an array, through the same rule. That keeps a graph of numbers
as quick as plain Python, and one table of derivatives serves both.
"""

import math

import numpy as np

from .errors import InputError

_FLOATS = {np.dtype(np.float32), np.dtype(np.float64)}


def as_value(x, name="value"):
    """x as a float or a float array: numbers become float, integer arrays float64; float32 stays float32.

    Raises InputError for text, objects, complex numbers, masked entries and rows of unequal length.
    """
    if type(x) in (float, np.float32) or _is_float_array(x):
        return x
    if isinstance(x, int | float):
        return _as_float(x, name)
    if type(x) is not np.ndarray and np.any(getattr(x, "mask", False)):
        raise InputError(f"{name} has masked entries, which are no numbers; fill them in or leave them out")
    try:
        array = np.asarray(x)
    except ValueError:
        raise InputError(f"{name} must be an array: every row as long as the others") from None
    if array.dtype.kind not in "biuf":
        raise InputError(
            f"{name} must be made of real numbers; got {type(x).__name__} of dtype {array.dtype}"
        )
    if array.dtype != np.float32:
        array = array.astype(np.float64, copy=False)
    if array.ndim == 0:
        return float(array) if array.dtype == np.float64 else array[()]
    return array


def _as_float(x, name):
    try:
        return float(x)
    except OverflowError:
        raise InputError(f"{name} is too large for a float, which ends at 1.8e308") from None


def _is_float_array(x):
    return type(x) is np.ndarray and x.dtype in _FLOATS and x.ndim > 0


def as_input(x, name):
    """as_value for what comes in from outside: a NaN is refused here, where it can still be named.

    Raises InputError.
    """
    value = as_value(x, name)
    if has_nan(value):
        where = "" if np.ndim(value) == 0 else str([int(i) for i in np.argwhere(np.isnan(value))[0]])
        raise InputError(f"{name}{where} is NaN: nothing has a derivative there. Look for where it came from")
    return value


def has_nan(value):
    """Whether a number or an array holds a NaN."""
    if type(value) is float:
        return value != value
    value = np.ravel(value, order="K")  # as it lies in memory: a transpose need not be copied
    return math.isnan(np.vdot(value, value))  # a sum of squares is NaN when, and only when, one of them is


def zero_like(x):
    """0, in the shape and dtype of x."""
    return np.zeros_like(x) if np.ndim(x) else type(x)(0.0)


def like(gradient, x):
    """The gradient with the shape and dtype of its variable: what broadcasting repeated is summed here.

    gradient (broadcast shape), x (any shape that broadcasts to it) -> x.shape
    """
    if type(gradient) is type(x) and (type(x) is float or _form(gradient) == _form(x)):
        return gradient
    if hasattr(gradient, "like"):  # a node, in a backward pass that is a graph itself
        return gradient.like(x)
    gradient, shape = np.asarray(gradient), np.shape(x)
    if gradient.shape != shape:
        new = gradient.ndim - len(shape)
        stretched = tuple(i for i in range(new, gradient.ndim) if shape[i - new] == 1)
        gradient = gradient.sum(axis=(*range(new), *stretched), keepdims=True).reshape(shape)
    if not hasattr(x, "dtype"):
        return float(gradient)
    gradient = gradient.astype(x.dtype, copy=False)
    return gradient if shape else gradient[()]


def _form(array):
    return array.shape, array.dtype


def float_or_array(of_float, of_array):
    """One name for a function of floats (from math) and of arrays (from numpy)."""

    def function(*xs):
        if type(xs[0]) is float and type(xs[-1]) is float:
            try:
                return of_float(*xs)
            except (OverflowError, ValueError, ZeroDivisionError):
                pass  # where math raises, numpy answers with inf or nan
        return of_array(*xs)

    return function


def _erf(x):
    """numpy has no erf: math.erf of each entry."""
    x = np.asarray(x)
    return np.array([math.erf(number) for number in x.ravel().tolist()], x.dtype).reshape(x.shape)


exp = float_or_array(math.exp, np.exp)
expm1 = float_or_array(math.expm1, np.expm1)
log = float_or_array(math.log, np.log)
log1p = float_or_array(math.log1p, np.log1p)
sqrt = float_or_array(math.sqrt, np.sqrt)
sin = float_or_array(math.sin, np.sin)
cos = float_or_array(math.cos, np.cos)
tan = float_or_array(math.tan, np.tan)
tanh = float_or_array(math.tanh, np.tanh)
arctan = float_or_array(math.atan, np.arctan)
sinh = float_or_array(math.sinh, np.sinh)
cosh = float_or_array(math.cosh, np.cosh)
erf = float_or_array(math.erf, _erf)
power = float_or_array(math.pow, np.power)
divide = float_or_array(lambda x, y: x / y, np.divide)
maximum = float_or_array(lambda x, y: x if x >= y or x != x else y, np.maximum)
minimum = float_or_array(lambda x, y: x if x <= y or x != x else y, np.minimum)


def where(condition, x, y):
    """x where the condition holds, else y."""
    return (x if condition else y) if isinstance(condition, bool) else np.where(condition, x, y)
