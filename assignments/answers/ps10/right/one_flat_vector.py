"""Keeps all of m and v in one flat vector each; a diagnosis by helper functions."""


# %% begin
def begin(sizes, activation, rng):
    def layer(n, m):
        std = np.sqrt(2 / n) if activation == "relu" else np.sqrt(1 / n)
        return rng.normal(0, std, n * m).reshape(n, m), np.zeros(m)

    return [layer(*pair) for pair in zip(sizes, sizes[1:])]


# %% adam
class Adam:
    m = v = None
    k = 0

    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps

    def update(self, params, grads):
        names = sorted(params)
        g = np.concatenate([grads[name].ravel() for name in names])
        m, v = (np.zeros_like(g), np.zeros_like(g)) if self.m is None else (self.m, self.v)
        self.k += 1
        self.m = self.beta1 * m + (1 - self.beta1) * g
        self.v = self.beta2 * v + (1 - self.beta2) * g * g
        m_hat, v_hat = self.m / (1 - self.beta1**self.k), self.v / (1 - self.beta2**self.k)
        step, start = self.lr * m_hat / (np.sqrt(v_hat) + self.eps), 0
        for name in names:
            size = params[name].size
            params[name] -= step[start : start + size].reshape(params[name].shape)
            start += size


# %% diagnose
def is_dead(h):
    return np.sum(np.sum(h != 0, axis=0) == 0) * 2 >= h.shape[1]


def is_saturated(h):
    return np.median(np.abs(h)) > 0.99 or np.mean(np.abs(h) > 0.99) >= 0.5


def is_symmetric(h):
    return bool((np.diff(h, axis=1) == 0).all())


def diagnose(activation, answers, gradients):
    size = [float(np.linalg.norm(g.ravel())) for g in gradients]
    if activation == "relu" and any(map(is_dead, answers)):
        return "dead"
    if activation == "tanh" and any(map(is_saturated, answers)):
        return "saturated"
    if any(map(is_symmetric, answers)):
        return "symmetric"
    if any(s > 1000 for s in size):
        return "exploding"
    return "vanishing" if max(size) < 1e-6 or min(size) < 1e-3 * max(size) else "healthy"


# %% learn
def learn(x, t, rng):
    sizes = [64, *[32] * 19, 10]
    layers = [
        (rng.normal(0, np.sqrt(2 / n), (n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:], strict=False)
    ]
    memory = [[np.zeros_like(p), np.zeros_like(p)] for layer in layers for p in layer]

    def f(z):
        return np.where(z > 0, z, 0.05 * z)

    def slope(h):
        return np.where(h > 0, 1.0, 0.05)

    def step(k, lr, gradients):  # Adam, with beta1 = 0.9 and beta2 = 0.99
        parameters = [p for layer in layers for p in layer]
        for p, g, (m, v) in zip(parameters, gradients, memory, strict=True):
            m += 0.1 * (g - m)
            v += 0.01 * (g**2 - v)
            p -= lr * m / (1 - 0.9**k) / (np.sqrt(v / (1 - 0.99**k)) + 1e-8)

    k, epochs = 0, 20
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 32):
            batch = order[start : start + 32]
            answers = [x[batch]]
            for W, b in layers[:-1]:
                answers.append(f(answers[-1] @ W + b))
            W, b = layers[-1]
            scores = answers[-1] @ W + b
            p = np.exp(scores - scores.max(axis=1, keepdims=True))
            delta = p / p.sum(axis=1, keepdims=True)
            delta[np.arange(len(batch)), t[batch]] -= 1
            delta /= len(batch)
            gradients = []
            for i in reversed(range(len(layers))):
                gradients = [answers[i].T @ delta, delta.sum(axis=0), *gradients]
                if i > 0:
                    delta = (delta @ layers[i][0].T) * slope(answers[i])
            k += 1
            step(k, 0.003 * (1 - epoch / epochs), gradients)
    return layers, f
