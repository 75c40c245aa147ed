"""A student's process and a checker, for one hand-in; and the servers that fork them for a whole batch."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from tempfile import NamedTemporaryFile, TemporaryDirectory
from threading import Lock
from time import monotonic

from .bubblewrap import HOW_TO, NoSandbox, command
from .link import Channel, Lost
from .server import READY
from .shell import checked, now
from .values import NotPlain
from .walls import Limits

START = 60  # seconds for a server to import what it should


class ForkServer:
    """A running server; see server.py."""

    def __init__(self, role, preload=(), readable=(), folder=None):
        ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)  # one message, one child
        settings = json.dumps({"preload": list(preload), "folder": folder})
        arguments = ["-I", "-B", "-m", "bplib.grading.sandbox.server", role, str(theirs.fileno()), settings]
        start = command(arguments, readable) if role == "student" else [sys.executable, *arguments]
        quiet = {} if role == "student" else {"env": os.environ | CHECKER_ENVIRONMENT}
        self.process = subprocess.Popen(
            start,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=role == "checker",  # it tidies up when the grader's group is killed
            **quiet,
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

    def fork(self, order, *sockets):
        """Have a child forked that serves these sockets."""
        try:
            with self.lock:
                numbers = [each.fileno() for each in sockets]
                socket.send_fds(self.control, [json.dumps(order).encode()], numbers)
        finally:
            for each in sockets:
                each.close()

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

    Raises NoSandbox where students cannot be locked up.
    """

    def __init__(self, preload=(), readable=(), limits=None):
        self.limits, self.preload, self.readable = limits or Limits(), preload, readable
        self.students = self.checkers = None
        self.folder = TemporaryDirectory(prefix="bplib-checkers-", ignore_cleanup_errors=True)
        try:
            self.students = ForkServer("student", preload, readable)
            self.checkers = ForkServer("checker", preload, folder=self.folder.name)  # both import at once
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

    def fork_student(self, *sockets):
        """Have a student's process made; the server that is this student's own, if any."""
        own = None
        if not self.students:
            own = ForkServer("student", (), self.readable)
            own.wait_until_ready()
        order = {"limits": asdict(self.limits), "again": own is None}
        (own or self.students).fork(order, *sockets)
        return own

    def is_alive(self):
        return all(server.process.poll() is None for server in self.servers())

    def close(self):
        for server in self.servers():
            server.close()
        self.folder.cleanup()

    def servers(self):
        return [server for server in (self.students, self.checkers) if server]


PROBE = """
import os, socket, sys
def reaches(path):
    try:
        return bool(os.listdir(path))
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
    with NamedTemporaryFile(prefix="bplib-canary-") as canary:
        calls, theirs = socket.socketpair()
        with calls:
            student = Student(ground, {}, theirs)
            try:
                shown = student.run(f"CANARY = {canary.name!r}{PROBE}", START, 2000)
            finally:
                student.close()
    said = "".join(str(output.get("text", output)) for output in shown["outputs"])
    if said.strip() != "[]":
        raise NoSandbox(HOW_TO.format(reason=f"what runs in it still reaches {said.strip()[:300]}"))


class Student:
    """A fresh process for the cells of one student."""

    def __init__(self, ground, files, calls):
        self.lifeline, theirs = socket.socketpair()
        runs, their_runs = socket.socketpair()
        self.channel, self.count, self.server = Channel(runs), 0, None
        try:
            self.server = ground.fork_student(theirs, their_runs, calls)
            self.tell({"files": files}, START)
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
            reply = self.channel.receive(monotonic() + seconds)
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


class Checker:
    """A fresh process for the test cells, in a folder of its own."""

    def __init__(self, ground, files, reserved=()):
        """reserved    names that only the instructor's cells may give a meaning"""
        self.folder = TemporaryDirectory(dir=ground.folder.name, ignore_cleanup_errors=True)
        for name, content in files.items():
            path = os.path.join(self.folder.name, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
        runs, their_runs = socket.socketpair()
        self.links, their_links = socket.socketpair()
        self.channel, self.process = Channel(runs), None
        order = {"folder": self.folder.name, "reserved": list(reserved)}
        try:
            ground.checkers.fork(order, their_runs, their_links)
            self.process = self.channel.receive(monotonic() + START)["process"]
        except BaseException:
            self.close()
            raise

    def connect(self, calls, patience):
        """Let it ask another student's process."""
        self.channel.send({"link": patience})
        socket.send_fds(self.links, [b"."], [calls.fileno()])
        self.channel.receive(monotonic() + START)

    def run(self, source, seconds, largest_print, lost=""):
        """What a cell shows. Raises Lost when it does not end in time."""
        self.channel.send({"run": source, "largest_print": largest_print, "lost": lost})
        reply = self.channel.receive(monotonic() + seconds)
        return reply | {"outputs": checked(reply["outputs"])}

    def close(self):
        if self.process:
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
        self.channel.close()
        self.links.close()
        self.folder.cleanup()
