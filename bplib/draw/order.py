"""Which column each box of a graph stands in, and the order within a column: few crossings, and the first
operand of a gate above the second.

A line that passes through a column has a place in it too: a bend, named (line, column).
"""

from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple


class Line(NamedTuple):
    start: int
    end: int
    slot: int  # which operand of `end`
    port: float  # where it enters the box, measured down from the centre


def columns(shown, lines):
    """Each box just before its first consumer; a gate with more operands than users stays near them."""
    entering, leaving = group(lines, "end"), group(lines, "start")
    column = {}
    for v in reversed(shown):
        column[v] = min((column[line.end] for line in leaving[v]), default=0) - 1
    for v in shown:
        if len(entering[v]) > len(leaving[v]):
            column[v] = max(column[line.start] for line in entering[v]) + 1
    first = min(column.values())
    return {v: c - first for v, c in column.items()}


def group(lines, end):
    groups = defaultdict(list)
    for line in lines:
        groups[getattr(line, end)].append(line)
    return groups


def chains(lines, column):
    """The stops of each line: its two boxes, and a bend in every column between."""
    return [
        [line.start, *((i, c) for c in range(column[line.start] + 1, column[line.end])), line.end]
        for i, line in enumerate(lines)
    ]


def is_bend(stop):
    return isinstance(stop, tuple)


def neighbours(lines, stops):
    """What lies left and right of every stop, each with the port at the right end of that stretch."""
    left, right = defaultdict(list), defaultdict(list)
    for line, chain in zip(lines, stops, strict=True):
        for a, b in pairwise(chain):
            port = 0.0 if is_bend(b) else line.port
            left[b].append((a, port))
            right[a].append((b, port))
    return left, right


def arrange(column, left, right):
    """The stops of every column, from top to bottom."""
    return _untangle(_walk_back(column, left, right), left, right)


def _walk_back(column, left, right):
    """From the outputs backwards, first operand first, filling every column downwards."""
    order = [[] for _ in range(max(column.values()) + 1)]
    seen, stack = set(), [v for v in column if not right[v]]
    while stack:
        v = stack.pop()
        if v not in seen:
            seen.add(v)
            order[v[1] if is_bend(v) else column[v]].append(v)
            stack += [u for u, _ in reversed(left[v])]
    return order


def _untangle(order, left, right, sweeps=8):
    """Sort columns by the mean place of their neighbours, then swap while that removes crossings."""
    best, fewest = order, _crossings(order, right)
    for sweep in range(sweeps):
        if fewest == 0:
            break
        order = [list(column) for column in order]
        _sort_columns(order, *((right, -1) if sweep % 2 == 0 else (left, 1)))
        _swap_neighbours(order, left, right)
        count = _crossings(order, right)
        if count < fewest:
            best, fewest = order, count
    return best


def _sort_columns(order, side, direction):
    place = _places(order)

    def mean_place(v):
        places = [(place[u], port) for u, port in side[v]] or [(place[v], 0.0)]
        return sum(p + port / 1000 for p, port in places) / len(places)

    for column in order[::direction]:
        column.sort(key=mean_place)
        place.update(_places([column]))


def _swap_neighbours(order, left, right):
    place = _places(order)
    swapped = True
    while swapped:
        swapped = False
        for column in order:
            for i in range(len(column) - 1):
                a, b = column[i : i + 2]
                if _tangle(a, b, place, left, right) > _tangle(b, a, place, left, right):
                    column[i : i + 2] = b, a
                    place[a], place[b] = i + 1, i
                    swapped = True


def _tangle(upper, lower, place, left, right):
    """Crossings among the lines of two stops of one column, when `upper` is above `lower`."""
    before = sum(place[a] > place[b] for a, _ in left[upper] for b, _ in left[lower])
    return before + sum((place[a], p) > (place[b], q) for a, p in right[upper] for b, q in right[lower])


def _crossings(order, right):
    place, nothing = _places(order), defaultdict(list)
    pairs = ((a, b) for column in order for i, a in enumerate(column) for b in column[i + 1 :])
    return sum(_tangle(a, b, place, nothing, right) for a, b in pairs)


def _places(order):
    return {v: i for column in order for i, v in enumerate(column)}
