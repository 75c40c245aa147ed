"""
mistake: softmax skipped
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
    root = np.sqrt(Q.shape[1])
    weights = causal_weights(Q, K)
    shared = (upstream * weights).sum(axis=1, keepdims=True)
    to_scores = upstream
    return to_scores @ K / root, to_scores.T @ Q / root
