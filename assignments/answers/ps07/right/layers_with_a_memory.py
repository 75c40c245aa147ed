"""Classes for the layers, as in the books: forward keeps, backward uses, a list of them is the network."""


# %% begin
class Start:
    def __init__(self, std, rng):
        self.std, self.rng = std, rng

    def affine(self, n_in, n_out):
        return self.rng.normal(0, self.std, size=(n_in, n_out)), np.zeros(n_out)


def initialise(D, H, C, std, rng):
    start = Start(std, rng)
    W1, b1 = start.affine(D, H)
    W2, b2 = start.affine(H, C)
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


# %% forward
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        return np.dot(x, self.W) + self.b


class Relu:
    def forward(self, x):
        return (np.abs(x) + x) / 2


def predict(params, x):
    for layer in (Affine(params["W1"], params["b1"]), Relu(), Affine(params["W2"], params["b2"])):
        x = layer.forward(x)
    return x


def loss(params, x, t):
    s = predict(params, x)
    gaps = s - s[np.arange(len(t)), t][:, np.newaxis]
    top = gaps.max(axis=1)
    return np.average(top + np.log(np.exp(gaps - top[:, np.newaxis]).sum(axis=1)))


# %% backward
class AffineLayer:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW, self.db = np.dot(self.x.T, dout), np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)


class ReluLayer:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx


class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - np.max(x, axis=-1, keepdims=True))
        self.y, self.t = e / np.sum(e, axis=-1, keepdims=True), t

    def backward(self, dout=1):
        dx = self.y.copy()
        dx[np.arange(self.t.size), self.t] -= 1
        return dout * dx / self.t.size


def gradient(params, x, t):
    first, second = AffineLayer(params["W1"], params["b1"]), AffineLayer(params["W2"], params["b2"])
    layers, last = [first, ReluLayer(), second], SoftmaxWithLoss()
    for layer in layers:
        x = layer.forward(x)
    last.forward(x, t)
    dout = last.backward()
    for layer in layers[::-1]:
        dout = layer.backward(dout)
    return {"W1": first.dW, "b1": first.db, "W2": second.dW, "b2": second.db}


# %% check
class Nudge:
    """with Nudge(p, k, h): entry k of p is moved by h, and back at the end."""

    def __init__(self, p, k, h):
        self.p, self.k, self.h = p, k, h

    def __enter__(self):
        self.before = self.p[self.k]
        self.p[self.k] += self.h

    def __exit__(self, *_):
        self.p[self.k] = self.before


def relative_errors(loss, gradient, params, x, t, h=1e-5):
    def moved(p, k, h):
        with Nudge(p, k, h):
            return loss(params, x, t)

    grads, errors = gradient(params, x, t), {}
    for name, p in params.items():
        slopes = [(moved(p, k, h) - moved(p, k, -h)) / 2 / h for k in np.ndindex(*p.shape)]
        g = np.ravel(grads[name])
        scale = np.max(np.abs(np.concatenate([g, slopes])))
        errors[name] = float(np.max(np.abs(g - slopes)) / (scale or 1.0))
    return errors


# %% step
class Velocity:
    def __init__(self):
        self.v = 0.0

    def push(self, momentum, by):
        self.v = momentum * self.v + by
        return self.v


class Momentum:
    def __init__(self, lr, momentum=0.9):
        self.lr, self.momentum, self.velocities = lr, momentum, {}

    def update(self, params, grads):
        for name in params.keys():
            velocity = self.velocities.setdefault(name, Velocity())
            params[name] -= velocity.push(self.momentum, self.lr * grads[name])


# %% train
class Batches:
    def __init__(self, n, size, rng):
        self.n, self.size, self.rng = n, size, rng

    def __iter__(self):
        order = self.rng.permutation(self.n)
        yield from (order[i : i + self.size] for i in range(0, self.n, self.size))


def train(params, x, t, gradient, step, epochs, batch_size, rng):
    batches = Batches(x.shape[0], batch_size, rng)
    for _ in range(epochs):
        for batch in batches:
            step(params, gradient(params, np.take(x, batch, axis=0), np.take(t, batch)))
