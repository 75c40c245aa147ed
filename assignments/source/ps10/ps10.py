# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 10 · Twenty layers
#
# Four tasks for the computer to grade (15 points) and one explanation that a person reads (4 points). They go with
# lesson 10. **Time:** 2 to 3 hours.
#
# You write how weights begin, an optimiser that remembers, and an examination that tells from the answers and gradients of each layer what a network suffers from. Then comes a patient: a network of twenty layers
# that only guesses. It is to read at least 95 of 100 of the digits that it learns from.
#
# Use numpy and nothing else: `bplib` may not do the work of Tasks 1, 2 and 4.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another.
#
# Samples are rows. A layer is a pair `(W, b)`, with `W` of the shape `(n_in, n_out)` and `b` `(n_out,)`; its sum is `h @ W + b`.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps10 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_begin", "locked": true, "solution": false, "task": false}
# ## Task 1 · How weights begin (3 points)
#
# Write `begin(sizes, activation, rng)`. `sizes` is a list such as `[64, 32, 10]`; return a list of pairs `(W, b)`, one for each layer, here of the shapes `(64, 32)`, `(32,)` and `(32, 10)`, `(10,)`.
#
# * The weights are normally distributed with mean 0, drawn by `rng`, a generator such as `np.random.default_rng(0)`, anew for each layer.
# * Their spread keeps the power of the signal on its way *forward* (10.4). It depends on the number of inputs of the layer, and on `activation`, which is `"tanh"` or `"relu"`.
# * The biases are 0; as training changes all of them by a little, they are arrays of floats.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "begin", "locked": false, "solution": true, "task": false}
def begin(sizes, activation, rng):
    ### BEGIN SOLUTION
    share = {"tanh": 1.0, "relu": 2.0}[activation]
    return [
        (rng.normal(0.0, np.sqrt(share / n_in), (n_in, n_out)), np.zeros(n_out))
        for n_in, n_out in zip(sizes, sizes[1:], strict=False)
    ]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_begin", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.shapes, begin)
    check(ask.spreads, begin, weight=2)
    check(ask.draws, begin)
    ### BEGIN HIDDEN TESTS
    check(ask.shapes, begin, seed=bp.course_seed(), sizes=(3, 7, 2, 5))
    check(ask.spreads, begin, seed=bp.course_seed(), sizes=(300, 500, 180), weight=2)
    check(ask.draws, begin, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_adam", "locked": true, "solution": false, "task": false}
# ## Task 2 · Adam (4 points)
#
# Write the class `Adam`. `Adam(lr, beta1, beta2, eps)` makes an optimiser, and `update(params, grads)` takes a step. Both arguments are dicts of arrays with the same names. For every parameter $p$ with the gradient $g$, in step number $k=1,2,\dots$,
#
# $$m\leftarrow\beta_1 m+(1-\beta_1)\,g,\qquad v\leftarrow\beta_2 v+(1-\beta_2)\,g^2,\qquad \hat m=\frac{m}{1-\beta_1^k},\quad \hat v=\frac{v}{1-\beta_2^k},\qquad p\leftarrow p-\eta\,\frac{\hat m}{\sqrt{\hat v}+\varepsilon},$$
#
# where $\eta$ is `lr`, and $m$ and $v$ are 0 at the beginning. `k` counts the calls of `update`.
#
# * The arrays in `params` are the network: change the numbers **in** them. The gradients belong to the caller.
# * Two optimisers know nothing of each other, and neither do two parameters.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "adam", "locked": false, "solution": true, "task": false}
class Adam:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        ### BEGIN SOLUTION
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.k = {}, {}, 0
        ### END SOLUTION

    def update(self, params, grads):
        ### BEGIN SOLUTION
        self.k += 1
        for name, g in grads.items():
            self.m[name] = self.beta1 * self.m.get(name, 0.0) + (1 - self.beta1) * g
            self.v[name] = self.beta2 * self.v.get(name, 0.0) + (1 - self.beta2) * g**2
            m, v = self.m[name] / (1 - self.beta1**self.k), self.v[name] / (1 - self.beta2**self.k)
            params[name] -= self.lr * m / (np.sqrt(v) + self.eps)
        ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_adam", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.first_step, Adam)
    check(ask.next_steps, Adam)
    check(ask.second_optimiser, Adam)
    check(ask.other_rates, Adam)
    ### BEGIN HIDDEN TESTS
    check(ask.first_step, Adam, seed=bp.course_seed())
    check(ask.next_steps, Adam, seed=bp.course_seed())
    check(ask.second_optimiser, Adam, seed=bp.course_seed())
    check(ask.other_rates, Adam, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_diagnose", "locked": true, "solution": false, "task": false}
# ## Task 3 · What does it suffer from? (4 points)
#
# Write `diagnose(activation, answers, gradients)`. `activation` is `"relu"` or `"tanh"`, `answers` a list with the answers of each layer, arrays of the shape `(N, n)` with a row for each sample, and `gradients` a list with $\partial L/\partial W$ of each layer. Return one word: that of the **first** row of this table
# that fits.
#
# | word | when |
# |---|---|
# | `"dead"` | relu, and in some layer at least half of the neurons answer exactly 0 to *every* sample |
# | `"saturated"` | tanh, and in some layer at least half of all answers lie beyond 0.99 or −0.99 |
# | `"symmetric"` | in some layer all neurons give the same answer as each other, to each sample |
# | `"exploding"` | the gradient of some layer has a size above 1000 |
# | `"vanishing"` | the smallest size is less than a thousandth of the largest, or all sizes are below 0.000001 |
# | `"healthy"` | none of these |
#
# The *size* of a gradient is the root of the sum of the squares of all its entries. What is handed in stays as it is.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "diagnose", "locked": false, "solution": true, "task": false}
def diagnose(activation, answers, gradients):
    ### BEGIN SOLUTION
    sizes = [np.linalg.norm(g) for g in gradients]
    if activation == "relu" and any((h == 0).all(axis=0).mean() >= 0.5 for h in answers):
        return "dead"
    if activation == "tanh" and any((np.abs(h) > 0.99).mean() >= 0.5 for h in answers):
        return "saturated"
    if any((h == h[:, :1]).all() for h in answers):
        return "symmetric"
    if max(sizes) > 1000:
        return "exploding"
    if min(sizes) < max(sizes) / 1000 or max(sizes) < 1e-6:
        return "vanishing"
    return "healthy"
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_diagnose", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.diagnoses, diagnose)
    ### BEGIN HIDDEN TESTS
    check(ask.diagnoses, diagnose, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_learn", "locked": true, "solution": false, "task": false}
# ## Task 4 · The patient (4 points)
#
# Here is a network of twenty layers, 64 → 32 → … → 32 → 10, and its training. Its gradient is right. It only guesses: run it and see. Then copy it into your cell as `learn(x, t, rng)`, examine it (the histograms of its answers, the sizes of its gradients: your `diagnose` may help), and mend it until it reads at
# least 95 of 100 of the digits that it learns from, and 85 of 100 new ones. There is more than one thing the matter with it. You may change the activation and its slope, the first weights, the optimiser, the rate, the batches, the number of epochs, and scale or shift what goes into the first layer if your layers make up for it. Keep the twenty layers and their sizes.
#
# `x` and `t` are the digits to learn from, and belong to the caller; all chance comes from `rng`. Return two things: the list of the twenty pairs `(W, b)`, and the activation, a function of an array. The test runs them forward: `f(h @ W + b)` in each layer, and no activation after the last. It need not take longer than 15 seconds.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "patient", "locked": true, "solution": false, "task": false}
def patient(x, t, rng, epochs=3, lr=1.0):
    sizes = [64, *[32] * 19, 10]
    layers = [(rng.normal(0, 0.01, size), np.zeros(size[1])) for size in zip(sizes, sizes[1:], strict=False)]

    def f(z):
        return 1 / (1 + np.exp(-z))

    def slope(h):  # of f, from its answers
        return h * (1 - h)

    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 32):
            batch = order[start : start + 32]
            answers = [x[batch]]
            for W, b in layers[:-1]:
                answers.append(f(answers[-1] @ W + b))
            W, b = layers[-1]
            scores = answers[-1] @ W + b
            p = np.exp(scores - scores.max(axis=1, keepdims=True))
            delta = p / p.sum(axis=1, keepdims=True)
            delta[np.arange(len(batch)), t[batch]] -= 1
            delta /= len(batch)
            for k in reversed(range(len(layers))):
                W, b = layers[k]
                dW, db = answers[k].T @ delta, delta.sum(axis=0)
                if k > 0:
                    delta = (delta @ W.T) * slope(answers[k])
                W -= lr * dW
                b -= lr * db
    return layers, f


def accuracy(layers, f, x, t):
    h = x
    for W, b in layers[:-1]:
        h = f(h @ W + b)
    W, b = layers[-1]
    return np.mean((h @ W + b).argmax(axis=1) == t)


data = bp.digits()
layers, f = patient(data.x_train, data.t_train, np.random.default_rng(0))
print(f"accuracy on what it has learned from: {accuracy(layers, f, data.x_train, data.t_train):.2f}")
print(f"accuracy on new digits: {accuracy(layers, f, data.x_test, data.t_test):.2f}")


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "learn", "locked": false, "solution": true, "task": false}
def learn(x, t, rng):
    ### BEGIN SOLUTION
    sizes = [64, *[32] * 19, 10]
    layers = [
        (rng.normal(0, np.sqrt(2 / n), (n, m)), np.zeros(m)) for n, m in zip(sizes, sizes[1:], strict=False)
    ]
    memory = [[np.zeros_like(p), np.zeros_like(p)] for layer in layers for p in layer]

    def f(z):
        return np.maximum(z, 0)

    def slope(h):
        return h > 0

    def step(k, lr, gradients):  # Adam, with beta1 = 0.9 and beta2 = 0.99
        parameters = [p for layer in layers for p in layer]
        for p, g, (m, v) in zip(parameters, gradients, memory, strict=True):
            m += 0.1 * (g - m)
            v += 0.01 * (g**2 - v)
            p -= lr * m / (1 - 0.9**k) / (np.sqrt(v / (1 - 0.99**k)) + 1e-8)

    k, epochs = 0, 20
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 32):
            batch = order[start : start + 32]
            answers = [x[batch]]
            for W, b in layers[:-1]:
                answers.append(f(answers[-1] @ W + b))
            W, b = layers[-1]
            scores = answers[-1] @ W + b
            p = np.exp(scores - scores.max(axis=1, keepdims=True))
            delta = p / p.sum(axis=1, keepdims=True)
            delta[np.arange(len(batch)), t[batch]] -= 1
            delta /= len(batch)
            gradients = []
            for i in reversed(range(len(layers))):
                gradients = [answers[i].T @ delta, delta.sum(axis=0), *gradients]
                if i > 0:
                    delta = (delta @ layers[i][0].T) * slope(answers[i])
            k += 1
            step(k, 0.003 * (1 - epoch / epochs), gradients)
    return layers, f
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_learn", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.reads_digits, learn, weight=3)
    check(ask.learns_from_rng, learn)
    ### BEGIN HIDDEN TESTS
    check(ask.reads_digits, learn, seed=bp.course_seed(), weight=3)
    check(ask.learns_from_rng, learn, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 5 · Explain it (4 points, read by a person)
#
# A friend has read that deep networks are better, and has built one of thirty sigmoid layers. It does not learn. "Then I take larger weights, and Adam, which needs no learning rate." Answer in 120 to 250 words: **why does it not learn, why will neither cure help for sure, and what would you do?**
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | the gradient as a product over layers: why slopes of at most ¼ make it vanish exponentially |
# | 1 | why larger weights are no cure: saturation, or explosion, and a scale that has to be met exactly |
# | 1 | what Adam does for layers with small gradients, and why it has a learning rate all the same |
# | 1 | what to measure, by layer, and a cure with its reason (activation, spread of the first weights) |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# The gradient of the first layer is a product. On its way back the signal is multiplied, layer after layer, by the slope of the sigmoid and by the weights. That slope is never more than 1/4. With weights that
# keep the sums at a size near 1, thirty layers leave less than (1/4)^30 of the power, about 1e-18: the first layers are told nothing and stay random.
#
# Larger weights would have to make up for the slope exactly. But a large sum lies on the flat arm of the sigmoid, where the slope is not 1/4 but nearly 0; so larger weights saturate the neurons first. Where they do not, a factor a little above 1 explodes after thirty layers as surely as one below it vanishes.
#
# Adam divides each gradient by its own typical size, so a layer with tiny gradients takes steps as long as the others. That does help. But the length of those steps is the learning rate: too long and it runs away, too short and it crawls. And a direction that is lost in noise or in rounding does not come back by being divided.
#
# I would measure the spread of the answers and the size of the gradient in every layer before training. Then I would take relu, whose slope is 1 where it is open, with weights of the spread √(2/n), since it loses half of the squares, and look again whether both curves are flat.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your laboratory
#
# This corner is not graded. How deep can you go before your cure fails? Which of your changes alone would have been enough? What do the answers of layer 20 look like at the start, and after training?

# %%
# layers, f = learn(data.x_train, data.t_train, np.random.default_rng(1))
