# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 7 · A network of your own lines
#
# Six tasks for the computer to grade (18 points) and one explanation that a person reads (4 points). They go with
# lesson 7. **Time:** 2 to 3 hours.
#
# At the end of it a network reads handwritten digits, and every line of it is yours: the first weights, the way forward, the loss, the way back,
# the check, the step, the training. Use numpy and nothing else: `bplib` may not do their work. The way back comes from its rules,
# and nudging does not count there.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another: where one needs the result of an earlier one, the test hands in a working one.
#
# Everywhere, `params` is a dict with the arrays `"W1"` of the shape `(D, H)`, `"b1"` `(H,)`, `"W2"` `(H, C)` and `"b2"` `(C,)`. Samples are rows: `x` is
# `(N, D)`, and `t` holds `N` class numbers from 0 to C − 1.
#
# $$z = x\,W_1 + b_1,\qquad h = \mathrm{relu}(z),\qquad s = h\,W_2 + b_2,\qquad
# L = -\frac1N\sum_{n} \ln \mathrm{softmax}(s_n)_{t_n}$$

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps07 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_begin", "locked": true, "solution": false, "task": false}
# ## Task 1 · The first weights (2 points)
#
# Write `initialise(D, H, C, std, rng)`, which returns `params`. The weights are drawn from the normal distribution with mean 0 and the standard deviation
# `std`, by `rng`, which is a generator such as `np.random.default_rng(0)`. The biases are 0; as training changes all of them
# by a little, they are arrays of floats.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "begin", "locked": false, "solution": true, "task": false}
def initialise(D, H, C, std, rng):
    ### BEGIN SOLUTION
    return {
        "W1": rng.normal(0.0, std, (D, H)),
        "b1": np.zeros(H),
        "W2": rng.normal(0.0, std, (H, C)),
        "b2": np.zeros(C),
    }
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_begin", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.shapes, initialise)
    check(ask.weights, initialise)
    check(ask.draws, initialise)
    ### BEGIN HIDDEN TESTS
    check(ask.shapes, initialise, seed=bp.course_seed(), sizes=(4, 7, 2))
    check(ask.weights, initialise, seed=bp.course_seed(), std=0.02)
    check(ask.draws, initialise, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_forward", "locked": true, "solution": false, "task": false}
# ## Task 2 · Forward (3 points)
#
# Write `predict(params, x)`, which returns the scores $s$, of the shape `(N, C)`, and `loss(params, x, t)`, which returns the mean loss $L$, one
# number.
#
# * The loss has to stay right when scores are as large as 1000 (lesson 5).
# * `params`, `x` and `t` belong to the caller and stay as they are.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "forward", "locked": false, "solution": true, "task": false}
def predict(params, x):
    ### BEGIN SOLUTION
    h = np.maximum(x @ params["W1"] + params["b1"], 0)
    return h @ params["W2"] + params["b2"]
    ### END SOLUTION


def loss(params, x, t):
    ### BEGIN SOLUTION
    s = predict(params, x)
    s = s - s.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(t)), t].mean()
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_forward", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.scores, predict, weight=2)
    check(ask.mean_loss, loss, weight=2)
    check(ask.loss_at_zero, loss)
    check(ask.large_scores, loss)
    ### BEGIN HIDDEN TESTS
    check(ask.scores, predict, seed=bp.course_seed(), sizes=(3, 2, 5, 4), weight=2)
    check(ask.mean_loss, loss, seed=bp.course_seed(), sizes=(6, 2, 5, 4), weight=2)
    check(ask.loss_at_zero, loss, seed=bp.course_seed())
    check(ask.large_scores, loss, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_backward", "locked": true, "solution": false, "task": false}
# ## Task 3 · Backward (4 points)
#
# Write `gradient(params, x, t)`, which returns a dict with $\partial L/\partial p$ for every parameter $p$, under the same four names. Begin at the scores,
# where lesson 5 has left you a short formula, and go back: BP2, BP3 and BP4 in rows. The slope of the relu at 0 is 0.
#
# Large scores and the caller's arrays: as in Task 2.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "backward", "locked": false, "solution": true, "task": false}
def gradient(params, x, t):
    ### BEGIN SOLUTION
    h = np.maximum(x @ params["W1"] + params["b1"], 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(axis=1, keepdims=True))
    delta2 = p / p.sum(axis=1, keepdims=True)
    delta2[np.arange(len(t)), t] -= 1
    delta2 /= len(t)
    delta1 = (delta2 @ params["W2"].T) * (h > 0)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0), "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_backward", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.backprop, gradient, weight=2)
    check(ask.large_gradients, gradient)
    ### BEGIN HIDDEN TESTS
    check(ask.backprop, gradient, seed=bp.course_seed(), sizes=(6, 2, 5, 4), weight=2)
    check(ask.large_gradients, gradient, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_check", "locked": true, "solution": false, "task": false}
# ## Task 4 · Is it right? (3 points)
#
# Write `relative_errors(loss, gradient, params, x, t, h=1e-5)`. The test hands in the functions: `loss(params, x, t)` returns a number, `gradient(params, x, t)` a dict
# as in Task 3. For each parameter compare the gradient $g$ with the numerical one $n$, by **central** differences of `h` in every entry, and return a dict
# with the relative error
#
# $$\frac{\max|g-n|}{\max\big(\max|g|,\ \max|n|\big)}$$
#
# under each name. It is 0 where $g$ and $n$ are 0 everywhere. When the function is left, `params` must be exactly as it was before.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "check", "locked": false, "solution": true, "task": false}
def relative_errors(loss, gradient, params, x, t, h=1e-5):
    ### BEGIN SOLUTION
    errors = {}
    for name, g in gradient(params, x, t).items():
        p, n = params[name], np.zeros_like(params[name])
        for k in np.ndindex(p.shape):
            middle = p[k]
            p[k] = middle + h
            above = loss(params, x, t)
            p[k] = middle - h
            below = loss(params, x, t)
            p[k] = middle
            n[k] = (above - below) / (2 * h)
        scale = max(np.abs(g).max(), np.abs(n).max())
        errors[name] = np.abs(g - n).max() / scale if scale > 0 else 0.0
    return errors
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_check", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.finds_slips, relative_errors, weight=2)
    check(ask.nudges_by_h, relative_errors)
    check(ask.puts_back, relative_errors)
    check(ask.zeros_agree, relative_errors)
    ### BEGIN HIDDEN TESTS
    check(ask.finds_slips, relative_errors, seed=bp.course_seed(), weight=2)
    check(ask.nudges_by_h, relative_errors, seed=bp.course_seed())
    check(ask.puts_back, relative_errors, seed=bp.course_seed())
    check(ask.zeros_agree, relative_errors, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_step", "locked": true, "solution": false, "task": false}
# ## Task 5 · A step with a memory (3 points)
#
# Write the class `Momentum`. `Momentum(lr, momentum)` makes an optimiser, and `update(params, grads)` takes a step: for every parameter $p$ with the gradient $g$
#
# $$v \leftarrow \mu\, v - \eta\, g,\qquad p \leftarrow p + v,$$
#
# where $\mu$ is `momentum`, $\eta$ is `lr`, and $v$ is 0 at the beginning. The arrays in `params` are the network: change the numbers **in** them. The gradients belong to
# the caller. (With `momentum = 0` this is plain gradient descent.)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "step", "locked": false, "solution": true, "task": false}
class Momentum:
    def __init__(self, lr, momentum=0.9):
        ### BEGIN SOLUTION
        self.lr, self.momentum, self.v = lr, momentum, {}
        ### END SOLUTION

    def update(self, params, grads):
        ### BEGIN SOLUTION
        for name in params:
            self.v[name] = self.momentum * self.v.get(name, 0.0) - self.lr * grads[name]
            params[name] += self.v[name]
        ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_step", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.first_step, Momentum)
    check(ask.next_steps, Momentum)
    check(ask.second_optimiser, Momentum)
    ### BEGIN HIDDEN TESTS
    check(ask.first_step, Momentum, seed=bp.course_seed())
    check(ask.next_steps, Momentum, seed=bp.course_seed(), momentum=0.6)
    check(ask.second_optimiser, Momentum, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_train", "locked": true, "solution": false, "task": false}
# ## Task 6 · Training (3 points)
#
# Write `train(params, x, t, gradient, step, epochs, batch_size, rng)`. The test hands in the functions: `gradient(params, x, t)` as in Task 3, and
# `step(params, grads)`, which changes `params` in place. In each epoch, go through all samples once, in a new random order from `rng` (`rng.permutation(n)` makes one),
# `batch_size` at a time: work out the gradient of this mini-batch, and take a step. The last mini-batch of an epoch may be smaller. `x` and `t` stay as they are, and nothing has to be returned.
#
# The last question of the test trains a network on the 8 × 8 digits: after 10 epochs it should read at least 90 of 100 new ones. It takes about a second.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train", "locked": false, "solution": true, "task": false}
def train(params, x, t, gradient, step, epochs, batch_size, rng):
    ### BEGIN SOLUTION
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for k in range(0, len(x), batch_size):
            batch = order[k : k + batch_size]
            step(params, gradient(params, x[batch], t[batch]))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_train", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.batches, train, weight=2)
    check(ask.steps, train)
    check(ask.order_from_rng, train)
    check(ask.samples_stay, train)
    check(ask.reads_digits, train)
    ### BEGIN HIDDEN TESTS
    check(ask.batches, train, seed=bp.course_seed(), N=13, batch_size=5, weight=2)
    check(ask.steps, train, seed=bp.course_seed())
    check(ask.order_from_rng, train, seed=bp.course_seed())
    check(ask.samples_stay, train, seed=bp.course_seed())
    check(ask.reads_digits, train, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 7 · Explain it (4 points, read by a person)
#
# A friend shows you a network: "My loss goes down, so my gradient must be right." Explain in 120 to 250 words **how you know that a gradient is right**, what you would do
# with the network, and what even that cannot tell you.
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | why a falling loss proves nothing about the gradient |
# | 1 | the comparison with an independent way: central differences in every parameter, and a *relative* error |
# | 1 | how the point of the check is chosen: few samples, unequal sizes, floats of 64 bits, away from kinks; two of these with the reason |
# | 1 | what a gradient check cannot see, and one other test that can |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# A wrong gradient need only point roughly downhill, and the loss falls all the same: a network whose backward pass forgets the relu, or has a factor too many, still learns
# something. So a falling loss proves nothing.
#
# I compare with a way that shares nothing with backpropagation: nudge each entry of each parameter up and down by h = 1e-5, run the network both times, and divide the difference
# of the losses by 2h. Then I divide the largest deviation by the largest gradient. A fixed tolerance would let a wrong gradient of size 1e-8 pass; a relative error does not. Below
# 1e-6 I believe it.
#
# Five samples are enough, since nudging costs two passes for each entry. Layers, samples and classes have different sizes, because with equal ones a
# missing transpose fits as well. I work in float64: in float32 the nudge is lost in rounding. And I use random biases, so that no hidden sum is exactly 0: on a kink two slopes meet, and the two
# ways choose differently though nobody is wrong.
#
# The check compares backward with forward. If forward is wrong, say the relu stands behind the wrong layer, it passes. So I also work out one forward pass by hand, and look
# whether the network can learn five samples by heart.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your network
#
# When your tasks are done, take away the `#` in the last line: `my_network` uses no line but yours. First it checks your gradient with your check, then it trains. This corner is not
# graded, so change what you like: the size of the hidden layer, `std`, the learning rate. What is the best that you can do on new digits? What happens with `std=1`, and with `lr=2`?


# %%
def my_network():
    data, rng = bp.digits(), np.random.default_rng(0)
    small = initialise(64, 5, 10, 0.5, rng)
    print(
        "errors of the gradient:", relative_errors(loss, gradient, small, data.x_train[:3], data.t_train[:3])
    )

    params = initialise(64, 50, 10, 0.1, rng)
    train(params, data.x_train, data.t_train, gradient, Momentum(0.1, 0.9).update, 10, 32, rng)
    accuracy = np.mean(predict(params, data.x_test).argmax(axis=1) == data.t_test)
    print(f"loss {loss(params, data.x_train, data.t_train):.4f}, accuracy on new digits {accuracy:.3f}")


# my_network()
