"""
mistake: not under the output
cell: test_order
points: 1.5714
"""


# %% order
def order(parents, output):
    found = []
    while len(found) < len(parents):
        for name in parents:
            if name not in found and all(parent in found for parent in parents[name]):
                found.append(name)
    return found
