"""Set up the course and start it. Needs nothing but Python: Linux, macOS and Windows.

    python start.py lab     open the course in JupyterLab
    python start.py test    run the whole test suite; with --quick what takes a few minutes

The first call makes .venv and installs the course into it; later calls find it ready.
"""

# This file keeps to what Python 2.7 can read: otherwise an old Python would never reach the sentence below.
from __future__ import print_function

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "start.py: The course needs Python 3.11 or newer and this is Python %d.%d: install one from "
        "https://www.python.org/downloads/ and name it in the call, for example `python3.13 start.py lab`."
        % sys.version_info[:2]
    )

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / ("python.exe" if os.name == "nt" else "python"))
STAMP = VENV / "bplib-stamp.json"

FIRST_LESSON = "notebooks/00_start_here.ipynb"
EXTRAS = {"lab": {"course"}, "test": {"course", "test", "instructor"}}

NO_SPACE = r"no space left|not enough space|disk quota|os error (28|112|122)\b"
NO_TRUST = r"certificate.?verify.?failed|invalid peer certificate|unknownissuer"
NO_NETWORK = (
    r"establish a new connection|name resolution|getaddrinfo|dns error|lookup address|unreachable|timed? ?out"
    r"|connection (refused|reset|aborted)|error sending request|failed to fetch|proxyerror|versions: none"
)
NO_ACCESS = r"permission denied|access is denied|winerror (5|32)\b"

# What a failed installation says, and the sentence for it: the first that fits counts.
CURES = {
    NO_SPACE: "The disk is full: free about 2 GB and call start.py again.",
    NO_TRUST: "This machine does not trust the certificate that the network presents: ask the network's "
    "administrator for the certificate file, set SSL_CERT_FILE to its path and call start.py again.",
    NO_NETWORK: "The packages could not be downloaded: check the network connection and call start.py again.",
    NO_ACCESS: "Something in .venv may not be changed: close the programs that use it, make sure that the "
    "folder is yours and call start.py again.",
}


class Trouble(Exception):
    """Something the reader can put right; the message says how."""


def cure(text):
    """The sentence for a known reason of failure, else None."""
    fitting = [sentence for reason, sentence in CURES.items() if re.search(reason, text, re.IGNORECASE)]
    return fitting[0] if fitting else None


# The environment ------------------------------------------------------------------------------------------


def set_up(extras):
    """Make .venv hold the course with these extras, in the pinned versions. Quick when it already does."""
    stamp = read_stamp()
    extras = sorted(extras.union(stamp.get("extras", [])))
    if stamp == finished(extras):
        return
    print("Installing the course into .venv: this takes a minute or two and needs the network.", flush=True)
    if not sound(stamp):
        make_environment()
    write_stamp({"unfinished": True})
    install(extras)
    write_stamp(finished(extras))  # last of all, so that an interrupted installation is known as one


def finished(extras):
    """What the stamp says once everything is installed."""
    pins = b"".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return {
        "place": str(ROOT),
        "python": environment_python(),
        "pins": hashlib.sha256(pins).hexdigest(),
        "extras": extras,
    }


def sound(stamp):
    """Whether .venv can be added to: it runs, has not been moved, and no installation in it was cut short."""
    now = finished([])
    unchanged = all(stamp.get(key) == now[key] for key in ("place", "python"))
    return now["python"] is not None and (unchanged or not stamp)


def environment_python():
    """The version of the Python in .venv, or None where there is none that works."""
    probe = "import sys, pip; assert sys.version_info >= (3, 11); print(sys.version)"
    try:
        answer = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True)
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def read_stamp():
    try:
        return json.loads(STAMP.read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        return {"unfinished": True}


def write_stamp(content):
    STAMP.write_text(json.dumps(content))


def make_environment():
    """An empty .venv with pip in it."""
    base = getattr(sys, "_base_executable", sys.executable)  # not the Python inside the .venv to be replaced
    uv = shutil.which("uv")
    if uv:
        run_quietly([uv, "venv", "--seed", "--clear", "--python", base, str(VENV)])
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise Trouble(
            "This Python has no venv module: install it (Debian, Ubuntu: sudo apt install python%d.%d-venv; "
            "elsewhere take a Python from https://www.python.org/downloads/) and call start.py again."
            % sys.version_info[:2]
        )
    run_quietly([base, "-m", "venv", "--clear", "--without-pip", str(VENV)])
    run_quietly([PYTHON, "-m", "ensurepip", "--default-pip"])


def install(extras):
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install", "--no-input"]
    run_quietly(pip + ["--constraint", "constraints.txt", "--editable", ".[%s]" % ",".join(extras)])


def run_quietly(command):
    """Run a step of the installation on one line of the terminal; trouble if it fails."""
    said = []
    streams = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "encoding": "utf-8",
        "errors": "replace",
    }
    with subprocess.Popen(command, cwd=str(ROOT), **streams) as process:
        for line in process.stdout:
            said.append(line)
            show_progress(line.strip())
    show_progress("")
    if process.returncode:
        reason = "The installation failed; mend what it says here and call start.py again.\n"
        raise Trouble(cure("".join(said)) or reason + "".join(said[-15:]))


def show_progress(line):
    if sys.stdout.isatty():
        print("\r" + line[:78].ljust(78), end="\r", flush=True)


# The two commands -----------------------------------------------------------------------------------------


def lab(options, jupyter_arguments):
    """JupyterLab on the course, with the student version of the assignments up to date."""
    call([PYTHON, "-m", "bplib.cli", "build-release"])
    command = [PYTHON, "-m", "jupyterlab", "--ServerApp.root_dir=" + str(ROOT)]
    command.append("--LabApp.default_url=/lab/tree/" + FIRST_LESSON)
    if options.no_browser:
        command.append("--no-browser")
    if options.port:
        command += ["--port=%d" % options.port, "--ServerApp.port_retries=0"]
    if os.name != "nt" and os.geteuid() == 0:
        command.append("--allow-root")  # the usual user of a container; Jupyter would refuse
    return call(command + jupyter_arguments)


def test(options, pytest_arguments):
    """The whole test suite, or what is quick of it; with arguments, pytest with these arguments alone."""
    pytest = [PYTHON, "-m", "pytest"]
    if pytest_arguments:
        return call(pytest + ["--quick"] * options.quick + pytest_arguments)
    tests = {"tests": pytest + ["-n2", "--dist=worksteal", "--quick"]}
    if not options.quick:
        tests = {
            "tests": pytest + ["-n2", "--dist=loadfile", "--no-loadscope-reorder"],
            "notebooks": pytest + ["-n2", "--dist=loadfile", "--nbval", "notebooks"],
        }
    steps = {
        "lint": [PYTHON, "-m", "ruff", "check"],
        "format": [PYTHON, "-m", "ruff", "format", "--check"],
        "spelling": [PYTHON, "-m", "codespell_lib"],
    }
    steps.update(tests)
    failed = []
    for name, command in steps.items():
        print("\n%s" % name, flush=True)
        if call(command):
            failed.append(name)
    print("\n" + ("Failed: " + ", ".join(failed) if failed else "All passed: " + ", ".join(steps)))
    return int(bool(failed))


def call(command):
    """Run a program of the environment to its end and return its exit code."""
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=str(BIN) + os.pathsep + os.environ["PATH"])
    environment["OPENBLAS_NUM_THREADS"] = "1"  # small matrices: a second thread only gets in the way
    with subprocess.Popen(command, cwd=str(ROOT), env=environment) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # Ctrl-C reaches the program as well, and it decides: Jupyter asks before it stops


def require_free(port):
    try:
        socket.create_server(("localhost", port)).close()
    except (OSError, OverflowError) as error:
        raise Trouble(
            "Port %d cannot be used (%s): leave out --port and JupyterLab finds a free one, or name another."
            % (port, error)
        )


def main(arguments):
    parser = argparse.ArgumentParser(prog="start.py", description="Set up the course and start it.")
    commands = parser.add_subparsers(dest="command", required=True)
    lab_parser = commands.add_parser("lab", help=lab.__doc__, epilog="What follows -- goes to JupyterLab.")
    lab_parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    lab_parser.add_argument("--port", type=int, help="serve on this port and no other")
    test_parser = commands.add_parser("test", help=test.__doc__, epilog="Everything else goes to pytest.")
    test_parser.add_argument("--quick", action="store_true", help="what is quick, for while you work")

    end = arguments.index("--") if "--" in arguments else len(arguments)
    options, unknown = parser.parse_known_args(arguments[:end])
    if options.command == "lab" and unknown:
        lab_parser.error("unknown: %s (arguments for JupyterLab follow --)" % " ".join(unknown))
    try:
        if options.command == "lab" and options.port:
            require_free(options.port)
        set_up(EXTRAS[options.command])
        return {"lab": lab, "test": test}[options.command](options, unknown + arguments[end + 1 :])
    except Trouble as trouble:
        return "start.py: %s" % trouble
    except OSError as error:
        return "start.py: %s" % (cure(str(error)) or error)
    except KeyboardInterrupt:
        return "start.py: Interrupted: the next call takes up the work again."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
