"""
mistake: argument changed in place
cell: test_rules
points: 2.7188
"""


# %% rules
def back_add(upstream, x, y):
    return upstream, upstream


def back_multiply(upstream, x, y):
    return upstream * y, upstream * x


def back_max(upstream, x, y):
    return (upstream, 0.0) if x > y else (0.0, upstream)


def back_copy(signals):
    total = 0.0
    while signals:
        total += signals.pop()
    return total
