"""Adam as means that move towards the gradient, with a counter for each parameter's name."""


# %% begin
def begin(sizes, activation, rng):
    gain = {"relu": np.sqrt(2), "tanh": 1}
    return [
        (gain[activation] * rng.normal(size=(n, m)) / np.sqrt(n), np.zeros((m,)))
        for n, m in zip(sizes, sizes[1:])
    ]


# %% adam
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.states = {}

    def update(self, params, grads):
        for name in grads:
            m, v, k = self.states.get(name, (0.0, 0.0, 0))
            m = m + (1 - self.beta1) * (grads[name] - m)
            v = v + (1 - self.beta2) * (grads[name] ** 2 - v)
            k += 1
            self.states[name] = (m, v, k)
            rate = self.lr / (1 - self.beta1**k)
            params[name][...] = params[name] - rate * m / (np.sqrt(v / (1 - self.beta2**k)) + self.eps)


# %% diagnose
def diagnose(activation, answers, gradients):
    sizes = sorted(float(np.sqrt((g**2).sum())) for g in gradients)
    findings = {
        "dead": activation == "relu" and any(np.mean(~h.any(axis=0)) >= 0.5 for h in answers),
        "saturated": activation == "tanh" and any(np.mean((h < -0.99) | (h > 0.99)) >= 0.5 for h in answers),
        "symmetric": any(np.array_equal(h, np.repeat(h[:, [0]], h.shape[1], axis=1)) for h in answers),
        "exploding": sizes[-1] > 1000,
        "vanishing": sizes[0] < sizes[-1] / 1000 or sizes[-1] < 1e-6,
        "healthy": True,
    }
    return next(word for word, fits in findings.items() if fits)


# %% learn
def learn(x, t, rng):
    sizes, epochs, rate = [64, *[32] * 19, 10], 22, 0.003
    Ws = [rng.normal(0, (2 / n) ** 0.5, (n, m)) for n, m in zip(sizes, sizes[1:])]
    bs = [np.zeros(m) for m in sizes[1:]]
    params = [*Ws, *bs]
    first, second = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    k = 0
    for epoch in range(epochs):
        for batch in np.array_split(rng.permutation(len(x)), max(1, len(x) // 32)):
            h = [x[batch]]
            for W, b in zip(Ws[:-1], bs[:-1]):
                h.append((h[-1] @ W + b).clip(min=0))
            s = h[-1] @ Ws[-1] + bs[-1]
            s = np.exp(s - s.max(axis=1, keepdims=True))
            delta = (s / s.sum(axis=1, keepdims=True) - np.eye(10)[t[batch]]) / len(batch)
            dWs, dbs = [], []
            for i in range(19, -1, -1):
                dWs.insert(0, h[i].T @ delta)
                dbs.insert(0, delta.sum(axis=0))
                delta = delta @ Ws[i].T * (h[i] > 0)
            k += 1
            for p, g, m, v in zip(params, [*dWs, *dbs], first, second):
                m[...] = 0.9 * m + 0.1 * g
                v[...] = 0.99 * v + 0.01 * g * g
                correction = np.sqrt(1 - 0.99**k) / (1 - 0.9**k)
                p -= rate * (1 - epoch / epochs) * correction * m / (np.sqrt(v) + 1e-9)
    return list(zip(Ws, bs)), lambda z: z.clip(min=0)
