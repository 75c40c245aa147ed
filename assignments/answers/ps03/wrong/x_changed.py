"""
mistake: argument changed in place
cell: test_nudged
points: 2
"""


# %% nudged
def nudged_jacobian(f, x, h=1e-5):
    columns = []
    for j in range(len(x)):
        middle = x[j]
        x[j] = middle + h
        up = f(x)
        x[j] = middle - h
        columns.append((up - f(x)) / (2 * h))
        x[j] = middle
    x[-1] += h
    return np.column_stack(columns)
