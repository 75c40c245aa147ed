"""np.nditer, dataclasses and named tuples."""

# %% gradient
from dataclasses import dataclass
from typing import NamedTuple


def numerical_gradient(f, x, h=1e-5):
    point = x.astype(float)
    slope = np.zeros(point.shape)
    with np.nditer([point, slope], flags=["multi_index"], op_flags=[["readwrite"], ["writeonly"]]) as entries:
        for _ in entries:
            at = entries.multi_index
            plus, minus = point.copy(), point.copy()
            plus[at] += h
            minus[at] -= h
            slope[at] = (f(plus) - f(minus)) / (plus[at] - minus[at])
    return slope


# %% wave
class Wave(NamedTuple):
    w: float
    slope: float


def wave(x):
    y = 3 * x - 1
    return Wave(w=np.exp(-y * y), slope=-6 * y * np.exp(-y * y))


# %% layers
class Signals(NamedTuple):
    x: float
    y: float


@dataclass
class MulLayer:
    x: float = 0.0
    y: float = 0.0

    def forward(self, x, y):
        self.x, self.y = x, y
        return self.x * self.y

    def backward(self, dout=1.0):
        return Signals(x=dout * self.y, y=dout * self.x)


@dataclass(frozen=True)
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout=1.0):
        return Signals(dout, dout)


# %% fruits
from collections import defaultdict


def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    values = {"apple": apple, "apples": apples, "orange": orange, "oranges": oranges, "tax": tax}
    tape = []
    for kind, left, right, out in [
        (Mul, "orange", "oranges", "orange cost"),
        (Mul, "apple", "apples", "apple cost"),
        (Add, "apple cost", "orange cost", "net"),
        (Mul, "net", "tax", "bill"),
    ]:
        layer = kind()
        values[out] = layer.forward(values[left], values[right])
        tape.append((layer, left, right, out))
    signals = defaultdict(float, bill=1.0)
    for layer, left, right, out in reversed(tape):
        to_left, to_right = layer.backward(signals[out])
        signals[left] += to_left
        signals[right] += to_right
    return values["bill"], signals


# %% agree
def agree(a, b, rtol=1e-5):
    try:
        np.testing.assert_equal(np.shape(a), np.shape(b))
        worst = np.linalg.norm(np.ravel(np.asarray(a) - np.asarray(b)), ord=np.inf)
        assert worst <= rtol * max(np.linalg.norm(np.ravel(v), ord=np.inf) for v in (a, b))
    except AssertionError:
        return False
    return True
