"""
mistake: guessed
cell: test_hunt
points: 2.8
"""


# %% hunt
def hunt(lines):
    def softmax(s):
        above = np.exp(s - s.max(axis=1)[:, None])
        return above / above.sum(axis=1)[:, None]

    def hit(p, t):
        return p[np.arange(len(t)), t]

    rng = np.random.default_rng(5)
    s, h, dh, z = (rng.normal(size=shape) for shape in ((4, 3), (4, 2), (4, 2), (4, 2)))
    W, q, t = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), np.array([0, 2, 1, 1])
    p, far = softmax(s), np.array([[1000.0, 0.0, 3.0], [1.0, 2.0, 4.0]])
    known = [
        ("softmax", (s,), softmax, {"over the samples": lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum(axis=0)}),
        ("softmax", (far,), softmax, {"not shifted": None}),
        ("loss", (p, t), lambda p, t: -np.mean(np.log(hit(p, t))),
         {"summed": lambda p, t: -np.sum(np.log(hit(p, t))), "cushioned": None}),
        ("dscores", (p, t), lambda p, t: (p - np.eye(p.shape[1])[t]) / len(t),
         {"target forgotten": lambda p, t: p / len(t), "mean forgotten": None}),
        ("dW", (h, s), lambda h, delta: h.T @ delta, {"averaged": lambda h, d: h.T @ d / len(h), "reshaped": None}),
        ("db", (s,), lambda delta: delta.sum(axis=0), {"averaged": None}),
        ("dh", (s, W), lambda delta, W: delta @ W.T, {"reshaped": None}),
        ("dz", (dh, z), lambda dh, z: dh * (z > 0), {"walked past": lambda dh, z: dh, "asked about the signal": None}),
        ("moved", (q, W, 0.3), lambda q, dq, rate: q - rate * dq,
         {"uphill": lambda q, dq, rate: q + rate * dq, "rate squared": None}),
        ("read", (s,), lambda s: s.argmax(axis=1), {"least for largest": None}),
    ]  # fmt: skip
    for line, inputs, right, kinds in known:
        got = lines[line](*inputs)
        if not np.allclose(got, right(*inputs)):
            for kind, wrong in kinds.items():
                if wrong is None or np.allclose(got, wrong(*inputs)):
                    return line, kind, tuple(np.zeros_like(each) for each in inputs), right
