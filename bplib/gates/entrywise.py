"""Gates that work entry by entry: y[i] depends on x[i] alone, so the Jacobian is a diagonal, never formed.

Each states its local derivatives; Elementwise.backward multiplies them by the upstream.

Shapes: x any, out the same; two inputs broadcast, and raise ShapeError where they do not.
Sources, where a gate names none: CS231n, notes on backpropagation; A. Karpathy, micrograd.
"""

import math

from .. import values
from ..errors import InputError
from ..values import like
from .base import Elementwise, is_node, plain_number

# ------------------------------------------------------------------------------------- arithmetic


class Add(Elementwise):
    """out = x + y.  The gradient distributor: each input gets the upstream as it is."""

    inputs, symbol = ("x", "y"), "+"

    def forward(self, x, y):
        return x + y

    def local(self, out, x, y):
        return 1.0, 1.0


class Subtract(Elementwise):
    """out = x − y."""

    inputs, symbol = ("x", "y"), "−"

    def forward(self, x, y):
        return x - y

    def local(self, out, x, y):
        return 1.0, -1.0


class Multiply(Elementwise):
    """out = x · y.  The switcher: each input gets the upstream times the other input."""

    inputs, symbol = ("x", "y"), "×"

    def forward(self, x, y):
        return x * y

    def local(self, out, x, y):
        return y, x


class Divide(Elementwise):
    """out = x / y."""

    inputs, symbol = ("x", "y"), "÷"

    def forward(self, x, y):
        return values.divide(x, y)

    def local(self, out, x, y):
        return values.divide(1.0, y), values.divide(-out, y)


class Negate(Elementwise):
    """out = −x."""

    symbol = "neg"

    def forward(self, x):
        return -x

    def local(self, out, x):
        return (-1.0,)


class Reciprocal(Elementwise):
    """out = 1 / x, and d(1/x)/dx = −1/x² = −out²."""

    symbol = "1/x"

    def forward(self, x):
        return values.divide(1.0, x)

    def local(self, out, x):
        return (-out * out,)


class Square(Elementwise):
    """out = x²."""

    symbol = "x²"

    def forward(self, x):
        return x * x

    def local(self, out, x):
        return (2.0 * x,)


class Power(Elementwise):
    """out = xⁿ for a fixed number n.

    Raises InputError when n is not a plain number: for a variable exponent write exp(n * log(x)).
    """

    symbol = "xⁿ"

    def __init__(self, exponent):
        self.exponent = plain_number(exponent, "Power: the exponent", "; write exp(n * log(x))")

    def forward(self, x):
        return values.power(x, self.exponent)

    def local(self, out, x):
        return (self.exponent * values.power(x, self.exponent - 1.0) if self.exponent else 0.0,)


class Sqrt(Elementwise):
    """out = √x for x ≥ 0; the derivative 1 / (2 √x) is infinite at 0."""

    symbol = "√"

    def forward(self, x):
        return values.sqrt(x)

    def local(self, out, x):
        return (values.divide(0.5, out),)


class Abs(Elementwise):
    """out = |x|, and the derivative is the sign of x; at the kink x = 0 it is taken as 0."""

    symbol = "|x|"

    def forward(self, x):
        return abs(x)

    def local(self, out, x):
        return (values.where(x > 0, 1.0, values.where(x < 0, -1.0, 0.0)),)


# ------------------------------------------------------------------------- functions of one number


class Exp(Elementwise):
    """out = eˣ, its own derivative."""

    symbol = "exp"

    def forward(self, x):
        return values.exp(x)

    def local(self, out, x):
        return (out,)


class Log(Elementwise):
    """out = log x, to the base e."""

    symbol = "log"

    def forward(self, x):
        return values.log(x)

    def local(self, out, x):
        return (values.divide(1.0, x),)


class Sin(Elementwise):
    """out = sin x, with x in radians."""

    symbol = "sin"

    def forward(self, x):
        return values.sin(x)

    def local(self, out, x):
        return (values.cos(x),)


class Cos(Elementwise):
    """out = cos x, with x in radians."""

    symbol = "cos"

    def forward(self, x):
        return values.cos(x)

    def local(self, out, x):
        return (-values.sin(x),)


class Tan(Elementwise):
    """out = tan x, with x in radians; written with out, the derivative is 1 + out²."""

    symbol = "tan"

    def forward(self, x):
        return values.tan(x)

    def local(self, out, x):
        return (1.0 + out * out,)


class Arctan(Elementwise):
    """out = arctan x, the angle between −π/2 and π/2 whose tangent is x; the derivative is 1 / (1 + x²)."""

    symbol = "arctan"

    def forward(self, x):
        return values.arctan(x)

    def local(self, out, x):
        return (values.divide(1.0, 1.0 + x * x),)


class Sinh(Elementwise):
    """out = sinh x = (eˣ − e⁻ˣ) / 2."""

    symbol = "sinh"

    def forward(self, x):
        return values.sinh(x)

    def local(self, out, x):
        return (values.cosh(x),)


class Cosh(Elementwise):
    """out = cosh x = (eˣ + e⁻ˣ) / 2."""

    symbol = "cosh"

    def forward(self, x):
        return values.cosh(x)

    def local(self, out, x):
        return (values.sinh(x),)


class Expm1(Elementwise):
    """out = eˣ − 1, with all its digits near x = 0; the derivative is eˣ = out + 1."""

    symbol = "eˣ − 1"

    def forward(self, x):
        return values.expm1(x)

    def local(self, out, x):
        return (values.exp(x),)


class Log1p(Elementwise):
    """out = log(1 + x) for x > −1, with all its digits near x = 0."""

    symbol = "log(1 + x)"

    def forward(self, x):
        return values.log1p(x)

    def local(self, out, x):
        return (values.divide(1.0, 1.0 + x),)


class Erf(Elementwise):
    """out = erf x = 2/√π ∫₀ˣ e^−s² ds, and the derivative is 2/√π e^−x².

    Exact to the last digits, entry by entry: the standard library's math.erf, since numpy has none.
    """

    symbol = "erf"

    def forward(self, x):
        return values.erf(x)

    def local(self, out, x):
        return (2.0 / math.sqrt(math.pi) * values.exp(-x * x),)


# ------------------------------------------------------------------------------------------- choices


class Max(Elementwise):
    """out = max(x, y).  The router: all of the upstream goes to the larger input; at a tie, to x.

    A plain number that meets a node counts as the first of the two, so max(x, 0) is relu(x) at 0 too.
    """

    inputs, symbol = ("x", "y"), "max"

    def forward(self, x, y):
        return values.maximum(x, y)

    def chooses_x(self, x, y):
        return x >= y

    def local(self, out, x, y):
        to_x = self.chooses_x(x, y)
        return values.where(to_x, 1.0, 0.0), values.where(to_x, 0.0, 1.0)

    def backward(self, upstream, out, x, y):
        to_x = self.chooses_x(x, y)
        return like(values.where(to_x, upstream, 0.0), x), like(values.where(to_x, 0.0, upstream), y)

    def __call__(self, *xs, **options):
        return super().__call__(*sorted(xs, key=is_node), **options)


class Min(Max):
    """out = min(x, y).  All of the upstream goes to the smaller input; ties are those of max."""

    symbol = "min"

    def forward(self, x, y):
        return values.minimum(x, y)

    def chooses_x(self, x, y):
        return x <= y


class Clip(Elementwise):
    """out = x, but not below low and not above high; None is no bound.

    The derivative is 1 strictly between the bounds, else 0: at the kinks too, as for relu.
    Raises InputError when a bound is not a plain number, or low is above high.
    """

    symbol = "clip"

    def __init__(self, low=None, high=None):
        self.low = None if low is None else plain_number(low, "Clip: low")
        self.high = None if high is None else plain_number(high, "Clip: high")
        if not self._bounds[0] <= self._bounds[1]:
            raise InputError(f"Clip: low must not be above high, got low {low}, high {high}")

    @property
    def _bounds(self):
        return -math.inf if self.low is None else self.low, math.inf if self.high is None else self.high

    def forward(self, x):
        low, high = self._bounds
        return values.minimum(values.maximum(x, low), high)

    def local(self, out, x):
        low, high = self._bounds
        return (values.where((x > low) & (x < high), 1.0, 0.0),)


add, subtract, multiply, divide = Add(), Subtract(), Multiply(), Divide()
negate, reciprocal, square, sqrt, absolute = Negate(), Reciprocal(), Square(), Sqrt(), Abs()
exp, log, sin, cos, tan = Exp(), Log(), Sin(), Cos(), Tan()
arctan, sinh, cosh, expm1, log1p, erf = Arctan(), Sinh(), Cosh(), Expm1(), Log1p(), Erf()
maximum, minimum, clip = Max(), Min(), Clip()


def power(x, exponent):
    """xⁿ for a fixed number n."""
    return Power(exponent)(x)
