"""Tables of numbers on paper: how their numbers are written and tinted, and what becomes of a wide one."""

import re

import pytest

from bplib.draw.palette import DARK, LIGHT
from bplib.draw.scene import TINT
from bplib.draw.tables import DEEPER, Table, mimebundle_of_tables
from bplib.draw.wording import writer
from bplib.widgets.base import style

SMALL = Table("dW", "gradient", [[2.0, -4.0, 0.0], [1.0, 3.0, -1.0]], ("0", "1"), ("a", "b", "c"))


@pytest.mark.parametrize(
    "table, x, text",
    [
        ([[1.0, -2.0], [0.0, 4.0]], -2.0, "−2"),
        ([[1.0, -2.5]], 1.0, "1.00"),
        ([[100.0]], 100.0, "100"),
        ([[3e5, 1.0]], 3e5, "3.0e5"),
        ([[float("nan"), 1.0]], 1.0, "1.00"),
        ([[float("inf"), 1.0]], float("inf"), "∞"),
    ],
    ids=["whole", "one is not", "a hundred", "huge", "nan", "infinite"],
)
def test_whole_numbers_have_no_decimals_where_all_in_the_table_are_whole(table, x, text):
    assert writer(table)(x) == text


def test_plain_text_has_every_table_with_its_headers_and_the_notes():
    text = mimebundle_of_tables("title", [[SMALL]], ["a note"])["text/plain"]
    assert text == "title\n\ndW\n   a   b   c\n0  2  −4   0\n1  1   3  −1\n\na note"


def test_a_cell_is_tinted_by_its_size_against_the_largest():
    svg = mimebundle_of_tables("title", [[SMALL]])["image/svg+xml"]
    tints = [float(tint) for tint in re.findall(r'class="cell gradient".*fill-opacity="([\d.]+)"', svg)]
    assert tints == pytest.approx([0.075, 0.15, 0, 0.0375, 0.1125, 0.0375], abs=6e-4)


def test_what_is_not_finite_is_written_and_left_without_a_tint():
    table = Table("naive", "value", [[float("inf"), float("nan"), 2.0]])
    svg = mimebundle_of_tables("title", [[table]])["image/svg+xml"]
    assert re.findall(r'fill-opacity="([\d.]+)"', svg) == ["0.000", "0.000", "0.150"]
    assert ">∞<" in svg and ">nan<" in svg


def test_a_wide_table_shows_signs_in_the_picture_and_numbers_in_the_text():
    wide = Table("J", "local", [[1.5, -2.5, 0.0] * 5])
    bundle = mimebundle_of_tables("title", [[wide]])
    assert re.findall(r'text-anchor="middle">([^<]*)<', bundle["image/svg+xml"]) == ["+", "−", ""] * 5
    assert "−2.50" in bundle["text/plain"]


def test_no_text_leaves_the_picture():
    svg = mimebundle_of_tables("title", [[SMALL, SMALL._replace(name="a very long name of a table")]])[
        "image/svg+xml"
    ]
    width = int(re.search(r'width="(\d+)"', svg)[1])
    assert max(float(x) for x in re.findall(r'<text[^>]* x="([\d.]+)"', svg)) < width


def mixed(colour, ground, share):
    """``share`` of a colour painted over a ground, both "#rrggbb"."""
    pairs = [(int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5)]
    return [share * over + (1 - share) * under for over, under in pairs]


def luminance(rgb):
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (p / 255 for p in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("role", ["value", "gradient", "local"])
def test_the_largest_number_can_be_read_on_its_tint(role, palette):
    for text, share in [(palette[role], TINT), (palette["ink"], DEEPER * TINT)]:
        ground = luminance(mixed(palette[role], palette["panel"], share))
        dark, light = sorted([ground, luminance(mixed(text, text, 1))])
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_browser_tints_as_deep_as_the_still_picture():
    depths = [int(share) / 100 for share in re.findall(r"calc\(var\(--size, 0\) \* (\d+)%\)", style("table"))]
    assert depths == pytest.approx([TINT, DEEPER * TINT])
