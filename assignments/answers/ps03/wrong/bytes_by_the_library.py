"""
mistake: library used
cell: test_bytes
points: 0
"""

# %% bytes
import bplib as bp


def jacobian_bytes(y_shape, x_shape, itemsize=4):
    return bp.jacobian_size(y_shape, x_shape, f"f{itemsize}").bytes
