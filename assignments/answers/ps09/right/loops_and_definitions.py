"""Loops over samples, rows and entries, by the definitions, one number after the other."""


# %% look
def look(prepare, pixels, labels, train):
    N = len(pixels)
    everybody, t = prepare(pixels, labels, train)
    for n in range(N):
        if t[n] != labels[n]:
            return "labels moved"
    for absent in range(N):
        present = [n for n in range(N) if n != absent]
        fewer = prepare(pixels[present], labels[present], train)[0]
        for place, n in enumerate(present):
            for j in range(pixels.shape[1]):
                if abs(fewer[place, j] - everybody[n, j]) > 1e-9:
                    return "own statistics"
    return "fine"


# %% before
import math


def before(loss, params, x, t):
    ln_C = math.log(len(params["b2"]))
    was = {}
    early = loss(params, x, t)
    for name in params:
        for k in range(params[name].size):
            was[name, k] = params[name].flat[k]
            params[name].flat[k] = 0.0
    at_zero = loss(params, x, t)
    for (name, k), number in was.items():
        params[name].flat[k] = number
    if math.isclose(at_zero, ln_C, rel_tol=0.0, abs_tol=1e-6):
        return "healthy" if early <= ln_C + 1 else "sure too early"
    return "wrong at zero"


# %% gradient
def wrong_gradients(loss, gradient, params, x, t):
    names, h = [], 1e-5
    claimed = gradient(params, x, t)
    for name in ["W1", "b1", "W2", "b2"]:
        rows, of_rows = np.atleast_2d(params[name]), np.atleast_2d(claimed[name])
        differences, sizes = [], []
        for i in range(rows.shape[0]):
            for j in range(rows.shape[1]):
                w = rows[i, j]
                rows[i, j] = w - h
                left = loss(params, x, t)
                rows[i, j] = w + h
                right = loss(params, x, t)
                rows[i, j] = w
                slope = (right - left) / (2 * h)
                differences.append(abs(slope - of_rows[i, j]))
                sizes.extend([abs(slope), abs(of_rows[i, j])])
        if max(differences) > max(sizes) / 1000:
            names.append(name)
    return names


# %% hunt
import math


def right_softmax(s):
    result = np.zeros(s.shape)
    for n in range(len(s)):
        top = max(s[n])
        below = 0.0
        for c in range(s.shape[1]):
            below += math.exp(s[n, c] - top)
        for c in range(s.shape[1]):
            result[n, c] = math.exp(s[n, c] - top) / below
    return result


def right_loss(p, t):
    mean = 0.0
    for n in range(len(t)):
        mean -= math.log(p[n, t[n]]) / len(t)
    return mean


def right_dscores(p, t):
    result = np.array(p)
    for n in range(len(t)):
        result[n, t[n]] -= 1.0
        result[n] /= len(t)
    return result


def right_dW(h, delta):
    result = np.zeros((h.shape[1], delta.shape[1]))
    for n in range(h.shape[0]):
        for i in range(h.shape[1]):
            for j in range(delta.shape[1]):
                result[i, j] += h[n, i] * delta[n, j]
    return result


def right_db(delta):
    return np.array([math.fsum(column) for column in delta.T])


def right_dh(delta, W):
    result = np.zeros((delta.shape[0], W.shape[0]))
    for n in range(delta.shape[0]):
        for i in range(W.shape[0]):
            result[n, i] = sum(delta[n, j] * W[i, j] for j in range(W.shape[1]))
    return result


def right_dz(dh, z):
    result = np.zeros(z.shape)
    for n in range(z.shape[0]):
        for i in range(z.shape[1]):
            if z[n, i] > 0:
                result[n, i] = dh[n, i]
    return result


def right_moved(q, dq, rate):
    return np.array([[a - rate * b for a, b in zip(*rows)] for rows in zip(q, dq)])


def right_read(s):
    best = []
    for row in s:
        winner = 0
        for c in range(1, len(row)):
            if row[c] > row[winner]:
                winner = c
        best.append(winner)
    return np.array(best)


def differ(one, other):
    for a, b in zip(np.ravel(one), np.ravel(other)):
        if not abs(a - b) <= 1e-8:
            return True
    return False


def hunt(lines):
    s = np.array([[0.5, -1.5, 2.5], [1.5, 3.5, 0.0], [-0.5, 1.0, 0.25]])
    p = np.array([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.5, 0.4, 0.1]])
    t = np.array([2, 0, 1])
    h = np.array([[1.0, -3.0], [2.0, 0.5], [-1.0, 4.0]])
    W = np.array([[1.0, 6.0, -2.0], [3.0, 2.0, 9.0]])
    dh = np.array([[1.0, 1.0], [-1.0, -1.0], [2.0, -3.0]])
    rate = 0.1

    inputs = (s,)
    if differ(lines["softmax"](s), right_softmax(s)):
        return "softmax", "over the samples", inputs, right_softmax
    if differ(lines["softmax"](s * 900), right_softmax(s * 900)):
        return "softmax", "not shifted", (s * 900,), right_softmax
    if differ(lines["read"](s), right_read(s)):
        return "read", "least for largest", inputs, right_read
    if differ(lines["db"](s), right_db(s)):
        return "db", "averaged", inputs, right_db
    if differ(lines["dh"](s, W), right_dh(s, W)):
        return "dh", "reshaped", (s, W), right_dh

    got, wanted = lines["loss"](p, t), right_loss(p, t)
    if differ(got, wanted):
        kind = "cushioned" if differ(got, len(t) * wanted) else "summed"
        return "loss", kind, (p, t), right_loss
    got, wanted = lines["dscores"](p, t), right_dscores(p, t)
    if differ(got, wanted):
        kind = "target forgotten" if differ(got, len(t) * wanted) else "mean forgotten"
        return "dscores", kind, (p, t), right_dscores
    got, wanted = lines["dW"](h, s), right_dW(h, s)
    if differ(got, wanted):
        kind = "reshaped" if differ(len(h) * got, wanted) else "averaged"
        return "dW", kind, (h, s), right_dW
    got, wanted = lines["dz"](dh, h), right_dz(dh, h)
    if differ(got, wanted):
        kind = "asked about the signal" if differ(got, dh) else "walked past"
        return "dz", kind, (dh, h), right_dz
    got, wanted = lines["moved"](W, s[:2], rate), right_moved(W, s[:2], rate)
    if differ(got, wanted):
        kind = "rate squared" if differ(got - W, W - wanted) else "uphill"
        return "moved", kind, (W, s[:2], rate), right_moved
