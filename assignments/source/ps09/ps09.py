# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 9 · The bug hunt
#
# Four tasks for the computer to grade (16 points) and one explanation that a person reads (4 points). They go with
# lesson 9. **Time:** 2 to 3 hours.
#
# You write three of the measurements of the method as functions, and then a hunter: a function that is given a network with one wrong line, finds the line, proves it, and mends it. When your work is graded, the networks are
# others: they are drawn anew for every course. A hunter that has learned these here by heart finds none of those.
#
# Use numpy and nothing else: neither `bplib` nor the programs of lesson 9 may do the work.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another.
#
# Samples are rows. $C$ is the number of classes.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps09 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_look", "locked": true, "solution": false, "task": false}
# ## Task 1 · Look at the data (3 points)
#
# A program prepares its data by `x, t = prepare(pixels, labels, train)`: `pixels` has a row for each sample, `labels` their classes, and `train` are the pixels to learn from, from which alone a scale may be taken. Write `look(prepare, pixels, labels, train)`.
# You may call `prepare` as often as you like, with any of the samples. Return one word: that of the **first** row of this table that fits.
#
# | word | when |
# |---|---|
# | `"labels moved"` | some label that comes out is not that of its sample |
# | `"own statistics"` | what some sample becomes depends on which other samples are prepared with it |
# | `"fine"` | none of these |


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "look", "locked": false, "solution": true, "task": false}
def look(prepare, pixels, labels, train):
    ### BEGIN SOLUTION
    x, t = prepare(pixels, labels, train)
    if not np.array_equal(t, labels):
        return "labels moved"
    for k in range(len(pixels)):
        row, _ = prepare(pixels[k : k + 1], labels[k : k + 1], train)
        if not np.allclose(row[0], x[k]):
            return "own statistics"
    return "fine"
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_look", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.looks, look)
    ### BEGIN HIDDEN TESTS
    check(ask.looks, look, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_before", "locked": true, "solution": false, "task": false}
# ## Task 2 · Before the first step (3 points)
#
# `loss(params, x, t)` is the loss of a network of two layers: `params` is a dict of its arrays `"W1"`, `"b1"`, `"W2"`, `"b2"`, where `W2` has a column for each class, and the loss is a softmax with cross-entropy, in some networks with a penalty on the weights. Change the numbers in the arrays, and the loss
# follows. Write `before(loss, params, x, t)`. Return the word of the **first** row that fits, and leave the parameters as they were.
#
# | word | when |
# |---|---|
# | `"wrong at zero"` | with *all* parameters 0 the loss differs from $\ln C$ by more than 0.000001 |
# | `"sure too early"` | the loss at the parameters as they are is above $\ln C+1$ |
# | `"healthy"` | none of these |


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "before", "locked": false, "solution": true, "task": false}
def before(loss, params, x, t):
    ### BEGIN SOLUTION
    first, known = loss(params, x, t), np.log(params["W2"].shape[1])
    kept = {name: array.copy() for name, array in params.items()}
    for array in params.values():
        array[...] = 0.0
    blank = loss(params, x, t)
    for name, array in params.items():
        array[...] = kept[name]
    if abs(blank - known) > 1e-6:
        return "wrong at zero"
    return "sure too early" if first > known + 1 else "healthy"
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_before", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.starts, before)
    ### BEGIN HIDDEN TESTS
    check(ask.starts, before, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_gradient", "locked": true, "solution": false, "task": false}
# ## Task 3 · The gradient (4 points)
#
# `loss` and `params` are as in Task 2, and `gradient(params, x, t)` is what the network takes for the gradient: a dict of arrays with the names and shapes of those in `params`. Write `wrong_gradients(loss, gradient, params, x, t)`: return the list of the names whose gradient is wrong, in the order of `params`; an empty list if
# none is. Measure by central differences with a nudge of about 0.00001, and leave the parameters as they were.
#
# Wrong means: in some entry the two differ by more than a thousandth of the largest entry (in absolute value) of both arrays. A gradient may be right though very large, very small or 0, and wrong though very small.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "gradient", "locked": false, "solution": true, "task": false}
def wrong_gradients(loss, gradient, params, x, t):
    ### BEGIN SOLUTION
    given, wrong = gradient(params, x, t), []
    for name, array in params.items():
        flat, slopes = array.reshape(-1), []
        for i, was in enumerate(flat.copy()):
            sides = []
            for nudge in (1e-5, -1e-5):
                flat[i] = was + nudge
                sides.append(loss(params, x, t))
            flat[i] = was
            slopes.append((sides[0] - sides[1]) / 2e-5)
        yours = given[name].reshape(-1)
        if np.abs(yours - slopes).max() > 1e-3 * max(np.abs(yours).max(), np.abs(slopes).max()):
            wrong.append(name)
    return wrong
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_gradient", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.gradients, wrong_gradients)
    ### BEGIN HIDDEN TESTS
    check(ask.gradients, wrong_gradients, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_hunt", "locked": true, "solution": false, "task": false}
# ## Task 4 · The hunt (6 points)
#
# A network is handed to you as a dict `lines` of functions, each of them one line of its program. **One of them is wrong.** What each has to give, and in which ways it may be wrong:
#
# | line | has to give | kinds of wrong |
# |---|---|---|
# | `softmax(s)` | the probabilities of each sample, a row each; also for scores such as 1000 | `"over the samples"`, `"not shifted"` |
# | `loss(p, t)` | the mean over the samples of $-\ln p$ of the true class | `"cushioned"` (a little is added to $p$), `"summed"` |
# | `dscores(p, t)` | the gradient of that loss for the scores | `"mean forgotten"`, `"target forgotten"` |
# | `dW(h, delta)` | the gradient of $W$ in $hW+b$, given $\delta$, that of the output | `"reshaped"` (not transposed), `"averaged"` |
# | `db(delta)` | the gradient of $b$ | `"averaged"` |
# | `dh(delta, W)` | the gradient of $h$ | `"reshaped"` |
# | `dz(dh, z)` | back through $h=\mathrm{relu}(z)$, given the gradient of $h$ | `"walked past"`, `"asked about the signal"` |
# | `moved(q, dq, rate)` | the parameter $q$ after a step down its gradient | `"uphill"`, `"rate squared"` |
# | `read(s)` | the class of the largest score of each sample | `"least for largest"` |
#
# Write `hunt(lines)`. Return four things: the name of the wrong line; the kind; **evidence**, a tuple of inputs on which this line gives something else than it should; and the mended line, a function with the same arguments. For each network evidence, kind and mended line count alike. A kind counts only
# together with evidence: guessing earns nothing.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "hunt", "locked": false, "solution": true, "task": false}
def hunt(lines):
    ### BEGIN SOLUTION
    def softmax(s):
        above = np.exp(s - s.max(axis=1)[:, None])
        return above / above.sum(axis=1)[:, None]

    def hit(p, t):
        return p[np.arange(len(t)), t]

    rng = np.random.default_rng(5)
    s, h, dh, z = (rng.normal(size=shape) for shape in ((4, 3), (4, 2), (4, 2), (4, 2)))
    W, q, t = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), np.array([0, 2, 1, 1])
    p, far = softmax(s), np.array([[1000.0, 0.0, 3.0], [1.0, 2.0, 4.0]])
    known = [
        ("softmax", (s,), softmax, {"over the samples": lambda s: np.exp(s - s.max()) / np.exp(s - s.max()).sum(axis=0)}),
        ("softmax", (far,), softmax, {"not shifted": None}),
        ("loss", (p, t), lambda p, t: -np.mean(np.log(hit(p, t))),
         {"summed": lambda p, t: -np.sum(np.log(hit(p, t))), "cushioned": None}),
        ("dscores", (p, t), lambda p, t: (p - np.eye(p.shape[1])[t]) / len(t),
         {"target forgotten": lambda p, t: p / len(t), "mean forgotten": None}),
        ("dW", (h, s), lambda h, delta: h.T @ delta, {"averaged": lambda h, d: h.T @ d / len(h), "reshaped": None}),
        ("db", (s,), lambda delta: delta.sum(axis=0), {"averaged": None}),
        ("dh", (s, W), lambda delta, W: delta @ W.T, {"reshaped": None}),
        ("dz", (dh, z), lambda dh, z: dh * (z > 0), {"walked past": lambda dh, z: dh, "asked about the signal": None}),
        ("moved", (q, W, 0.3), lambda q, dq, rate: q - rate * dq,
         {"uphill": lambda q, dq, rate: q + rate * dq, "rate squared": None}),
        ("read", (s,), lambda s: s.argmax(axis=1), {"least for largest": None}),
    ]  # fmt: skip
    for line, inputs, right, kinds in known:
        got = lines[line](*inputs)
        if not np.allclose(got, right(*inputs)):
            for kind, wrong in kinds.items():
                if wrong is None or np.allclose(got, wrong(*inputs)):
                    return line, kind, inputs, right
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_hunt", "locked": true, "points": 6, "solution": false, "task": false}
with bp.Checks(points=6) as check:
    check(ask.hunts, hunt)
    ### BEGIN HIDDEN TESTS
    check(ask.hunts, hunt, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 5 · Explain it (4 points, read by a person)
#
# A friend writes: "My gradient check passes, to eight digits. My loss falls. So my network is right, and the 0.91 on new digits, where others have 0.97, must be bad luck." Answer in 120 to 250 words: **what has the check shown and what not, which bugs would pass it, and what would you measure next, in which order?**
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | what a gradient check compares: the backward pass with this forward pass, not with what was meant |
# | 1 | why a falling loss shows little |
# | 1 | two bugs that pass both, with what they do |
# | 1 | measurements that find them, the cheap ones first |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# The check has compared your backward pass with your forward pass. It shows that the gradient belongs to the function that you have written. Whether that function is the one you meant, whether the data are what you think, and what the training does with the gradient, it never sees.
#
# That the loss falls shows even less. Any step that points roughly downhill lowers it, even with a wrong gradient, and a network learns shifted labels by heart if it has room.
#
# Several bugs pass both. If dropout stays on when the network is used, it answers with a fifth of its neurons missing, and that alone can cost you those six points. If the new digits are scaled with statistics of their own, the network sees them in another light than those it has learned from. Labels that are shifted by one place, or weights that are moved before the signal has passed them, do no harm to the check either.
#
# I would look at the data first: print some digits with their labels, as the network gets them, and prepare one digit alone and among others. Then I would ask the network twice about the same digits: two answers mean that chance is still at work. Then I would compare a single step with the gradient, at several rates. Last comes the gap: the accuracy on the digits it has learned from, with dropout off, beside that on new ones.
