"""
mistake: numerical derivative
cell: test_causal
points: 1
"""


# %% causal
def causal_weights(Q, K):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    scores[np.triu_indices(len(Q), k=1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def causal_back(upstream, Q, K):
    def nudged(f, at, small=1e-6):
        found = np.zeros(at.shape)
        for place in np.ndindex(*at.shape):
            step = np.zeros(at.shape)
            step[place] = small
            found[place] = np.sum(upstream * (f(at + step) - f(at - step))) / (2 * small)
        return found

    return nudged(lambda Q: causal_weights(Q, K), Q), nudged(lambda K: causal_weights(Q, K), K)
