"""
mistake: library used
cell: test_step
points: 0
"""

# %% step
import bplib as bp


class Momentum(bp.Momentum):
    pass
