"""The numbers that the course promises stand in executed cells of its lessons."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

LESSONS = Path(__file__).parents[2] / "notebooks"


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
        ("the slope of relu at 0", "bp.relu(x)",
         r"relu\(x\) +0\n.*\(0, x\) +0\n.*\(x, 0\) +0\n.*1 to a, 0 to b\n"),
    ],
    "01_chain_rule": [
        ("central difference at its best", "one_sided, two_sided", r"1e-05 +\S+ +([5-9]e-12|[1-3]e-11)\n"),
        ("forward difference at its best", "one_sided, two_sided", r"1e-07 +[2-4]e-08"),
        ("a step that is too small", "one_sided, two_sided", r"1e-12 +\S+ +[1-9]e-05"),
        ("the best step", "central.argmin", r"best central step: 1e-05"),
        ("the chain at 0", "for x in (0.0,", r"x = 0\.0: +chain rule +2\.161209 +measured +2\.161209"),
        ("the chain at 0.5", "chain_slope(x):10.6f}   measured {bp",
         r"x = 0\.5: +chain rule +-5\.229149 +measured +-5\.229149"),
        ("the chain at 1", "for x in (0.0,", r"x = 1\.0: +chain rule +-10\.933563 +measured +-10\.933563"),
        ("error of the forward difference", "central, h = 1e-05", r"forward, h = 1e-05: error -3\.3e-04"),
        ("error of the central difference", "central, h = 1e-05", r"central, h = 1e-05: error +2\.4e-08"),
        ("error of a step that is too small", "forward, h = 1e-12", r"error -?\d\.\de-0[34]"),
        ("integers truncated", "def naive_gradient", r"integers +\[ *5000\. +15000\. +25000\.\]"),
        ("float32 does not move", "def naive_gradient", r"float32, 1e-7 \[0\. 0\. 0\.\]"),
        ("the float64 answer", "def naive_gradient", r"float64 +\[2\. 4\. 6\.\]"),
        ("the circuit, values", "picture = bp.record(circuit", r"(?s)q .*3\.00.*f .*-12\.00"),
        ("the circuit, gradients", 'in ("x", "y", "z")', r"df/dx = +-4\.00\ndf/dy = +-4\.00\ndf/dz = +3\.00"),
        ("the circuit, nudged", "bp.Nudge(circuit", r"gradient × h = -2, actual -2"),
        ("the first signal", "picture = bp.record(circuit", r"f .*-12\.00 +1\.00"),
        ("(x + y)² has the slope 2 (x + y)", "bp.grad(lambda x, y", r"dz/dx = 4\.00, dz/dy = 4\.00"),
        ("the shop", "bp.record(shop", r"(?s)apple .*2\.20.*count .*110\.00.*tax .*200\.00.*bill .*220"),
        ("one layer in two places", "one object in two", r"one object in two places: 1\.21 and 220\.00"),
        ("a layer for each place", "one object in two", r"an object for each place: 2\.20 and 110\.00"),
        ("two fruits", "in full", r"(?s)bill 715\.00.*apples += +110\.00.*apple += +2\.20.*orange += +3\.30"),
        ("oranges and tax", "in full", r"(?s)oranges += +165\.00.*tax += +650\.00"),
        ("the bill in full", "in full", r"in full: 715\.0000000000001"),
        ("what 10⁶ weights cost", "seconds_a_pass", r"2000000 passes"),
        ("what a sweep costs", "one backward sweep costs", r"2 layers: .* 1\.01 .*\n7 layers: .* 1\.86 "),
        ("a slip in both routes", "def slipped", r"chain rule (\S+), measured \1\nwhat was meant: -10\.93"),
        ("a step against the slope", "price = price", r"price +60\.00 .* slope  -387\.20 .*79\.36"),
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
         r"(?s)product .*-12\.00.*largest .*2\.00.*-10\.00.*f .*-20\.00"),
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
         r"-0\.196612\ndx0 =  0\.393224\ndw1 = -0\.393224\ndx1 = -0\.589836\ndb =  0\.196612"),
        ("rounding", "node.gate.symbol", r"2 × 0\.20 = 0\.40, but 2 × 0\.196612 = 0\.393224"),
        ("four gates or one", "y**2 * e:", r"four gates  0\.196612\none gate    0\.196612"),
        ("the largest slope", "for x in (0.0, 2.0", r"0\.0 the slope is 0\.250000"),
        ("ten sigmoids", "ten_in_a_row", r"never above 9\.5e-07, at best 3\.9e-07\n.*at best 0\.25\n"),
        ("a wrong order", "too_early =", r"at a 39, at b 26\nwrong .* at a 21, at b 14\n.*\['39', '26'\]"),
        ("another loss", "def another_classifier", r"hinge .*: True\nsquared .*: True"),
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
        ("y", "Y = X @ W\nprint(Y)", r"\[\[-1\. -1\.  2\.  6\.\]\n \[ 5\.  2\. 11\.  7\.\]\]"),
        ("the slide", "slide = np", r"2 of 8 entries"),
        ("the slice of x₁₁", "nudged[0, 0] += 1", r"\[\[ 3\.  2\.  1\. -1\.\]\n \[ 0\.  0\.  0\.  0\.\]\]"),
        ("dL/dx₁₁", "dY * slice", r"dL/dX\[0, 0\] = 0\.00"),
        ("the slice of x₂₃", "nudged[1, 2] += 1", r"\n \[ 3\.  2\.  1\. -2\.\]\]\ndL/dX\[1, 2\] = -30\.00"),
        ("dx", "dX = dY @ W.T\n", r"\[\[  0\.  16\.  -9\.\]\n \[-24\.   9\. -30\.\]\]"),
        ("dw", "dX = dY @ W.T\n",
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
        ("sums by their indices", "np.einsum",
         r"twice: +(\[.*\]) is \1\n.*once: +(\[.*\]) is \2\n.* 2\.0 is 2\.0"),
        ("two ways to one step", "in_turn =", r"the same step: True"),
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
        ("a slip that learns", "class ForgetsTheRelu",
         r"slip .* 10 epochs: 0\.88\nsound .* 10 epochs: 0\.92"),
        ("a frozen first layer", "first layer frozen",
         r"loss 6\.35\n.*loss 48\.7\n.*loss 2993\n.*5\.2\n.*16\.3"),
        ("answers among the inputs", "with_answers =",
         r"first loss 2\.303, .* 2\.303\n.* 2\.304, .* 2\.331\n"),
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
    "08_build_an_engine": [
        ("the circuit by hand", "q.grad * q.local", r"dx = -4\.00, dy = -4\.00, dz = 3\.00"),
        ("two parents", "parents of the square", r"x = 3, square = 9, f = 12\nparents .*\['x', 'x'\]"),
        ("recursion ends", "recursive_order, our_order", r"recursive_.*: RecursionError\nour_.*: 5000 "),
        ("a fork", "right = bp.record", r"'t': '13', 'a': '39', 'b': '26'"),
        ("a hasty order", "hasty_backward(output)", r"(?s)a .*21\.00.*b .*14\.00.*t .*13\.00"),
        ("a set of parents", "{x, x}", r"two parents: +d\(x·x\)/dx = 6\na set of them: d\(x·x\)/dx = 3"),
        ("a second sweep", "for sweep in (1, 2)", r"sweep 1: dx = 6\nafter sweep 2: dx = 18"),
        ("zero_grad", "def zero_grad", r"dx = 6\n"),
        ("the loop's variable", 'rules[name] = lambda', r"'sine': 1\.0, 'cosine': 1\.0"),
        ("the sigmoid neuron", "on_mine(neuron",
         r"neuron 0\.731059: dw0 -0\.196612 +dx0 0\.393224 +dw1 -0\.393224"),
        ("the staged function", "on_mine(neuron", r"staged 1\.545645: dx 2\.059570 +dy 1\.592233"),
        ("the tanh neuron", "on_mine(neuron",
         r"0\.707107: dx1 -1\.500000 +dw1 1\.000000 +dx2 0\.500000 +dw2 0\.0"),
        ("two faces", "from_lines = graph", r"from the list: +(\{.*\})\nfrom the values: \1"),
        ("337 numbers", "net = MyNetwork()",
         r"learn: 337\n(.*\n)*.*1 points: 1020\n.*: 7140\n.*engine (\S+), numpy \2"),
        ("it learns moons", "learning_rate * gradients", r"step 110: .* accuracy (0\.9[7-9]|1\.00)"),
        ("the same gradient", "reference = by_hand", r"(?s)(same gradient: True.*){3}"),
    ],
    "09_bug_hunt": [
        ("shifted labels pass a check", "shifted = bp.Program",
         r"sound +loss \d.*0\.9[5-9]\nlabels shifted .*0\.[01]\d\ngradient check .*: True"),
        ("data are looked at", "own = bp.Program",
         r"sound .*: 0%; .* 0\.00\nlabels shifted .*: [89]\d%; .* 0\.00\n"
         r"own statistics .*: 0%; .* [1-9]\d*\.\d"),
        ("ln C, about and exactly", "wide = bp.Program",
         r"sound .* 2\.3\d +at zero 2\.3026\nbegins too wide +first loss +1\d\.\d\d +at zero 2\.3026\n"
         r"logarithm cushioned +first loss +2\.[23]\d +at zero 2\.20\d\d"),
        ("five samples by heart", "uphill = bp.Program",
         r"sound .* 0\.[0-4]\d\d\nuphill .*(inf|nan|\d{1,4}\.\d{3})"),
        ("a wrong gradient learns", "past = bp.Program", r"→ 0\.0\d\d\nfails: \['dW1', 'db1'\]"),
        ("moved too early", "early = bp.Program",
         r"sound .* 0\.00% +0\.00%\n(.*\n)moved too early .* 0\.\d\d% +[2-4]\.\d\d% +[2-4]\d\.\d\d%"),
        ("dropout left on", "dropped = bp.Program", r"least for largest .* known digits 0\.0\d\d"),
        ("ten patients", "patients = bp.patients()", r"^10 patients"),
        ("one mended line", "example = (", r"passed: True"),
    ],
    "10_deep_signals": [
        ("twenty layers guess", "for depth in (2, 20)",
         r" 2 layers: loss 0\.\d\d, .*0\.9\d\n20 layers: loss 2\.3\d, .*0\.1"),
        ("ten sigmoid layers", "def sizes(", r"sigmoid, 1/√n +2\.8e-06 +7\.1e-01"),
        ("ten tanh layers", "def sizes(", r"tanh, 1/√n +1\.\de\+00 +1\.\de\+00"),
        ("ten relu layers with He", "def sizes(", r"relu, √\(2/n\) +[2-4]\.\de\+00 +[2-4]\.\de\+00"),
        ("relu can vanish, everywhere alike", "def sizes(", r"relu, 0\.01 +[1-3]\.\de-11 +[1-3]\.\de-11"),
        ("relu can explode", "def sizes(", r"relu, 2√\(2/n\) +[12]\.\de\+03 +[12]\.\de\+03"),
        ("relu halves the power, He keeps it", "std of weights      layer 1",
         r"√\(1/n\) +0\.[45]\d? .*\n√\(2/n\) +(0\.9|1)\S*"),
        ("an exponent", "1.1^{depth}", r"1\.1\^50 = 117\.39"),
        ("biases do not break the symmetry", "def alike(",
         r"alike, random biases +two neurons are alike by 1\.00"),
        ("the dead stay dead", "def dead_in_first_layer", r"2\.0 +(4\d) +\1 "),
        ("beyond 2/λ", "def way_down", r"0\.039 +75 .*0\.4\d*\n0\.041 +75 .* 8\.72e\+03"),
        ("a buffer is no gradient", "bp.Momentum(0.1, 0.9)", r"step  6: at p = .*-"),
        ("Adam's first step is its rate", "optimisers = {", r"Adam  .*40\.5"),
        ("decay is the branch, for SGD only", "bp.Penalised(branch", r"SGD .*True\nAdam .*False"),
        ("twenty layers learn", "deep = bp.MLP", r"accuracy .*0\.[89]\d\n"),
    ],
    "11_convolution": [
        ("a window along a line", "def slide(", r"y = \[ *-3\. +12\. +-8\.\]"),
        ("the weights' gradient", "def slide_back(",
         r"dw = \[-11\. +19\. +-10\.\] +measured \[-11\. +19\. +-10\.\]"),
        ("x's gradient", "def slide_back(",
         r"dx = \[ *2\. +-5\. +9\. +-5\. +3\.\] +measured \[ *2\. +-5\. +9\. +-5\. +3\.\]"),
        ("the bias's gradient", "def slide_back(",
         r"db = 2\.0\n.*turned round.*: \[ *2\. +-5\. +9\. +-5\. +3\.\]"),
        ("a kernel that hides the slip", "# the exception", r"from both ends: True"),
        ("stride 2, padding 1", "stride=2, padding=1))", r"\[ *2\. +12\. +8\.\]"),
        ("two directions", "dK += dY[i, j]", r"Y = \[\[-1\.0, 4\.0\], \[3\.0, -4\.0\]\]"),
        ("the kernel's gradient", "dK += dY[i, j]", r"dK = \[\[6\.0, 4\.0\], \[-1\.0, 9\.0\]\]"),
        ("the image's gradient", "dK += dY[i, j]",
         r"dX = \[\[1\.0, 1\.0, -2\.0\], \[1\.0, 6\.0, -1\.0\], \[-2\.0, 2\.0, 0\.0\]\]"),
        ("col2im", "def laid_back(",
         r"(?s)laid back:\n \[\[ 1\. +1\. +-2\.\]\n +\[ 1\. +6\. +-1\.\].*\[1\. 2\. 1\.\]\n \[2\. 4\. 2\.\]"),
        ("the router and the sharer", "for pool in (",
         r"0\.0, 7\.0, -3\.0, 0\.0.*\n.*1\.75, 1\.75, -0\.75, -0\.75"),
        ("equal parameters", "def small_cnn(", r"MLP: 3760 parameters, CNN: 3750"),
        ("what moves is found again", "MOVES =", r"MLP +0\.9\d +0\.4\d\nCNN +0\.9\d +0\.[5-7]\d"),
        ("AlexNet, layer by layer", "books = list(walk",
         r"(?s)conv1 +96×55×55 .* 34944 .*conv2 +256×27×27 .* 614656 .*"
         r"conv3 +384×13×13 .* 885120 .*conv4 +384×13×13 .* 1327488 .*conv5 +256×13×13 .* 884992 .*"
         r"affine6 .* 37752832 .*affine7 .* 16781312 .*affine8 .* 4097000 "),
        ("AlexNet, together", "books = list(walk",
         r"parameters: 62378344 together, 6% .*\nmultiplies: \d+ together, 95%"),
        ("AlexNet in two groups", "grouped =", r"two groups of the paper: 60965224 parameters"),
    ],
    "12_norm_and_attention": [
        ("mean, variance and x̂", "def normalise(",
         r"mean 3\.0 variance 2\.5\nx̂ = \[-1\.264911 -0\.632456 +0\.632456 +1\.264911\]"),
        ("the norm's gradient, and its two sums", "standard = normalise(",
         r"\[ *0\.885438 -0\.505964 -2\.023858 +1\.644384\]\nΣ dx += 0\.0\nΣ dx · x̂ += 0\.0"),
        ("γ and β, in a graph of nine gates", "bp.Stepper(lambda x, gamma, beta",
         r"(?s)gamma  input .* 0\.63\nbeta   input .* 2\.00\n(v\d .*\n){6}"),
        ("mean and variance as constants", "ways = {",
         r"measured +\[ 0\.8854 -0\.506  -2\.0239  1\.6444\] .*\nin one line +\[ 0\.8854 .*\n.*sum  2\.5298"),
        ("alone in a batch", "for sample in (", r"(→ \[1\. 1\. 1\.\]\n?.*){2}"),
        ("running means", "loc=[5.0",
         r"running mean \[ 5\.1 -3\.  +0\. +\] running variance \[4\. 1\. 0\.\]"),
        ("weights of any size", "def ten_layers(", r"False: .* 0\.[12]\d\n.*True : .* 0\.[89]\d"),
        ("the other axis", "on_its_side", r"on its side: True"),
        ("depth 50", "def fifty_layers(", r"Sequential .*e-1[56].* 0\.10\nResidual .*e\+01 .* 0\.[89]\d"),
        ("the same mask", "layer, entries =", r"forth (.*)\nback  \1\n"),
        ("attention backward", "def attend_back(",
         r"(?s)dQ agrees .*True\ndK agrees .*True\ndV agrees .*True"),
        ("√d left out on the way back", "diagonal = A", r"right +\[0\. 0\. 0\.\](?s:.*)1\.4142\n"),
        ("−∞, and zeros", "sees = np.tri", r"∞ before softmax\n \[\[1\. +0\. +0\. +\](?s:.*)\[\[0\.787 "
         r"(?s:.*)\[\[0\.705"),
        ("scatter-add", "obvious[index]", r"(?s)\[10\.0, 20\.0\].*\[11\.0, 22\.0\].*\[11\.0, 22\.0\]"),
        ("it learns to sort", "pictures = {}",
         r"(?s)step 1000: (0\.9[89]|1\.00) .*go looks at 0.*0 looks at 2.*2 looks at 4.*"
         r"4 looks at 7.*7 looks at 9"),
        ("it sorts alone", "def sort_with(", r"→ 0 2 4 7 9\n(0\.9[5-9]|1\.00) of 500"),
    ],
}  # fmt: skip

ROWS = [
    pytest.param(lesson, source, pattern, id=f"{lesson[:2]}-{what}")
    for lesson, rows in NUMBERS.items()
    for what, source, pattern in rows
]


def test_no_lesson_is_left_out():
    there = {path.stem for path in LESSONS.glob("[0-9]*.ipynb")}
    assert set(NUMBERS) == there, "each lesson has its rows in NUMBERS: the numbers that it promises"


@pytest.mark.parametrize(("lesson", "source", "pattern"), ROWS)
def test_a_number_of_the_course_stands_in_an_executed_cell(lesson, source, pattern):
    shown = output_of(lesson, source)
    assert re.search(pattern, shown), shown


def test_the_transpose_that_is_left_out_gives_other_numbers_of_the_same_shape():
    measured, bp2, wrong, _ = re.findall(r"\[(.*), (.*)\]", output_of("06_mlp_bp1_bp4", "without the .T"))
    assert [float(x) for x in measured] == pytest.approx([float(x) for x in bp2], abs=1e-5)
    assert all(float(x) * float(y) < 0 for x, y in zip(measured, wrong, strict=True))
