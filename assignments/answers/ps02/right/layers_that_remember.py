"""In the manner of the books: objects that remember their forward pass, put together like layers."""


# %% rules
class Rule:
    def __init__(self, x, y):
        self.x, self.y = x, y


class Add(Rule):
    def backward(self, dout):
        return dout, dout


class Mul(Rule):
    def backward(self, dout):
        return dout * self.y, dout * self.x


class Max(Rule):
    def backward(self, dout):
        return (dout, 0) if max(self.x, self.y) == self.x else (0, dout)


def back_add(dout, x, y):
    return Add(x, y).backward(dout)


def back_multiply(dout, x, y):
    return Mul(x, y).backward(dout)


def back_max(dout, x, y):
    return Max(x, y).backward(dout)


def back_copy(douts):
    first, *rest = douts
    return first + back_copy(rest) if rest else first


# %% staged
class Value:
    """A number that collects what comes back to it."""

    def __init__(self, number, back=lambda signal: None):
        self.number, self.back, self.gradient = number, back, 0.0

    def arrive(self, signal):
        self.gradient += signal
        self.back(signal)


def staged(x, y):
    x, y = Value(x), Value(y)
    sx = Value(sigmoid(x.number), lambda d: x.arrive(d * sx.number * (1 - sx.number)))
    sy = Value(sigmoid(y.number), lambda d: y.arrive(d * sy.number * (1 - sy.number)))
    total = Value(x.number + y.number, lambda d: (x.arrive(d), y.arrive(d)))
    num = Value(x.number + sy.number, lambda d: (x.arrive(d), sy.arrive(d)))
    den = Value(sx.number + total.number**2, lambda d: (sx.arrive(d), total.arrive(d * 2 * total.number)))
    f = num.number / den.number
    num.arrive(1 / den.number)
    den.arrive(-f / den.number)
    return f, x.gradient, y.gradient


# %% sigmoid
def stages(dout, x):
    layers = []
    for forward, local in (
        (lambda x: -x, lambda x, out: -1.0),
        (np.exp, lambda x, out: out),
        (lambda x: 1 + x, lambda x, out: 1.0),
        (lambda x: 1 / x, lambda x, out: -out * out),
    ):
        out = forward(x)
        layers.append(local(x, out))
        x = out
    return tuple(dout := dout * local for local in reversed(layers))


class Sigmoid:
    def forward(self, x):
        self.out = np.exp(-np.logaddexp(0, -np.asarray(x, dtype=float)))
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


def sigmoid_forward(x):
    return Sigmoid().forward(x)


def sigmoid_backward(dout, y):
    layer = Sigmoid()
    layer.out = y
    return layer.backward(dout)


# %% neuron
class Tanh:
    def forward(self, n):
        self.out = np.tanh(n)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out**2)


class Weigh:
    def __init__(self, w, bias):
        self.w, self.bias = w, bias

    def forward(self, x):
        self.x = x
        return np.inner(x, self.w) + self.bias

    def backward(self, dout):
        self.dw, self.dbias = dout * self.x, dout
        return dout * self.w


def neuron(x, w, bias, dout):
    weigh, tanh = Weigh(w, bias), Tanh()
    o = tanh.forward(weigh.forward(x))
    dx = weigh.backward(tanh.backward(dout))
    return o, dx, weigh.dw, weigh.dbias


# %% classifier
class Hinge:
    def forward(self, s, right):
        self.right = right
        self.open = np.delete(s, right) - s[right] > -1
        return np.sum((np.delete(s, right) - s[right] + 1)[self.open])

    def backward(self):
        return np.insert(self.open.astype(float), self.right, -self.open.sum())


def classifier(x, W, right, strength):
    hinge = Hinge()
    loss = hinge.forward(W.T @ x, right)
    ds = hinge.backward()
    return loss + strength * np.vdot(W, W), ds, x.reshape(-1, 1) @ ds.reshape(1, -1) + strength * (W + W)


# %% swish
class Swish:
    def forward(self, x):
        self.x, self.s = x, sigmoid(x)
        return self.x * self.s

    def backward(self, upstream, out, x):
        straight = upstream * self.s
        through_sigmoid = upstream * self.x * self.s * (1 - self.s)
        return (straight + through_sigmoid,)
