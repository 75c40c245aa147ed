"""
mistake: taken as square
cell: test_bytes
points: 0.5
"""


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return int(np.prod(x_shape)) ** 2 * itemsize
