"""Python commands that begin at once: a process that has imported nbgrader forks one for each.

Each has a process, a folder, an environment and a screen of its own, as if Python were called anew; the
imports, which take longer than most commands, are done once. One command at a time.
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from functools import cache
from tempfile import TemporaryFile

PRELOAD = ("bplib.cli", "bplib.grading.batch", "bplib.grading.report", "nbgrader.apps", "nbgrader.converters")
SERVER = """
import json, os, runpy, socket, sys
from importlib import import_module

def serve(control):
    while True:
        order, screen, _, _ = socket.recv_fds(control, 1 << 20, 2)
        if not order:
            return
        child = os.fork()
        if not child:
            control.close()
            return run(screen, **json.loads(order))
        for each in screen:
            os.close(each)
        control.send(b"%d" % child)
        control.send(b"%d" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))

def run(screen, arguments, cwd, env):
    for number, file in zip((1, 2), screen):
        os.dup2(file, number)
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.path[0] = cwd
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(sys.argv[0], run_name="__main__")

for module in sys.argv[2:]:
    import_module(module)
serve(socket.socket(fileno=int(sys.argv[1])))
"""


@cache
def server():
    """The line to the process that forks; it ends when the line is closed."""
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    command = [sys.executable, "-c", SERVER, str(theirs.fileno()), *PRELOAD]
    with theirs:
        process = subprocess.Popen(
            command, cwd="/", pass_fds=[theirs.fileno()], start_new_session=True, umask=0o022
        )
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def run(arguments, cwd, env, seconds=280):
    """What `python -m module …` or `python script …` does, as subprocess.run tells it, its screen as text.

    Raises subprocess.TimeoutExpired.
    """
    with TemporaryFile() as out, TemporaryFile() as err:
        order = {"arguments": list(map(str, arguments)), "cwd": str(cwd), "env": dict(env)}
        socket.send_fds(server(), [json.dumps(order).encode()], [out.fileno(), err.fileno()])
        code = exit_code(arguments, seconds)
        return subprocess.CompletedProcess(arguments, code, *map(text, (out, err)))


def exit_code(arguments, seconds):
    line = server()
    line.settimeout(None)
    child = int(line.recv(100))
    line.settimeout(seconds)
    try:
        return int(line.recv(100))
    except TimeoutError:
        os.kill(child, signal.SIGKILL)
        line.settimeout(None)
        line.recv(100)
        raise subprocess.TimeoutExpired(arguments, seconds) from None


def text(file):
    file.seek(0)
    return file.read().decode("utf-8", "replace")
