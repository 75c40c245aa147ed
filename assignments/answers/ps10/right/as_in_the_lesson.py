"""As in the lesson, with a namespace for the state of each parameter."""


# %% begin
def begin(sizes, activation, rng):
    spread = lambda n: np.sqrt((2.0 if activation == "relu" else 1.0) / n)  # noqa: E731
    weights = [rng.normal(0, spread(n), (n, m)) for n, m in zip(sizes[:-1], sizes[1:])]
    biases = [np.zeros(m) for m in sizes[1:]]
    return list(zip(weights, biases))


# %% adam
from types import SimpleNamespace


class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.__dict__.update(lr=lr, beta1=beta1, beta2=beta2, eps=eps)
        self.of = {}

    def update(self, params, grads):
        for name in params:
            s = self.of.setdefault(name, SimpleNamespace(m=0, v=0, k=0))
            params[name] += self.step(s, grads[name])

    def step(self, s, g):
        s.k, s.m, s.v = (
            s.k + 1,
            self.beta1 * s.m + (1 - self.beta1) * g,
            self.beta2 * s.v + (1 - self.beta2) * g**2,
        )
        m, v = s.m / (1 - self.beta1**s.k), s.v / (1 - self.beta2**s.k)
        return -self.lr * m / (np.sqrt(v) + self.eps)


# %% diagnose
def diagnose(activation, answers, gradients):
    n = len(answers)
    sizes = [np.sqrt(np.sum(np.square(g))) for g in gradients]
    is_relu, is_tanh = activation == "relu", activation == "tanh"
    if is_relu and any(np.mean(np.abs(answers[k]).sum(axis=0) == 0) >= 0.5 for k in range(n)):
        return "dead"
    if is_tanh and any(np.mean(np.abs(answers[k]) > 0.99) >= 0.5 for k in range(n)):
        return "saturated"
    if any(np.all(answers[k].min(axis=1) == answers[k].max(axis=1)) for k in range(n)):
        return "symmetric"
    if max(sizes) > 1000:
        return "exploding"
    if min(sizes) < max(sizes) / 1000:
        return "vanishing"
    return "vanishing" if max(sizes) < 1e-6 else "healthy"


# %% learn
def learn(x, t, rng):
    middle = x.mean(axis=0)
    x = x - middle
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
    W, b = layers[0]
    b -= middle @ W  # what was taken from the digits
    return layers, f
