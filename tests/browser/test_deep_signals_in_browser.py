"""DeepSignals on a plain page: its numbers are Python's, and it follows the reader without a kernel."""

import numpy as np
import pytest

from bplib.widgets.deep import ACTIVATIONS, HE, DeepSignals, deep_data, normals, signals


@pytest.fixture(scope="module")
def signals_js(module):
    return module("signals")


def test_both_draw_the_same_numbers(signals_js):
    for start, count in ((0, 50), (4095, 40), (200_000, 30)):
        drawn = signals_js("Array.from(normals(...xs))", start, count)
        # cos and log may differ in their last bit
        assert drawn == pytest.approx(normals(start, count).tolist(), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("scale, depth", [(1.0, 2), (HE, 12), (0.2, 20)])
def test_both_find_the_same_sizes_and_values(signals_js, activation, scale, depth):
    state = {"activation": activation, "scale": scale, "depth": depth}
    found = signals_js("signals(xs[0], drawnFor(xs[0]), xs[1]).layers", deep_data(), state)
    layers, values = signals(activation, scale, depth)
    for ours, theirs in zip(layers, found, strict=True):
        # a deep network magnifies the last bits of its sums: 1e-15 by some 1e3 in twenty layers
        assert theirs == pytest.approx(ours, rel=1e-9)
    code = "Array.from(signals(xs[0], drawnFor(xs[0]), xs[1]).values.at(-1))"
    last = signals_js(code, deep_data(), state)
    assert np.allclose(last, values[-1].ravel(), rtol=0, atol=1e-9 * np.abs(values[-1]).max())


def said(widget):
    return widget.locator(".words").inner_text()


def test_a_reader_flattens_the_curves(view):
    widget = view(DeepSignals("sigmoid"))
    assert "vanishes on its way back" in said(widget)
    widget.get_by_role("button", name="relu", exact=True).click()
    widget.page.wait_for_function("() => document.querySelector('.words').innerText.includes('told')")
    scale = widget.get_by_role("slider", name="scale")
    for _ in range(9):
        scale.press("ArrowRight")
    widget.page.wait_for_function("() => document.querySelector('.words').innerText.includes('flooded')")
    for _ in range(19):
        scale.press("ArrowLeft")
    widget.page.wait_for_function("() => document.querySelector('.words').innerText.includes('starves')")


def test_the_layer_stays_within_the_depth_and_the_model_knows(view):
    widget = view(DeepSignals("tanh", depth=10, layer=10))
    depth = widget.get_by_role("slider", name="depth")
    depth.press("Home")
    layer = widget.get_by_role("slider", name="layer", exact=True)
    widget.page.wait_for_function("() => document.querySelectorAll('output')[2].textContent === '2'")
    assert layer.get_attribute("max") == "2"
    assert widget.evaluate("e => [e.model.get('depth'), e.model.get('layer')]") == [2, 2]


def test_the_counts_of_a_histogram_add_up_to_all_values(module):
    counted = module("deep")("counted(...xs)", [0.0, 0.0, 1.0, -2.0, 0.5])
    assert sum(counted["counts"]) == 5
    assert (counted["low"], counted["high"]) == (-2.0, 1.0)
    assert sum(module("deep")("counted(...xs)", [3.0, 3.0])["counts"]) == 2


def test_what_cannot_be_shown_is_said(view):
    assert "activation is one of" in view(DeepSignals("step")).inner_text()
