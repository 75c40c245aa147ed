"""
mistake: listed twice
cell: test_order
points: 1.2857
"""


# %% order
def order(parents, output):
    found, met, waiting = [], set(), [(output, False)]
    while waiting:
        name, parents_are_listed = waiting.pop()
        if parents_are_listed:
            found.append(name)
        else:
            met.add(name)
            waiting.append((name, True))
            waiting += [(parent, False) for parent in parents[name]]
    return found
