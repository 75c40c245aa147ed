"""The numbers that the course promises stand in executed cells of its lessons."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

LESSONS = Path(__file__).parent.parent / "notebooks"


@cache
def cells_of(lesson):
    cells = nbformat.read(LESSONS / f"{lesson}.ipynb", 4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def printed(cell):
    """Everything a cell shows as text, with a true minus sign read as a hyphen."""
    shown = [
        o.text if o.output_type == "stream" else o.get("data", {}).get("text/plain", "") for o in cell.outputs
    ]
    return "".join(shown).replace("−", "-")


def output_of(lesson, source):
    """What the one cell that contains ``source`` printed."""
    (cell,) = [cell for cell in cells_of(lesson) if source in cell.source]
    return printed(cell)


DW_OF_THE_CLASSIFIER = r"\[\[-0\.96, 0\.9, 0\.02\], \[-1\.94, 2\.08, -0\.04\]\]"
DW_WITHOUT_THE_PENALTY = r"\[\[-1\.0, 1\.0, 0\.0\], \[-2\.0, 2\.0, 0\.0\]\]"
W1_OF_THE_BOOK = r"\[\[0\.03125, 0\.0625\], \[-0\.09375, -0\.1875\]\]"

# lesson: (what, source of the cell, pattern that its output must contain)
NUMBERS = {
    "00_start_here": [
        ("rounding", "signal", r"2 × 0\.20 = 0\.39\n2 × 0\.196612 = 0\.393224\n"),
    ],
    "01_chain_rule": [
        ("central difference at its best", "one_sided, two_sided", r"1e-05 +\S+ +([5-9]e-12|[1-3]e-11)\n"),
        ("forward difference at its best", "one_sided, two_sided", r"1e-07 +[2-4]e-08"),
        ("a step that is too small", "one_sided, two_sided", r"1e-12 +\S+ +[1-9]e-05"),
        ("the best step", "central.argmin", r"best central step: 1e-05"),
        ("the chain at 0", "for x in (0.0,", r"x = 0\.0: +chain rule +2\.161209 +measured +2\.161209"),
        ("the chain at 0.5", "for x in (0.0,", r"x = 0\.5: +chain rule +-5\.229149 +measured +-5\.229149"),
        ("the chain at 1", "for x in (0.0,", r"x = 1\.0: +chain rule +-10\.933563 +measured +-10\.933563"),
        ("error of the forward difference", "central, h = 1e-05", r"forward, h = 1e-05: error -3\.3e-04"),
        ("error of the central difference", "central, h = 1e-05", r"central, h = 1e-05: error +2\.4e-08"),
        ("error of a step that is too small", "forward, h = 1e-12", r"error -?\d\.\de-0[34]"),
        ("integers truncated", "def naive_gradient", r"integers +\[ *5000\. +15000\. +25000\.\]"),
        ("float32 does not move", "def naive_gradient", r"float32, 1e-7 \[0\. 0\. 0\.\]"),
        ("the float64 answer", "def naive_gradient", r"float64 +\[2\. 4\. 6\.\]"),
        ("the circuit, values", "picture = bp.record(circuit", r"(?s)q .*3\.00.*circuit .*-12\.00"),
        ("the circuit, gradients", 'in ("x", "y", "z")', r"df/dx = +-4\.00\ndf/dy = +-4\.00\ndf/dz = +3\.00"),
        ("the circuit, nudged", "bp.Nudge(circuit", r"gradient × h = -2, actual -2"),
        ("the first signal", "picture = bp.record(circuit", r"circuit .*-12\.00 +1\.00"),
        ("(x + y)² has the slope 2 (x + y)", "bp.grad(lambda x, y", r"dz/dx = 4\.00, dz/dy = 4\.00"),
        ("the shop", "bp.record(shop", r"(?s)apple .*2\.20.*count .*110\.00.*tax .*200\.00.*shop .*220"),
        ("one layer in two places", "one object in two", r"one object in two places: 1\.21 and 220\.00"),
        ("a layer for each place", "one object in two", r"an object for each place: 2\.20 and 110\.00"),
        ("two fruits", "in full", r"(?s)bill 715\.00.*apples += +110\.00.*apple += +2\.20.*orange += +3\.30"),
        ("oranges and tax", "in full", r"(?s)oranges += +165\.00.*tax += +650\.00"),
        ("the bill in full", "in full", r"in full: 715\.0000000000001"),
        ("what 10⁶ weights cost", "seconds_a_pass", r"2000000 passes"),
    ],
    "02_gate_patterns": [
        ("a value used twice", "slope_y =", r"x 5\.0000, y 8\.0000, z 3\.0000"),
        ("the same at a copy gate", "record(twice", r"copy of y +copy of y +2\.00 +8\.00"),
        ("add", "bp.add.backward", r"add +\(2\.0, 2\.0\)"),
        ("multiply", "bp.add.backward", r"multiply +\(15\.0, 10\.0\)"),
        ("copy", "bp.add.backward", r"copy +6\.0\n"),
        ("max", "bp.add.backward", r"max +\(0\.0, 9\.0\)"),
        ("repeat and sum", "gates.Repeat", r"come back: 6\.00\n.*\[4\. 4\. 4\.\]"),
        ("the circuit, values", "def circuit",
         r"(?s)product .*-12\.00.*largest .*2\.00.*-10\.00.*circuit .*-20\.00"),
        ("the circuit, gradients", "bp.grad(circuit)",
         r"dx = +-8\.00\ndf/dy = +6\.00\ndf/dz = +2\.00\ndf/dw = +0\.00"),
        ("the branch", "de/da", r"e = 6\.00, de/da = 2\.00, de/db = 5\.00"),
        ("a + a", "a + a)(3.0)", r"= 2\.00"),
        ("the staged function", "def staged", r"f = 1\.545645\n"),
        ("with +=", "def staged", r"with \+= +dx = 2\.059570, dy = 1\.592233"),
        ("with =", "def staged", r"with = +dx = 0\.512144, dy = 0\.009046"),
        ("1/x, exp and log", "-(0.5**2)",
         r"7\.3891 +measured +7\.3891\n1/x: +-0\.2500 .*-0\.2500\nlog: +0\.5000 .*0\.5000"),
        ("the neuron, products and sums", "node.gate.symbol",
         r"-2\.000000.*0\.196612\n×.* 6\.0.*\n\+.* 4\.0.*\n\+ .* 1\.0.* 0\.1966"),
        ("the opened sigmoid", "node.gate.symbol",
         r"neg .*-1\.0.*-0\.196612\nexp .*0\.367879.*-0\.534447\n\+.*1\.367879.*-0\.534447\n"),
        ("the neuron's output", "node.gate.symbol", r"1/x .*0\.731059.*1\.000000"),
        ("the neuron's inputs", "node.gate.symbol",
         r"-0\.196612\ndx0 =  0\.393224\ndw1 = -0\.393224\ndx1 = -0\.589836\ndw2 =  0\.196612"),
        ("rounding", "node.gate.symbol", r"2 × 0\.20 = 0\.40, but 2 × 0\.196612 = 0\.393224"),
        ("four gates or one", "y**2 * e:", r"four gates  0\.196612\none gate    0\.196612"),
        ("the largest slope", "for x in (0.0, 2.0", r"0\.0 the slope is 0\.250000"),
        ("overflow", "through_the_stages", r"e\^1000 = inf,  y = 0\.0\nfour gates: nan,  one gate: 0\.0"),
        ("the tanh neuron", "def tanh_neuron", r"o = 0\.70711, 1 - o² = 0\.50000"),
        ("the tanh neuron, gradients", "bp.record(tanh_neuron, **numbers)",
         r"(?s)x1 .*-1\.50\nw1 .* 1\.00\nx2 .* 0\.50\nw2 .* 0\.00\n"),
        ("scores", '"scores:"', r"\[ 0\.8 +0\.3 -0\.3\]"),
        ("the loss", "margins = np", r"L = 0\.500, R = 0\.059, loss = 0\.559"),
        ("the classifier by hand", "from_scores =",
         rf"ds = \[-1\. +1\. +0\.\]\ndW = {DW_OF_THE_CLASSIFIER}\n.*{DW_WITHOUT_THE_PENALTY}"),
        ("the classifier by bplib", "def classifier",
         rf"loss = 0\.559\n(.*\n)*dW = {DW_OF_THE_CLASSIFIER}\n.*{DW_OF_THE_CLASSIFIER}"),
    ],
    "03_vector_jacobians": [
        ("relu", "y = np.maximum(x, 0)", r"x \[ 1\. -2\.  3\. -1\.\]\ny \[1\. 0\. 3\. 0\.\]"),
        ("back through relu", "entry by entry",
         r"J\.T @ v +\[4\. 0\. 5\. 0\.\]\nentry by entry +\[4\. 0\. 5\. 0\.\]"),
        ("the caller's array changed", "def relu_backward_of_the_book",
         r"= \[ 8\.  0\. 10\.  0\.\]\nrelu_backward .*= \[ 8\. -1\. 10\.  9\.\]"),
        ("a diagonal of zeros and ones", "J = bp.jacobian(bp.relu, x)",
         r"\[\[1\. 0\. 0\. 0\.\]\n \[0\. 0\. 0\. 0\.\]\n \[0\. 0\. 1\. 0\.\]\n \[0\. 0\. 0\. 0\.\]\]"),
        ("J for Jᵀ", "class Two", r"this rule +\[11\. -7\.\]\nby nudging +\[ 7\. -6\.\]"),
        ("softmax", "shares = softmax", r"\[0\.09 +0\.2447 0\.6652\]"),
        ("softmax has a full Jacobian", "J₁₁", r"J₁₁ = 0\.0819, J₁₂ = -0\.0220"),
        ("a batch has blocks", "jacobian_structure", r"block diagonal, 2 blocks"),
        ("4096²", "jacobian_size", r"4096 × 4096 = 16777216 entries"),
        ("a minibatch of 100", "jacobian_size", r"409600 × 409600 = \d+ entries \(625 GiB\)"),
        ("∂y/∂x of a layer", "jacobian_size", r"∂y/∂x .*\(256 GiB\)"),
        ("∂y/∂w of a layer", "jacobian_size", r"∂y/∂w .*\(16 TiB\)"),
        ("a large J is refused", "bp.jacobian(bp.relu, large)", r"too many to form"),
        ("q and f", "def squared_length", r"q \[0\.22 0\.26\] +f 0\.1160"),
        ("the gradients of ‖Wx‖²", "np.outer(2 * q, x)",
         r"∇q +\[0\.44, 0\.52\]\n∇W +\[\[0\.088, 0\.176\], \[0\.104, 0\.208\]\]\n∇x +\[-0\.112, 0\.636\]"),
        ("W for Wᵀ", 'print("W @ 2q    "', r"W @ 2q +\[0\.304 0\.284\]\nW\.T @ 2q +\[-0\.112 +0\.636\]"),
    ],
    "04_affine_batch": [
        ("y", "y = x @ w\nprint(y)", r"\[\[-1\. -1\.  2\.  6\.\]\n \[ 5\.  2\. 11\.  7\.\]\]"),
        ("the slide", "slide = np", r"2 of 8 entries"),
        ("the slice of x₁₁", "nudged[0, 0] += 1", r"\[\[ 3\.  2\.  1\. -1\.\]\n \[ 0\.  0\.  0\.  0\.\]\]"),
        ("dL/dx₁₁", "dy * slice", r"dL/dx\[0, 0\] = 0\.00"),
        ("the slice of x₂₃", "nudged[1, 2] += 1", r"\n \[ 3\.  2\.  1\. -2\.\]\]\ndL/dx\[1, 2\] = -30\.00"),
        ("dx", "dx = dy @ w.T\n", r"\[\[  0\.  16\.  -9\.\]\n \[-24\.   9\. -30\.\]\]"),
        ("dw", "dx = dy @ w.T\n",
         r"\[\[ 28\.   3\. -18\.   0\.\]\n \[-30\.   7\.  13\.  33\.\]\n \[-22\.  -7\.  17\. -15\.\]\]"),
        ("an all-zero answer passes at (1, 1)", "forgotten =", r"agrees: True\nall entries agree: False"),
        ("shapes do not decide for square matrices", "candidates = {", r"(?s)(shape \(3, 3\).*){8}"),
        ("one sample", "one @ W + b", r"\(2,\) @ \(2, 3\) \+ \(3,\) -> \(3,\)"),
        ("1-D does not multiply", "np.dot(one.T, signal)", r"ValueError"),
        ("db, and the wrong axis", "dY.sum(axis=1)", r"db = \[5\. 7\. 9\.\](.|\n)*\[ 6\. 15\.\]"),
        ("the bias at a repeat gate", "bp.Stepper(batch_loss", r"\nb .*5\.00 7\.00"),
        ("broadcasting", "without_new_axes =", r"\(5, 1, 2, 4, 3\) -> .*\(2, 1, 3\)\n"),
    ],
    "05_softmax_loss": [
        ("the logits of a dog", "probabilities y", r"\[0\.0182 0\.2452 0\.7366\]"),
        ("y − t", "measured.sum()",
         r"y +\[0\.3 0\.2 0\.5\]\nt +\[0\. 1\. 0\.\]\nslopes +\[ 0\.3 -0\.8  0\.5\]"),
        ("almost sure, and right", "sure = np", r"\[0\.01 0\.99 0\.  \]\nslopes +\[ 0\.01 -0\.01  0\.  \]"),
        ("through the graph", "journey = bp", r"z +value .* gradient \[ 0\.3 -0\.8  0\.5\]"),
        ("where Σt = 1 is used", "both = np", r"measured +(\[.*\])\n2y - t +\1\n"),
        ("rows of the gradient", "dZ = (Y - T)", r"each row adds up to \[0\. 0\.\]"),
        ("three kinds of target", "class index 1", r"index 1 +(1\.4057)\none-hot .* \1\nsoft .* 1\.1307"),
        ("overflow", "naive_softmax(large)", r"naive: +\[nan nan nan\]"),
        ("a shift per row", "one per row",
         r"one for all: \[\[nan, nan\].*\none per row: (\[\[.*\], )\[0\.2689, 0\.7311\]\]"),
        ("a guarded logarithm", "def guarded_loss",
         r"guarded \[0\.00038, 0\.0, -0\.00038\]\ngradient true +\[0\.99999, 1e-05, -1\.0\]"),
        ("ln C", "log C =", r"10 classes: log C = 2\.3026"),
    ],
    "06_mlp_bp1_bp4": [
        ("the cost", 'print("C  =", C)', r"(?s)z1 = \[0\.0, 0\.0\]\na1 = \[0\.5, 0\.5\].*C  = 0\.125\n"),
        ("the gradients, measured", "measured[name].round", "w1 = " + W1_OF_THE_BOOK),
        ("BP1", 'print(f"dC/da', r"dC/da = 0\.5000, slope = 0\.2500, delta2 = 0\.1250"),
        ("BP2", 'print("BP2:     "', r"BP2: +\[0\.03125, -0\.09375\]\nmeasured: \[0\.03125, -0\.09375\]"),
        ("as misprinted", "as_printed", r"every j: 0\.03125\n.*0\.03125 and -0\.09375"),
        ("BP4 for the last layer", "as measured", r"dC/dw2 = \[\[0\.0625, 0\.0625\]\] as measured: True"),
        ("the program of the book", 'print("nabla_w', r"nabla_w: \[" + W1_OF_THE_BOOK),
        ("in rows", "params_to_rows([b1", r"W1 = \[\[0\.03125, -0\.09375\], \[0\.0625, -0\.1875\]\]"),
        ("rows and columns", "params_to_rows([b1", r"transposed: True"),
        ("a mini-batch", "samples_to_columns", r"(?s)(matrix form: True.*){4}"),
        ("a small error", "quadratic_delta", r"a = 0\.982\n.*quadratic cost: 0\.0173\n.*-entropy: +0\.982"),
        ("what it costs", "multiplications(sizes)", r"2\.01 forward passes"),
        ("seven equal layers", "multiplications(sizes)", r"2\.86 forward passes"),
        ("from the loss", "chain_multiplications", r"from the loss: 23820, from the input: 243040"),
        ("errors in a trace", "read_deltas",
         r"delta1 = \[\[0\.03125, -0\.09375\]\]\ndelta2 = \[\[0\.125\]\]"),
    ],
    "07_train_and_check": [
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
        ("a stale layer", "class Line",
         r"rebind .* 35\.50 .* 0\.50 +loss 10\.50\nin_place .* 2\.00 +loss 0\.00"),
        ("momentum", "def valley",
         r"SGD +75\.0000 +14\.7856 +1\.2929\nMomentum +75\.0000 +10\.1856 +0\.1234"),
        ("digits by hand", "rng.permutation(len", r"45 steps.*\n(.*\n)*epoch 10: .* new digits 0\.96"),
        ("digits", "figures.curves", r"new digits: loss 0\.10\d, accuracy 0\.97"),
        ("misread", "np.flatnonzero", r"10 of 360 new digits are misread"),
        ("the same code", "large = False", r"64 inputs, accuracy on new digits 0\.9"),
        ("the names of the layers", 'print("layers:', r"\['Affine1', 'Relu1', 'Affine2'\]"),
        ("the shapes of the gradients", 'print("layers:',
         r"'W1': \(64, 50\), 'b1': \(50,\), 'W2': \(50, 10\), 'b2': \(10,\)"),
    ],
}  # fmt: skip

ROWS = [
    pytest.param(lesson, source, pattern, id=f"{lesson[:2]}-{what}")
    for lesson, rows in NUMBERS.items()
    for what, source, pattern in rows
]


def test_no_lesson_is_left_out():
    assert sorted(NUMBERS) == sorted(path.stem for path in LESSONS.glob("[0-9]*.ipynb"))


@pytest.mark.parametrize(("lesson", "source", "pattern"), ROWS)
def test_a_number_of_the_course_stands_in_an_executed_cell(lesson, source, pattern):
    shown = output_of(lesson, source)
    assert re.search(pattern, shown), shown


def test_the_transpose_that_is_left_out_gives_other_numbers_of_the_same_shape():
    measured, bp2, wrong, _ = re.findall(r"\[(.*), (.*)\]", output_of("06_mlp_bp1_bp4", "without the .T"))
    assert [float(x) for x in measured] == pytest.approx([float(x) for x in bp2], abs=1e-5)
    assert all(float(x) * float(y) < 0 for x, y in zip(measured, wrong, strict=True))
