"""A student's process is watched for what a task bans; here the watch cannot be set aside.

A profile function of the student's, or cProfile, works beside the watch and never in its place. Every thread
is watched, however it begins, and every forked child, which writes what it uses on a page that its parent
reads. Another program cannot be watched: that one was started is noted, and so is a change to the watch.
"""

import _thread
import cProfile
import os
import sys
import threading
from contextlib import contextmanager, suppress
from mmap import mmap

from ...course import watch

PROGRAMS = {
    "subprocess.Popen",
    "os.posix_spawn",
    "os.exec",
    "os.system",
}  # as Python's audit events are called
PAGE = 4096
set_profile, set_in_threads, begin_thread = sys.setprofile, threading.setprofile, _thread.start_new_thread
enable, disable = cProfile.Profile.enable, cProfile.Profile.disable


def keep_watch():
    """From now on, for all that runs in this process and in its children."""
    sys.setprofile = beside_the_watch
    _thread.start_new_thread = _thread.start_new = start_watched
    cProfile.Profile.enable, cProfile.Profile.disable = enable_beside, disable_beside
    set_in_threads(in_a_thread)
    threading.setprofile = only_the_watch
    sys.addaudithook(overhear)
    page = mmap(-1, PAGE)
    os.register_at_fork(after_in_child=lambda: tell_parent(page))
    return page, parts()


@contextmanager
def watched(kept, what):
    """A watch for these bans, that has seen what children did too. kept: what keep_watch has returned."""
    page, as_it_was = kept
    with watch.watching(**what) as seen:
        try:
            yield seen
        finally:
            seen.used.update(filter(None, page[:].rstrip(b"\0").decode(errors="replace").split("\n")))
            page[:] = bytes(PAGE)
            if parts() != as_it_was:
                seen.used.add(watch.__name__)


def parts():
    """What the watch is made of: it differs as soon as somebody puts another thing in the place of one."""
    places = vars(watch), vars(watch._Watch)
    things = [[*map(id, place.values())] for place in places]
    return [*map(list, places), *things, [id(function.__code__) for function in FUNCTIONS]]


PARTS = (*vars(watch).values(), *vars(watch._Watch).values())  # held: nothing else can come to have their ids
FUNCTIONS = [part for part in PARTS if hasattr(part, "__code__")]


def beside_the_watch(function):
    """sys.setprofile, which leaves the watch where it is."""
    ours = function is in_a_thread or sys._getframe(1).f_code is OF_THE_WATCH
    if ours or not watch._open or function is watch._open[-1].look:
        set_profile(function)
    else:
        watch._open[-1].other = function and harmless(function)


def harmless(function):
    """The same profile function, but an error in it does not end the watch."""

    def call(*event):
        with suppress(Exception):
            function(*event)

    return call


OF_THE_WATCH = watch._Watch.profiling.__wrapped__.__code__


def only_the_watch(function):
    """threading.setprofile: nobody else takes its place in threads."""
    if sys._getframe(1).f_code is OF_THE_WATCH:
        set_in_threads(function)


def enable_beside(profiler, *options, **named):
    """Of cProfile, which takes the place of any other: while a watch is open it times next to nothing."""
    look = sys.getprofile()
    enable(profiler, *options, **named)
    if watch._open:
        disable(profiler)
        set_profile(look)


def disable_beside(profiler):
    if not watch._open:
        disable(profiler)


def start_watched(function, arguments, named=None):
    """_thread.start_new_thread, which knows nothing of threading's profile functions."""

    def run():
        set_profile(in_a_thread)
        function(*arguments, **(named or {}))

    return begin_thread(run, ())


def in_a_thread(frame, event, arg):
    """The profile function of threads: what is watched for may change while they live."""
    if watch._open and (look := watch._open[-1].look):
        look(frame, event, arg)


def overhear(event, arguments):
    if event in PROGRAMS and watch._open:
        watch._open[-1].seen.used.add(event)


def tell_parent(page):
    for each in watch._open:
        each.seen.used = OnPage(page, each.seen.used)


class OnPage(set):
    """What a child has used, written down where its parent sees it."""

    def __init__(self, page, used):
        super().__init__(used)
        self.page = page

    def add(self, name):
        super().add(name)
        text = "\n".join(sorted(self)).encode()[:PAGE]
        self.page[: len(text)] = text
