"""Mutants: a right answer with one thing changed, as a hasty hand does it, to see whether tests notice.

They are made from the syntax tree: operands exchanged or dropped, a sign turned, an axis or a transpose
forgotten, = for +=, one index further. For authors alone: what is made from answers never goes to students.
"""

import ast
import re
from typing import NamedTuple

from .rehearsal import answered, mark, run

NAMED = re.compile(r"^ {9,}(\S[^:\n]*): ", re.MULTILINE)  # below a finding, the name of a mistake


class Mutant(NamedTuple):
    """A wrong answer made by machine, and the change: "dout * y -> dout"."""

    change: str
    source: str


def mutants(source):
    """Every Mutant of a cell, each only once; what a while stands on is left alone, or it might not end."""
    tree, made = ast.parse(source), {ast.unparse(ast.parse(source))}
    for parent, field, index, node in list(_places(tree)):
        for other in _slips(node):
            _put(parent, field, index, other)
            changed = ast.unparse(ast.fix_missing_locations(tree))
            _put(parent, field, index, node)
            if changed not in made:
                made.add(changed)
                yield Mutant(f"{_short(node)} -> {_short(other)}", changed)


def _places(node):
    """(parent, field, index or None, node) of all nodes, without what a while stands on."""
    for field, value in ast.iter_fields(node):
        if isinstance(node, ast.While) and field == "test":
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not (
                isinstance(node, ast.While) and isinstance(child, ast.AugAssign)
            ):
                yield node, field, index if isinstance(value, list) else None, child
                yield from _places(child)


def _put(parent, field, index, node):
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _short(node):
    return " ".join(ast.unparse(node).split())


# ------------------------------------------------------------------------------------------------ the slips

_OTHER_FUNCTION = {
    "sum": "mean", "mean": "sum", "max": "min", "argmax": "argmin", "maximum": "minimum", "exp": "exp2",
    "log": "log2", "outer": "inner", "tanh": "sin", "zeros": "ones", "permutation": "arange",
}  # fmt: skip


def _slips(node):
    """The nodes that may stand in the place of one by a slip."""
    match node:
        case ast.BinOp():
            yield from _of_an_operation(node)
        case ast.UnaryOp(ast.USub(), operand):
            yield operand
        case ast.Attribute(value, "T"):
            yield value
        case ast.Call():
            yield from _of_a_call(node)
        case ast.Compare(left, [ast.Gt() | ast.Lt() | ast.GtE() | ast.LtE()], [right]):
            yield ast.Compare(right, node.ops, [left])
        case ast.AugAssign(target, ast.Add() | ast.Sub(), value):
            yield ast.Assign([target], value)
            yield ast.AugAssign(target, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), value)
            yield ast.Pass()
        case ast.Return(ast.Tuple([_, _, *_] as each)):
            yield ast.Return(ast.Tuple(each[::-1], ast.Load()))
        case ast.Assign([ast.Attribute(ast.Name("self"), name)], value):
            kept = ast.parse(f"getattr(self, {name!r}, None)", mode="eval").body
            yield ast.Assign(node.targets, ast.BoolOp(ast.Or(), [kept, value]))
        case ast.Subscript(value, ast.Constant(int(k)), ast.Load()):
            yield ast.Subscript(value, ast.Constant(k + 1), ast.Load())


def _of_an_operation(node):
    left, right = node.left, node.right
    yield left
    match node.op:
        case ast.Mult():
            yield from (right, ast.BinOp(left, ast.Add(), right), ast.BinOp(left, ast.Div(), right))
        case ast.MatMult():
            yield from (right, ast.BinOp(right, ast.MatMult(), left), ast.BinOp(left, ast.Mult(), right))
        case ast.Div():
            yield ast.BinOp(left, ast.Mult(), right)
        case ast.Add():
            yield from (right, ast.BinOp(left, ast.Sub(), right), ast.BinOp(left, ast.Mult(), right))
        case ast.Sub():
            yield from (ast.BinOp(left, ast.Add(), right), ast.BinOp(right, ast.Sub(), left))
        case ast.Pow():
            yield ast.BinOp(ast.Constant(2), ast.Mult(), left)


def _of_a_call(node):
    match node.func:
        case ast.Attribute(value, name) if name in _OTHER_FUNCTION:
            yield ast.Call(ast.Attribute(value, _OTHER_FUNCTION[name], ast.Load()), node.args, node.keywords)
    if len(node.args) == 2:
        yield ast.Call(node.func, node.args[::-1], node.keywords)
    for k, keyword in enumerate(node.keywords):
        before, after = node.keywords[:k], node.keywords[k + 1 :]
        yield ast.Call(node.func, node.args, [*before, *after])
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            other = ast.keyword("axis", ast.Constant(1 - keyword.value.value))
            yield ast.Call(node.func, node.args, [*before, other, *after])


# ------------------------------------------------------------------------------------- what becomes of them


class Survey(NamedTuple):
    """How many mutants of the instructor version were made, caught and named; and which got full marks."""

    made: int
    caught: int
    named: int
    survivors: tuple[str, ...]


def survey(assignment, seed=1):
    """A Survey of an assignment: each mutant of a solution cell is judged in the test cell of that task."""
    made = caught = named = 0
    survivors = []
    cells = {cell.id: cell for cell in assignment.notebook.cells if mark(cell).get("solution")}
    for test, points in assignment.points.items():
        task = test.removeprefix("test_")
        for mutant in mutants(cells[task].source):
            ran = run(answered(assignment.notebook, {task: mutant.source}), seed, [test])[test]
            made += 1
            if ran.value == points:
                survivors.append(f"{task}: {mutant.change}")
            else:
                caught += 1
                named += bool(NAMED.search(ran.stdout))
    return Survey(made, caught, named, tuple(survivors))


def excused(assignment):
    """{survivor: why it is right}, of answers/psNN/survivors.txt: lines "task: change # reason"."""
    path = assignment.answers / "survivors.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else ()
    return dict(line.split(" # ", 1) for line in lines if " # " in line)
