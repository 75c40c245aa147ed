"""The checker's end of the link: a student's functions and objects, as a test sees them.

A stand-in answers every question by asking the student's process. What comes back is plain, or a stand-in
again; so no code of a student's runs here, and nothing of a test is there. A stand-in never equals
anything but another stand-in: an object that says it equals everything convinces nobody.
"""

import ast
import builtins
import contextlib
import random
import sys
from importlib import import_module
from inspect import Parameter, Signature
from time import monotonic
from types import ModuleType
from weakref import WeakValueDictionary

from IPython.core.inputtransformer2 import TransformerManager

from ... import watch
from .link import LATE, Lost, Peer, in_words
from .values import UNREADABLE, NotPlain, numpy

MODULES = """
    numpy numpy.linalg numpy.random pandas scipy matplotlib matplotlib.pyplot math cmath random itertools
    functools collections statistics fractions decimal operator string re
""".split()  # that a student's cells may import for a test, under any name
OPERATORS = {
    "__add__": "add", "__sub__": "sub", "__mul__": "mul", "__truediv__": "truediv", "__matmul__": "matmul",
    "__floordiv__": "floordiv", "__mod__": "mod", "__pow__": "pow", "__and__": "and_", "__or__": "or_",
    "__xor__": "xor", "__neg__": "neg", "__pos__": "pos", "__abs__": "abs", "__contains__": "contains",
}  # fmt: skip
COMPARISONS = {"__eq__": "eq", "__ne__": "ne", "__lt__": "lt", "__le__": "le", "__gt__": "gt", "__ge__": "ge"}


class CheckerEnd(Peer):
    """Asks the student's process.

    patience    seconds for one call
    """

    def __init__(self, connection, patience):
        super().__init__(connection, first=0, forgets=True)
        self.patience, self.lost, self.late = patience, "", False
        self.stand_ins, self.gone = WeakValueDictionary(), []
        self.raised, self.seeds, self.depth = {}, {}, 0
        self.readers |= {"module": read_module}

    def ask(self, action, *arguments):
        """What the student's process answers. Raises what its code raised, and Lost when it is gone."""
        if self.lost:
            raise Lost(self.lost)
        if not self.depth:
            self.deadline = monotonic() + self.patience
        self.depth += 1
        try:
            with unprofiled():
                return super().ask(action, *arguments, mind=self.mind())
        except Lost as problem:
            self.lost, self.late = f"your code {in_words(problem, self.patience)}", str(problem) == LATE
            raise Lost(self.lost) from None
        except NotPlain as problem:
            raise TypeError(f"your code gave something that cannot be checked: {problem}") from None
        finally:
            self.depth -= 1

    def mind(self):
        """What around a call has to be the same on the other side."""
        errors = numpy().geterr() if numpy() else None
        return {"errors": errors, "seeds": self.new_seeds(), "watch": watch.wanted()}

    def new_seeds(self):
        """The states of the global random generators, if they have moved since the last call."""
        states = {"random": random.getstate()}
        if numpy():
            kind, keys, place, *_ = numpy().random.get_state()
            states["numpy"] = kind, keys.tobytes(), place
        new = {name: state for name, state in states.items() if state != self.seeds.get(name)}
        self.seeds = states
        return {name: list(map(as_list, state)) for name, state in new.items()}

    def tell(self, message, changes=True):
        """With the numbers of things that nothing stands for any more: there they may be given up."""
        gone = self.gone.copy()
        super().tell(message | {"gone": [each for each in gone if each not in self.stand_ins]}, changes)
        del self.gone[: len(gone)]

    def done(self, message):
        with readable():
            self.note(message)
            return super().done(message)

    def note(self, message):
        if message.get("seen") and watch.wanted():
            watch.note(message["seen"])

    # things

    def write_foreign(self, x):
        if isinstance(x, StandIn):
            return ["yours", number_of(x)]
        if name := library_name(x):
            return ["library", *name]
        return super().write_foreign(x)

    def read_theirs(self, number, about):
        stand_in = self.stand_ins.get(number)
        if stand_in is None:
            name, is_class = str(about[0])[:80], about[1] is True
            stand_in = self.stand_ins[number] = kind_of_stand_in(name, is_class)(self, int(number))
        return stand_in

    def perform(self, message):
        """The student's code may call what it was given, and use attributes of objects of the test."""
        action, (thing, *arguments) = message["do"], message["with"]
        if any(thing is each for each in self.exports.values()):
            if action == "call":
                positional, named = arguments
                return thing(*positional, **dict(named))
            if action in ("get", "set") and is_open(thing, arguments[0]):
                return {"get": getattr, "set": setattr}[action](thing, *arguments)
        raise TypeError("this cannot be done with what the test has handed over")

    # errors

    def reply_for(self, error):
        number = len(self.raised)
        self.raised[number] = error
        return {"error": "callback", "number": number, "kind": type(error).__name__, "text": str(error)[:500]}

    def error_from(self, message):
        with readable():
            self.note(message)
            if message["error"] == "yours":
                return self.raised[message["number"]]
            return student_error(message["kinds"], str(message["text"])[:2000])


def is_open(thing, name):
    """Whether a student's code may look at an attribute.

    Objects of libraries stay closed: an array can write files, a path can delete them. And what can be called
    is there for that: a function of the test may know more than it tells.
    """
    if callable(thing):
        return False
    own = type(thing).__module__ == "__main__" or type(thing).__module__.startswith("bplib.questions.")
    return own and type(name) is str and not name.startswith("_")


@contextlib.contextmanager
def readable():
    """What else the student's process may have written costs that process."""
    try:
        yield
    except UNREADABLE:
        raise Lost("sent something that cannot be read") from None


def as_list(part):
    return list(part) if isinstance(part, tuple) else part


@contextlib.contextmanager
def unprofiled():
    """While the student's process works, nobody here need be watched; and a profile function takes time."""
    before = sys.getprofile()
    sys.setprofile(None)
    try:
        yield
    finally:
        sys.setprofile(before)


# ------------------------------------------------------------------------------------------------- names


def borrow(end, source, namespace, borrowed, reserved):
    """Put a stand-in, or a value, for each name that a test reads and only the student's cells have made.

    borrowed    the names that were put there before; they are looked up anew
    reserved    names that the instructor's cells make: they come from nobody else, even if that cell failed
    """
    for name in borrowed:
        namespace.pop(name, None)
    borrowed.clear()
    for name in sorted(names_read(source) - namespace.keys() - vars(builtins).keys() - {*reserved}):
        try:
            found = end.ask("look up", name)
        except (Lost, TypeError) as problem:
            found = [Missing(problem)]
        if type(found) is list and found:
            namespace[name] = found[0]
            borrowed.add(name)


def names_read(source):
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return set()
    return {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }


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


# ---------------------------------------------------------------------------------------------- stand-ins


class StandIn:
    """A function, class or object in the student's process."""

    def __init__(self, end, number):
        object.__setattr__(self, "_at", (end, number))

    def __del__(self):
        end, number = object.__getattribute__(self, "_at")
        end.gone.append(number)

    def __call__(self, *arguments, **named):
        return ask(self, "call", arguments, tuple(named.items()))

    def __getattr__(self, name):
        if name == "__signature__":
            return signature_of(ask(self, "signature"))
        if name.startswith("__") and name not in ("__name__", "__qualname__", "__doc__"):
            raise AttributeError(name)
        return ask(self, "get", name)

    def __setattr__(self, name, value):
        ask(self, "set", name, value)

    def __getitem__(self, key):
        return ask(self, "get item", key)

    def __setitem__(self, key, value):
        ask(self, "set item", key, value)

    def __len__(self):
        return ask(self, "length")

    def __iter__(self):
        return iter(ask(self, "items"))

    def __array__(self, dtype=None, copy=None):
        array = ask(self, "array")
        if not isinstance(array, numpy().ndarray):
            raise TypeError(f"{type(self).__name__} is not made of numbers")
        return array if dtype is None else array.astype(dtype)

    def __bool__(self):
        return ask(self, "convert", "bool")

    def __float__(self):
        return ask(self, "convert", "float")

    def __int__(self):
        return ask(self, "convert", "int")

    def __str__(self):
        return ask(self, "convert", "str")

    def __repr__(self):
        return ask(self, "convert", "repr")

    __hash__ = object.__hash__


class ClassStandIn(StandIn):
    """Of a class: isinstance(stand_in, type) holds."""

    @property
    def __class__(self):
        return type


def number_of(stand_in):
    return object.__getattribute__(stand_in, "_at")[1]


def ask(stand_in, action, *arguments):
    end, _ = object.__getattribute__(stand_in, "_at")
    return end.ask(action, stand_in, *arguments)


def operation(name):
    def operate(self, *others):
        end, _ = object.__getattribute__(self, "_at")
        return end.ask("operate", name, self, *others)

    return operate


def comparison(name):
    def compare(self, other):
        if not isinstance(other, StandIn):
            return NotImplemented
        end, _ = object.__getattribute__(self, "_at")
        return end.ask("operate", name, self, other)

    return compare


for method, name in OPERATORS.items():
    setattr(StandIn, method, operation(name))
for method, name in COMPARISONS.items():
    setattr(StandIn, method, comparison(name))

KINDS = {}
WITH_ERRORS = ("builtins", "numpy.exceptions", "numpy.linalg", "bplib.errors")


def kind_of_stand_in(name, is_class):
    """The class of stand-ins for things of a type of this name, so that messages name it."""
    base = ClassStandIn if is_class else StandIn
    if len(KINDS) > 1000:
        return base
    return KINDS.setdefault((name, is_class), type(name, (base,), {}))


def signature_of(parameters):
    return Signature(
        Parameter(
            name, list(type(Parameter.KEYWORD_ONLY))[kind], default=None if has_default else Parameter.empty
        )
        for name, kind, has_default in parameters
    )


# ------------------------------------------------------------------------------------------------- errors


class FromStudent:
    """Marks an error that a student's code has raised; its text is what that error said of itself."""

    text = ""

    def __str__(self):
        return self.text


def student_error(kinds, text):
    """An error of the same name, and of the nearest class that is known here."""
    name, base = str(kinds[0][1])[:80], next(filter(None, (known_error(*kind) for kind in kinds)), Exception)
    kind = type(name.split(".")[-1], (FromStudent, base), {})
    error = kind.__new__(kind)
    error.args, error.text = (text,), text
    return error


def known_error(module, name):
    found = getattr(sys.modules.get(module), name, None) if module in WITH_ERRORS else None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
