"""The Stepper: run a graph one gate at a time, forward and then backward, with sliders on its inputs."""

import math
from contextlib import suppress
from itertools import chain, combinations

import traitlets

from ..draw import mimebundle
from ..errors import BplibError, GraphError, InputError
from ..graph.calling import inputs_of_any_name
from ..graph.detail import in_detail
from ..graph.engines import Theirs
from ..graph.record import record
from .base import Widget, can_be_sent, module, or_message, style
from .scalars import MOST_ENTRIES, MOST_GATES, browser_knows, pictures, sliders

MOST_KINDS = 2  # of composite gates with a switch each; more of them share one
NUMBERS = ("value", "gradient", "local", "downstream")
QUIZ = {"step": 0, "told": 0, "tried": False, "shaped": False, "asked": 0, "right": 0}


class Stepper(Widget):
    """A graph to step through: ``Stepper(f, x=-2, y=5, z=-4)`` shows f at these inputs.

    step      how many steps have run: 0 none, -1 all
    ranges    {"x": (low, high)} or {"x": (low, high, step)} for sliders that should not choose for themselves
    detail    what to draw as gates of its own: "copies" (copies and repeats), "Sigmoid" (a composite gate,
              opened), several in a list, True for all
    predict   each gradient stays hidden until the reader has guessed it
    engine    a class of your own that f runs on, as for record: the numbers shown are those of your engine
    inputs    a number gets a slider, an array stays as it is

    ``inputs``, ``step``, ``detail``, ``predict`` and ``all_digits`` follow the reader and can be set,
    ``trace`` is the Trace. A cell that runs again unchanged shows them as they were left.
    What cannot be shown (an output that is not a number, NaN, over 60 gates) is said in the picture's place.
    """

    _esm = module("stepper")
    _css = style("graph", "stepper")
    remembers = ("inputs", "step", "detail", "all_digits", "predict", "quiz", "numbers")
    inputs = traitlets.Dict().tag(sync=True, echo_update=False)  # late, an echo would move a slider back
    step = traitlets.Int().tag(sync=True)
    detail = traitlets.List(traitlets.Unicode()).tag(sync=True)
    all_digits = traitlets.Bool().tag(sync=True)
    predict = traitlets.Bool().tag(sync=True)
    quiz = traitlets.Dict(QUIZ).tag(sync=True)  # how many gradients of which step are told, and the score
    numbers = traitlets.List().tag(sync=True)  # of the nodes, where Python has found others than in data

    @inputs_of_any_name
    def __init__(self, f, inputs, /, *, step=0, ranges=None, detail=(), predict=False, engine=None):
        self._f, self._given, self._engine = f, inputs, engine
        nothing = {"sliders": [], "switches": [], "detail": []}
        data = nothing | or_message(lambda: stepper_data(self._recorded(inputs), ranges, detail))
        chosen = data.pop("detail")
        if step < 0 and not data["message"]:
            step += len(_shown(data, chosen)["trace"]["steps"]) + 2
        start = {slider["name"]: slider["value"] for slider in data["sliders"]}
        super().__init__(data=data, inputs=start, step=step, detail=chosen, predict=predict)
        self.observe(self._answer, ["inputs", "detail"])

    @property
    def trace(self):
        """The trace at the inputs that the sliders show."""
        return self._recorded(self._given | self.inputs)

    def _recorded(self, inputs):
        chosen = {} if self._engine is None else {"engine": self._engine}  # f may have an input of that name
        return record(self._f, **inputs, **chosen)

    @traitlets.validate("detail")
    def _in_order(self, proposal):
        return sorted(proposal["value"])

    def _answer(self, _):
        """After a slider or a switch has moved: what the browser does not find by itself."""
        now = or_message(lambda: {"trace": _brief(_readable(_detailed(self.trace, self.detail)))}, Exception)
        shown = _shown(self.data, self.detail)
        with self.hold_sync():
            if now["message"]:
                self.data = self.data | {"message": now["message"]}
            elif self.data["message"] or _structure(shown) != _structure(now):
                self.data = self.data | or_message(lambda: _graph(self.trace, self.detail), Exception)
                self.numbers = []
            elif self.data["computes"] == "kernel":
                self.numbers = [{what: node[what] for what in NUMBERS} for node in now["trace"]["nodes"]]

    def still(self):
        return mimebundle(_detailed(self.trace, self.detail))


def stepper_data(trace, ranges=None, detail=()):
    """What the browser needs to show a trace, as plain data.

    {"computes": "browser" or "kernel",    who answers a slider or a switch
     "switches": [{"name", "label"}],      what can be shown in more detail
     "detail": [name],                     the switches that are on
     "views": [{"detail", "trace": Trace.to_dict(), "picture", "down": see pictures}],
                                           all views for the browser, from the kernel the one that is shown;
                                           {"detail", "message"} where the detail cannot be shown
     "sliders": [{"name", "value", "low", "high", "step"}]}
    An array of more than 64 entries is sent as {"shape": [2, 3]}.
    Raises GraphError for what cannot be shown, InputError for a range or a detail that does not fit.
    """
    _readable(trace)
    names = sorted(switch["name"] for switch in _switches(trace))
    wanted = names if detail is True else [detail] if isinstance(detail, str) else sorted(set(detail))
    if unknown := sorted(set(wanted) - set(names)):
        can = ", ".join(names) or "none"
        raise InputError(f"Stepper: there is no detail {', '.join(unknown)} here; there is: {can}")
    return _graph(trace, wanted) | {"detail": wanted, "sliders": sliders(trace, ranges, "Stepper")}


def _graph(trace, detail):
    """The views of a trace: this one, which must be fit to be shown, and for the browser all others."""
    switches = _switches(trace)
    in_browser = browser_knows(trace)
    choices = _subsets(sorted(switch["name"] for switch in switches)) if in_browser else ()
    others = [names for names in map(list, choices) if names != detail]
    return {
        "computes": "browser" if in_browser else "kernel",
        "switches": switches,
        "views": [_view(trace, detail), *(_view_or_message(trace, names) for names in others)],
    }


def _subsets(names):
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def _view(trace, names):
    data = _readable(_detailed(trace, names))
    return {"detail": names, "trace": _brief(data)} | pictures(data)


def _view_or_message(trace, names):
    return {"detail": names} | or_message(lambda: _view(trace, names))


def _shown(data, detail):
    return next((view for view in data.get("views", ()) if view["detail"] == detail), None)


# ------------------------------------------------------------------------------------------ more detail


def _detailed(trace, names):
    """The trace with these switches on; one that belongs inside a closed gate changes nothing."""
    while here := [name for name in _composites(trace) if name in names or "composites" in names]:
        trace = in_detail(trace, copies=False, repeats=False, opened=here)
    return in_detail(trace) if "copies" in names else trace


def _composites(trace):
    """{name: symbol} of the gates that can be opened."""
    found = [node.gate for node in trace.names if hasattr(node.gate, "opened")]
    return {gate.name: gate.symbol for gate in found}


def _switches(trace):
    if any(isinstance(node.gate, Theirs) for node in trace.names):
        return []  # nothing is computed again: the numbers are those of somebody's engine
    kinds, opened = {}, trace
    with suppress(BplibError):  # a gate that fails when it is opened says so in its own view
        while fresh := {name: symbol for name, symbol in _composites(opened).items() if name not in kinds}:
            kinds |= fresh
            opened = in_detail(opened, copies=False, repeats=False, opened=list(fresh))
    labels = {name: f"{symbol} opened" for name, symbol in kinds.items()}
    if len(labels) > MOST_KINDS:
        labels = {"composites": "composite gates opened"}
    if len(in_detail(opened).names) > len(opened.names):
        labels = {"copies": "copy and repeat gates"} | labels
    return [{"name": name, "label": label} for name, label in labels.items()]


# -------------------------------------------------------------------------------------------- one trace


def _readable(trace):
    """Trace.to_dict(). Raises GraphError for what a screen has no room for, or the browser no number."""
    data = trace.to_dict()
    count = sum(node["kind"] == "gate" for node in data["nodes"])
    if count > MOST_GATES:
        raise GraphError(
            f"Stepper: {count} gates are too many to read on a screen; it shows up to {MOST_GATES}"
        )
    for what in NUMBERS:
        for node in data["nodes"]:
            if not can_be_sent(node[what]):
                raise GraphError(
                    f"Stepper: {node['name']}: its {what} is not finite here; choose other inputs"
                )
    return data


def _brief(data):
    """A trace without the entries that no one reads on a screen."""

    def of_node(node):
        alone = {what: _shape_if_large(node[what]) for what in ("value", "gradient")}
        lists = {
            what: node[what] and list(map(_shape_if_large, node[what])) for what in ("local", "downstream")
        }
        return node | alone | lists

    return data | {"nodes": [of_node(node) for node in data["nodes"]]}


def _shape_if_large(value):
    shape, entry = [], value
    while isinstance(entry, list):
        shape.append(len(entry))
        entry = entry[0] if entry else None
    return {"shape": shape} if math.prod(shape) > MOST_ENTRIES else value


def _structure(view):
    """All that stays as it is while sliders move, unless f takes another branch; None without a trace."""
    if not view or "trace" not in view:
        return None
    fixed = ("name", "gate", "parameters", "inputs", "shape")
    nodes = view["trace"]["nodes"]
    constants = [node["value"] for node in nodes if node["kind"] == "constant"]
    return constants, [[node[key] for key in fixed] for node in nodes]
