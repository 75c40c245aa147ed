# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 0 · Start here
#
# Welcome. This course is about one idea: **how a network of simple steps finds out which way to move each of its
# numbers.** It is called backpropagation. You will see it happen one gate at a time, predict it, break it, and write it
# yourself.
#
# **When you are done with this page, you can**
#
# * tell that your installation works;
# * run a cell, answer a self-check, and read a check that fails;
# * find an assignment, validate it and hand it in;
# * see what the course holds, and how far you are.
#
# **You need** a running JupyterLab, and no mathematics yet.
# **Time:** about 20 minutes.

# %% [markdown]
# ## 0.1 Does everything work?
#
# A notebook is a row of cells. Click into the cell below and press **Shift + Enter**: the cell runs, its result appears
# under it, and the next cell is selected. A star in the brackets at the left, `[*]`, means *still running*; a number
# means *done*.

# %%
import inspect
import sys

import numpy as np

import bplib as bp
from bplib.course.questions import start_here as check

print("Python is new enough:", sys.version_info >= (3, 11))
print("numpy is new enough: ", int(np.__version__.split(".")[0]) >= 2)
print("bplib is here:       ", bp.__name__)

# %% [markdown]
# Three times `True` or a name, and you are ready. If you see an error in red instead, open a terminal (*File → New →
# Terminal*) and type `bplib doctor`: it looks at every part and says in plain words what to do.
#
# Run the next cell too. It should show a small graph under three sliders. Move one and the numbers follow; press the arrow
# and the calculation goes one step on.


# %%
def circuit(x, y, z):
    q = x + y
    f = q * z
    return f


bp.Stepper(circuit, x=-2, y=5, z=-4)

# %% [markdown]
# Numbers above the lines are *values*, computed from left to right. Numbers below, in italics, are *gradients*, and they
# travel from right to left. What they mean is lesson 1. On a page without a running Python, such as a code host or a
# printout, you see the same picture standing still.
#
# **When you come back another day**, save before you leave (*File → Save Notebook*) and open the lesson again: your answers and all
# results are there, and the widgets move. Only Python has forgotten what it knew, so before you run a new cell, click into it and
# choose *Run → Run All Above Selected Cell*.
#
# **Some results wait for you.** The lessons have been run before you got them. What would answer a question too early is folded
# away: three dots stand in its place until you run the cell, and a text says *Read on when you have your own answer* until you
# click on it.
#
# And this is what it is *for*. Below, a small network has to tell two kinds of points apart, and does not know how: its
# weights are random numbers. **Press play.** At every step it works out the gradient of its loss (how wrong it is), for each
# of its 82 numbers, and moves all of them a little against it. Watch the border between the two colours, and the loss.

# %%
points, kinds = bp.moons(200, rng=0)
net = bp.MLP((2, 16, 2), rng=1)
print("numbers that it learns:", sum(array.size for array in net.params.values()))

# %%
bp.TrainingView(net, points, kinds, optimiser=bp.SGD(0.5))

# %% [markdown]
# Nobody told it where the border is. It found the way by gradients alone, and how it gets them, all at once and cheaply, is
# this course. You will build such a network yourself, up to the last line.
#
# ## 0.2 Self-checks
#
# In the lessons you will meet cells like the next one. Put your answer in place of the dots and run the cell. Nobody sees
# your answers, nothing is graded, and you may try as often as you like. Under a wrong answer waits a hint, folded up: open it
# when you want it. Each further attempt adds one; the first only points the way.
#
# **Self-check.** An affine layer takes `X` with the shape `(32, 784)`: 32 samples in rows, 784 numbers each. Its weights have the
# shape `(784, 50)`. How many rows and how many columns has `X @ W`?

# %%
rows = ...
columns = ...
check.shape_of_a_product(rows, columns)

# %% [markdown]
# ## 0.3 Break it on purpose: how to read a failed check
#
# The function below is meant to return the slope of $x^2$ at $x$. It is wrong. **Run the cells as they are** and read
# the card slowly:
#
# * the first line says *what* was checked, and *not yet*;
# * the next lines say *where* it differs: your number, the right one, and by how much;
# * where we recognise the mistake, its name stands there in bold, with a sentence about it;
# * the last line says **Hint.** and is folded up: open it when you are stuck. Each attempt adds one hint to it.


# %%
def slope_of_square(x):
    return x


# %%
check.slope(slope_of_square)

# %% [markdown]
# Now mend `slope_of_square`: change its line, run both cells again, and see the card turn to *right*.
#
# An **error** looks different: a red box that ends in a line such as `NameError: name 'slope' is not defined`. Read that
# **last line first**; it says what happened. The arrow further up shows where. Errors of this library name the rule that
# was broken and every shape involved:

# %%
try:
    bp.Node(np.ones((2, 3)), "x") * bp.Node(np.ones((4, 3)), "y")
except bp.ShapeError as error:
    print(error)

# %% [markdown]
# ## 0.4 Assignments
#
# Each lesson from 1 on has an assignment with the same number. You find it in the folder `assignments/release`, for instance
# `assignments/release/ps01/ps01.ipynb`. **Copy the folder** to a place of your own before you write in it: a new version of the course may replace
# the released one.
#
# * Write where it says `YOUR CODE HERE` and take away the line `raise NotImplementedError()`.
# * The test cells below are locked: run them, read them, leave them as they are. They end in your points for that task.
#   Part of a task earns part of its points.
# * Hidden tests are added when your work is graded. They ask the same questions with other numbers, so an answer that is right for the
#   right reason has nothing to fear.
# * **Validate before you hand in:** *Kernel → Restart Kernel and Run All Cells*, and then the **Validate** button, or
#   `nbgrader validate ps01.ipynb` in a terminal. A notebook that only works because of a cell you have deleted since fails here,
#   and not after the deadline.
# * **Hand in** the notebook file, with its name unchanged, in the way your instructor has told you.
#
# Now and then you may want a clean slate: *Kernel → Restart Kernel* forgets all variables, and nothing you have written.
#
# **On another day** a notebook that you open again shows your old results, and has forgotten all variables. Click into the first cell that
# you have not read yet, and choose *Run → Run All Above Selected Cell*; then go on. The lessons are divided into sittings, and say where it is
# good to stop.
#
# ## 0.5 The course on one page
#
# Three ways lead through it:
#
# * **The shortest path** is lessons 1, 2 and 8. In about five hours, in eight sittings, you know the chain rule and the gates, have written an engine of your own, and
#   have watched a network learn with it.
# * **The whole course** is all lessons in their order. Lessons 1 to 7 are the core, each begins where the one before it ends; lesson 8 can be read after lesson 2 or
#   after lesson 7.
# * **You are here to teach?** `INSTRUCTORS.md`, in the folder of the course, goes with you from the installation to the grades.
#
# A time includes the self-checks, but not the assignment. It is
# what readers took, and nobody takes it at once: each lesson has two or three sittings of 25 to 40 minutes.
#
# | | what it is about | time | then |
# |---|---|---|---|
# | [1 · The chain rule, one gate at a time](01_chain_rule.ipynb) | what a derivative tells, how to measure it, and how a graph finds all of them in one sweep | 95 minutes | `ps01` |
# | [2 · What each gate does to a gradient](02_gate_patterns.ipynb) | gates distribute, swap, add and route; and what becomes of gradients where a value is used twice | 110 minutes | `ps02` |
# | [3 · Many in, many out: the Jacobian that nobody forms](03_vector_jacobians.ipynb) | gradients of vectors, and why the full table of slopes is never made | 110 minutes | `ps03` |
# | [4 · Matrices, one element at a time](04_affine_batch.ipynb) | the affine layer, a batch of samples, and what broadcasting does on the way back | 90 minutes | `ps04` |
# | [5 · Softmax and its loss: how wrong is a guess?](05_softmax_loss.ipynb) | from scores to probabilities to a loss, and the short gradient $y-t$ | 95 minutes | `ps05` |
# | [6 · Four equations for a whole network](06_mlp_bp1_bp4.ipynb) | BP1 to BP4, from the proof to the program | 105 minutes | `ps06` |
# | [7 · A network that learns, and how to know that its gradient is right](07_train_and_check.ipynb) | gradient checks, and training on real digits | 105 minutes | `ps07` |
# | [8 · Build the engine yourself](08_build_an_engine.ipynb) | a value that knows where it came from, an order, a sweep: an engine of your own, and the network that it trains | 110 minutes | `ps08` |
# | [9 · The bug hunt: eight measurements, and ten networks that are wrong in one line](09_bug_hunt.ipynb) | a method that finds what a gradient check lets pass; name it, prove it, mend it | 75 minutes | `ps09` |
# | [10 · Deep signals: why depth is hard, and what helps](10_deep_signals.ipynb) | activations, vanishing and exploding gradients, how weights begin, momentum and Adam | 105 minutes | `ps10` |
# | [11 · Convolution: a shared weight is a fork](11_convolution.ipynb) | kernels that slide, im2col, pooling, a small CNN, AlexNet as one graph | 105 minutes | `ps11` |
# | [12 · Norm and attention: every piece is an old lesson](12_norm_and_attention.ipynb) | batch norm, layer norm, residuals, dropout, attention both ways, and a block that learns to sort | 110 minutes | `ps12` |
#
# A word that you have forgotten is in the [glossary](glossary.ipynb), with the section that introduces it.
#
# ## 0.6 How far you are
#
# A self-check that has been right once, and a task that has reached all its points, counts as done. Which ones, and since when, is
# written to a small file on your own computer. Nothing else stands in it, and nobody is sent it. On this page, as we give it
# out, nothing is done yet. Run the cell and see whether yours is ahead; `bplib progress` in a terminal shows the same.

# %%
bp.progress()

# %% [markdown]
# ## 0.7 The conventions card
#
# You need none of it today. These are the conventions of all lessons, to come back to when a formula elsewhere looks transposed.
#
# <details>
# <summary>Open the card</summary>
#
# | | |
# |---|---|
# | samples are rows | `X (N, D)`, `W (D, M)`, `b (M,)`, and `Y = X @ W + b` is `(N, M)` |
# | and on the way back | `dX = dY @ W.T`, `dW = X.T @ dY`, `db = dY.sum(axis=0)` |
# | samples are columns | in one old text that lesson 6 reads: $z=wa+b$ with $w$ `(out, in)`; each formula is the transpose of ours |
# | a gradient has the shape of its variable | `dW` has the shape of `W` |
# | what a gate does on the way back | *upstream × local = downstream* |
# | the Jacobian | $J_{ij}=\partial y_i/\partial x_j$; backward computes $J^{\mathsf T}v$ and never forms $J$ |
# | the mean over samples | the factor $1/N$ lives in the loss, and nowhere else |
# | backward is polite | it never changes what it is given: not the upstream, not the inputs, not what forward has kept |
# | letters | $x$ goes in, $W$ and $b$ are learned, $y$ comes out, $t$ is the target, $L$ the loss, $h$ the step of a nudge |
# | the slope of relu at 0 | 0, however it is written: `bp.relu(x)`, `np.maximum(x, 0)`. At a tie of two inputs, `np.maximum(a, b)`, all goes to $a$. Checks keep away from both |
# | counting | mathematics counts from 1, Python from 0; we say so where both stand side by side |
# | printing | numbers are rounded when shown: 2 × 0.20 = 0.39 only looks wrong, and 715 can be 715.0000000000001 |
#
# </details>
#
# Two lines of the card surprise people. One is about rounding: an example that lesson 2 explains, first rounded and then in full. The
# other is about 0, where relu, which is $x$ for positive $x$ and else 0, has a corner.

# %%
sigma = 1 / (1 + np.exp(-1))
signal = sigma * (1 - sigma)
print(f"2 × {signal:.2f} = {2 * signal:.2f}")
print(f"2 × {signal:.6f} = {2 * signal:.6f}")

for name, f in (
    ("bp.relu(x)", bp.relu),
    ("np.maximum(0, x)", lambda x: np.maximum(0, x)),
    ("np.maximum(x, 0)", lambda x: np.maximum(x, 0)),
):
    print(f"slope at 0 of {name:17} {bp.grad(f)(0.0):.0f}")
to_a, to_b = bp.grad(lambda a, b: np.maximum(a, b))(0.0, 0.0)
print(f"np.maximum(a, b) at a = b: {to_a:.0f} to a, {to_b:.0f} to b")

# %% [markdown]
# ## Where the library does this
#
# The check that caught the wrong slope has no list of right answers. It measures the slope itself and asks whether yours is
# close, beside the size of the numbers compared:

# %%
print(inspect.getsource(bp.close))

# %% [markdown]
# ## Summary
#
# * **Shift + Enter** runs a cell; **Kernel → Restart** gives a clean slate; `bplib doctor` finds out what is wrong.
# * A check says what, where and by how much, names the mistake if it knows it, and keeps its hints folded up.
# * Copy an assignment, write, restart and run all, validate, hand in.
# * `bplib progress` shows what is done and what is still open.
#
# ## Exercises
#
# 1. Answer the self-check in 0.2 wrongly three times, and open the hints each time.
# 2. Let `slope_of_square` return `2`, then `2 * x + 1`, then `"two x"`. Predict what each card says.
#
# **Next:** [lesson 1](01_chain_rule.ipynb), which begins with two apples and a bill.
#
# ## Sources
#
# The notation follows [CS231n](https://cs231n.github.io/) and K. Saitoh,
# [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/) (samples in rows); the columns of M. Nielsen,
# [*Neural Networks and Deep Learning*](http://neuralnetworksanddeeplearning.com/), are translated where they first appear, in lesson 6.
