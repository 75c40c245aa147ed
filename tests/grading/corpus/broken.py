"""Accidents: code that never ends, ends too early or takes too much, and files that are no notebooks."""

import os
from functools import partial
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.grading.course import cell_of

from . import ALL, BLANK, Member, insert, table

member = partial(Member, "broken")

# ---------------------------------------------------------------------------- what an answer or a cell does

CODE = r"""
## a syntax error
loses: test_wave 0
told: SyntaxError
# %% wave
def wave(x)
    return x

## wrong indentation
loses: test_wave 0
told: IndentationError
# %% wave
def wave(x):
  y = 3 * x - 1
    return y, y

## an error before the function is defined
loses: test_wave 0
told: ModuleNotFoundError
# %% wave
import a_module_that_nobody_has

def wave(x):
    w = np.exp(-((3 * x - 1) ** 2))
    return w, -6 * (3 * x - 1) * w

## an answer under another name
loses: test_wave 0
told: wave is not there
# %% wave
def Wave(x):
    w = np.exp(-((3 * x - 1) ** 2))
    return w, -6 * (3 * x - 1) * w

## one argument too many
loses: test_wave 0
told: TypeError
# %% wave
def wave(x, y):
    return x, y

## a cell that never ends
told: did not finish within
# %% behind test_wave
while True:
    pass

## a cell that never ends and listens to nobody
told: did not finish within
# %% behind test_wave
while True:
    try:
        while True:
            pass
    except BaseException:
        pass

## a cell that sleeps for an hour
told: did not finish within
# %% behind test_wave
import time
time.sleep(3600)

## an answer cell that never ends
loses: test_wave 0
told: did not finish within
# %% wave
while True:
    pass

## a function that never ends
loses: test_wave 0
told: did not finish within
# %% wave
def wave(x):
    while True:
        pass

## a function that never ends and listens to nobody
loses: test_wave 0
told: did not finish within
# %% wave
def wave(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

## numpy that does not end
loses: test_wave 0
told: did not finish within
# %% wave
def wave(x):
    A = np.ones((4000, 4000))
    for _ in range(10_000):
        A = A @ A / 4000
    return A[0, 0], A[0, 1]

## an __init__ that never ends
loses: test_layers 0
told: did not finish within
# %% layers
class MulLayer:
    def __init__(self):
        while True:
            pass

    def forward(self, x, y):
        return x * y


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout

## a generator that never ends
loses: test_wave 0
# %% wave
def wave(x):
    while True:
        yield x

## a __del__ that never ends
loses: test_wave 0
told: did not finish within
# %% wave
class Slow:
    def __del__(self):
        while True:
            pass

def wave(x):
    Slow()
    return x, x

## a recursion that never ends
loses: test_wave 0
told: RecursionError
# %% wave
def wave(x):
    return wave(x)

## a recursion that overflows the stack of C
loses: test_wave 0
told: ended Python
# %% wave
import sys

def wave(x):
    sys.setrecursionlimit(10**9)
    down = lambda: sorted([1, 2], key=lambda _: down())
    return down()

## os._exit in a cell
told: ended Python
# %% behind test_wave
import os
os._exit(0)

## os._exit in a function
loses: test_wave 0
told: ended Python
# %% wave
import os

def wave(x):
    os._exit(0)

## exit() in a cell
# %% behind test_wave
exit()

## quit in a cell
# %% behind test_wave
quit

## sys.exit in a cell
# %% behind test_wave
import sys
sys.exit(3)

## sys.exit in a function
loses: test_wave 0
told: SystemExit
# %% wave
import sys

def wave(x):
    sys.exit("that was it")

## a KeyboardInterrupt of its own
loses: test_wave 0
told: KeyboardInterrupt
# %% wave
def wave(x):
    raise KeyboardInterrupt

## it kills its own process
loses: test_wave 0
told: ended Python
# %% wave
import os, signal

def wave(x):
    os.kill(os.getpid(), signal.SIGKILL)

## it stops its own process
loses: test_wave 0
told: did not finish within
# %% wave
import os, signal

def wave(x):
    os.kill(os.getpid(), signal.SIGSTOP)

## a segmentation fault
loses: test_wave 0
told: ended Python
# %% wave
import ctypes

def wave(x):
    return ctypes.string_at(0)

## a segmentation fault in a cell
told: ended Python
# %% behind test_wave
import ctypes
ctypes.string_at(0)

## a list that grows and grows
loses: test_wave 0
told: memory
# %% wave
def wave(x):
    kept = []
    while True:
        kept.append(bytearray(10**7))

## one array that is far too large
loses: test_wave 0
told: emory
# %% wave
def wave(x):
    return np.ones((10**6, 10**6)), x

## a cell with a list that grows and grows
told: memory
# %% behind test_wave
kept = []
while True:
    kept.append("x" * 10**7 + str(len(kept)))

## two hundred thousand lines in a cell
told: Output truncated
# %% behind test_wave
for line in range(200_000):
    print("line", line)

## one line of a hundred million letters
told: the rest was cut
# %% behind test_wave
print("y" * 10**8)

## a hundred thousand lines in a function
# %% wave
def wave(x):
    for line in range(100_000):
        print("line", line)
    w = np.exp(-((3 * x - 1) ** 2))
    return w, -6 * (3 * x - 1) * w

## a hundred thousand lines on stderr
# %% behind test_wave
import sys
for line in range(100_000):
    print("line", line, file=sys.stderr)

## a hundred figures
# %% behind test_wave
import matplotlib.pyplot as plt
for number in range(100):
    plt.figure(figsize=(2, 2))
    plt.plot([1, 2])

## one figure that is far too large
# %% behind test_wave
import matplotlib.pyplot as plt
plt.figure(figsize=(600, 600), dpi=100)
plt.imshow(np.random.rand(300, 300))

## a table of everything
# %% behind test_wave
import numpy
numpy.set_printoptions(threshold=10**9)
np.arange(2_000_000)

## input
told: input() does not work
# %% behind test_wave
name = input("Who are you? ")

## input in a function
loses: test_wave 0
told: input() does not work
# %% wave
def wave(x):
    return float(input("w? ")), float(input("slope? "))

## breakpoint
# %% behind test_wave
breakpoint()

## breakpoint in a function
loses: test_wave 0
# %% wave
def wave(x):
    breakpoint()

## the debugger
# %% behind setup
1 / 0
# %% behind test_wave
%debug

## a shell command that never ends
told: did not finish within
# %% behind test_wave
!sleep 3600

## magics that are not there
# %% behind setup
%load_ext no_such_extension
# %% behind test_wave
%%no_such_magic
1
# %% behind corner
%run no_such_file.py

## %%bash that fails
# %% behind test_wave
%%bash
exit 3

## %reset between the tasks
loses: test_agree 0
# %% behind test_wave
%reset -f

## names of the course taken away
loses: test_agree 0
# %% behind test_wave
del np, ask, Checks, course_seed

## names of the course used for something else
loses: test_agree 0
# %% behind test_wave
np = ask = Checks = check = course_seed = 3

## builtins used for something else
loses: test_agree 0
# %% behind test_wave
print = list = float = sum = range = max = abs = isinstance = 3

## sys.stdout taken away
# %% behind test_wave
import sys
sys.stdout = sys.stderr = None

## sys.stdout closed
# %% behind test_wave
import sys
sys.stdout.close()

## print replaced for everyone
# %% behind test_wave
import builtins
builtins.print = lambda *xs, **options: None

## numpy that raises from now on
# %% behind setup
np.seterr(all="raise")

## warnings that are errors from now on
# %% behind setup
import warnings
warnings.simplefilter("error")

## another working directory
# %% behind setup
import os
os.chdir("/")

## a working directory that is gone
# %% behind setup
import os, shutil
os.mkdir("here")
os.chdir("here")
os.rmdir(os.getcwd())

## another language
# %% behind setup
import locale, os
os.environ["LC_ALL"] = "tr_TR.UTF-8"
try:
    locale.setlocale(locale.LC_ALL, "de_DE.UTF-8")
except locale.Error:
    pass

## another environment
# %% behind setup
import os
os.environ.clear()

## no path to import from
# %% behind setup
import sys
sys.path.clear()

## a recursion limit that is far too low
# %% behind test_wave
import sys
try:
    sys.setrecursionlimit(60)
except RecursionError:
    pass

## threads left running
# %% behind setup
import threading, time

def work():
    while True:
        time.sleep(0.01)

for _ in range(10):
    threading.Thread(target=work).start()

## a busy thread left running
# %% behind setup
import threading

def work():
    while True:
        pass

threading.Thread(target=work, daemon=True).start()

## a process left running
# %% behind setup
import subprocess
subprocess.Popen(["sleep", "98765"])

## a daemon, twice forked
# %% behind setup
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(98765)
    os._exit(0)

## a fork that runs on through the notebook
# %% behind setup
import os
os.fork()

## a pool of processes left open
# %% behind setup
import multiprocessing
pool = multiprocessing.get_context("fork").Pool(3)

## atexit that never ends
# %% behind setup
import atexit, time
atexit.register(time.sleep, 98765)

## signals ignored
# %% behind setup
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGCHLD):
    signal.signal(number, signal.SIG_IGN)

## an alarm that goes off again and again
# %% behind setup
import signal
signal.signal(signal.SIGALRM, lambda *event: None)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)

## garbage collection switched off
# %% behind setup
import gc
gc.disable()
gc.freeze()

## a trace function left on
# %% behind setup
import sys
sys.settrace(lambda *xs: None)

## an event loop that is stopped
# %% behind setup
import asyncio
asyncio.get_event_loop().stop()

## an await that never comes
told: did not finish within
# %% behind test_wave
import asyncio
await asyncio.Future()

## a task left running
# %% behind test_wave
import asyncio

async def forever():
    while True:
        await asyncio.sleep(0)

task = asyncio.create_task(forever())

## a lock that is never released
loses: test_wave 0
told: did not finish within
# %% wave
import threading
lock = threading.Lock()
lock.acquire()

def wave(x):
    with lock:
        return x, x

## random numbers in the answer
loses: test_wave 0
# %% wave
def wave(x):
    return np.random.rand(), np.random.rand()

## text, a complex number and a string as answer
loses: test_wave 0
# %% wave
def wave(x):
    return "0.123", complex(1, 1)

## an array of the wrong shape
loses: test_wave 0
# %% wave
def wave(x):
    return np.ones((3, 4)), np.ones(())

## three values instead of two
loses: test_wave 0
told: two values
# %% wave
def wave(x):
    return x, x, x

## NaN and infinity
loses: test_wave 0
told: contains nan
# %% wave
def wave(x):
    return np.nan, np.inf

## its arguments changed in place
loses: test_product 0
assignment: ps04
# %% product
def product_backward(dY, X, W):
    X *= 2
    W[:] = 0
    return dY @ W.T, X.T @ dY

## no array but a list
loses: test_unbroadcast 0
assignment: ps04
# %% unbroadcast
def unbroadcast(gradient, shape):
    return [[[]]]

## a class without its methods
loses: test_affine 0
assignment: ps04
# %% affine
class Affine:
    pass

## a module in place of the class
loses: test_affine 0
assignment: ps04
# %% affine
import math as Affine
"""


# ---------------------------------------------------------------------------------------------------- cells


def without(*grade_ids):
    def change(notebook):
        notebook.cells = [cell for cell in notebook.cells if grade_id_of(cell) not in grade_ids]
        return notebook

    return change


def grade_id_of(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def copied(grade_id, first="raise ValueError('first try')"):
    """A copy behind the cell, as copying and pasting makes it; the original holds something else."""

    def change(notebook):
        cell = cell_of(notebook, grade_id)
        insert(notebook, grade_id, new_code_cell(cell.source, metadata=cell.metadata))
        cell.source = first
        return notebook

    return change


def upside_down(notebook):
    notebook.cells.reverse()
    return notebook


def tests_first(notebook):
    """All test cells moved to the top."""
    notebook.cells.sort(key=lambda cell: not (grade_id_of(cell) or "").startswith("test_"))
    return notebook


def merged(notebook):
    """The answer and its test in one cell, which has the mark of the answer."""
    answer, test = cell_of(notebook, "wave"), cell_of(notebook, "test_wave")
    answer.source += "\n\n" + test.source
    notebook.cells.remove(test)
    return notebook


def as_markdown(notebook):
    """The answer, turned into text by a slip of the finger."""
    place = notebook.cells.index(cell := cell_of(notebook, "wave"))
    notebook.cells[place] = new_markdown_cell(cell.source, metadata=cell.metadata)
    return notebook


def unmarked(ids):
    def change(notebook):
        for number, cell in enumerate(notebook.cells):
            cell.metadata = {}
            if not ids:
                cell["id"] = f"other-{number}"
        return notebook

    return change


def many_cells(notebook):
    notebook.cells += [new_code_cell(f"x{number} = {number}") for number in range(300)]
    return notebook


def long_cell(notebook):
    notebook.cells.append(new_code_cell("text = '''" + "z" * 10_000_000 + "'''"))
    return notebook


CELLS = [
    member("a test deleted", change=without("test_wave"), told="'test_wave' was missing"),
    member(
        "all tests deleted",
        change=without("test_gradient", "test_wave", "test_layers", "test_fruits", "test_agree"),
        told="were missing",
    ),
    member("the setup deleted", change=without("setup"), told="'setup' was missing"),
    member("an answer deleted", change=without("wave"), loses={"test_wave": 0.0}, told="'wave' was missing"),
    member("a copied answer, the last one right", change=copied("wave"), told="2 times"),
    member(
        "a copied answer, the last one empty",
        change=lambda notebook: copied("wave", cell_of(notebook, "wave").source)(notebook),
    ),
    member("a copied test", change=copied("test_wave", "1 / 0"), told="2 times"),
    member("cells upside down", change=upside_down),
    member("tests before their answers", change=tests_first),
    member("an answer and its test in one cell", change=merged, told="'test_wave' was missing"),
    member("an answer turned into text", change=as_markdown),
    member("all marks lost", change=unmarked(ids=True), told="had lost nbgrader's labels"),
    member("all marks and ids lost", change=unmarked(ids=False), told="had lost nbgrader's labels"),
    member("three hundred own cells", change=many_cells),
    member("ten megabytes in a cell", change=long_cell),
]


# ---------------------------------------------------------------------------------------------------- files


def as_json(**changes):
    """The notebook's JSON with some of its parts replaced."""
    return lambda notebook: notebook | changes


def instead(content):
    """A file of its own in place of the notebook."""
    return lambda notebook: content


def nothing(notebook):
    return None


def unreadable(name, content, told):
    return member(name, change=instead(content), loses=ALL, told=told)


def renamed(name):
    return lambda folder, fill: Path(folder, "ps01.ipynb").rename(folder / name)


def in_place_of_the_notebook(make):
    """make(path, fill) puts something where the notebook was."""

    def on_disk(folder, fill):
        path = folder / "ps01.ipynb"
        path.unlink()
        make(path, fill)

    return on_disk


def a_link(path, fill):
    path.symlink_to(fill("<home>/secret.txt"))


def a_folder(path, fill):
    path.mkdir()


def a_hole(path, fill):
    """A file of three gigabytes that takes no room."""
    path.touch()
    os.truncate(path, 3_000_000_000)


def the_folder_is_a_link(folder, fill):
    elsewhere = Path(fill("<home>")) / "linked"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)


def beside(make):
    """make(folder, fill) puts something beside the notebook."""
    return lambda folder, fill: make(folder, fill)


def links_and_pipes(folder, fill):
    os.mkfifo(folder / "pipe.csv")
    (folder / "secret.txt").symlink_to(fill("<home>/secret.txt"))
    (folder / "elsewhere").symlink_to(fill("<home>"))
    (folder / "round").symlink_to(".")


def a_thousand_files(folder, fill):
    for number in range(1000):
        (folder / f"{number}.txt").write_text("x")


def deep_folders(folder, fill):
    (folder / "/".join(["deeper"] * 60)).mkdir(parents=True)


def odd_names(folder, fill):
    for name in (
        "new\nline.txt",
        "<script>alert(1)</script>".replace("/", "∕"),
        "-rf",
        "ü" * 60,
        "a b.txt",
        b"\xff\xfe.txt",
    ):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + os.fsencode(name))).write_text("x")


def locked_away(folder, fill):
    os.chmod(folder / "ps01.ipynb", 0)


FILES = [
    unreadable("an empty file", "", "is an empty file"),
    unreadable("no JSON", "{'cells': []}", "not JSON"),
    unreadable("half a file", '{"cells": [{"cell_type": "co', "not JSON"),
    unreadable(
        "text in Latin-1", '{"nbformat": 4, "cells": [], "metadata": "ä"}'.encode("latin-1"), "not UTF-8"
    ),
    unreadable("text in UTF-16", '{"nbformat": 4}'.encode("utf-16"), "not UTF-8"),
    unreadable("a picture", b"\x89PNG\r\n\x1a\n" + bytes(1000), "not UTF-8"),
    unreadable("a zip", b"PK\x03\x04" + bytes(1000), "not"),
    unreadable("another format", '{"nbformat": 3, "worksheets": []}', "format 4"),
    unreadable("a list", "[]", "format 4"),
    unreadable("brackets in brackets", "[" * 200_000, "not JSON"),
    unreadable("a number without end", '{"nbformat": 4, "cells": ' + "9" * 100_000 + "}", "ps01.ipynb"),
    unreadable(
        "cells that are no cells",
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}',
        "cell",
    ),
    unreadable("no cells", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "no cells"),
    member("metadata that is none", change=as_json(metadata=[1, 2])),
    member("a format of the future", change=as_json(nbformat_minor=99)),
    member(
        "no notebook at all", change=nothing, files={"ps01.py": "x = 1"}, loses=ALL, told="was not handed in"
    ),
    member("an empty folder", change=nothing, loses=ALL, told="was not handed in"),
    member("a renamed notebook", on_disk=renamed("ps01 (1).ipynb"), told="was taken as ps01.ipynb"),
    member("a notebook with a name of its own", on_disk=renamed("final FINAL.ipynb"), told="was taken as"),
    member(
        "a pipe in place of the notebook",
        on_disk=in_place_of_the_notebook(lambda path, fill: os.mkfifo(path)),
        loses=ALL,
        told="not a plain file",
    ),
    member(
        "a link in place of the notebook",
        on_disk=in_place_of_the_notebook(a_link),
        loses=ALL,
        told="is a link",
    ),
    member(
        "a folder in place of the notebook",
        on_disk=in_place_of_the_notebook(a_folder),
        loses=ALL,
        told="ps01.ipynb",
    ),
    member(
        "three gigabytes in place of the notebook",
        on_disk=in_place_of_the_notebook(a_hole),
        loses=ALL,
        told="larger than",
    ),
    member("a link in place of the folder", on_disk=the_folder_is_a_link, loses=ALL, told="is a link"),
    member("links and pipes beside it", on_disk=links_and_pipes, told="was left out"),
    member("a thousand files", on_disk=a_thousand_files, told="the rest was left out"),
    member("sixty folders in folders", on_disk=deep_folders, told="deep"),
    member("odd names of files", on_disk=odd_names),
    member("a notebook that nobody may read", on_disk=locked_away),  # root may
    member("a date that is none", files={"timestamp.txt": "yesterday"}, told="timestamp.txt holds no date"),
    member(
        "a date in the year 99999", files={"timestamp.txt": "99999-01-01 00:00:00 UTC"}, told="timestamp.txt"
    ),
    member("a file called numpy.py", files={"numpy.py": "raise ImportError('mine')"}),
    member(
        "files called as Python's own",
        files={"json.py": "1 / 0", "random.py": "1 / 0", "ast.py": "1 / 0", "sitecustomize.py": "1 / 0"},
    ),
    member("a blank notebook with files", BLANK, ALL, files={"answers.txt": "see my other notebook"}),
]

MEMBERS = [*table(CODE, "broken"), *CELLS, *FILES]
