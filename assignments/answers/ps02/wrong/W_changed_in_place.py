"""
mistake: has changed an array
cell: test_classifier
points: 0
"""


# %% classifier
def classifier(x, W, right, strength):
    s = x @ W
    margins = np.maximum(0, s - s[right] + 1)
    margins[right] = 0
    loss = margins.sum() + strength * np.sum(W**2)
    ds = (margins > 0).astype(float)
    ds[right] = -ds.sum()
    W *= 2 * strength
    W += np.outer(x, ds)
    return loss, ds, W
