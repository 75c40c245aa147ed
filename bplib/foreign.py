"""Somebody else's rule as a gate: a student's class, written in the pure style or as the books write it.

pure    forward(*xs) -> out,  backward(upstream, out, *xs) -> downstream
book    forward(*xs) -> out,  backward(upstream) -> downstream, with what it needs kept in self
"""

import inspect

import numpy as np

from .errors import GraphError, ShapeError
from .gates import Gate


def as_gate(rule):
    """rule itself when it is a Gate, else rule (a class or an object with forward and backward) made one.

    Raises GraphError when forward or backward is missing.
    """
    if isinstance(rule, Gate):
        return rule
    if isinstance(rule, type):
        return as_gate(rule())
    return Foreign(rule)


class Foreign(Gate):
    """The gate that asks ``rule``. What rule returns is checked: one gradient an input, each of its shape."""

    def __init__(self, rule):
        for method in ("forward", "backward"):
            if not callable(getattr(rule, method, None)):
                raise GraphError(f"{type(rule).__name__} cannot be a gate: it has no method {method}()")
        self.rule = rule
        self.name = type(rule).__name__
        self.inputs = tuple(getattr(rule, "inputs", None) or inspect.signature(rule.forward).parameters)
        self.symbol = getattr(rule, "symbol", self.name)
        self.keeps_state = len(inspect.signature(rule.backward).parameters) == 1

    @property
    def parameters(self):
        return {}

    def forward(self, *xs):
        return self.rule.forward(*xs)

    def backward(self, upstream, out, *xs):
        got = self.rule.backward(upstream) if self.keeps_state else self.rule.backward(upstream, out, *xs)
        got = tuple(got) if isinstance(got, tuple | list) else (got,)
        if len(got) != len(xs):
            names = ", ".join(self.inputs)
            raise GraphError(f"{self.name}.backward: one gradient for each input ({names}); got {len(got)}")
        for name, x, gradient in zip(self.inputs, xs, got, strict=True):
            if gradient is not None and np.shape(gradient) != np.shape(x):
                raise ShapeError(
                    f"{self.name}.backward: a gradient has the shape of its variable; "
                    f"got d{name} {np.shape(gradient)}, {name} {np.shape(x)}"
                )
        return got

    def jvp(self, tangents, out, *xs):
        if hasattr(self.rule, "jvp"):
            return self.rule.jvp(tangents, out, *xs)
        raise GraphError(f"{self.name} has no jvp(): it cannot be used in forward mode")
