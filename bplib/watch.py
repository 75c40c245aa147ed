"""What a call of a student's function did besides returning: banned code that it used, memory, calls.

Whoever judges an answer opens a watch, and the verdict follows from what was Seen. Where the student's code
runs in a process of its own, that process watches for what is `wanted` here, and what it saw is noted here.
A watch looks at what runs: another name, a subclass or a partial makes no difference.
"""

import inspect
import os
import pkgutil
import sys
import sysconfig
import tracemalloc
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from types import FunctionType, MethodType, ModuleType

from .errors import InputError

SWITCHED_OFF = "sys.setprofile"  # used like a ban: nobody can say what ran after it
_open = []  # watches, the innermost last


@dataclass
class Seen:
    """What was seen, as plain data.

    used     what is banned and was used, by dotted name, such as "bplib.layers.Affine"
    peak     bytes of memory at the peak, when memory was watched
    calls    how often the one of the student's functions ran that ran most, when anything was banned
    """

    used: set = field(default_factory=set)
    peak: int = 0
    calls: int = 0

    def plain(self):
        return {"used": sorted(self.used), "peak": self.peak, "calls": self.calls}


@contextmanager
def watching(bans=(), memory=False, *, asker=""):
    """A Seen of what happens inside the with; what an outer watch bans is watched for as well.

    bans      dotted names of functions, classes, objects or whole modules. A use of one counts when student's
              code asked for it: when that is what comes first on the way out, past the code of libraries
    memory    whether to measure it, which takes time
    asker     the file of the question, which itself may use anything
    Raises InputError for a ban that is not there, or whose code nobody could see run.
    """
    watch = _Watch(bans, memory, asker, sys._getframe(2))
    _open.append(watch)
    try:
        with watch.profiling(), watch.measuring():
            yield watch.seen
    finally:
        _open.remove(watch)
        note({"used": watch.seen.used})


def wanted():
    """The arguments of the innermost open watch, for a watch in another process; None when none is open."""
    if not _open:
        return None
    return {"bans": list(_open[-1].bans), "memory": _open[-1].memory, "asker": _open[-1].asker}


def note(seen):
    """Add what another process has seen, the plain() of its Seen, to the innermost open watch."""
    if _open:
        _open[-1].add(**seen)


def look_at(*answers):
    """Note in the innermost open watch which answers are banned code themselves, or inherit it."""
    for answer in answers:
        for thing in _made_of(answer):
            if _open[-1].meet(thing):
                break


class _Watch:
    """An open watch, and the profile function that fills its Seen."""

    def __init__(self, bans, memory, asker, opener):
        outer = _open[-1] if _open else None
        self.bans = dict.fromkeys((*bans, *(outer.bans if outer else ())))
        self.bans.update((name, _Ban(name)) for name in self.bans)
        self.asker = asker or (outer.asker if outer else "")
        self.memory, self.opener, self.seen = memory, opener, Seen()
        self.kinds, self.codes, self.runs, self.look = {}, [], Counter(), None

    @contextmanager
    def profiling(self):
        if not self.bans:
            yield
            return
        before = sys.getprofile()
        before = before if callable(before) else None  # that of cProfile is no function, and cannot be set
        self.look = self.profile(None if before in [watch.look for watch in _open] else before)
        sys.setprofile(self.look)
        full = False
        try:
            yield
        except RecursionError:
            full = True  # then Python itself takes the profile function off
            raise
        finally:
            if sys.getprofile() is not self.look and not full:
                self.seen.used.add(SWITCHED_OFF)
            sys.setprofile(before)
            self.add(calls=max(self.runs.values(), default=0))

    def profile(self, other):
        """The profile function: called for everything that runs, it looks no further than it must."""
        kinds, unknown = self.kinds, object()

        def look(frame, event, arg):
            if other:
                other(frame, event, arg)
            if event == "call":
                kind = kinds.get(id(frame.f_code), unknown)
                if kind is _STUDENTS or (kind and kind is not kinds.get(id(frame.f_back.f_code))):
                    self.ran(frame)

        return look

    @contextmanager
    def measuring(self):
        """A peak that another process has noted stays: the code ran there."""
        if not self.memory:
            yield
            return
        ours = not tracemalloc.is_tracing()
        tracemalloc.start() if ours else tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        try:
            yield
        finally:
            _, peak = tracemalloc.get_traced_memory()
            self.seen.peak = self.seen.peak or max(0, peak - before)
            if ours:
                tracemalloc.stop()

    def add(self, used=(), peak=0, calls=0):
        bans = (*self.bans, SWITCHED_OFF)
        self.seen.used.update(name for name in used if any(f"{name}.".startswith(f"{b}.") for b in bans))
        self.seen.peak, self.seen.calls = max(self.seen.peak, peak), max(self.seen.calls, calls)

    def meet(self, thing):
        """Note a function or a class, if it is banned; say whether it is."""
        ban = next(filter(None, map(self.ban_of, _own_code(thing))), None)
        if ban:
            self.seen.used.add(_dotted(thing.__module__, thing.__qualname__) if ban.place else ban.name)
        return bool(ban)

    def ran(self, frame):
        kind = self.kind(frame.f_code)
        if kind is _STUDENTS:
            self.runs[id(frame.f_code)] += 1
        elif kind and self.is_for_the_student(frame):
            self.seen.used.add(_what_runs(frame) if kind.place else kind.name)

    def kind(self, code):
        """The _Ban that code falls under, _STUDENTS for a function of the student's, or None."""
        if id(code) not in self.kinds:
            self.kinds[id(code)] = self._kind(code)
            self.codes.append(code)  # kept, so that no other code gets its id
        return self.kinds[id(code)]

    def _kind(self, code):
        if ban := next((ban for ban in self.bans.values() if ban.covers(code)), None):
            return ban
        others = code.co_filename == self.asker or _in_a_library(code.co_filename)
        return None if others or code.co_flags & inspect.CO_GENERATOR else _STUDENTS

    def ban_of(self, code):
        kind = self.kind(code)
        return None if kind is _STUDENTS else kind

    def is_for_the_student(self, frame):
        """Whether student's code asked for it; where only libraries did, the answer itself is one of them.

        What a banned module does inside belongs to the call that entered it, which has been looked at.
        """
        entered = frame
        while frame and frame.f_code.co_filename != self.asker:
            if frame is self.opener or not _in_a_library(frame.f_code.co_filename):
                return True
            if frame is not entered and (ban := self.ban_of(frame.f_code)) and ban.place:
                return False
            frame = frame.f_back
        return False


_STUDENTS = object()


def is_known(name):
    """Whether there is something of this dotted name that can be watched for."""
    try:
        return bool(_Ban(name))
    except InputError:
        return False


class _Ban:
    """A dotted name, and the code behind it: place is the file of a module, or the folder of a package."""

    def __init__(self, name):
        self.name, self.place, self.codes = name, *_code_behind(name)

    def covers(self, code):
        return id(code) in self.codes or (bool(self.place) and code.co_filename.startswith(self.place))


@cache
def _code_behind(name):
    """(place, {}) of a module, or ("", {id of its code: its code}) of anything else."""
    try:
        thing = pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError):
        raise InputError(f"{name} cannot be banned: there is nothing of this name") from None
    if isinstance(thing, ModuleType) and thing.__file__:
        return thing.__file__.removesuffix("__init__.py"), {}
    codes = {id(code): code for code in _own_code(next(_made_of(thing)))}
    if not codes:
        raise InputError(f"{name} cannot be banned: it is not written in Python, so nobody sees it run")
    return "", codes


def _made_of(thing):
    """The functions and classes that run when thing is used: a function, a class, or an object."""
    while isinstance(thing, partial):
        thing = thing.func
    if isinstance(thing, MethodType):
        yield from _made_of(thing.__self__)
        thing = thing.__func__
    with suppress(ValueError):  # a function may say of itself that it wraps itself
        thing = inspect.unwrap(thing)
    if isinstance(thing, FunctionType):
        yield thing
    else:
        kind = type(thing)  # and not what it says of itself: a stand-in for a class is none
        yield from (thing if issubclass(kind, type) else kind).__mro__


def _own_code(thing):
    """The code of a function, or of all methods that a class writes itself."""
    members = vars(thing).values() if isinstance(thing, type) else (thing,)
    for member in members:
        for function in (member, getattr(member, "__func__", None), getattr(member, "fget", None)):
            if isinstance(function, FunctionType):
                yield function.__code__


def _what_runs(frame):
    """The dotted name of a function of a library, or of the class whose method runs."""
    code, module = frame.f_code, frame.f_globals["__name__"]
    _, *inner = code.co_qualname.split(".")
    if inner and "<locals>" not in inner and code.co_argcount:  # a method: a subclass says more than its base
        for cls in type(frame.f_locals[code.co_varnames[0]]).__mro__:
            if cls.__module__.split(".")[0] == module.split(".")[0]:
                return _dotted(cls.__module__, cls.__qualname__)
    return _dotted(module, code.co_qualname)


def _dotted(module, qualname):
    """What stands at the top of a module, by its dotted name; of what is private there, only the module."""
    name = qualname.split(".")[0]
    return module if name.startswith("_") else f"{module}.{name}"


@cache
def _in_a_library(file):
    """Whether a file belongs to Python, to an installed package or to bplib, and not to a student."""
    return file.startswith(_LIBRARIES) or any(
        f"{os.sep}{name}-packages{os.sep}" in file for name in ("site", "dist")
    )


_LIBRARIES = (
    "<frozen",
    "<string>",  # what dataclasses write; an exec of a student's is still called by the student's cell
    *{sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")},
    os.path.dirname(__file__) + os.sep,
)
