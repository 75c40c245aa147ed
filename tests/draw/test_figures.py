"""Figures: the data are in them, and their colours hold for every eye and on every page."""

import subprocess
import sys
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex

import bplib as bp
from bplib.draw import figures
from bplib.draw.palette import CLASSES, DARK, DIVERGING, LIGHT, SEQUENTIAL, THEMES
from bplib.networks.optim import History

EVERY_THEME = pytest.mark.parametrize("theme", THEMES)

# ------------------------------------------------------------------------ colours, seen with every eye

# Linear light as seen without one kind of cone (Machado, Oliveira and Fernandes, 2009, severity 1).
EYES = {
    "all cones": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    xyz = TO_XYZ @ rgb / [0.95047, 1.0, 1.08883]
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(a, b, eye):
    """ΔE (CIE 1976): 2.3 can just be told apart side by side."""
    a, b = (lab(np.clip(EYES[eye] @ linear(colour), 0, 1)) for colour in (a, b))
    return np.linalg.norm(a - b)


def contrast(a, b):
    light, dark = sorted((linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (a, b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_ruler_itself_knows_black_white_and_grey():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert difference("#000000", "#ffffff", "all cones") == pytest.approx(100, abs=0.1)
    red, green = "#c00000", "#006000"
    assert difference(red, green, "deutan") < 0.4 * difference(red, green, "all cones")


@EVERY_THEME
@pytest.mark.parametrize("eye", EYES)
def test_value_gradient_local_and_error_are_apart_for_every_eye(theme, eye):
    roles = [THEMES[theme][role] for role in ("value", "gradient", "local", "error")]
    assert min(difference(a, b, eye) for a, b in combinations(roles, 2)) >= 25


@pytest.mark.parametrize("eye", EYES)
def test_any_two_classes_are_apart_for_every_eye(eye):
    assert min(difference(a, b, eye) for a, b in combinations(CLASSES, 2)) >= 25


@EVERY_THEME
@pytest.mark.parametrize("role", ["ink", "muted", "value", "gradient", "local", "error"])
def test_what_is_written_stands_out_from_the_page(theme, role):
    assert contrast(THEMES[theme][role], THEMES[theme]["panel"]) >= 4.5


@EVERY_THEME
@pytest.mark.parametrize("colours", [SEQUENTIAL, DIVERGING], ids=["sequential", "diverging"])
def test_a_number_can_be_read_on_every_colour_of_a_map(theme, colours):
    shades = figures.colour_map(colours[theme])(np.linspace(0, 1, 101))
    assert min(contrast(to_hex(shade), THEMES[theme]["ink"]) for shade in shades) >= 4.5


@EVERY_THEME
def test_a_map_leaves_the_page_more_and_more_and_its_two_sides_are_apart_for_every_eye(theme):
    page = lab(linear(THEMES[theme]["panel"]))
    for colours in (SEQUENTIAL[theme], DIVERGING[theme][1:], DIVERGING[theme][1::-1]):
        shades = figures.colour_map(colours)(np.linspace(0, 1, 21))
        away = [np.linalg.norm(lab(linear(to_hex(shade))) - page) for shade in shades]
        assert away[0] < 1 and np.all(np.diff(away) > 0)
    low, _, high = DIVERGING[theme]
    assert min(difference(low, high, eye) for eye in EYES) >= 25


# --------------------------------------------------------------------------------------- what is drawn


def history():
    return History(
        step_loss=[0.9, 0.7, 0.5, 0.3], loss=[0.8, 0.4], accuracy=[0.6, 0.9],
        validation_loss=[0.7, 0.45], validation_accuracy=[0.5, 0.8], best_epoch=1,
    )  # fmt: skip


def halves(x):
    """Scores of two classes: the second one to the right of 1."""
    return np.stack([np.zeros(len(x)), x[:, 0] - 1], axis=1)


SAMPLES = np.array([[0.0, 0.0], [0.5, 2.0], [2.0, 1.0], [1.8, 0.2]]), np.array([0, 0, 1, 1])
MATRIX = np.array([[1.0, -2.0, 0.5], [0.0, 4.0, -0.25]])
DIGITS = np.arange(48).reshape(3, 16)
SUM = {("x₁", "a"): "2", ("$x_2$", "a"): "−½"}
EVERY_FIGURE = {
    "curves": lambda theme: figures.curves(history(), theme),
    "boundary": lambda theme: figures.boundary(halves, *SAMPLES, theme),
    "heat_map": lambda theme: figures.heat_map(MATRIX, title="∂L/∂W", theme=theme),
    "histograms": lambda theme: figures.histograms({"W1": MATRIX, "W2": DIGITS}, "gradient", theme=theme),
    "activation": lambda theme: figures.activation(np.sin, np.cos, theme=theme),
    "images": lambda theme: figures.images(DIGITS, [1, 2, 3], [1, 2, 7], theme),
    "network": lambda theme: figures.network([["x₁", "$x_2$"], ["a"]], SUM, [("x₁", "a")], theme),
}


def lines(axes):
    return {line.get_label(): line for line in axes.lines}


def colour_of(artist):
    return to_hex(artist.get_color())


def test_the_curves_are_those_of_the_history():
    loss, accuracy = figures.curves(history()).axes
    shown = lines(loss)
    assert shown["each step"].get_xydata().tolist() == [[0.5, 0.9], [1, 0.7], [1.5, 0.5], [2, 0.3]]
    assert shown["training"].get_xydata().tolist() == [[1, 0.8], [2, 0.4]]
    assert shown["validation"].get_xydata().tolist() == [[1, 0.7], [2, 0.45]]
    assert lines(accuracy)["validation"].get_xydata().tolist() == [[1, 0.5], [2, 0.8]]
    assert (colour_of(shown["training"]), shown["training"].get_linestyle()) == (LIGHT["value"], "-")
    assert shown["validation"].get_linestyle() == "--"


def test_without_validation_there_is_no_such_curve():
    loss, accuracy = figures.curves(History([0.9], [0.9], [0.5])).axes
    assert "validation" not in lines(loss) | lines(accuracy)


def test_the_boundary_has_the_colour_of_the_class_on_either_side_of_it():
    [axes] = figures.boundary(halves, *SAMPLES).axes
    [image] = axes.images
    left, right, *_ = image.get_extent()
    areas = [to_hex(shade) for shade in image.get_array()[0]]
    edge = (1 - left) / (right - left) * len(areas)
    assert areas.index(CLASSES[1]) == pytest.approx(edge, abs=1)
    assert set(areas) == {CLASSES[0], CLASSES[1]}


def test_the_samples_lie_over_it_in_the_colour_and_shape_of_their_class():
    [axes] = figures.boundary(lambda x: (x[:, 0] > 1).astype(int), *SAMPLES).axes
    first, second = axes.collections
    assert first.get_offsets().tolist() == [[0, 0], [0.5, 2]]
    assert to_hex(second.get_facecolor()[0]) == CLASSES[1]
    assert len(first.get_paths()[0].vertices) != len(second.get_paths()[0].vertices)


def test_a_heat_map_writes_every_number_and_is_neutral_at_zero():
    [axes] = figures.heat_map(MATRIX, rows=("a", "b"), columns="xyz").axes
    [image] = axes.images
    assert np.array_equal(image.get_array(), MATRIX)
    assert image.get_clim() == (-4, 4)
    assert [text.get_text() for text in axes.texts] == ["1.00", "−2.00", "0.50", "0.00", "4.00", "−0.25"]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["a", "b"]
    assert figures.heat_map(np.abs(MATRIX)).axes[0].images[0].get_clim() == (0, 4)


def test_a_histogram_counts_every_number_and_tells_the_share_of_zeros():
    first, _ = figures.histograms({"W1": [0.0, 0, 1, 2, np.nan], "b1": [1.0, 2]}, "gradient", bins=4).axes
    assert [bar.get_height() for bar in first.patches] == [2, 0, 1, 1]
    assert first.get_xlabel() == "40% are exactly 0"
    assert to_hex(first.patches[0].get_facecolor()) == LIGHT["gradient"]


def test_an_activation_is_solid_and_its_derivative_dashed():
    [axes] = figures.activation(np.sin, np.cos, low=0, high=np.pi, name="sin", theme="dark").axes
    f, derivative = lines(axes)["sin"], lines(axes)["its derivative"]
    assert f.get_ydata()[[0, 200, 400]] == pytest.approx([0, 1, 0])
    assert derivative.get_ydata()[[0, 200, 400]] == pytest.approx([1, 0, -1])
    assert (f.get_linestyle(), derivative.get_linestyle()) == ("-", "--")
    assert (colour_of(f), colour_of(derivative)) == (DARK["value"], DARK["local"])


def test_an_image_that_is_read_wrongly_says_so():
    axes = figures.images(DIGITS, truth=[1, 2, 3], read=[1, 2, 7]).axes
    assert np.array_equal(axes[1].images[0].get_array(), DIGITS[1].reshape(4, 4))
    assert [panel.get_title() for panel in axes] == ["1", "2", "7, is 3"]
    assert [colour_of(panel.title) for panel in axes[1:]] == [LIGHT["ink"], THEMES["light"]["error"]]
    assert [panel.get_title() for panel in figures.images(DIGITS).axes] == ["", "", ""]


def test_a_network_joins_its_units_layer_after_layer_and_marks_a_line():
    columns, joined = [["x", "y"], ["h", "i", "j"], ["C"]], {("x", "j"): "0.5", ("j", "C"): ""}
    (axes,) = figures.network(columns, joined, marked=[("j", "C")]).axes
    plain, marked = axes.lines
    assert plain.get_xydata().tolist() == [[0, 0.5], [1, -1]]
    assert marked.get_xydata().tolist() == [[1, -1], [2, 0]]
    assert (colour_of(plain), colour_of(marked)) == (LIGHT["line"], LIGHT["gradient"])
    assert sorted(text.get_text() for text in axes.texts) == sorted(["", "0.5", *"xyhijC"])


def test_a_network_is_spoken_line_by_line():
    assert 'alt="Network. x₁ to a: 2; x_2 to a: −½"' in EVERY_FIGURE["network"]("light")._repr_html_()


def test_a_figure_is_spoken_with_its_titles_axes_and_curves():
    history = History([2.0, 1.0, 0.5, 0.25], [1.5, 0.375], [0.5, 0.875], [1.75, 0.5], [0.25, 0.75])
    alt = figures.curves(history)._repr_html_().split('"')[1]
    assert "loss, over epoch, each step from 2.00 to 0.25, training from 1.50 to 0.38" in alt
    assert "accuracy, over epoch, training from 0.50 to 0.88, validation from 0.25 to 0.75" in alt
    pictures = figures.images(np.zeros((3, 4)), truth=[1, 2, 3], read=[1, 5, 3])
    assert 'alt="Figure. 1; 5, is 2; 3"' in pictures._repr_html_()
    assert 'alt="Figure. &lt;W&gt;"' in figures.heat_map([[1.0, 2.0]], title="<W>")._repr_html_()


@EVERY_THEME
@pytest.mark.parametrize("name", EVERY_FIGURE)
def test_a_figure_shows_itself_in_the_colours_of_its_theme_and_changes_no_setting(name, theme):
    before = dict(matplotlib.rcParams)
    figure = EVERY_FIGURE[name](theme)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert to_hex(figure.get_facecolor()) == THEMES[theme]["panel"]
    for axes in figure.axes:
        assert to_hex(axes.get_facecolor()) == THEMES[theme]["panel"]
        assert {colour_of(tick) for tick in axes.get_xticklabels()} <= {THEMES[theme]["muted"]}
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize(
    "draw, error, said",
    [
        (lambda: figures.boundary(halves, np.ones((4, 3)), [0]), bp.ShapeError, r"x \(4, 3\), t \(1,\)"),
        (lambda: figures.heat_map([1.0, 2.0]), bp.ShapeError, r"matrix \(2,\)"),
        (lambda: figures.images(np.ones((2, 5))), bp.ShapeError, r"pixels \(2, 5\)"),
        (lambda: figures.images(DIGITS, truth=[1]), bp.ShapeError, r"truth \(1,\)"),
        (lambda: figures.histograms({"W": [1.0]}, "loud"), bp.InputError, "role is one of value, gradient"),
        (lambda: figures.curves(history(), "sepia"), bp.InputError, "theme is .* got 'sepia'"),
        (lambda: figures.network([["x"], ["y"]], {("x", "z"): ""}), bp.InputError, r"got \['z'\]"),
        (
            lambda: figures.network([["x"], ["y"]], {("x", "y"): ""}, [("y", "x")]),
            bp.InputError,
            r"\('y', 'x'\)",
        ),
    ],
    ids=["plane", "matrix", "square", "labels", "role", "theme", "unit", "mark"],
)
def test_what_cannot_be_drawn_is_named(draw, error, said):
    with pytest.raises(error, match=said):
        draw()


def test_without_matplotlib_the_extra_is_named_and_importing_costs_nothing():
    code = """
import sys
from bplib.draw import figures
print("matplotlib" in sys.modules)
sys.modules |= {"matplotlib": None, "matplotlib.figure": None, "matplotlib.backends.backend_agg": None}
try:
    figures.activation(abs, abs)
except ImportError as error:
    print(error)
"""
    said = subprocess.check_output([sys.executable, "-c", code], text=True).splitlines()
    assert said[0] == "False"
    assert "needs matplotlib. Install it with: python -m pip install matplotlib" in said[1]


def test_nothing_is_said_on_stderr():
    code = "from bplib.draw import figures; figures.heat_map([[1, 2.5]], title='한글 δ')._repr_png_()"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr == ""
