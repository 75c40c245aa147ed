"""Sums as einsum, with an axis for everything."""


# %% batch_norm
def batch_norm(x, gamma, beta, eps):
    N = len(x)
    c = x - np.einsum("nd->d", x) / N
    inverse = (np.einsum("nd,nd->d", c, c) / N + eps) ** -0.5
    return np.einsum("nd,d,d->nd", c, inverse, gamma) + beta


def batch_norm_back(upstream, x, gamma, eps):
    N = len(x)
    c = x - np.einsum("nd->d", x) / N
    inverse = (np.einsum("nd,nd->d", c, c) / N + eps) ** -0.5
    standard = np.einsum("nd,d->nd", c, inverse)
    dgamma = np.einsum("nd,nd->d", upstream, standard)
    dbeta = np.einsum("nd->d", upstream)
    dx = gamma * inverse * (upstream - dbeta / N - standard * dgamma / N)
    return dx, dgamma, dbeta


# %% dropout
def dropout(x, mask, rate):
    return np.einsum("...,...->...", x, mask / (1 - rate))


def dropout_back(upstream, mask, rate):
    return np.einsum("...,...->...", upstream, mask / (1 - rate))


# %% attend
def shares(Q, K):
    S = np.einsum("ti,si->ts", Q, K) * Q.shape[1] ** -0.5
    E = np.exp(S - S.max(axis=1)[:, None])
    return np.einsum("ts,t->ts", E, 1 / np.einsum("ts->t", E))


def attend(Q, K, V):
    return np.einsum("ts,sv->tv", shares(Q, K), V)


def attend_back(upstream, Q, K, V):
    A = shares(Q, K)
    dA = np.einsum("tv,sv->ts", upstream, V)
    dS = (A * dA - np.einsum("ts,tr,tr->ts", A, A, dA)) * Q.shape[1] ** -0.5
    return np.einsum("ts,si->ti", dS, K), np.einsum("ts,ti->si", dS, Q), np.einsum("ts,tv->sv", A, upstream)


# %% causal
def causal_weights(Q, K):
    S = np.einsum("ti,si->ts", Q, K) * Q.shape[1] ** -0.5
    E = np.tril(np.exp(S - S.max(axis=1)[:, None]))
    return np.einsum("ts,t->ts", E, 1 / np.einsum("ts->t", E))


def causal_back(upstream, Q, K):
    A = causal_weights(Q, K)
    dS = (A * upstream - np.einsum("ts,tr,tr->ts", A, A, upstream)) * Q.shape[1] ** -0.5
    return np.einsum("ts,si->ti", dS, K), np.einsum("ts,ti->si", dS, Q)


# %% look_up
def chosen(index, V):
    return 1.0 * (index[..., None] == np.arange(V))


def look_up(W, index):
    return np.einsum("...v,vd->...d", chosen(index, len(W)), W)


def look_up_back(upstream, index, V):
    flat = upstream.reshape(index.size, -1)
    return np.einsum("nv,nd->vd", chosen(index.ravel(), V), flat)
