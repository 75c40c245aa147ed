"""Traces written by hand, from the numbers of the course: what pictures are tested with."""

from collections import Counter


def leaf(name, value, gradient=None, kind="input", shape=()):
    return _node(name, kind, value=value, gradient=gradient, shape=shape)


def gate(name, symbol, inputs, value, gradient=None, sends=None, rule="", shape=(), **parameters):
    sends = [None] * len(inputs) if sends is None else sends
    return _node(name, "gate", rule or symbol, symbol, parameters, inputs, shape, value, gradient, sends)


def _node(
    name, kind, rule="", symbol="", parameters=None, inputs=(), shape=(), value=None, gradient=None, sends=()
):
    return {
        "name": name,
        "kind": kind,
        "gate": rule,
        "symbol": symbol,
        "parameters": parameters or {},
        "inputs": list(inputs),
        "shape": list(shape),
        "value": value,
        "gradient": gradient,
        "local": None,
        "downstream": list(sends),
    }


def trace(*nodes):
    return {"version": 1, "output": len(nodes) - 1, "nodes": list(nodes), "steps": []}


def number(name, value):
    return leaf(name, value, kind="constant")


PRODUCT = trace(
    leaf("x", -2.0, -4.0),
    leaf("y", 5.0, -4.0),
    leaf("z", -4.0, 3.0),
    gate("q", "+", [0, 1], 3.0, -4.0, [-4.0, -4.0], rule="Add"),
    gate("f", "×", [3, 2], -12.0, 1.0, [-4.0, 3.0], rule="Multiply"),
)

SHOP = trace(
    leaf("apple", 100.0, 2.2),
    leaf("apples", 2.0, 110.0),
    gate("v1", "×", [0, 1], 200.0, 1.1, [2.2, 110.0]),
    leaf("orange", 150.0, 3.3),
    leaf("oranges", 3.0, 165.0),
    gate("v2", "×", [3, 4], 450.0, 1.1, [3.3, 165.0]),
    gate("v3", "+", [2, 5], 650.0, 1.1, [1.1, 1.1]),
    leaf("tax", 1.1, 650.0),
    gate("total", "×", [6, 7], 715.0, 1.0, [1.1, 650.0]),
)

NEURON = trace(
    leaf("w0", 2.0, -0.196612),
    leaf("x0", -1.0, 0.393224),
    gate("v1", "×", [0, 1], -2.0, 0.196612, [-0.196612, 0.393224]),
    leaf("w1", -3.0, -0.393224),
    leaf("x1", -2.0, -0.589836),
    gate("v2", "×", [3, 4], 6.0, 0.196612, [-0.393224, -0.589836]),
    gate("v3", "+", [2, 5], 4.0, 0.196612, [0.196612, 0.196612]),
    leaf("w2", -3.0, 0.196612),
    gate("v4", "+", [6, 7], 1.0, 0.196612, [0.196612, 0.196612]),
    number("c1", -1.0),
    gate("v5", "×", [8, 9], -1.0, -0.196612, [0.196612, -0.196612]),
    gate("v6", "exp", [10], 0.367879, -0.534447, [-0.196612]),
    number("c2", 1.0),
    gate("v7", "+", [11, 12], 1.367879, -0.534447, [-0.534447, -0.534447]),
    gate("y", "1/x", [13], 0.731059, 1.0, [-0.534447]),
)

CIRCUIT = trace(
    number("c1", 2.0),
    leaf("x", 3.0, -8.0),
    leaf("y", -4.0, 6.0),
    gate("v1", "×", [1, 2], -12.0, 2.0, [-8.0, 6.0]),
    leaf("z", 2.0, 2.0),
    leaf("w", -1.0, 0.0),
    gate("v2", "max", [4, 5], 2.0, 2.0, [2.0, 0.0]),
    gate("v3", "+", [3, 6], -10.0, 2.0, [2.0, 2.0]),
    gate("f", "×", [0, 7], -20.0, 1.0, [-10.0, 2.0]),
)

DIAMOND = trace(
    leaf("x", 1.0, 9.0),
    number("c1", 2.0),
    gate("a", "×", [0, 1], 2.0, 4.0, [8.0, 4.0]),
    gate("b", "x²", [2], 4.0, 1.0, [4.0]),
    gate("f", "+", [3, 0], 5.0, 1.0, [1.0, 1.0]),
)

SQUARE = trace(leaf("x", 3.0, 6.0), gate("f", "×", [0, 0], 9.0, 1.0, [3.0, 3.0]))

STAGED = trace(
    leaf("x", 3.0, 2.06),
    leaf("y", -4.0, 1.59),
    gate("sigy", "σ", [1], 0.018, 0.51, [0.009]),
    gate("num", "+", [0, 2], 3.018, 0.51, [0.51, 0.51]),
    gate("sigx", "σ", [0], 0.953, -0.79, [-0.036]),
    gate("xpy", "+", [0, 1], -1.0, 1.58, [1.58, 1.58]),
    gate("xpysqr", "xⁿ", [5], 1.0, -0.79, [1.58], rule="Power", exponent=2.0),
    gate("den", "+", [4, 6], 1.953, -0.79, [-0.79, -0.79]),
    gate("invden", "1/x", [7], 0.512, 3.02, [-0.79]),
    gate("f", "×", [3, 8], 1.546, 1.0, [0.512, 3.018]),
)

BRANCH_IN_DETAIL = trace(
    leaf("a", 2.0, 2.0),
    leaf("b", 1.0, 5.0),
    gate("copy of b", "copy", [1], 1.0, 5.0, [5.0], rule="Fork"),
    gate("c", "+", [0, 2], 3.0, 2.0, [2.0, 2.0]),
    number("c1", 1.0),
    gate("d", "+", [2, 4], 2.0, 3.0, [3.0, 3.0]),
    gate("e", "×", [3, 5], 6.0, 1.0, [2.0, 3.0]),
)

PLANAR = {
    "product": PRODUCT,
    "shop": SHOP,
    "neuron": NEURON,
    "circuit": CIRCUIT,
    "diamond": DIAMOND,
    "square": SQUARE,
    "branch in detail": BRANCH_IN_DETAIL,
}


def with_copies(folded):
    """A copy gate behind every node that has several users."""
    users = Counter(i for node in folded["nodes"] for i in node["inputs"])
    nodes, place = [], {}
    for i, node in enumerate(folded["nodes"]):
        nodes.append(node | {"inputs": [place[j] for j in node["inputs"]]})
        if users[i] > 1:
            name = f"copy of {node['name']}"
            sum_ = node["gradient"]
            nodes.append(gate(name, "copy", [len(nodes) - 1], node["value"], sum_, [sum_], rule="Fork"))
        place[i] = len(nodes) - 1
    return trace(*nodes)


def chain(length):
    """x, then one exp after another."""
    return trace(leaf("x", 1.0), *(gate(f"v{i}", "exp", [i - 1], 1.0) for i in range(1, length)))


def woven(rng, inputs=5, gates=20):
    """A random graph of one- and two-operand gates, with shared nodes and long lines."""
    nodes = [leaf(f"x{i}", rng.uniform(-9, 9), rng.uniform(-9, 9)) for i in range(inputs)]
    while len(nodes) < inputs + gates:
        operands = [
            rng.randrange(max(0, len(nodes) - 8), len(nodes)) for _ in range(rng.choice((1, 2, 2, 3)))
        ]
        sends = [rng.uniform(-9, 9) for _ in operands]
        nodes.append(gate(f"v{len(nodes)}", "×", operands, rng.uniform(-9, 9), rng.uniform(-9, 9), sends))
    return trace(*nodes)
