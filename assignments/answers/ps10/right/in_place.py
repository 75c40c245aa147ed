"""Works in place on arrays of its own: out=, *=, views."""


# %% begin
def begin(sizes, activation, rng):
    layers = []
    for shape in zip(sizes[:-1], sizes[1:]):
        W = rng.standard_normal(shape)
        W /= np.sqrt(shape[0] / (1 + (activation == "relu")))
        layers.append((W, np.zeros(shape[1])))
    return tuple(layers)


# %% adam
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps, self.steps = lr, beta1, beta2, eps, 0
        self.m, self.v = {}, {}

    def update(self, params, grads):
        self.steps += 1
        for name, p in params.items():
            m = self.m.setdefault(name, np.zeros_like(p))
            v = self.v.setdefault(name, np.zeros_like(p))
            m *= self.beta1
            m += (1 - self.beta1) * grads[name]
            v *= self.beta2
            v += (1 - self.beta2) * np.square(grads[name])
            root = np.sqrt(v / (1 - self.beta2**self.steps))
            root += self.eps
            np.subtract(p, self.lr / (1 - self.beta1**self.steps) * m / root, out=p)


# %% diagnose
def diagnose(activation, answers, gradients):
    size = np.array([np.sqrt(np.einsum("ij,ij->", g, g)) for g in gradients])
    dead = [np.count_nonzero(h.max(axis=0) == 0) / h.shape[1] for h in answers]
    far = [np.count_nonzero(np.abs(h) > 0.99) / h.size for h in answers]
    wide = [np.ptp(h, axis=1).max() for h in answers]
    if activation == "relu" and max(dead) >= 0.5:
        return "dead"
    if activation == "tanh" and max(far) >= 0.5:
        return "saturated"
    if min(wide) == 0:
        return "symmetric"
    if size.max() > 1e3:
        return "exploding"
    if size.max() < 1e-6 or size.min() / size.max() < 1e-3:
        return "vanishing"
    return "healthy"


# %% learn
def learn(x, t, rng):
    sizes = [64, *[32] * 19, 10]
    layers = [
        (rng.normal(0, np.sqrt(1 / n), (n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:], strict=False)
    ]
    memory = [[np.zeros_like(p), np.zeros_like(p)] for layer in layers for p in layer]

    def f(z):
        return np.tanh(z)

    def slope(h):
        return 1 - h**2

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
            step(k, 0.002 * (1 - epoch / epochs), gradients)
    return layers, f
