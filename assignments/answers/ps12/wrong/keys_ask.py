"""
mistake: queries and keys exchanged
cell: test_causal
points: 2
"""


# %% causal
def causal_weights(Q, K):
    scores = K @ Q.T / np.sqrt(Q.shape[1])
    scores[np.triu_indices(len(Q), k=1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def causal_back(upstream, Q, K):
    root = np.sqrt(Q.shape[1])
    scores = Q @ K.T / root
    scores[np.triu_indices(len(Q), k=1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    shared = (upstream * weights).sum(axis=1, keepdims=True)
    to_scores = weights * (upstream - shared)
    return to_scores @ K / root, to_scores.T @ Q / root
