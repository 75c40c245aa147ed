"""A student's process and a checker, for one hand-in; and the servers that fork them for a whole batch."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import asdict
from functools import partial
from tempfile import NamedTemporaryFile, TemporaryDirectory
from threading import Lock

from .bubblewrap import HOW_TO, NoSandbox, command, folders
from .clock import Clock, Deadline, waited
from .link import Channel, Lost
from .server import HERE, READY
from .shell import checked, now
from .values import LARGEST, NotPlain
from .walls import Limits

START = 300  # seconds for a server to import what it should, on a very busy machine
ANSWER = 60  # seconds for it to say that it is there: one that is stopped lives, and never does


class ForkServer:
    """A running server; see server.py."""

    def __init__(self, role, preload=(), readable=(), folder=None, environment=None):
        ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)  # one message, one child
        settings = json.dumps({"preload": list(preload), "folder": folder})
        arguments = ["-I", "-B", "-m", "bplib.grading.sandbox.server", role, str(theirs.fileno()), settings]
        start = command(arguments, readable) if role == "student" else [sys.executable, *arguments]
        self.process = subprocess.Popen(
            start,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=role == "checker",  # it tidies up when the grader's group is killed
            env=environment,
        )
        theirs.close()
        self.control, self.lock = ours, Lock()

    def wait_until_ready(self):
        """Return when its imports are done. Raises NoSandbox if it does not start."""
        self.control.settimeout(START)
        try:
            if self.control.recv(len(READY)) == READY:
                return
        except OSError:
            pass
        self.process.kill()
        said = self.process.stderr.read().decode(errors="replace").strip()
        raise NoSandbox(HOW_TO.format(reason=said[-500:] or "it did not start"))

    def fork(self, order, *sockets, lent=()):
        """Have a child forked that serves these sockets, and uses what is lent to it."""
        try:
            self.ask(order, [each.fileno() for each in (*sockets, *lent)])
        finally:
            for each in sockets:
                each.close()

    def ask(self, order, numbers=()):
        """Give an order. Raises Lost if the server is gone, or stopped: whatever it is told, it answers."""
        with self.lock:
            try:
                self.control.settimeout(ANSWER)
                socket.send_fds(self.control, [json.dumps(order).encode()], numbers)
                answer = self.control.recv(len(HERE))
            except OSError:
                answer = b""
            if answer != HERE:
                self.control.close()  # a late answer must not be taken for one to the next question
                raise Lost("the process that forks others does not answer")

    def answers(self):
        with suppress(Lost):
            self.ask({"question": "are you there?"})
            return True
        return False

    def close(self):
        self.control.close()
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()


CHECKER_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NBGRADER_EXECUTION": "autograde"}


class Ground:
    """Where hand-ins are run: the servers, made ready once and used by all, from any thread.

    Some systems allow bubblewrap's walls but none within them. There every student gets a bubblewrap, and
    a Python that starts anew: slower, and as safe.

    environment    that of the tests; this process's when left out
    Raises NoSandbox where students cannot be locked up.
    """

    def __init__(self, preload=(), readable=(), limits=None, environment=None):
        self.limits, self.preload, self.readable = limits or Limits(), preload, readable
        self.students = self.checkers = None
        self.folder = TemporaryDirectory(prefix="bplib-checkers-", ignore_cleanup_errors=True)
        try:
            self.students = ForkServer("student", preload, readable)  # both import at once
            for_tests = (os.environ if environment is None else environment) | CHECKER_ENVIRONMENT
            self.checkers = ForkServer("checker", preload, (), self.folder.name, for_tests)
            self.students.wait_until_ready()
            try:
                prove(self)
            except Lost:
                self.students.close()
                self.students = None
                prove(self)
            self.checkers.wait_until_ready()
        except BaseException:
            self.close()
            raise

    def fork_student(self, *sockets, clock):
        """Have a student's process made; the server that is this student's own, if any."""
        own = None
        if not self.students:
            own = ForkServer("student", (), self.readable)
            own.wait_until_ready()
        order = {"limits": asdict(self.limits), "again": own is None}
        (own or self.students).fork(order, *sockets, lent=[clock])
        return own

    def is_alive(self):
        return all(server.answers() for server in self.servers())

    def close(self):
        for server in self.servers():
            server.close()
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.close()

    def servers(self):
        return [server for server in (self.students, self.checkers) if server]


PROBE = """
import os, socket, sys
def reaches(path):
    try:
        return bool({os.path.join(path, name) for name in os.listdir(path)} - SHOWN)
    except OSError:
        return False
def writes(folder):
    try:
        open(os.path.join(folder, "probe"), "w").close()
        return True
    except OSError:
        return False
found = [path for path in ("/boot", "/mnt", "/run", "/srv", "/var") if reaches(path)]
found += [path for path in ("/", "/usr", "/etc", "/dev", sys.prefix, sys.base_prefix) if writes(path)]
found += ["other processes"] * (len([name for name in os.listdir("/proc") if name.isdecimal()]) > 4)
found += ["a network"] * (len(socket.if_nameindex()) > 1)
rights = [line.split()[1] for line in open("/proc/self/status") if "CapEff" in line]
found += ["rights"] * (rights != ["0" * 16])
found += ["the grader's files"] * os.path.exists(CANARY)
print(found)
"""


def prove(ground):
    """Try to look out of the sandbox. NoSandbox if anything is seen, Lost if there are no walls."""
    shown = folders(ground.readable)
    on_the_way = {str(path) for each in shown for path in (each, *each.parents)}  # to what shall be seen
    with NamedTemporaryFile(prefix="bplib-canary-") as canary, closing(Clock()) as clock:
        calls, theirs = socket.socketpair()
        with calls:
            student = Student(ground, {}, theirs, clock)
            try:
                shown = student.run(f"CANARY, SHOWN = {canary.name!r}, {on_the_way}{PROBE}", START, 2000)
            finally:
                student.close()
    said = "".join(str(output.get("text", output)) for output in shown["outputs"])
    if said.strip() != "[]":
        raise NoSandbox(HOW_TO.format(reason=f"what runs in it still reaches {said.strip()[:300]}"))


class Student:
    """A fresh process for the cells of one student."""

    def __init__(self, ground, files, calls, clock):
        self.lifeline, theirs = socket.socketpair()
        runs, their_runs = socket.socketpair()
        self.channel, self.clock, self.count, self.server = Channel(runs), clock, 0, None
        try:
            self.server = ground.fork_student(theirs, their_runs, calls, clock=clock)
            for part in in_parts(files):
                self.tell({"files": part}, START)
        except BaseException:
            for each in (theirs, their_runs, calls):
                each.close()
            self.close()
            raise

    def run(self, source, seconds, largest_print):
        """What a cell shows. Raises Lost, with the reason, when its process ends or does not end in time."""
        self.count += 1
        began = now()
        reply = self.tell({"run": source, "largest_print": largest_print}, seconds)
        outputs = checked(reply.get("outputs") if isinstance(reply, dict) else None)
        return {"outputs": outputs, "began": began, "ended": now(), "count": self.count}

    def tell(self, message, seconds):
        """The reply to an order. It repeats the order's number, else a student's code has written it."""
        number = secrets.token_hex(8)
        try:
            self.channel.send({"order": message, "number": number})
            reply = self.channel.receive(Deadline(seconds, self.clock))
            if not isinstance(reply, dict) or reply.get("number") != number:
                raise NotPlain("a reply to no order")
            return reply["reply"]
        except (NotPlain, KeyError):
            raise Lost("sent something that cannot be read") from None
        except Lost as problem:
            raise Lost(self.why() or str(problem)) from None

    def why(self):
        """What the guard says about the end, if anything."""
        self.lifeline.settimeout(0.3)
        with suppress(OSError):
            return self.lifeline.recv(200).decode(errors="replace")
        return ""

    def close(self):
        """The guard sees it, ends, and all that the student has left running ends with it."""
        self.lifeline.close()
        self.channel.close()
        if self.server:
            self.server.close()


def in_parts(files):
    """The files in as many dicts as they need, so that each fits into a message."""
    parts, room = [{}], LARGEST // 2
    for name, content in files.items():
        if len(content) > room and parts[-1]:
            parts, room = [*parts, {}], LARGEST // 2
        parts[-1][name] = content
        room -= len(content)
    return parts


class Checker:
    """A fresh process for the test cells, in a folder of its own."""

    def __init__(self, ground, files, names):
        """names    what CheckerEnd is to know of names: reserved, theirs, classes"""
        self.folder = TemporaryDirectory(dir=ground.folder.name, ignore_cleanup_errors=True)
        for name, content in files.items():
            path = os.path.join(self.folder.name, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
        runs, their_runs = socket.socketpair()
        self.links, their_links = socket.socketpair()
        self.channel, self.process = Channel(runs), None
        order = {"folder": self.folder.name, "names": names}
        try:
            ground.checkers.fork(order, their_runs, their_links)
            self.process = self.channel.receive(Deadline(START))["process"]
        except BaseException:
            self.close()
            raise

    def connect(self, calls, patience, clock):
        """Let it ask another student's process."""
        self.clock = clock
        self.channel.send({"link": patience})
        socket.send_fds(self.links, [b"."], [calls.fileno(), clock.fileno()])
        self.channel.receive(Deadline(START))

    def run(self, source, seconds, largest_print, anew=()):
        """What a cell shows. Raises Lost when it does not end in time.

        anew    names that it takes from the student, whatever the tests know of them
        """
        self.channel.send({"run": source, "largest_print": largest_print, "anew": list(anew)})
        reply = self.channel.receive(Deadline(seconds, self.clock, partial(waited, self.process)))
        return reply | {"outputs": checked(reply["outputs"])}

    def close(self):
        if self.process:
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
        self.channel.close()
        self.links.close()
        self.folder.cleanup()
