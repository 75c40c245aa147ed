"""
mistake: library used
cell: test_batch_norm
points: 1.3333
"""


# %% batch_norm
def batch_norm(x, gamma, beta, eps):
    centred = x - x.mean(axis=0)
    root = np.sqrt((centred**2).mean(axis=0) + eps)
    return gamma * centred / root + beta


def batch_norm_back(upstream, x, gamma, eps):
    return bp.vjp(bp.gates.BatchNorm(eps), (x, gamma, np.zeros_like(gamma)), upstream)
