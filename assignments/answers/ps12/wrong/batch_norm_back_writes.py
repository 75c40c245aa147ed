"""
mistake: argument changed in place
cell: test_batch_norm
points: 3.7333
"""


# %% batch_norm
def batch_norm(x, gamma, beta, eps):
    centred = x - x.mean(axis=0)
    root = np.sqrt((centred**2).mean(axis=0) + eps)
    return gamma * centred / root + beta


def batch_norm_back(upstream, x, gamma, eps):
    centred = x - x.mean(axis=0)
    root = np.sqrt((centred**2).mean(axis=0) + eps)
    standard = centred / root
    to_gamma, to_beta = (upstream * standard).sum(axis=0), upstream.sum(axis=0)
    upstream *= gamma
    upstream -= upstream.mean(axis=0) + standard * (upstream * standard).mean(axis=0)
    return upstream / root, to_gamma, to_beta
