"""
mistake: library used
cell: test_rules
points: 0
"""

# %% rules
import bplib as bp


def back_add(upstream, x, y):
    return bp.add.backward(upstream, x + y, x, y)


def back_multiply(upstream, x, y):
    return bp.multiply.backward(upstream, x * y, x, y)


def back_max(upstream, x, y):
    return bp.maximum.backward(upstream, max(x, y), x, y)


def back_copy(signals):
    return bp.gates.Copy(len(signals)).backward(np.array(signals), None, 0.0)[0]
