"""
mistake: jacobian_bytes returned nothing
cell: test_bytes
points: 0
"""


# %% bytes
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    print(int(np.prod(y_shape)) * int(np.prod(x_shape)) * itemsize)
