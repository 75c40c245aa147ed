"""Prints what it does; recursion for the layers; arrays in single precision in the diagnosis."""


# %% begin
def begin(sizes, activation, rng):
    if len(sizes) < 2:
        return []
    n, m, *rest = sizes
    print(f"a layer of {m} neurons with {n} inputs")
    std = {"tanh": n**-0.5, "relu": (n / 2) ** -0.5}[activation]
    return [
        (rng.normal(scale=std, size=(n, m)), np.zeros(m, dtype=float)),
        *begin([m, *rest], activation, rng),
    ]


# %% adam
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.betas, self.eps = lr, (beta1, beta2), eps
        self.power1 = self.power2 = 1.0
        self.first, self.second = {}, {}

    def update(self, params, grads):
        beta1, beta2 = self.betas
        self.power1, self.power2 = self.power1 * beta1, self.power2 * beta2
        print(f"step with the corrections {1 - self.power1:.3f} and {1 - self.power2:.3f}")
        for name, g in grads.items():
            self.first[name] = beta1 * self.first.get(name, 0 * g) + (1 - beta1) * g
            self.second[name] = beta2 * self.second.get(name, 0 * g) + (1 - beta2) * g * g
            size = np.sqrt(self.second[name] / (1 - self.power2))
            params[name] -= self.lr * (self.first[name] / (1 - self.power1)) / (size + self.eps)


# %% diagnose
def diagnose(activation, answers, gradients):
    sizes = np.array([np.linalg.norm(g) for g in gradients], dtype=np.float32)
    print("sizes of the gradients:", sizes)
    dead = [np.all(h == 0, axis=0).mean() for h in answers]
    far = [(h**2 > 0.99**2).mean() for h in answers]
    print("dead:", dead, "far out:", far)
    match activation:
        case "relu" if max(dead) >= 0.5:
            return "dead"
        case "tanh" if max(far) >= 0.5:
            return "saturated"
    for h in answers:
        if np.all(h.T == h.T[0]):
            return "symmetric"
    return (
        "exploding"
        if sizes.max() > 1000
        else "vanishing"
        if sizes.min() < sizes.max() / 1000 or sizes.max() < 1e-6
        else "healthy"
    )


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
    print(f"{k} steps")
    return tuple(layers), f
