"""Odd, and honest: what suspicion or a strict reader could take for more. All of it deserves full marks."""

import json
from functools import partial

from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from . import NOTHING, Member, insert, table

member = partial(Member, "honest", told=NOTHING)

WAVE = "def wave(x):\n    y = 3 * x - 1\n    w = np.exp(-(y**2))\n    return w, -6 * y * w\n"
LAYERS = """class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout
"""

# --------------------------------------------------------------------------- answers written in another way

WAYS = r'''
## type hints
# %% wave
def wave(x: float) -> tuple[float, float]:
    w: float = np.exp(-((3 * x - 1) ** 2))
    return w, -6 * (3 * x - 1) * w

## a dataclass with the answer
# %% wave
from dataclasses import astuple, dataclass

@dataclass
class Both:
    w: float
    slope: float

def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return astuple(Both(w, slope))

## a named tuple
# %% wave
from collections import namedtuple
Both = namedtuple('Both', 'w slope')

def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return Both(w, slope)

## a cache
# %% wave
from functools import lru_cache

@lru_cache
def wave(x):
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

## a decorator of its own
# %% wave
from functools import wraps

def traced(f):
    @wraps(f)
    def inner(*xs):
        print(f.__name__, xs)
        return f(*xs)
    return inner

@traced
def wave(x):
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

## a lambda
# %% wave
wave = lambda x: (np.exp(-((3 * x - 1) ** 2)), -6 * (3 * x - 1) * np.exp(-((3 * x - 1) ** 2)))

## a closure
# %% wave
def make(a, b):
    def wave(x):
        y = a * x + b
        return np.exp(-y * y), -2 * a * y * np.exp(-y * y)
    return wave

wave = make(3, -1)

## a partial
# %% wave
from functools import partial

def bell(a, b, x):
    y = a * x + b
    return np.exp(-y * y), -2 * a * y * np.exp(-y * y)

wave = partial(bell, 3, -1)

## an object that can be called
# %% wave
class Wave:
    def __call__(self, x):
        y = 3 * x - 1
        return np.exp(-y * y), -6 * y * np.exp(-y * y)

wave = Wave()

## a generator
# %% wave
def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return (each for each in (w, slope))

## a generator function
# %% wave
def wave(x):
    y = 3 * x - 1
    yield np.exp(-y * y)
    yield -6 * y * np.exp(-y * y)

## a map
# %% wave
def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return map(float, (w, slope))

## an array
# %% wave
def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return np.array([w, slope])

## a list of Python's floats
# %% wave
def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return np.array([w, slope]).tolist()

## long doubles
# %% wave
def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return (np.longdouble(w), np.longdouble(slope))

## masked arrays with nothing masked
# %% wave
def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return (np.ma.array(w), np.ma.array(slope))

## arrays without axes
# %% wave
def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return (np.array(w), np.array(slope))

## fractions
# %% wave
from fractions import Fraction

def wave(x):
    y = 3 * x - 1
    w, slope = float(np.exp(-y * y)), float(-6 * y * np.exp(-y * y))
    return (Fraction(w), Fraction(slope))

## names in Greek
# %% wave
def wave(χ):
    ψ = 3 * χ - 1
    ω = np.exp(-(ψ**2))
    return ω, -6 * ψ * ω

## semicolons
# %% wave
def wave(x): y = 3 * x - 1; w = np.exp(-y * y); return w, -6 * y * w;

## a global variable that counts
# %% wave
count = 0

def wave(x):
    global count
    count += 1
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

## a default that remembers
# %% wave
def wave(x, seen=[]):
    seen.append(x)
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

## a try with a bare except
# %% wave
def wave(x):
    try:
        w = np.exp(-((3 * x - 1) ** 2))
        return w, -6 * (3 * x - 1) * w
    except:
        return 0, 0

## errstate and an error that is caught
# %% wave
def wave(x):
    with np.errstate(all='raise'):
        try:
            np.float64(1) / 0
        except FloatingPointError:
            pass
    w = np.exp(-((3 * x - 1) ** 2))
    return w, -6 * (3 * x - 1) * w

## a second for each call
# %% wave
import time

def wave(x):
    time.sleep(1)
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

## an answer by threads
# %% wave
from concurrent.futures import ThreadPoolExecutor

def wave(x):
    y = 3 * x - 1
    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(lambda s: s * np.exp(-y * y), (1, -6 * y)))

## an answer by a temporary file
# %% wave
import json, tempfile

def wave(x):
    y = 3 * x - 1
    with tempfile.TemporaryFile('w+') as file:
        json.dump([np.exp(-y * y), -6 * y * np.exp(-y * y)], file)
        file.seek(0)
        return json.load(file)

## an answer by scipy
# %% wave
from scipy.stats import norm

def wave(x):
    w = norm.pdf(3 * x - 1, scale=np.sqrt(0.5)) * np.sqrt(np.pi)
    return w, -6 * (3 * x - 1) * w

## its docstring speaks of hidden tests
# %% wave
def wave(x):
    """Passes the visible and the hidden tests: ### BEGIN HIDDEN TESTS."""
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

## a __main__ block
# %% wave
def wave(x):
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

if __name__ == "__main__":
    print(wave(1.0))

## its source can be read
# %% wave
def wave(x):
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

import inspect
assert 'return w' in inspect.getsource(wave)

## the last expression of an answer cell is shown
# %% wave
def wave(x):
    y = 3 * x - 1
    w = np.exp(-(y**2))
    return w, -6 * y * w

wave(1.0)

## classes with slots
# %% layers
class MulLayer:
    __slots__ = ('x', 'y')

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout

## a class that inherits
# %% layers
class Layer:
    def forward(self, *xs):
        self.xs = xs
        return self.value(*xs)

class MulLayer(Layer):
    def value(self, x, y): return x * y
    def backward(self, dout): return tuple(dout * x for x in reversed(self.xs))

class AddLayer(Layer):
    def value(self, x, y): return x + y
    def backward(self, dout): return dout, dout

## a layer that speaks
# %% layers
class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout


def speak(self): return 'Mul of ' + str(vars(self))
MulLayer.__repr__ = MulLayer.__str__ = speak

## layers made by a function
# %% layers
class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        return dout * self.y, dout * self.x


class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, dout


def made(cls):
    return lambda: cls()

MulLayer, AddLayer = made(MulLayer), made(AddLayer)

## a gradient with a function inside
# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, float)
    def at(i, by):
        moved = x.copy()
        moved[i] += by
        return f(moved)
    return np.array([(at(i, h) - at(i, -h)) / (2 * h) for i in np.ndindex(x.shape)]).reshape(x.shape)

## a gradient that hands on views
# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, float)
    flat, slope = x.reshape(-1), []
    for i in range(flat.size):
        kept = flat[i]
        two = []
        for s in (1, -1):
            flat[i] = kept + s * h
            two.append(f(flat.reshape(x.shape)))
        flat[i] = kept
        slope.append((two[0] - two[1]) / (2 * h))
    return np.reshape(slope, x.shape)

## gradients in an ordered dict
# %% fruits
from collections import OrderedDict

def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    a, o, s, t = Mul(), Mul(), Add(), Mul()
    bill = t.forward(s.forward(a.forward(apple, apples), o.forward(orange, oranges)), tax)
    ds, dtax = t.backward(1.0)
    da, do = s.backward(ds)
    found = OrderedDict(zip(('apple', 'apples'), a.backward(da)))
    found.update(zip(('orange', 'oranges'), o.backward(do)), tax=dtax)
    return bill, found

## agree by plain lists
# %% agree
def agree(a, b, rtol=1e-5):
    if np.shape(a) != np.shape(b): return False
    a, b = np.ravel(a).tolist(), np.ravel(b).tolist()
    most = max(abs(p - q) for p, q in zip(a, b))
    return most <= rtol * max(map(abs, a + b)) if most == most else False

## matrices of numpy
assignment: ps04
# %% product
def product_backward(dY, X, W):
    dY, X, W = np.matrix(dY), np.matrix(X), np.matrix(W)
    return np.asarray(dY * W.T), np.asarray(X.T * dY)

## views, turned and read backwards
assignment: ps04
# %% product
def product_backward(dY, X, W):
    return (W @ dY.T).T, np.asfortranarray((dY.T @ X).T[::-1])[::-1]

## arrays that cannot be written
assignment: ps04
# %% product
def product_backward(dY, X, W):
    dX, dW = dY @ W.T, X.T @ dY
    dX.flags.writeable = False
    return dX, dW

## a layer that keeps everything
assignment: ps04
# %% affine
class Affine:
    log = []
    def __init__(self, W, b):
        self.W, self.b, self.dW, self.db = W, b, None, None
    def forward(self, x):
        self.x = x
        self.log.append(('forward', self, x))
        rows = np.atleast_2d(x).reshape(1 if x.ndim == 1 else len(x), -1)
        self.rows = rows
        out = rows @ self.W + self.b
        return out[0] if x.ndim == 1 else out
    def backward(self, dout):
        self.log.append(('backward', self, dout))
        dout = np.atleast_2d(dout)
        self.dW, self.db = self.rows.T @ dout, dout.sum(0)
        return (dout @ self.W.T).reshape(self.x.shape)

## gradients as properties
assignment: ps04
# %% affine
class Affine:
    def __init__(self, W, b): self.W, self.b = W, b
    def forward(self, x):
        self.x, self.one = x, x.ndim == 1
        self.rows = x.reshape(1 if self.one else len(x), -1)
        out = self.rows @ self.W + self.b
        return out[0] if self.one else out
    def backward(self, dout):
        self.dout = dout.reshape(len(self.rows), -1)
        self.of = self.rows
        return (self.dout @ self.W.T).reshape(self.x.shape)
    @property
    def dW(self): return self.of.T @ self.dout
    @property
    def db(self): return self.dout.sum(axis=0)
'''

# --------------------------------------------------------------------------------------- cells of their own

CELLS = r"""
## prints, warnings and logs everywhere
# %% behind setup
import logging, sys, warnings
print('a'); warnings.warn('b'); logging.warning('c'); sys.stderr.write('d')
# %% behind test_wave
print('e', file=sys.stderr)
# %% behind corner
1 / np.zeros(1)

## figures without show
# %% behind setup
import matplotlib.pyplot as plt
plt.plot(np.arange(9.0))
# %% behind test_wave
plt.figure(); plt.hist([1, 2, 2])
# %% behind corner
plt.imshow(np.eye(3)); plt.show()

## %matplotlib inline
# %% behind setup
%matplotlib inline
import matplotlib.pyplot as plt
plt.plot([1, 2])

## timing magics
# %% behind setup
%time sum(range(9))
# %% behind test_wave
%timeit -n 2 -r 2 wave(0.5)
# %% behind corner
%%time
wave(1.0)

## widgets
# %% behind setup
import ipywidgets
ipywidgets.IntSlider()
# %% behind test_wave
@ipywidgets.interact(x=(0.0, 1.0))
def show(x):
    return wave(x)

## widgets of the course
# %% behind setup
import bplib as bp
bp.record(lambda x: x * x, x=2.0)
# %% behind test_wave
bp.check_gate(MulLayer if 'MulLayer' in globals() else bp.multiply, 2.0, 3.0)

## a progress bar
# %% behind setup
from tqdm import tqdm
for _ in tqdm(range(20)): pass

## rich output
# %% behind setup
from IPython.display import HTML, Markdown, display
display(HTML('<b>bold</b>'), Markdown('$x^2$'))

## asserts and tests of their own
# %% behind setup
def test_wave_at_0():
    assert np.isclose(wave(0.0)[0], np.exp(-1))
# %% behind test_wave
test_wave_at_0()
# %% behind corner
Checks(points=1).score()

## asks the course's questions
# %% behind setup
ask.wave
# %% behind test_wave
ask.wave(wave, x=0.3)
# %% behind corner
with Checks(points=5) as check:
    check(ask.wave, wave, x=0.2)
check.score()

## names like those of nbgrader
# %% behind setup
points = score = grade = grade_id = max_score = 0
autograded = True
# %% behind test_wave
check = checks = None

## harmless use of get_ipython
# %% behind setup
ip = get_ipython()
ip.run_line_magic('pwd', '')
# %% behind test_wave
ip.user_ns['np'] is np
# %% behind corner
len(In), len(Out), _i

## del of temporaries
# %% behind setup
a = 1
b = [a]
del a, b
# %% behind test_wave
for i in range(3): pass
del i

## where am I
# %% behind setup
import os, sys
os.getcwd(), os.listdir('.'), sys.path.append('.'), sys.version
# %% behind test_wave
sys.argv, __name__, '__file__' in globals()

## a file written and read
# %% behind setup
open('notes.txt', 'w').write('h = 1e-5')
# %% behind test_wave
open('notes.txt').read()
# %% behind corner
np.savez('kept.npz', a=np.eye(2)); np.load('kept.npz')['a']

## temporary folders
# %% behind setup
import tempfile, pathlib
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, 'a.txt').write_text('a')

## random numbers without a seed
# %% behind setup
import random
np.random.rand(3), random.random(), np.random.default_rng().normal()

## random numbers with a seed
# %% behind setup
import random
np.random.seed(0); random.seed(0)
# %% behind test_wave
np.random.rand()

## processes of their own that are waited for
# %% behind setup
import subprocess, sys
subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True, text=True).stdout

## multiprocessing
# %% behind setup
import multiprocessing, os
with multiprocessing.get_context('fork').Pool(2) as pool:
    pool.map(abs, range(-4, 4))

## threads that are joined
# %% behind setup
import threading
t = threading.Thread(target=print, args=('hello',))
t.start(); t.join()

## await
# %% behind setup
import asyncio
await asyncio.sleep(0.01)
# %% behind test_wave
async def f(): return 3
await f()
# %% behind corner
task = asyncio.create_task(f()); await task

## numpy's settings, put back
# %% behind setup
kept = np.seterr(all='raise')
np.seterr(**kept)
np.set_printoptions(precision=2, suppress=True)

## a question to pip
# %% behind setup
%pip --version

## the shell
# %% behind setup
!ls
# %% behind test_wave
files = !ls
files
# %% behind corner
%%bash
echo hello

## a cell that fails
# %% behind setup
1 / 0
# %% behind test_wave
undefined_name
# %% behind corner
raise ValueError('an experiment')

## cells of nothing
# %% behind setup

# %% behind test_wave


# %% behind corner
# a comment

## help
# %% behind setup
?np.exp
# %% behind test_wave
help(np.dot)
# %% behind corner
np.exp?

## html, latex and svg magics
# %% behind setup
%%html
<b>hello</b>
# %% behind test_wave
%%latex
$x$
# %% behind corner
%%javascript
1 + 1

## an import that is not there
# %% behind setup
try:
    import pandas
except ImportError:
    pandas = None
# %% behind test_wave
import no_such_module_as_this

## a big table
# %% behind setup
np.arange(10_000).reshape(100, 100)
# %% behind test_wave
{n: list(range(50)) for n in range(200)}

## memory in bounds
# %% behind setup
big = np.ones((2000, 2000))
(big @ big).trace()

## two seconds of work
# %% behind setup
import time
end = time.time() + 2
while time.time() < end: pass

## reads the clock and the environment
# %% behind setup
import os, time, platform
time.time(), os.environ.get('HOME'), platform.platform()

## cleans up with atexit
# %% behind setup
import atexit
atexit.register(print, 'bye')

## a subclass of what the course has
# %% behind setup
import bplib as bp
class MyMul(bp.Affine): pass

## plays with frames
# %% behind setup
import sys
sys._getframe().f_code.co_name
# %% behind test_wave
import inspect
inspect.stack()[0].function

## a recursion limit
# %% behind setup
import sys
sys.setrecursionlimit(5000)
# %% behind test_wave
def down(n): return n and down(n - 1)
down(3000)

## an own cell between answer and test calls the answer
# %% behind wave
[wave(x) for x in np.linspace(0, 1, 5)]
# %% behind layers
MulLayer().forward(1, 2)
# %% behind agree
agree(1.0, 1.0)

## helpers in a cell above
# %% wave
def wave(x):
    return bell(link(x)), slope(x)
# %% behind setup
def link(x): return 3 * x - 1
def bell(y): return np.exp(-y * y)
def slope(x): return -6 * link(x) * bell(link(x))

## a helper file
# %% wave
from my_helper import bell

def wave(x):
    return bell(3 * x - 1), -6 * (3 * x - 1) * bell(3 * x - 1)
# %% file my_helper.py
import numpy as np

def bell(y):
    return np.exp(-y * y)

## a data file
# %% wave
a, b = np.loadtxt('line.csv', delimiter=',')

def wave(x):
    y = a * x + b
    return np.exp(-y * y), -2 * a * y * np.exp(-y * y)
# %% file line.csv
3,-1

## a helper notebook run by %run
# %% wave
%run helper.py

def wave(x):
    return bell(3 * x - 1), -6 * (3 * x - 1) * bell(3 * x - 1)
# %% file helper.py
from math import exp

def bell(y):
    return exp(-y * y)
"""


# ------------------------------------------------------------------------------- notebooks of other editors


def every_cell(make):
    """A change that gives every cell `make(number, cell)` as further metadata."""

    def change(notebook):
        for number, cell in enumerate(notebook.cells):
            cell.metadata.update(make(number, cell))
        return notebook

    return change


def about(**metadata):
    def change(notebook):
        notebook.metadata.update(metadata)
        return notebook

    return change


def new_ids(make):
    def change(notebook):
        for number, cell in enumerate(notebook.cells):
            cell["id"] = make(number)
        return notebook

    return change


def without_ids(notebook):
    """As editors of the format 4.4 write it."""
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    return notebook


def with_outputs(notebook):
    """As it is when it has been run, with pages of output."""
    for number, cell in enumerate(cell for cell in notebook.cells if cell.cell_type == "code"):
        cell.execution_count = number + 7
        cell.outputs = [new_output("stream", text="0 of 4 points in this cell\n" * 500)]
    return notebook


def own_cells_everywhere(notebook):
    """A note, an experiment and a raw cell between all cells."""
    cells = []
    for cell in notebook.cells:
        cells += [new_markdown_cell("My note"), cell, new_code_cell("1 + 1"), new_raw_cell("raw")]
    notebook.cells = cells
    return notebook


def split_answer(notebook):
    """The two layers in two cells: the first one keeps the mark."""
    first, second = LAYERS.split("\n\n\n")
    cell = next(cell for cell in notebook.cells if cell.source.startswith("class MulLayer"))
    cell.source = first
    return insert(notebook, "layers", new_code_cell(second))


def as_text(before="", end="\n", **options):
    """A notebook's JSON, written in another way."""
    return lambda notebook: (before + json.dumps(notebook, **options)).replace("\n", end)


EDITORS = [
    member("tabs", {"wave": WAVE.replace("    ", "\t")}),
    member("Windows line ends", {"wave": WAVE.replace("\n", "\r\n")}),
    member(
        "VS Code",
        change=every_cell(lambda number, cell: {"vscode": {"languageId": cell.cell_type}, "execution": {}}),
    ),
    member(
        "Colab",
        change=every_cell(
            lambda number, cell: {
                "id": f"Xy{number}",
                "colab": {"base_uri": "https://localhost:8080/"},
                "outputId": "0",
            }
        ),
    ),
    member("Kaggle", change=every_cell(lambda number, cell: {"_uuid": f"{number:040x}", "trusted": True})),
    member(
        "Deepnote",
        change=every_cell(
            lambda number, cell: {"cell_id": f"00{number}", "deepnote_cell_type": cell.cell_type, "tags": []}
        ),
    ),
    member(
        "a kernel of another name",
        change=about(
            kernelspec={"name": "conda-env-ml-py", "display_name": "ML", "language": "python"},
            colab={"provenance": []},
        ),
    ),
    member(
        "the language of another version",
        change=about(
            language_info={"name": "python", "version": "3.8.1"}, vscode={"interpreter": {"hash": "a"}}
        ),
    ),
    member("cell ids of another editor", change=new_ids(lambda number: f"{number:08x}-c0de")),
    member("no cell ids at all", change=without_ids),
    member(
        "tags and slides",
        change=every_cell(
            lambda number, cell: {
                "tags": ["raises-exception", "remove-cell"],
                "slideshow": {"slide_type": "slide"},
                "collapsed": True,
                "scrolled": "auto",
            }
        ),
    ),
    member("outputs of an earlier run", change=with_outputs),
    member("own cells between all cells", change=own_cells_everywhere),
    member("an answer over two cells", {"layers": LAYERS}, change=split_answer),
    member("a byte order mark", change=as_text("\ufeff")),
    member("Windows line ends in the file", change=as_text(end="\r\n", indent=1)),
    member("JSON without line breaks", change=as_text()),
    member("JSON that is not ASCII", change=as_text(ensure_ascii=False, indent=1)),
    member("a date beside it", files={"timestamp.txt": "2026-01-02 03:04:05 UTC"}),
    member(
        "pictures and a readme",
        files={"readme.md": "# My work", "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200)},
    ),
    member(
        "what a Mac leaves behind",
        files={".DS_Store": b"\x00\x00\x00\x01Bud1", "._ps01.ipynb": b"\x00\x05\x16\x07"},
    ),
]

# ---------------------------------------------------------------------------- the slope, and what goes on beside it

BESIDE = {  # what stands before, and how wave(x) comes to its slope
    "profiles itself with cProfile": (
        "import cProfile",
        "profile = cProfile.Profile(); profile.enable(); dw = slope(x); profile.disable()",
    ),
    "prints what cProfile has seen": (
        "import cProfile, io, pstats",
        "p = cProfile.Profile(); dw = p.runcall(slope, x); pstats.Stats(p, stream=io.StringIO()).print_stats()",
    ),
    "profiles itself in Python": ("import profile", "dw = profile.Profile().runcall(slope, x)"),
    "counts calls by a profile function": (
        "import sys",
        "seen = []; sys.setprofile(lambda *event: seen.append(1)); dw = slope(x); sys.setprofile(None)",
    ),
    "takes its time": ("import timeit", "timeit.timeit(lambda: slope(x), number=3); dw = slope(x)"),
    "asks threads": (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)",
        "dw = list(pool.map(slope, [x, x]))[0]",
    ),
    "awaits it": (
        "import asyncio\nasync def later(x):\n    await asyncio.sleep(0)\n    return slope(x)",
        "dw = asyncio.new_event_loop().run_until_complete(later(x))",
    ),
    "asks a child": (
        "from multiprocessing import get_context",
        "with get_context('fork').Pool(1) as pool: dw = pool.map(slope, [x])[0]",
    ),
    "remembers it": ("from functools import lru_cache\nslope = lru_cache(slope)", "dw = slope(float(x))"),
    "takes it from a generator": (
        "def slopes(x):\n    while True: yield slope(x)",
        "dw = next(slopes(x))",
    ),
    "logs": ("import logging", "logging.getLogger('own').warning('slope at %s', x); dw = slope(x)"),
    "warns": ("import warnings", "warnings.warn('on my way'); dw = slope(x)"),
    "has names as tests have": ("want = expected = y_true = None", "want = dw = slope(x)"),
    "writes a file as it goes": (
        "import tempfile",
        "with tempfile.TemporaryFile('w') as file: file.write(str(x)); dw = slope(x)",
    ),
    "counts in complex numbers elsewhere": ("", "size = abs(3 + 4j); dw = slope(x) * size / 5"),
    "looks at its own source": ("import inspect", "inspect.signature(slope); dw = slope(x)"),
    "collects garbage": ("import gc", "gc.collect(); dw = slope(x)"),
    "measures its memory": (
        "import tracemalloc",
        "tracemalloc.start(); dw = slope(x); tracemalloc.get_traced_memory(); tracemalloc.stop()",
    ),
}
SLOPE = "def slope(x):\n    return float(-6 * (3 * x - 1) * np.exp(-((3 * x - 1) ** 2)))\n"
BUSY = [
    member(
        how,
        {
            "wave": f"{SLOPE}{before}\ndef wave(x):\n    {line}\n    return float(np.exp(-((3 * x - 1) ** 2))), dw"
        },
    )
    for how, (before, line) in BESIDE.items()
]

MEMBERS = [*table(WAYS + CELLS, "honest", told=NOTHING), *EDITORS, *BUSY]
