"""
mistake: too early
cell: test_order
points: 1.8571
"""


# %% order
def order(parents, output):
    found, waiting = [], [output]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            waiting.extend(parents[name])
    return found[::-1]
