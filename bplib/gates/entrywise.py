"""Gates that work entry by entry: y[i] depends on x[i] alone, so the Jacobian is a diagonal, never formed.

Each states its local derivatives; Elementwise.backward multiplies them by the upstream.

Shapes: x any, out the same; two inputs broadcast, and raise ShapeError where they do not.
Sources, where a gate names none: CS231n, notes on backpropagation; A. Karpathy, micrograd.
"""

from .. import values
from ..values import like
from .base import Elementwise, plain_number

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
        return (self.exponent * values.power(x, self.exponent - 1.0) if self.exponent else 0.0 * x,)


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


# ---------------------------------------------------------------------------------- what neurons do


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
        return (sigmoid.forward(x),)

    def opened(self, x):
        return log(1.0 + exp(x))


class Max(Elementwise):
    """out = max(x, y).  The router: all of the upstream goes to the larger input; at a tie, to x."""

    inputs, symbol = ("x", "y"), "max"

    def forward(self, x, y):
        return values.maximum(x, y)

    def local(self, out, x, y):
        return values.where(x >= y, 1.0, 0.0), values.where(x >= y, 0.0, 1.0)

    def backward(self, upstream, out, x, y):
        to_x, to_y = values.where(x >= y, upstream, 0.0), values.where(x >= y, 0.0, upstream)
        return like(to_x, x), like(to_y, y)


add, subtract, multiply, divide = Add(), Subtract(), Multiply(), Divide()
negate, reciprocal, square, sqrt, absolute = Negate(), Reciprocal(), Square(), Sqrt(), Abs()
exp, log, sin, cos, tan = Exp(), Log(), Sin(), Cos(), Tan()
sigmoid, tanh, softplus = Sigmoid(), Tanh(), Softplus()
relu, leaky_relu, elu, maximum = Relu(), LeakyRelu(), Elu(), Max()
