"""
mistake: library used
cell: test_order
points: 0
"""


# %% order
def order(parents, output):
    node = {}

    def made(name):
        if name not in node:
            above = [made(parent) for parent in parents[name]]
            node[name] = bp.Node(0.0, name)
            for each in above:
                node[name] = bp.apply(bp.add, node[name], each, name=name)
        return node[name]

    seen = []
    for each in bp.topological_order(made(output)):
        if each.name not in seen:
            seen.append(each.name)
    return seen
