"""Something is disturbed, and what moves is looked at; right gradients are those of a push along i."""


# %% look
def look(prepare, pixels, labels, train):
    x, t = prepare(pixels, labels, train)
    if (t != labels).any():
        return "labels moved"
    for k, row in enumerate(x):
        noise = np.where(np.arange(len(pixels)) == k, 0, 40.0)
        disturbed, _ = prepare(pixels + noise[:, np.newaxis], labels, train)
        if np.abs(disturbed[k] - row).sum() > 1e-9:
            return "own statistics"
    return "fine"


# %% before
def before(loss, params, x, t):
    word = "healthy"
    limit = np.log(params["W2"].shape[-1])
    if loss(params, x, t) > limit + 1:
        word = "sure too early"
    taken = {}
    for name in params:
        taken[name] = 1 * params[name]
        params[name] -= taken[name]
    if np.abs(loss(params, x, t) - limit) > 0.000001:
        word = "wrong at zero"
    for name, amount in taken.items():
        params[name] += amount
    return word


# %% gradient
def wrong_gradients(loss, gradient, params, x, t):
    claimed, bad = gradient(params, x, t), set()
    for name, weights in params.items():
        worst = largest = 0.0
        with np.nditer(weights, ["multi_index"], ["readwrite"]) as entries:
            for entry in entries:
                calm, g = float(entry), claimed[name][entries.multi_index]
                entry[...] = calm + 1e-5
                higher = loss(params, x, t)
                entry[...] = calm - 1e-5
                m = 5e4 * (higher - loss(params, x, t))
                entry[...] = calm
                worst, largest = max(worst, abs(g - m)), max(largest, abs(g), abs(m))
        if 1000 * worst > largest:
            bad.add(name)
    return [name for name in params if name in bad]


# %% hunt
def pushed(f, at):
    """How f, a function of complex numbers, answers a tiny push along i at each entry: its gradient."""
    answers = np.empty(at.shape)
    for place in np.ndindex(at.shape):
        push = np.zeros(at.shape, complex)
        push[place] = 1e-30j
        answers[place] = f(at + push).imag / 1e-30
    return answers


def odds(s):
    e = np.exp(s - s.real.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def cost(p, t):
    return -np.log(np.choose(t, p.T)).mean()


def dscores(p, t):
    return pushed(lambda s: cost(odds(s), t), np.log(p))


def dW(h, delta):
    return pushed(lambda W: np.vdot(delta, h @ W), np.zeros((h.shape[1], delta.shape[1])))


def db(delta):
    return pushed(lambda b: (delta * b).sum(), np.zeros(delta.shape[1]))


def dh(delta, W):
    return pushed(lambda h: np.vdot(delta, h @ W), np.zeros((len(delta), len(W))))


def dz(dh, z):
    return pushed(lambda z: np.vdot(dh, z * (z.real > 0)), z)


def step(q, dq, rate):
    return np.subtract(q, np.multiply(rate, dq))


def largest_last(s):
    return np.argsort(s, axis=1)[:, -1]


rng = np.random.default_rng(2024)
scores, hidden, weights = rng.normal(size=(5, 3)), rng.normal(size=(5, 4)), rng.normal(size=(4, 3))
classes, chances = np.array([2, 0, 1, 1, 0]), odds(scores)
EXPERIMENTS = [
    ("softmax", odds, (scores,)),
    ("softmax", odds, (scores + 5000,)),
    ("loss", cost, (chances, classes)),
    ("dscores", dscores, (chances, classes)),
    ("dW", dW, (hidden, scores)),
    ("db", db, (scores,)),
    ("dh", dh, (scores, weights)),
    ("dz", dz, (hidden, hidden[::-1])),
    ("moved", step, (weights, scores[:4], 0.7)),
    ("read", largest_last, (scores,)),
]


def hunt(lines):
    name, right, inputs = next(each for each in EXPERIMENTS if not agree(lines[each[0]], *each[1:]))
    return name, disturb(name, lines[name], *inputs), inputs, right


def agree(line, right, inputs):
    return np.allclose(line(*inputs), right(*inputs), rtol=1e-6)


def disturb(name, f, a, *more):
    """The kind: what does the line do when its inputs are doubled, turned round, or changed beside it?"""

    def moves(*others):
        return not np.allclose(f(a, *more), f(*others))

    if name == "softmax":
        neighbours = scores * np.array([[1, 1, 1, 1, 2]]).T
        return "over the samples" if (f(scores) - f(neighbours))[:4].any() else "not shifted"
    if name == "loss":
        return "summed" if moves(np.repeat(a, 2, 0), np.repeat(*more, 2)) else "cushioned"
    if name == "dscores":
        return "mean forgotten" if moves(a, (more[0] + 1) % 3) else "target forgotten"
    if name == "dW":
        return "reshaped" if moves(np.repeat(a, 2, 0), np.repeat(*more, 2, 0)) else "averaged"
    if name == "dz":
        odd = np.array_equal(f(-a, *more), -f(a, *more))
        return "walked past" if odd else "asked about the signal"
    if name == "moved":
        ahead = f(0 * a, np.ones_like(a), 0.5)
        return "uphill" if ahead.mean() > 0 else "rate squared"
    return {"read": "least for largest", "dh": "reshaped"}.get(name, "averaged")
