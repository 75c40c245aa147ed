# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 4 · Matrices, batches and broadcasting
#
# Five tasks for the computer to grade (17 points) and one explanation that a person reads (4 points). They go with lesson 4.
# **Time:** 90 minutes.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another, so a task that will not come out costs you nothing elsewhere.
#
# Write lines of your own in numpy: `bplib` may not do their work. A derivative comes from its rule, and nudging does not count.
#
# As in the lesson, samples are rows: `X` is `(N, D)`, `W` is `(D, M)` and `Y = X @ W` is `(N, M)`. A gradient has the shape of its variable.
# What a function is handed belongs to the caller: leave it as it is.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps04 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_slices", "locked": true, "solution": false, "task": false}
# ## Task 1 · One element at a time (3 points)
#
# How does *all* of `Y = X @ W` move with a single number? Write two functions, which return arrays in the shape of `Y`, `(N, M)`:
#
# * `slice_of_x(X, W, i, k)` returns $\partial Y/\partial X_{ik}$,
# * `slice_of_w(X, W, k, j)` returns $\partial Y/\partial W_{kj}$.
#
# Indices count from 0. Find out which numbers go where.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "slices", "locked": false, "solution": true, "task": false}
def slice_of_x(X, W, i, k):
    ### BEGIN SOLUTION
    moves = np.zeros((len(X), W.shape[1]))
    moves[i] = W[k]
    return moves
    ### END SOLUTION


def slice_of_w(X, W, k, j):
    ### BEGIN SOLUTION
    moves = np.zeros((len(X), W.shape[1]))
    moves[:, j] = X[:, k]
    return moves
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_slices", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.slice_of_x, slice_of_x)
    check(ask.slice_of_w, slice_of_w)
    ### BEGIN HIDDEN TESTS
    check(ask.slice_of_x, slice_of_x, sizes=(2, 5, 4), seed=bp.course_seed(), weight=2)
    check(ask.slice_of_w, slice_of_w, sizes=(2, 5, 4), seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_product", "locked": true, "solution": false, "task": false}
# ## Task 2 · The matrix product (3 points)
#
# Write `product_backward(dY, X, W)` for $Y=XW$. `dY` is the upstream $\partial L/\partial Y$, and the answer is a tuple: `dX`, `dW`.
#
# The test tries two cases. In the first all sizes are equal, so that a wrong product has a chance to run and to be recognised. In the
# second no two sizes are equal.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "product", "locked": false, "solution": true, "task": false}
def product_backward(dY, X, W):
    ### BEGIN SOLUTION
    return dY @ W.T, X.T @ dY
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_product", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.product_backward, product_backward, sizes=(3, 3, 3))
    check(ask.product_backward, product_backward, sizes=(4, 3, 2))
    ### BEGIN HIDDEN TESTS
    check(ask.product_backward, product_backward, sizes=(5, 2, 3), seed=bp.course_seed(), weight=2)
    check(ask.product_backward, product_backward, sizes=(1, 4, 2), seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_sandwich", "locked": true, "solution": false, "task": false}
# ## Task 3 · When shapes do not decide (3 points)
#
# $$Y = A\,B\,A\qquad\text{with } A \text{ and } B \text{ both } (n, n)$$
#
# Every product of these matrices, in any order and turned or not, has the right shape. So there is nothing to go by but the rule. And one of the
# two matrices is used twice. Write `sandwich_backward(dY, A, B)`, which returns `dA, dB`.
#
# *It helps to name the stages: $P = A\,B$, then $Y = P\,A$.*


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "sandwich", "locked": false, "solution": true, "task": false}
def sandwich_backward(dY, A, B):
    ### BEGIN SOLUTION
    P = A @ B
    dP, dA_right = dY @ A.T, P.T @ dY
    dA_left, dB = dP @ B.T, A.T @ dP
    return dA_left + dA_right, dB
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_sandwich", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.sandwich_backward, sandwich_backward)
    ### BEGIN HIDDEN TESTS
    check(ask.sandwich_backward, sandwich_backward, n=4, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_affine", "locked": true, "solution": false, "task": false}
# ## Task 4 · An affine layer, as the books write it (5 points)
#
# Write the class `Affine`. `Affine(W, b)` keeps `W` `(D, M)` and `b` `(M,)`.
#
# * `forward(x)` returns `x @ W + b` and remembers what the way back will need.
# * `backward(dout)` returns `dx`, in the shape of `x`, and leaves the other two gradients in `self.dW` and `self.db`.
#
# It has to work for a batch `x` of shape `(N, D)`, for **one sample** `(D,)`, where the result has the shape `(M,)`, and for a batch of **images**
# of shape `(N, channels, height, width)`, where each image is laid out as one row of $D$ = channels · height · width numbers
# (`x.reshape(N, -1)` does that).
#
# Each call of `backward` begins anew: the gradients are those of this call and not a sum over several.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "affine", "locked": false, "solution": true, "task": false}
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW = self.db = None

    def forward(self, x):
        ### BEGIN SOLUTION
        self.shape = x.shape
        self.rows = x.reshape(len(x), -1) if x.ndim > 1 else x[None, :]
        out = self.rows @ self.W + self.b
        return out if x.ndim > 1 else out[0]
        ### END SOLUTION

    def backward(self, dout):
        ### BEGIN SOLUTION
        dout = dout.reshape(len(self.rows), -1)
        self.dW = self.rows.T @ dout
        self.db = dout.sum(axis=0)
        return (dout @ self.W.T).reshape(self.shape)
        ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_affine", "locked": true, "points": 5, "solution": false, "task": false}
with bp.Checks(points=5) as check:
    check(ask.affine_batch, Affine, sizes=(3, 3, 3))
    check(ask.affine_batch, Affine, sizes=(4, 3, 2))
    check(ask.affine_sample, Affine)
    check(ask.affine_images, Affine)
    check(ask.affine_again, Affine)
    ### BEGIN HIDDEN TESTS
    check(ask.affine_batch, Affine, sizes=(4, 2, 5), seed=bp.course_seed(), weight=2)
    check(ask.affine_sample, Affine, seed=bp.course_seed())
    check(ask.affine_images, Affine, seed=bp.course_seed())
    check(ask.affine_again, Affine, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_unbroadcast", "locked": true, "solution": false, "task": false}
# ## Task 5 · Undo a broadcast (3 points)
#
# Somewhere in a calculation numpy has broadcast an array `x` to a larger shape. Back comes `gradient`, in the larger shape. Write
# `unbroadcast(gradient, shape)`, which returns $\partial L/\partial x$ in the shape of `x`, for example from `(5, 1, 2, 4, 3)` to `(2, 1, 3)`.
#
# Remember how numpy does it: shapes are aligned at the **right**, missing axes are added on the left, and axes of length 1 are stretched. `shape` may also
# be `()`, for a number, or the shape of `gradient` itself, when nothing was broadcast.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "unbroadcast", "locked": false, "solution": true, "task": false}
def unbroadcast(gradient, shape):
    ### BEGIN SOLUTION
    new = gradient.ndim - len(shape)
    summed = gradient.sum(axis=tuple(range(new)))
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return summed.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_unbroadcast", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.unbroadcast, unbroadcast, large=(2, 3), shape=(3,))
    check(ask.unbroadcast, unbroadcast, large=(2, 3), shape=(2, 1))
    check(ask.unbroadcast, unbroadcast, large=(5, 1, 2, 4, 3), shape=(2, 1, 3))
    ### BEGIN HIDDEN TESTS
    check(ask.unbroadcast_anything, unbroadcast, seed=bp.course_seed(), weight=4)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 6 · Explain it (4 points, read by a person)
#
# A layer computes $Y=XW+b$ for a batch of $N$ samples. Explain to a friend who knows the chain rule, in 100 to 200 words, **why the gradient of `b` is
# a sum over the batch**, and why there is no $1/N$ in it. Use an example with two samples and numbers of your own.
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | what a nudge of one bias moves: one entry in *each* row, all by the same amount |
# | 1 | why the contributions are added: one value with several uses, and gradients add up at a fork |
# | 1 | an example in which the right axis can be told from the wrong one |
# | 1 | where a $1/N$ belongs, and why the layer must not divide once more |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# Take one bias, say $b_0$, and raise it by a tiny $h$. It is added in every row of the batch, so $Y_{00}$ rises by $h$, $Y_{10}$ rises by $h$, and so on: one
# entry per sample. The loss feels all of these changes.
#
# So $b_0$ is one value that is used $N$ times. It is as if numpy had made a copy of it for each row. From each copy comes back the upstream of its row
# times the local derivative 1, and where a value is used several times its gradients add up. The gradient is $\sum_i dY_{i0}$.
#
# With two samples, three outputs and $dY=((1,0,2),(10,20,30))$ I get $db=(11,20,32)$: three numbers for three biases. Adding along the other axis would give
# $(3,60)$, which does not even have the shape of $b$.
#
# If the loss is a mean over the samples, its own gradient has the factor $1/N$, so every entry of $dY$ has it already. The sum takes it along. Dividing in the
# layer again would count it twice.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your own experiments
#
# This corner is yours and is not graded. Some ideas: put your `product_backward` into `bp.check_gate`, as below. Look at the same numbers in `bp.MatrixBackprop`. How does the time of `X @ W`
# compare with that of `product_backward` for 512 × 512 matrices?


# %%
class Product:
    def forward(self, X, W):
        return X @ W

    def backward(self, upstream, out, X, W):
        return product_backward(upstream, X, W)


bp.check_gate(Product(), np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4))
