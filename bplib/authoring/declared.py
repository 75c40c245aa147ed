"""Which mistakes a question can name: read from its lines, so that no answer has to be run for it.

A question declares a mistake by writing it down: as ``Mistake("name", "advice", …)``, or as a pair
``_NAME = "name", "a sentence of advice"`` at the top of its module. What it refers to belongs to it: helpers,
tables and other questions, in its own module or in another one of bplib/course/questions.
"""

import ast
import importlib
import inspect
import pkgutil
import re
from functools import cache

from .. import check
from ..course.exercise import Question


def declared(*asked):
    """The names of the mistakes that Questions declare, with their ways to an answer that does not count.

    What a test cell asks about besides, such as a tuple of sizes, declares nothing.
    """
    questions = [each for each in asked if isinstance(each, Question)]
    names, met = {name for each in questions for name in each.tells}, set()
    ahead = [(each.__module__, each.__name__) for each in questions]
    while ahead:
        module, name = place = ahead.pop()
        if place not in met:
            met.add(place)
            lines = _top_of(module).get(name, ())
            names.update(_written_in(lines))
            ahead += _referred_to(lines, module)
    return names


def in_cells(assignment):
    """{test cell: the names of the mistakes that the questions in it declare}."""
    ask = importlib.import_module(f"bplib.course.questions.{assignment.name}")
    cells = {cell.id: re.findall(r"ask\.(\w+)", cell.source) for cell in assignment.notebook.cells}
    return {test: declared(*(getattr(ask, name) for name in cells[test])) for test in assignment.points}


@cache
def known_to_the_checks():
    """The names that checks and questions give to mistakes, whoever asks, among other words of theirs."""
    modules = [f"{check.__name__}.{each.name}" for each in pkgutil.iter_modules(check.__path__)]
    modules.append("bplib.course.exercise")
    constants = (node for module in modules for node in ast.walk(_tree_of(module)))
    names = (each.value for each in constants if isinstance(each, ast.Constant))
    return {name for name in names if isinstance(name, str)}


def _tree_of(module):
    return ast.parse(inspect.getsource(importlib.import_module(module)))


@cache
def _top_of(module):
    """{name: its lines, as syntax trees} of all that stands at the top of a module."""
    top = {}
    for node in _tree_of(module).body:
        if isinstance(node, ast.FunctionDef):
            top[node.name] = [node.args, *node.body]  # without what decorates it
        elif isinstance(node, ast.ClassDef):
            top[node.name] = [node]
        elif isinstance(node, ast.Assign):
            top |= {name: [node] for name in _stored([node])}
        elif isinstance(node, ast.ImportFrom) and node.level == 1:  # from another module of questions
            top |= {name.asname or name.name: [ast.ImportFrom(node.module, [name])] for name in node.names}
    return top


def _written_in(lines):
    """The names of mistakes that stand in these lines themselves."""
    for node in _all_of(lines):
        match node:
            case ast.Call(func=ast.Name("Mistake"), args=[ast.Constant(str(name)), *_]):
                yield name
    for node in lines:
        match node:
            case ast.Assign(value=ast.Tuple([ast.Constant(str(name)), ast.Constant(str(advice))])):
                if " " in advice:
                    yield name


def _referred_to(lines, module):
    """(module, name) of what these lines use that is not their own."""
    package = module.rpartition(".")[0]
    for node in _all_of(lines):
        if isinstance(node, ast.ImportFrom):
            yield from ((f"{package}.{node.module}", each.name) for each in node.names)
        elif isinstance(node, ast.Name) and node.id not in _stored(lines):
            yield module, node.id


def _stored(lines):
    """The names that these lines give to something: arguments and variables."""
    nodes = list(_all_of(lines))
    arguments = {node.arg for node in nodes if isinstance(node, ast.arg)}
    return arguments | {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _all_of(lines):
    return (node for each in lines for node in ast.walk(each))
