"""
mistake: ε left out
cell: test_batch_norm
points: 2.1333
"""


# %% batch_norm
def batch_norm(x, gamma, beta, eps):
    centred = x - x.mean(axis=0)
    root = np.sqrt((centred**2).mean(axis=0) + eps)
    return gamma * centred / root + beta


def batch_norm_back(upstream, x, gamma, eps):
    centred = x - x.mean(axis=0)
    root = np.sqrt((centred**2).mean(axis=0))
    standard = centred / root
    arriving = gamma * upstream
    along = arriving.mean(axis=0)
    stretched = (arriving * standard).mean(axis=0)
    to_x = (arriving - along - standard * stretched) / root
    return to_x, (upstream * standard).sum(axis=0), upstream.sum(axis=0)
