"""Loops and lists; plain Python where numpy is not needed."""


# %% begin
def begin(sizes, activation, rng):
    layers = []
    for k in range(len(sizes) - 1):
        spread = (1 / sizes[k]) ** 0.5 if activation == "tanh" else (2 / sizes[k]) ** 0.5
        W = np.array([[rng.normal() * spread for _ in range(sizes[k + 1])] for _ in range(sizes[k])])
        layers.append([W, np.array([0.0] * sizes[k + 1])])
    return layers


# %% adam
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.rates = lr, beta1, beta2, eps
        self.memory = {}

    def update(self, params, grads):
        lr, beta1, beta2, eps = self.rates
        for name in params:
            if name not in self.memory:
                shape = params[name].shape
                self.memory[name] = [np.zeros(shape), np.zeros(shape), 0]
            memory = self.memory[name]
            memory[2] += 1
            for i in np.ndindex(params[name].shape):
                g = grads[name][i]
                memory[0][i] = beta1 * memory[0][i] + (1 - beta1) * g
                memory[1][i] = beta2 * memory[1][i] + (1 - beta2) * g * g
                m, v = memory[0][i] / (1 - beta1 ** memory[2]), memory[1][i] / (1 - beta2 ** memory[2])
                params[name][i] -= lr * m / (v**0.5 + eps)


# %% diagnose
def diagnose(activation, answers, gradients):
    for h in answers:
        if activation == "relu":
            dead = sum(all(x == 0 for x in column) for column in h.T)
            if 2 * dead >= h.shape[1]:
                return "dead"
    for h in answers:
        if activation == "tanh" and 2 * sum(abs(x) > 0.99 for x in h.flat) >= h.size:
            return "saturated"
    for h in answers:
        if all(len(set(row)) == 1 for row in h):
            return "symmetric"
    sizes = [sum(x * x for x in g.flat) ** 0.5 for g in gradients]
    for size in sizes:
        if size > 1000:
            return "exploding"
    if max(sizes) < 1e-6 or 1000 * min(sizes) < max(sizes):
        return "vanishing"
    return "healthy"


# %% learn
def learn(x, t, rng):
    sizes = [64, *[32] * 19, 10]
    layers = [
        (rng.normal(0, np.sqrt(2 / n), (n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:], strict=False)
    ]
    memory = [[np.zeros_like(p), np.zeros_like(p)] for layer in layers for p in layer]

    def f(z):
        return np.maximum(z, 0)

    def slope(h):
        return h > 0

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
