"""The picture of a trace, its colours, and the same in words."""

import base64
import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import bplib
from bplib.draw import describe, mimebundle, png, svg
from bplib.draw.bundle import bundled
from bplib.draw.palette import DARK, LIGHT
from bplib.draw.scene import Curve, scene
from bplib.draw.wording import contents, number
from tests.draw.hand_drawn import (
    BRANCH_IN_DETAIL,
    CIRCUIT,
    DIAMOND,
    NEURON,
    PRODUCT,
    SQUARE,
    STAGED,
    chain,
    gate,
    leaf,
    trace,
)

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture, role=None):
    found = ET.fromstring(picture).iter(f"{SVG}text")
    return [text.text for text in found if role in (None, text.get("class"))]


def without_legend(labels):
    return [label for label in labels if label not in ("value above the line", "gradient below")]


# ---------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (3.0, "3.00"),
        (-12.0, "−12.00"),
        (715.0000000000001, "715.00"),
        (0.393224, "0.39"),
        (0.0173, "0.017"),
        (-0.05, "−0.050"),
        (0.0053, "5.3e−3"),
        (-1e-300, "−1.0e−300"),
        (99999.0, "99999.00"),
        (-123456.0, "−1.2e5"),
        (math.nan, "nan"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (None, "–"),
    ],
)
def test_a_number_is_written_for_readers(x, text):
    assert number(x) == text


@pytest.mark.parametrize("x", [-(10.0**-k) for k in range(12)] + [-0.004999, -0.0999999, -0.9999])
def test_a_number_that_is_not_zero_never_reads_as_zero(x):
    assert re.search("[1-9]", number(x))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([0.22, 0.26], "(2,) 0.22 0.26"),
        ([[0.5, 0.0], [-3.0, 0.8]], "(2, 2) 0.50 0.00; −3.00 0.80"),
        (np.ones((3, 4)).tolist(), "(3, 4)"),
        (np.ones((2, 1, 2)).tolist(), "(2, 1, 2) 1.00 1.00; 1.00 1.00"),
        ([], "(0,)"),
    ],
)
def test_an_array_is_written_by_its_shape_and_its_entries_when_they_are_few(value, text):
    assert contents(value) == text


# ---------------------------------------------------------------------------------------- picture


def test_the_picture_shows_values_and_gradients_of_the_first_example():
    picture = svg(PRODUCT)
    assert without_legend(texts(picture, "value")) == ["−2.00", "5.00", "−4.00", "q = 3.00", "f = −12.00"]
    assert without_legend(texts(picture, "gradient")) == ["−4.00", "−4.00", "3.00", "−4.00", "1.00"]
    assert texts(picture, "name") == ["x", "y", "z"]
    assert texts(picture, "symbol") == ["+", "×"]


def test_a_value_stands_above_its_line_and_its_gradient_below():
    shapes = scene(PRODUCT).shapes
    outgoing = max((s for s in shapes if isinstance(s, Curve)), key=lambda curve: curve.points[-1][0])
    (start, level), (end, _) = outgoing.points
    value, gradient = (next(s for s in shapes if getattr(s, "text", "") == t) for t in ("f = −12.00", "1.00"))
    assert value.y < level < gradient.y - 10  # the height of a digit
    assert value.x == gradient.x == (start + end) / 2


def test_the_trace_of_a_real_function_gives_the_picture_drawn_by_hand():
    def f(x, y, z):
        q = x + y
        return q * z

    assert svg(bplib.record(f, x=-2.0, y=5.0, z=-4.0)) == svg(PRODUCT)


def test_a_shared_node_shows_its_sum_and_what_each_branch_sent():
    gradients = without_legend(texts(svg(DIAMOND), "gradient"))
    assert gradients.count("9.00") == 1
    assert gradients.count("8.00") == 1
    assert gradients.count("1.00") == 3  # f's own, b's, and what f sends to x
    assert sorted(without_legend(texts(svg(SQUARE), "gradient"))) == ["1.00", "3.00", "3.00", "6.00"]


def test_a_copy_gate_has_the_sum_in_front_and_behind_it_what_each_branch_sent():
    picture = svg(BRANCH_IN_DETAIL)
    assert texts(picture, "symbol") == ["copy", "+", "+1", "×"]
    gradients = without_legend(texts(picture, "gradient"))
    assert sorted(gradients) == ["1.00", "2.00", "2.00", "2.00", "3.00", "3.00", "5.00"]
    assert not any("copy" in text for text in texts(picture, "value"))
    assert "<circle" not in picture  # the box itself is where the lines part


def test_a_gradient_that_was_not_computed_is_not_shown_as_zero():
    forward_only = trace(leaf("x", 3.0), gate("f", "exp", [0], 20.0855))
    assert without_legend(texts(svg(forward_only), "gradient")) == ["–", "–"]
    assert "– not computed" in texts(svg(forward_only), "muted")
    assert "0.00" in texts(svg(CIRCUIT), "gradient")
    assert texts(svg(CIRCUIT), "muted") == []


def test_a_gradient_is_set_in_italics_so_that_colour_is_not_its_only_sign():
    assert re.search(r"\.gradient\{[^}]*italic", svg(PRODUCT))


def test_a_students_own_gate_is_drawn_by_its_name():
    class Cube:
        def forward(self, x):
            return x**3

        def backward(self, upstream, out, x):
            return (upstream * 3 * x**2,)

    picture = svg(bplib.record(lambda x: bplib.apply(Cube(), x), x=2.0))
    assert texts(picture, "symbol") == ["Cube"]
    assert "12.00" in texts(picture, "gradient")


def test_arrays_are_drawn_by_their_shape():
    def loss(W, x):
        return ((W * x).sum(axis=1) * 2.0).sum()

    picture = svg(bplib.record(loss, W=np.ones((3, 4)), x=np.arange(4.0)))
    assert "(3, 4)" in texts(picture, "value")
    assert "(3, 4)" in texts(picture, "gradient")


@pytest.mark.parametrize("name", ["<b>&\"'", "a\x00b\x1b", "결과", "$\\nosuch$", "]]>", "x" * 300])
def test_any_name_gives_a_well_formed_picture_in_every_format(name):
    odd = trace(leaf(name, 1.0, 1.0), gate("f", "exp", [0], 2.718, 1.0, [2.718]))
    assert ET.fromstring(svg(odd, title=name)).get("role") == "img"
    assert png(odd, title=name).startswith(b"\x89PNG")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_values_without_a_size_are_drawn(value):
    odd = trace(leaf("x", value, value), gate("f", "exp", [0], value, 1.0, [value]))
    assert number(value) in texts(svg(odd), "value")
    assert png(odd).startswith(b"\x89PNG")


def test_the_picture_is_the_same_every_time_and_names_nothing_on_the_page():
    assert svg(STAGED) == svg(STAGED)
    assert " id=" not in svg(STAGED)
    style = ET.fromstring(svg(STAGED)).find(f"{SVG}style").text
    selectors = re.findall(r"([^{}]+)\{", style.replace("@media screen and (prefers-color-scheme:dark){", ""))
    assert all(part.startswith(".bplib-graph ") for selector in selectors for part in selector.split(","))


def test_a_title_is_shown_and_spoken():
    picture = svg(PRODUCT, title="(x + y) z")
    assert texts(picture, "title") == ["(x + y) z"]
    assert ET.fromstring(picture).find(f"{SVG}title").text == "(x + y) z"
    assert texts(svg(PRODUCT), "title") == []


# ------------------------------------------------------------------------------------------ words


def test_the_whole_picture_is_told_in_words():
    words = ET.fromstring(svg(PRODUCT)).find(f"{SVG}desc").text
    assert "x: input, value −2.00, gradient −4.00." in words
    assert "q: + of x and y, value 3.00, gradient −4.00; sends −4.00 to x, −4.00 to y." in words
    assert "f: × of q and z, value −12.00, gradient 1.00; sends −4.00 to q, 3.00 to z." in words


def test_constants_are_told_with_their_gate():
    words = ET.fromstring(svg(NEURON)).find(f"{SVG}desc").text
    assert "v5: × of v4 and −1, value −1.00, gradient −0.20; sends 0.20 to v4." in words
    assert "c1" not in words


def test_words_tell_a_missing_gradient_from_zero():
    words = svg(trace(leaf("x", 3.0), gate("f", "exp", [0], 20.0855)))
    assert "x: input, value 3.00, gradient not computed." in words


def test_words_tell_the_exponent_of_a_power():
    power = trace(leaf("x", 2.0), gate("f", "xⁿ", [0], 8.0, rule="Power", exponent=3.0))
    assert "x³ of x" in describe(power)


def test_the_table_has_a_row_for_every_node():
    assert describe(PRODUCT).splitlines() == [
        "name  rule           value  gradient",
        "x     input          −2.00     −4.00",
        "y     input           5.00     −4.00",
        "z     input          −4.00      3.00",
        "q     + of x and y    3.00     −4.00",
        "f     × of q and z  −12.00      1.00",
    ]


# ------------------------------------------------------------------------------- formats and size


def test_a_notebook_gets_svg_png_and_plain_text():
    bundle = mimebundle(PRODUCT)
    assert bundle["image/svg+xml"] == svg(PRODUCT)
    assert bundle["image/png"] == png(PRODUCT)
    assert bundle["text/plain"] == describe(PRODUCT)


def test_a_picture_in_html_is_the_svg_and_says_all_its_numbers_to_those_who_hear_it():
    bundle = mimebundle(PRODUCT)
    form = '<img alt="([^"]*)" src="data:image/svg\\+xml;base64,([^"]*)" style="max-width: 100%">'
    alt, source = re.fullmatch(form, bundle["text/html"]).groups()
    assert base64.b64decode(source).decode() == bundle["image/svg+xml"]
    assert "x: input, value −2.00, gradient −4.00." in alt
    assert "f: × of q and z, value −12.00, gradient 1.00" in alt


def test_words_that_look_like_html_stay_words():
    alt = bundled("<svg/>", None, "text", 'a < b & "c"')["text/html"]
    assert 'alt="a &lt; b &amp; &quot;c&quot;"' in alt


def test_a_trace_and_its_dict_give_the_same_bundle():
    traced = bplib.record(lambda x: x * x, x=3.0)
    assert mimebundle(traced) == mimebundle(traced.to_dict())


def test_the_png_is_small_and_the_same_every_time():
    assert len(png(PRODUCT)) < 40_000
    assert png(PRODUCT) == png(PRODUCT)


def test_without_matplotlib_the_bundle_has_no_png(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert set(mimebundle(PRODUCT)) == {"text/html", "image/svg+xml", "text/plain"}


def test_an_svg_needs_no_matplotlib_and_a_png_leaves_pyplot_alone():
    program = f"""
import sys
from bplib.draw import png, svg
svg({SQUARE})
assert "matplotlib" not in sys.modules
png({SQUARE})
assert "matplotlib" in sys.modules and "matplotlib.pyplot" not in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_a_graph_too_large_to_read_gives_one_clear_sentence():
    for shown in (texts(svg(chain(201)))[0], describe(chain(201))):
        assert shown.startswith("A graph of 201 nodes: a picture or table has room for 200.")
    assert png(chain(201)).startswith(b"\x89PNG")
    assert len(texts(svg(chain(200)), "symbol")) == 199


# ---------------------------------------------------------------------------------------- colours


def linear(colour):
    channel = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """The contrast ratio of WCAG 2."""
    light, dark = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PROTAN = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTAN = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]


def lab(rgb):
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ rgb
    f = np.cbrt(np.clip(xyz / [0.9505, 1.0, 1.089], 0, None))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_word_stands_out_from_what_it_is_written_on(palette):
    for role in ("value", "gradient", "muted", "ink"):
        assert contrast(palette[role], palette["panel"]) >= 4.5, role
    for box in ("input", "gate"):
        assert contrast(palette["ink"], palette[box]) >= 4.5, box
    assert contrast(palette["line"], palette["panel"]) >= 3  # lines carry meaning too


@pytest.mark.parametrize("eye", [np.eye(3), PROTAN, DEUTAN], ids=["all colours", "protan", "deutan"])
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_value_and_gradient_look_apart_without_red_or_green(palette, eye):
    """Simulated after Machado, Oliveira and Fernandes (2009), full strength; 2 is just visible."""
    value, gradient = (lab(np.clip(eye @ linear(palette[role]), 0, 1)) for role in ("value", "gradient"))
    assert np.linalg.norm(value - gradient) >= 30


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_picture_uses_exactly_the_colours_of_its_palette(palette):
    style = ET.fromstring(svg(PRODUCT)).find(f"{SVG}style").text
    light, dark = style.split("@media screen and (prefers-color-scheme:dark)")
    assert set(re.findall("#[0-9a-f]{6}", light if palette is LIGHT else dark)) == set(palette.values())
