"""How far rounding may carry an answer that is right."""

import numpy as np

EPS32, EPS64 = float(np.finfo(np.float32).eps), float(np.finfo(np.float64).eps)


def eps_of(*values):
    """The eps of the coarsest of the values' dtypes; a list, a float or None counts as float64."""
    return EPS32 if any(getattr(value, "dtype", None) == np.float32 for value in values) else EPS64


def grain_of(values):
    """The largest power of two that divides all values, along the first axis; ∞ where they are all 0.

    Numbers as they come have all their digits, so that it is near eps times the number. It is larger where
    they were rounded on their way: to float32, or beside a large constant.
    """
    mantissa, exponent = np.frexp(np.where(np.isfinite(values), values, 0.0))
    digits = (mantissa * 2.0**53).astype(np.int64)
    lowest = np.ldexp((digits & -digits).astype(float), exponent - 53)
    return np.where(digits == 0, np.inf, lowest).min(axis=0)
