"""Where the boxes and lines of a trace go: columns from left to right, operands in order from top to bottom.

Every column has three parts, so that no line ever runs over a number:

    lead   where a shared node enters this gate: room for that branch's own gradient
    box
    stem   the line that leaves the box: room for its value above and its gradient below

Lines climb only in the gaps between columns, where nothing is written.
"""

from typing import NamedTuple

from .order import Line, arrange, chains, columns, group, is_bend, neighbours
from .wording import as_dict, box_label, drawn_slots, gradient_label, sent_label, value_label, width

GATE, NAME, STEM, MARGIN = 36, 30, 54, 16  # height of a gate and of an input, shortest stem, outer margin
PORT, LANE, SPACE, REACH = 22, 16, 12, 20  # between ports; around a passing line; between boxes; of a number
TEXT, SYMBOL = 13, 15  # font size of numbers, of what stands in boxes


class Size(NamedTuple):
    lead: float
    box: float
    stem: float
    height: float


class Column(NamedTuple):
    start: float
    box: float
    stem: float
    end: float


def layout(trace):
    """Place the graph of a trace in the plane; pixels, y downwards.

    {"width": w, "height": h,
     "boxes": [{"node": index in trace["nodes"], "kind": "input" | "constant" | "gate",
                "label": text in the box, "x": left, "y": top, "w": width, "h": height,
                "stem": [[x, y], [x, y]]}],  the line leaving the box; its value and gradient have room there
     "edges": [{"from": node, "to": node,
                "slot": k, "slots": n,       nodes[to]["inputs"][k] is nodes[from]; n = len(nodes[to]["inputs"])
                "shared": bool,              other lines leave `from` too: this branch has its own gradient,
                                             nodes[to]["downstream"][k]
                "points": [[x, y], …],       from the box, along its stem, to the next box
                "lead": [[x, y], [x, y]],    the last level run; the branch's gradient has room there
                "path": the line as SVG path data, its climbs drawn as S-curves}]}

    A plain number beside another operand is written in its gate (×2, +1) and has neither box nor line.
    """
    trace = as_dict(trace)
    nodes = trace["nodes"]
    lines = _connect(nodes)
    standing = {i for i, node in enumerate(nodes) if node["kind"] != "constant"}
    shown = sorted({trace["output"]} | standing | {line.start for line in lines})
    column = columns(shown, lines)
    stops = chains(lines, column)
    left, right = neighbours(lines, stops)
    order = arrange(column, left, right)

    entering, leaving = group(lines, "end"), group(lines, "start")
    shared = {v for v in shown if len(leaving[v]) > 1}
    size = {v: _measure(nodes[v], nodes, entering[v], shared) for v in shown}
    y = _rows(order, left, right, {v: size[v].height for v in shown})
    across = _across(order, size, y, right)
    return {
        "width": round(across[-1].end + MARGIN),
        "height": round(max(y[v] + size[v].height / 2 for v in shown) + MARGIN),
        "boxes": [_box(v, nodes, size[v], across[column[v]], y[v]) for v in shown],
        "edges": [
            _edge(line, chain, nodes, size, column, across, y, line.start in shared)
            for line, chain in zip(lines, stops, strict=True)
        ],
    }


def _connect(nodes):
    lines = []
    for end, node in enumerate(nodes):
        slots = drawn_slots(node, nodes)
        top = -PORT * (len(slots) - 1) / 2
        lines += [Line(node["inputs"][slot], end, slot, top + PORT * k) for k, slot in enumerate(slots)]
    return lines


def _measure(node, nodes, entering, shared):
    """The room a box needs, its numbers included."""
    branches = [sent_label(node, line.slot) for line in entering if line.start in shared]
    ports = max((abs(line.port) for line in entering), default=0)
    return Size(
        lead=max((width(text, TEXT) + 14 for text in branches), default=0),
        box=max(GATE, width(box_label(node, nodes), SYMBOL) + 14),
        stem=max(STEM, *(width(text, TEXT) + 14 for text in (value_label(node), gradient_label(node)))),
        height=2 * max(REACH, ports + (REACH if branches else 8)),
    )


def _rows(order, left, right, height, sweeps=40):
    """The height of every stop: pulled towards its neighbours, column by column, never too close to the next."""
    packed = [_pack(column, height) for column in order]
    y = {
        v: offset
        for column, offsets in zip(order, packed, strict=True)
        for v, offset in zip(column, offsets, strict=True)
    }
    for sweep in range(sweeps):
        for column, offsets in list(zip(order, packed, strict=True))[:: 1 if sweep % 2 else -1]:
            _settle(column, offsets, [_wish(v, y, left, right) for v in column], y)
    top = MARGIN - min(y[v] - h / 2 for v, h in height.items())
    return {v: round(value + top, 1) for v, value in y.items()}


def _pack(column, height):
    """The closest packing of a column: how far each stop is below the first."""
    offsets = [0.0]
    for a, b in zip(column, column[1:], strict=False):
        space = LANE if is_bend(a) or is_bend(b) else SPACE
        offsets.append(offsets[-1] + (height.get(a, 0) + height.get(b, 0)) / 2 + space)
    return offsets


def _wish(v, y, left, right):
    """The height that would suit the neighbours of v, and how strongly: in the middle of its operands first,
    then level with its consumers; a long line insists on being straight."""
    pulls = [(y[u] - port, 3 * _pull(u, v)) for u, port in left[v]]
    pulls += [(y[u] + port, _pull(u, v)) for u, port in right[v]] or [(y[v], 0.01)]
    strength = sum(weight for _, weight in pulls)
    return sum(height * weight for height, weight in pulls) / strength, strength


def _pull(u, v):
    return (1, 2, 8)[is_bend(u) + is_bend(v)]


def _settle(column, offsets, wishes, y):
    """Give each stop the height nearest its wish that keeps order and distance: stops that would overlap
    are pooled and moved together (isotonic regression)."""
    pools = []
    for offset, (wish, weight) in zip(offsets, wishes, strict=True):
        pool = (wish - offset, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            pool = _merge(pools.pop(), pool)
        pools.append(pool)
    tops = [top for top, _, count in pools for _ in range(count)]
    y.update((v, top + offset) for v, top, offset in zip(column, tops, offsets, strict=True))


def _merge(a, b):
    weight = a[1] + b[1]
    return (a[0] * a[1] + b[0] * b[1]) / weight, weight, a[2] + b[2]


def _across(order, size, y, right):
    """The parts of every column from left to right; a gap is as wide as its lines climb steeply."""
    across, x = [], MARGIN
    for column in order:
        sizes = [size[v] for v in column if not is_bend(v)]
        box = x + max((s.lead for s in sizes), default=0)
        stem = box + max((s.box for s in sizes), default=0)
        end = stem + max((s.stem for s in sizes), default=0)
        across.append(Column(x, box, stem, end))
        climb = max((abs(y[u] + port - y[v]) for v in column for u, port in right[v]), default=0)
        x = round(end + min(20 + 0.4 * climb, 90))
    return across


def _box(v, nodes, size, column, y):
    x = (column.box + column.stem - size.box) / 2
    ports = len(drawn_slots(nodes[v], nodes))
    h = max(GATE, ports * PORT - 8) if nodes[v]["kind"] == "gate" else NAME
    box = {"x": x, "y": y - h / 2, "w": size.box, "h": h}
    return {
        "node": v,
        "kind": nodes[v]["kind"],
        "label": box_label(nodes[v], nodes),
        **{key: round(value, 1) for key, value in box.items()},
        "stem": _tidy([(x + size.box, y), (column.end, y)]),
    }


def _edge(line, chain, nodes, size, column, across, y, shared):
    """From the box along its stem, level through every column on the way, level into the port of its gate."""
    first, last = across[column[line.start]], across[column[line.end]]
    start, end = y[line.start], y[line.end] + line.port
    points = [((first.box + first.stem + size[line.start].box) / 2, start), (first.end, start)]
    for bend in chain[1:-1]:
        points += [(across[bend[1]].start, y[bend]), (across[bend[1]].end, y[bend])]
    points += [(last.start, end), ((last.box + last.stem - size[line.end].box) / 2, end)]
    return {
        "from": line.start,
        "to": line.end,
        "slot": line.slot,
        "slots": len(nodes[line.end]["inputs"]),
        "shared": shared,
        "points": _tidy(points),
        "lead": _tidy(points[-2:]),
        "path": path(_tidy(points)),
    }


def _tidy(points):
    return [[round(x, 1), round(y, 1)] for x, y in points]


def path(points):
    """SVG path data through `points`."""
    data = "M{:g} {:g}".format(*points[0])
    for c0, c1, (x, y) in s_curves(points):
        data += f"H{x:g}" if c0[1] == y else "C{:g} {:g} {:g} {:g} {:g} {:g}".format(*c0, *c1, x, y)
    return data


def s_curves(points):
    """The stretches of a line as cubic curves that leave and arrive level: (control, control, end)."""
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        if x0 != x1:
            middle = round((x0 + x1) / 2, 1)
            yield (middle, y0), (middle, y1), (x1, y1)
