"""
mistake: argument changed in place
cell: test_order
points: 2.7143
"""


# %% order
def order(parents, output):
    found, met, waiting = [], set(), [(output, False)]
    while waiting:
        name, parents_are_listed = waiting.pop()
        if parents_are_listed:
            found.append(name)
        elif name not in met:
            met.add(name)
            waiting.append((name, True))
            waiting += [(parent, False) for parent in parents.pop(name)]
    return found
