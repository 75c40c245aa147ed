"""
mistake: added
cell: test_bytes
points: 0
"""


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return int(np.prod(y_shape) + np.prod(x_shape)) * itemsize
