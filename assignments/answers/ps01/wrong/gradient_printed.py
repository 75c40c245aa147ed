"""
mistake: returned nothing: is there a return?
cell: test_gradient
points: 1.3333
"""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    slope = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        slope[i] = (f(x + e) - f(x - e)) / (2 * h)
    print(slope)
