"""
mistake: numerical derivative
cell: test_classifier
points: 0
"""


# %% classifier
def nudge(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        slopes[k] = (f(x + step) - f(x - step)) / (2 * h)
    return slopes


def classifier(x, W, right, strength):
    def hinge(scores):
        margins = np.maximum(0, scores - scores[right] + 1)
        return margins.sum() - margins[right]

    def loss(W):
        return hinge(x @ W) + strength * np.sum(W**2)

    return loss(W), nudge(hinge, x @ W), nudge(loss, W)
