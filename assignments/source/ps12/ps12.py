# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 12 · Norms, weights and rows
#
# Five tasks for the computer to grade (15 points) and one explanation that a person reads (4 points). They go with
# lesson 12. **Time:** 2 to 3 hours.
#
# You write both ways of batch norm, of dropout, of attention, of attention that does not see the future, and of an embedding: all pieces of a transformer block but those that you have written before.
#
# Use numpy and nothing else: `bplib` may not do the work, and derivatives by nudging do not count.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another, but you may use in a later one what you have written in an earlier one.
#
# What your functions are given belongs to the caller: it stays as it is.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps12 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_batch_norm", "locked": true, "solution": false, "task": false}
# ## Task 1 · A column in order (4 points)
#
# Write `batch_norm(x, gamma, beta, eps)`. `x` has the shape `(N, D)`, `gamma` and `beta` have `(D,)`, and `eps` is a positive number, not always a small one. Return $y=\gamma\,\hat x+\beta$, where $\hat x=(x-\mu)/\sqrt{\sigma^2+\varepsilon}$ and $\mu$ and $\sigma^2$ are the mean and the variance of each feature over the N samples, as in 12.1.
#
# Write `batch_norm_back(upstream, x, gamma, eps)`, where `upstream` is $\partial L/\partial y$. Return three arrays, $\partial L/\partial x$, $\partial L/\partial\gamma$ and $\partial L/\partial\beta$, in this order. (The line of 12.2 holds with $\sqrt{\sigma^2+\varepsilon}$ for $\sigma$.)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "batch_norm", "locked": false, "solution": true, "task": false}
def batch_norm(x, gamma, beta, eps):
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=0)
    root = np.sqrt((centred**2).mean(axis=0) + eps)
    return gamma * centred / root + beta
    ### END SOLUTION


def batch_norm_back(upstream, x, gamma, eps):
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=0)
    root = np.sqrt((centred**2).mean(axis=0) + eps)
    standard = centred / root
    arriving = gamma * upstream
    along = arriving.mean(axis=0)
    stretched = (arriving * standard).mean(axis=0)
    to_x = (arriving - along - standard * stretched) / root
    return to_x, (upstream * standard).sum(axis=0), upstream.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_batch_norm", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.normalises, batch_norm)
    check(ask.normalises_back, batch_norm_back, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.normalises, batch_norm, seed=bp.course_seed())
    check(ask.normalises_back, batch_norm_back, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()


# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_dropout", "locked": true, "solution": false, "task": false}
# ## Task 2 · Remember who was left out (2 points)
#
# Write `dropout(x, mask, rate)`. `mask` is an array of truth values in the shape of `x`, true where an entry stays, and `rate` is the share that is left out on average. Return $x\cdot\text{mask}/(1-\text{rate})$.
#
# Write `dropout_back(upstream, mask, rate)`, which returns $\partial L/\partial x$ for the mask of the way forward.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "dropout", "locked": false, "solution": true, "task": false}
def dropout(x, mask, rate):
    ### BEGIN SOLUTION
    return np.where(mask, x / (1 - rate), 0.0)
    ### END SOLUTION


def dropout_back(upstream, mask, rate):
    ### BEGIN SOLUTION
    return np.where(mask, upstream / (1 - rate), 0.0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_dropout", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.drops, dropout)
    check(ask.drops_back, dropout_back)
    ### BEGIN HIDDEN TESTS
    check(ask.drops, dropout, seed=bp.course_seed())
    check(ask.drops_back, dropout_back, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()


# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_attend", "locked": true, "solution": false, "task": false}
# ## Task 3 · Ask softly (4 points)
#
# Write `attend(Q, K, V)`. `Q` has the shape `(T, d)`, `K` has `(S, d)` and `V` has `(S, e)`. Return $O=\text{softmax}(QK^\top/\sqrt d)\,V$ of the shape `(T, e)`, with a softmax for each row. Scores may be large: shift each row, so that nothing overflows.
#
# Write `attend_back(upstream, Q, K, V)`, where `upstream` is $\partial L/\partial O$. Return three arrays, $\partial L/\partial Q$, $\partial L/\partial K$ and $\partial L/\partial V$, in this order.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "attend", "locked": false, "solution": true, "task": false}
def attend(Q, K, V):
    ### BEGIN SOLUTION
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights @ V
    ### END SOLUTION


def attend_back(upstream, Q, K, V):
    ### BEGIN SOLUTION
    root = np.sqrt(Q.shape[1])
    scores = Q @ K.T / root
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    to_weights = upstream @ V.T
    shared = (to_weights * weights).sum(axis=1, keepdims=True)
    to_scores = weights * (to_weights - shared)
    return to_scores @ K / root, to_scores.T @ Q / root, weights.T @ upstream
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_attend", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.attends, attend)
    check(ask.attends_back, attend_back, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.attends, attend, seed=bp.course_seed())
    check(ask.attends_back, attend_back, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()


# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_causal", "locked": true, "solution": false, "task": false}
# ## Task 4 · Not to see what comes (3 points)
#
# Write `causal_weights(Q, K)` for `Q` and `K` of the shape `(T, d)`. Return the weights $A$ of the shape `(T, T)`: the scores are $QK^\top/\sqrt d$, place $i$ sees the places $0$ to $i$, itself included, and nothing of what comes after it. Each row adds up to 1.
#
# Write `causal_back(upstream, Q, K)`, where `upstream` is $\partial L/\partial A$; it holds numbers everywhere, above the diagonal as well. Return two arrays, $\partial L/\partial Q$ and $\partial L/\partial K$, in this order.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "causal", "locked": false, "solution": true, "task": false}
def causal_weights(Q, K):
    ### BEGIN SOLUTION
    scores = Q @ K.T / np.sqrt(Q.shape[1])
    scores[np.triu_indices(len(Q), k=1)] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
    ### END SOLUTION


def causal_back(upstream, Q, K):
    ### BEGIN SOLUTION
    root = np.sqrt(Q.shape[1])
    weights = causal_weights(Q, K)
    shared = (upstream * weights).sum(axis=1, keepdims=True)
    to_scores = weights * (upstream - shared)
    return to_scores @ K / root, to_scores.T @ Q / root
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_causal", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.hides, causal_weights)
    check(ask.hides_back, causal_back, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.hides, causal_weights, seed=bp.course_seed())
    check(ask.hides_back, causal_back, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()


# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_look_up", "locked": true, "solution": false, "task": false}
# ## Task 5 · Rows that are chosen (2 points)
#
# Write `look_up(W, index)`. `W` has the shape `(V, D)`, and `index` is an array of whole numbers from 0 to V − 1, of any shape. Return the rows of `W` that it names: an array with the shape of `index` and one axis more, of length D.
#
# Write `look_up_back(upstream, index, V)`, where `upstream` is $\partial L/\partial y$. Return $\partial L/\partial W$ of the shape `(V, D)`. A row may have been taken several times, or never.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "look_up", "locked": false, "solution": true, "task": false}
def look_up(W, index):
    ### BEGIN SOLUTION
    return W[index]
    ### END SOLUTION


def look_up_back(upstream, index, V):
    ### BEGIN SOLUTION
    to_W = np.zeros((V, upstream.shape[-1]))
    np.add.at(to_W, index, upstream)
    return to_W
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_look_up", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.looks_up, look_up)
    check(ask.scatters, look_up_back, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.looks_up, look_up, seed=bp.course_seed())
    check(ask.scatters, look_up_back, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 6 · Explain it (4 points, read by a person)
#
# A friend has written batch norm. "Mean and variance are computed, not learned, so they are constants to the gradient, and I divide by $\sigma$ and that is all. My loss falls, so it is right. In use I keep the layer as it is: it takes the mean of what comes in, be it a batch or a single question. And for my attention I multiply the weights by 0 where a place must not look: what is 0 cannot tell anything." Answer in 120 to 250 words: **what is wrong with this, and how can your friend find out?**
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | mean and variance move with every sample: what comes back through them, in words or as the formula |
# | 1 | in use: what a batch of one gives, and what takes the place of its mean and variance |
# | 1 | a mask after the softmax: the denominator, the sum of a row, and what does better |
# | 1 | why a falling loss proves nothing, and a check or a measurement for at least two of these claims |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# Mean and variance are computed, but from x. If I nudge one sample, the mean moves, and with it every output of the column; so what arrives at the outputs comes back to that sample through the mean and through σ as well. Dividing by σ alone is the gradient of another function. The right one takes two parts off: the mean of g, and x̂ times the mean of g x̂.
#
# A falling loss proves little, for a wrong direction may still lead down. Two checks do more. The entries of dx have to add up to 0 in each column, since adding 1 to all samples changes nothing; the friend's do not. And a numerical gradient shows the difference in one line.
#
# In use, a single question is its own mean: x̂ is 0 and the layer answers β, whatever was asked. So it has to keep running means and variances while it learns and take those instead. To see it, ask one question alone and then within a batch: the answers differ.
#
# A weight that is set to 0 after the softmax has already stood in the denominator. The other weights of its row are smaller for it, they no longer add up to 1, and they still depend on what comes later. Set the score to −∞ before the softmax. To find out, change the last word and look whether an earlier row of weights moves.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your laboratory
#
# This corner is not graded. Layer norm is your batch norm on its side: which lines change? What does attention do if all keys are alike? And with several heads, each with queries of its own, where does the way back add up?

# %%
# dQ, dK, dV = attend_back(np.ones((2, 3)), np.eye(2), np.eye(2), np.arange(6.0).reshape(2, 3))
