"""
mistake: recursion ends
cell: test_order
points: 2
"""


# %% order
def order(parents, output):
    found, met = [], set()

    def visit(name):
        if name not in met:
            met.add(name)
            for parent in parents[name]:
                visit(parent)
            found.append(name)

    visit(output)
    return found
