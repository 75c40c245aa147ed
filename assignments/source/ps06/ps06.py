# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 6 · The four equations
#
# Six tasks for the computer to grade (19 points) and one proof that a person reads (4 points). They go with lesson 6.
# **Time:** 90 to 120 minutes.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below
# each task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on
# one another, so a task that will not come out costs you nothing elsewhere.
#
# Write lines of your own in numpy: `bplib` may not do their work. A derivative comes from its rule, and nudging does
# not count.
#
# Tasks 1 to 5 look at one example at a time and write it as the book does: a layer's numbers stand in a **column**
# `(n, 1)`, and a weight matrix `w` is `(n_out, n_in)`, with a row for each neuron. Task 6 goes over to our rows.
# `weights[0]` and `biases[0]` belong to the first layer that has weights. Every layer ends in a sigmoid, and an
# example costs $C=\tfrac12\lVert a^L-y\rVert^2$.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import numpy as np

import bplib as bp
from bplib.course.questions import ps06 as ask


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_feedforward", "locked": true, "solution": false, "task": false}
# ## Task 1 · Forward, and keep everything (2 points)
#
# $$z^l=w^l a^{l-1}+b^l,\qquad a^l=\sigma(z^l),\qquad a^0=x$$
#
# Write `feedforward(x, weights, biases)` for any number of layers. It returns two lists: `zs`, which holds
# $z^1, z^2, \dots, z^L$, and `activations`, which holds $a^0, a^1, \dots, a^L$. So `activations` begins with `x` and
# is longer by one.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "feedforward", "locked": false, "solution": true, "task": false}
def feedforward(x, weights, biases):
    ### BEGIN SOLUTION
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        zs.append(w @ activations[-1] + b)
        activations.append(sigmoid(zs[-1]))
    return zs, activations
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_feedforward", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.feedforward, feedforward, sizes=ask.SQUARE)
    check(ask.feedforward, feedforward)
    ### BEGIN HIDDEN TESTS
    check(ask.feedforward, feedforward, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_errors", "locked": true, "solution": false, "task": false}
# ## Task 2 · The errors: BP1 and BP2 (4 points)
#
# $$\delta^L=\nabla_a C\odot\sigma'(z^L)$$
#
# $$\delta^l=\big((w^{l+1})^{\mathsf T}\delta^{l+1}\big)\odot\sigma'(z^l)$$
#
# Write `bp1(cost_gradient, z)`, where `cost_gradient` is $\nabla_a C$, a column like `z`. And write
# `bp2(delta_next, w_next, z)`, where `delta_next` is `(n_next, 1)`, `w_next` is `(n_next, n)` and `z` is `(n, 1)`.
# Both return a column like `z`, and take the slope of the sigmoid themselves. Leave the arguments as they are.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "errors", "locked": false, "solution": true, "task": false}
def bp1(cost_gradient, z):
    ### BEGIN SOLUTION
    return cost_gradient * sigmoid(z) * (1 - sigmoid(z))
    ### END SOLUTION


def bp2(delta_next, w_next, z):
    ### BEGIN SOLUTION
    return (w_next.T @ delta_next) * sigmoid(z) * (1 - sigmoid(z))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_errors", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.bp1, bp1)
    check(ask.bp2, bp2, weight=2)
    check(ask.bp1_and_bp2_leave_alone, bp1, bp2)
    ### BEGIN HIDDEN TESTS
    check(ask.bp1, bp1, seed=bp.course_seed())
    check(ask.bp2, bp2, seed=bp.course_seed(), weight=3)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_gradients", "locked": true, "solution": false, "task": false}
# ## Task 3 · From errors to gradients: BP3 and BP4 (2 points)
#
# $$\frac{\partial C}{\partial b^l_j}=\delta^l_j\qquad\qquad\frac{\partial C}{\partial w^l_{jk}}=a^{l-1}_k\,\delta^l_j$$
#
# Write `bp3(delta)` and `bp4(a_previous, delta)` for columns `delta` `(n, 1)` and `a_previous` `(n_in, 1)`. Each
# gradient has the shape of its variable: `(n, 1)` for the biases, `(n, n_in)` for the weights.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "gradients", "locked": false, "solution": true, "task": false}
def bp3(delta):
    ### BEGIN SOLUTION
    return delta.copy()
    ### END SOLUTION


def bp4(a_previous, delta):
    ### BEGIN SOLUTION
    return delta @ a_previous.T
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_gradients", "locked": true, "points": 2, "solution": false, "task": false}
with bp.Checks(points=2) as check:
    check(ask.bp3, bp3)
    check(ask.bp4, bp4, weight=2)
    ### BEGIN HIDDEN TESTS
    check(ask.bp3, bp3, seed=bp.course_seed())
    check(ask.bp4, bp4, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_backprop", "locked": true, "solution": false, "task": false}
# ## Task 4 · Backpropagation, one example (4 points)
#
# Put the pieces together. `backprop` gets an example `x`, `y` and a network of any number of layers, and returns two
# lists, `nabla_b` and `nabla_w`: the gradients of $C$ in the shapes of `biases` and `weights`, the first layer's
# first.
#
# Its last five arguments are functions as in Tasks 1 to 3. The test hands in working ones, whatever became of yours.
# Inside `backprop` the names stand for those.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "backprop", "locked": false, "solution": true, "task": false}
def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    ### BEGIN SOLUTION
    zs, activations = feedforward(x, weights, biases)
    deltas = [bp1(activations[-1] - y, zs[-1])]
    for w_next, z in zip(weights[:0:-1], zs[-2::-1], strict=True):
        deltas.insert(0, bp2(deltas[0], w_next, z))
    nabla_w = [bp4(a, delta) for a, delta in zip(activations[:-1], deltas, strict=True)]
    return [bp3(delta) for delta in deltas], nabla_w
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_backprop", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.backprop, backprop, sizes=ask.SQUARE)
    check(ask.backprop, backprop)
    ### BEGIN HIDDEN TESTS
    check(ask.backprop, backprop, seed=bp.course_seed(), weight=2)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_update", "locked": true, "solution": false, "task": false}
# ## Task 5 · One step of learning (3 points)
#
# `mini_batch` is a list of pairs `(x, y)`. Its cost is the **mean** of the costs of its examples. Write
# `update_mini_batch(weights, biases, mini_batch, eta, backprop)`: one step of gradient descent with the learning rate
# `eta`,
#
# $$w\to w-\eta\,\frac{\partial C}{\partial w},\qquad b\to b-\eta\,\frac{\partial C}{\partial b}.$$
#
# It returns two lists, the new weights and the new biases, and leaves the old ones as they are. The function that is
# handed in, `backprop(x, y, weights, biases)`, returns `nabla_b` and `nabla_w` for one example.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "update", "locked": false, "solution": true, "task": false}
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    ### BEGIN SOLUTION
    step = eta / len(mini_batch)
    new_weights, new_biases = [w.copy() for w in weights], [b.copy() for b in biases]
    for x, y in mini_batch:
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        for l in range(len(weights)):
            new_weights[l] -= step * nabla_w[l]
            new_biases[l] -= step * nabla_b[l]
    return new_weights, new_biases
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_update", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.update_mini_batch, update_mini_batch, weight=2)
    check(ask.update_leaves_alone, update_mini_batch)
    ### BEGIN HIDDEN TESTS
    check(ask.update_mini_batch, update_mini_batch, examples=5, eta=0.3, seed=bp.course_seed(), weight=3)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_rows", "locked": true, "solution": false, "task": false}
# ## Task 6 · The whole mini-batch at once, in rows (4 points)
#
# Now our own convention. `X` is `(N, D)` and `Y` is `(N, C)`, an example in each row. `params` has the names `"W1"`
# `(D, H)`, `"b1"` `(H,)`, `"W2"` `(H, C)` and `"b2"` `(C,)`: two layers, each with a sigmoid. The cost is the mean
# over the examples,
#
# $$C=\frac1N\sum_{n}\tfrac12\lVert A^{(2)}_n-Y_n\rVert^2 ,$$
#
# where the row $A^{(2)}_n$ is the answer of layer 2 to example $n$.
#
# Write `gradient(X, Y, params)`, which returns a dictionary with the same four names and leaves its arguments as
# they are. A matrix product takes care of all examples at once, so no loop is needed.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "rows", "locked": false, "solution": true, "task": false}
def gradient(X, Y, params):
    ### BEGIN SOLUTION
    A1 = sigmoid(X @ params["W1"] + params["b1"])
    A2 = sigmoid(A1 @ params["W2"] + params["b2"])
    delta2 = (A2 - Y) * A2 * (1 - A2) / len(X)
    delta1 = (delta2 @ params["W2"].T) * A1 * (1 - A1)
    return {"W1": X.T @ delta1, "b1": delta1.sum(axis=0), "W2": A1.T @ delta2, "b2": delta2.sum(axis=0)}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_rows", "locked": true, "points": 4, "solution": false, "task": false}
with bp.Checks(points=4) as check:
    check(ask.gradient, gradient, sizes=(4, 3, 3))
    check(ask.gradient, gradient)
    check(ask.gradient_leaves_alone, gradient)
    ### BEGIN HIDDEN TESTS
    check(ask.gradient, gradient, sizes=(2, 5, 3), examples=4, seed=bp.course_seed(), weight=3)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 7 · Prove BP2 (4 points, read by a person)
#
# Prove $\;\delta^l_j=\sum_k w^{l+1}_{kj}\,\delta^{l+1}_k\,\sigma'(z^l_j)\;$ from the definition
# $\delta^l_j=\partial C/\partial z^l_j$. Give every step twice: in indices, and in a sentence that a friend
# understands who knows the chain rule but has never seen a network. Write 100 to 250 words, formulas included. (In a
# Markdown cell, `$\delta^l_j$` is shown as $\delta^l_j$; plain text such as `delta^l_j` will do as well.)
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | the chain rule through **all** neurons of the next layer, and why it is a sum |
# | 1 | how one $z^{l+1}_k$ depends on $z^l_j$, with the right indices, and why a single term of its sum is left |
# | 1 | the pieces put together, every free index the same on both sides |
# | 1 | why the matrix is transposed in the vector form, and what BP2 says in words |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# Push $z^l_j$ a little. The neuron's answer $a^l_j=\sigma(z^l_j)$ moves, and it is handed to every neuron $k$ of the
# next layer. So the cost is reached by as many paths as there are neurons there. The chain rule multiplies along a
# path and adds the paths up:
#
# $$\delta^l_j=\frac{\partial C}{\partial z^l_j}=\sum_k\frac{\partial C}{\partial z^{l+1}_k}\,\frac{\partial z^{l+1}_k}{\partial z^l_j}
# =\sum_k\delta^{l+1}_k\,\frac{\partial z^{l+1}_k}{\partial z^l_j}.$$
#
# The first factor is by definition the error of neuron $k$. For the second, write out what enters neuron $k$:
#
# $$z^{l+1}_k=\sum_i w^{l+1}_{ki}\,\sigma(z^l_i)+b^{l+1}_k.$$
#
# Only the term with $i=j$ contains $z^l_j$; all others stand still. Its slope is the weight of the path times the
# slope of our own sigmoid:
#
# $$\frac{\partial z^{l+1}_k}{\partial z^l_j}=w^{l+1}_{kj}\,\sigma'(z^l_j).$$
#
# Put together, and with $\sigma'(z^l_j)$, which does not depend on $k$, in front of the sum:
#
# $$\delta^l_j=\sigma'(z^l_j)\sum_k w^{l+1}_{kj}\,\delta^{l+1}_k.$$
#
# On both sides $j$ and $l$ are free, and $k$ is summed over. The sum runs over the first index of $w$, and a matrix
# product runs over the second: so it is $(w^{l+1})^{\mathsf T}\delta^{l+1}$. In words: each error of the next layer
# comes back through the weight that connects us, they are added, and the sum goes back through our own sigmoid.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your own experiments
#
# This corner is yours and is not graded. Some ideas: build a network with `bp.MLP` and walk through it with
# `bp.MLPWalker`. Does your `gradient` give what `bp.nielsen.backprop` gives? How many steps does exclusive or need
# when you sum the gradients in place of averaging them?

# %%
W, b = np.array([[1.0, 2.0], [-3.0, 0.5]]), np.zeros(2)
params = {"W1": W, "b1": b, "W2": W, "b2": b}
bp.nielsen.backprop(np.array([[1.0, 2.0]]), np.array([[0.0, 1.0]]), params)
