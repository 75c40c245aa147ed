"""Sums by einsum, the hinge by np.where, and the sigmoid from a clipped exponent."""


# %% rules
def back_add(upstream, x, y):
    return tuple(np.einsum("i,->i", np.ones(2), upstream))


def back_multiply(upstream, x, y):
    return tuple(np.einsum("i,->i", [y, x], upstream))


def back_max(upstream, x, y):
    return np.where(x > y, upstream, 0), np.where(y > x, upstream, 0)


def back_copy(signals):
    return np.einsum("i->", signals)


# %% staged
def staged(x, y):
    uses = np.array([x, x, x, y, y])  # in the numerator, in σ, in the square; in σ, in the square
    numerator = uses[0] + sigmoid(uses[3])
    denominator = sigmoid(uses[1]) + (uses[2] + uses[4]) ** 2
    slope = lambda z: sigmoid(z) * sigmoid(-z)
    of_numerator = np.array([1, 0, 0, slope(y), 0])
    of_denominator = np.array([0, slope(x), 2 * (x + y), 0, 2 * (x + y)])
    each_use = (of_numerator * denominator - numerator * of_denominator) / denominator**2
    same = np.array([[1, 1, 1, 0, 0], [0, 0, 0, 1, 1]])
    return numerator / denominator, *np.einsum("iu,u->i", same, each_use)


# %% sigmoid
def stages(upstream, x):
    y = sigmoid(x)
    return tuple(upstream * np.cumprod([-(y**2), 1, np.exp(-x), -1]))


def sigmoid_forward(x):
    return 1 / (1 + np.exp(np.clip(-np.asarray(x), -700, 700)))


def sigmoid_backward(upstream, y):
    return np.einsum("...,...,...->...", upstream, y, 1 - y)


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(np.einsum("i,i->", x, w) + bias)
    dn = upstream / np.cosh(np.einsum("i,i->", x, w) + bias) ** 2
    return o, np.einsum(",i->i", dn, w), np.einsum(",i->i", dn, x), dn


# %% classifier
def classifier(x, W, right, strength):
    s = np.einsum("i,ij->j", x, W)
    wrong = np.arange(len(s)) != right
    margins = np.where(wrong, s - s[right] + 1, 0)
    ds = np.where(margins > 0, 1.0, 0.0)
    ds = np.where(wrong, ds, -ds.sum())
    loss = np.where(margins > 0, margins, 0).sum() + strength * np.einsum("ij,ij->", W, W)
    return loss, ds, np.einsum("i,j->ij", x, ds) + 2 * strength * W


# %% swish
class Swish:
    @staticmethod
    def forward(x):
        return np.einsum("...,...->...", x, sigmoid(x))

    @staticmethod
    def backward(upstream, out, x):
        locals_ = np.array([sigmoid(x), x * sigmoid(x) * sigmoid(-x)])
        return np.einsum("...,u...->...", upstream, locals_)
