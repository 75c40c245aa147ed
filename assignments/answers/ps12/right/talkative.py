"""Prints what it does; a class that remembers its way forth, closures, counts per column."""


# %% batch_norm
class Column:
    def __init__(self, values, eps):
        self.centred = values - np.average(values)
        self.sigma = float(np.sqrt(np.average(self.centred**2) + eps))
        self.standard = self.centred / self.sigma

    def back(self, g):
        sent = g - np.average(g)
        sent -= self.standard * np.average(g * self.standard)
        print("a column sends", sent / self.sigma)
        return sent / self.sigma


def batch_norm(x, gamma, beta, eps):
    print("normalising", x.shape)
    return np.stack([g * Column(c, eps).standard + b for c, g, b in zip(x.T, gamma, beta)], axis=1)


def batch_norm_back(upstream, x, gamma, eps):
    columns = [Column(c, eps) for c in x.T]
    dx = np.stack([c.back(g * u) for c, g, u in zip(columns, gamma, upstream.T)], axis=1)
    dgamma = np.array([u @ c.standard for c, u in zip(columns, upstream.T)])
    return [dx, dgamma, np.array([u.sum() for u in upstream.T])]


# %% dropout
def through_mask(rate):
    print("those who stay grow by", 1 / (1 - rate))

    def gate(values, mask):
        return np.multiply(values, np.divide(mask, 1 - rate))

    return gate


def dropout(x, mask, rate):
    return through_mask(rate)(x, mask)


def dropout_back(upstream, mask, rate):
    return through_mask(rate)(upstream, mask)


# %% attend
def looking(q, K, V):
    """What query q sees, and a function for the way back."""
    root = len(q) ** 0.5
    s = np.array([np.dot(q, k) / root for k in K])
    a = np.exp(s - max(s))
    a = a / sum(a)
    print("weights", a.round(3))

    def back(sent):
        da = np.array([np.dot(sent, v) for v in V])
        ds = a * (da - np.dot(a, da)) / root
        return sum(d * k for d, k in zip(ds, K)), np.outer(ds, q), np.outer(a, sent)

    return sum(w * v for w, v in zip(a, V)), back


def attend(Q, K, V):
    return np.array([looking(q, K, V)[0] for q in Q])


def attend_back(upstream, Q, K, V):
    sent = [looking(q, K, V)[1](u) for q, u in zip(Q, upstream)]
    dQ, dK, dV = zip(*sent)
    return np.array(dQ), sum(dK), sum(dV)


# %% causal
def causal_weights(Q, K):
    rows = []
    for i, q in enumerate(Q):
        e = np.exp(K[: i + 1] @ q / q.size**0.5)
        print("place", i, "sees", i + 1)
        rows.append(np.pad(e / e.sum(), (0, len(Q) - i - 1)))
    return np.array(rows)


def causal_back(upstream, Q, K):
    A = causal_weights(Q, K)
    dS = np.zeros_like(A)
    for i, a in enumerate(A):
        seen = a > 0
        dS[i, seen] = a[seen] * (upstream[i, seen] - a[seen] @ upstream[i, seen])
    return dS @ K / Q.shape[1] ** 0.5, dS.T @ Q / Q.shape[1] ** 0.5


# %% look_up
def look_up(W, index):
    print("rows", index.tolist())
    return np.array([W[i] for i in index.ravel()]).reshape(*index.shape, -1)


def look_up_back(upstream, index, V):
    flat = upstream.reshape(-1, upstream.shape[-1])
    columns = [np.bincount(index.ravel(), weights=column, minlength=V) for column in flat.T]
    return np.stack(columns, axis=1)
