"""What a call of a student's function did besides returning: banned code that it used, memory, calls.

Whoever judges an answer opens a watch, and the verdict follows from what was Seen. Where the student's code
runs in a process of its own, that process watches for what is `wanted` here, and what it saw is noted here.
A watch looks at what runs: another name, a subclass or a partial makes no difference.
"""

import importlib
import inspect
import os
import pkgutil
import sys
import sysconfig
import threading
import tracemalloc
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from types import FunctionType, MethodType, ModuleType

from ..errors import InputError

SWITCHED_OFF = "sys.setprofile"  # used like a ban: nobody can say what ran after it
UNSEEN = (
    SWITCHED_OFF,
    "subprocess.Popen",
    "os.posix_spawn",
    "os.exec",
    "os.system",
    __name__,
)  # as are these
_open = []  # watches, the innermost last


@dataclass
class Seen:
    """What was seen, as plain data.

    used     what is banned and was used, by dotted name, such as "bplib.networks.layers.Affine"
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
            if _open[-1].note_if_banned(thing):
                break


class _Watch:
    """An open watch, and the profile function that fills its Seen."""

    def __init__(self, bans, memory, asker, opener):
        outer = _open[-1] if _open else None
        self.bans = {name: _Ban(name) for name in (*bans, *(outer.bans if outer else ()))}
        self.asker = asker or (outer.asker if outer else "")
        self.memory = memory
        self.opener = opener
        self.seen = Seen()
        self.owners, self.codes = _met(tuple(self.bans), self.asker)
        self.calls = Counter()  # of each function of the student's, by the id of its code
        self.look = None  # the profile function, as long as it is set
        self.other = None  # one of somebody else's, which goes on being called

    @contextmanager
    def profiling(self):
        if not self.bans:
            yield
            return
        before, in_threads = sys.getprofile(), threading.getprofile()
        before = before if callable(before) else None  # that of cProfile is no function, and cannot be set
        self.other = None if before in [watch.look for watch in _open] else before
        self.look = self.profile()
        sys.setprofile(self.look)
        threading.setprofile(self.look)  # in threads that begin from now on
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
            threading.setprofile(in_threads)
            self.add(calls=max(self.calls.values(), default=0))

    def profile(self):
        """The profile function: called for everything that runs, it looks no further than it must."""
        owners, not_met_yet = self.owners, object()

        def look(frame, event, arg):
            if self.other:
                self.other(frame, event, arg)
            if event != "call":
                return
            owner = owners.get(id(frame.f_code), not_met_yet)
            if owner is None:
                return
            # what a banned library does inside it, one call after the other, was told by the first of them
            if owner is _STUDENTS or owner is not owners.get(id(frame.f_back.f_code)):
                self.note_call(frame)

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
        bans = (*self.bans, *UNSEEN)
        self.seen.used.update(name for name in used if any(f"{name}.".startswith(f"{b}.") for b in bans))
        self.seen.peak, self.seen.calls = max(self.seen.peak, peak), max(self.seen.calls, calls)

    def note_if_banned(self, thing):
        """Note a function or a class, if it is banned; say whether it is."""
        ban = next(filter(None, map(self.ban_of, _own_code(thing))), None)
        if ban:
            self.seen.used.add(_dotted(thing.__module__, thing.__qualname__) if ban.place else ban.name)
        return bool(ban)

    def note_call(self, frame):
        """Count a call of the student's function; note one of banned code that the student asked for."""
        owner = self.owner_of(frame.f_code)
        if owner is _STUDENTS:
            self.calls[id(frame.f_code)] += 1
        elif owner and self.is_for_the_student(frame):
            self.seen.used.add(_what_runs(frame) if owner.place else owner.name)

    def owner_of(self, code):
        """The _Ban that code falls under, _STUDENTS for a function of the student's, or None."""
        if id(code) not in self.owners:
            self.owners[id(code)] = self._find_owner(code)
            self.codes.append(code)
        return self.owners[id(code)]

    def _find_owner(self, code):
        for ban in self.bans.values():
            if ban.covers(code):
                return ban
        if code.co_filename == self.asker or _in_a_library(code.co_filename):
            return None
        return None if code.co_flags & inspect.CO_GENERATOR else _STUDENTS

    def ban_of(self, code):
        owner = self.owner_of(code)
        return None if owner is _STUDENTS else owner

    def is_for_the_student(self, frame):
        """Whether student's code asked for it; where only libraries did, the answer itself is one of them.

        What a banned module does inside belongs to the call that entered it, which has been looked at; what
        it does while it is imported is no use of it.
        """
        entered = frame
        while frame and frame.f_code.co_filename != self.asker:
            if frame is self.opener or not _in_a_library(frame.f_code.co_filename):
                return True
            if frame.f_back and frame.f_back.f_code is _IMPORTING:
                return False
            if frame is not entered and (ban := self.ban_of(frame.f_code)) and ban.place:
                return False
            frame = frame.f_back
        return frame is None  # a thread: the student's code has started it


@cache
def _met(bans, asker):
    """What watches for the same bans know together of the code that ran: {its id: see owner_of}, and the
    codes, kept so that no other code gets the id of one of them."""
    return {}, []


_STUDENTS = object()
_IMPORTING = importlib._bootstrap._call_with_frames_removed.__code__  # what runs a module's file


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
    os.path.dirname(os.path.dirname(__file__)) + os.sep,
)
