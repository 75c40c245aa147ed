"""Plain loops and lists, and math in place of numpy."""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    slopes = []
    for position in np.ndindex(x.shape):
        there = []
        for step in (h, -h):
            nudged = np.array(x.tolist(), dtype="float64")
            nudged[position] = nudged[position] + step
            there.append(f(nudged))
        slopes.append((there[0] - there[1]) / h / 2)
    return np.reshape(slopes, x.shape).tolist()


# %% wave
import math


def wave(x):
    links = [3]
    y = 3 * x - 1
    links.append(2 * y)
    z = y * y
    w = math.exp(-z)
    links.append(-math.exp(-z))
    slope = 1
    for link in links:
        slope = slope * link
    return [w, slope]


# %% layers
class MulLayer:
    def __init__(self):
        self.inputs = []

    def forward(self, x, y):
        self.inputs = [x, y]
        return x * y

    def backward(self, dout):
        signals = []
        for other in reversed(self.inputs):
            signals.append(dout * other)
        return signals


class AddLayer:
    def __init__(self):
        pass

    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return [dout * 1, dout * 1]


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    layers = [Mul(), Mul(), Add(), Mul()]
    a = layers[0].forward(apple, apples)
    o = layers[1].forward(orange, oranges)
    s = layers[2].forward(a, o)
    bill = layers[3].forward(s, tax)
    ds, dtax = layers[3].backward(1)
    da, do = layers[2].backward(ds)
    gradients = {"tax": dtax}
    gradients["apple"], gradients["apples"] = layers[0].backward(da)
    gradients["orange"], gradients["oranges"] = layers[1].backward(do)
    return bill, gradients


# %% agree
def agree(a, b, rtol=1e-5):
    if np.shape(a) != np.shape(b):
        return False
    scale = 0.0
    for number in list(np.ravel(a)) + list(np.ravel(b)):
        if abs(number) > scale:
            scale = abs(number)
    for p, q in zip(np.ravel(a), np.ravel(b)):
        if not abs(p - q) <= rtol * scale:
            return False
    return True
