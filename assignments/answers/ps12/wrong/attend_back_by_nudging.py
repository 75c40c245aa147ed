"""
mistake: numerical derivative
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
    def nudged(f, at, small=1e-6):
        found = np.zeros(at.shape)
        for place in np.ndindex(*at.shape):
            step = np.zeros(at.shape)
            step[place] = small
            found[place] = np.sum(upstream * (f(at + step) - f(at - step))) / (2 * small)
        return found

    to_Q, to_K = nudged(lambda Q: attend(Q, K, V), Q), nudged(lambda K: attend(Q, K, V), K)
    return to_Q, to_K, nudged(lambda V: attend(Q, K, V), V)
