"""How a picture writes numbers, arrays, names and gates: the one formatter of bplib.draw."""

import math
import re
import unicodedata

MINUS, NOT_COMPUTED = "\N{MINUS SIGN}", "\N{EN DASH}"
MOST_NODES = 200
_INFIX = {"+", MINUS, "×", "÷"}
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def as_dict(trace):
    return trace if isinstance(trace, dict) else trace.to_dict()


def too_large(trace):
    """Why this graph is not shown, or None."""
    count = len(trace["nodes"])
    if count <= MOST_NODES:
        return None
    return (
        f"A graph of {count} nodes: a picture or table has room for {MOST_NODES}. "
        "Show a smaller part, or look up trace.value and trace.gradient by name."
    )


def number(x):
    """Two decimals where they say enough, more for small numbers, e-notation for tiny and huge ones."""
    if x is None:
        return NOT_COMPUTED
    if not math.isfinite(x):
        return "nan" if math.isnan(x) else "∞" if x > 0 else MINUS + "∞"
    size = abs(x)
    if size >= 1e5 or 0 < size < 0.01:
        return _tidy_exponent(f"{x:.1e}")
    return f"{x + 0.0:.{3 if 0 < size < 0.1 else 2}f}".replace("-", MINUS)


def writer(table):
    """How the numbers of a table are written: without decimals where all of them are whole."""
    whole = all(float(x).is_integer() for row in table for x in row)
    return (lambda x: number(x).removesuffix(".00")) if whole else number


def brief(x):
    """A constant inside a gate: 2, 0.5, −1, 1e−7."""
    return _tidy_exponent(f"{x + 0.0:.4g}") if math.isfinite(x) else number(x)


def _tidy_exponent(text):
    return re.sub(r"e\+?(-?)0*", r"e\1", text).replace("-", MINUS)


def contents(value, most=4):
    """A number; an array by its shape, followed by its entries when there are at most `most`."""
    shape, text = _shape(value), shape_of(value)
    if not shape:
        return number(value)
    return f"{text} {_entries(value, len(shape))}" if 0 < math.prod(shape) <= most else text


def grid(value, most=4):
    """The rows of texts that stand for an array with one or two axes, a vector in one row; None for all else.

    Of more than ``most`` rows or columns the first are shown, and dots.
    """
    shape = _shape(value)
    if len(shape) not in (1, 2) or 0 in shape:
        return None
    rows = value if len(shape) == 2 else [value]
    text = writer(rows)
    return _cut([_cut([text(x) for x in row], most, "…") for row in rows], most, ["…"] * min(shape[-1], most))


def _cut(items, most, dots):
    return items if len(items) <= most else [*items[: most - 1], dots]


def spoken(value):
    """All that a picture shows of a value: a number, or a shape and the entries of its grid."""
    rows = grid(value)
    return f"{shape_of(value)} {'; '.join(map(' '.join, rows))}" if rows else contents(value)


def shape_of(value):
    """(2, 3), and (3,) with Python's comma; nothing for a number."""
    shape = _shape(value)
    return f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})" if shape else ""


def _shape(value):
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    return shape


def _entries(value, depth):
    if depth == 0:
        return number(value)
    return ("; " if depth > 1 else " ").join(_entries(part, depth - 1) for part in value)


def short(name, most=16):
    return name if len(name) <= most else name[: most - 1] + "…"


def width(text, size):
    """A generous estimate in pixels: no font is at hand when the picture is laid out."""
    return size * sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in text)


def value_label(node):
    """The text above the line that leaves a node, led by the name that a student gave to a gate."""
    text, name = contents(node["value"]), name_of(node)
    return f"{name} = {text}" if name else text


def name_of(node):
    """The name that a student gave to a gate."""
    return short(node["name"]) if node["kind"] == "gate" and not re.fullmatch(r"v\d+", node["name"]) else ""


def gradient_label(node):
    return contents(node["gradient"])


def is_plain_number(node):
    return node["kind"] == "constant" and not node["shape"]


def is_fork(node):
    """A copy gate of a trace in full detail: all its lines leave the box, none of them carries the sum."""
    return node["gate"] == "Fork"


def drawn_slots(node, nodes):
    """The operands that get a line. A plain number beside another operand is written in the gate instead."""
    lines = [slot for slot, i in enumerate(node["inputs"]) if not is_plain_number(nodes[i])]
    return lines or list(range(len(node["inputs"])))


def box_label(node, nodes):
    """What stands in a box: a name, or a gate with its constants: +, exp, ×2, 1−, max(0, ·)."""
    if node["kind"] != "gate":
        return short(node["name"])
    if node["gate"] == "Power":
        return _power(node["parameters"]["exponent"])
    symbol, slots = node["symbol"] or node["gate"], drawn_slots(node, nodes)
    if len(slots) == len(node["inputs"]):
        return short(symbol)
    operands = ["·" if s in slots else brief(nodes[i]["value"]) for s, i in enumerate(node["inputs"])]
    if symbol in _INFIX and len(operands) == 2:
        return symbol.join("" if x == "·" else f"({x})" if x.startswith(MINUS) else x for x in operands)
    return f"{short(symbol)}({', '.join(operands)})"


def _power(exponent):
    if float(exponent).is_integer() and abs(exponent) < 100:
        return "x" + str(int(exponent)).translate(_SUPERSCRIPT)
    return f"x^{brief(exponent)}"


def sent_label(node, slot):
    """The gradient that a gate sends to one of its operands."""
    return contents(node["downstream"][slot])
