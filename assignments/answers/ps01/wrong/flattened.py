"""
mistake: has shape (6,), but needs (2, 3)
cell: test_gradient
points: 3
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    slopes = []
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        slopes.append((f(x + e) - f(x - e)) / (2 * h))
    return np.array(slopes)
