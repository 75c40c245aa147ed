# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 5 · Softmax with loss
#
# Six tasks for the computer to grade (18 points) and one explanation that a person reads (4 points). They go with lesson 5.
# **Time:** 75 to 105 minutes.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another, so a task that will not come out costs you nothing elsewhere.
#
# Everywhere rows are samples: scores `z` are `(N, C)`, N samples and C classes. The labels `t` come in two forms: class indices `(N,)`, counted from 0,
# or rows `(N, C)` that each add up to 1, one-hot or soft. Leave all arguments as they are. Write lines of your own in
# numpy: `bplib` may not do their work, and nudging does not count as the way back.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps05 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_softmax", "locked": true, "solution": false, "task": false}
# ## Task 1 · Softmax that no score can break (3 points)
#
# $$y_{ni}=\frac{e^{z_{ni}}}{\sum_j e^{z_{nj}}}$$
#
# Write `softmax(z)`, row by row. It has to be finite for every finite `z`: for scores of 1010, of −1000, and for rows that have nothing to do with each
# other.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "softmax", "locked": false, "solution": true, "task": false}
def softmax(z):
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_softmax", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.softmax, softmax)
    check(ask.softmax_of_large_scores, softmax)
    check(ask.leaves_z_alone, softmax)
    ### BEGIN HIDDEN TESTS
    check(ask.softmax, softmax, seed=bp.course_seed(), weight=2)
    check(ask.softmax_of_large_scores, softmax, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_log_softmax", "locked": true, "solution": false, "task": false}
# ## Task 2 · Its logarithm (2 points)
#
# Write `log_softmax(z)`, the logarithm of the softmax of each row, `(N, C)`. It has to be exact where softmax rounds to 0: for the row
# $(0, 3, -800)$ the last entry is about −803, and neither `-inf` nor −16.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "log_softmax", "locked": false, "solution": true, "task": false}
def log_softmax(z):
    ### BEGIN SOLUTION
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_log_softmax", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.log_softmax, log_softmax)
    check(ask.log_softmax_of_large_scores, log_softmax)
    check(ask.leaves_z_alone, log_softmax)
    ### BEGIN HIDDEN TESTS
    check(ask.log_softmax, log_softmax, seed=bp.course_seed())
    check(ask.log_softmax_of_large_scores, log_softmax, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_loss", "locked": true, "solution": false, "task": false}
# ## Task 3 · What the guesses cost (3 points)
#
# $$L=-\frac1N\sum_n\sum_i t_{ni}\,\log y_{ni}$$
#
# Write `softmax_loss(z, t, log_softmax)`, which returns one number. `t` may have either form (`t.ndim` tells which). The last argument is a function as in
# Task 2. The test hands in a working one, whatever became of yours. The scores may be as far out as there.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "loss", "locked": false, "solution": true, "task": false}
def softmax_loss(z, t, log_softmax):
    ### BEGIN SOLUTION
    log_y = log_softmax(z)
    if t.ndim == 1:
        return -log_y[np.arange(len(z)), t].mean()
    return -np.sum(t * log_y) / len(z)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_loss", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.loss_of_indices, softmax_loss)
    check(ask.loss_of_rows, softmax_loss)
    check(ask.loss_far_off, softmax_loss)
    ### BEGIN HIDDEN TESTS
    check(ask.loss_of_indices, softmax_loss, seed=bp.course_seed())
    check(ask.loss_of_rows, softmax_loss, seed=bp.course_seed())
    check(ask.loss_far_off, softmax_loss, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_backward", "locked": true, "solution": false, "task": false}
# ## Task 4 · The way back to the scores (4 points)
#
# Write `softmax_loss_backward(upstream, y, t)`. `y` `(N, C)` are the probabilities from the forward pass, `t` are labels of either form, and
# `upstream` is a number, the signal that arrives at the loss. It returns the gradient of the scores, `(N, C)`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "backward", "locked": false, "solution": true, "task": false}
def softmax_loss_backward(upstream, y, t):
    ### BEGIN SOLUTION
    if t.ndim == 1:
        t = np.eye(y.shape[1])[t]
    return upstream * (y - t) / len(y)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_backward", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.gradient_of_indices, softmax_loss_backward)
    check(ask.gradient_of_rows, softmax_loss_backward)
    check(ask.backward_leaves_alone, softmax_loss_backward)
    ### BEGIN HIDDEN TESTS
    check(ask.gradient_of_indices, softmax_loss_backward, seed=bp.course_seed(), weight=2)
    check(ask.gradient_of_rows, softmax_loss_backward, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_layer", "locked": true, "solution": false, "task": false}
# ## Task 5 · The layer (4 points)
#
# Put it together as the books do: an object that remembers. `forward(z, t)` returns the loss and keeps what the way back will need. `backward(upstream)`
# returns the gradient of the scores. It may be called twice after one `forward`, and then gives the same twice; after another
# `forward` it answers for that one. Every layer remembers its own batch, and scores may be far out, as in Task 2.
#
# The layer is made with `SoftmaxWithLoss(log_softmax)`: the test hands in a working function again, and `__init__` keeps it as `self.log_softmax`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "layer", "locked": false, "solution": true, "task": false}
class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        ### BEGIN SOLUTION
        log_y = self.log_softmax(z)
        self.y = np.exp(log_y)
        self.t = np.eye(z.shape[1])[t] if t.ndim == 1 else t
        return -np.sum(self.t * log_y) / len(z)
        ### END SOLUTION

    def backward(self, upstream=1.0):
        ### BEGIN SOLUTION
        return upstream * (self.y - self.t) / len(self.y)
        ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_layer", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.layer_forward, SoftmaxWithLoss)
    check(ask.layer_backward, SoftmaxWithLoss, weight=2)
    check(ask.layer_memory, SoftmaxWithLoss, weight=2)
    check(ask.layer_far_off, SoftmaxWithLoss)
    ### BEGIN HIDDEN TESTS
    check(ask.layer_forward, SoftmaxWithLoss, seed=bp.course_seed())
    check(ask.layer_backward, SoftmaxWithLoss, seed=bp.course_seed(), weight=2)
    check(ask.layer_far_off, SoftmaxWithLoss, seed=bp.course_seed())
    check(ask.layer_memory, SoftmaxWithLoss, seed=bp.course_seed(), weight=2)
    check(ask.layers_are_independent, SoftmaxWithLoss, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_accuracy", "locked": true, "solution": false, "task": false}
# ## Task 6 · How many are right? (2 points)
#
# Write `accuracy(z, t)`: the share of samples whose largest score belongs to the true class, a number between 0 and 1. `t` may have either
# form. In a row of targets the true class is the one with the largest entry.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "accuracy", "locked": false, "solution": true, "task": false}
def accuracy(z, t):
    ### BEGIN SOLUTION
    if t.ndim == 2:
        t = t.argmax(axis=1)
    return np.mean(z.argmax(axis=1) == t)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_accuracy", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.accuracy_of_indices, accuracy)
    check(ask.accuracy_of_rows, accuracy)
    ### BEGIN HIDDEN TESTS
    check(ask.accuracy_of_indices, accuracy, seed=bp.course_seed())
    check(ask.accuracy_of_rows, accuracy, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 7 · Explain it (4 points, read by a person)
#
# Explain in 120 to 220 words **why the gradient of the scores is** $y-t$ **for one sample, and what it does to the scores**. Write for a friend
# who knows derivatives and softmax. Formulas are welcome (`$y-t$`), and so is an example with numbers.
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | a derivation whose steps can be followed: in one line, through the graph or through the Jacobian |
# | 1 | the place where $\sum t=1$ is used |
# | 1 | pull and push: which scores move up and which down, and by how much each |
# | 1 | why pull and push are in balance, and how large they are for a guess that is sure and right, or sure and wrong |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# Write $S=\sum_j e^{z_j}$. Then $\log y_i=z_i-\log S$, and the loss is
#
# $$L=-\sum_i t_i(z_i-\log S)=\Big(\sum_i t_i\Big)\log S-\sum_i t_iz_i=\log S-\sum_i t_iz_i .$$
#
# The last step is where $\sum t=1$ is used. The derivative of $\log S$ for $z_k$ is $e^{z_k}/S=y_k$, and that of the rest is $-t_k$. Together: $y_k-t_k$.
#
# Training moves each score against its slope. For the true class the slope is $y-1<0$, so its score is pulled up, by what its probability lacks
# to 1. For every other class the slope is $y>0$, so its score is pushed down, by the probability that it took. With $y=(0.3,0.2,0.5)$ and the second class
# true, the slopes are $(0.3,-0.8,0.5)$: one pull of 0.8, and pushes of 0.3 and 0.5.
#
# They balance, because $y$ and $t$ both add up to 1, so $y-t$ adds up to 0. A guess that is sure and right, $(0.01,0.99,0)$, is hardly moved.
# One that is sure and wrong is pulled with a strength of nearly 1, the most there is.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your own experiments
#
# This corner is yours and is not graded. Some ideas: move the scores by `-softmax_loss_backward(1.0, softmax(z), t)` again and again, and print the loss. Give one sample
# a wrong label: what becomes of its row? Divide all scores by 2, or by 10, before softmax: which guesses does it change, and which answers?

# %%
bp.SoftmaxLoss(z=(2.0, -1.0, 0.5, 0.0), t=2)
