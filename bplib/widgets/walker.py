"""MLPWalker: a small network, layer by layer forward, and then back by the four equations BP1–BP4."""

import numpy as np
import traitlets

from ..draw.tables import Table, mimebundle_of_tables
from ..draw.wording import brief
from ..errors import GraphError, InputError
from ..gates import affine, quadratic_cost, sigmoid
from ..graph.node import apply
from ..graph.record import record
from ..graph.trace import plain
from ..networks.layers import Affine
from ..networks.network import MLP
from ..networks.nielsen import read_deltas, slope
from .base import Widget, can_be_sent, module, or_message, style

MOST_LAYERS, MOST_UNITS, MOST_SAMPLES = 4, 12, 8


class MLPWalker(Widget):
    """A network to walk through: ``MLPWalker(net, x, t)``, and ``MLPWalker()`` for the example of lesson 6.

    net     an MLP of up to 4 layers and 12 units in each, with an entrywise activation
    x, t    one sample, x (D,), or up to 8, x (N, D), and the targets that the net's loss asks for
    step    how many steps have run: 0 none, -1 all
    form    how the tables are turned: "book" samples in columns, as Nielsen, "code" samples in rows, as ours
    What cannot be shown (too large, NaN, shapes that do not fit) is said in its place.
    """

    _esm = module("walker")
    _css = style("table", "walker")
    remembers = ("step", "form")
    step = traitlets.Int().tag(sync=True)
    form = traitlets.Enum(("book", "code"), "book").tag(sync=True)

    def __init__(self, net=None, x=(1, 2), t=(0,), *, step=0, form="book"):
        data = or_message(lambda: walker_data(net or example(), x, t))
        if step < 0 and not data["message"]:
            step += len(data["steps"]) + 1
        super().__init__(data=data, step=step, form=form)

    def still(self):
        lines = [
            [self._table(f"{name}{_sup(l)}", role, layer[key]) for name, key, role in STILL]
            for l, layer in enumerate(self.data["layers"][1:], start=1)
        ]
        notes = [f"C = {brief(self.data['cost'])}. {TURNED[self.form]}"]
        sizes = " → ".join(map(str, self.data["sizes"]))
        return mimebundle_of_tables(f"A network {sizes}, forward and back", lines, notes)

    def _table(self, name, role, values):
        turned = np.transpose(values).tolist() if self.form == "book" else values
        return Table(name, role, turned, text_of=lambda _: brief)


TURNED = {
    "book": "Columns are samples; a weight's row is the neuron it goes to, as in the book.",
    "code": "Rows are samples; a weight's row is where it comes from: ∂C/∂w is the book's, transposed.",
}
STILL = [
    ("z", "z", "value"),
    ("a", "a", "value"),
    ("δ", "delta", "gradient"),
    ("∂C/∂b", "db", "gradient"),
    ("∂C/∂w", "dW", "gradient"),
]


def _sup(l):
    return "⁰¹²³⁴"[l]


def example():
    """The network of lesson 6, exact to the last digit at x = (1, 2): z = 0 and a = ½ everywhere."""
    net = MLP((2, 2, 1), sigmoid, quadratic_cost, output=sigmoid)
    net.params.update(W1=[[2, -1], [-1, 0.5]], W2=[[1], [-3]], b2=[1])
    return net


def walker_data(net, x, t):
    """Every number of one forward and one backward pass, layer by layer, as matrices whose rows are samples.

    {"sizes": [2, 2, 1], "samples": 1, "cost": 0.125,
     "layers": [{"a": x}, {"W", "b", "z", "a", "slope", "cost", "delta", "db", "dW", "activation"}, …],
         slope is σ'(z), cost ∂C/∂a, delta ∂C/∂z; W (n_in, n_out); b and db are one row; activation "sigmoid"
     "steps": [{"kind": "forward", "rule": "forward", "layer": 1}, …, {"kind": "backward", "rule": "BP4", …}]}
    Raises GraphError for what cannot be shown, InputError or ShapeError for x and t that do not fit.
    """
    _expect_small(net, x)
    if np.ndim(x) == 1:
        x, t = [x], [t]
    trace, activations = _walk(net, x, t)
    delta, depth = read_deltas(trace), len(net.sizes) - 1
    layers = [{"a": plain(trace.value["a0"])}]
    for l in range(1, depth + 1):
        z, activation = trace.value[f"z{l}"], activations[l - 1]
        a = f"a{l}" if activation else f"z{l}"
        layer = {
            "W": trace.value[f"W{l}"],
            "b": trace.value[f"b{l}"][None],
            "z": z,
            "a": trace.value[a],
            "slope": slope(z, activation) if activation else np.ones_like(z),
            "cost": trace.gradient[a],
            "delta": delta[l],
            "db": trace.gradient[f"b{l}"][None],
            "dW": trace.gradient[f"W{l}"],
        }
        layers.append({name: plain(matrix) for name, matrix in layer.items()})
        layers[l]["activation"] = activation.name.lower() if activation else ""
    data = {"sizes": list(net.sizes), "samples": len(x), "cost": float(trace.output), "layers": layers}
    if not can_be_sent(data):
        raise GraphError("MLPWalker: a number of this pass is infinite; choose smaller weights or inputs")
    return data | {"steps": _steps(depth)}


def _expect_small(net, x):
    if not isinstance(net, MLP):
        raise InputError(f"MLPWalker: net is an MLP; got {type(net).__name__}")
    samples = len(x) if np.ndim(x) > 1 else 1
    if len(net.sizes) - 1 > MOST_LAYERS or max(net.sizes) > MOST_UNITS or samples > MOST_SAMPLES:
        raise GraphError(
            f"MLPWalker: sizes {net.sizes} with N = {samples} are too large to read on a screen; it shows up "
            f"to {MOST_LAYERS} layers of {MOST_UNITS} units, and N = {MOST_SAMPLES}"
        )


def _walk(net, x, t):
    """The trace of the network's own gates, with the book's names, and the activation of each layer."""
    activations = []
    for layer in net.layers.values():
        if isinstance(layer, Affine):
            activations.append(None)
        elif not hasattr(layer.gate, "local"):
            raise GraphError(f"MLPWalker: BP1 and BP2 need σ'(z), and {layer.gate.name} is not entrywise")
        else:
            activations[-1] = layer.gate

    def cost(a0, **params):
        a = a0
        for l, activation in enumerate(activations, start=1):
            a = apply(affine, a, params[f"W{l}"], params[f"b{l}"], name=f"z{l}")
            a = apply(activation, a, name=f"a{l}") if activation else a
        return apply(net.last_layer.gate, a, t, name="C")

    return record(cost, a0=x, **net.params), activations


def _steps(depth):
    """Forward to the cost, the errors back from it, and then the gradients that they give."""
    up, down = range(1, depth + 1), range(depth, 0, -1)
    order = [("forward", l) for l in up] + [("BP1", depth)] + [("BP2", l) for l in down[1:]]
    order += [(rule, l) for l in down for rule in ("BP3", "BP4")]
    kind = {"forward": "forward"}
    return [{"kind": kind.get(rule, "backward"), "rule": rule, "layer": l} for rule, l in order]
