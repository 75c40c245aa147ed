"""
mistake: one sample
cell: test_bytes
points: 0.5
"""


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return y_shape[-1] * x_shape[-1] * itemsize
