"""
mistake: routed by the upstream
cell: test_rules
points: 2.625
"""


# %% rules
def back_add(upstream, x, y):
    return upstream, upstream


def back_multiply(upstream, x, y):
    return upstream * y, upstream * x


def back_max(upstream, x, y):
    passed = max(upstream, 0.0)
    return (passed, 0.0) if x > y else (0.0, passed)


def back_copy(signals):
    return sum(signals)
