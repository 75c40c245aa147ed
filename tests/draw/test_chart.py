"""Charts: curves in a frame, as shapes."""

from bplib.draw.chart import HIGH, WIDE, Chart, shapes_of
from bplib.draw.scene import Dot, Line, Text

LEFT, TOP = 50, 30
TICKS = {0: "0", 4: "4"}


def shapes(kind, *curves, dots=()):
    chart = Chart("f over x", (0, 4), (0, 2), TICKS, {2: "2.00"}, curves, dots)
    return [shape for shape in shapes_of(chart, LEFT, TOP) if isinstance(shape, kind)]


def test_the_corners_of_the_frame_are_the_ends_of_the_axes():
    _, line = shapes(Line, ("f", "value", [(0, 0), (4, 2)], False))
    assert line == Line("value", [(LEFT, TOP + HIGH), (LEFT + WIDE, TOP)], False)


def test_a_curve_is_cut_where_it_leaves_the_frame():
    _, *pieces = shapes(Line, ("f", "value", [(0, 1), (1, 1), (2, 9), (3, 1), (4, 1)], False))
    assert [len(piece.points) for piece in pieces] == [2, 2]


def test_each_curve_has_its_name_below_in_its_colour_and_its_dashes():
    names = [text for text in shapes(Text, ("f", "value", [], False), ("tangent", "gradient", [], True))]
    assert [(text.role, text.text) for text in names[-2:]] == [("value", "— f"), ("gradient", "- - tangent")]


def test_ticks_stand_at_their_places_and_a_dot_in_the_middle():
    ticks = {text.text: text for text in shapes(Text)}
    assert (ticks["4"].x, ticks["2.00"].y) == (LEFT + WIDE, TOP + 4)
    [dot] = shapes(Dot, dots=[("value", (2, 1))])
    assert (dot.x, dot.y, dot.role) == (LEFT + WIDE / 2, TOP + HIGH / 2, "value")
