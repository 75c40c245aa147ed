"""
mistake: right ignored
cell: test_classifier
points: 1
"""


# %% classifier
def classifier(x, W, right, strength):
    s = x @ W
    margins = np.maximum(0, s - s[0] + 1)
    margins[0] = 0
    loss = margins.sum() + strength * np.sum(W**2)
    ds = (margins > 0).astype(float)
    ds[0] = -ds.sum()
    dW = np.outer(x, ds)
    dW += 2 * strength * W
    return loss, ds, dW
