# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 11 · Kernels
#
# Five tasks for the computer to grade (15 points) and one explanation that a person reads (4 points). They go with
# lesson 11. **Time:** 2 to 3 hours.
#
# You write a convolution, first along a sequence, then as a layer for batches of images with channels, both ways; max pooling with its router; and you keep the books of a network that you do not even have to own.
#
# Use numpy and nothing else: `bplib` may not do the work, and derivatives by nudging do not count.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another, but you may use in a later one what you have written in an earlier one.
#
# What your functions are given belongs to the caller: it stays as it is. Padding means zeros on all sides.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps11 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_slide", "locked": true, "solution": false, "task": false}
# ## Task 1 · Along a sequence (3 points)
#
# Write `slide(x, w, stride)`. `x` has the shape `(T,)` and the kernel `w` `(K,)`, with K not larger than T. Return $y_i=\sum_k x_{iS+k}\,w_k$ for every place at which the kernel fits into `x`, where $S$ is the stride.
#
# Write `slide_back(upstream, x, w, stride)`, where `upstream` is $\partial L/\partial y$. Return two arrays, $\partial L/\partial x$ and $\partial L/\partial w$, in this order.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "slide", "locked": false, "solution": true, "task": false}
def slide(x, w, stride):
    ### BEGIN SOLUTION
    count = (len(x) - len(w)) // stride + 1
    return np.array([np.dot(w, x[place * stride : place * stride + len(w)]) for place in range(count)])
    ### END SOLUTION


def slide_back(upstream, x, w, stride):
    ### BEGIN SOLUTION
    to_x, to_w = np.zeros(len(x)), np.zeros(len(w))
    for place in range(len(upstream)):
        for k in range(len(w)):
            to_x[place * stride + k] += upstream[place] * w[k]
            to_w[k] += upstream[place] * x[place * stride + k]
    return to_x, to_w
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_slide", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.slides, slide)
    check(ask.slides_back, slide_back, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.slides, slide, seed=bp.course_seed())
    check(ask.slides_back, slide_back, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_im2col", "locked": true, "solution": false, "task": false}
# ## Task 2 · Windows as rows (3 points)
#
# Write `im2col(x, h, w, stride, padding)` for images `x` of the shape `(N, C, H, W)`. Return a matrix with a row for each window of $h\times w$: first all windows of the first sample, in reading order (along a row of the image, then the next row), then those of the second, and so on. A row holds what the window sees, channel after channel, and within a channel row after row. So it has $N\cdot H'\cdot W'$ rows and $C\cdot h\cdot w$ columns, with $H'$ and $W'$ as in 11.3.
#
# Write `col2im(rows, shape, h, w, stride, padding)`, its way back. `rows` has the shape of such a matrix, `shape` is that of `x`. Return an array of this shape: every number of `rows` is laid back to where im2col would have taken it from. What comes to one place adds up; what comes to the padding is dropped.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "im2col", "locked": false, "solution": true, "task": false}
def im2col(x, h, w, stride, padding):
    ### BEGIN SOLUTION
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    high = (framed.shape[2] - h) // stride + 1
    wide = (framed.shape[3] - w) // stride + 1
    matrix = np.zeros((len(x), high, wide, x.shape[1], h, w))
    for r in range(high):
        for s in range(wide):
            matrix[:, r, s] = framed[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
    return matrix.reshape(len(x) * high * wide, -1)
    ### END SOLUTION


def col2im(rows, shape, h, w, stride, padding):
    ### BEGIN SOLUTION
    N, C, H, W = shape
    framed = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    high = (framed.shape[2] - h) // stride + 1
    wide = (framed.shape[3] - w) // stride + 1
    patches = rows.reshape(N, high, wide, C, h, w)
    for r in range(high):
        for s in range(wide):
            framed[:, :, r * stride : r * stride + h, s * stride : s * stride + w] += patches[:, r, s]
    return framed[:, :, padding : padding + H, padding : padding + W]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_im2col", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.cuts_out, im2col)
    check(ask.lays_back, col2im)
    ### BEGIN HIDDEN TESTS
    check(ask.cuts_out, im2col, seed=bp.course_seed())
    check(ask.lays_back, col2im, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_conv", "locked": true, "solution": false, "task": false}
# ## Task 3 · A layer of kernels (4 points)
#
# Write `conv(x, W, b, stride, padding)`. `x` has the shape `(N, C, H, W)`, the kernels `W` have `(M, C, h, w)`, and `b` has `(M,)`. Return $y$ of the shape `(N, M, H', W')`: a kernel sees all channels, and its bias is added at every place.
#
# Write `conv_back(upstream, x, W, stride, padding)`. Return three arrays, $\partial L/\partial x$, $\partial L/\partial W$ and $\partial L/\partial b$, in this order. With `im2col` and `col2im` each of the two takes a few lines (11.5); loops are right as well.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "conv", "locked": false, "solution": true, "task": false}
def conv(x, W, b, stride, padding):
    ### BEGIN SOLUTION
    _, _, h, w = W.shape
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    high, wide = (framed.shape[2] - h) // stride + 1, (framed.shape[3] - w) // stride + 1
    scores = np.zeros((len(x), len(W), high, wide))
    for r in range(high):
        for s in range(wide):
            patch = framed[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
            scores[:, :, r, s] = np.tensordot(patch, W, axes=([1, 2, 3], [1, 2, 3])) + b
    return scores
    ### END SOLUTION


def conv_back(upstream, x, W, stride, padding):
    ### BEGIN SOLUTION
    _, _, h, w = W.shape
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    to_frame, to_W = np.zeros(framed.shape), np.zeros(W.shape)
    for r in range(upstream.shape[2]):
        for s in range(upstream.shape[3]):
            signal = upstream[:, :, r, s]
            place = np.s_[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
            to_W += np.tensordot(signal, framed[place], axes=(0, 0))
            to_frame[place] += np.tensordot(signal, W, axes=(1, 0))
    rows, columns = x.shape[2:]
    to_x = to_frame[:, :, padding : padding + rows, padding : padding + columns]
    return to_x, to_W, upstream.sum(axis=(0, 2, 3))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_conv", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.convolves, conv)
    check(ask.convolves_back, conv_back, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.convolves, conv, seed=bp.course_seed())
    check(ask.convolves_back, conv_back, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_max_pool", "locked": true, "solution": false, "task": false}
# ## Task 4 · The largest gets through (3 points)
#
# Write `max_pool(x, size, stride)` for `x` of the shape `(N, C, H, W)`: the largest number in each window of size × size, channel by channel, at every place where the window fits in. Its shape is `(N, C, H', W')`. Windows may overlap, and at the end of a side some numbers may not be seen by any.
#
# Write `max_pool_back(upstream, x, size, stride)`, which returns $\partial L/\partial x$. If several numbers of a window are the largest, the first of them in reading order gets the signal.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "max_pool", "locked": false, "solution": true, "task": false}
def max_pool(x, size, stride):
    ### BEGIN SOLUTION
    high, wide = ((side - size) // stride + 1 for side in x.shape[2:])
    largest = np.zeros((*x.shape[:2], high, wide))
    for r in range(high):
        for s in range(wide):
            patch = x[:, :, r * stride : r * stride + size, s * stride : s * stride + size]
            largest[:, :, r, s] = patch.max(axis=(2, 3))
    return largest
    ### END SOLUTION


def max_pool_back(upstream, x, size, stride):
    ### BEGIN SOLUTION
    to_x = np.zeros(x.shape)
    for n, c, r, s in np.ndindex(upstream.shape):
        patch = x[n, c, r * stride : r * stride + size, s * stride : s * stride + size]
        down, across = np.unravel_index(patch.argmax(), patch.shape)
        to_x[n, c, r * stride + down, s * stride + across] += upstream[n, c, r, s]
    return to_x
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_max_pool", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.pools, max_pool)
    check(ask.pools_back, max_pool_back, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.pools, max_pool, seed=bp.course_seed())
    check(ask.pools_back, max_pool_back, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_books", "locked": true, "solution": false, "task": false}
# ## Task 5 · The books of a network (2 points)
#
# Write `books(channels, side, layers)` for a network that sees square images with so many channels and such a side. `layers` is a list of tuples:
#
# | tuple | layer |
# |---|---|
# | `("conv", M, K, S, P)` | M kernels of K × K with a bias each, stride S, padding P |
# | `("pool", K, S)` | max pooling, windows of K × K, stride S, no padding |
# | `("affine", M)` | M neurons with a bias each; it sees all numbers that come in |
#
# Return a list with a tuple of three whole numbers for each layer: how many numbers come out of it for one image; how many parameters it has; and how many multiplies of a weight with a number it takes for one image, on the way forward. A comparison is no multiply. For AlexNet (11.9) the first entry is `(290400, 34944, 105415200)`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "books", "locked": false, "solution": true, "task": false}
def books(channels, side, layers):
    ### BEGIN SOLUTION
    account = []
    for kind, *numbers in layers:
        if kind == "affine":
            inputs, outputs = channels * side * side, numbers[0]
            account.append((outputs, outputs * (inputs + 1), outputs * inputs))
            channels, side = outputs, 1
        elif kind == "pool":
            side = (side - numbers[0]) // numbers[1] + 1
            account.append((channels * side * side, 0, 0))
        else:
            kernels, K, S, P = numbers
            side = (side - K + 2 * P) // S + 1
            each = channels * K * K
            channels = kernels
            account.append((kernels * side * side, kernels * (each + 1), kernels * each * side * side))
    return account
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_books", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.keeps_books, books)
    ### BEGIN HIDDEN TESTS
    check(ask.keeps_books, books, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 6 · Explain it (4 points, read by a person)
#
# A friend has taken the affine first layer of a network for 32 × 32 images and made it a convolution with 16 kernels of 3 × 3. "It has far fewer weights now, so a step must be far faster, and since a kernel is used a thousand times, I divide its gradient by the number of places, or it would be a thousand times too large. With this, my network does not care any more where a thing stands." Answer in 120 to 250 words: **what is right about this, what is not, and how can your friend find out?**
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | why the gradient of a shared weight is the sum over its uses, and the mean is no gradient of this loss |
# | 1 | few weights, but many multiplies: each is used at every place |
# | 1 | what moves in the image moves in the output: not the same as *does not care*; what pooling adds, and where that ends |
# | 1 | a check or a measurement for at least two of these claims |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# The layer does have fewer weights: 16 kernels with 9 numbers for each channel and a bias, in place of one weight for every pixel and neuron. But each of them is used at about a thousand places, so the multiplies do not shrink with the weights. A convolution is cheap to store and dear to run.
#
# Dividing is wrong. A weight that is used a thousand times is a fork with a thousand branches. If I nudge it, all thousand outputs move at once, and the loss moves by the sum of what they do. So its gradient is that sum. The mean is the gradient of another loss, or the right one with a rate that is a thousand times smaller for this layer alone. A gradient check shows it at once: the numerical derivative of one weight is a thousand times the friend's.
#
# And the layer does care where a thing stands. If the image moves by a pixel, the output moves by a pixel too; the same numbers come out at another place. The next layer may have a weight for each place, and meets other numbers. Max pooling forgets the place within its window, so a small move may change nothing; a move into the next window does. To find out, test on images that were moved by one, two and four pixels, and compare the accuracy with that of the affine network.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your laboratory
#
# This corner is not graded. Is a convolution with a kernel as large as the image an affine layer? Which kernel blurs, which finds edges, and what does the way back do to a signal? How large may a network get before the answers that it keeps fill your memory?

# %%
# edges = slide(np.array([0.0, 0, 0, 1, 1, 1, 0, 0]), np.array([-1.0, 1.0]), 1)
