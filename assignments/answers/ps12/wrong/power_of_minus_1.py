"""
mistake: wrong power of σ
cell: test_batch_norm
points: 2.9333
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
    arriving = gamma * upstream
    to_variance = -0.5 * (arriving * centred).sum(axis=0) / root**2
    to_centred = arriving / root + 2 * centred * to_variance / len(x)
    to_x = to_centred - to_centred.mean(axis=0)
    return to_x, (upstream * standard).sum(axis=0), upstream.sum(axis=0)
