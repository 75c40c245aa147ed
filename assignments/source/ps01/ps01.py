# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 1 · The chain rule
#
# Five tasks for the computer to grade (14 points) and one explanation that a person reads (4 points). They go with
# lesson 1. **Time:** 60 to 90 minutes.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another, so a task that will not come out costs you nothing elsewhere.
#
# In Tasks 1 to 3, write lines of your own in numpy: `bplib` may not do their work. And where a slope is asked by its rule, as in
# Task 2, nudging does not count.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps01 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_gradient", "locked": true, "solution": false, "task": false}
# ## Task 1 · A numerical gradient you can trust (4 points)
#
# Write `numerical_gradient(f, x, h=1e-5)`. `f` takes an array and returns one number; the result is an array of the same shape as
# `x`, with the slope of `f` in the direction of each entry.
#
# * Use the **central** difference: `h` to the one side, `h` to the other.
# * It has to work for an array `x` of any shape (`np.ndindex(x.shape)` walks over all of its entries), and for an array of integers.
# * When the function is left, `x` must be as it was before. Also when `f` raises an error, which you let pass through.
#
# *Lesson 1, section 1.2, shows a version that is central and has every other fault.*


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "gradient", "locked": false, "solution": true, "task": false}
def numerical_gradient(f, x, h=1e-5):
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    slope = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        middle = x[i]
        x[i] = middle + h
        right = f(x)
        x[i] = middle - h
        left = f(x)
        x[i] = middle
        slope[i] = (right - left) / (2 * h)
    return slope
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_gradient", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.slopes, numerical_gradient, weight=2)
    check(ask.default_step, numerical_gradient)
    check(ask.integers, numerical_gradient)
    check(ask.restores, numerical_gradient)
    check(ask.restores_after_an_error, numerical_gradient)
    ### BEGIN HIDDEN TESTS
    check(ask.slopes, numerical_gradient, seed=bp.course_seed(), shapes=((2, 4), (3, 1, 2)), weight=2)
    check(ask.default_step, numerical_gradient, seed=bp.course_seed())
    check(ask.integers, numerical_gradient, seed=bp.course_seed())
    check(ask.restores, numerical_gradient, seed=bp.course_seed())
    check(ask.restores_after_an_error, numerical_gradient, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_wave", "locked": true, "solution": false, "task": false}
# ## Task 2 · Three links of a chain (2 points)
#
# $$y = 3x-1,\qquad z = y^2,\qquad w = e^{-z}$$
#
# Write `wave(x)`, which returns two numbers: $w$ and its slope $\mathrm dw/\mathrm dx$. Find the three local derivatives, each at the value that enters
# its own function, and multiply them.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "wave", "locked": false, "solution": true, "task": false}
def wave(x):
    ### BEGIN SOLUTION
    y = 3 * x - 1
    z = y**2
    w = np.exp(-z)
    return w, -w * (2 * y) * 3
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_wave", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.wave, wave, x=0.7)
    check(ask.wave, wave, x=-0.2)
    ### BEGIN HIDDEN TESTS
    check(ask.wave_anywhere, wave, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_layers", "locked": true, "solution": false, "task": false}
# ## Task 3 · Two layers that remember (3 points)
#
# The books write a gate as an object. `forward(x, y)` returns the result and keeps what the way back will need.
# `backward(dout)` gets the upstream signal and returns a pair: the downstream signals for `x` and for `y`.
#
# Write `MulLayer` and `AddLayer`. The test sends random signals through them, also negative ones: *upstream × local = downstream*.
# A network has many layers of one class, and each is used again and again: a layer remembers its own last `forward` and nobody else's.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "layers", "locked": false, "solution": true, "task": false}
class MulLayer:
    def forward(self, x, y):
        ### BEGIN SOLUTION
        self.x, self.y = x, y
        return x * y
        ### END SOLUTION

    def backward(self, dout):
        ### BEGIN SOLUTION
        return dout * self.y, dout * self.x
        ### END SOLUTION


class AddLayer:
    def forward(self, x, y):
        ### BEGIN SOLUTION
        return x + y
        ### END SOLUTION

    def backward(self, dout):
        ### BEGIN SOLUTION
        return dout, dout
        ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_layers", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.mul_layer, MulLayer, weight=2)
    check(ask.add_layer, AddLayer)
    ### BEGIN HIDDEN TESTS
    check(ask.mul_layer, MulLayer, seed=bp.course_seed(), weight=2)
    check(ask.add_layer, AddLayer, seed=bp.course_seed())
    check(ask.layers_are_independent, MulLayer, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_fruits", "locked": true, "solution": false, "task": false}
# ## Task 4 · The basket (3 points)
#
# The bill for two kinds of fruit is `(apple * apples + orange * oranges) * tax`, with the price of one apple, the number of apples, and so on.
# Write `two_fruits`, which returns the bill and a dictionary with its five gradients, under the names `"apple"`, `"apples"`, `"orange"`, `"oranges"`
# and `"tax"`.
#
# `Mul` and `Add` are classes with the methods of Task 3: `Mul()` makes a layer. The test hands in working ones, whatever became of yours. Let
# them do the work: forward for the bill, and then backward, in the opposite order, for the gradients.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "fruits", "locked": false, "solution": true, "task": false}
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    ### BEGIN SOLUTION
    apple_cost, orange_cost, before_tax, bill = Mul(), Mul(), Add(), Mul()
    total = bill.forward(
        before_tax.forward(apple_cost.forward(apple, apples), orange_cost.forward(orange, oranges)), tax
    )
    d_before_tax, d_tax = bill.backward(1.0)
    d_apple_cost, d_orange_cost = before_tax.backward(d_before_tax)
    d_apple, d_apples = apple_cost.backward(d_apple_cost)
    d_orange, d_oranges = orange_cost.backward(d_orange_cost)
    return total, {
        "apple": d_apple,
        "apples": d_apples,
        "orange": d_orange,
        "oranges": d_oranges,
        "tax": d_tax,
    }
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_fruits", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.two_fruits, two_fruits)
    ### BEGIN HIDDEN TESTS
    check(ask.two_fruits_anywhere, two_fruits, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_agree", "locked": true, "solution": false, "task": false}
# ## Task 5 · Do two gradients agree? (2 points)
#
# Computed numbers carry rounding, so `==` is no way to compare them. Write `agree(a, b, rtol=1e-5)` for two numbers or two arrays. It
# returns `True` when they have the same shape and their largest difference is at most `rtol` times the largest size of any entry of `a` or `b`,
# and else `False`. It leaves `a` and `b` as they are.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "agree", "locked": false, "solution": true, "task": false}
def agree(a, b, rtol=1e-5):
    ### BEGIN SOLUTION
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        return False
    scale = max(np.abs(a).max(), np.abs(b).max())
    return bool(np.abs(a - b).max() <= rtol * scale)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_agree", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.agree_on_rounding, agree, weight=2)
    check(ask.agree_on_differences, agree)
    check(ask.agree_on_any_scale, agree, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.agree_on_rounding, agree, seed=bp.course_seed(), weight=2)
    check(ask.agree_on_differences, agree, seed=bp.course_seed())
    check(ask.agree_on_any_scale, agree, seed=bp.course_seed(), weight=2)
    check(ask.agree_on_rtol, agree)
    check(ask.agree_on_shapes, agree, weight=2)
    check(ask.agree_keeps_its_arguments, agree, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 6 · Explain it (4 points, read by a person)
#
# A network has a million weights and one loss. Explain to a friend who knows derivatives, in 100 to 200 words, **why one backward sweep gives the slope of
# the loss for every weight, while nudging needs two forward passes for each of them.**
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | what nudging measures, and why it costs two passes for *each* weight |
# | 1 | what a single gate does on the way back: upstream × local = downstream |
# | 1 | why the upstream signal is computed once and shared by everything before it |
# | 1 | what forward must have kept for this to work |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# Nudging asks about one weight at a time: raise it a little, run the whole network, lower it, run it again, and divide the difference of the loss by the way. A
# million weights are two million runs, and each run computes nearly the same numbers again.
#
# The backward sweep starts at the loss with the signal 1. Each gate gets one upstream signal: how much the loss changes per unit of the gate's
# output. It multiplies it by its local derivative for each of its inputs and sends the products downstream. The signal at a gate sums up everything that
# happens between there and the loss. It is worked out once and used by all the weights that lie before it, so each gate is visited only
# once, and at the end a slope lies at every weight.
#
# The local derivatives depend on the values that flowed forward (a product needs the other factor), so forward must have kept them.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your own experiments
#
# This corner is yours and is not graded. Some ideas: for which `h` does your `numerical_gradient` agree best with `wave`? Draw it. What does `bp.record` show for
# `wave` written with `np.exp`? Put your own `MulLayer` into `bp.check_gate`.

# %%
bp.check_gate(MulLayer, 2.0, 3.0)
