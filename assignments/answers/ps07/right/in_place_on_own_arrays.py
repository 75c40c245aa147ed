"""Works in place, but on arrays of its own: out=, +=, slices, and a finally that puts parameters back."""


# %% begin
def initialise(D, H, C, std, rng):
    params = {"W1": np.empty((D, H)), "b1": np.empty(H), "W2": np.empty((H, C)), "b2": np.empty(C)}
    for name, array in params.items():
        array[...] = rng.normal(scale=std, size=array.shape) if array.ndim == 2 else 0
    return params


# %% forward
def predict(params, x):
    h = x @ params["W1"]
    h += params["b1"]
    np.maximum(h, 0, out=h)
    s = h @ params["W2"]
    s += params["b2"]
    return s


def loss(params, x, t):
    s = predict(params, x)
    s -= s.max(axis=1, keepdims=True)
    right = s[range(len(t)), t].copy()
    np.exp(s, out=s)
    return float((np.log(s.sum(axis=1)) - right).sum() / len(t))


# %% backward
def gradient(params, x, t):
    z = x @ params["W1"]
    z += params["b1"]
    passes = z > 0
    z[~passes] = 0
    y = z @ params["W2"]
    y += params["b2"]
    y -= y.max(axis=1, keepdims=True)
    np.exp(y, out=y)
    y /= y.sum(axis=1, keepdims=True)
    y[range(len(t)), t] -= 1
    y /= len(t)
    back = y @ params["W2"].T
    back[~passes] = 0
    return {"W1": x.T @ back, "b1": back.sum(0), "W2": z.T @ y, "b2": y.sum(0)}


# %% check
def relative_errors(loss, gradient, params, x, t, h=1e-5):
    grads, errors = gradient(params, x, t), {}
    for name, array in params.items():
        before = array.copy()
        numerical = np.empty(array.size)
        for k in range(array.size):
            try:
                array.flat[k] = before.flat[k] + h
                numerical[k] = loss(params, x, t)
                array.flat[k] = before.flat[k] - h
                numerical[k] -= loss(params, x, t)
            finally:
                array[...] = before
        numerical /= 2 * h
        apart = np.abs(grads[name].ravel() - numerical).max()
        largest = max(np.abs(grads[name]).max(), np.abs(numerical).max())
        errors[name] = 0.0 if largest == 0 else apart / largest
    return errors


# %% step
class Momentum:
    def __init__(self, lr, momentum=0.9):
        self.lr, self.momentum = lr, momentum
        self.v = {}

    def update(self, params, grads):
        for name in params:
            v = self.v.setdefault(name, np.zeros_like(params[name]))
            v *= self.momentum
            v -= self.lr * grads[name]
            params[name][...] += v


# %% train
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    order = np.arange(len(x))
    for _ in range(epochs):
        rng.shuffle(order)
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            grads = gradient(params, x[rows], t[rows])
            step(params, grads)
