# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 2 · What each gate does to a gradient
#
# Six tasks for the computer to grade (18 points) and one explanation that a person reads (4 points). They go with
# lesson 2. **Time:** 90 to 120 minutes.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another, so a task that will not come out costs you nothing elsewhere.
#
# In Tasks 1 to 5, write lines of your own in numpy: `bplib` may not do their work.
#
# In all tasks, *upstream* is the signal that arrives on the way back. Nudging does not count as an answer anywhere, but it is a good way to check yourself.
# And what a function is handed belongs to its caller: leave it as it is.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps02 as ask


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_rules", "locked": true, "solution": false, "task": false}
# ## Task 1 · Four rules (3 points)
#
# Write the backward rules of four gates, for plain numbers. `back_add`, `back_multiply` and `back_max` get the upstream and the two inputs, and return a
# pair: what `x` gets and what `y` gets. `x` and `y` are never equal.
#
# `back_copy` gets a list of signals, one from each place where the copies of `x` were used (two places or more), and returns what `x` gets.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "rules", "locked": false, "solution": true, "task": false}
def back_add(upstream, x, y):
    ### BEGIN SOLUTION
    return upstream, upstream
    ### END SOLUTION


def back_multiply(upstream, x, y):
    ### BEGIN SOLUTION
    return upstream * y, upstream * x
    ### END SOLUTION


def back_max(upstream, x, y):
    ### BEGIN SOLUTION
    return (upstream, 0.0) if x > y else (0.0, upstream)
    ### END SOLUTION


def back_copy(signals):
    ### BEGIN SOLUTION
    return sum(signals)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_rules", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.add_rule, back_add)
    check(ask.multiply_rule, back_multiply)
    check(ask.max_rule, back_max)
    check(ask.copy_rule, back_copy)
    ### BEGIN HIDDEN TESTS
    check(ask.add_rule, back_add, seed=bp.course_seed())
    check(ask.multiply_rule, back_multiply, seed=bp.course_seed())
    check(ask.max_rule, back_max, seed=bp.course_seed())
    check(ask.copy_rule, back_copy, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_staged", "locked": true, "solution": false, "task": false}
# ## Task 2 · Five uses of two values (3 points)
#
# $$f(x,y)=\frac{x+\sigma(y)}{\sigma(x)+(x+y)^2}$$
#
# Write `staged(x, y)`, which returns three numbers: $f$, $\partial f/\partial x$ and $\partial f/\partial y$. Go forward in small stages and give every
# intermediate value a name; then go back through the same stages in the opposite order, one line for each. Forward, `x` is used three times and `y` twice.
# `sigmoid` is there for you. At $x=3$, $y=-4$ the three numbers are 1.545645, 2.059570 and 1.592233.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "staged", "locked": false, "solution": true, "task": false}
def staged(x, y):
    ### BEGIN SOLUTION
    sig_y = sigmoid(y)
    num = x + sig_y
    sig_x = sigmoid(x)
    total = x + y
    den = sig_x + total**2
    inv = 1 / den
    f = num * inv

    d_num, d_inv = inv, num
    d_den = d_inv * -(inv**2)
    d_total = d_den * 2 * total
    dx = dy = d_total
    dx += d_den * sig_x * (1 - sig_x)
    dx += d_num
    dy += d_num * sig_y * (1 - sig_y)
    return f, dx, dy
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_staged", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.staged, staged, x=3.0, y=-4.0)
    ### BEGIN HIDDEN TESTS
    check(ask.staged_anywhere, staged, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_sigmoid", "locked": true, "solution": false, "task": false}
# ## Task 3 · The sigmoid, opened and closed (4 points)
#
# **Opened.** In four stages the sigmoid is $a=-x$, $b=e^{a}$, $c=1+b$, $y=1/c$. Write `stages(upstream, x)` for plain numbers: the upstream arrives at $y$, and
# the function returns the four signals `dc, db, da, dx`, in the order in which you meet them on the way back.
#
# **Closed.** Write the same as a single gate, for numbers and for arrays of any shape:
#
# * `sigmoid_forward(x)` returns $y$, also for whole numbers, and without an overflow at $x=\pm1000$: no exponential may become too large, in any entry, not even
#   in a result that is thrown away afterwards. (Lesson 2, section 2.6.)
# * `sigmoid_backward(upstream, y)` returns what `x` gets, from the upstream and the *output* alone.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "sigmoid", "locked": false, "solution": true, "task": false}
def stages(upstream, x):
    ### BEGIN SOLUTION
    a = -x
    b = np.exp(a)
    c = 1 + b
    y = 1 / c

    dc = upstream * -(y**2)
    db = dc
    da = db * b
    dx = -da
    return dc, db, da, dx
    ### END SOLUTION


def sigmoid_forward(x):
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(x))  # never above 1
    return np.where(np.asarray(x) >= 0, 1.0, e) / (1.0 + e)
    ### END SOLUTION


def sigmoid_backward(upstream, y):
    ### BEGIN SOLUTION
    return upstream * y * (1 - y)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_sigmoid", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.stages, stages)
    check(ask.sigmoid_values, sigmoid_forward)
    check(ask.sigmoid_far_out, sigmoid_forward)
    check(ask.sigmoid_rule, sigmoid_backward)
    ### BEGIN HIDDEN TESTS
    check(ask.stages, stages, seed=bp.course_seed())
    check(ask.sigmoid_values, sigmoid_forward, seed=bp.course_seed())
    check(ask.sigmoid_far_out, sigmoid_forward, seed=bp.course_seed())
    check(ask.sigmoid_rule, sigmoid_backward, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_neuron", "locked": true, "solution": false, "task": false}
# ## Task 4 · A neuron and its gradients (2 points)
#
# $$n = x_0w_0+x_1w_1+\dots+\text{bias},\qquad o=\tanh n$$
#
# Write `neuron(x, w, bias, upstream)`. `x` and `w` are arrays of the same length, of any length; `upstream` arrives at $o$. Return $o$ and the gradients
# of `x`, `w` and `bias`, in this order. The first test is the neuron of lesson 2.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "neuron", "locked": false, "solution": true, "task": false}
def neuron(x, w, bias, upstream):
    ### BEGIN SOLUTION
    o = np.tanh(x @ w + bias)
    dn = upstream * (1 - o**2)
    return o, dn * w, dn * x, dn
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_neuron", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.neuron, neuron)
    ### BEGIN HIDDEN TESTS
    check(ask.neuron, neuron, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_classifier", "locked": true, "solution": false, "task": false}
# ## Task 5 · A classifier with a penalty (4 points)
#
# One sample `x` with $D$ numbers, weights `W` with $D$ rows and a column for each of $C$ classes, the number `right` of the right class (from 0), and `strength`, the $\lambda$ of the
# penalty:
#
# $$s = x\,W,\qquad \text{loss}=\sum_{j\ne \text{right}}\max(0,\;s_j-s_{\text{right}}+1)\;+\;\lambda\sum_{i,j}W_{ij}^2$$
#
# Write `classifier(x, W, right, strength)`, which returns three things: the loss, `ds` (the gradient of the $C$ scores) and `dW` (the gradient of all weights, with the
# shape of `W`). The first test is the classifier of lesson 2; in the others there are more classes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "classifier", "locked": false, "solution": true, "task": false}
def classifier(x, W, right, strength):
    ### BEGIN SOLUTION
    s = x @ W
    margins = np.maximum(0, s - s[right] + 1)
    margins[right] = 0
    loss = margins.sum() + strength * np.sum(W**2)

    ds = (margins > 0).astype(float)
    ds[right] = -ds.sum()
    dW = np.outer(x, ds)
    dW += 2 * strength * W
    return loss, ds, dW
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_classifier", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.classifier, classifier)
    check(ask.classifier, classifier, seed=0)
    ### BEGIN HIDDEN TESTS
    check(ask.classifier, classifier, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_swish", "locked": true, "solution": false, "task": false}
# ## Task 6 · A gate of your own (2 points)
#
# Some networks use $\text{out}=x\,\sigma(x)$, called *swish*, in place of a sigmoid. Write it as one gate: a class with `forward(x)` and `backward(upstream, out, x)`, for arrays of any
# shape. There is a fork inside. `sigmoid` is there for you, and so are the gates of `bplib`, but not its derivatives.
#
# The last part of the test is `bp.check_gate`, which compares any gate with measured slopes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "swish", "locked": false, "solution": true, "task": false}
class Swish:
    def forward(self, x):
        ### BEGIN SOLUTION
        return x * sigmoid(x)
        ### END SOLUTION

    def backward(self, upstream, out, x):
        ### BEGIN SOLUTION
        s = sigmoid(x)
        return upstream * (s + x * s * (1 - s))
        ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_swish", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.swish, Swish)
    ### BEGIN HIDDEN TESTS
    check(ask.swish, Swish, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 7 · Explain it (4 points, read by a person)
#
# A friend has written a backward pass with `=` where `+=` belongs, and says: "the second gradient is newer, so it replaces the first." Explain to
# them, in 100 to 200 words, **why gradients add up where a value is used twice.**
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | what a nudge of the value does: it moves all of its uses at once |
# | 1 | why the effects of small moves are summed, and not multiplied, averaged or replaced |
# | 1 | what that means for the backward pass: what arrives from each use, where it is added, and what `=` loses |
# | 1 | an example with numbers, in which the sum is right and the single gradient is not |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# A gradient answers one question: if I nudge this value a little, how much does the output change? When the value is used at two places, I cannot nudge it at one place only. Both
# uses move at once, and the output feels both moves.
#
# For small nudges each use contributes its own slope times the nudge, as if the other use had stayed where it was; what the two do to each other is of the size of the nudge squared and
# vanishes. So the changes add, and so do the slopes. Slopes are multiplied only along one path, where one change causes the next.
#
# On the way back every use sends its own signal, upstream × local, to the value. None of them knows of the other. The value begins with 0 and adds whatever arrives. With `=`
# the last arrival wipes out the others, and what they did to the output is forgotten.
#
# Take $f=x\cdot x$ at $x=3$. Each side of the product sends 3. The sum is 6, and indeed $3.01^2-3^2=0.0601$, six times the nudge but for its square. With `=` the answer would be 3.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your own experiments
#
# This corner is yours and is not graded. Some ideas: what does `bp.record` draw for your `staged`, written with `bp.sigmoid`? Put your `Swish` into a graph with `bp.apply`. Show `classifier`
# a hundred small steps against its gradient, `W = W - 0.1 * dW`: what becomes of the scores?

# %%
bp.check_gate(Swish, np.array([[-1.5, 0.5, 2.0]]))
