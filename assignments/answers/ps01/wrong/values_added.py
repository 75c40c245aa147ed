"""
mistake: plus for minus
cell: test_gradient
points: 1.3333
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64)
    out = []
    for k in range(x.size):
        e = np.zeros(x.size)
        e[k] = h
        e = e.reshape(x.shape)
        out.append((f(x + e) + f(x - e)) / h / 2)
    return np.array(out).reshape(x.shape)
