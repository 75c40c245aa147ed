"""
mistake: library used
cell: test_errors
points: 0
"""

# %% errors
import bplib as bp
from bplib import nielsen


def bp1(cost_gradient, z):
    return bp.vjp(bp.sigmoid, z, cost_gradient)


def bp2(delta_next, w_next, z):
    return bp.bp2(delta_next.T, w_next.T, nielsen.slope(z.T)).T
