"""The student's end of the link: does what the checker asks. Whoever tampers with it changes only own
answers."""

import builtins
import contextlib
import inspect
import io
import operator
import os
import random
import sys
import warnings
from importlib import import_module
from itertools import islice
from threading import RLock
from types import ModuleType

from ...course.watch import is_known, look_at, wanted
from .link import Peer
from .shell import text_of
from .values import MOST, NotPlain, numpy
from .watchful import keep_watch, watched

OPERATORS = """
    add sub mul truediv floordiv mod pow matmul neg pos abs and_ or_ xor contains eq ne lt le gt ge
    iadd isub imul itruediv imatmul
""".split()
CONVERSIONS = {"float": float, "int": int, "bool": bool, "str": str, "repr": repr}


class StudentEnd(Peer):
    """Answers about the names in a namespace."""

    seen, said = None, ""  # what the last call did besides returning

    def __init__(self, connection, namespace):
        super().__init__(connection, first=1)
        self.namespace, self.from_test = namespace, {}
        self.asking, self.process, self.kept = RLock(), os.getpid(), keep_watch()
        self.readers |= {"library": read_library}
        self.actions = {
            "look up": self.look_up,
            "call": self.call,
            "get": getattr,
            "set": setattr,
            "get item": operator.getitem,
            "set item": operator.setitem,
            "length": len,
            "items": lambda thing: list(islice(iter(thing), MOST)),
            "next": next,
            "is instance": lambda thing, x: isinstance(x, thing),
            "is subclass": lambda thing, x: issubclass(x, thing),
            "source": inspect.getsourcelines,
            "array": lambda thing: numpy().asarray(thing),
            "convert": lambda thing, kind: CONVERSIONS[kind](thing),
            "operate": operate,
            "signature": signature,
        }

    def ask(self, *arguments, **options):
        """From any thread, one after the other; a copy of this process holds the same line, and must not."""
        if os.getpid() != self.process:
            raise RuntimeError("what a test hands over cannot be used in another process: use threads")
        with self.asking:
            return super().ask(*arguments, **options)

    def call(self, thing, arguments, named):
        if wanted():
            look_at(thing)
        return thing(*arguments, **dict(named))

    def look_up(self, name):
        """[] for a name that is not there, [value] for one that is."""
        return [self.namespace[name]] if name in self.namespace else []

    def write_foreign(self, x):
        if isinstance(x, ModuleType):
            return ["module", x.__name__]
        if isinstance(x, FromTest):
            return ["yours", x.number]
        return super().write_foreign(x)

    def read_theirs(self, number, about):
        return self.from_test.setdefault(number, FromTest(self, number))

    def perform(self, message):
        action, arguments, mind = self.actions[message["do"]], message["with"], message["mind"] or {}
        seed(mind.get("seeds"))
        names = message.get("names") or []
        put = dict(zip(names[::2], names[1::2], strict=True))
        with (
            quiet(mind.get("heard")) as said,
            errors_of_numpy(mind.get("errors")),
            in_place(self.namespace, put, mind.get("gone", ())),
            self.watched(mind.get("watch")) as seen,
        ):
            try:
                return action(*arguments)
            finally:
                self.seen, self.said = seen, said.text()  # last of all: calls within this call came before

    def watched(self, what):
        """Watch for what the checker asks; code that cannot be found here cannot have been used here."""
        if not what:
            return contextlib.nullcontext()
        return watched(self.kept, what | {"bans": list(filter(is_known, what["bans"]))})

    def tell(self, message, changes=True):
        if "do" not in message and self.seen is not None:
            message = message | {"seen": self.seen.plain()}
        if "do" not in message and self.said:
            message = message | {"said": self.said}
        super().tell(message, changes)

    def hear(self):
        message = super().hear()
        for number in message["gone"]:
            self.exported.pop(id(self.exports.pop(number, None)), None)
        return message

    def reply_for(self, error):
        if isinstance(error, OfTest):
            return {"error": "yours", "number": error.number}
        kinds = [[kind.__module__, kind.__qualname__] for kind in type(error).__mro__]
        return {"error": "theirs", "kinds": kinds, "text": text_of(error)[:2000], **told_by(error)}

    def error_from(self, message):
        base = getattr(builtins, message["kind"], Exception)
        if not (isinstance(base, type) and issubclass(base, Exception)):
            base = Exception
        error = type(message["kind"], (OfTest, base), {})(message["text"])
        error.number = message["number"]
        return error


def told_by(error):
    """What an error tells here, where its objects are at hand; nothing if bplib was tampered with."""
    with contextlib.suppress(Exception):
        # not at the top: it takes numpy, which most answers never need
        from ...check.raised import factors, mistake_of_an_error

        name, advice = map(str, mistake_of_an_error(error))
        return {"mistake": [name, advice], "factors": str(factors(error))[:100]}
    return {"mistake": ["", ""], "factors": ""}


class FromTest:
    """A function or an object of the test, in the student's process."""

    def __init__(self, end, number):
        self.__dict__.update(end=end, number=number)

    def __call__(self, *arguments, **named):
        return self.end.ask("call", self, arguments, tuple(named.items()))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.end.ask("get", self, name)

    def __setattr__(self, name, value):
        self.end.ask("set", self, name, value)


class OfTest:
    """Marks an error that a function of the test has raised."""

    number = None


def read_library(module, name):
    found = import_module(module)
    for part in filter(None, name.split(".")):
        found = getattr(found, part)
    return found


def operate(name, *operands):
    if name not in OPERATORS:
        raise NotPlain("an operation that is not known")
    return getattr(operator, name)(*operands)


def signature(thing):
    """[[name, kind, whether it has a default]] of the parameters."""
    parameters = inspect.signature(thing).parameters.values()
    return [[each.name, int(each.kind), each.default is not each.empty] for each in parameters]


def seed(states):
    """The test may have called np.random.seed or random.seed: what it drew on is drawn on here."""
    for name, state in (states or {}).items():
        if name == "random":
            random.setstate((state[0], tuple(state[1]), state[2]))
        elif numpy():
            kind, keys, place = state
            numpy().random.set_state((kind, numpy().frombuffer(keys, "u4"), place))


@contextlib.contextmanager
def quiet(heard=False):
    """Nothing that is printed while a test runs goes anywhere, for it could tell what a hidden test asks; but
    to the test, if it catches what is printed."""
    said = Said() if heard else Nowhere()
    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(Nowhere()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield said


class Nowhere(io.TextIOBase):
    def write(self, text):
        return len(text)

    def text(self):
        return ""


class Said(Nowhere):
    """Keeps the beginning of what is printed."""

    def __init__(self):
        self.parts, self.room = [], MOST

    def write(self, text):
        self.parts.append(text[: self.room])
        self.room -= len(self.parts[-1])
        return len(text)

    def text(self):
        return "".join(self.parts)


@contextlib.contextmanager
def in_place(namespace, put, gone):
    """What a test has put in the place of a student's names, or taken away, while its call lasts."""
    names = {*put, *gone}
    before = {name: namespace[name] for name in names & namespace.keys()}
    try:
        for name in gone:
            namespace.pop(name, None)
        namespace.update(put)
        yield
    finally:
        for name in names:
            namespace.pop(name, None)
        namespace.update(before)


def errors_of_numpy(settings):
    return numpy().errstate(**settings) if settings and "numpy" in sys.modules else contextlib.nullcontext()
