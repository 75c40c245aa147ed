"""Somebody else's rule as a gate: a student's class, written in the pure style or as the books write it.

pure    forward(*xs) -> out,  backward(upstream, out, *xs) -> downstream
book    forward(*xs) -> out,  backward(upstream) -> downstream, with what it needs kept in self
"""

import inspect
from contextlib import suppress

import numpy as np

from ..errors import GraphError, ShapeError
from ..gates import Gate
from ..names import ELSEWHERE
from ..values import as_value

TARGETS = ("t", "target", "targets", "label", "labels")  # in somebody's own rule, inputs that are given


def as_gate(rule):
    """rule itself when it is a Gate, else rule (a class or an object with forward and backward) made one.

    Raises GraphError when forward or backward is missing.
    """
    if isinstance(rule, Gate):
        return rule
    if isinstance(getattr(rule, "pure", None), Gate):  # a layer without parameters: the rule, not the memory
        return rule.pure
    if isinstance(rule, type):
        return as_gate(rule())
    return Foreign(rule)


class Foreign(Gate):
    """The gate that asks ``rule``. What rule returns is checked: one gradient an input, each of its shape.

    Inputs are the arguments of rule.forward that have no default, unless rule.inputs names them. A forward of
    any number of arguments, *xs, has the inputs xs1, xs2, … as soon as it is handed some.
    """

    def __init__(self, rule):
        for method in ("forward", "backward"):
            if not callable(getattr(rule, method, None)):
                raise GraphError(f"{type(rule).__name__} cannot be a gate: it has no method {method}()")
        if _without_default(rule.forward)[:1] == ["ctx"]:
            raise GraphError(f"{type(rule).__name__}: {ELSEWHERE['Function']}")
        self.rule = rule
        self.inputs = tuple(getattr(rule, "inputs", None) or _without_default(rule.forward))
        self.targets = tuple(
            getattr(rule, "targets", ()) or (name for name in self.inputs if name in TARGETS)
        )
        self.symbol = getattr(rule, "symbol", self.name)
        self.keeps_state = len(inspect.signature(rule.backward).parameters) == 1

    def expect_inputs(self, xs):
        kinds = {each.name: each.kind for each in inspect.signature(self.rule.forward).parameters.values()}
        if len(self.inputs) == 1 and kinds.get(self.inputs[0]) is inspect.Parameter.VAR_POSITIONAL:
            self.inputs = tuple(f"{self.inputs[0]}{k}" for k in range(1, len(xs) + 1))
        super().expect_inputs(xs)

    @property
    def name(self):
        return type(self.rule).__name__

    @property
    def parameters(self):
        return {}

    def forward(self, *xs):
        out = self.rule.forward(*xs)
        if self.keeps_state:
            with suppress(AttributeError, TypeError):  # a rule without room for it is trusted
                object.__setattr__(self.rule, "_last_inputs", xs)  # a frozen dataclass has no other way
        return out

    def explain(self, error, xs):
        """What a rule of somebody else raises stays as it is."""

    def backward(self, upstream, out, *xs):
        self._expect_memory_of(xs)
        got = self.answers(upstream, out, *xs)
        if all(gradient is None for gradient in got):
            raise GraphError(f"{self.name}.backward returned no gradient: return {self._wanted()}")
        return tuple(self._checked(*each) for each in zip(self.inputs, xs, got, strict=True))

    def answers(self, upstream, out, *xs):
        """What rule.backward returns, one entry for each input, None where it does not answer."""
        got = self.rule.backward(upstream) if self.keeps_state else self.rule.backward(upstream, out, *xs)
        if got is None or got is Ellipsis:
            return (None,) * len(xs)
        got = tuple(got) if isinstance(got, tuple | list) else (got,)
        if len(got) == len(xs) - len(self.targets):  # a loss may answer for what is learned alone
            learned = iter(got)
            got = tuple(None if name in self.targets else next(learned) for name in self.inputs)
        if len(got) != len(xs):
            raise GraphError(f"{self.name}.backward: return {self._wanted()}; got {len(got)}")
        return got

    def _expect_memory_of(self, xs):
        """A rule with a memory answers for its last forward pass, wherever in the graph that was."""
        last = getattr(self.rule, "_last_inputs", xs) if self.keeps_state else xs
        if not all(x is y or np.array_equal(x, y) for x, y in zip(xs, last, strict=True)):
            raise GraphError(
                f"{self.name}.backward: this object remembers its last forward pass alone, and that was at "
                f"another place or for other inputs. Make one object for each place, or write a rule without "
                f"memory, backward(upstream, out, *xs)"
            )

    def _wanted(self):
        return f"one gradient for each input ({', '.join(self.inputs)})"

    def _checked(self, name, x, gradient):
        if gradient is None:
            return None
        if not hasattr(gradient, "extend_graph"):  # a node comes from nodes, in a second derivative
            gradient = as_value(gradient, f"{self.name}.backward: d{name}")
        if np.shape(gradient) != np.shape(x):
            raise ShapeError(
                f"{self.name}.backward: a gradient has the shape of its variable; "
                f"got d{name} {np.shape(gradient)}, {name} {np.shape(x)}"
            )
        return gradient

    def jvp(self, tangents, out, *xs):
        if hasattr(self.rule, "jvp"):
            return self.rule.jvp(tangents, out, *xs)
        raise GraphError(f"{self.name} has no jvp(): it cannot be used in forward mode")


def _without_default(function):
    parameters = inspect.signature(function).parameters.values()
    return [parameter.name for parameter in parameters if parameter.default is parameter.empty]
