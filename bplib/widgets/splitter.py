"""The BranchSplitter: a value used twice, where the gradients that come back must be added."""

import traitlets

from ..draw import mimebundle
from ..draw.wording import number
from ..errors import GraphError
from ..graph.calling import inputs_of_any_name
from ..graph.numerical import numerical_gradient
from ..graph.record import record
from .base import Widget, module, or_message, style
from .scalars import gates_of, scalar_graph, sliders


class BranchSplitter(Widget):
    """A fork and its gradient: ``BranchSplitter(lambda a, b: (a + b) * (b + 1), a=2, b=1)``.

    overwrite    True shows what ``=`` in place of ``+=`` does: only the last gradient to arrive is left
    ranges       {"a": (low, high)} for sliders that should not choose for themselves

    ``splitter.inputs`` and ``splitter.overwrite`` follow the reader and can be set.
    What cannot be shown (arrays, no value used twice, gates of your own) is said in the widget's place.
    """

    _esm = module("splitter")
    _css = style("graph", "choice", "splitter")
    remembers = ("inputs", "overwrite")
    inputs = traitlets.Dict().tag(sync=True)
    overwrite = traitlets.Bool().tag(sync=True)

    @inputs_of_any_name
    def __init__(self, f, inputs, /, *, overwrite=False, ranges=None):
        self._f, self._given = f, inputs
        data = {"sliders": [], "made_of": []} | or_message(lambda: splitter_data(record(f, **inputs), ranges))
        start = {slider["name"]: slider["value"] for slider in data["sliders"]}
        super().__init__(data=data, inputs=start, overwrite=overwrite)
        self.observe(self._follow, "inputs")

    @property
    def trace(self):
        """The trace at the inputs that the sliders show."""
        return record(self._f, **self._given | self.inputs)

    def _follow(self, _):
        """After a slider moved: the browser computes, unless f takes another branch and has another graph."""
        shown = or_message(lambda: _forked(self.trace), Exception)
        if shown["message"] or self.data["message"] or shown["made_of"] != self.data["made_of"]:
            self.data = self.data | shown

    def still(self):
        trace = self.trace
        told = "\n".join(_in_words(self._f, trace, self._given))
        bundle = mimebundle(trace)
        return bundle | {"text/plain": f"{bundle['text/plain']}\n\n{told}"}


def splitter_data(trace, ranges=None):
    """What the browser needs: what scalar_graph has, {"made_of": […]} and {"sliders": […]}.

    made_of    the gates and constants: as long as they stay, the browser can go on without Python
    Raises GraphError where no value is used twice, for arrays and for gates that the browser has no rule for;
    InputError for a range that does not fit.
    """
    return _forked(trace) | {"sliders": sliders(trace, ranges, "BranchSplitter")}


def _forked(trace):
    graph = scalar_graph(trace, "BranchSplitter")
    if graph["computes"] == "kernel":
        raise GraphError("BranchSplitter knows bplib's own entrywise gates only; here is another one")
    if not _arrivals(trace):
        raise GraphError("BranchSplitter: no value of f is used twice, so no gradients meet; try x * x")
    return graph | {"made_of": list(gates_of(trace))}


def _arrivals(trace):
    """{name: [gradient, …]} of every value with several users, in the order in which they come back."""
    found = {node: [] for node in trace.names if node.kind != "constant"}
    for step in _backward(trace):
        for parent, part in zip(step.node.parents, step.downstream, strict=True):
            found.get(parent, []).append(part)
    return {trace.names[node]: parts for node, parts in found.items() if len(parts) > 1}


def overwritten(trace):
    """{name: gradient} if each gradient that arrives replaced the one before: ``=`` in place of ``+=``."""
    gradient = {}
    for step in _backward(trace):
        node, xs = step.node, [parent.value for parent in step.node.parents]
        upstream = gradient.setdefault(trace.names[node], 1.0)
        if node.gate:
            parts = node.gate.backward(upstream, node.value, *xs)
            gradient.update(zip((trace.names[parent] for parent in node.parents), parts, strict=True))
    return gradient


def _backward(trace):
    return [step for step in trace.steps if step.kind == "backward"]


def _in_words(f, trace, given):
    inputs = {name: trace.value[name] for node, name in trace.names.items() if node.kind == "input"}
    wrong = overwritten(trace)
    for name, parts in _arrivals(trace).items():
        arrived = " and ".join(map(number, parts))
        yield f"{name} is used {len(parts)} times; in this order come back {arrived}."
    for name, x in inputs.items():
        slope = numerical_gradient(lambda x, name=name: f(**given | inputs | {name: x}), x)
        right = number(trace.gradient[name])
        yield f"{name}: += gives {right}, = gives {number(wrong[name])}, nudging gives {number(slope)}"
