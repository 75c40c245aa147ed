"""
mistake: library used
cell: test_length
points: 0
"""

# %% length
import bplib as bp


def squared_length(W, x):
    trace = bp.record(lambda W, x: bp.squared_norm(W @ x), W=W, x=x)
    return trace.output, trace.gradient["W"], trace.gradient["x"]
