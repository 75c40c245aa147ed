# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 3 · Jacobians, and how to do without
#
# Seven tasks for the computer to grade (19 points) and one explanation that a person reads (4 points). They go with
# lesson 3. **Time:** 75 to 100 minutes.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another, so a task that will not come out costs you nothing elsewhere.
#
# Write lines of your own in numpy: `bplib` may not do their work. From Task 3 on a derivative comes from its rule, and nudging
# does not count.
#
# In all of them $J_{ij}=\partial y_i/\partial x_j$: rows are outputs, columns are inputs. And what a function is handed
# belongs to its caller: leave the arguments as they are.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps03 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_nudged", "locked": true, "solution": false, "task": false}
# ## Task 1 · A Jacobian by nudging (3 points)
#
# Write `nudged_jacobian(f, x, h=1e-5)`. `f` takes a vector of $n$ numbers and returns a vector of $m$ numbers; the result
# is its Jacobian at `x`, an array of shape `(m, n)`, by **central** differences with the step `h`.
#
# Nudging one input shows how every output moves with it. Is that a row or a column?


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "nudged", "locked": false, "solution": true, "task": false}
def nudged_jacobian(f, x, h=1e-5):
    ### BEGIN SOLUTION
    columns = [(f(x + h * unit) - f(x - h * unit)) / (2 * h) for unit in np.eye(len(x))]
    return np.column_stack(columns)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_nudged", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.nudged_jacobian, nudged_jacobian, weight=2)
    check(ask.nudged_jacobian_leaves_x, nudged_jacobian)
    ### BEGIN HIDDEN TESTS
    check(ask.nudged_jacobian, nudged_jacobian, seed=bp.course_seed(), sizes=((2, 5), (4, 4)), weight=2)
    check(ask.nudged_jacobian_leaves_x, nudged_jacobian, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_products", "locked": true, "solution": false, "task": false}
# ## Task 2 · The two products (3 points)
#
# `pull_back(J, v)` takes a gradient `v` for the outputs back to the inputs, $J^{\mathsf T}v$. `push_forward(J, t)` takes a movement `t` of
# the inputs forth to the outputs, $J\,t$.
#
# The outputs $y$ and the inputs $x$ may be arrays of **any** shape. Then `J` has the axes of $y$ first and those of $x$ after them: `J.shape` is
# the shape of $y$ followed by the shape of $x$, and `J[1, 0, 2]` with $y$ of shape `(2, 3)` and $x$ of shape `(4,)` is
# $\partial y_{1,0}/\partial x_2$. `v` has the shape of $y$ and `t` that of $x$. The result of `pull_back` has the shape of $x$, that of `push_forward`
# the shape of $y$.
#
# *With vectors, each is one product. For the rest, think of all entries as standing in one line.*


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "products", "locked": false, "solution": true, "task": false}
def pull_back(J, v):
    ### BEGIN SOLUTION
    x_shape = J.shape[v.ndim :]
    return (J.reshape(v.size, -1).T @ v.ravel()).reshape(x_shape)
    ### END SOLUTION


def push_forward(J, t):
    ### BEGIN SOLUTION
    y_shape = J.shape[: J.ndim - t.ndim]
    return (J.reshape(-1, t.size) @ t.ravel()).reshape(y_shape)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_products", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.pull_back, pull_back)
    check(ask.push_forward, push_forward)
    check(ask.pull_back, pull_back, shapes=(((2, 3), (4,)), ((3,), (2, 4))))
    check(ask.push_forward, push_forward, shapes=(((2, 3), (4,)), ((3,), (2, 4))))
    ### BEGIN HIDDEN TESTS
    check(ask.pull_back, pull_back, seed=bp.course_seed(), shapes=(((2, 3), (3, 2)), ((4,), (2, 1, 3))))
    check(ask.push_forward, push_forward, seed=bp.course_seed(), shapes=(((2, 3), (3, 2)), ((2, 1, 3), (4,))))
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_relu", "locked": true, "solution": false, "task": false}
# ## Task 3 · Back through a relu, however large (3 points)
#
# $y=\max(x,0)$, entry by entry, for an array of any shape. Write `relu_backward(upstream, x)`, which returns $J^{\mathsf T}\cdot$ upstream in the shape of
# `x`. It must not form $J$: the test sends 2000 numbers through and looks at how much memory you take.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "relu", "locked": false, "solution": true, "task": false}
def relu_backward(upstream, x):
    ### BEGIN SOLUTION
    return np.where(x > 0, upstream, 0.0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_relu", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.relu_backward, relu_backward, weight=2)
    check(ask.relu_backward_leaves_alone, relu_backward)
    check(ask.relu_backward_is_small, relu_backward, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.relu_backward, relu_backward, seed=bp.course_seed(), weight=2)
    check(ask.relu_backward_leaves_alone, relu_backward, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_length", "locked": true, "solution": false, "task": false}
# ## Task 4 · $f=\lVert Wx\rVert^2$ (3 points)
#
# `W` has $m$ rows and $n$ columns, `x` is a vector of $n$ numbers, $q=Wx$, and $f=\sum_i q_i^2$. Write `squared_length(W, x)`, which returns three things:
# $f$, $\nabla_W f$ and $\nabla_x f$. Each gradient has the shape of its variable.
#
# Find them one element at a time: which $q_i$ does $W_{ij}$ reach, and which does $x_j$ reach?


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "length", "locked": false, "solution": true, "task": false}
def squared_length(W, x):
    ### BEGIN SOLUTION
    q = W @ x
    signal = 2 * q
    return q @ q, np.outer(signal, x), W.T @ signal
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_length", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.squared_length, squared_length, weight=2)
    check(ask.squared_length_leaves_alone, squared_length)
    ### BEGIN HIDDEN TESTS
    check(ask.squared_length_anywhere, squared_length, seed=bp.course_seed(), weight=4)
    check(ask.squared_length_leaves_alone, squared_length, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_softmax_jacobian", "locked": true, "solution": false, "task": false}
# ## Task 5 · All of a softmax's Jacobian (2 points)
#
# For a vector `x` of $C$ scores, $y_i=e^{x_i}/\sum_k e^{x_k}$. Write `softmax_jacobian(x)`, which returns the Jacobian of the shares, shape `(C, C)`, by its
# formula. It has to work for scores near 1000 too.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "softmax_jacobian", "locked": false, "solution": true, "task": false}
def softmax_jacobian(x):
    ### BEGIN SOLUTION
    e = np.exp(x - x.max())
    y = e / e.sum()
    return np.diag(y) - np.outer(y, y)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_softmax_jacobian", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.softmax_jacobian, softmax_jacobian, weight=2)
    check(ask.softmax_jacobian_of_large_scores, softmax_jacobian)
    ### BEGIN HIDDEN TESTS
    check(ask.softmax_jacobian, softmax_jacobian, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_softmax_backward", "locked": true, "solution": false, "task": false}
# ## Task 6 · Back through a softmax, without J (3 points)
#
# Now a batch: `y`, shape `(N, C)`, holds the shares that a softmax has given to $N$ samples, a sample in each row. `upstream` has the same shape. Write
# `softmax_backward(upstream, y)`, which returns the gradient for the scores, shape `(N, C)`.
#
# Every row is its own softmax. Form no $J$, neither for the batch nor for a row: the test sends 1500 classes through.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "softmax_backward", "locked": false, "solution": true, "task": false}
def softmax_backward(upstream, y):
    ### BEGIN SOLUTION
    average = (upstream * y).sum(axis=1, keepdims=True)
    return y * (upstream - average)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_softmax_backward", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.softmax_backward, softmax_backward, weight=2)
    check(ask.softmax_backward_leaves_alone, softmax_backward)
    check(ask.softmax_backward_is_small, softmax_backward, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.softmax_backward, softmax_backward, seed=bp.course_seed(), shapes=((4, 4), (3, 5)), weight=2)
    check(ask.softmax_backward_leaves_alone, softmax_backward, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_bytes", "locked": true, "solution": false, "task": false}
# ## Task 7 · How large would it be? (2 points)
#
# Write `jacobian_bytes(y_shape, x_shape, itemsize=4)`: how many bytes the Jacobian $\partial y/\partial x$ would take, with $y$ and $x$ of these shapes (tuples
# such as `(64, 4096)`) and `itemsize` bytes for each entry. Nothing large may be made to find out.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "bytes", "locked": false, "solution": true, "task": false}
def jacobian_bytes(y_shape, x_shape, itemsize=4):
    ### BEGIN SOLUTION
    entries = 1
    for axis in (*y_shape, *x_shape):
        entries *= axis
    return entries * itemsize
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_bytes", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.jacobian_bytes, jacobian_bytes)
    check(ask.jacobian_bytes, jacobian_bytes, y_shape=(64, 4096), x_shape=(4096, 4096))
    ### BEGIN HIDDEN TESTS
    check(ask.jacobian_bytes_anywhere, jacobian_bytes, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 8 · Explain it (4 points, read by a person)
#
# A friend has read that backpropagation "multiplies Jacobians", and is about to write a library in which each layer returns its Jacobian as a matrix. Explain in
# 100 to 200 words **why nobody forms them, and what is computed instead**. Use one layer of a size of your own choice.
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | the size of one Jacobian, from the shapes of output and input, in entries or bytes, with numbers |
# | 1 | what is wanted: the loss is one number, so only $J^{\mathsf T}v$ is needed, which is as large as the input |
# | 1 | a gate as an example: how its $J^{\mathsf T}v$ is computed without $J$ |
# | 1 | why this is possible there: what is known about the entries of that $J$ (zeros, copies, a formula) |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# Take a relu behind a layer of 4096 neurons, with 100 samples in a batch. 409,600 numbers go in and as many come out. Its Jacobian has an entry for
# each pair, which is more than 167 billion, or 625 GiB in float32. No machine of mine holds that, and a network has many layers.
#
# It is not needed either. The loss is a single number, so what comes back to the relu is one gradient $v$, with one entry for each output. All that the
# layer before it wants is $J^{\mathsf T}v$, which has one entry for each input: 409,600 numbers, 1.6 MiB.
#
# For the relu this product is easy. An output depends on its own input and on no other, so everything beside the diagonal is 0, and on the diagonal stands 1 where
# $x>0$ and else 0. Multiplying by such a matrix means: let $v$ through where $x>0$ and put 0 elsewhere. That is one line of code which looks at $x$
# and $v$ only.
#
# So each layer of your library should be a function from $v$ to $J^{\mathsf T}v$, and not a matrix.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your own experiments
#
# This corner is yours and is not graded. Some ideas: check Task 5 with your `nudged_jacobian`, and Task 6 with Tasks 2 and 5 on a single row. For which gates of lesson 2
# is $J^{\mathsf T}=J$? How long does the backward rule of relu take on ten million numbers, and how large would its $J$ be?

# %%
print(bp.jacobian_size((10**7,), (10**7,), np.float32))
