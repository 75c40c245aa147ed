"""
mistake: library used
cell: test_attend
points: 1.3333
"""


# %% attend
def attend(Q, K, V):
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ V


def attend_back(upstream, Q, K, V):
    return bp.vjp(bp.attention, (Q, K, V), upstream)
