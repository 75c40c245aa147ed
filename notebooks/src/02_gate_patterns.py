# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 · What each gate does to a gradient
#
# **When you are done, you can**
#
# * look at a graph and say what flows back through its gates: distributed, swapped, added, routed;
# * explain what becomes of gradients where a value is used twice, and see at once when a program forgets it;
# * write the backward sweep through any graph yourself, and say why its order matters;
# * open a sigmoid into four simple gates, close it again, and say what each way costs;
# * send gradients back through a neuron and through a small classifier, by hand.
#
# **You need** lesson 1: *upstream × local = downstream*, and a pencil.
# **Time:** about 110 minutes with the self-checks, in three sittings: 2.1 to 2.3, 2.4, 2.5 to the end. Then comes the assignment `ps02`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.course.questions import gate_patterns as check

# %% [markdown]
# ## 2.1 A value that is used twice
#
# Lesson 1 ended with a small riddle: $f=(x+y)(y+z)$ at $x=1$, $y=2$, $z=3$. The two brackets are 3 and 5, so $f=15$.


# %%
def twice(x, y, z):
    left = x + y
    right = y + z
    f = left * right
    return f


print(f"f = {twice(1, 2, 3):.2f}")

# %% [markdown]
# **Predict, then run.** $x$ stands in the left bracket only. The × gate sends 5 to that bracket (the value of the *other*
# one), and the + hands it on: $\partial f/\partial x=5$. In the same way $\partial f/\partial z=3$. And $y$, which stands in both?

# %%
guess = None
check.used_twice(guess)

# %% [markdown]
# Now let us look. We nudge each input a little and divide:

# %% reveal
h = 1e-5
slope_x = (twice(1 + h, 2, 3) - twice(1 - h, 2, 3)) / (2 * h)
slope_y = (twice(1, 2 + h, 3) - twice(1, 2 - h, 3)) / (2 * h)
slope_z = (twice(1, 2, 3 + h) - twice(1, 2, 3 - h)) / (2 * h)
print(f"measured: x {slope_x:.4f}, y {slope_y:.4f}, z {slope_z:.4f}")

# %% reveal [markdown]
# $8 = 5 + 3$. A nudge of $y$ moves both brackets, and $f$ feels both. **Sensitivities in a row multiply; side by side they
# add.** The picture says it with a gate of its own. `bp.in_detail` draws the place where a value is copied:

# %% reveal
bp.in_detail(bp.record(twice, x=1, y=2, z=3))

# %% reveal [markdown]
# Forward, the copy gate hands out the same 2 twice. Backward, 5 and 3 arrive at it, and 8 comes out. The sum is not the
# doing of ×, nor of either +. It happens at the **fork**, and nowhere else.
#
# Why a sum, and not something else? In one breath: for a small nudge the first use moves $f$ by its own slope times $h$, then the second moves it by
# its own slope times $h$, and together they have moved it by both. The full proof can wait.

# %% [markdown]
# <details>
# <summary>The proof, in ten lines</summary>
#
# Give the two uses names of their own: $g(y_1,y_2)=(x+y_1)(y_2+z)$. Nudging $y$ by $h$
# nudges both, one after the other if you like:
#
# $$\begin{aligned}g(y+h,\;y+h)-g(y,\;y)\;=\;&\underbrace{g(y+h,\;y+h)-g(y,\;y+h)}_{\text{only the first use moves}}\\
# &+\;\underbrace{g(y,\;y+h)-g(y,\;y)}_{\text{only the second use moves}}\end{aligned}$$
#
# Divide by $h$ and let $h$ shrink. The second line becomes $\partial g/\partial y_2$, by definition. The first is, by the mean value
# theorem, $\partial g/\partial y_1$ at some $y_1$ between $y$ and $y+h$, with the second use at $y+h$; where this slope is continuous,
# both shifts vanish in the limit. So, for any smooth $g$, and in the same way for any number of uses,
#
# $$\frac{\partial f}{\partial y}=\frac{\partial g}{\partial y_1}+\frac{\partial g}{\partial y_2}.$$
#
# </details>

# %% [markdown]
# ## 2.2 Four patterns
#
# Four gates carry most of what networks compute. Each gets an upstream signal below, with values that make the
# patterns easy to see:
#
# | gate | values | upstream | question |
# |---|---|---|---|
# | add | 3 + 4 | 2 | what do the two inputs get? |
# | multiply | 2 · 3 | 5 | what do the two inputs get? |
# | copy | 7, to two places | 4 from the one, 2 from the other | what does the input get? |
# | max | max(4, 5) | 9 | what do the two inputs get? |
#
# **Self-check 1.** Work the four out with *upstream × local = downstream* before you look anywhere else. For `max`, ask what
# a tiny nudge of the 4 does to the output, and what a nudge of the 5 does. Pairs are written `(first, second)`.

# %%
d_add = ...
d_multiply = ...
d_copy = ...
d_max = ...
check.four_patterns(d_add, d_multiply, d_copy, d_max)

# %% [markdown]
# The library's rules, asked directly. Each is given the upstream first, then the gate's output, then its inputs:

# %% reveal
print("add     ", bp.add.backward(2.0, 7.0, 3.0, 4.0))
print("multiply", bp.multiply.backward(5.0, 6.0, 2.0, 3.0))
(copied,) = bp.gates.Copy(2).backward([4.0, 2.0], [7.0, 7.0], 7.0)
print("copy    ", float(copied))
print("max     ", bp.maximum.backward(9.0, 5.0, 4.0, 5.0))

# %% reveal [markdown]
# Each has a name that is worth knowing by heart:
#
# | gate | local derivatives | on the way back it is a … |
# |---|---|---|
# | $x+y$ | 1 and 1 | **distributor**: both inputs get the whole signal |
# | $x\cdot y$ | $y$ and $x$ | **swap multiplier**: each gets the signal times the *other* value |
# | copy of $x$ | 1 for each copy | **adder**: what comes back is summed |
# | $\max(x,y)$ | 1 for the larger, 0 for the other | **router**: the larger gets all, the other nothing |
#
# Two remarks. The distributor does not *share out*: both sides get all of it. And the swap is why the scale of inputs
# matters in practice: if $x$ is a thousand times larger, the gradient of its weight is a thousand times larger too.

# %% [markdown]
# Play with it. Change the gate, the inputs and the upstream, and say aloud what each input will get before you look. What does
# the router do at a tie? (Its output has a corner there and no derivative, so the answer is the library's choice, not a fact: the first input gets all.)

# %% reveal
bp.Playground("maximum", 3, -2, upstream=4)

# %% [markdown]
# ### Copy and add, repeat and sum
#
# In the table, copy (forward) turns into a sum (backward), and a sum into copies. That is no accident, and it is the
# same for whole arrays. A number that is *repeated* gets the sum of what comes back; numbers that are *summed* all get
# the same signal, repeated:

# %%
repeat, total = bp.gates.Repeat((3,)), bp.gates.Sum()
(back,) = repeat.backward(np.array([1.0, 2.0, 3.0]), np.full(3, 0.5), 0.5)
print(f"0.5, repeated three times, signals 1, 2, 3 come back: {back:.2f}")
(back,) = total.backward(4.0, 6.0, np.array([1.0, 2.0, 3.0]))
print("1 + 2 + 3, a signal 4 comes back:", back)

# %% [markdown]
# Repeat and sum are each other's backward. In lesson 4 this one line explains the gradient of every bias.
#
# ## 2.3 The patterns at work
#
# $$f = 2\,\big(x\,y+\max(z,w)\big)\qquad\text{at}\quad x=3,\; y=-4,\; z=2,\; w=-1$$
#
# Here is the forward pass, and only that: $3\cdot(-4)=-12$, the larger of 2 and −1 is 2, their sum is −10, doubled −20.


# %%
def circuit(x, y, z, w):
    product = x * y
    largest = bp.maximum(z, w)
    total = product + largest
    f = 2 * total
    return f


bp.record(circuit, backward=False, x=3, y=-4, z=2, w=-1)

# %% [markdown]
# **Self-check 2.** Be the backward pass. Begin with 1 at the right and name each pattern as you go through it: what do the
# four inputs get?

# %%
dx = ...
dy = ...
dz = ...
dw = ...
check.circuit(dx, dy, dz, dw)

# %% [markdown]
# And now with the library. Tick *guess each gradient first* if you would like it to ask you at every step. Then drag $w$ past
# $z$ and watch the router switch over.

# %% reveal
bp.Stepper(circuit, x=3, y=-4, z=2, w=-1, ranges={"w": (-4, 4, 0.1)})

# %% reveal
for name, slope in bp.grad(circuit)(x=3, y=-4, z=2, w=-1).items():
    print(f"df/d{name} = {slope:6.2f}")

# %% reveal [markdown]
# $\partial f/\partial w=0$, and that is a *fact*, not a failure: as long as $w$ is the smaller one, a small change of it changes nothing.
# A gradient of 0 says "not from here". It does not say "unimportant everywhere".

# %% [markdown]
# ---
# > **A good place to stop.** Four patterns, and one sum at a fork: with these you can go back through a graph by hand. When you come back: *Run → Run All Above Selected Cell*, and on with 2.4, where you write the program that does it.

# %% [markdown]
# ## 2.4 Forks: where gradients meet
#
# A small graph with a fork, $c=a+b$, $d=b+1$, $e=c\cdot d$, at $a=2$, $b=1$: the value $b$ goes two ways, and both ways meet
# again in $e$. Push the slider of $b$, and watch what arrives along each branch. The switch *= overwrites* shows what happens
# when the second arrival replaces the first. Which input gets a wrong gradient then, and which does not?


# %%
def branch(a, b):
    c = a + b
    d = b + 1
    e = c * d
    return e


bp.BranchSplitter(branch, a=2, b=1)

# %%
picture = bp.record(branch, a=2, b=1)
print(f"e = {picture.output:.2f}, de/da = {picture.gradient['a']:.2f}, de/db = {picture.gradient['b']:.2f}")

# %% [markdown]
# Along the way through $c$ comes 2, along the way through $d$ comes 3, and $b$ gets 5. You can also count **paths**: every
# way from $b$ to $e$ contributes the product of the local derivatives along it, and all the ways add up. A large graph can
# have far more paths than gates, so nobody computes it like that. Summing at each fork, at once, is the same sum with the
# common factors taken out; this is the whole trick of the backward sweep. Each node's gradient is worked out once, kept, and used by everything before
# it. Computer science calls such keeping **memoization**.
#
# The shortest fork of all is $b=a+a$. Both inputs of the gate are the same value, each gets a 1, and $a$ gets 2:

# %%
print(f"d(a + a)/da = {bp.grad(lambda a: a + a)(3.0):.2f}")

# %% [markdown]
# **Self-check 3.** Write the backward pass of $e=(a+b)(b+1)$ for any $a$ and $b$, gate by gate, with the signal 1 at $e$.
# No nudging.


# %%
def back(a, b):
    raise NotImplementedError


check.fork(back)

# %% [markdown]
# ### Write it yourself: the sweep
#
# You have been the backward pass often enough. Now write the program that does it, for *any* graph. These are your materials, on the graph of
# $t=a\,b$, $e=t\,(t+1)$. `bp.Node(2.0, "a")` is an input; arithmetic makes nodes of nodes. `bp.topological_order(e)` lists all nodes so that each stands
# **after** those that it is made from:


# %%
def fork_inside(a, b):
    t = a * b
    u = t + 1
    return t * u


a, b = bp.Node(2.0, "a"), bp.Node(3.0, "b")
order = bp.topological_order(fork_inside(a, b))
for node in order:
    made = f"{node.gate.name} of {[parent.value for parent in node.parents]}" if node.gate else "an input"
    print(f"value {node.value:5.1f}: {made}")

product = order[2]
print(
    "what × sends back to its inputs when 10 arrives:", product.gate.backward(10.0, product.value, 2.0, 3.0)
)

# %% [markdown]
# Here is that graph. The fork is at $t$:

# %%
bp.record(fork_inside, backward=False, a=2, b=3)

# %% [markdown]
# So a node knows its `value`, its `parents` (the nodes it is made from) and its `gate`, which is `None` for an input and for a constant such as the 1. And
# `node.gate.backward(upstream, node.value, *values)`, given the values of the parents, answers with one signal for each parent.
#
# **Self-check 4.** Write `sweep(order)`. The last node of `order` is the output, and its gradient is 1. Walk through the nodes in the **opposite** order, ask
# each gate for its signals, and add each signal to what its parent already has (`+=`, beginning at 0). Return a dict: the gradient of every node, by node. About ten
# lines; do yours before you read on.


# %%
def sweep(order):
    raise NotImplementedError


check.sweep(sweep)

# %% [markdown]
# ### Break it on purpose: a wrong order, and `=` for `+=`
#
# Here is our way to write it, with a switch that spoils it. **Click on its three dots and compare it with yours, until no line surprises you.**


# %% answer
def our_sweep(order, overwrite=False):
    gradient = {node: 0.0 for node in order}
    gradient[order[-1]] = 1.0
    for node in reversed(order):
        if node.gate is None:  # an input or a constant
            continue
        values = [parent.value for parent in node.parents]
        signals = node.gate.backward(gradient[node], node.value, *values)
        for parent, signal in zip(node.parents, signals, strict=True):
            if overwrite:
                gradient[parent] = signal
            else:
                gradient[parent] += signal
    return gradient


# %% [markdown]
# First the order. Why must every node wait until all that it is used by have been visited? In the list above $t$ stands before $t+1$. We exchange
# the two, so that the sweep comes to $t$ too early. **Predict:** which of the two signals of $t$ will $a$ and $b$ never hear of?

# %%
prediction = "..."

# %% reveal
a_first, b_first, t_node, one, u_node, e_node = order
too_early = [a_first, b_first, one, u_node, t_node, e_node]
for name, nodes in (("right order", order), ("wrong order", too_early)):
    gradient = our_sweep(nodes)
    print(f"{name}: at t {gradient[t_node]:.0f}, at a {gradient[a]:.0f}, at b {gradient[b]:.0f}")
print("by nudging: ", [f"{slope:.0f}" for slope in bp.numerical_gradient(fork_inside, (2.0, 3.0))])

# %% reveal [markdown]
# At $t$ itself the sum comes out, $7+6=13$. But when $t$ was visited the 6 from $t+1$ had not arrived, and $t$ had already sent on its 7: a wrong sum, without an error.
# **A node is visited when everything that uses it has been visited.** (A list in which each node stands after its parents always does that, read backwards.)

# %% [markdown]
# Then `=` for `+=`. Here is a function that makes no sense, except as an exercise (it comes from the CS231n notes). Forward, $x$ is used three
# times and $y$ twice:
#
# $$f(x,y)=\frac{x+\sigma(y)}{\sigma(x)+(x+y)^2},\qquad \sigma(z)=\frac1{1+e^{-z}}$$


# %%
def staged(x, y):
    num = x + bp.sigmoid(y)
    den = bp.sigmoid(x) + (x + y) ** 2
    f = num / den
    return f


x, y = bp.Node(3.0, "x"), bp.Node(-4.0, "y")
f = staged(x, y)
measured = bp.numerical_gradient(staged, (3.0, -4.0))
order = bp.topological_order(f)
added, replaced = our_sweep(order), our_sweep(order, overwrite=True)
print(f"f = {f.value:.6f}")
print(f"nudged    dx = {measured[0]:.6f}, dy = {measured[1]:.6f}")
print(f"with +=   dx = {added[x]:.6f}, dy = {added[y]:.6f}")
print(f"with =    dx = {replaced[x]:.6f}, dy = {replaced[y]:.6f}")

# %% [markdown]
# With `=` there is no error and no warning. Both numbers even have the right sign, so a network trained with them
# may well learn something, only worse. A comparison with nudging tells at once. Two rules for your own code:
#
# * **a gradient begins at 0, and everything that arrives is added** (`+=`);
# * **begin anew for each backward pass**, or the last pass is still in the sum.
#
# ### The same without a graph: flat code
#
# For one fixed formula nobody needs nodes. One writes the forward pass in small stages, each with a name, and then the stages once more in the opposite order, a line
# or two for each. For $g(x,y)=\dfrac{x\,y}{x+y^2}$, where both inputs are used twice:


# %%
def flat(x, y):
    num = x * y  # forward, stage by stage
    square = y * y
    den = x + square
    inv = 1 / den
    g = num * inv

    d_num, d_inv = inv, num  # g = num * inv: × swaps, and the first signal is 1
    d_den = d_inv * -(inv**2)  # inv = 1 / den
    dx, d_square = d_den, d_den  # den = x + square: + distributes
    dy = d_square * 2 * y  # square = y * y
    dx += d_num * y  # num = x * y: the second arrival at x …
    dy += d_num * x  # … and at y
    return g, dx, dy


g, dx, dy = flat(3.0, -4.0)
print(f"g = {g:.6f}, dx = {dx:.6f}, dy = {dy:.6f}")
print(
    "by nudging:",
    [f"{slope:.6f}" for slope in bp.numerical_gradient(lambda x, y: flat(x, y)[0], (3.0, -4.0))],
)

# %% [markdown]
# Each stage of the forward pass has its line on the way back, and the second arrival at an input is a `+=`. In `ps02` you do this for the function above.

# %% [markdown]
# ---
# > **A good place to stop.** You have written backpropagation, for any graph and for one formula. When you come back: *Run → Run All Above Selected Cell*, and on with 2.5, the small gates of a neuron.

# %% [markdown]
# ## 2.5 Small gates with one input, and a neuron
#
# A gate with one input simply scales the signal. Four of them are worth knowing, each best written with its *output* $y$
# where that is possible, because forward has already computed it:
#
# | gate | local derivative | with the output |
# |---|---|---|
# | $y=-x$ | $-1$ | |
# | $y=e^x$ | $e^x$ | $y$ |
# | $y=1/x$ | $-1/x^2$ | $-y^2$ |
# | $y=\log x$ | $1/x$ | |
#
# The formulas beside a measurement, at $x=2$:

# %%
gates = {"exp": (np.exp, np.exp(2.0)), "1/x": (lambda x: 1 / x, -(0.5**2)), "log": (np.log, 1 / 2.0)}
for name, (gate, formula) in gates.items():
    print(f"{name}: {formula:8.4f}   measured {bp.numerical_gradient(gate, 2.0):8.4f}")

# %% [markdown]
# Now a **neuron**: it multiplies each input by a weight, adds everything up with one more number, the bias, and squeezes the sum
# into the range from 0 to 1 with the sigmoid $\sigma$. (Weights and inputs are *multiplied*; only the products are added. CS231n, whose numbers these are,
# calls the bias $w_2$.)


# %%
def neuron(w0, x0, w1, x1, b):
    z = w0 * x0 + w1 * x1 + b
    y = bp.sigmoid(z)
    return y


inputs = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "b": -3}
bp.in_detail(bp.record(neuron, backward=False, **inputs), opened="Sigmoid")

# %% [markdown]
# With the sigmoid opened, $\frac1{1+e^{-x}}$ is four gates: neg, exp, 1+ and $1/x$. Let us walk back through them. The signal 1
# arrives at the output. The gate $1/x$ has the local derivative $-y^2=-0.73^2$, and sends −0.53. The gate 1+ hands it on.
#
# **Self-check 5.** What does the gate exp send on, and then the gate neg? Two digits are enough.

# %%
through_exp = ...
through_neg = ...
check.two_stages(through_exp, through_neg)

# %% [markdown]
# All values and all gradients, gate by gate from the first to the last, with six digits:

# %% reveal
full = bp.in_detail(bp.record(neuron, **inputs), opened="Sigmoid")
for node, name in full.names.items():
    if node.gate:
        print(f"{node.gate.symbol:4} value {node.value:10.6f}   gradient {full.gradient[name]:10.6f}")
for name in inputs:
    print(f"d{name} = {full.gradient[name]:9.6f}")
signal = full.gradient["b"]
print(f"2 × {signal:.2f} = {2 * round(signal, 2):.2f}, but 2 × {signal:.6f} = {2 * signal:.6f}")

# %% reveal [markdown]
# Read the gradients from the bottom of the first list upwards: 1, −0.53, −0.53, −0.20, and then 0.20 at every + on the way to the
# products. The three + gates only distribute; the two × gates swap, so $w_1$ gets $0.20\cdot x_1$ and $x_1$ gets $0.20\cdot w_1$.
#
# *A matter of rounding.* With two digits $x_0$ gets $2\times0.20=0.40$, while the true number is 0.39. Books that
# print rounded numbers at every gate look as if they could not multiply. Keep all digits while you compute, and round when you print.

# %% [markdown]
# Step through it. Clear the switch *σ opened*, and the four gates fold into one; nothing else changes:

# %% reveal
bp.Stepper(neuron, detail="Sigmoid", **inputs)

# %% [markdown]
# ## 2.6 Eight gates or five?
#
# Four gates in a row multiply four local derivatives. Let $y=\frac1{1+e^{-x}}$ be the output. From the right:
#
# $$\underbrace{-y^2}_{1/x}\;\cdot\;\underbrace{1}_{1+}\;\cdot\;\underbrace{e^{-x}}_{\exp}\;\cdot\;\underbrace{(-1)}_{\text{neg}}
# \;=\;y^2\,e^{-x}$$
#
# Note where each factor is taken: the input of exp is $-x$, so its local derivative is $e^{-x}$ and not $e^{x}$. Now $1+e^{-x}=\frac1y$,
# so that $e^{-x}=\frac1y-1=\frac{1-y}{y}$, and
#
# $$y^2\,e^{-x}=y^2\cdot\frac{1-y}{y}=y\,(1-y).$$
#
# Eight gates become five, and the sigmoid's rule needs nothing but its own output. Here are both, at the neuron above:

# %%
e = np.exp(-1.0)
y = 1 / (1 + e)
print(f"four gates  {y**2 * e:.6f}")
print(f"one gate    {y * (1 - y):.6f}")

# %% [markdown]
# How coarse should a graph be? As coarse as there is a rule you trust. Fewer gates keep fewer values and, as we are about to
# see, can be more exact. Finer gates are easier to get right. Backpropagation is the same for both.
#
# **Predict:** how much of a signal comes through a sigmoid at best? (For which $y$ is $y(1-y)$ largest?)

# %%
guess = ...


# %% reveal
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


bp.figures.activation(sigmoid, slope, -8, 8, name="sigmoid")

# %% reveal
for x in (0.0, 2.0, 5.0, 10.0):
    print(f"at x = {x:4.1f} the slope is {slope(x):.6f}")


def ten_in_a_row(x, weight, bias):
    total = slope(x)
    for _ in range(9):
        x = weight * sigmoid(x) + bias
        total = total * weight * slope(x)
    return total


x = np.linspace(-6, 6, 1201)
print(f"ten sigmoids in a row: never above {slope(0.0) ** 10:.1e}, at best {ten_in_a_row(x, 1, 0).max():.1e}")
print(f"with 4 y - 2 between them: at best {ten_in_a_row(x, 4, -2).max():.2f}")

# %% reveal [markdown]
# A quarter, at $x=0$, and almost nothing far from it. Ten sigmoids in a row let less than a millionth of the signal through; not even $0.25^{10}$ is
# reached, since what leaves one sigmoid is above 0, where the next has already less than its quarter. This is the *vanishing gradient*. But between two sigmoids
# of a network stands a weight, and the signal is multiplied by that too: with weights of 4, well placed, the ten pass on a whole quarter. Whether a signal
# vanishes is a question of weights *and* slopes. Small weights and sigmoids are the bad case, and one reason why deep networks prefer other gates.

# %% [markdown]
# ### Break it on purpose: a right value with a gradient that is not a number
#
# At $x=-1000$ the sigmoid is 0 to more than 400 decimals, and so is its slope. What do the four gates say?

# %%
x = -1000.0
with np.errstate(over="ignore", invalid="ignore"):  # else numpy warns, and rightly
    e = np.exp(-x)
    y = 1 / (1 + e)
    through_the_stages = y**2 * e
print(f"e^1000 = {e},  y = {y}")
print(f"four gates: {through_the_stages},  one gate: {y * (1 - y)}")

# %% [markdown]
# $e^{1000}$ is beyond the largest float and becomes `inf`. The forward pass survives: $1/\text{inf}=0$. The backward pass does not:
# $0^2\cdot\text{inf}$ is `nan`, not a number, and everything it touches becomes `nan` too. One such sample among
# a thousand, and soon no weight is a number any more. The closed gate gives $0\cdot(1-0)=0$.
#
# The cure is never to take $e$ to a large *positive* power. Since
#
# $$\frac1{1+e^{-x}}=\frac{e^{x}}{e^{x}+1},$$
#
# there is always one of the two forms whose exponent is not positive. Which one serves for $x\ge0$? (You will need this in `ps02`.)
#
# ## 2.7 Another neuron
#
# This one uses $\tanh$, whose local derivative, with its output $o$, is $1-o^2$. That follows from the quotient rule: with
# $\tanh=\frac{\sinh}{\cosh}$, $\sinh'=\cosh$ and $\cosh'=\sinh$,
#
# $$\tanh' = \frac{\cosh\cdot\cosh-\sinh\cdot\sinh}{\cosh^2}=1-\tanh^2 .$$
#
# The bias has a strange value, which makes the numbers at the end pleasant.


# %%
def tanh_neuron(x1, w1, x2, w2, b):
    n = x1 * w1 + x2 * w2 + b
    o = bp.tanh(n)
    return o


numbers = {"x1": 2, "w1": -3, "x2": 0, "w2": 1, "b": 6.8813735870195432}
seen = bp.record(tanh_neuron, backward=False, **numbers)
print(f"n = {seen.value['n']:.5f}, o = {seen.output:.5f}, 1 - o² = {1 - seen.output**2:.5f}")

# %% [markdown]
# **Self-check 6.** The signal 1 arrives at $o$. What do $x_1=2$, $w_1=-3$, $x_2=0$ and $w_2=1$ get? Before you compute: one of the four gets
# nothing at all. Which, and why?

# %%
dx1 = ...
dw1 = ...
dx2 = ...
dw2 = ...
check.tanh_neuron(dx1, dw1, dx2, dw2)

# %% reveal
bp.record(tanh_neuron, **numbers)

# %% reveal [markdown]
# The weight $w_2$ is multiplied by the input $x_2=0$: nothing it could do would show. On this sample it learns nothing.

# %% [markdown]
# ## 2.8 A small classifier
#
# All the patterns at once, on a task. A sample has two numbers, $x=(1,2)$, and belongs to one of three classes, numbered 0, 1
# and 2. Each class $j$ gets a **score**: it multiplies the two numbers by two weights of its own and adds,
# $s_j=x_0W_{0j}+x_1W_{1j}$. The weights stand in a matrix with a column for each class, and `x @ W` is the three scores at once.

# %%
x = np.array([1.0, 2.0])
W = np.array([[0.2, -0.5, 0.1], [0.3, 0.4, -0.2]])
s = x @ W
print("scores:", s.round(4))

# %% [markdown]
# The right class is 0. We want its score to beat each other one by a margin of at least 1, and charge for what is missing; this
# is the **hinge loss**. And we charge a little for large weights, $\lambda$ times the sum of all squares, with $\lambda=0.1$.
# This *penalty* is also called a **regulariser**:
#
# $$\text{loss}=\underbrace{\max(0,\;s_1-s_0+1)+\max(0,\;s_2-s_0+1)}_{L}\;+\;\underbrace{\lambda\sum_{i,j}W_{ij}^2}_{R}$$

# %%
margins = np.array([s[1] - s[0] + 1, s[2] - s[0] + 1])
L, R = np.maximum(0, margins).sum(), 0.1 * np.sum(W**2)
print("margins:", margins.round(4))
print(f"L = {L:.3f}, R = {R:.3f}, loss = {L + R:.3f}")

# %% [markdown]
# Go backward.
#
# 1. The last + distributes: 1 goes to $L$ and 1 to $R$.
# 2. Each $\max(0,\cdot)$ is a router. The first margin, 0.5, is above 0: its signal 1 passes. The second, −0.1, is not: nothing passes.
# 3. The open margin $s_1-s_0+1$ sends 1 to $s_1$ and −1 to $s_0$. At $s_0$ two arrivals meet, −1 and 0. So $ds=(-1,1,0)$: raise the right
#    score, lower the one that came too close, leave the third alone.
# 4. $W_{ij}$ is multiplied by $x_i$ and added into $s_j$, nowhere else: swap multiplier, distributor. From the scores it gets $x_i\,ds_j$.
# 5. But $W$ is used **twice**. From the penalty it gets $\lambda\cdot 2W_{ij}$. A fork: add.

# %%
ds = np.array([-1.0, 1.0, 0.0])
from_scores = np.outer(x, ds) + 0.0  # entry [i, j] is x[i] * ds[j]; the + 0.0 makes 0 of -0
dW = from_scores + 0.1 * 2 * W
print(f"ds = {ds}")
print("dW =", dW.round(4).tolist())
print("without the penalty's branch:", from_scores.tolist())

# %% [markdown]
# Does the machine agree? The hinge loss of a whole row of scores is a single gate in the library, `bp.hinge`, whose last argument is
# the right class. `bp.squared_norm` is the sum of all squares.


# %%
def classifier(x, W, strength):
    scores = x @ W
    L = bp.hinge(scores, 0)
    R = strength * bp.squared_norm(W)
    loss = L + R
    return loss


picture = bp.record(classifier, x=x, W=W, strength=0.1)
print(f"loss = {picture.output:.3f}")
print("ds =", picture.gradient["scores"])
print("dW =", picture.gradient["W"].round(4).tolist())
print("by nudging:", bp.numerical_gradient(lambda W: classifier(x, W, 0.1), W).round(4).tolist())

# %% [markdown]
# Step through it, and switch on *copy and repeat gates* to see the fork at $W$. (A matrix is one value to the engine, with one
# rule; lesson 4 takes that rule apart.)

# %%
bp.Stepper(classifier, x=x, W=W, strength=0.1)

# %% [markdown]
# ### Another loss, and nothing else
#
# Suppose the hinge loss does not please you, and you would rather have the scores near $(1,0,0)$, by the squared distance. By hand you would begin from the
# start. In the graph one gate is exchanged: what arrives at the scores is another $ds$, and everything before it stays as it was.


# %%
def another_classifier(x, W, strength):
    scores = x @ W
    L = bp.squared_norm(scores - np.array([1.0, 0.0, 0.0]))
    R = strength * bp.squared_norm(W)
    loss = L + R
    return loss


other = bp.record(another_classifier, x=x, W=W, strength=0.1)
for name, seen in (("hinge", picture), ("squared", other)):
    ds, dW = seen.gradient["scores"], seen.gradient["W"]
    same_line = np.outer(x, ds) + 0.1 * 2 * W
    print(
        f"{name:8} ds = {ds.round(4).tolist()}, dW by the same line as before: {np.allclose(dW, same_line)}"
    )

# %% [markdown]
# **Self-check 7.** The same sample and the same weights, but now class **1** is the right one. What is $ds$ (a list of three numbers),
# and what is the entry `dW[0, 1]` of the whole gradient, penalty included? The scores are 0.8, 0.3 and −0.3, and `W[0, 1]` is −0.5.

# %%
ds = ...
dw = ...
check.classifier(ds, dw)

# %% [markdown]
# ## 2.9 Where the library does this
#
# The adder at a fork is a gate, with a rule of one line:

# %%
print(inspect.getsource(bp.gates.Copy.backward))

# %% [markdown]
# The engine adds up wherever a value has several users, whether or not a copy gate is drawn. It keeps a node waiting until all
# of its users have been visited; that is what your `sweep` owes to the order in which it walks. The core of the library's:

# %%
print(inspect.getsource(bp.backward_pass).split('"""')[-1])

# %% [markdown]
# And a composite gate says twice what it is: as one rule, and as the gates it is made of. A test holds the two
# together.

# %%
print(inspect.getsource(bp.gates.Sigmoid.local))
print(inspect.getsource(bp.gates.Sigmoid.opened))

# %% [markdown]
# ## Summary
#
# * **add** distributes, **multiply** swaps, **max** routes, and a **copy** adds up.
# * In a row sensitivities multiply; side by side they add. So at every fork: `+=`, beginning at 0.
# * Repeat and sum are each other's backward.
# * Any chain of gates may be closed into one. The sigmoid's four stages become $y(1-y)$, at most 0.25.
# * A closed rule can be exact where its stages overflow.
# * Weights that also stand in a penalty have a fork: both branches belong to their gradient.
#
# ## Exercises
#
# 1. *(pencil)* $f=\max(x,y)\cdot x$ at $x=3$, $y=2$. How many ways lead from $x$ to $f$? Find both gradients, then record it. What changes when $y$
#    rises to 4?
# 2. *(find the slip)* A slide says: "×: $x=2$, $y=-4$, upstream 2, so $x$ gets $-4\cdot2=8$." What should stand there?
# 3. *(find the slip)* Another text: "the sigmoid $1/e^{-x}$ consists of the gates neg, exp and $1/x$." What is lost, and which familiar
#    function has it described?
# 4. *(find the slip)* A third: "$y=e^{-x}$, so $\partial L/\partial y=e^{-x}$", where $L$ is the loss at the end. Two things are mixed up here. Which?
# 5. *(code)* Change your `sweep` so that it counts how many signals arrive at each node. For `staged`, which node gets the most?
# 6. *(find the slip)* A book goes back through $1/x$ at $x=1.37$ and writes $-1/1.37^2=-0.5328$; the sigmoid neuron above has −0.5344 there. Who is right? (Neither
#    made a mistake in the calculus.)
# 7. *(find the slip)* A slide of the circuit in 2.3 says: "the max gate sends the signal to $z$ or $x$, whichever is larger." Which letter is wrong?
# 8. *(think)* Someone calls a backward function twice without resetting the gradients in between. What do the numbers look like? And why can this be
#    *wanted*, when a batch does not fit into memory?
#
# **Next:** the assignment `ps02`, then lesson 3: what becomes of *local derivative* when a gate has many inputs and many outputs.
# Or go to [lesson 8](08_build_an_engine.ipynb) at once: it needs nothing but lessons 1 and 2, and there you write the engine that has drawn all these
# graphs, and train a network with it.
#
# ## Sources
#
# In our own words, after: CS231n, [notes on backpropagation](https://cs231n.github.io/optimization-2/) and lecture 4 (patterns, staged function, sigmoid
# neuron); [EECS 498-007](https://web.eecs.umich.edu/~justincj/teaching/eecs498/), lecture 6 (the four patterns, copy and add as partners); A. Karpathy,
# [micrograd](https://github.com/karpathy/micrograd) (the tanh neuron); K. Saitoh, [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/),
# ch. 5 (exp, $1/x$ and the sigmoid in stages); C. Olah, [*Calculus on Computational Graphs*](https://colah.github.io/posts/2015-08-Backprop/) (the branch,
# summing over paths).
