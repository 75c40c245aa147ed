"""Where boxes and lines go. The oracle is geometry: lines and numbers are laid on the plane and compared."""

import copy
import random
import time
from itertools import combinations, pairwise

import pytest

from bplib.draw import layout
from bplib.draw.scene import Box, Curve, Text, scene
from tests.draw.hand_drawn import (
    BRANCH_IN_DETAIL,
    CIRCUIT,
    NEURON,
    PLANAR,
    PRODUCT,
    SHOP,
    SQUARE,
    STAGED,
    chain,
    gate,
    leaf,
    number,
    trace,
    with_copies,
    woven,
)

# ------------------------------------------------------------------------------- geometry, afresh


def height_at(points, x):
    """Where a line is at x: on a level stretch or on the S-curve between two of them; None beside it."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= x <= x1 and x0 < x1:
            t = (x - x0) / (x1 - x0)
            return y0 + (y1 - y0) * t * t * (3 - 2 * t)
    return None


def crossings(placed):
    """How often one line changes sides with another."""
    count = 0
    for a, b in combinations(placed["edges"], 2):
        above = []
        for x in range(0, placed["width"], 2):
            here, there = height_at(a["points"], x), height_at(b["points"], x)
            if here is not None and there is not None and abs(here - there) > 0.5:
                above.append(here < there)
        count += sum(p != q for p, q in pairwise(above))
    return count


def boxes(trace):
    return {trace["nodes"][box["node"]]["name"]: box for box in layout(trace)["boxes"]}


def labels(trace):
    return {name: box["label"] for name, box in boxes(trace).items()}


# ----------------------------------------------------------------------------------------- tests


@pytest.mark.parametrize("name", PLANAR)
def test_the_graphs_of_the_course_are_drawn_without_a_crossing(name):
    assert crossings(layout(PLANAR[name])) == 0


def test_two_lines_that_must_cross_are_counted_by_the_oracle():
    tangled = trace(
        leaf("a", 1.0),
        leaf("b", 1.0),
        gate("v1", "+", [0, 1], 2.0),
        gate("v2", "×", [0, 1], 1.0),
        gate("v3", "−", [0, 1], 0.0),
        gate("v4", "Mix", [2, 3, 4], 3.0),
    )
    assert crossings(layout(tangled)) > 0


def test_the_staged_function_has_few_crossings():
    assert crossings(layout(STAGED)) <= 2


def test_crossings_that_can_be_avoided_are_avoided():
    assert crossings(layout(woven(random.Random(46), inputs=3, gates=6))) == 0


@pytest.mark.slow
def test_wild_graphs_are_untangled_as_far_as_sorting_and_swapping_can():
    """236 crossings in all when this was written; 359 untouched, 254 without swaps, 282 without sorting."""
    wild = [woven(random.Random(i), inputs=4, gates=9) for i in range(40)]
    assert sum(crossings(layout(graph)) for graph in wild) <= 240


@pytest.mark.parametrize("example", [PRODUCT, SHOP, NEURON, CIRCUIT])
def test_the_first_operand_enters_above_the_second(example):
    edges = layout(example)["edges"]
    for first, second in combinations(edges, 2):
        if first["to"] == second["to"]:
            assert first["slot"] < second["slot"]
            assert first["points"][-1][1] < second["points"][-1][1]
            assert first["points"][0][1] < second["points"][0][1]


def test_every_line_runs_from_the_right_of_its_box_to_the_left_of_the_next():
    placed = layout(STAGED)
    at = {box["node"]: box for box in placed["boxes"]}
    for edge in placed["edges"]:
        start, end, points = at[edge["from"]], at[edge["to"]], edge["points"]
        assert points[0] == start["stem"][0] == [start["x"] + start["w"], start["y"] + start["h"] / 2]
        assert points[-1][0] == end["x"]
        assert end["y"] < points[-1][1] < end["y"] + end["h"]
        assert all(a[0] <= b[0] for a, b in pairwise(points)), "a line never turns back"


def test_an_edge_names_the_operand_that_it_carries():
    for edge in layout(CIRCUIT)["edges"]:
        operands = CIRCUIT["nodes"][edge["to"]]["inputs"]
        assert operands[edge["slot"]] == edge["from"]
        assert edge["slots"] == len(operands)


def test_both_lines_of_x_times_x_are_drawn():
    first, second = layout(SQUARE)["edges"]
    assert (first["from"], first["slot"]) == (0, 0)
    assert (second["from"], second["slot"]) == (0, 1)
    assert first["shared"] and second["shared"]
    assert first["points"][-1] != second["points"][-1]


def test_an_input_stands_in_the_column_before_its_gate():
    box = boxes(PRODUCT)
    assert box["x"]["x"] == box["y"]["x"] < box["q"]["x"] == box["z"]["x"] < box["f"]["x"]


def test_the_branches_of_a_copy_gate_leave_its_box():
    placed = layout(BRANCH_IN_DETAIL)
    copy_gate = boxes(BRANCH_IN_DETAIL)["copy of b"]
    right = [copy_gate["x"] + copy_gate["w"], copy_gate["y"] + copy_gate["h"] / 2]
    leaving = [edge for edge in placed["edges"] if edge["from"] == copy_gate["node"]]
    assert copy_gate["stem"] == [right, right]
    assert [edge["points"][0] for edge in leaving] == [right, right]
    assert all(edge["shared"] for edge in leaving)


def test_a_long_line_runs_level():
    for edge in layout(STAGED)["edges"]:
        passing = edge["points"][2:-2]
        assert len({y for _, y in passing}) <= 1
    assert max(len(edge["points"]) for edge in layout(STAGED)["edges"]) == 10


@pytest.mark.parametrize(
    ("symbol", "operands", "label"),
    [
        ("×", [2.0, None], "2×"),
        ("×", [None, 2.0], "×2"),
        ("×", [None, -1.0], "×(−1)"),
        ("+", [None, 1.0], "+1"),
        ("−", [1.0, None], "1−"),
        ("÷", [None, 3.0], "÷3"),
        ("max", [0.0, None], "max(0, ·)"),
        ("+", [None, 1e-7], "+1e−7"),
        ("Mine", [None, 0.5], "Mine(·, 0.5)"),
    ],
)
def test_a_plain_number_is_written_in_the_gate_that_uses_it(symbol, operands, label):
    nodes = [leaf("x", 4.0) if value is None else number("c1", value) for value in operands]
    assert labels(trace(*nodes, gate("f", symbol, [0, 1], 1.0))) == {"x": "x", "f": label}


@pytest.mark.parametrize(("exponent", "label"), [(3.0, "x³"), (-2.0, "x⁻²"), (12.0, "x¹²"), (0.5, "x^0.5")])
def test_a_power_shows_its_exponent(exponent, label):
    power = trace(leaf("x", 4.0), gate("f", "xⁿ", [0], 64.0, rule="Power", exponent=exponent))
    assert labels(power)["f"] == label


def test_a_plain_number_used_by_two_gates_is_written_in_both():
    two = trace(leaf("x", 1.0), number("c1", 2.0), gate("a", "×", [0, 1], 2.0), gate("f", "+", [1, 2], 4.0))
    assert labels(two) == {"x": "x", "a": "×2", "f": "2+"}


def test_a_gate_of_plain_numbers_alone_keeps_their_boxes():
    assert labels(trace(number("c1", 2.0), number("c2", 3.0), gate("f", "+", [0, 1], 5.0)))["f"] == "+"


def test_an_array_constant_has_a_box():
    constant = leaf("c1", [1.0, 2.0, 3.0], kind="constant", shape=[3])
    placed = boxes(trace(constant, leaf("x", 2.0), gate("f", "×", [0, 1], [2.0, 4.0, 6.0], shape=[3])))
    assert placed["c1"]["kind"] == "constant"


def test_the_same_trace_is_always_laid_out_the_same():
    assert layout(copy.deepcopy(STAGED)) == layout(STAGED)


def test_a_layout_leaves_the_trace_alone():
    before = copy.deepcopy(NEURON)
    layout(NEURON)
    assert before == NEURON


@pytest.mark.parametrize("node", [leaf("x", 2.0), number("c1", 2.0)])
def test_a_graph_of_one_node_is_one_box(node):
    placed = layout(trace(node))
    assert len(placed["boxes"]) == 1
    assert placed["edges"] == []


def test_a_long_chain_needs_no_recursion():
    assert len(layout(chain(3000))["boxes"]) == 3000


def test_a_graph_of_60_nodes_is_laid_out_in_no_time():
    big = woven(random.Random(0), inputs=10, gates=50)
    start = time.process_time()
    layout(big)
    assert time.process_time() - start < 0.3


# -------------------------------------------------------------------- nothing lies upon a number


def extent(label):
    """Left, top, right and bottom of a label; 0.55 em a letter is broad for a text font."""
    w = 0.55 * 13 * len(label.text)
    left = label.x - w / 2 if label.anchor == "middle" else label.x
    return left, label.y - 10, left + w, label.y + 3


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def line_hits(points, area):
    left, top, right, bottom = area
    heights = [height_at(points, left + (right - left) * i / 30) for i in range(31)]
    return any(y is not None and top < y < bottom for y in heights)


FOLDED = {**PLANAR, "staged": STAGED, **{f"woven {i}": woven(random.Random(i)) for i in range(25)}}
EXAMPLES = FOLDED | {f"{name}, copies": with_copies(FOLDED[name]) for name in FOLDED if name not in PLANAR}


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_number_lies_on_a_line_a_box_or_another_number(name):
    shapes = scene(EXAMPLES[name]).shapes
    numbers = [(s.text, extent(s)) for s in shapes if isinstance(s, Text) and s.role in ("value", "gradient")]
    assert len(numbers) > 2
    for (text, area), (other, there) in combinations(numbers, 2):
        assert not overlap(area, there), f"{text} lies on {other}"
    for text, area in numbers:
        for shape in shapes:
            if isinstance(shape, Box):
                box = (shape.x, shape.y, shape.x + shape.w, shape.y + shape.h)
                assert not overlap(area, box), f"{text} lies on a box"
            if isinstance(shape, Curve):
                assert not line_hits(shape.points, area), f"a line runs over {text}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_everything_lies_within_the_picture(name):
    picture = scene(EXAMPLES[name])
    for shape in picture.shapes:
        if isinstance(shape, Text):
            left, top, right, bottom = extent(shape)
            assert 0 < left and right < picture.width, shape.text
            assert picture.top < top and bottom < picture.top + picture.height, shape.text
        if isinstance(shape, Curve):
            assert all(0 < x < picture.width and 0 < y < picture.height for x, y in shape.points)
