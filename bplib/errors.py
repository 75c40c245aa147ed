"""What can go wrong, said the same way everywhere: who, which rule, every name with its shape, what to do."""

import numpy as np


class BplibError(Exception):
    """Everything bplib raises on purpose."""


class ShapeError(BplibError, ValueError):
    """Two shapes do not fit together."""


class MissingEntry(ShapeError, IndexError):
    """An index outside of an array: as for a list, an IndexError."""


class InputError(BplibError, ValueError):
    """A value cannot be used: NaN, text, complex numbers, an integer array where a step is added, …"""


class GraphError(BplibError, RuntimeError):
    """The graph cannot do what was asked of it."""


class GradientMismatch(BplibError, AssertionError):
    """A gradient differs from the independent derivative."""


class MissingExtra(BplibError, ImportError):
    """An optional part of bplib needs a package that is not installed."""


def shapes(**values):
    """The names and shapes of values, as every message prints them: ``x (3, 2), b ()``."""
    return ", ".join(f"{name} {np.shape(value)}" for name, value in values.items())


def expect_shapes(fits, where, rule, **values):
    """Raise ShapeError unless ``fits``: ``Affine.forward: x @ W needs …; got x (32, 784), W (785, 50)``."""
    if not fits:
        raise ShapeError(f"{where}: {rule}; got {shapes(**values)}")


def need(package):
    """The error for a missing optional package, or for the ImportError that says which."""
    if isinstance(package, MissingExtra):
        return package
    if isinstance(package, ImportError):
        package = package.name.split(".")[0]
    name = f'"{package}"' if "[" in package else package
    return MissingExtra(f"this part of bplib needs {package}. Install it with: python -m pip install {name}")
