"""The Stepper: run a graph one gate at a time, forward and then backward, and turn its inputs with sliders."""

import math
from pathlib import Path

import numpy as np

from .. import gates
from ..derivatives import record
from ..draw import mimebundle
from ..draw.layout import layout
from ..errors import BplibError, GraphError, InputError, need

try:
    import anywidget
    import traitlets
except ImportError:
    raise need("anywidget", "course") from None

MOST_GATES = 60
STATIC = Path(__file__).parent / "static"
IMPORT = 'import { GATES, run } from "./gates.js";\n'


class Stepper(anywidget.AnyWidget):
    """A graph to step through: ``Stepper(f, x=-2, y=5, z=-4)`` shows f at these inputs.

    step      how many steps have run: 0 none, -1 all
    ranges    {"x": (low, high)} or {"x": (low, high, step)} for sliders that should not choose for themselves
    inputs    a number gets a slider, an array stays as it is

    ``stepper.inputs`` and ``stepper.step`` follow the reader and can be set; ``stepper.trace`` is the present Trace.
    What cannot be shown (an output that is not a number, NaN, over 60 gates) is said in the picture's place.
    """

    _esm = (STATIC / "gates.js").read_text() + (STATIC / "stepper.js").read_text().replace(IMPORT, "")
    _css = STATIC / "stepper.css"
    data = traitlets.Dict().tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)
    step = traitlets.Int().tag(sync=True)

    def __init__(self, f, /, *, step=0, ranges=None, **inputs):
        self._f, self._given = f, inputs
        try:
            data = stepper_data(self._record(inputs), ranges)
        except BplibError as error:
            data = {"message": str(error), "sliders": []}
        if step < 0 and "trace" in data:
            step += len(data["trace"]["steps"]) + 2
        start = {slider["name"]: slider["value"] for slider in data["sliders"]}
        super().__init__(data=data, inputs=start, step=step)
        self.observe(self._answer, "inputs")

    @property
    def trace(self):
        """The trace at the inputs that the sliders show."""
        return self._record(self._given | self.inputs)

    def _record(self, inputs):
        return record(self._f, **inputs)

    def _answer(self, _):
        """After a slider moved: new numbers where Python computes them, a new graph where f took another branch."""
        try:
            shown = _graph(self.trace)
        except BplibError as error:
            shown = {"message": str(error)}
        if "trace" not in shown or shown["computes"] == "kernel" or _structure(shown) != _structure(self.data):
            self.data = self.data | shown

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        still = {"text/plain": self.data["message"]} if self.data["message"] else mimebundle(self.trace)
        return data | still, metadata


def stepper_data(trace, ranges=None):
    """What the browser needs to show a trace, as plain data.

    {"message": "", "trace": Trace.to_dict(), "picture": layout(…),
     "computes": "browser" or "kernel",   who answers a slider
     "sliders": [{"name", "value", "low", "high", "step"}]}
    Raises GraphError for what cannot be shown, InputError for a range that does not fit.
    """
    shown = _graph(trace)
    numbers = {n["name"]: n["value"] for n in shown["trace"]["nodes"] if n["kind"] == "input" and not n["shape"]}
    ranges = ranges or {}
    if unknown := sorted(set(ranges) - set(numbers)):
        raise InputError(f"Stepper: ranges names {', '.join(unknown)}; the inputs are {', '.join(numbers)}")
    return shown | {"sliders": [_slider(name, value, ranges.get(name)) for name, value in numbers.items()]}


def _graph(trace):
    data = trace.to_dict()
    count = sum(node["kind"] == "gate" for node in data["nodes"])
    if count > MOST_GATES:
        raise GraphError(f"Stepper: this graph has {count} gates, and up to {MOST_GATES} can be read on a screen")
    for node in data["nodes"]:
        if not np.isfinite(node["value"]).all():
            raise GraphError(f"Stepper: {node['name']} is not finite ({node['value']}): choose other inputs")
    return {
        "message": "",
        "trace": data,
        "picture": layout(data),
        "computes": "browser" if _all_in_browser(trace, data) else "kernel",
    }


def _all_in_browser(trace, data):
    """The browser knows the elementwise gates of gates.py, for numbers; arrays and your own gates need Python."""
    used = {type(step.node.gate) for step in trace.steps if step.node.gate}
    known = all(issubclass(gate, gates.Elementwise) and gate.__module__ == gates.__name__ for gate in used)
    return known and not any(node["shape"] for node in data["nodes"])


def _structure(shown):
    """All that stays as it is while sliders move, unless f takes another branch."""
    return shown.get("message"), [
        (node["name"], node["gate"], node["parameters"], node["inputs"], node["kind"] == "constant" and node["value"])
        for node in shown["trace"]["nodes"]
    ]


def _slider(name, value, limits):
    reach = _round_up(2 * abs(value)) or 1.0
    low, high, *step = limits or (-reach, reach)
    if not low <= value <= high:
        raise InputError(f"Stepper: {name} = {value:g} lies outside its range ({low:g}, {high:g})")
    return {"name": name, "value": value, "low": low, "high": high, "step": step[0] if step else (high - low) / 200}


def _round_up(x):
    """The next of … 1, 2, 5, 10, 20 …; 0 for 0."""
    if x == 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(x))
    return next(m * power for m in (1, 2, 5, 10) if x <= m * power)
