"""
mistake: library used
cell: test_wave
points: 0
"""

# %% wave
import bplib as bp


def wave(x):
    def curve(x):
        y = 3 * x - 1
        z = y**2
        return bp.exp(-z)

    trace = bp.record(curve, x=x)
    return trace.output, trace.gradient["x"]
