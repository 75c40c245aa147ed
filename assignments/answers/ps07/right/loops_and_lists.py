"""Plain loops over samples, neurons and classes, with math and lists."""

# %% begin
import math


def initialise(D, H, C, std, rng):
    def matrix(rows, columns):
        return np.array([[std * rng.standard_normal() for _ in range(columns)] for _ in range(rows)])

    return dict(W1=matrix(D, H), b1=np.array([0.0] * H), W2=matrix(H, C), b2=np.array([0.0] * C))


# %% forward
import math


def layer(row, W, b):
    return [sum(row[i] * W[i, j] for i in range(len(row))) + b[j] for j in range(len(b))]


def predict(params, x):
    rows = []
    for sample in x:
        h = [max(0.0, z) for z in layer(sample, params["W1"], params["b1"])]
        rows.append(layer(h, params["W2"], params["b2"]))
    return np.array(rows)


def loss(params, x, t):
    total = 0.0
    for s, right in zip(predict(params, x).tolist(), t):
        top = max(s)
        total += math.log(sum(math.exp(each - top) for each in s)) + top - s[right]
    return total / len(t)


# %% backward
def gradient(params, x, t):
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    grads = {name: np.zeros(params[name].shape) for name in params}
    N, (D, H), C = len(x), W1.shape, len(b2)
    for n in range(N):
        z = [sum(x[n, d] * W1[d, j] for d in range(D)) + b1[j] for j in range(H)]
        h = [each if each > 0 else 0.0 for each in z]
        s = [sum(h[j] * W2[j, c] for j in range(H)) + b2[c] for c in range(C)]
        e = [np.exp(each - max(s)) for each in s]
        for c in range(C):
            delta = (e[c] / sum(e) - (1 if c == t[n] else 0)) / N
            grads["b2"][c] += delta
            for j in range(H):
                grads["W2"][j, c] += h[j] * delta
                if z[j] > 0:
                    grads["b1"][j] += delta * W2[j, c]
                    for d in range(D):
                        grads["W1"][d, j] += x[n, d] * delta * W2[j, c]
    return grads


# %% check
def relative_errors(loss, gradient, params, x, t, h=1e-5):
    found = gradient(params, x, t)
    errors = {}
    for name in params:
        largest = apart = 0.0
        for k in np.ndindex(params[name].shape):
            remembered = params[name][k]
            params[name][k] = remembered + h
            above = loss(params, x, t)
            params[name][k] = remembered - h
            slope = (above - loss(params, x, t)) / (2 * h)
            params[name][k] = remembered
            largest = max(largest, abs(slope), abs(found[name][k]))
            apart = max(apart, abs(slope - found[name][k]))
        errors[name] = apart / largest if largest else 0.0
    return errors


# %% step
class Momentum:
    def __init__(self, lr, momentum=0.9):
        self.lr = lr
        self.momentum = momentum
        self.velocities = None

    def update(self, params, grads):
        if self.velocities is None:
            self.velocities = {name: np.zeros(params[name].shape) for name in params}
        for name in params:
            for k in np.ndindex(params[name].shape):
                v = self.momentum * self.velocities[name][k] - self.lr * grads[name][k]
                self.velocities[name][k] = v
                params[name][k] += v


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    for epoch in range(epochs):
        left = list(rng.permutation(len(x)))
        while left:
            batch, left = left[:batch_size], left[batch_size:]
            step(params, gradient(params, np.array([x[n] for n in batch]), np.array([t[n] for n in batch])))
