"""The checker's end of the link: a student's functions and objects, as a test sees them.

A stand-in answers every question by asking the student's process. What comes back is plain, or a stand-in
again; so no code of a student's runs here, and nothing of a test is there. A stand-in never equals
anything but another stand-in: an object that says it equals everything convinces nobody.
"""

import contextlib
import inspect
import random
import sys
from inspect import Parameter, Signature
from weakref import WeakValueDictionary

from ...course import watch
from .clock import Deadline
from .link import LATE, Lost, Peer, in_words
from .names import Names, library_name, read_module
from .operators import add_operators, end_of, may_meet
from .values import UNREADABLE, NotPlain, numpy

RUNNING = ("call", "get item", "items", "next", "operate", "convert")  # what has a student's functions run


class CheckerEnd(Peer):
    """Asks the student's process.

    patience    seconds for one call
    clock       gives the seconds that the student's process has waited for a processor
    classes     names of the classes that students are asked to write: see may_meet
    """

    def __init__(self, connection, patience, clock, namespace, reserved=(), theirs=(), classes=()):
        super().__init__(connection, first=0, forgets=True)
        self.patience, self.clock, self.lost, self.late = patience, clock, "", False
        self.stand_ins, self.gone = WeakValueDictionary(), []
        self.raised, self.seeds, self.depth, self.classes = {}, {}, 0, {*classes}
        self.readers |= {"module": read_module}
        self.names, self.screen = Names(self, namespace, reserved, theirs), sys.stdout

    def ask(self, action, *arguments):
        """What the student's process answers. Raises what its code raised, and Lost when it is gone."""
        if self.lost:
            raise Lost(self.lost)
        if not self.depth:
            self.deadline = Deadline(self.patience, self.clock)
        self.depth += 1
        try:
            with unprofiled():
                put, gone = self.names.replaced() if action in RUNNING else ({}, [])
                names = [part for name, thing in put.items() for part in (name, thing)]
                return super().ask(action, *arguments, mind=self.mind() | {"gone": gone}, names=names)
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
        heard = sys.stdout is not self.screen
        return {"errors": errors, "seeds": self.new_seeds(), "watch": watch.wanted(), "heard": heard}

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
        if message.get("said") and sys.stdout is not self.screen:
            sys.stdout.write(str(message["said"]))

    # things

    def has_come(self, x):
        return issubclass(type(x), StandIn) or super().has_come(x)

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
            error = student_error(message["kinds"], str(message["text"])[:2000])
            error.mistake = tuple(map(str, message.get("mistake", ())))
            error.factors = str(message.get("factors", ""))[:100]
            return error


def is_open(thing, name):
    """Whether a student's code may look at an attribute.

    Objects of libraries stay closed: an array can write files, a path can delete them. And what can be called
    is there for that: a function of the test may know more than it tells.
    """
    if callable(thing):
        return False
    own = type(thing).__module__ == "__main__" or type(thing).__module__.startswith("bplib.course.questions.")
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


# ---------------------------------------------------------------------------------------------- stand-ins


OPEN = ("__name__", "__qualname__", "__code__", "__defaults__", "__annotations__")
ITERATORS = ("generator", "map", "filter", "zip", "enumerate", "reversed", "count", "cycle")
OF_PYTHON = (*ITERATORS, "function", "method", "type", "builtin_function_or_method")


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
        if name.startswith("__") and name not in OPEN:
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
        return self if type(self).__name__ in ITERATORS else iter(ask(self, "items"))

    def __next__(self):
        return ask(self, "next")

    def __array__(self, dtype=None, copy=None):
        array = ask(self, "array")
        if not isinstance(array, numpy().ndarray):
            raise TypeError(f"{type(self).__name__} is not made of numbers")
        return array if dtype is None else array.astype(dtype)

    def __contains__(self, x):
        """By what it holds, as of any iterable: only an object that the task asks for is asked about x."""
        if may_meet(self, x):
            return end_of(self).ask("operate", "contains", self, x)
        return any(each is x or each == x for each in self)

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

    def __instancecheck__(self, x):
        return end_of(self).has_come(x) and ask(self, "is instance", x) is True

    def __subclasscheck__(self, x):
        return ask(self, "is subclass", x) is True


def number_of(stand_in):
    return object.__getattribute__(stand_in, "_at")[1]


def ask(stand_in, action, *arguments):
    return end_of(stand_in).ask(action, stand_in, *arguments)


add_operators(StandIn)

KINDS = {}
WITH_ERRORS = ("builtins", "numpy.exceptions", "numpy.linalg", "bplib.errors")


def kind_of_stand_in(name, is_class):
    """The class of stand-ins for things of a type of this name, so that messages name it."""
    base = ClassStandIn if is_class else StandIn
    if len(KINDS) > 1000:
        return base
    says = {"__module__": "builtins" if name in OF_PYTHON else "__main__", "__doc__": property(doc)}
    return KINDS.setdefault((name, is_class), type(name, (base,), says))


def doc(stand_in):
    return ask(stand_in, "get", "__doc__")


def source_lines(thing, ours=inspect.getsourcelines):
    """inspect.getsourcelines, of a student's function too; inspect.getsource asks it."""
    if not issubclass(type(thing), StandIn):
        return ours(thing)
    lines, first = ask(thing, "source")
    return list(map(str, lines)), first


inspect.getsourcelines = source_lines


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
