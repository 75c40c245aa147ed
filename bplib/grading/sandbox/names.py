"""The names of a student's cells in a test: which it reads, and what it puts in their place.

A test may take a student's function away, or put another in its place, to see whether the student's other
functions call it; it may replace input and print, or catch what is printed. So with every call goes what
stands in the student's names now, for as long as that call lasts.
"""

import ast
import builtins
import sys
from functools import lru_cache
from importlib import import_module
from types import ModuleType

from IPython.core.inputtransformer2 import TransformerManager

from .link import Lost
from .values import numpy

MODULES = """
    numpy numpy.linalg numpy.random pandas scipy matplotlib matplotlib.pyplot math cmath random itertools
    functools collections statistics fractions decimal operator string re
""".split()  # that a student's cells may import for a test, under any name
BY_NAME = {"globals", "locals", "vars", "dir", "eval", "exec", "get_ipython", "getattr", "patch", "hasattr"}
TALKING = ("input", "print")  # what a test may replace for the time of a call; never open, which reads here


class Names:
    """What a test's names mean that only the student's cells have made.

    end          the link to the student's process
    namespace    that of the tests
    reserved     names that the instructor's cells make: they come from nobody else, even if that cell failed
    theirs       names that the instructor's own answers make, which may be those of Python's functions
    """

    def __init__(self, end, namespace, reserved, theirs=()):
        self.end, self.namespace, self.theirs = end, namespace, {*theirs}
        self.reserved, self.borrowed = {*reserved}, {}
        self.talking = {name: getattr(builtins, name) for name in TALKING}
        self.before = {*namespace}
        self.stdin = sys.stdin

    def borrow(self, source, anew=()):
        """Put a stand-in, or a value, for each of them that a test reads. What it makes itself before is its
        own, and no name of the student's: so nothing that it expects comes to stand in the student's names.

        anew    names that the student's cells may have given another meaning since the tests had one for them
        """
        for name in (*self.borrowed, *anew):
            self.namespace.pop(name, None)
        self.borrowed = {}
        known = self.namespace.keys() | (vars(builtins).keys() - self.theirs) | (self.reserved - {*anew})
        for name in sorted(names_read(source) - known - (names_made_first(source) - self.theirs)):
            try:
                found = self.end.ask("look up", name)
            except (Lost, TypeError) as problem:
                found = [Missing(problem)]
            if type(found) is list and found:
                self.namespace[name] = self.borrowed[name] = found[0]

    def replaced(self):
        """({name: what the test has put in its place}, names that it has taken away)."""
        put = {
            name: self.namespace[name]
            for name, thing in self.borrowed.items()
            if self.namespace.get(name) is not thing and name in self.namespace
        }
        for name, ours in self.talking.items():
            if getattr(builtins, name) is not ours:
                put[name] = getattr(builtins, name)
            elif name in self.namespace.keys() - self.before:
                put[name] = self.namespace[name]
        if sys.stdin is not self.stdin and "input" not in put:
            put["input"] = self.read_line
        return put, [name for name in self.borrowed if name not in self.namespace]

    def read_line(self, question=""):
        """What input() does when a test has put text into sys.stdin. A method: a function of a module would
        be looked up in the student's process, and read nothing there."""
        print(question, end="")
        if line := sys.stdin.readline():
            return line.rstrip("\n")
        raise EOFError("no line is left")


@lru_cache(1000)
def parsed(source):
    """A cell's syntax tree, magics and all; an empty one where it has none."""
    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return ast.Module([], [])


def names_read(source):
    """The names that a cell reads or deletes; where it may look for names by their text, these texts too."""
    nodes = list(ast.walk(parsed(source)))
    names = {
        node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load | ast.Del)
    }
    if BY_NAME & (names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}):
        texts = (
            node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        for text in texts:
            name = text.removeprefix("__main__.")
            names |= {name} if name.isidentifier() else names_read(text) if len(text) < len(source) else set()
    return names


def names_made_first(source):
    """The names that a cell gives a meaning before it reads them."""
    first = {}
    for name, made in in_order(parsed(source)):
        first.setdefault(name, made)
    return {name for name, made in first.items() if made}


def in_order(node):
    """Pairs (name, whether it is made there) as a cell comes to them; functions, which run later, apart."""
    if isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Store)
        return
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, False
    if isinstance(getattr(node, "name", None), str):  # of a function, a class, an error that is caught
        yield node.name, True
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for child in parts(node):
            yield from in_order(child)


EARLIER = {"generators": 0, "iter": 1, "value": 1, "target": 2, "targets": 2}  # than what is written first


def parts(node):
    """The nodes right in a node, in the order in which they run."""
    for _, part in sorted(ast.iter_fields(node), key=lambda field: EARLIER.get(field[0], 3)):
        yield from (
            each for each in (part if isinstance(part, list) else [part]) if isinstance(each, ast.AST)
        )


class Missing:
    """Stands for something that cannot be had any more: whoever uses it hears why."""

    def __init__(self, problem):
        self.__dict__["problem"] = problem

    def __call__(self, *arguments, **named):
        raise self.problem

    def __getattr__(self, name):
        raise AttributeError(name) if name.startswith("__") else self.problem


def library_name(x):
    """(module, name) under which a function or class of an installed module can be imported, or None."""
    module, name = (
        getattr(x, "__module__", None),
        getattr(x, "__qualname__", None) or getattr(x, "__name__", None),
    )
    if isinstance(x, ModuleType):
        return x.__name__, ""
    if numpy() and isinstance(x, numpy().ufunc):
        module, name = "numpy", x.__name__
    if not isinstance(module, str) or not isinstance(name, str) or module == "__main__" or "<" in name:
        return None
    found = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return (module, name) if found is x else None


def read_module(name):
    """A module that the student's cells have imported and a test uses: the checker's own of that name."""
    if name not in MODULES:
        return Missing(TypeError(f"the module {name!s:.80} cannot be used in a test"))
    return import_module(name)
