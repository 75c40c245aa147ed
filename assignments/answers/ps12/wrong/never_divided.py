"""
mistake: not divided by the sum
cell: test_attend
points: 2.6667
"""


# %% attend
def attend(Q, K, V):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights @ V


def attend_back(upstream, Q, K, V):
    root = np.sqrt(Q.shape[1])
    scores = Q @ K.T / root
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    to_weights = upstream @ V.T
    shared = (to_weights * weights).sum(axis=1, keepdims=True)
    to_scores = weights * (to_weights - shared)
    return to_scores @ K / root, to_scores.T @ Q / root, weights.T @ upstream
