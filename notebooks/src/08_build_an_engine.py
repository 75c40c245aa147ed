# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 8 · Build the engine yourself
#
# **When you are done, you can**
#
# * write, from nothing, a class whose numbers know where they came from and send gradients back;
# * say why the sweep needs an order, what goes wrong in another one, and how to find a right one without recursion;
# * add a rule to an engine of your own, and test it;
# * recognise the classic slips of such engines by their numbers: `=` for `+=`, a set of parents, an old gradient left in;
# * train a network whose every derivative was found by your lines, and say what it costs.
#
# **You need** lessons 1 and 2, and nothing of what comes between.
# **Time:** about 110 minutes with the self-checks, in three sittings: 8.1 to 8.4, 8.5 to 8.7, 8.8 to the end. Then comes the assignment `ps08`.

# %%
import inspect
import math
from itertools import pairwise
from statistics import median
from time import perf_counter

import numpy as np

import bplib as bp
from bplib.course.questions import build_an_engine as check

# %% [markdown]
# ## 8.1 A number that forgets
#
# This is the circuit with which lesson 1 began to draw graphs, as plain Python:


# %%
def circuit(x, y, z):
    q = x + y
    f = q * z
    return f


f = circuit(-2.0, 5.0, -4.0)
print(f"f = {f:.2f}, a {type(f).__name__}")

# %% [markdown]
# The float −12 is right, and it is all that is left. That it was a product, of 3 and −4, and that the 3 was a sum: Python has worked it out and thrown it away.
# Nobody can go *back* from it. So far the library has kept the graph for you. In this lesson you write what keeps it, in five steps and about sixty lines:
#
# 1. a value that remembers what it was made of,
# 2. + and ×, which make such values,
# 3. their local derivatives,
# 4. an order in which to go back,
# 5. the sweep.
#
# Each step is a cell for you, with a check that tries *your* lines. **Do write them.** Below each check stands our way, folded up. It is there to be compared with
# yours; where yours is missing or not right yet, the lesson goes on with ours, so that you can always read on. At the end your engine trains a network.
#
# ## 8.2 Step one: a value that remembers
#
# One object for each number of the calculation. It holds
#
# | name | what it is |
# |---|---|
# | `data` | the number |
# | `parents` | the values that it was computed from, in their order; none for an input |
# | `local` | the local derivative for each parent, in the same order |
# | `symbol` | what computed it, such as `"+"`, for pictures |
# | `grad` | what has arrived here on the way back; before it, 0.0 |
#
# **Self-check 1.** Write `__init__`. It keeps the four things that it is given, and `grad` begins at `0.0`.


# %%
class Value:
    def __init__(self, data, parents=(), local=(), symbol=""):
        raise NotImplementedError


first = check.a_value(Value)
first

# %% answer
# Our way. (Where yours is not right yet, the lesson goes on with this one.)


class OurValue:
    def __init__(self, data, parents=(), local=(), symbol=""):
        self.data = data
        self.parents = parents
        self.local = local
        self.symbol = symbol
        self.grad = 0.0


if not first:
    Value = OurValue

# %% [markdown]
# So far it is a box with labels. By hand we can already put the sum of −2 and 5 into one:

# %%
x, y = Value(-2.0), Value(5.0)
q = Value(x.data + y.data, (x, y), (1.0, 1.0), "+")
print(f"q = {q.data:.2f}, made by {q.symbol} of {[parent.data for parent in q.parents]}")

# %% [markdown]
# `q` knows its parents, they know theirs, and so on up to the inputs: **whoever holds the last value holds the whole graph.** That is all that "recording a graph" means.
#
# ## 8.3 Step two: + and × that make values
#
# Nobody wants to write that line for each operation. Python lets a class say what `x + y` means: it calls `x.__add__(y)`. So we write two functions, and give them to
# the class under these names.
#
# **Self-check 2.** Write `add(x, y)` and `multiply(x, y)`. Each returns a *new* `Value` with the result, both parents and a symbol, `"+"` or `"×"`. (The third
# argument, `local`, is the next step; pass `()` for now.) Neither changes `x` or `y`.


# %%
def add(x, y):
    raise NotImplementedError


def multiply(x, y):
    raise NotImplementedError


second = check.grows(add, multiply, Value)
second

# %% answer
# Our way.


def our_add(x, y):
    return Value(x.data + y.data, (x, y), (), "+")


def our_multiply(x, y):
    return Value(x.data * y.data, (x, y), (), "×")


if not second:
    add, multiply = our_add, our_multiply

# %% [markdown]
# Now the class gets its operators, and `circuit`, which knows nothing of all this, runs on your values. `bp.record` runs it on any class that you name as `engine`; it
# walks up the parents and draws what it finds. No number of this picture was computed by the library:

# %%
Value.__add__ = add
Value.__mul__ = multiply

bp.record(circuit, engine=Value, backward=False, x=-2, y=5, z=-4)

# %% [markdown]
# **Predict, then run.** In $x\cdot x+x$ at $x=3$, how many values are there in the graph, the input included? And how many parents has the value $x\cdot x$?

# %%
prediction = "..."


# %% reveal
def reuse(x):
    square = x * x
    f = square + x
    return f


seen = bp.record(reuse, engine=Value, backward=False, x=3)
x_value, square, f = seen.names
print("values:", ", ".join(f"{name} = {seen.value[name]:.0f}" for name in seen.names.values()))
print("parents of the square:", [parent.name for parent in square.parents])

# %% reveal [markdown]
# Three values, for $x$ is one object, however often it is used. But the square has **two** parents, the same one twice: there are two edges, and two signals will come
# back along them. Parents stand in a tuple or a list, which keeps order and repeats. Remember this for 8.6.

# %% [markdown]
# ## 8.4 Step three: local rules
#
# On the way back each gate multiplies what arrives by its local derivatives: *upstream × local = downstream*. Forward is the moment to work those out, since all values
# are at hand. They are plain numbers.
#
# **Self-check 3.** Write both functions once more, with `local` filled in: the derivative of the result with respect to each parent. (What did lesson 2 call these two
# gates, the distributor and the swap multiplier?)


# %%
def add(x, y):
    raise NotImplementedError


def multiply(x, y):
    raise NotImplementedError


third = check.local_rules(add, multiply, Value)
third

# %% answer
# Our way.


def our_add(x, y):
    return Value(x.data + y.data, (x, y), (1.0, 1.0), "+")


def our_multiply(x, y):
    return Value(x.data * y.data, (x, y), (y.data, x.data), "×")


if not third:
    add, multiply = our_add, our_multiply
Value.__add__, Value.__mul__ = add, multiply

# %% [markdown]
# Try it by hand, from right to left, on the circuit. Two multiplications, and the way back is done:

# %%
x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
f = circuit(x, y, z)
q = f.parents[0]
f.grad = 1.0
q.grad, z.grad = f.grad * f.local[0], f.grad * f.local[1]
x.grad, y.grad = q.grad * q.local[0], q.grad * q.local[1]
print(f"dx = {x.grad:.2f}, dy = {y.grad:.2f}, dz = {z.grad:.2f}")

# %% [markdown]
# −4, −4, 3, as in lesson 1. Two things are left to the hand: to say who is next, and to add where several signals meet.

# %% [markdown]
# ---
# > **A good place to stop.** Your values build graphs and know their local rules. When you come back: *Run → Run All Above Selected Cell*, and on with 8.5, the order.

# %% [markdown]
# ## 8.5 Step four: an order
#
# In lesson 2 the library handed you the list of nodes. Now there is only the output, and its parents, and theirs. What the sweep needs is a **topological order**: a list
# of all values under the output in which
#
# * each value stands **once**, however many use it, and
# * each value stands **after all its parents**.
#
# Read backwards, such a list comes to a value when everything that uses it has been visited.
#
# One way to get it: *to list a value, first list its parents, then the value itself; and skip what is listed already.* That is a function that calls itself.
#
# **Self-check 4.** Write `order(output)`, which returns such a list; the output stands last. (To remember what you have met, a `set` is right: a value is its own key. That
# each stands once is exactly what you want *here*.)


# %%
def order(output):
    raise NotImplementedError


fourth = check.order(order, Value)
fourth

# %% answer
# Our way, twice: with a function that calls itself, and with a list of what still waits.


def recursive_order(output):
    found, met = [], set()

    def visit(value):
        if value not in met:
            met.add(value)
            for parent in value.parents:
                visit(parent)
            found.append(value)

    visit(output)
    return found


def our_order(output):
    found, met, waiting = [], set(), [(output, False)]
    while waiting:
        value, parents_are_listed = waiting.pop()
        if parents_are_listed:
            found.append(value)
        elif value not in met:
            met.add(value)
            waiting.append((value, True))  # once more, when its parents are done
            waiting += [(parent, False) for parent in value.parents]
    return found


if not fourth:
    order = our_order

# %% [markdown]
# ### Break it on purpose: the end of recursion
#
# A function that calls itself once for each value goes as deep as the graph is long. Python allows about a thousand calls inside each other. A loss over a few hundred
# samples, added up one by one, is a chain that long. **Predict:** which of our two ways lists a chain of 5000 values, and what does the other one do?

# %%
prediction = "..."

# %% reveal
chain, nothing = Value(1.0), Value(0.0)
for _ in range(4998):
    chain = chain + nothing
for way in (recursive_order, our_order):
    try:
        print(f"{way.__name__}: {len(way(chain))} values")
    except RecursionError as error:
        print(f"{way.__name__}: {type(error).__name__}")

# %% reveal [markdown]
# The list grows as long as memory allows; the stack of calls does not. (The two do the same: *waiting* is the stack, written down by yourself.) Yours may stay
# recursive for this lesson, whose graphs are flat enough. The assignment asks for more.

# %% [markdown]
# ## 8.6 Step five: the sweep
#
# **Self-check 5.** Write `backward(output)`. The output's `grad` becomes 1.0; then, in the reversed order, each value hands to each of its parents what *upstream × local*
# is for it, and the parent **adds** it to its `grad`. Nothing is returned: the gradients stand in the values.


# %%
def backward(output):
    raise NotImplementedError


fifth = check.sweep(backward, Value)
fifth

# %% answer
# Our way.


def our_backward(output):
    output.grad = 1.0
    for value in reversed(order(output)):
        for parent, local in zip(value.parents, value.local, strict=True):
            parent.grad += value.grad * local


if not fifth:
    backward = our_backward

# %% [markdown]
# That is an engine. Everything that follows is comfort. It becomes a method, and the circuit runs forward and backward on your lines alone. Move the sliders, step through it: each
# movement makes new values and calls your `backward`.

# %%
Value.backward = backward

bp.Stepper(circuit, engine=Value, x=-2, y=5, z=-4, step=-1)

# %% [markdown]
# And a graph with a fork inside, $t=ab$ and $e=t\,(t+1)$, from lesson 2. (The one comes in as an input here; constants wait until 8.7.)


# %%
def fork_inside(a, b, one):
    t = a * b
    e = t * (t + one)
    return e


right = bp.record(fork_inside, engine=Value, a=2, b=3, one=1)
print({name: f"{right.gradient[name]:.0f}" for name in ("t", "a", "b")})

# %% [markdown]
# ### Break it on purpose: a hasty order
#
# A tempting way to walk: begin at the output, list each value *when you first meet it*, then its parents. Each stands once. But a value may now be visited before
# all who use it. Here $e$ meets its first parent, $t$, and $t+1$ comes later.
#
# **Predict, then run.** At $t$ itself there will be $7+6=13$ in the end. What will have arrived at $a$, where 39 is right?

# %%
prediction = "..."


# %% reveal
def hasty_order(output, met=None):
    met = [] if met is None else met
    if output not in met:
        met.append(output)
        for parent in output.parents:
            hasty_order(parent, met)
    return met


def hasty_backward(output):
    output.grad = 1.0
    for value in hasty_order(output):
        for parent, local in zip(value.parents, value.local, strict=True):
            parent.grad += value.grad * local


Value.backward = hasty_backward  # your class, for one picture with a worse way back
picture = bp.record(fork_inside, engine=Value, a=2, b=3, one=1)
Value.backward = backward
picture

# %% reveal [markdown]
# $t$ was visited when 7 had arrived, and passed on 7: so $a$ got $7\cdot3=21$ and $b$ got 14. Then the 6 came, too late. The picture shows it: 13 stands at $t$, and 21 and 14 at
# $a$ and $b$, where $13\cdot3=39$ and $13\cdot2=26$ belong. No error, no warning, and at $t$ even the right number.

# %% [markdown]
# ### Break it on purpose: three ways to lose or double a signal
#
# **One.** `=` for `+=`: you met it in lesson 2. **Two.** Parents in a set. For $x\cdot x$ the set holds one parent.

# %%
x = Value(3.0)
square = x * x
backward(square)
print(f"two parents:   d(x·x)/dx = {x.grad:.0f}")

x = Value(3.0)
square = Value(9.0, tuple({x, x}), (3.0,), "×")  # a set keeps one of two equal things, and one slope
backward(square)
print(f"a set of them: d(x·x)/dx = {x.grad:.0f}")

# %% [markdown]
# **Three.** The gradients of the last sweep are still there. **Predict:** a second `backward` over the very same graph, $f=2\cdot(x\cdot3)$ say. What stands at $x$, where 6 is right: 6, 12, or something
# else?

# %%
prediction = "..."

# %% reveal
x, three, two = Value(1.0), Value(3.0), Value(2.0)
f = two * (x * three)  # swept by our way: yours may set to 0 by itself
for sweep in (1, 2):
    our_backward(f)
    print(f"after sweep {sweep}: dx = {x.grad:.0f}")


# %% reveal
def zero_grad(output):
    for value in order(output):
        value.grad = 0.0


zero_grad(f)
our_backward(f)
print(f"set to 0 before: dx = {x.grad:.0f}")

# %% reveal [markdown]
# 18, not even 12: the value in the middle still held its 2, got another 2, and sent on 4. That is what **`zero_grad`** is for. (Should `backward` not do that by itself? It could. But adding up *over several
# graphs* that share inputs is often wanted: the losses of many samples, one after the other, into the same weights. So micrograd and PyTorch leave it to you to say when a new
# sum begins.)

# %% [markdown]
# ## 8.7 The rest of the table
#
# Two things are missing. Plain numbers: `x + 1` asks `add` for the `data` of an integer. And the other operations. For a plain number, we let it become a value without parents: a *constant*.
# And for `2 * x`, Python asks the integer first, which does not know how; then it asks `x.__rmul__(2)`, so the class needs these reflected names too:

# %%
for name, attempt in (
    ("Value(3.0) * 2", lambda: Value(3.0) * 2),
    ("2 * Value(3.0)", lambda: 2 * Value(3.0)),
):
    try:
        print(name, "=", attempt().data)
    except (AttributeError, TypeError) as error:
        print(f"{name}: {type(error).__name__}: {error}")


# %%
def as_value(x):
    return x if isinstance(x, Value) else Value(float(x))


def with_constants(operation):
    return lambda x, y: operation(as_value(x), as_value(y))


Value.__add__ = Value.__radd__ = with_constants(add)
Value.__mul__ = Value.__rmul__ = with_constants(multiply)
print("Value(3.0) * 2 =", (Value(3.0) * 2).data, "  2 * Value(3.0) =", (2 * Value(3.0)).data)

# %% [markdown]
# (`__radd__` gets its operands in the other order. For + and × that is the same. For − and ÷ it is not: mind it.)
#
# **Self-check 6.** Four rules of one input each: `exp(x)`, `tanh(x)`, `relu(x)`, and `power(x, n)` for a plain number $n$. Each returns a `Value` with one parent and one local derivative.
# `math.exp` and `math.tanh` are there for the numbers. The slope of the relu at 0 is 0.


# %%
def exp(x):
    raise NotImplementedError


def tanh(x):
    raise NotImplementedError


def relu(x):
    raise NotImplementedError


def power(x, n):
    raise NotImplementedError


sixth = check.more_rules(exp, tanh, relu, power, Value)
sixth

# %% answer
# Our way. The first two are written with what forward has just computed.


def our_exp(x):
    e = math.exp(x.data)
    return Value(e, (x,), (e,), "exp")


def our_tanh(x):
    t = math.tanh(x.data)
    return Value(t, (x,), (1.0 - t * t,), "tanh")


def our_relu(x):
    return Value(max(x.data, 0.0), (x,), (1.0 if x.data > 0 else 0.0,), "relu")


def our_power(x, n):
    return Value(x.data**n, (x,), (n * x.data ** (n - 1),), f"^{n:g}")


if not sixth:
    exp, tanh, relu, power = our_exp, our_tanh, our_relu, our_power

# %% [markdown]
# Minus and division need no rules. They are *made* of what is there, and their derivatives come out by themselves: that is what an engine is for.

# %%
Value.exp, Value.tanh, Value.relu, Value.__pow__ = exp, tanh, relu, power
Value.__neg__ = lambda x: x * -1
Value.__sub__ = lambda x, y: x + -as_value(y)
Value.__rsub__ = lambda x, y: as_value(y) + -x
Value.__truediv__ = lambda x, y: x * as_value(y) ** -1
Value.__rtruediv__ = lambda x, y: as_value(y) * x**-1
print("1 - x =", (1 - Value(3.0)).data, "  6 / x =", (6 / Value(3.0)).data)

# %% [markdown]
# ### Break it on purpose: two functions that are one
#
# One could add many rules in a loop. This looks clever, and gives two functions that do the same. **Predict:** which of the two is it that *both* of them are?

# %%
prediction = "..."

# %% reveal
rules = {}
for name, f in (("sine", math.sin), ("cosine", math.cos)):
    rules[name] = lambda x: f(x)
print({name: round(rule(0.0), 4) for name, rule in rules.items()})

# %% reveal [markdown]
# Both are the cosine: a function looks for `f` when it is *called*, and by then the loop has ended. In engines made of small functions inside functions, as micrograd's are, this slip sends all signals along the last
# rule. Give each its own: a function that makes functions, as `with_constants` is one.

# %% [markdown]
# ---
# > **A good place to stop.** You own an engine with nine operations. When you come back: *Run → Run All Above Selected Cell*, and on with 8.8, where it is put to the test.

# %% [markdown]
# ## 8.8 Does it know what you know?
#
# The sigmoid neuron and the staged function of lesson 2, in the operations that you have, and the tanh neuron, on your engine:


# %%
def neuron(w0, x0, w1, x1, b):
    z = w0 * x0 + w1 * x1 + b
    y = 1 / (1 + exp(-z))
    return y


def sigmoid(z):
    return 1 / (1 + exp(-z))


def staged(x, y):
    num = x + sigmoid(y)
    den = sigmoid(x) + (x + y) ** 2
    f = num / den
    return f


def tanh_neuron(x1, w1, x2, w2, b):
    return tanh(x1 * w1 + x2 * w2 + b)


def on_mine(f, **numbers):
    seen = bp.record(f, engine=Value, **numbers)
    gradients = "  ".join(f"d{name} {seen.gradient[name]:.6f}" for name in numbers)
    return f"{f.__name__} {seen.output:.6f}: {gradients}"


print(on_mine(neuron, w0=2, x0=-1, w1=-3, x1=-2, b=-3))
print(on_mine(staged, x=3, y=-4))
print(on_mine(tanh_neuron, x1=2, w1=-3, x2=0, w2=1, b=6.8813735870195432))

# %% [markdown]
# All numbers of lesson 2: −0.196612, 0.393224; 2.059570 and 1.592233; −1.5, 1, 0.5, 0. Step through the neuron if you like. Its division is a × and a power, its minus a × −1: the graph shows how *you* built
# them.

# %%
bp.Stepper(neuron, engine=Value, w0=2, x0=-1, w1=-3, x1=-2, b=-3)


# %% [markdown]
# Known numbers prove little: a wrong rule for a case that does not occur among them goes unseen. So test an engine as you would test a gradient, by nudging, at points that nobody chose:


# %%
def worst_error(f, count, tries=20):
    rng, worst = np.random.default_rng(0), 0.0
    for _ in range(tries):
        at = rng.uniform(0.5, 2.0, count)
        values = [Value(float(number)) for number in at]
        backward(f(*values))
        measured = bp.numerical_gradient(lambda *xs: f(*map(Value, xs)).data, tuple(map(float, at)))
        worst = max(worst, *(abs(v.grad - m) / (1 + abs(m)) for v, m in zip(values, measured, strict=True)))
    return worst


for f, count in ((neuron, 5), (staged, 2), (lambda a, b: relu(a - b) * a / b**3 + 2 * a * a, 2)):
    print(f"{f.__name__:8} worst error below 1e-7: {worst_error(f, count) < 1e-7}")

# %% [markdown]
# ## 8.9 The same engine with another face
#
# The notes of CS231n build an engine the other way round. There is no clever number; there is a list of gates, **already sorted**, and an object that owns it:
#
# ```
# class ComputationalGraph:
#     forward(inputs):   for gate in the sorted list:            run it
#     backward():        for gate in the list, reversed:         run it backward (chain rule)
# ```
#
# Your `Value` finds its list when the sweep begins, this object is given it at the start. All else is the same. Here a graph is a list of lines `(name, gate, names of its inputs)`; each `gate` has
# `forward(*xs)` and `backward(upstream, out, *xs)`, the rules of lesson 2:

# %%
lines = [
    ("q", bp.add, ("x", "y")),
    ("f", bp.multiply, ("q", "z")),
    ("e", bp.multiply, ("f", "q")),
]

# %% [markdown]
# **Self-check 7.** Write the class. `ComputationalGraph(lines).forward(inputs)` is handed a dict of numbers, keeps the value of every name, and returns the last one. `backward()` returns a dict with the gradient
# for every name. It may be called twice, with the same result.


# %%
class ComputationalGraph:
    def __init__(self, lines):
        self.lines = lines

    def forward(self, inputs):
        raise NotImplementedError

    def backward(self):
        raise NotImplementedError


seventh = check.computational_graph(ComputationalGraph)
seventh

# %% answer
# Our way.


class OurGraph:
    def __init__(self, lines):
        self.lines = lines

    def forward(self, inputs):
        self.value = dict(inputs)
        for name, gate, names in self.lines:
            self.value[name] = gate.forward(*(self.value[each] for each in names))
        return self.value[name]

    def backward(self):
        gradient = dict.fromkeys(self.value, 0.0)
        gradient[self.lines[-1][0]] = 1.0
        for name, gate, names in reversed(self.lines):
            xs = (self.value[each] for each in names)
            signals = gate.backward(gradient[name], self.value[name], *xs)
            for parent, signal in zip(names, signals, strict=True):
                gradient[parent] += signal
        return gradient


if not seventh:
    ComputationalGraph = OurGraph

# %%
graph = ComputationalGraph(lines)
print(f"e = {graph.forward({'x': -2.0, 'y': 5.0, 'z': -4.0}):.0f}")
from_lines = graph.backward()

x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
q = x + y
backward(q * z * q)
print("from the list:  ", {name: f"{from_lines[name]:.0f}" for name in "xyz"})
print("from the values:", {name: f"{value.grad:.0f}" for name, value in zip("xyz", (x, y, z), strict=True)})

# %% [markdown]
# A list can be written down, saved, run a thousand times with other numbers. Values can be used inside any Python, with `if` and `for`, and make a new graph each time. Frameworks have
# had both faces, and wars over them. The sweep is one.
#
# ## 8.10 A network that is yours
#
# What was it all for? Two half moons, 100 points. A network gets the two coordinates of a point, 2 numbers; 16 neurons look at them, each with two weights, a bias and a relu; 16 more look at those; and one adds up the
# score, above 0 for the one moon, below for the other. 2-16-16-1: 337 numbers to learn. It is nothing but +, × and relu:

# %%
points, kinds = bp.moons(100, rng=0)


def score(weights, biases, inputs):
    """The score of one point; weights[k] and biases[k] belong to layer k."""
    for k, (W, b) in enumerate(zip(weights, biases, strict=True)):
        sums = []
        for neuron_weights, total in zip(W, b, strict=True):
            for w, x in zip(neuron_weights, inputs, strict=True):
                total = total + w * x
            sums.append(total if k == 2 else relu(total))
        inputs = sums
    return inputs[0]


def hinge(scores, signs):
    """Mean of max(0, 1 − sign · score): every point should be on its side, by a margin of 1 (lesson 2)."""
    total = 0.0
    for s, sign in zip(scores, signs, strict=True):
        total = relu(1 - sign * s) + total
    return total * (1 / len(scores))


# %% [markdown]
# `total + w * x`, `relu`, `1 -`: each of these makes a value of yours, several hundred for one point. The object below keeps the 337 numbers in arrays, so that they can be shown, and makes values of them for each
# mini-batch. (New values have a `grad` of 0: no `zero_grad` needed. With values that stay, as micrograd has them, it is.) The heart is `loss.backward()`.


# %%
class MyNetwork:
    def __init__(self, sizes=(2, 16, 16, 1), seed=2):
        rng = np.random.default_rng(seed)
        self.params = {}
        for k, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
            self.params[f"W{k}"] = rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in))
            self.params[f"b{k}"] = np.zeros(n_out)

    def loss_and_gradient(self, x, t):
        """On your engine: a value for every weight, the loss, one sweep."""
        weights, biases = self.values()
        loss = hinge([score(weights, biases, p) for p in x.tolist()], (2 * t - 1).tolist())
        loss.backward()
        gradients = {f"W{k}": [[w.grad for w in row] for row in W] for k, W in enumerate(weights, start=1)}
        gradients |= {f"b{k}": [b.grad for b in bs] for k, bs in enumerate(biases, start=1)}
        return loss.data, {name: np.array(gradients[name]) for name in self.params}

    def values(self):
        weights = [[[Value(w) for w in row] for row in self.params[f"W{k}"].tolist()] for k in (1, 2, 3)]
        biases = [[Value(b) for b in self.params[f"b{k}"].tolist()] for k in (1, 2, 3)]
        return weights, biases

    def gradient(self, x, t):
        return self.loss_and_gradient(x, t)[1]

    def predict(self, x):
        """All scores at once, in numpy: to paint the border, no gradient is needed."""
        for k in (1, 2, 3):
            x = x @ self.params[f"W{k}"].T + self.params[f"b{k}"]
            x = np.maximum(x, 0) if k < 3 else x
        return x

    def loss(self, x, t):
        return float(np.maximum(0, 1 - (2 * t - 1) * self.predict(x)[:, 0]).mean())

    def accuracy(self, x, t):
        return float(np.mean((self.predict(x)[:, 0] > 0) == t))


net = MyNetwork()
few = points[:10], kinds[:10]
print("numbers to learn:", sum(array.size for array in net.params.values()))
inputs = [point.tolist() for point in points[:10]]
for count in (1, 10):
    weights, biases = net.values()
    loss = hinge([score(weights, biases, each) for each in inputs[:count]], [1] * count)
    print(f"values in the graph of {count:2} points: {len(order(loss))}")
print(f"loss of ten points: your engine {net.loss_and_gradient(*few)[0]:.6f}, numpy {net.loss(*few):.6f}")

# %% [markdown]
# **Press play.** At each step ten points go forward through your values, your `backward` goes back, and 337 numbers move against their gradients. The border and the loss below move because of the lines that you wrote an hour
# ago.

# %%
view = bp.TrainingView(MyNetwork(), points, kinds, optimiser=bp.SGD(0.5), batch_size=10)
view.take(20)
view

# %% [markdown]
# And the whole way without a widget: a mini-batch, a gradient, a step, 110 times.

# %%
rng, learning_rate = np.random.default_rng(2), 0.5
for step in range(1, 111):
    batch = rng.choice(len(points), 10, replace=False)
    loss, gradients = net.loss_and_gradient(points[batch], kinds[batch])
    for name in net.params:
        net.params[name] -= learning_rate * gradients[name]
    if step in (1, 10, 40, 80, 110):
        print(f"step {step:3}: loss of the batch {loss:.4f}, accuracy {net.accuracy(points, kinds):.2f}")

# %%
bp.figures.boundary(lambda x: (net.predict(x)[:, 0] > 0).astype(int), points, kinds)

# %% [markdown]
# Nobody but you has differentiated anything here. This is how the networks of the news are trained: the same sweep, over longer graphs.
#
# ## 8.11 A fair clock, and where this engine stops
#
# How does it compare? The same network, the same ten points, the same gradient, three times: on your engine; on the library's nodes, with a matrix in each; and in numpy, written
# out by hand as in lesson 2's flat code. All three take turns, and the median counts.


# %%
def by_nodes(x, t):
    nodes = {name: bp.Node(array) for name, array in net.params.items()}
    h = x
    for k in (1, 2, 3):
        h = h @ nodes[f"W{k}"].T + nodes[f"b{k}"]
        h = bp.relu(h) if k < 3 else h
    loss = bp.mean(bp.relu(1 - h * (2 * t - 1)[:, None]))
    found = bp.gradients(loss)
    return {name: found[node] for name, node in nodes.items()}


def by_hand(x, t):
    W1, b1, W2, b2, W3, b3 = net.params.values()
    h1 = np.maximum(x @ W1.T + b1, 0)
    h2 = np.maximum(h1 @ W2.T + b2, 0)
    sign = (2 * t - 1)[:, None]
    missing = 1 - sign * (h2 @ W3.T + b3)
    d3 = -sign * (missing > 0) / len(x)
    d2 = (d3 @ W3) * (h2 > 0)
    d1 = (d2 @ W2) * (h1 > 0)
    signals = ((d1, x), (d2, h1), (d3, h2))
    return {
        name: g
        for k, (d, a) in enumerate(signals, 1)
        for name, g in ((f"W{k}", d.T @ a), (f"b{k}", d.sum(axis=0)))
    }


contenders = {"your engine": net.gradient, "nodes with matrices": by_nodes, "numpy by hand": by_hand}
some = points[10:20], kinds[10:20]
reference = by_hand(*some)
for who, gradient in contenders.items():
    found = gradient(*some)
    same = all(np.allclose(found[name], reference[name], atol=1e-12) for name in reference)
    print(f"{who:20} the same gradient: {same}")

# %%
# NBVAL_IGNORE_OUTPUT
# (times depend on the processor)
times = {who: [] for who in contenders}
for _ in range(5):
    for who, gradient in contenders.items():
        start = perf_counter()
        gradient(*some)
        times[who].append(perf_counter() - start)
for who, seconds in times.items():
    ratio = median(seconds) / median(times["numpy by hand"])
    print(f"{who:20} {1000 * median(seconds):8.2f} ms, {ratio:6.0f} times numpy")

# %% [markdown]
# Far more than a hundred times. Your engine is not slow because you wrote it. It makes an object for each of seven thousand numbers, and Python takes its time for each. With a matrix in each node there is a node for each *operation* instead, however many numbers go through it, and the arithmetic inside runs in
# compiled loops: the same engine, the same sweep, another thing on the wire. That is why frameworks have arrays, and what lesson 4 is about: what becomes of *local derivative* when a value is a matrix.
#
# And it stops at second derivatives: `local` holds plain numbers, which forget where they came from, so there is no graph of the way back. (Exercise 5.)
#
# ## 8.12 Where the library does this
#
# You have written these before you read them. First the order, without recursion; the library numbers its nodes as they are made, so that a sort does:

# %%
print(inspect.getsource(bp.topological_order).split('"""')[-1])

# %% [markdown]
# And the sweep; its `+=` stands in a helper of its own:

# %%
print(inspect.getsource(bp.backward_pass).split('"""')[-1])

# %% [markdown]
# Where you keep `local` numbers, the library keeps the *gate* and asks its rule when the signal comes. That costs a call and buys three things: rules for matrices, whose local derivative nobody wants to write down; second
# derivatives; and a table that one can read.
#
# ## Summary
#
# * A value remembers its parents; then the last one holds the graph.
# * Local derivatives are worked out forward, as numbers. Backward is nothing but *upstream × local*, and adding.
# * Each value is visited once, after all that use it: a topological order, reversed. A list finds it at any depth.
# * `+=`, because signals meet. A tuple of parents, because $x\cdot x$ has two. `zero_grad`, because the last sweep is still there.
# * Plain numbers become constants, and `2 * x` needs `__rmul__`.
# * A few rules carry all others: − and ÷ are made, not derived.
# * One object per number is easy to read and slow. Arrays make it fast; the sweep stays.
#
# ## Exercises
#
# 1. *(code)* Gather everything into one class, as small as you like it. (You will need it in `ps08`.) How many lines are left?
# 2. *(pencil)* $f=(x+x)\cdot x$ at $x=2$. How many edges lead to $x$, and what does each send? What would a set of parents give?
# 3. *(find the slip)* "My relu sets `x.data = max(x.data, 0)` to save memory, and on the way back it lets a signal pass where `x.data >= 0`." What passes, and why only then?
# 4. *(code)* Give your engine `log` and a `max` of two values. Test both by nudging.
# 5. *(think)* Let `local` hold *values* instead of numbers, computed by your own operators. Then `grad` may be a value as well. What can you do now that you could not before?
# 6. *(code)* Replace the relus by `tanh` and train again. Which needs fewer steps here?
# 7. *(think)* After a sweep every value still knows its parents. When can Python give the memory back? What happens if you add up `total = total + loss` over a whole training to print the mean?
#
# **Next:** the assignment `ps08`, in which the engine is tried from all sides, then lesson 9: a hunt for networks that are wrong in one line. If you came here from
# lesson 2, go on where you left the main road, with lesson 3.
#
# ## Sources
#
# In our own words, after: A. Karpathy, [micrograd](https://github.com/karpathy/micrograd) (values with operators, the two moons and the 2-16-16-1 network); CS231n,
# [notes on backpropagation](https://cs231n.github.io/optimization-2/) and lecture 4 (`ComputationalGraph`, forward and backward over sorted gates); C. Olah,
# [*Calculus on Computational Graphs*](https://colah.github.io/posts/2015-08-Backprop/) (why backward, and in which order).
