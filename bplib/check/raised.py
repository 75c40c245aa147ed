"""What an exception of somebody's code tells: by its class, by the object it is about, and by the step of the
code that raised it; never by its words, which any other mistake may use too."""

import ast
import builtins
import dis
import inspect
import linecache
import re
from contextlib import suppress
from pathlib import Path
from types import ModuleType

import numpy as np

from ..errors import BplibError


def mistake_of_an_error(error):
    """(name, advice) for an exception that a rule raised; empty where it tells nothing more than itself."""
    told = getattr(error, "mistake", None)  # by another process, in which its objects were at hand
    if told in {row[1:] for row in OF_AN_ERROR}:
        return told
    if isinstance(error, BplibError):
        return "", ""
    with suppress(Exception):  # whatever the objects of somebody's code do when they are looked at
        step = Step.of(error)
        for tells, name, advice in OF_AN_ERROR:
            if tells(error, step):
                return name, advice
    return "", ""


def in_plain_words(error):
    """ "raised ValueError: …", with the shapes of a matrix product as one writes them down."""
    raised, words = f"raised {type(error).__name__}", str(error)
    if isinstance(error, RecursionError):
        return f"{raised}: maximum recursion depth exceeded"  # where Python noticed it is chance
    if isinstance(error, ValueError) and (sizes := _OF_MATMUL.search(words)):
        right, left = sizes.groups()
        return f"{raised}: {factors(error)}inner sizes {left} and {right}"
    if isinstance(error, ValueError) and (dot := _OF_DOT.match(words)):
        left, right, inner, other = dot.groups()
        left, right = (shape.replace(",", ", ").replace(", )", ",)") for shape in (left, right))
        return f"{raised}: {left} @ {right}: inner sizes {inner} and {other}"
    return f"{raised}: {words}"


# How numpy says it; the words are replaced here, and nothing is concluded from them.
_OF_MATMUL = re.compile(r"matmul: .*core dimension.*\(size (\d+) is different from (\d+)\)")
_OF_DOT = re.compile(r"shapes (\(.*?\)) and (\(.*?\)) not aligned: (\d+) \(dim \d\) != (\d+) \(dim \d\)")


def factors(error):
    """ "(3, 4) @ (2, 4): ", where both factors are plain to see; else nothing."""
    with suppress(AttributeError):
        return error.factors  # told by another process, in which they were at hand
    with suppress(Exception):
        step = Step.of(error)
        if step and step.multiplies_matrices and len(step.operands) == 2:
            left, right = step.operands
            if left is not None and right is not None:
                return f"{np.shape(left)} @ {np.shape(right)}: "
    return ""


class Step:
    """The step of somebody's code that raised: its instruction, its expression, the values it names."""

    def __init__(self, frames, offset):
        self.frames = frames
        self.frame = frame = frames[-1]
        self.instruction = next(i for i in dis.get_instructions(frame.f_code) if i.offset == offset)
        self.node = self._parsed()

    @classmethod
    def of(cls, error):
        """The innermost step outside numpy; None for an error that was never raised."""
        own = [tb for tb in _tracebacks(error) if _NUMPY not in Path(tb.tb_frame.f_code.co_filename).parents]
        return cls([tb.tb_frame for tb in own], own[-1].tb_lasti) if own else None

    def _parsed(self):
        where = self.instruction.positions
        lines = linecache.getlines(self.frame.f_code.co_filename, self.frame.f_globals)
        lines = [line.encode() for line in lines[where.lineno - 1 : where.end_lineno]]
        if not lines:
            return None
        lines[-1] = lines[-1][: where.end_col_offset]
        lines[0] = lines[0][where.col_offset :]
        source = b"".join(lines).decode()
        with suppress(SyntaxError):
            return ast.parse(f"({source})", mode="eval").body
        return ast.parse(source).body[0]  # x += y is no expression

    @property
    def locals(self):
        """Local names; before Python 3.12 a comprehension had a frame of its own, within its function's."""
        inner = 2 if self.frame.f_code.co_name in _COMPREHENSIONS else 1
        return {name: value for frame in self.frames[-inner:] for name, value in frame.f_locals.items()}

    @property
    def decides(self):
        """Whether it asks whether a value is true, as if, while, and, or, not do, and max and any inside."""
        name = self.instruction.opname
        return "JUMP" in name or name in ("UNARY_NOT", "TO_BOOL") or self.function in _DECIDING

    @property
    def function(self):
        """The function that is called, where its name is plain to see."""
        return self.value(self.node.func) if isinstance(self.node, ast.Call) else None

    @property
    def target(self):
        """What is written into, where its name is plain to see."""
        if isinstance(self.node, ast.AugAssign):
            node = self.node.target
        elif self.instruction.opname.startswith("STORE_"):
            node = self.node
        else:
            out = [each.value for each in getattr(self.node, "keywords", ()) if each.arg == "out"]
            node = out[0] if out else None
        return self.value(node.value if isinstance(node, ast.Subscript) else node)

    @property
    def operands(self):
        """The values of both sides, or of the arguments; None where one is no plain name."""
        node = self.node
        if isinstance(node, ast.BinOp):
            sides = [node.left, node.right]
        elif isinstance(node, ast.AugAssign):
            sides = [node.target, node.value]
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        else:
            sides = getattr(node, "args", [])
        return [self.value(side) for side in sides]

    @property
    def multiplies_matrices(self):
        if isinstance(self.node, ast.BinOp | ast.AugAssign):
            return isinstance(self.node.op, ast.MatMult)
        if self.function in _OF_MATRICES:
            return True
        return getattr(self.function, "__name__", "") == "dot" and isinstance(
            self.function.__self__, np.ndarray
        )

    @property
    def goes_entry_by_entry(self):
        if isinstance(self.node, ast.BinOp | ast.AugAssign | ast.Compare):
            return not self.multiplies_matrices
        return isinstance(self.function, np.ufunc) and not self.multiplies_matrices

    def value(self, node):
        """What a name or an attribute stands for; None where more would have to be run to know it."""
        if isinstance(node, ast.Name):
            for names in (self.locals, self.frame.f_globals, vars(builtins)):
                if node.id in names:
                    return names[node.id]
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value)
            if isinstance(owner, ModuleType | np.ndarray):
                return getattr(owner, node.attr, None)
            return getattr(owner, "__dict__", {}).get(node.attr)
        return None


_NUMPY = Path(np.__file__).parent
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
_DECIDING = (max, min, any, all, bool, sorted)
_OF_MATRICES = (np.dot, np.matmul, np.inner, np.vdot, np.tensordot, np.einsum, np.linalg.multi_dot)


def _tracebacks(error):
    at = error.__traceback__
    while at is not None:
        yield at
        at = at.tb_next


def _is_decision(error, step):
    return isinstance(error, ValueError) and step.decides


def _is_into_read_only(error, step):
    return (
        isinstance(error, ValueError)
        and isinstance(step.target, np.ndarray)
        and not step.target.flags.writeable
    )


def _is_matrix_product(error, step):
    return isinstance(error, ValueError) and step.multiplies_matrices


def _is_broadcast(error, step):
    if isinstance(error, ValueError) and step.instruction.opname == "STORE_SUBSCR":
        return isinstance(step.target, np.ndarray)
    if not isinstance(error, ValueError) or not step.goes_entry_by_entry:
        return False
    known = [np.shape(each) for each in step.operands if each is not None]
    try:
        np.broadcast_shapes(*known)
    except ValueError:
        return True
    return len(known) < len(step.operands) and not isinstance(getattr(step.node, "op", None), ast.Pow)


def _is_cut(error, step):
    """Whether numpy refused to write numbers with decimals into whole ones."""
    to = getattr(error, "to", None)
    return isinstance(error, TypeError) and isinstance(to, np.dtype) and to.kind in "iu"


def _is_name_for_thing(error, step):
    if isinstance(error, TypeError):
        dicts = [each for each in step.locals.values() if isinstance(each, dict)]
        names = [each for each in step.operands if isinstance(each, str)]
        return any(name in each for name in names for each in dicts)
    return isinstance(error, AttributeError) and isinstance(error.obj, str)


def _is_forgotten(error, step):
    """Whether a method looked into the object that it belongs to."""
    if not isinstance(error, AttributeError) or error.obj is None:
        return False
    code = step.frame.f_code
    method = inspect.unwrap(getattr(type(error.obj), code.co_name, None))
    belongs = getattr(method, "__code__", None) is code and code.co_argcount > 0
    return belongs and step.frame.f_locals.get(code.co_varnames[0]) is error.obj


OF_AN_ERROR = (
    (_is_decision, "one decision for many entries",
     "an if decides once; an array needs a decision for each entry: np.where, or a mask"),
    (_is_into_read_only, "argument changed in place",
     "what is given to a rule belongs to the caller; work on a copy"),
    (_is_matrix_product, "shapes do not fit",
     "write the shape beside each factor: the inner sizes must be equal and the result must have the shape "
     "of the variable"),
    (_is_broadcast, "shapes do not fit",
     "write down both shapes: aligned at the right, each pair of sizes must be equal or one of them 1"),
    (_is_cut, "integer truncation",
     "an array of integers cannot hold a gradient, so make it with dtype float"),
    (_is_name_for_thing, "name for thing",
     "a loop over a dict gives its names; .values() gives what they stand for"),
    (_is_forgotten, "nothing remembered",
     "it looks in self for something that no earlier method has kept there"),
)  # fmt: skip
