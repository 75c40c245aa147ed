"""Swish built on bplib's own Elementwise; before it, arithmetic with arrays of slopes."""


# %% rules
def back_add(upstream, x, y):
    return tuple(upstream * np.ones(2))


def back_multiply(upstream, x, y):
    return tuple(upstream * np.array([y, x]))


def back_max(upstream, x, y):
    return tuple(upstream * np.eye(2)[int(y > x)])


def back_copy(signals):
    return np.ones(len(signals)) @ signals


# %% staged
def staged(x, y):
    sx, sy = sigmoid(np.array([x, y]))
    num, den = x + sy, sx + (x + y) ** 2
    of_num = np.array([1, sy * (1 - sy)])
    of_den = np.array([sx * (1 - sx), 0]) + 2 * (x + y)
    return num / den, *((of_num * den - num * of_den) / den**2)


# %% sigmoid
def stages(upstream, x):
    b = np.exp(-x)
    return tuple(upstream * np.cumprod([-1 / (1 + b) ** 2, 1, b, -1]))


def sigmoid_forward(x):
    return (1 + np.tanh(np.asarray(x) / 2)) / 2


def sigmoid_backward(upstream, y):
    return upstream * (y - y**2)


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(np.append(x, 1) @ np.append(w, bias))
    *dw, dbias = upstream * (1 - o**2) * np.append(x, 1)
    return o, upstream * (1 - o**2) * w, np.array(dw), dbias


# %% classifier
def classifier(x, W, right, strength):
    scores = x @ W
    margins = np.delete(scores - scores[right] + 1, right)
    ds = np.insert((margins > 0).astype(float), right, -np.sum(margins > 0))
    loss = margins[margins > 0].sum() + strength * np.linalg.norm(W) ** 2
    return loss, ds, np.outer(x, ds) + 2 * strength * W


# %% swish
import bplib as bp


class Swish(bp.Elementwise):
    def forward(self, x):
        return x * bp.sigmoid(x)

    def local(self, out, x):
        s = bp.sigmoid(x)
        return (s + out * (1 - s),)
