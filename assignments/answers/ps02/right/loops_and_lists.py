"""Loops, lists and the math module, number by number, with no array operation."""


# %% rules
def back_add(upstream, x, y):
    return [upstream * 1, upstream * 1]


def back_multiply(upstream, x, y):
    return [upstream * y, upstream * x]


def back_max(upstream, x, y):
    dx = dy = 0
    if x > y:
        dx += upstream
    else:
        dy += upstream
    return [dx, dy]


def back_copy(signals):
    dx = 0
    for signal in signals:
        dx += signal
    return dx


# %% staged
import math


def staged(x, y):
    sx, sy = 1 / (1 + math.exp(-x)), 1 / (1 + math.exp(-y))
    num, square = x + sy, (x + y) ** 2
    den = sx + square
    gradient = {"x": 0.0, "y": 0.0}
    d_num, d_den = 1 / den, -num / den**2
    gradient["x"] += d_num
    gradient["y"] += d_num * sy * (1 - sy)
    gradient["x"] += d_den * sx * (1 - sx)
    for name in gradient:
        gradient[name] += d_den * 2 * (x + y)
    return [num / den, gradient["x"], gradient["y"]]


# %% sigmoid
def stages(upstream, x):
    a = -x
    b = math.exp(a)
    c = 1 + b
    signals = [upstream * (-1 / c**2)]
    for local in (1, b, -1):
        signals.append(signals[-1] * local)
    return signals


def sigmoid_forward(x):
    if np.ndim(x):
        return [sigmoid_forward(entry) for entry in x]
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def sigmoid_backward(upstream, y):
    if np.ndim(y):
        return [sigmoid_backward(u, entry) for u, entry in zip(upstream, y)]
    return upstream * y * (1 - y)


# %% neuron
def neuron(x, w, bias, upstream):
    n = bias
    for i in range(len(x)):
        n += x[i] * w[i]
    o = math.tanh(n)
    dn = upstream * (1 - o**2)
    return [o, [dn * each for each in w], [dn * each for each in x], dn]


# %% classifier
def classifier(x, W, right, strength):
    D, C = len(W), len(W[0])
    s = [sum(x[i] * W[i][j] for i in range(D)) for j in range(C)]
    loss, ds = 0.0, [0.0] * C
    for j in range(C):
        margin = s[j] - s[right] + 1
        if j != right and margin > 0:
            loss += margin
            ds[j] += 1
            ds[right] -= 1
    dW = [[0.0] * C for _ in range(D)]
    for i in range(D):
        for j in range(C):
            loss += strength * W[i][j] ** 2
            dW[i][j] += x[i] * ds[j]
            dW[i][j] += strength * 2 * W[i][j]
    return loss, ds, dW


# %% swish
class Swish:
    def forward(self, x):
        return np.array([[entry / (1 + math.exp(-entry)) for entry in row] for row in x])

    def backward(self, upstream, out, x):
        dx = np.zeros(x.shape)
        for i, j in np.ndindex(x.shape):
            s = 1 / (1 + math.exp(-x[i, j]))
            dx[i, j] += upstream[i, j] * s
            dx[i, j] += upstream[i, j] * x[i, j] * s * (1 - s)
        return dx
