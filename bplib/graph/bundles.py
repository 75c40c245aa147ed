"""Arguments that hold several arrays: dicts, lists and tuples of parameters, in any nesting."""

from collections.abc import Mapping

import numpy as np


def map_leaves(visit, x, name):
    """x with visit(leaf, its name) in the place of each leaf; dicts, lists and tuples keep their form.

    A leaf is what becomes one node: a number, an array, or a list that is made of numbers alone.
    """
    if isinstance(x, Mapping):
        return {key: map_leaves(visit, each, f"{name}[{key!r}]") for key, each in x.items()}
    if not is_bundle(x):
        return visit(x, name)
    parts = [map_leaves(visit, each, f"{name}[{k}]") for k, each in enumerate(x)]
    return type(x)._make(parts) if hasattr(x, "_make") else type(x)(parts)


def is_bundle(x):
    """Whether x is a dict, or a list or tuple that holds something with axes, a node or a dict."""
    return isinstance(x, Mapping) or (isinstance(x, list | tuple) and any(map(_is_whole, x)))


def _is_whole(x):
    return is_bundle(x) or (isinstance(x, np.ndarray) and x.ndim > 0) or hasattr(x, "extend_graph")
