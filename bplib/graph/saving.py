"""A graph for pickle and copy.deepcopy: another process gets it too, however deep it is.

Both go from a node to its parents, and so would go as deep as the graph. Therefore a node hands over all
that lies above it first, parents before children: each finds its parents already there.
"""

from threading import local

from .order import topological_order


def saved(node, restored):
    """What Node.__reduce__ returns: restored(above, type, gate, parents, name, value) makes the node anew."""
    above = None if node in _under_way.nodes else _Above(node)
    made_of = (above, type(node), node.gate, node.parents, node.name, node.value)
    return restored, made_of, getattr(node, "__dict__", None)


class _UnderWay(local):
    """The nodes that are being handed over just now, in this thread."""

    nodes = frozenset()


_under_way = _UnderWay()


class _Above:
    """All that lies above a node, to be saved one after the other."""

    def __init__(self, node):
        self.node = node

    def __reduce__(self):
        return list, (), None, self._one_by_one()

    def _one_by_one(self):
        order, before = topological_order(self.node), _under_way.nodes
        _under_way.nodes = before.union(order)
        try:
            yield from order[:-1]
        finally:
            _under_way.nodes = before
