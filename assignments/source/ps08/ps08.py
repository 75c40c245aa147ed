# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "intro", "locked": true, "solution": false, "task": false}
# # Assignment 8 · An engine of your own
#
# Four tasks for the computer to grade (18 points) and one explanation that a person reads (4 points). They go with
# lesson 8. **Time:** 2 to 3 hours.
#
# Write where it says `YOUR CODE HERE`, and take away the line `raise NotImplementedError()`. Run the test cell below each
# task as often as you like: it says what is right, what is not yet, and often why. The tasks do not depend on one
# another: each is an engine, or a part of one, for itself.
#
# All of it is plain Python, and `math` has what is left. `bplib` may not do the work. How you build it is yours: local derivatives kept as numbers, small functions that are
# called on the way back, rules in a table, edges in a list; everything is asked from outside.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "setup", "locked": true, "solution": false, "task": false}
import math

import bplib as bp
from bplib.course.questions import ps08 as ask

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_order", "locked": true, "solution": false, "task": false}
# ## Task 1 · An order (3 points)
#
# A graph is given as a dict: for each name, the names of its parents. In `{"x": (), "y": ("x", "x"), "f": ("y", "x")}`, `f` is made of `y` and `x`, and `y` of `x` and `x`.
#
# Write `order(parents, output)`, which returns a list of the names that `output` depends on, and `output` itself: each **once**, and each **after all its parents**. Names that `output` does
# not need are left out. The dict stays as it is, and is in no order that you can trust. The graph may be a chain of 5000.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "order", "locked": false, "solution": true, "task": false}
def order(parents, output):
    ### BEGIN SOLUTION
    listed, seen, to_do = [], set(), [("open", output)]
    while to_do:
        what, name = to_do.pop()
        if what == "list":
            listed.append(name)
        elif name not in seen:
            seen.add(name)
            to_do += [("list", name), *(("open", parent) for parent in parents[name])]
    return listed
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_order", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.order, order, weight=2)
    check(ask.long_chain, order)
    ### BEGIN HIDDEN TESTS
    check(ask.order, order, seed=bp.course_seed(), weight=2)
    check(ask.long_chain, order, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_engine", "locked": true, "solution": false, "task": false}
# ## Task 2 · The engine (9 points)
#
# Write the class `Value`. `Value(2.0)` makes an input. What the tests ask of it:
#
# | | |
# |---|---|
# | `v.data`, `v.grad` | the number, and the gradient, which begins at 0; a test may set `v.grad = 0.0` |
# | `+`, `-`, `*`, `/` | between two values, and with a plain number **on either side**: `2 * v`, `1 - v`, `4 / v` |
# | `-v`, `v ** 3` | the exponent is a plain number |
# | `v.exp()`, `v.tanh()`, `v.relu()` | each a new value; the slope of relu at 0 is 0 |
# | `v.max(w)` | the larger of two values (lesson 2: the router). A rule that no lesson has written for you |
# | `v.backward()` | then each value that `v` depends on has in `grad` what has arrived there: $\partial v/\partial$ that value, if its `grad` was 0 before |
#
# Operations make new values and leave the old ones alone. Values may be used many times, and there may be several graphs, one after another.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "engine", "locked": false, "solution": true, "task": false}
class Value:
    def __init__(self, data):
        ### BEGIN SOLUTION
        self.data, self.grad, self.edges = data, 0.0, ()

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    @staticmethod
    def made(data, *edges):
        """A value that was computed from others: an edge is a parent and the local derivative for it."""
        value = Value(data)
        value.edges = edges
        return value

    def __add__(self, other):
        other = Value.of(other)
        return Value.made(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        other = Value.of(other)
        return Value.made(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, n):
        return Value.made(self.data**n, (self, n * self.data ** (n - 1)))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -Value.of(other)

    def __rsub__(self, other):
        return Value.of(other) - self

    def __truediv__(self, other):
        return self * Value.of(other) ** -1

    def __rtruediv__(self, other):
        return Value.of(other) / self

    def exp(self):
        e = math.exp(self.data)
        return Value.made(e, (self, e))

    def tanh(self):
        t = math.tanh(self.data)
        return Value.made(t, (self, 1.0 - t * t))

    def relu(self):
        return Value.made(max(self.data, 0.0), (self, float(self.data > 0)))

    def max(self, other):
        wins = self.data > other.data
        return Value.made(max(self.data, other.data), (self, float(wins)), (other, float(not wins)))

    def parents_first(self):
        listed, seen, to_do = [], set(), [("open", self)]
        while to_do:
            what, value = to_do.pop()
            if what == "list":
                listed.append(value)
            elif value not in seen:
                seen.add(value)
                to_do += [("list", value), *(("open", parent) for parent, _ in value.edges)]
        return listed

    def backward(self):
        self.grad = 1.0
        for value in reversed(self.parents_first()):
            for parent, local in value.edges:
                parent.grad += value.grad * local
        ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_engine", "locked": true, "points": 9, "solution": false, "task": false}
with bp.Checks(points=9) as check:
    check(ask.operators, Value, weight=2)
    check(ask.plain_numbers, Value, weight=2)
    check(ask.rules, Value, weight=2)
    check(ask.a_router, Value)
    check(ask.forks, Value, weight=6)
    check(ask.deep_chain, Value)
    check(ask.one_after_another, Value)
    ### BEGIN HIDDEN TESTS
    check(ask.operators, Value, seed=bp.course_seed(), weight=2)
    check(ask.plain_numbers, Value, seed=bp.course_seed(), weight=2)
    check(ask.rules, Value, seed=bp.course_seed(), weight=2)
    check(ask.a_router, Value, seed=bp.course_seed())
    check(ask.forks, Value, seed=bp.course_seed(), weight=6)
    check(ask.one_after_another, Value, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_graph", "locked": true, "solution": false, "task": false}
# ## Task 3 · A graph that owns its list (3 points)
#
# The engine with its other face, as the notes of CS231n have it. A graph is a list of lines `(name, symbol, names of the inputs)`, sorted already, such as `[("q", "+", ("x", "y")), ("f", "*", ("q", "z"))]`. The symbols are
# `"+"`, `"-"`, `"*"` with two inputs and `"exp"`, `"relu"` with one.
#
# Write the class `ComputationalGraph`. `ComputationalGraph(lines)` makes the graph. `forward(inputs)` is given a dict of numbers, `{"x": -2.0, …}`, which stays as it is, and returns the number of the last line.
# `backward()` returns a dict with the gradient of **every** name, by the numbers of the last `forward`. Both may be called as often as one likes, and there may be several graphs.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "graph", "locked": false, "solution": true, "task": false}
class ComputationalGraph:
    def __init__(self, lines):
        ### BEGIN SOLUTION
        self.lines = lines
        self.gates = {  # what a gate does, and its local derivatives
            "+": (lambda a, b: a + b, lambda out, a, b: (1.0, 1.0)),
            "-": (lambda a, b: a - b, lambda out, a, b: (1.0, -1.0)),
            "*": (lambda a, b: a * b, lambda out, a, b: (b, a)),
            "exp": (math.exp, lambda out, a: (out,)),
            "relu": (lambda a: max(a, 0.0), lambda out, a: (float(a > 0),)),
        }
        ### END SOLUTION

    def forward(self, inputs):
        ### BEGIN SOLUTION
        self.value = dict(inputs)
        for name, symbol, names in self.lines:
            run, _ = self.gates[symbol]
            self.value[name] = run(*(self.value[each] for each in names))
        return self.value[self.lines[-1][0]]
        ### END SOLUTION

    def backward(self):
        ### BEGIN SOLUTION
        last = self.lines[-1][0]
        gradient = {name: float(name == last) for name in self.value}
        for name, symbol, names in reversed(self.lines):
            _, local = self.gates[symbol]
            slopes = local(self.value[name], *(self.value[each] for each in names))
            for parent, slope in zip(names, slopes, strict=True):
                gradient[parent] += gradient[name] * slope
        return gradient
        ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_graph", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.graph_forward, ComputationalGraph)
    check(ask.graph_backward, ComputationalGraph, weight=2)
    check(ask.graph_again, ComputationalGraph)
    ### BEGIN HIDDEN TESTS
    check(ask.graph_forward, ComputationalGraph, seed=bp.course_seed())
    check(ask.graph_backward, ComputationalGraph, seed=bp.course_seed(), weight=2)
    check(ask.graph_again, ComputationalGraph, seed=bp.course_seed())
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_descend", "locked": true, "solution": false, "task": false}
# ## Task 4 · The way down (3 points)
#
# Now an engine is used. Write `descend(f, parameters, lr, steps)`. The test hands in values of its own, which have `data` and `grad` as yours do: `parameters` is a list of them, and `f()` makes the loss of them, a value with
# `data` and `backward()`, **anew at each call**. Take `steps` steps: in each, get the loss, find the gradients, and move every parameter by $-\mathrm{lr}\cdot$ its gradient. `backward` adds to `grad` whatever is in it.
#
# Return a list with the `data` of the loss at the beginning of each step.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "descend", "locked": false, "solution": true, "task": false}
def descend(f, parameters, lr, steps):
    ### BEGIN SOLUTION
    losses = []
    for _ in range(steps):
        loss = f()
        for p in parameters:
            p.grad = 0.0
        loss.backward()
        for p in parameters:
            p.data -= lr * p.grad
        losses.append(loss.data)
    return losses
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_descend", "locked": true, "points": 3, "solution": false, "task": false}
with bp.Checks(points=3) as check:
    check(ask.way_down, descend, weight=2)
    check(ask.losses, descend)
    ### BEGIN HIDDEN TESTS
    check(ask.way_down, descend, seed=bp.course_seed(), lr=0.5, steps=3, weight=2)
    check(ask.losses, descend, seed=bp.course_seed(), lr=0.5, steps=3)
    ### END HIDDEN TESTS
check.score()

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "task_explain", "locked": true, "solution": false, "task": false}
# ## Task 5 · Explain it (4 points, read by a person)
#
# A friend has written an engine whose sweep begins at the output and always goes on to the parents of the value it has just visited. On some graphs it is right, on others not. Explain in 120 to 240 words **why the order of the
# visits matters**, and what a right order is.
#
# How it is marked:
#
# | points | for |
# |---|---|
# | 1 | what a value has to know before it may send its gradient on |
# | 1 | what a right order is, and a way to find one |
# | 1 | on which graphs the friend's engine is right all the same, and why nothing complains on the others |
# | 1 | an example with numbers: the signals, the right sum, and what comes out too early |

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "explain", "locked": false, "points": 4, "solution": true, "task": false}
# A value sends on *upstream × local*. Its upstream is the sum over all who use it. If it is visited before all of these have sent their part, it multiplies a part of the sum and passes that on; what
# arrives later stays with it and never goes further.
#
# So every value must be visited after all that use it. If I list the values so that each stands after its parents, and read the list backwards, that is what happens. To get the list: put a value into it when
# all its parents are in it, and remember whom I have met, so that each comes once.
#
# In a chain, or in a tree where each value is used once, the friend's order is right: there is only one arrival to wait for. With a fork it may not be. Nothing complains, for there is a number at every value, only a
# wrong one.
#
# Take t = ab, e = t(t + 1) at a = 2, b = 3, so t = 6. The product sends 7 to t and 6 to t + 1, which hands the 6 to t: 13 in all, and a should get 13 · 3 = 39. If t is visited when only the 7 is
# there, a gets 21, and the 6 comes too late.

# %% [markdown] nbgrader={"schema_version": 3, "grade": false, "grade_id": "corner", "locked": true, "solution": false, "task": false}
# ## Your engine at work
#
# This corner is not graded. When your tasks are done, take away the `#` in the last line: `a_line` finds the slope and the height of a line through some points, by nothing but your `Value` and your `descend`. What becomes
# of the line if `backward` is given `=` in place of `+=`?


# %%
def a_line():
    points = [(-1.0, -1.0), (0.0, 1.0), (1.0, 3.0), (2.0, 5.0)]
    slope, height = Value(0.0), Value(0.0)

    def loss():
        total = 0.0
        for x, y in points:
            total = (slope * x + height - y) ** 2 + total
        return total / len(points)

    losses = descend(loss, [slope, height], 0.1, 200)
    print(f"loss {losses[0]:.2f} → {losses[-1]:.6f}: y = {slope.data:.3f} x + {height.data:.3f}")


# a_line()
