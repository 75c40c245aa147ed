"""The outer wall: bubblewrap shows what runs in it Python, read-only, and nothing else of the machine.

No network, no other process, no environment, no file but the system's libraries and Python's. The grader of a
machine with root's rights does not use them: student code runs as nobody.
"""

import os
import shutil
import sys
from pathlib import Path

from ...errors import BplibError
from .walls import HOME, MEGABYTE

SYSTEM = ("/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin")
SETTINGS = (
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/fonts",
    "/etc/alternatives",
)  # fmt: skip
FRESH = ("/tmp/", "/dev/shm/", f"{HOME}/")  # every student has empty ones
NOBODY = 65534
STUDENT = "1000"
PACKAGE = Path(__file__).resolve().parents[2]


class NoSandbox(BplibError):
    """This machine cannot lock student code up."""


HOW_TO = """\
Student notebooks are code that strangers wrote, and this machine cannot lock it up: {reason}.
On Linux, install bubblewrap (Debian, Ubuntu: sudo apt-get install bubblewrap) and allow user namespaces.
On macOS or Windows, grade inside Linux: a virtual machine, WSL 2, or a container that allows user namespaces.
To run the notebooks with nothing around them, as your own user, say so: --unsafe-no-sandbox with `bplib
autograde`, BPLIB_UNSAFE_NO_SANDBOX=1 in the environment of `nbgrader autograde`."""


def command(python_arguments, readable=()):
    """The command that runs this Python in the sandbox.

    readable    further folders that student code may read, such as a package outside of Python's own folder
    Raises NoSandbox without bubblewrap.
    """
    program = shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin")
    if sys.platform != "linux" or not program:
        raise NoSandbox(HOW_TO.format(reason="bubblewrap (bwrap) is not installed"))
    for path in (sys.prefix, sys.base_prefix, str(PACKAGE)):
        if path.startswith(FRESH):
            raise NoSandbox(HOW_TO.format(reason=f"{path} is in a folder that students get empty; move it"))
    inner = [program, *walls(readable), "--", sys.executable, *python_arguments]
    return as_nobody(program, readable, inner) if os.getuid() == 0 else inner


def walls(readable):
    arguments = [
        "--unshare-all", "--uid", STUDENT, "--gid", STUDENT, "--hostname", "grading",
        "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        *view(readable),
        "--proc", "/proc", "--dev", "/dev",
    ]  # fmt: skip
    for folder in ("/tmp", "/dev/shm", HOME):
        arguments += ["--size", str(128 * MEGABYTE), "--tmpfs", folder]
    arguments += ["--chdir", HOME, "--clearenv", *environment()]
    return [*arguments, "--remount-ro", "/dev", "--remount-ro", "/"]


def view(readable):
    """What there is to read: the system's programs and libraries, Python, this package."""
    arguments = ["--ro-bind", "/usr", "/usr", "--perms", "0755", "--dir", "/etc"]
    for path in SYSTEM:
        if os.path.islink(path):
            arguments += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            arguments += ["--ro-bind", path, path]
    for path in SETTINGS:
        arguments += ["--ro-bind-try", path, path]
    for path in folders(readable):
        for parent in reversed(path.parents[:-1]):
            arguments += ["--perms", "0755", "--dir", str(parent)]
        arguments += ["--ro-bind", str(path), str(path)]
    for prefix in {sys.prefix, sys.base_prefix}:
        settings = Path(prefix, "etc", "jupyter")
        if settings.is_dir():
            arguments += ["--tmpfs", str(settings)]  # may name a database and its password
    return arguments


def folders(readable):
    """Folders outside of /usr, the outer ones first, none of them inside another."""
    wanted = {Path(each) for each in (sys.prefix, sys.base_prefix, PACKAGE, *readable)}
    wanted |= {path.resolve() for path in wanted}
    outside = sorted(path for path in wanted if Path("/usr") not in path.parents)
    return [path for path in outside if not any(other in path.parents for other in outside)]


def environment():
    """All that the environment holds."""
    scripts = Path(sys.executable).parent
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
    variables = kept | {
        "HOME": HOME,
        "USER": "student",
        "PATH": f"{scripts}:/usr/bin:/bin",
        "TMPDIR": "/tmp",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NBGRADER_EXECUTION": "autograde",
        "BPLIB_PROGRESS": "off",
        "MPLCONFIGDIR": f"{HOME}/.matplotlib",
    }
    return [part for name, value in variables.items() for part in ("--setenv", name, value)]


def as_nobody(program, readable, inner):
    """Root first builds the view, since nobody else may be able to, and becomes nobody in it."""
    view_of_root = [
        program, "--die-with-parent", "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add",
        "CAP_SETGID", *view(readable), "--bind", "/proc", "/proc", "--dev", "/dev", "--perms", "1777",
        "--tmpfs", "/tmp",
    ]  # fmt: skip
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--inh-caps=-all"]
    return [*view_of_root, "--", *drop, *inner]
