"""As short as it gets: one expression for each rule, np.outer, a boolean mask read as numbers."""

# %% rules
back_add = lambda u, x, y: (u, u)
back_multiply = lambda u, x, y: (u * y, u * x)
back_max = lambda u, x, y: (u * (x > y), u * (y > x))
back_copy = lambda signals: np.sum(signals)


# %% staged
def staged(x, y):
    sx, sy = sigmoid(x), sigmoid(y)
    num, den = x + sy, sx + (x + y) ** 2
    d_den = -num / den**2
    dx = 1 / den + d_den * (sx * (1 - sx) + 2 * (x + y))
    return num / den, dx, sy * (1 - sy) / den + d_den * 2 * (x + y)


# %% sigmoid
def stages(u, x):
    b, y = np.exp(-x), 1 / (1 + np.exp(-x))
    return -u * y * y, -u * y * y, -u * y * y * b, u * y * (1 - y)


sigmoid_forward = lambda x: (1 + np.tanh(np.asarray(x) / 2)) / 2
sigmoid_backward = lambda u, y: u * (y - y * y)


# %% neuron
def neuron(x, w, bias, u):
    o = np.tanh(np.dot(x, w) + bias)
    return o, u * (1 - o * o) * w, u * (1 - o * o) * x, u * (1 - o * o)


# %% classifier
def classifier(x, W, right, strength):
    s = x @ W
    open_ = (s - s[right] + 1 > 0) * (np.arange(len(s)) != right)
    ds = open_ - open_.sum() * (np.arange(len(s)) == right)
    return open_ @ (s - s[right] + 1) + strength * (W * W).sum(), ds, np.outer(x, ds) + 2 * strength * W


# %% swish
class Swish:
    forward = lambda self, x: x * sigmoid(x)
    backward = lambda self, u, out, x: u * (sigmoid(x) + out * (1 - sigmoid(x)))
