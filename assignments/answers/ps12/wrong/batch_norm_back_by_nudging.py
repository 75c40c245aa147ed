"""
mistake: numerical derivative
cell: test_batch_norm
points: 1.3333
"""


# %% batch_norm
def batch_norm(x, gamma, beta, eps):
    centred = x - x.mean(axis=0)
    root = np.sqrt((centred**2).mean(axis=0) + eps)
    return gamma * centred / root + beta


def batch_norm_back(upstream, x, gamma, eps):
    def nudged(f, at, small=1e-6):
        found = np.zeros(at.shape)
        for place in np.ndindex(*at.shape):
            step = np.zeros(at.shape)
            step[place] = small
            found[place] = np.sum(upstream * (f(at + step) - f(at - step))) / (2 * small)
        return found

    beta = np.zeros(len(gamma))
    to_x = nudged(lambda x: batch_norm(x, gamma, beta, eps), x)
    return to_x, nudged(lambda gamma: batch_norm(x, gamma, beta, eps), gamma), upstream.sum(axis=0)
