"""
mistake: opposite sign
cell: test_classifier
points: 1.3333
"""


# %% classifier
def classifier(x, W, right, strength):
    s = x @ W
    margins = np.maximum(0, s - s[right] + 1)
    margins[right] = 0
    loss = margins.sum() + strength * np.sum(W**2)
    ds = -(margins > 0).astype(float)
    ds[right] = -ds.sum()
    dW = np.outer(x, ds)
    dW += 2 * strength * W
    return loss, ds, dW
