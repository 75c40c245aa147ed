"""The order to visit a graph's nodes in."""

from operator import attrgetter


def topological_order(output):
    """Every node that output depends on, each once, in the order in which they were made.

    So parents come before children, as the program computed them. No recursion: any depth will do.
    output    a node, or a tuple of nodes: then every node that one of them depends on
    """
    found, waiting = set(), list(output) if isinstance(output, tuple) else [output]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(node.parents)
    return sorted(found, key=attrgetter("made"))
