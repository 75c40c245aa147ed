"""
mistake: x not restored
cell: test_nudged
points: 1
"""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    x = x.copy()
    columns = []
    for j in range(len(x)):
        x[j] += h
        up = f(x)
        x[j] -= 2 * h
        columns.append((up - f(x)) / (2 * h))
    return np.column_stack(columns)
