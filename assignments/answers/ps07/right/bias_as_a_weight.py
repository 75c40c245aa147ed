"""The bias as one more row of the weights, on an input that is always 1; a recursion over the layers."""


# %% begin
def initialise(D, H, C, std, rng):
    params = {}
    for k, (rows, columns) in enumerate([(D, H), (H, C)], start=1):
        params[f"W{k}"] = rng.normal(0, std, rows * columns).reshape(rows, columns)
        params[f"b{k}"] = np.zeros(columns, dtype=float)
    return params


# %% forward
def with_ones(x):
    return np.hstack([x, np.ones((len(x), 1))])


def matrix(params, k):
    return np.vstack([params[f"W{k}"], params[f"b{k}"]])


def predict(params, x, k=2):
    below = x if k == 1 else np.clip(predict(params, x, k - 1), 0, None)
    return with_ones(below) @ matrix(params, k)


def loss(params, x, t):
    s = predict(params, x)
    s = (s.T - s.max(axis=1)).T
    return np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(t)), t])


# %% backward
def sweep(params, x, delta_of, k=1):
    """The error at the sums of layer k - 1 and, by name, the gradients of layer k and those behind it."""
    ones = np.hstack([x, np.ones((len(x), 1))])
    z = ones @ np.vstack([params[f"W{k}"], params[f"b{k}"]])
    if k == 2:
        delta, grads = delta_of(z), {}
    else:
        arrived, grads = sweep(params, np.maximum(z, 0), delta_of, k + 1)
        delta = np.where(z > 0, arrived, 0)
    both = ones.T @ delta
    return delta @ params[f"W{k}"].T, grads | {f"W{k}": both[:-1], f"b{k}": both[-1]}


def gradient(params, x, t):
    def delta_of(s):
        p = np.exp(s - np.amax(s, 1, keepdims=True))
        p = p / np.sum(p, 1, keepdims=True)
        return (p - (np.arange(s.shape[1]) == t[:, None])) / len(s)

    return sweep(params, x, delta_of)[1]


# %% check
def relative_errors(loss, gradient, params, x, t, h=1e-5):
    names = list(params)
    ends = np.cumsum([params[name].size for name in names])
    flat = np.concatenate([params[name].ravel() for name in names])

    def unflat(vector):
        parts = np.split(vector, ends[:-1])
        return {name: part.reshape(params[name].shape) for name, part in zip(names, parts)}

    slopes = np.zeros_like(flat)
    for k in range(flat.size):
        step = np.zeros_like(flat)
        step[k] = h
        slopes[k] = (loss(unflat(flat + step), x, t) - loss(unflat(flat - step), x, t)) / (2 * h)

    errors, numerical = {}, unflat(slopes)
    for name, g in gradient(unflat(flat), x, t).items():
        scale = max(abs(g).max(), abs(numerical[name]).max())
        errors[name] = abs(g - numerical[name]).max() / scale if scale else 0.0
    return errors


# %% step
class Momentum:
    def __init__(self, lr, momentum=0.9):
        self.history, self.lr, self.momentum = [], lr, momentum

    def update(self, params, grads):
        """Every gradient so far pushes still, each time weaker."""
        self.history.append({name: g.copy() for name, g in grads.items()})
        for age, old in enumerate(reversed(self.history)):
            for name in params:
                params[name] -= self.lr * self.momentum**age * old[name]


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    if epochs == 0:
        return
    order = np.argsort(rng.random(len(x)))
    first = 0
    while first < len(order):
        batch = order[first : first + batch_size]
        step(params, gradient(params, x[batch, :], t[batch]))
        first += batch_size
    train(params, x, t, gradient, step, epochs - 1, batch_size, rng)
