"""From a slider's input to the painted picture, with a real pointer in a real browser.

The clock starts when the page hears of a move, and stops when the first frame that shows another number has
been painted. The Stepper answers by itself, in the page, also in JupyterLab; ``interact`` with matplotlib,
measured beside it, asks the kernel.
"""

from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

import nbformat
import numpy as np
import pytest

import bplib as bp
from bplib.widgets.base import module as one_module

from .harness import Bar, duration, show, shown
from .peers import NotInstalled, peer

MOVES = 50


class Moves(NamedTuple):
    seconds: list
    bytes: float = 0.0  # from the kernel, for one update

    @property
    def late(self):
        """Only one move in twenty takes longer."""
        return quantiles(self.seconds, n=20)[-1]


def neuron(w0, x0, w1, x1, w2):
    y = bp.sigmoid(w0 * x0 + w1 * x1 + w2)
    return y


NEURON = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}


def longest(x, y):
    for _ in range(20):
        x = bp.sigmoid(x * y) + x
    return x


CELLS = {
    "Stepper of arrays, in JupyterLab": """
import bplib as bp, numpy as np
def loss(x, W, b, s):
    y = bp.gates.softmax(bp.affine(x, W, b) * s)
    return (y * y).sum()
bp.Stepper(loss, x=np.ones((2, 3)), W=np.arange(12.0).reshape(3, 4) / 9, b=np.ones(4), s=0.5, step=-1)""",
    "interact with matplotlib": """
import ipywidgets, matplotlib.pyplot as plt, numpy as np
x = np.linspace(-5, 5, 100)
@ipywidgets.interact(w=(-5.0, 5.0, 0.05))
def draw(w=0.5):
    plt.plot(x, 1 / (1 + np.exp(-w * x)))
    plt.show()""",
}
# What is dragged, and what changes then.
PARTS = {
    "Stepper": (".bplib-widget .sliders label:last-child input", ".bplib-widget .picture"),
    "interact": (".widget-interact .noUi-base", ".widget-interact .widget-output"),
}

# A change of the Stepper's picture happens inside a frame, and a message is read after it; an image comes
# between two frames, and is seen in the next.
CLOCK = """([slider, picture]) => {
    const times = [], frame = new MessageChannel();
    let since;
    const painted = () => frame.port2.postMessage(0);
    frame.port1.onmessage = () => {
        if (since !== undefined) times.push(performance.now() - since);
        since = undefined;
    };
    new MutationObserver(() => {
        const image = document.querySelector(picture).querySelector("img");
        if (image) image.decode().then(() => requestAnimationFrame(painted));
        else painted();
    }).observe(document.querySelector(picture), { subtree: true, childList: true, characterData: true });
    const start = ({ buttons }) => { if (buttons !== 0) since ??= performance.now(); };
    const event = document.querySelector(slider).matches("input") ? "input" : "pointermove";
    document.addEventListener(event, start, { capture: true });
    window.moved = times;
}"""
COUNT_BYTES = """() => {
    window.received = 0;
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    kernel.iopubMessage.connect((_, { content, header }) => {
        if (header.msg_type !== "status") window.received += JSON.stringify(content).length;
    });
}"""


def run(quick):
    try:
        playwright = peer("playwright.sync_api")
        from tests.browser import conftest as browser

        executable = browser.chromium_path()
    except (NotInstalled, pytest.fail.Exception):
        return shown([Bar(f"{what}, ms,", None, limit) for what, limit in BARS])
    moves = 20 if quick else MOVES
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=executable, args=browser.CHROMIUM_FLAGS)
        measured = in_a_page(browser, chromium, moves) | in_jupyterlab(browser, chromium, moves)
        chromium.close()
    rows = [
        [name, *map(duration, (min(found.seconds), median(found.seconds), found.late)), f"{found.bytes:,.0f}"]
        for name, found in measured.items()
    ]
    head = ["", "fastest", "median", "95 %", "bytes from the kernel"]
    show(f"A slider's input until the picture is painted, {moves} moves", head, rows)
    scalars, arrays = measured["Stepper of a neuron"], measured["Stepper of arrays, in JupyterLab"]
    times = [median(scalars.seconds), scalars.late, median(arrays.seconds), arrays.late]
    bars = [Bar(f"{what}, ms,", 1000 * time, limit) for (what, limit), time in zip(BARS, times, strict=True)]
    return shown(bars)


BARS = [
    ("the neuron, median", 8),
    ("the neuron, 95 %", 16),
    ("arrays, median", 16),
    ("arrays, 95 %", 33),
]


def in_a_page(browser, chromium, moves):
    """Neither JupyterLab nor a kernel: the page of a course on the web."""
    one = bp.Stepper(neuron, **NEURON, step=-1)
    large = bp.Stepper(longest, x=0.5, y=-0.5, step=-1)
    shown_together = {
        "Stepper of a neuron": [one],
        "the same with σ open and copies drawn": [bp.Stepper(neuron, **NEURON, step=-1, detail=True)],
        "the same, one of ten": [one] * 10,
        "Stepper of 60 gates": [large],
    }
    measured = {}
    for name, widgets in shown_together.items():
        page = chromium.new_page()
        page.add_style_tag(content=widgets[0]._css)
        for widget in widgets:
            modules = [browser.as_url(widget._esm), browser.as_url(one_module("page"))]
            page.evaluate(browser.SHOW, [*modules, browser.state_of(widget)])
        measured[name] = drag(page, "Stepper", moves)
        page.close()
    return measured


def in_jupyterlab(browser, chromium, moves):
    measured = {}
    with TemporaryDirectory() as folder, browser.JupyterLab(Path(folder)) as server:
        lab = browser.Lab(server, chromium)
        for name, code in CELLS.items():
            path = Path(folder) / "latency.ipynb"
            cells, kernel = [nbformat.v4.new_code_cell(code.strip())], {"name": "python3", "display_name": ""}
            nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
            notebook = lab.open(path)
            notebook.run_all()
            measured[name] = drag(notebook.page, name.split()[0], moves, COUNT_BYTES)
            notebook.close()
    return measured


def drag(page, what, moves, also="() => {}"):
    """Drag the slider to and fro in small moves, each after the one before has been answered."""
    slider, picture = PARTS[what]
    page.wait_for_selector(slider)
    page.wait_for_timeout(1000)  # what loads has loaded
    page.evaluate(CLOCK, [slider, picture])
    page.evaluate(also)
    page.locator(slider).first.scroll_into_view_if_needed()
    box = page.locator(slider).first.bounding_box()
    places = 0.5 + 0.4 * np.sin(np.linspace(0, 9, moves))
    x, y = box["x"] + box["width"] * places, box["y"] + box["height"] / 2
    page.mouse.move(x[0], y)
    page.mouse.down()
    for place in x:
        page.mouse.move(place, y)
        page.wait_for_timeout(100)
    page.mouse.up()
    milliseconds = page.evaluate("window.moved")
    received = page.evaluate("window.received ?? 0")
    return Moves([t / 1000 for t in milliseconds], received / len(milliseconds))
