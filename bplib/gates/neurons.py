"""What neurons do with their sum: the activations, entry by entry.

Shapes: x any, out the same.
Sources, where a gate names none: CS231n, notes on neural networks.
"""

import math

from .. import values
from ..errors import InputError
from ..values import like
from .base import Elementwise, plain_number
from .entrywise import erf, exp, log, maximum


class Sigmoid(Elementwise):
    """out = 1 / (1 + e⁻ˣ), computed without overflow; written with out, the derivative is out · (1 − out)."""

    symbol = "σ"

    def forward(self, x):
        e = values.exp(-abs(x))
        return values.where(x >= 0, 1.0, e) / (1.0 + e)

    def local(self, out, x):
        return (out * (1.0 - out),)

    def opened(self, x):
        return 1.0 / (1.0 + exp(-x))


class Tanh(Elementwise):
    """out = tanh x; written with out, which forward has already paid for, the derivative is 1 − out²."""

    symbol = "tanh"

    def forward(self, x):
        return values.tanh(x)

    def local(self, out, x):
        return (1.0 - out * out,)

    def opened(self, x):
        e = exp(2.0 * x)
        return (e - 1.0) / (e + 1.0)


class Relu(Elementwise):
    """out = max(0, x).  The derivative at the kink x = 0 is taken as 0."""

    symbol = "relu"

    def forward(self, x):
        return values.maximum(x, 0.0)

    def local(self, out, x):
        return (values.where(x > 0, 1.0, 0.0),)

    def backward(self, upstream, out, x):
        return (like(upstream * (x > 0) + 0.0, x),)  # + 0.0 makes 0.0 of −0.0

    def opened(self, x):
        return maximum(0.0, x)


class LeakyRelu(Elementwise):
    """out = x for x > 0, else slope · x.  The derivative at the kink x = 0 is taken as slope.

    Raises InputError when slope is not a plain number.
    Source: A. Maas, A. Hannun, A. Ng, Rectifier nonlinearities improve neural network acoustic models, 2013.
    """

    symbol = "leaky relu"

    def __init__(self, slope=0.01):
        self.slope = plain_number(slope, "LeakyRelu: slope")

    def forward(self, x):
        return values.where(x > 0, x, self.slope * x)

    def local(self, out, x):
        return (values.where(x > 0, 1.0, self.slope),)


class Elu(Elementwise):
    """out = x for x > 0, else α (eˣ − 1); to the left of 0, and at 0, the derivative is α eˣ.

    Raises InputError when α is not a plain number.
    Source: D.-A. Clevert, T. Unterthiner, S. Hochreiter, Fast and accurate network learning by ELUs, 2016.
    """

    symbol = "elu"

    def __init__(self, alpha=1.0):
        self.alpha = plain_number(alpha, "Elu: alpha")

    def forward(self, x):
        return values.where(x > 0, x, self.alpha * values.expm1(values.minimum(x, 0.0)))

    def local(self, out, x):
        return (values.where(x > 0, 1.0, self.alpha * values.exp(values.minimum(x, 0.0))),)


class Softplus(Elementwise):
    """out = log(1 + eˣ), computed without overflow: a relu with a soft corner; its derivative is σ(x)."""

    symbol = "softplus"

    def forward(self, x):
        return values.maximum(x, 0.0) + values.log1p(values.exp(-abs(x)))

    def local(self, out, x):
        return (sigmoid(x),)

    def opened(self, x):
        return log(1.0 + exp(x))


class Gelu(Elementwise):
    """out = x Φ(x), Φ(x) = ½ (1 + erf(x/√2)) the share of a normal distribution that lies below x.

    The derivative is Φ(x) + x φ(x), φ(x) = Φ'(x) = e^−x²/2 / √(2π).
    approximate    True or "tanh": Φ(x) is taken as ½ (1 + tanh u), u = √(2/π) (x + 0.044715 x³)
    Raises InputError for another approximation.
    Source: D. Hendrycks, K. Gimpel, Gaussian error linear units, 2016.
    """

    symbol = "gelu"

    def __init__(self, approximate=False):
        self.approximate = {False: False, "none": False, True: True, "tanh": True}.get(approximate)
        if self.approximate is None:
            raise InputError(f"Gelu: approximate is False, True or 'tanh'; got {approximate!r}")

    def forward(self, x):
        return x * self._below(x)[0]

    def local(self, out, x):
        below, density = self._below(x)
        return (below + x * density,)

    def _below(self, x):
        """Φ(x) and φ(x)."""
        if self.approximate:
            root = math.sqrt(2.0 / math.pi)
            t = values.tanh(root * (x + 0.044715 * x * x * x))
            return 0.5 * (1.0 + t), 0.5 * (1.0 - t * t) * root * (1.0 + 3.0 * 0.044715 * x * x)
        return 0.5 * (1.0 + erf(x / math.sqrt(2.0))), values.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


sigmoid, tanh, softplus = Sigmoid(), Tanh(), Softplus()
relu, leaky_relu, elu, gelu = Relu(), LeakyRelu(), Elu(), Gelu()
