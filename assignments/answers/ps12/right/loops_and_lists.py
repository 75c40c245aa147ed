"""Loops over every index, and lists for what comes out."""

# %% batch_norm
import math


def moments(column, eps):
    mean = sum(column) / len(column)
    variance = sum((value - mean) ** 2 for value in column) / len(column)
    return mean, math.sqrt(variance + eps)


def batch_norm(x, gamma, beta, eps):
    y = [[0.0] * x.shape[1] for _ in x]
    for j in range(x.shape[1]):
        mean, sigma = moments(list(x[:, j]), eps)
        for n in range(len(x)):
            y[n][j] = gamma[j] * (x[n, j] - mean) / sigma + beta[j]
    return np.array(y)


def batch_norm_back(upstream, x, gamma, eps):
    N, D = x.shape
    dx, dgamma, dbeta = np.zeros((N, D)), [0.0] * D, [0.0] * D
    for j in range(D):
        mean, sigma = moments(list(x[:, j]), eps)
        for n in range(N):
            dgamma[j] += upstream[n, j] * (x[n, j] - mean) / sigma
            dbeta[j] += upstream[n, j]
            for m in range(N):  # how y of sample m moves with x of sample n
                here = 1.0 if m == n else 0.0
                slope = here - 1 / N - (x[m, j] - mean) * (x[n, j] - mean) / sigma**2 / N
                dx[n, j] += upstream[m, j] * gamma[j] * slope / sigma
    return dx, np.array(dgamma), np.array(dbeta)


# %% dropout
def dropout(x, mask, rate):
    y = np.zeros(x.shape)
    for place in np.ndindex(*x.shape):
        if mask[place]:
            y[place] = x[place] / (1 - rate)
    return y


def dropout_back(upstream, mask, rate):
    dx = np.zeros(upstream.shape)
    for place in np.ndindex(*upstream.shape):
        if mask[place]:
            dx[place] = upstream[place] / (1 - rate)
    return dx


# %% attend
def weights_of(q, K):
    scores = [sum(a * b for a, b in zip(q, k)) / len(q) ** 0.5 for k in K]
    largest = max(scores)
    e = [math.exp(score - largest) for score in scores]
    return [each / sum(e) for each in e]


def attend(Q, K, V):
    rows = []
    for q in Q:
        a = weights_of(q, K)
        rows.append([sum(a[s] * V[s, j] for s in range(len(V))) for j in range(V.shape[1])])
    return np.array(rows)


def attend_back(upstream, Q, K, V):
    dQ, dK, dV = np.zeros(Q.shape), np.zeros(K.shape), np.zeros(V.shape)
    for t in range(len(Q)):
        a = weights_of(Q[t], K)
        da = [sum(upstream[t, j] * V[s, j] for j in range(V.shape[1])) for s in range(len(V))]
        common = sum(a[s] * da[s] for s in range(len(V)))
        for s in range(len(K)):
            ds = a[s] * (da[s] - common) / len(Q[t]) ** 0.5
            for i in range(len(Q[t])):
                dQ[t, i] += ds * K[s, i]
                dK[s, i] += ds * Q[t, i]
            for j in range(V.shape[1]):
                dV[s, j] += a[s] * upstream[t, j]
    return dQ, dK, dV


# %% causal
def row_of_weights(i, Q, K):
    scores = [sum(a * b for a, b in zip(Q[i], K[j])) / len(Q[i]) ** 0.5 for j in range(i + 1)]
    e = [math.exp(score - max(scores)) for score in scores]
    return [each / sum(e) for each in e] + [0.0] * (len(Q) - i - 1)


def causal_weights(Q, K):
    return np.array([row_of_weights(i, Q, K) for i in range(len(Q))])


def causal_back(upstream, Q, K):
    dQ, dK = np.zeros(Q.shape), np.zeros(K.shape)
    for i in range(len(Q)):
        a = row_of_weights(i, Q, K)
        common = sum(a[j] * upstream[i, j] for j in range(i + 1))
        for j in range(i + 1):
            ds = a[j] * (upstream[i, j] - common) / len(Q[i]) ** 0.5
            dQ[i] += ds * K[j]
            dK[j] += ds * Q[i]
    return dQ, dK


# %% look_up
def look_up(W, index):
    y = np.zeros((*index.shape, W.shape[1]))
    for place in np.ndindex(*index.shape):
        y[place] = W[index[place]]
    return y


def look_up_back(upstream, index, V):
    dW = np.zeros((V, upstream.shape[-1]))
    for place in np.ndindex(*index.shape):
        dW[index[place]] += upstream[place]
    return dW
