"""The Stepper: run a graph one gate at a time, forward and then backward, with sliders on its inputs."""

import json
import math
from pathlib import Path

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


def one_module():
    """gates.js and stepper.js as the one module that anywidget takes: the import between them falls away."""
    gates_js, stepper_js = ((STATIC / name).read_text("utf-8") for name in ("gates.js", "stepper.js"))
    return gates_js + stepper_js.replace('import { GATES, run } from "./gates.js";', "")


class Stepper(anywidget.AnyWidget):
    """A graph to step through: ``Stepper(f, x=-2, y=5, z=-4)`` shows f at these inputs.

    step      how many steps have run: 0 none, -1 all
    ranges    {"x": (low, high)} or {"x": (low, high, step)} for sliders that should not choose for themselves
    inputs    a number gets a slider, an array stays as it is

    ``stepper.inputs`` and ``stepper.step`` follow the reader and can be set, ``stepper.trace`` is the Trace.
    What cannot be shown (an output that is not a number, NaN, over 60 gates) is said in the picture's place.
    """

    _esm = one_module()
    _css = STATIC / "stepper.css"
    data = traitlets.Dict().tag(sync=True)
    inputs = traitlets.Dict().tag(sync=True)
    step = traitlets.Int().tag(sync=True)

    def __init__(self, f, /, *, step=0, ranges=None, **inputs):
        self._f, self._given = f, inputs
        try:
            data = stepper_data(record(f, **inputs), ranges)
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
        return record(self._f, **self._given | self.inputs)

    def _answer(self, _):
        """After a slider moved: Python's numbers, unless the browser has found the same by itself."""
        try:
            shown = _graph(self.trace)
        except Exception as error:  # here nobody would see it raised
            shown = {"message": f"{type(error).__name__}: {error}"}
        computed_there = shown.get("computes") == "browser" and not self.data["message"]
        if not computed_there or _structure(shown) != _structure(self.data):
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
    inputs = [node for node in shown["trace"]["nodes"] if node["kind"] == "input"]
    numbers = {node["name"]: node["value"] for node in inputs if not node["shape"]}
    ranges = ranges or {}
    if unknown := sorted(set(ranges) - set(numbers)):
        raise InputError(f"Stepper: ranges names {', '.join(unknown)}; the inputs are {', '.join(numbers)}")
    return shown | {"sliders": [_slider(name, value, ranges.get(name)) for name, value in numbers.items()]}


def _graph(trace):
    data = trace.to_dict()
    count = sum(node["kind"] == "gate" for node in data["nodes"])
    if count > MOST_GATES:
        raise GraphError(
            f"Stepper: {count} gates are too many to read on a screen; it shows up to {MOST_GATES}"
        )
    for what in ("value", "gradient", "local", "downstream"):
        for node in data["nodes"]:
            if not _can_be_sent(node[what]):
                raise GraphError(
                    f"Stepper: {node['name']}: its {what} is not finite here; choose other inputs"
                )
    return {
        "message": "",
        "trace": data,
        "picture": layout(data),
        "computes": "browser" if _all_in_browser(trace, data) else "kernel",
    }


def _can_be_sent(numbers):
    """JSON has no NaN and no infinity."""
    try:
        json.dumps(numbers, allow_nan=False)
    except ValueError:
        return False
    return True


def _all_in_browser(trace, data):
    """The browser knows the entrywise gates of bplib, for numbers; all else is Python's."""
    used = {type(step.node.gate) for step in trace.steps if step.node.gate}
    ours = all(getattr(gates, gate.__name__, None) is gate for gate in used)
    entrywise = all(issubclass(gate, gates.Elementwise) for gate in used)
    return ours and entrywise and not any(node["shape"] for node in data["nodes"])


def _structure(shown):
    """All that stays as it is while sliders move, unless f takes another branch."""
    fixed = ("name", "gate", "parameters", "inputs")
    nodes = shown["trace"]["nodes"]
    constants = [node["value"] for node in nodes if node["kind"] == "constant"]
    return constants, [[node[key] for key in fixed] for node in nodes]


def _slider(name, value, limits):
    """By itself a slider reaches to twice the value or a little more, on both sides of 0, in handy steps."""
    unit = 10.0 ** math.floor(math.log10(abs(value))) if value else 1.0
    reach = next(unit * m for m in (2, 5, 10, 20) if 2 * abs(value) <= unit * m)
    low, high, *step = limits or (-reach, reach, unit / 20)
    step = step[0] if step else (high - low) / 200
    if not low <= value <= high:
        raise InputError(f"Stepper: {name} = {value:g} lies outside its range ({low:g}, {high:g})")
    return {"name": name, "value": value, "low": low, "high": high, "step": step}
