"""A process that has imported everything and forks a child for each hand-in: the child begins at once, and
clean.

    python -m bplib.grading.sandbox.server student 7 '{"preload": ["numpy"]}'

listens on the inherited socket 7. As `student` it runs inside bubblewrap and puts walls around every
child; as `checker` it runs outside and never sees a line of a student's.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from time import monotonic

from . import memory, walls
from .clock import Clock, kept_waiting
from .link import Channel, Lost
from .shell import Cells
from .values import NotPlain

READY, HERE = b"ready", b"here"
END = {"student": "bplib.grading.sandbox.student", "checker": "bplib.grading.sandbox.stand_in"}  # of the link
GROWTH = 500  # MB that tests and what is handed to them may take


def main(role, number, settings):
    control, settings = socket.socket(fileno=int(number)), json.loads(settings)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is for the grader: it ends this by closing the socket
    children = set()
    try:
        listen(role, control, settings, children)
    finally:
        if folder := settings.get("folder"):
            tidy_up(folder, children)


def listen(role, control, settings, children):
    """Answer each order and fork a child for it, until the grader ends or closes the connection."""
    if role == "student":
        walls.die_with_parent()
    cells = Cells()
    for module in (END[role], *settings.get("preload", ())):
        preload(module)
    look_up_bans()
    gc.freeze()  # what is here now is for all children: none of them need look through it
    control.sendall(READY)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # from now on nobody reads what is said there
    serve = {"student": serve_student, "checker": serve_checker}[role]
    while True:
        order, files, _, _ = socket.recv_fds(control, 65536, 4)
        if not order:
            return
        control.sendall(HERE)
        order = json.loads(order)
        if "question" in order:
            continue
        child = os.fork() if order.get("again", True) else 0
        if child == 0:
            control.close()
            try:
                serve(cells, order, *files)
            finally:
                os._exit(1)
        children.add(child)
        for each in files:
            os.close(each)
        reap(children)


def as_socket(number):
    return socket.socket(fileno=number)


def preload(module):
    """Import what the instructor's cells import. What cannot be imported will say so in its cell."""
    try:
        import_module(module)
    except Exception:
        sys.modules.pop(module, None)


def look_up_bans():
    """What the questions among the modules ban is imported once for all children."""
    if exercise := sys.modules.get("bplib.course.exercise"):
        from ...check import raised  # noqa: F401  a student's process names mistakes by it
        from ...course.watch import is_known

        for module in list(sys.modules.values()):
            for each in vars(module).values():
                if isinstance(each, exercise.Question):
                    list(map(is_known, each.bans))


def reap(children):
    """Take note of the children that have ended."""
    with suppress(ChildProcessError):
        while child := os.waitpid(-1, os.WNOHANG)[0]:
            children.discard(child)


def tidy_up(folder, children):
    """Remove the folder in which the children work: a grader that was killed cannot do it."""
    reap(children)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    rmtree(folder, ignore_errors=True)


# ------------------------------------------------------------------------------------------------ student


def serve_student(cells, order, *files):
    """Walls, then a guard, and as its child the student's process, each the first of a session of its own.

    For a namespace hides other processes, but not from a signal to all of one's own group.

    order["again"]    whether there will be others here; if not, bubblewrap's walls are for this one alone
    """
    limits, (*sockets, clock) = walls.Limits(**order["limits"]), files
    lifeline, runs, calls = map(as_socket, sockets)
    try:
        if order["again"]:
            os.setsid()
            walls.call(
                walls.libc.prctl, walls.PR_SET_DUMPABLE, 1, 0, 0, 0
            )  # else /proc/self cannot be written
            walls.leave_the_others()
            if os.fork():
                os._exit(0)
            walls.fresh_folders(limits)
        student = os.fork()
        if student:
            runs.close()
            calls.close()
            walls.give_up_rights()
            guard(lifeline, student, limits, Clock(clock))
        os.close(clock)
        os.setsid()
        walls.die_with_parent()
        walls.limit(limits)
        walls.give_up_rights()
        walls.call(
            walls.libc.prctl, walls.PR_SET_DUMPABLE, 1, 0, 0, 0
        )  # its own children may look at themselves
        walls.forbid_system_calls()
    except OSError as problem:
        lifeline.sendall(f"no walls: {problem}".encode())
        os._exit(1)
    lifeline.close()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    work(cells, runs, calls)


def guard(lifeline, student, limits, clock):
    """The first process of its namespace: when it ends, all in there ends. It runs no student code."""
    poll, before, began = select.poll(), clock(), monotonic()
    poll.register(lifeline, select.POLLIN | select.POLLHUP)
    while not poll.poll(50):
        clock.seconds[0] = before + kept_waiting(student, began)
        if memory.uses_more_than(limits.memory * walls.MEGABYTE):
            lifeline.sendall(f"used more than {limits.memory} MB of memory".encode())
            break
        if ended(student):
            break
    os._exit(0)


def ended(student):
    """Whether the student's process has ended; others that have are taken note of."""
    try:
        while (process := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            if process == student:
                return True
    except ChildProcessError:
        return True
    return False


def work(cells, runs, calls):
    """Run cells and answer calls until the grader closes the connection."""
    from .student import StudentEnd

    fresh_random_numbers()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    os.makedirs("work", exist_ok=True)
    os.chdir("work")
    sys.path.append(os.getcwd())
    end, channel, ours = StudentEnd(calls, cells.namespace), Channel(runs), os.getpid()
    while True:
        ready, _, _ = select.select([runs, calls], [], [])
        try:
            if runs in ready:
                message = channel.receive()
                reply = obey(cells, message["order"])
                if os.getpid() != ours:  # a copy that the student's code has made and let run on
                    os._exit(0)
                channel.send({"reply": reply, "number": message["number"]})
            if calls in ready:
                with end.asking:  # else this could be what a thread of the student's waits for
                    message = end.hear()
                end.answer(message)
        except (Lost, NotPlain):
            os._exit(0)


def obey(cells, order):
    """Do what the grader says; the reply."""
    if "files" in order:
        for name, content in order["files"].items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return {}
    return cells.run(order["run"], order["largest_print"])


def fresh_random_numbers():
    """As after a start, and not as in every other child of the same parent."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


# ------------------------------------------------------------------------------------------------ checker


def serve_checker(cells, order, *files):
    """Run the instructor's cells and tests in `order["folder"]`, until the connection is closed."""
    from .stand_in import CheckerEnd

    os.setsid()
    walls.die_with_parent()
    walls.limit_growth(GROWTH)
    runs, links = map(as_socket, files)
    os.chdir(order["folder"])
    sys.path.append(os.getcwd())
    end, channel = None, Channel(runs)
    channel.send({"process": os.getpid()})
    while True:
        try:
            message = channel.receive()
        except Lost:
            os._exit(0)
        if "link" in message:
            _, (calls, clock), _, _ = socket.recv_fds(links, 1, 2)
            end = CheckerEnd(
                as_socket(calls), message["link"], Clock(clock), cells.namespace, **order["names"]
            )
            channel.send({})
            continue
        if end:
            end.withdraw()
            end.names.borrow(message["run"], message["anew"])
        reply = cells.run(message["run"], message["largest_print"])
        channel.send(reply | {"lost": end.lost if end else "", "late": bool(end and end.late)})


if __name__ == "__main__":
    main(*sys.argv[1:])
