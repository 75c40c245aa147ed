"""DeepSignals: what becomes of values going forth and of gradients coming back, layer by layer.

The browser computes at once what Python computes here: the same random numbers (static/signals.js), the same
rules (static/gates.js). A test keeps the two equal.
"""

import math

import numpy as np
import traitlets

from .. import gates
from ..draw.chart import Chart
from ..draw.panels import mimebundle_of_panels
from ..draw.wording import number
from ..errors import InputError
from .base import Widget, module, or_message, style

WIDTH, BATCH, SHALLOWEST, DEEPEST = 64, 32, 2, 50
HE = math.sqrt(2.0)
SCALES = (
    0.08,
    0.1,
    0.2,
    0.3,
    0.5,
    0.7,
    0.8,
    0.9,
    1.0,
    1.1,
    1.2,
    1.3,
    HE,
    1.5,
    1.6,
    1.8,
    2.0,
    2 * HE,
    4.0,
    8.0,
)
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu")
SHUT = 0.01  # a local derivative below this lets next to nothing through


class DeepSignals(Widget):
    """A deep network at its start: ``DeepSignals("relu", scale=1.4, depth=10)``.

    activation    one of sigmoid, tanh, relu, leaky_relu, elu, gelu
    scale         the weights of 64 inputs have the standard deviation scale / √64; the nearest of 0.08 … 8
                  is taken: 1 keeps the sums of unit inputs at 1, √2 is He's
    depth         2 to 50 layers of 64 neurons, 32 random samples, a random gradient at the end
    layer         the layer whose values are counted, from 1

    All of them follow the reader and can be set. The browser computes.
    """

    _esm = module("deep")
    _css = style("plot", "choice", "deep")
    remembers = ("activation", "scale", "depth", "layer")
    activation = traitlets.Unicode().tag(sync=True)
    scale = traitlets.Float().tag(sync=True)
    depth = traitlets.Int().tag(sync=True)
    layer = traitlets.Int().tag(sync=True)

    def __init__(self, activation="sigmoid", scale=1.0, depth=10, layer=1):
        data = {"start": {}} | or_message(lambda: deep_data(activation, scale, depth, layer))
        super().__init__(data=data, **data["start"])

    def still(self):
        layers, _ = signals(self.activation, self.scale, self.depth)
        charts = [
            _chart("spread of the values", "value", [each["spread"] for each in layers]),
            _chart("size of dW", "gradient", [each["gradient"] for each in layers]),
        ]
        title = f"{self.depth} layers of {self.activation}, weights of scale {number(self.scale)}"
        return mimebundle_of_panels(title, charts, _in_words(layers))


def deep_data(activation="sigmoid", scale=1.0, depth=10, layer=1):
    """What the browser needs: the sizes, what one can choose, and what is chosen at the start.

    {"width": 64, "batch": 32, "depths": [2, 50], "scales": [0.08, …, 8], "shut": 0.01,
     "activations": {"sigmoid": {"rule": "Sigmoid", "parameters": {}}, …},
     "start": {"activation", "scale", "depth", "layer"}}
    Raises InputError for what cannot be chosen.
    """
    if activation not in ACTIVATIONS:
        raise InputError(f"DeepSignals: activation is one of {', '.join(ACTIVATIONS)}; got {activation!r}")
    if not isinstance(depth, int | np.integer) or not SHALLOWEST <= depth <= DEEPEST:
        raise InputError(
            f"DeepSignals: depth is a whole number from {SHALLOWEST} to {DEEPEST}; got {depth!r}"
        )
    if not isinstance(layer, int | np.integer) or not 1 <= layer <= depth:
        raise InputError(f"DeepSignals: layer is a whole number from 1 to depth = {depth}; got {layer!r}")
    if not isinstance(scale, int | float | np.number) or not 0 < scale < np.inf:
        raise InputError(f"DeepSignals: scale must be a positive number; got {scale!r}")
    scale = min(SCALES, key=lambda each: abs(math.log(each / scale)))
    return {
        "width": WIDTH,
        "batch": BATCH,
        "depths": [SHALLOWEST, DEEPEST],
        "scales": list(SCALES),
        "shut": SHUT,
        "activations": {name: _rule(getattr(gates, name)) for name in ACTIVATIONS},
        "start": {"activation": activation, "scale": scale, "depth": int(depth), "layer": int(layer)},
    }


def _rule(gate):
    return {"rule": gate.name, "parameters": gate.parameters}


def signals(activation, scale, depth):
    """One pass forth and back: for each layer {"spread", "gradient", "shut"}, and its values, (batch, width).

    spread      the standard deviation of its values
    gradient    ‖dW‖, the root of the sum of squares of its weights' gradient
    shut        the share of local derivatives below 0.01
    """
    f, size = getattr(gates, activation), BATCH * WIDTH
    x, upstream = normals(0, size).reshape(BATCH, WIDTH), normals(size, size).reshape(BATCH, WIDTH) / BATCH
    W = normals(2 * size, depth * WIDTH * WIDTH).reshape(depth, WIDTH, WIDTH) * (scale / math.sqrt(WIDTH))
    values, slopes = [x], []
    for k in range(depth):
        z = values[-1] @ W[k]
        values.append(f.forward(z))
        slopes.append(f.local(values[-1], z)[0])
    layers = []
    for k in reversed(range(depth)):
        delta = upstream * slopes[k]
        upstream = delta @ W[k].T
        layers.append(
            {
                "spread": float(values[k + 1].std()),
                "gradient": float(np.linalg.norm(values[k].T @ delta)),
                "shut": float(np.mean(np.abs(slopes[k]) < SHUT)),
            }
        )
    return layers[::-1], values[1:]


def normals(start, count):
    """The standard normal numbers start, start + 1, … of one fixed sequence, which the browser has too.

    Source: G. Box and M. Muller, 1958, on the uniform numbers of mulberry32 (T. Ettinger, public domain).
    """
    places = 2 * np.arange(start, start + count)
    return np.sqrt(-2.0 * np.log(_uniform(places))) * np.cos(2.0 * np.pi * _uniform(places + 1))


def _uniform(places):
    """A number between 0 and 1 for each of them; whole numbers of 32 bits wrap around."""
    a = (places + 1).astype(np.uint32) * np.uint32(0x6D2B79F5)
    t = (a ^ (a >> np.uint32(15))) * (a | np.uint32(1))
    t = t ^ (t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61)))
    return ((t ^ (t >> np.uint32(14))) + 0.5) / 2.0**32


def _chart(title, role, sizes):
    """A curve over the layers, its height in powers of ten."""
    points = [(k, math.log10(max(size, 1e-300))) for k, size in enumerate(sizes, start=1)]
    low, high = math.floor(min(y for _, y in points)), math.ceil(max(y for _, y in points))
    high = max(high, low + 2)
    every = math.ceil((high - low) / 6)
    ticks = {power: f"1e{power}".replace("-", "−") for power in range(low, high + 1, every)}
    ends = {1: "1", len(sizes): str(len(sizes))}
    curve = (f"{title}, layer by layer", role, points, role == "gradient")
    return Chart(title, (1, len(sizes)), (low, high), ends, ticks, (curve,))


def _in_words(layers):
    first, last = layers[0], layers[-1]
    return [
        f"Forth: the values have a spread of {number(first['spread'])} in layer 1 and of "
        f"{number(last['spread'])} in layer {len(layers)}.",
        f"Back: the size of dW is {number(last['gradient'])} in layer {len(layers)} and "
        f"{number(first['gradient'])} in layer 1.",
        f"Local derivatives below {SHUT}: {first['shut']:.0%} in layer 1, {last['shut']:.0%} in the last.",
    ]
