"""With bplib itself: its gates' rules, grad, record and in_detail, and its closed sigmoid."""

# %% rules
import bplib as bp


def back_add(upstream, x, y):
    return bp.add.backward(upstream, x + y, x, y)


def back_multiply(upstream, x, y):
    return bp.multiply.backward(upstream, x * y, x, y)


def back_max(upstream, x, y):
    return bp.maximum.backward(upstream, max(x, y), x, y)


def back_copy(signals):
    return bp.gates.Copy(len(signals)).backward(np.array(signals), None, 0.0)[0]


# %% staged
import bplib as bp


def staged(x, y):
    def f(x, y):
        return (x + bp.sigmoid(y)) / (bp.sigmoid(x) + (x + y) ** 2)

    return f(x, y), *bp.grad(f)(x, y)


# %% sigmoid
import bplib as bp


def stages(upstream, x):
    def opened(x):
        a = -x
        b = bp.exp(a)
        c = 1 + b
        return 1 / c

    gradient = bp.record(opened, upstream=upstream, x=x).gradient
    return [gradient[name] for name in "cbax"]


def sigmoid_forward(x):
    return bp.sigmoid(x)


def sigmoid_backward(upstream, y):
    (dx,) = bp.sigmoid.backward(upstream, y, np.zeros(np.shape(y)))
    return dx


# %% neuron
import bplib as bp


def neuron(x, w, bias, upstream):
    trace = bp.record(lambda x, w, bias: bp.tanh(x @ w + bias), upstream=upstream, x=x, w=w, bias=bias)
    return trace.output, *(trace.gradient[name] for name in ("x", "w", "bias"))


# %% classifier
import bplib as bp


def classifier(x, W, right, strength):
    def loss(W):
        scores = x @ W
        return bp.hinge(scores, right) + strength * bp.squared_norm(W)

    trace = bp.record(loss, W=W)
    return trace.output, trace.gradient["scores"], trace.gradient["W"]


# %% swish
import bplib as bp


class Swish(bp.Elementwise):
    def forward(self, x):
        return x * bp.sigmoid(x)

    def local(self, out, x):
        s = bp.sigmoid(x)
        return (s + out * (1 - s),)
