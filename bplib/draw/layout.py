"""Where the boxes and lines of a trace go: columns from left to right, operands in order from top to bottom.

Every column has three parts, so that no line ever runs over a number:

    lead   where a shared node enters this gate: room for that branch's own gradient
    box
    stem   the line that leaves the box: room for its value above and its gradient below

Lines climb only in the gaps between columns, where nothing is written. The same picture can run downwards,
for a page that is narrow: then what is said here of columns holds of rows, and numbers stand on the lines.
"""

from collections import Counter
from itertools import pairwise
from math import inf
from typing import NamedTuple

from .blocks import LINE, gradient_block, sent_block, value_block
from .order import Line, arrange, chains, columns, group, is_bend, neighbours
from .wording import as_dict, box_label, drawn_slots, is_fork, width

GATE, NAME, STEM, MARGIN = 36, 30, 54, 16  # height of a gate and of an input, shortest stem, outer margin
PORT, LANE, SPACE, REACH = (
    22,
    16,
    12,
    4,
)  # between ports; around a passing line; between boxes; beyond a number
SYMBOL = 15  # font size of what stands in boxes


class Size(NamedTuple):
    """Along the way: lead, box, stem. Across it: the box alone, and all that belongs to it."""

    lead: float
    box: float
    stem: float
    side: float
    height: float


class Column(NamedTuple):
    start: float
    box: float
    stem: float
    end: float


def layout(trace, down=False):
    """Place the graph of a trace in the plane, from left to right or from top to bottom; pixels, y downwards.

    {"width": w, "height": h, "down": bool,
     "boxes": [{"node": index in trace["nodes"], "kind": "input" | "constant" | "gate",
                "label": text in the box, "x": left, "y": top, "w": width, "h": height,
                "stem": [[x, y], [x, y]],   the line leaving the box; its value and gradient have room there
                "room": across the way, all in all,
                "grid": {"rows", "columns", "cell": width} of each where they are arrays, else None}],
     "edges": [{"from": node, "to": node,
                "slot": k, "slots": n,       operand k of the n that nodes[to]["inputs"] lists
                "shared": bool,              other lines leave `from` too: this branch has its own gradient,
                                             nodes[to]["downstream"][k]
                "points": [[x, y], …],       from the box, along its stem, to the next box; level stretches
                                             are straight, climbs are S-curves that start and end level
                "lead": [[x, y], [x, y]],    the last stretch; the branch's gradient has room there
                "grid": of that gradient, as above}]}

    A plain number beside another operand is written in its gate (×2, +1) and has neither box nor line.
    A copy gate stands at the end of its column and its stem has no length: its branches have the numbers.
    """
    trace = as_dict(trace)
    nodes = trace["nodes"]
    lines = _connect(nodes, down)
    standing = {i for i, node in enumerate(nodes) if node["kind"] != "constant"}
    shown = sorted({trace["output"]} | standing | {line.start for line in lines})
    column = columns(shown, lines)
    stops = chains(lines, column)
    left, right = neighbours(lines, stops)
    order = arrange(column, left, right)

    entering, leaving = group(lines, "end"), group(lines, "start")
    shared = {v for v in shown if len(leaving[v]) > 1}
    size = {v: _measure(nodes[v], nodes, entering[v], shared, down) for v in shown}
    y = _rows(order, stops, left, right, {v: size[v].height for v in shown})
    across = _across(order, size, y, right)
    spans = {stop: across[i] for i, stops_here in enumerate(order) for stop in stops_here}
    boxes = {v: _box(v, nodes, size[v], spans[v], y[v]) for v in shown}
    edges = [
        {
            "from": line.start,
            "to": line.end,
            "slot": line.slot,
            "slots": len(nodes[line.end]["inputs"]),
            "shared": line.start in shared,
            **_route(line, chain[1:-1], boxes, spans, y),
            "grid": _sent(line, nodes).to_dict(),
        }
        for line, chain in zip(lines, stops, strict=True)
    ]
    picture = {
        "width": round(across[-1].end + MARGIN),
        "height": round(max(y[v] + (size[v].height / 2 if v in size else 0) for v in y) + MARGIN),
        "down": down,
        "boxes": list(boxes.values()),
        "edges": edges,
    }
    return _turned(picture) if down else picture


def _connect(nodes, down):
    lines = []
    users = Counter(node["inputs"][slot] for node in nodes for slot in drawn_slots(node, nodes))
    for end, node in enumerate(nodes):
        entering = [Line(node["inputs"][slot], end, slot, 0) for slot in drawn_slots(node, nodes)]
        rooms = [_room_at(_sent(line, nodes), down) if users[line.start] > 1 else PORT for line in entering]
        middles = [sum(rooms[:k]) + room / 2 - sum(rooms) / 2 for k, room in enumerate(rooms)]
        lines += [line._replace(port=middle) for line, middle in zip(entering, middles, strict=True)]
    return lines


def _room_at(sent, down):
    """What the port of a branch needs across the way, its own gradient included."""
    return max(PORT, sent.width + 8 if down else sent.height + 6)


def _sent(line, nodes):
    return sent_block(nodes[line.end], line.slot)


def _measure(node, nodes, entering, shared, down):
    """The room a box needs, its numbers included."""
    branches = [_sent(line, nodes) for line in entering if line.start in shared]
    ports = max((abs(line.port) for line in entering), default=0)
    numbers = [] if is_fork(node) else [value_block(node), gradient_block(node)]
    label = max(GATE, width(box_label(node, nodes), SYMBOL) + 18)
    high = max(GATE, 2 * ports + PORT - 8) if node["kind"] == "gate" else NAME
    if down:
        wide = max(label, high)
        return Size(
            lead=max((block.height + 8 for block in branches), default=0),
            box=min(GATE, high),
            stem=sum(block.height for block in numbers) + 14 * bool(numbers),
            side=wide,
            height=max([wide, *(block.width for block in numbers), 2 * ports + _widest(branches)]),
        )
    beside = max((block.height + REACH for block in numbers), default=REACH + LINE)
    return Size(
        lead=max((block.width + 14 for block in branches), default=0),
        box=label,
        stem=max((max(STEM, block.width + 14) for block in numbers), default=0),
        side=high,
        height=2 * max(beside, ports + max((block.height + REACH for block in branches), default=8)),
    )


def _widest(blocks):
    return max((block.width for block in blocks), default=0)


def _rows(order, stops, left, right, height, sweeps=20):
    """The height of every stop: pulled towards its neighbours, never too close to the next in its column."""
    packed = [(column, _pack(column, height)) for column in order]
    y = {v: offset for column in packed for v, offset in zip(*column, strict=True)}
    for _ in range(sweeps):
        for column, offsets in packed[::-1] + packed:
            _settle(column, offsets, [_wish(v, y, left, right) for v in column], y)
    _straighten([chain[1:-1] for chain in stops], packed, y)
    top = MARGIN - min(y[v] - height.get(v, 0) / 2 for v in y)
    return {v: round(value + top, 1) for v, value in y.items()}


def _pack(column, height):
    """The closest packing of a column: how far each stop is below the first."""
    offsets = [0.0]
    for a, b in pairwise(column):
        space = LANE if is_bend(a) or is_bend(b) else SPACE
        offsets.append(offsets[-1] + (height.get(a, 0) + height.get(b, 0)) / 2 + space)
    return offsets


def _wish(v, y, left, right):
    """The height that would suit the neighbours of v, and how strongly: in the middle of its operands first,
    then level with its consumers; a long line insists on being straight."""
    pulls = [(y[u] - port, 3 * _pull(u, v)) for u, port in left[v]]
    pulls += [(y[u] + port, _pull(u, v)) for u, port in right[v]]
    pulls = pulls or [(y[v], 1)]
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


def _straighten(bends, packed, y):
    """Let a long line run level where every column that it passes has room at one height."""
    spot = {v: (column, offsets, i) for column, offsets in packed for i, v in enumerate(column)}
    for line in bends:
        rooms = [_room(*spot[bend], y) for bend in line]
        low, high = max((r[0] for r in rooms), default=0), min((r[1] for r in rooms), default=0)
        if low < high:
            level = min(max(sum(y[bend] for bend in line) / len(line), low), high)
            y.update(dict.fromkeys(line, level))


def _room(column, offsets, i, y):
    low = y[column[i - 1]] + offsets[i] - offsets[i - 1] if i > 0 else -inf
    high = y[column[i + 1]] - offsets[i + 1] + offsets[i] if i + 1 < len(column) else inf
    return low, high


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
    x = column.end - size.box if is_fork(nodes[v]) else (column.box + column.stem - size.box) / 2
    box = {"x": x, "y": y - size.side / 2, "w": size.box, "h": size.side}
    return {
        "node": v,
        "kind": nodes[v]["kind"],
        "label": box_label(nodes[v], nodes),
        **{key: round(value, 1) for key, value in box.items()},
        "stem": _tidy([(x + size.box, y), (column.end, y)]),
        "room": round(size.height, 1),
        "grid": value_block(nodes[v]).to_dict(),
    }


def _turned(picture):
    """The way along becomes the way down."""
    swap = {"x": "y", "y": "x", "w": "h", "h": "w", "width": "height", "height": "width"}

    def turned(part):
        points = {key: [[x, y] for y, x in part[key]] for key in ("stem", "points", "lead") if key in part}
        return {swap.get(key, key): value for key, value in part.items()} | points

    parts = {key: list(map(turned, picture[key])) for key in ("boxes", "edges")}
    return turned(picture) | parts


def _route(line, bends, boxes, spans, y):
    """Along the stem, level through every column on the way, level into the port."""
    passing = [(x, y[bend]) for bend in bends for x in (spans[bend].start, spans[bend].end)]
    level = y[line.end] + line.port
    lead = [(spans[line.end].start, level), (boxes[line.end]["x"], level)]
    return {"points": _tidy([*boxes[line.start]["stem"], *passing, *lead]), "lead": _tidy(lead)}


def _tidy(points):
    return [[round(x, 1), round(y, 1)] for x, y in points]


def s_curves(points):
    """The stretches of a line as cubic curves that leave and arrive level: (control, control, end)."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 != x1:
            middle = round((x0 + x1) / 2, 1)
            yield (middle, y0), (middle, y1), (x1, y1)
