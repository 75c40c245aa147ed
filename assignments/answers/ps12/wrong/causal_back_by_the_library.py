"""
mistake: library used
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
    asked = bp.gates.Attention(np.tri(len(Q)) > 0)
    to_Q, to_K, _ = bp.vjp(asked, (Q, K, np.eye(len(Q))), upstream)
    return to_Q, to_K
