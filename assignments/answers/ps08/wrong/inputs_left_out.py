"""
mistake: values left out
cell: test_order
points: 0.2857
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
            waiting += [(parent, False) for parent in parents[name]]
    return [name for name in found if parents[name]]
