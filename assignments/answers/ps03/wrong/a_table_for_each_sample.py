"""
mistake: one sample
cell: test_bytes
points: 0
"""


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return int(np.prod(y_shape)) * int(np.prod(x_shape)) * itemsize // y_shape[0]
