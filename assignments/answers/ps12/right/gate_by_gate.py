"""Staged: every gate a line of its own forth, and a line of its own back."""


# %% batch_norm
def stages(x, eps):
    mean = np.mean(x, axis=0)
    distance = x - mean
    square = distance * distance
    variance = np.mean(square, axis=0)
    root = np.sqrt(variance + eps)
    inverse = 1.0 / root
    return distance, root, inverse


def batch_norm(x, gamma, beta, eps):
    distance, _, inverse = stages(x, eps)
    standard = distance * inverse
    return gamma * standard + beta


def batch_norm_back(upstream, x, gamma, eps):
    N = x.shape[0]
    distance, root, inverse = stages(x, eps)
    dbeta = np.sum(upstream, axis=0)
    dgamma = np.sum(upstream * distance * inverse, axis=0)
    dstandard = upstream * gamma
    dinverse = np.sum(dstandard * distance, axis=0)
    ddistance = dstandard * inverse
    droot = -dinverse / (root * root)
    dvariance = 0.5 * droot / root
    dsquare = np.ones_like(x) * dvariance / N
    ddistance = ddistance + 2.0 * distance * dsquare
    dmean = -np.sum(ddistance, axis=0)
    return ddistance + np.ones_like(x) * dmean / N, dgamma, dbeta


# %% dropout
def dropout(x, mask, rate):
    kept = x * mask
    return kept / (1.0 - rate)


def dropout_back(upstream, mask, rate):
    dkept = upstream / (1.0 - rate)
    return dkept * mask


# %% attend
def asked(Q, K):
    products = np.matmul(Q, np.transpose(K))
    scores = products / Q.shape[1] ** 0.5
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    e = np.exp(shifted)
    total = np.sum(e, axis=1, keepdims=True)
    return e, total


def attend(Q, K, V):
    e, total = asked(Q, K)
    return np.matmul(e / total, V)


def attend_back(upstream, Q, K, V):
    e, total = asked(Q, K)
    dV = np.matmul(np.transpose(e / total), upstream)
    dA = np.matmul(upstream, np.transpose(V))
    dtotal = -np.sum(dA * e, axis=1, keepdims=True) / total**2
    de = dA / total + dtotal
    dscores = de * e  # the shift changes no weight: what goes through it is 0
    dproducts = dscores / Q.shape[1] ** 0.5
    return np.matmul(dproducts, K), np.matmul(np.transpose(dproducts), Q), dV


# %% causal
def asked_so_far(Q, K):
    products = np.matmul(Q, np.transpose(K))
    scores = products / Q.shape[1] ** 0.5
    places = np.arange(Q.shape[0])
    scores = np.where(places[:, None] >= places[None, :], scores, -np.inf)
    e = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return e, np.sum(e, axis=1, keepdims=True)


def causal_weights(Q, K):
    e, total = asked_so_far(Q, K)
    return e / total


def causal_back(upstream, Q, K):
    e, total = asked_so_far(Q, K)
    dtotal = -np.sum(upstream * e, axis=1, keepdims=True) / total**2
    dscores = (upstream / total + dtotal) * e
    dproducts = dscores / Q.shape[1] ** 0.5
    return np.matmul(dproducts, K), np.matmul(np.transpose(dproducts), Q)


# %% look_up
def look_up(W, index):
    return np.take(W, index, axis=0)


def look_up_back(upstream, index, V):
    D = upstream.shape[-1]
    dW = np.zeros((V, D))
    for row, signal in zip(index.reshape(-1), upstream.reshape(-1, D)):
        dW[row] = dW[row] + signal
    return dW
