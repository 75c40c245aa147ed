"""Everything in einsum and one-hot rows, the nudges as basis vectors."""


# %% begin
def initialise(D, H, C, std, rng):
    W1, W2 = (std * rng.standard_normal(shape) for shape in ((D, H), (H, C)))
    return {"W1": W1, "b1": np.zeros((H,)), "W2": W2, "b2": np.zeros((C,))}


# %% forward
def predict(params, x):
    z = np.einsum("nd,dh->nh", x, params["W1"]) + params["b1"]
    return np.einsum("nh,hc->nc", np.where(z > 0, z, 0.0), params["W2"]) + params["b2"]


def loss(params, x, t):
    s = predict(params, x)
    one_hot = np.eye(s.shape[1])[t]
    return np.mean(np.logaddexp.reduce(s, axis=1) - np.einsum("nc,nc->n", s, one_hot))


# %% backward
def gradient(params, x, t):
    z = np.einsum("nd,dh->nh", x, params["W1"]) + params["b1"]
    h = z * (z > 0)
    s = np.einsum("nh,hc->nc", h, params["W2"]) + params["b2"]
    log_p = s - np.logaddexp.reduce(s, axis=1)[:, None]
    delta2 = (np.exp(log_p) - np.eye(s.shape[1])[t]) / s.shape[0]
    delta1 = np.einsum("nc,hc,nh->nh", delta2, params["W2"], np.heaviside(z, 0.0))
    return {
        "b2": np.einsum("nc->c", delta2),
        "W2": np.einsum("nh,nc->hc", h, delta2),
        "b1": np.einsum("nh->h", delta1),
        "W1": np.einsum("nd,nh->dh", x, delta1),
    }


# %% check
def relative_errors(loss, gradient, params, x, t, h=1e-5):
    def nudged(name, e):
        above, below = (loss({**params, name: params[name] + way * e}, x, t) for way in (h, -h))
        return (above - below) / (2 * h)

    def numerical(name):
        p = params[name]
        return np.array([nudged(name, e.reshape(p.shape)) for e in np.eye(p.size)]).reshape(p.shape)

    def error(g, n):
        largest = np.abs([g, n]).max()
        return np.abs(g - n).max() / largest if largest else 0.0

    found = gradient(params, x, t)
    return {name: error(found[name], numerical(name)) for name in params}


# %% step
from collections import defaultdict


class Momentum:
    def __init__(self, lr, momentum=0.9):
        self.eta, self.mu, self.v = lr, momentum, defaultdict(float)

    def update(self, params, grads):
        for name, p in params.items():
            self.v[name] = self.mu * self.v[name] - self.eta * grads[name]
            np.add(p, self.v[name], out=p)


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    n = len(t)
    for _ in range(epochs):
        for batch in np.split(rng.permutation(n), range(batch_size, n, batch_size)):
            step(params, gradient(params, x[batch], t[batch]))
