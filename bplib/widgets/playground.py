"""The Playground: one gate at a time, what it computes and how it passes a gradient on."""

from typing import NamedTuple

import numpy as np
import traitlets

from .. import gates
from ..draw import mimebundle
from ..errors import BplibError, InputError
from ..graph.record import record
from .base import Widget, module, or_message, style

REACH, STEP = 10.0, 0.1  # of the sliders, on both sides of 0


class Pattern(NamedTuple):
    """How a gate treats the gradient. Formulas are written in x, y and out."""

    gate: gates.Gate
    role: str
    says: str
    local: tuple  # ∂out/∂x, ∂out/∂y
    inputs: tuple
    upstream: tuple = (2.0,)


PATTERNS = {
    "add": Pattern(
        gates.add,
        "gradient distributor",
        "each input gets the upstream as it is",
        ("1", "1"),
        (3.0, 4.0),
    ),
    "multiply": Pattern(
        gates.multiply,
        "swap multiplier",
        "each input gets the upstream times the other input",
        ("y", "x"),
        (2.0, 3.0),
        (5.0,),
    ),
    "copy": Pattern(
        gates.Copy(2),
        "gradient adder",
        "what comes back along the branches is added up",
        ("1",),
        (7.0,),
        (4.0, 2.0),
    ),
    "maximum": Pattern(
        gates.maximum,
        "gradient router",
        "the larger input gets all of the upstream, the other nothing; at a tie x is taken",
        ("1 if x ≥ y else 0", "0 if x ≥ y else 1"),
        (4.0, 5.0),
        (9.0,),
    ),
    "subtract": Pattern(
        gates.subtract,
        "distributor with a sign",
        "x gets the upstream, y gets it with the sign reversed",
        ("1", "−1"),
        (3.0, 4.0),
    ),
    "divide": Pattern(
        gates.divide,
        "scaler by 1/y and by −out/y",
        "the smaller y is, the more of the upstream comes through",
        ("1 / y", "−out / y"),
        (3.0, 4.0),
    ),
    "negate": Pattern(gates.negate, "sign changer", "x gets the upstream times −1", ("−1",), (3.0,)),
    "reciprocal": Pattern(
        gates.reciprocal, "scaler by −1/x²", "which is minus its output squared", ("−out²",), (2.0,)
    ),
    "square": Pattern(gates.square, "scaler by 2x", "at 0 nothing comes through", ("2 · x",), (3.0,)),
    "sqrt": Pattern(gates.sqrt, "scaler by 1/(2√x)", "near 0 it grows without end", ("0.5 / out",), (4.0,)),
    "absolute": Pattern(
        gates.absolute,
        "scaler by the sign of x",
        "the upstream as it is or reversed; 0 at 0, by convention",
        ("sign(x)",),
        (-3.0,),
    ),
    "exp": Pattern(
        gates.exp, "scaler by e^x", "which is its own output, so nothing new is computed", ("out",), (1.0,)
    ),
    "log": Pattern(gates.log, "scaler by 1/x", "the derivative of log is 1/x", ("1 / x",), (2.0,)),
    "sin": Pattern(
        gates.sin, "scaler by cos x", "where sin is flat nothing comes through", ("cos(x)",), (1.0,)
    ),
    "cos": Pattern(
        gates.cos, "scaler by −sin x", "where cos is flat nothing comes through", ("−sin(x)",), (1.0,)
    ),
    "sigmoid": Pattern(
        gates.sigmoid,
        "scaler by out(1 − out)",
        "at most a quarter of the upstream comes through",
        ("out · (1 − out)",),
        (1.0,),
    ),
    "tanh": Pattern(
        gates.tanh,
        "scaler by 1 − out²",
        "all of it comes through at 0, little far from it",
        ("1 − out²",),
        (1.0,),
    ),
    "softplus": Pattern(
        gates.softplus,
        "scaler by σ(x)",
        "a smooth switch: shut far left, open far right",
        ("σ(x)",),
        (1.0,),
    ),
    "relu": Pattern(
        gates.relu,
        "switch",
        "open where x > 0, shut elsewhere; at 0 it is shut, by convention",
        ("1 if x > 0 else 0",),
        (3.0,),
    ),
    "leaky_relu": Pattern(
        gates.leaky_relu,
        "switch that leaks",
        "all of the upstream where x > 0, a hundredth of it elsewhere",
        ("1 if x > 0 else 0.01",),
        (-3.0,),
    ),
}


class Playground(Widget):
    """A gate to play with: ``Playground("multiply")``, or ``Playground("maximum", 4, 5, upstream=9)``.

    gate        one of the names in PATTERNS; the reader can choose another
    inputs      numbers for the gate, from −10 to 10; without them the example of the course
    upstream    a number, or for copy one for each of its two branches: (4, 2)

    ``playground.state`` follows the reader: {"gate", "inputs", "upstream"}.
    """

    _esm = module("playground")
    _css = style("graph", "playground")
    remembers = ("state",)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, gate="add", *inputs, upstream=None):
        data = {"gates": {}, "start": {}} | or_message(lambda: playground_data(gate, inputs, upstream))
        super().__init__(state=data.pop("start"), data=data)

    def still(self):
        name, inputs, upstream = (self.state[key] for key in ("gate", "inputs", "upstream"))
        pattern = PATTERNS[name]

        def out(**xs):
            return pattern.gate(*xs.values())

        given = dict(zip(pattern.gate.inputs, inputs, strict=True))
        try:
            bundle = mimebundle(record(out, upstream=np.squeeze(upstream), **given))
        except BplibError as error:  # the log of −1
            return {"text/plain": str(error)}
        said = f"{name}, the {pattern.role}: {pattern.says}."
        return bundle | {"text/plain": f"{said}\n\n{bundle['text/plain']}"}


def playground_data(gate="add", inputs=(), upstream=None):
    """What the browser needs: the gates with their words and examples, and the numbers to start with.

    {"gates": {"multiply": {"rule": "Multiply", "symbol": "×", "parameters": {}, "names": ["x", "y"],
                            "role", "says", "local": ["y", "x"], "inputs": [2, 3], "upstream": [5]}, …},
     "reach": 10, "step": 0.1,    of the sliders
     "start": {"gate", "inputs", "upstream"}}
    Raises InputError for a gate that is not here, or numbers that do not fit it.
    """
    if gate not in PATTERNS:
        raise InputError(f"Playground: there is no gate {gate!r} here; there are {', '.join(PATTERNS)}")
    pattern = PATTERNS[gate]
    inputs = _numbers("inputs", inputs or pattern.inputs, len(pattern.inputs))
    upstream = _numbers("upstream", pattern.upstream if upstream is None else upstream, len(pattern.upstream))
    return {
        "gates": {name: _described(pattern) for name, pattern in PATTERNS.items()},
        "reach": REACH,
        "step": STEP,
        "start": {"gate": gate, "inputs": inputs, "upstream": upstream},
    }


def _numbers(what, given, count):
    numbers = np.atleast_1d(np.asarray(given, dtype=float)).tolist()
    if len(numbers) != count or not all(abs(x) <= REACH for x in numbers):
        rule = f"{count} numbers" if count > 1 else "a number"
        raise InputError(f"Playground: {what} must be {rule} from −{REACH:g} to {REACH:g}; got {given!r}")
    return numbers


def _described(pattern):
    is_copy = isinstance(pattern.gate, gates.Copy)
    return {
        "rule": "Fork"
        if is_copy
        else pattern.gate.name,  # in gates.js a copy gate is Fork, for any number of branches
        "symbol": pattern.gate.symbol,
        "parameters": {} if is_copy else pattern.gate.parameters,
        "names": list(pattern.gate.inputs),
        "role": pattern.role,
        "says": pattern.says,
        "local": list(pattern.local),
        "inputs": list(pattern.inputs),
        "upstream": list(pattern.upstream),
    }
