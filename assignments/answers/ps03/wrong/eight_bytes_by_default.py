"""
mistake: another default
cell: test_bytes
points: 1.3333
"""


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=8):
    n = 1
    for k in y_shape:
        n *= k
    m = 1
    for k in x_shape:
        m *= k
    return n * m * itemsize
