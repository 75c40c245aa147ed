"""Talks while it works: prints, logs, warns, and computes with numbers that numpy warns about."""

# %% gradient
import logging
import sys
import warnings


def numerical_gradient(f, x, h=1e-5):
    print("numerical gradient of an array", x.shape)
    nudges = h * np.eye(x.size).reshape(-1, *x.shape)
    slope = np.full(x.shape, np.nan)
    for at, nudge in zip(np.ndindex(x.shape), nudges):
        slope[at] = (f(x + nudge) - f(x - nudge)) / (2 * h)
        print("slope", at, slope[at], file=sys.stderr)
    return slope


# %% wave
def wave(x):
    warnings.warn("this slope was found with pencil and paper")
    y = 3 * x - 1
    w = 1 / np.exp(y**2)
    return w, -6 * y * w


# %% layers
class MulLayer:
    def forward(self, x, y):
        logging.warning("forward %s %s", x, y)
        self.factors = {"x": x, "y": y}
        return self.factors["x"] * self.factors["y"]

    def backward(self, dout):
        sys.stderr.write("backward\n")
        return dout * self.factors["y"], dout * self.factors["x"]


class AddLayer:
    def forward(self, x, y):
        return x - -y

    def backward(self, dout):
        np.log(np.zeros(1))
        return +dout, dout


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    a, o, s, t = Mul(), Mul(), Add(), Mul()
    bill = t.forward(tax, s.forward(o.forward(orange, oranges), a.forward(apple, apples)))
    dtax, ds = t.backward(1.0)
    do, da = s.backward(ds)
    print("the bill:", bill)
    signals = np.array([*a.backward(da), *o.backward(do), dtax])
    return bill, dict(zip(["apple", "apples", "orange", "oranges", "tax"], signals))


# %% agree
def agree(a, b, rtol=1e-5):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a.shape != b.shape:
        return False
    quotient = np.max(np.abs(a - b)) / np.max(np.abs([a, b]))
    return bool(quotient <= rtol) or bool(np.array_equal(a, b))
