"""Lesson 7: the numbers that it promises stand in executed cells."""

import re
from pathlib import Path

import nbformat
import pytest

LESSON = Path(__file__).parents[1] / "notebooks" / "07_train_and_check.ipynb"

# what, source of the cell, pattern that its output must contain
NUMBERS = [
    ("parameters", 'print("together"', r"(?s)W1 \(64, 50\) +3200.*b2 \(10,\) +10 .*together 3760"),
    ("a firing rate", "neuron.forward", r"sum 1\.00, firing rate 0\.7311"),
    ("three layers", "h2 @ W3", r"\(1, 3\) → \(1, 4\) → \(1, 4\) → \(1, 1\)\n32 weights and 9 biases"),
    ("slopes of the sigmoid", "activations = ", r"Sigmoid +0\.0177 +0\.1966 +0\.0177 +0\.25"),
    ("twenty lines", "def twenty_lines", r"loss 24384 → 6\.35"),
    ("how far they moved", "def travelled", r"w1 has moved by 1\.6 % .*\nw2 has moved by 51 % "),
    ("saturation", "def travelled", r"std\(z\) = 32\n.*below 0\.001: 83% of the hidden units"),
    ("a scaled start", "lr=1e-3", r"1e-8: True\nstd\(z\) = 1\.01, .*: 0%"),
    ("ln C", "beginner.loss", r"(?s)0\.0 +2\.3026 +0\.0000 +0\.0000 +0\.1000.*ln 10 = 2\.302585"),
    ("weights that are too large", "beginner.loss", r"1\.0 +16\.3381"),
    ("the gradient check", "backprop, numerical = net.gradient(x, t)", r"(?s)(1e-6: True.*){4}"),
    ("the price of nudging", "perf_counter()", r"nudging: 7520\n.*backpropagation: True"),
    ("a slip that learns", "class ForgetsTheRelu", r"10 epochs: 0\.88"),
    ("on a kink", "with_a_blank = x.copy()", r"W1: .* 0\.00\nb1: .* 0\.45\n"),
    ("beside the kink", "beside = ", r"below 1e-6: True"),
    ("layers in order", "bp.moons(200", r"Affine2 : gradient check passed: True, accuracy 0\.99"),
    ("layers in another order", "bp.moons(200", r"Relu1 : gradient check passed: True, accuracy 0\.50"),
    ("five samples by heart", "def loss_by_heart", r"digits: loss 0\.0017\n.*0\.0034\n.*0\.4168"),
    ("a stale layer", "class Line", r"rebind .* 35\.50 .* 0\.50 +loss 10\.50\nin_place .* 2\.00 +loss 0\.00"),
    ("momentum", "def valley", r"SGD +75\.0000 +14\.7856 +1\.2929\nMomentum +75\.0000 +10\.1856 +0\.1234"),
    ("digits by hand", "rng.permutation(len", r"45 steps.*\n(.*\n)*epoch 10: .* new digits 0\.96"),
    ("digits", "figures.curves", r"new digits: loss 0\.10\d, accuracy 0\.97"),
    ("misread", "np.flatnonzero", r"10 of 360 new digits are misread"),
    ("the same code", "large = False", r"64 inputs, accuracy on new digits 0\.9"),
]  # fmt: skip


@pytest.fixture(scope="module")
def cells():
    return [cell for cell in nbformat.read(LESSON, 4).cells if cell.cell_type == "code"]


@pytest.mark.parametrize(("what", "source", "pattern"), NUMBERS, ids=[number[0] for number in NUMBERS])
def test_the_numbers_of_lesson_7_stand_in_executed_cells(cells, what, source, pattern):
    (cell,) = [cell for cell in cells if source in cell.source]
    printed = "".join(output.get("text", "") for output in cell.outputs)
    assert re.search(pattern, printed), printed


def test_the_check_of_a_network_that_forgets_the_relu_fails_in_front_of_it_only(cells):
    (cell,) = [cell for cell in cells if "bp.check_network(slip" in cell.source]
    report = cell.outputs[0].data["text/plain"]
    assert re.findall(r"(ok|not yet) +(d\w\d)", report) == [
        ("not yet", "dW1"), ("not yet", "db1"), ("ok", "dW2"), ("ok", "db2"),
    ]  # fmt: skip


def test_the_widgets_stand_there_with_a_picture_of_a_training_that_has_begun(cells):
    shown = [cell.outputs[0].data for cell in cells if "TrainingView(" in cell.source and cell.outputs]
    steps = [re.search(r"After (\d+) steps", data["text/plain"])[1] for data in shown]
    assert steps == ["90", "140"]
    assert all({"image/svg+xml", "image/png"} <= set(data) for data in shown)
