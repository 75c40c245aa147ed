# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 · The chain rule, one gate at a time
#
# **When you are done, you can**
#
# * say what a derivative tells you, and measure one by nudging the input;
# * choose the size of that nudge, and name the three ways in which nudging goes wrong;
# * draw a calculation as a graph and send gradients back through it: *upstream × local = downstream*;
# * explain why one backward sweep gives every derivative at once.
#
# **You need** lesson 0, derivatives from school ($x^2$, $\sin x$, the product) and a little numpy.
# **Time:** about 95 minutes with the self-checks, in three sittings: 1.1 to 1.3, 1.4 and 1.5, 1.6 to the end. Then comes the assignment `ps01`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.course.questions import chain_rule as check

# %% [markdown]
# ## 1.1 A question at the till
#
# Two apples at 100 each, and 10 % tax on top. The bill is a small calculation:


# %%
def shop(apple, count, tax):
    before_tax = apple * count
    bill = before_tax * tax
    return bill


print(f"the bill: {shop(100, 2, 1.1):.2f}")

# %% [markdown]
# **Predict, then run.** Apples get dearer: each costs 101 now and no longer 100. By how much does the bill rise?
# Put your guess in place of `None` and run the cell. A wrong guess is worth more than none: you will
# remember what it taught you.

# %%
guess = None
check.dearer_apple(guess)

# %% [markdown]
# Now let us look. We nudge one input, leave the others alone, and see what the bill does:

# %% reveal
bill = shop(100, 2, 1.1)
print(f"apple price + 1   : bill {shop(101, 2, 1.1) - bill:+.2f}")
print(f"apple count + 1   : bill {shop(100, 3, 1.1) - bill:+.2f}")
print(f"tax factor  + 0.01: bill {shop(100, 2, 1.11) - bill:+.2f}")

# %% [markdown]
# The bill is *sensitive* to its inputs, to each in its own measure. The **derivative** is this sensitivity,
# per unit of the input. For the tax factor that is $2.00 / 0.01 = 200.00$. Nothing more mysterious is ever meant by $\partial\,\text{bill}/\partial\,\text{tax}$.
#
# Training a neural network asks this same question, with a loss for a bill and a million weights for three
# inputs: *which way, and how strongly, does each weight push the loss?*
#
# ### What a slope is good for
#
# Suppose you have lost the price tag. You remember the bill, 220, and guess that an apple costs 60. How wrong is a guess? We charge the
# square of what the bill is off: this is a **loss**, a number that says how bad things are. Its slope tells which way to move the
# price, so we take a step *against* it. Run the second cell, and then again and again (Ctrl + Enter): **each run is one step.**


# %%
def loss(price):
    return (shop(price, 2, 1.1) - 220) ** 2


price = 60.0

# %%
slope = (loss(price + 0.01) - loss(price - 0.01)) / 0.02
print(f"price {price:6.2f}   loss {loss(price):8.2f}   slope {slope:8.2f}", end="   ")
price = price - 0.05 * slope
print(f"so the next price is {price:.2f}")

# %% [markdown]
# The slope is negative: a higher price makes the loss smaller, so the step goes up. Near the goal the slope gets small, and so do the steps.
# Nobody has divided 220 by 2.2. What the network of lesson 0 does is this and nothing else, with 82 numbers in place of one price. The whole
# question is how to get all the slopes, and to get them cheaply.
#
# <details>
# <summary>What you should have seen</summary>
#
# Step by step the price goes to 100 and the loss to 0: after ten steps it is right to a few cents. Try 0.3 in place of 0.05: now every
# step goes too far and each price is worse than the last. How long the steps are matters, too (lesson 7).
#
# </details>

# %% [markdown]
# ## 1.2 Measuring a slope: the numerical derivative
#
# We have just done it: nudge the input by a step $h$, and divide what the output does by $h$. There are two natural ways:
#
# $$\text{forward difference:}\quad \frac{f(x+h)-f(x)}{h}\qquad\qquad \text{central difference:}\quad \frac{f(x+h)-f(x-h)}{2h}$$
#
# (The name is unlucky: a forward *difference* has nothing to do with the forward *pass* of 1.4.) The first looks to one side only, and a
# curved function fools it. The second looks to both sides, and most of the curvature cancels. For $f(x)=x^3$ at $x=1$, where the slope is 3:

# %%
h = 1e-5
print(f"forward {((1 + h) ** 3 - 1) / h:.8f}")
print(f"central {((1 + h) ** 3 - (1 - h) ** 3) / (2 * h):.8f}")

# %% [markdown]
# Take *central*, and $h=10^{-5}$, which is what `bp.numerical_gradient` does. Why not a step that is smaller still? Section 1.7 looks into it,
# just before you need it.

# %% [markdown]
# ## 1.3 The chain rule: sensitivities multiply
#
# Gear wheels: if one turn of $x$ turns $y$ twice, and one turn of $y$ turns $z$ five times, one turn of $x$
# turns $z$ ten times. Sensitivities in a row **multiply**.
#
# Let us take three functions in a row, $f(x)=2x+1$, $g(y)=y^2$, $s(z)=\sin z$, and watch the numbers:
#
# $$x \;\xrightarrow{\;f\;}\; y \;\xrightarrow{\;g\;}\; z \;\xrightarrow{\;s\;}\; w
# \qquad\qquad
# \frac{dw}{dx} = \underbrace{\cos z}_{s'(z)}\cdot\underbrace{2y}_{g'(y)}\cdot\underbrace{2}_{f'(x)}$$
#
# Along each line stands what one link does to a small movement:

# %%
links = {("x", "y"): "× 2", ("y", "z"): "× 2y", ("z", "w"): "× cos z"}
bp.figures.network([["x"], ["y"], ["z"], ["w"]], links)

# %% [markdown]
# Each factor is a **local derivative**: it needs only the value that enters its own function. That is the one thing
# to watch: $g'$ is taken at $y$, and $s'$ at $z$. Neither of them at $x$.


# %%
def chain(x):
    y = 2 * x + 1
    z = y**2
    w = np.sin(z)
    return w


def chain_slope(x):
    y = 2 * x + 1
    z = y**2
    return np.cos(z) * (2 * y) * 2


for x in (0.0, 1.0):
    slope, measured = chain_slope(x), bp.numerical_gradient(chain, x)
    print(f"x = {x:.1f}:  chain rule {slope:10.6f}   measured {measured:10.6f}")

# %% [markdown]
# The two routes agree. What does that prove? That the slope belongs to *this function*. Both routes use the same formulas for $y$ and $z$, so a slip
# in those stands in both, and no comparison sees it. Say $2x+1$ was meant and $2x-1$ was written:


# %%
def slipped(x):
    return np.sin((2 * x - 1) ** 2)


x, exact = 1.0, chain_slope(1.0)
y = 2 * x - 1
print(
    f"with the slip: chain rule {np.cos(y**2) * (2 * y) * 2:.6f}, measured {bp.numerical_gradient(slipped, x):.6f}"
)
print(f"what was meant: {exact:.6f}")
print(f"forward, h = 1e-05: error {(chain(x + 1e-5) - chain(x)) / 1e-5 - exact: .1e}")
print(f"central, h = 1e-05: error {(chain(x + 1e-5) - chain(x - 1e-5)) / 2e-5 - exact: .1e}")

# %%
# NBVAL_IGNORE_OUTPUT
# (rounding noise: its digits depend on the processor)
print(f"forward, h = 1e-12: error {(chain(x + 1e-12) - chain(x)) / 1e-12 - exact: .1e}")

# %% [markdown]
# **Self-check 1.** Take $x=0.5$ in the same chain. Work out the three local derivatives with pencil and paper
# (a calculator for the cosine), then their product.

# %%
f_slope = ...  # f'(x)
g_slope = ...  # g'(y)
s_slope = ...  # s'(z)
product = ...
check.three_links(f_slope, g_slope, s_slope, product)

# %% reveal
x = 0.5
print(f"x = {x:.1f}:  chain rule {chain_slope(x):10.6f}   measured {bp.numerical_gradient(chain, x):10.6f}")

# %% [markdown]
# ### Does the $\partial t$ cancel?
#
# Write $z=(x+y)^2$ in two steps, $t=x+y$ and $z=t^2$. The chain rule says
#
# $$\frac{\partial z}{\partial x}=\frac{\partial z}{\partial t}\,\frac{\partial t}{\partial x}=2t\cdot 1=2(x+y).$$
#
# It looks as if the $\partial t$ cancelled like a number. That is a fine way to *remember* the rule, and not a proof:
# $\partial t$ is no number, and when a value is used twice there is a sum of such products and nothing to cancel
# (lesson 2).
#
# Read from right to left, the same line tells a story. The output's sensitivity to itself is
# $\partial z/\partial z = 1$: that is the first signal. The square gate receives it, multiplies it by its local derivative $2t$, and hands
# it on to the plus gate, which multiplies by 1. Whatever signal $E$ arrives at the output of a gate $y=x^2$, the gate
# passes on $E\cdot 2x$. It need not know where $E$ came from.
#
# In numbers, at $x=1.5$ and $y=0.5$, where $2(x+y)=4$:

# %%
d_x, d_y = bp.grad(lambda x, y: (x + y) ** 2)(1.5, 0.5)
print(f"dz/dx = {d_x:.2f}, dz/dy = {d_y:.2f}")

# %% [markdown]
# **Self-check 2.** Write exactly that, and `return` what the gate passes on. `E` is the signal that arrives.


# %%
def back_through_square(E, x):
    raise NotImplementedError


check.signal_through_a_square(back_through_square)

# %% [markdown]
# ---
# > **A good place to stop.** You can say what a slope is, measure one, and multiply the slopes of a chain. When you come back: *Run → Run All Above Selected Cell*, and on with 1.4, where a calculation becomes a picture.

# %% [markdown]
# ## 1.4 The calculation as a graph
#
# Draw every operation as a **gate** and every value as a line, and the story becomes a picture, a **graph**. (In books the places of a graph, values and
# gates alike, are its **nodes**, and the lines between them are its **edges**.) Here is $f=(x+y)\,z$ at $x=-2$, $y=5$, $z=-4$. Values stand **above** the lines; gradients, which travel from right to left, stand **below**,
# in italics. `bp.record` runs the function once forward and once backward and keeps everything.


# %%
def circuit(x, y, z):
    q = x + y
    f = q * z
    return f


picture = bp.record(circuit, x=-2, y=5, z=-4)
picture

# %% [markdown]
# Follow the gradients from the right.
#
# 1. The signal 1 arrives at the output: $\partial f/\partial f$.
# 2. The gate × gets **upstream** 1. Its **local** derivatives are the *other* input: $\partial f/\partial q = z = -4$ and
#    $\partial f/\partial z = q = 3$. It sends **downstream** $1\times(-4)=-4$ to $q$, and $1\times 3=3$ to $z$.
# 3. The gate + gets upstream −4. Its local derivatives are 1 and 1. It sends −4 to $x$ and −4 to $y$.
#
# > **upstream × local = downstream.** This is all a gate ever does on the way back. The gradient at an input is how
# > sensitive the *final* output is to it.

# %%
for name in ("x", "y", "z"):
    print(f"df/d{name} = {picture.gradient[name]:6.2f}")

# %% [markdown]
# Is the output really that sensitive? **Predict:** $x$ is nudged by 0.5. Where does $f$ go?

# %%
guess = ...

# %% [markdown]
# Press **x + h**: the nudge runs through the graph, and $f$ answers. Then choose another input, say where it will bring $f$, and
# nudge it.

# %% reveal
bp.Nudge(circuit, x=-2, y=5, z=-4)

# %% [markdown]
# (The best $h$ is a large one here. Along each single input this $f$ is a straight line, so nothing bends under a long step; $10^{-5}$ is for curves.)
#
# Now let it move. The numbers are new: step through the forward pass and back again. On the way
# back the Stepper asks you for each gradient before it shows it; clear the tick at *guess each gradient first* if you would
# rather watch, and click on any gate to read what it does. Try to find inputs for which raising $z$ lowers $f$.

# %% reveal
bp.Stepper(circuit, x=2, y=1, z=-3, predict=True)

# %% [markdown]
# **Self-check 3.** Without the widget: $x=3$, $y=-1$, $z=5$. What are the three gradients of $(x+y)\,z$?

# %%
dx = ...
dy = ...
dz = ...
check.circuit(dx, dy, dz)

# %% [markdown]
# ## 1.5 Back to the shop
#
# Two × gates in a row. Read the three gradients at the left and compare them with what we measured at the till.

# %%
bp.record(shop, apple=100, count=2, tax=1.1)

# %% [markdown]
# One sweep gave 2.20, 110.00 and 200.00. With letters, for a bill $x\,m\,t$ ($m$ apples at price $x$, tax factor $t$):
#
# $$\frac{\partial}{\partial x}=m\,t,\qquad \frac{\partial}{\partial m}=x\,t,\qquad \frac{\partial}{\partial t}=x\,m .$$
#
# ### Break it on purpose: a layer with one memory
#
# Many books write a gate as an object that remembers its inputs: `forward(x, y)`, later `backward(upstream)`. Both
# multiplications of the shop are the same operation, so why not use the same object twice?

# %%
layer = bp.Layer(bp.multiply)
before_tax = layer.forward(100, 2)
bill = layer.forward(before_tax, 1.1)

d_before_tax, d_tax = layer.backward(1.0)
d_apple, d_count = layer.backward(d_before_tax)
print(f"one object in two places: {d_apple:.2f} and {d_count:.2f}")

first, second = bp.Layer(bp.multiply), bp.Layer(bp.multiply)
before_tax = first.forward(100, 2)
bill = second.forward(before_tax, 1.1)

d_before_tax, d_tax = second.backward(1.0)
d_apple, d_count = first.backward(d_before_tax)
print(f"an object for each place: {d_apple:.2f} and {d_count:.2f}")

# %% [markdown]
# The bill is right both times, so nothing warns you. On the way back the single object still remembers its *last* inputs,
# 200 and 1.1, and answers with them at the first place too. **A gate that remembers needs an object for each place.**
# (The graph has a node for each place, so it cannot go wrong this way.)
#
# ### Two fruits
#
# Now a second fruit joins, two apples at 100 and three oranges at 150, and the bill is $(x\,m + y\,n)\,t$:


# %%
def two_fruits(apple, apples, orange, oranges, tax):
    apple_cost = apple * apples
    orange_cost = orange * oranges
    before_tax = apple_cost + orange_cost
    bill = before_tax * tax
    return bill


bp.record(two_fruits, backward=False, apple=100, apples=2, orange=150, oranges=3, tax=1.1)

# %% [markdown]
# As a chain: $f_1(x) = m\,x$, then $f_2(z) = z + y\,n$, then $f_3(w) = w\,t$. Their local derivatives are $m$, $1$ and $t$,
# so $\partial\,\text{bill}/\partial x = t\cdot 1\cdot m$. The plus gate contributes the factor 1: it lets the signal through to
# both of its sides.
#
# **Self-check 4.** Only the forward pass has been run: no gradient is there yet, and *not there yet* is not the same as 0.
# Be the backward pass. How much does the bill rise per extra orange, and how much per unit of the tax factor?

# %%
d_oranges = ...
d_tax = ...
check.two_fruits(d_oranges, d_tax)

# %% [markdown]
# And the library's answer:

# %% reveal
basket = bp.record(two_fruits, apple=100, apples=2, orange=150, oranges=3, tax=1.1)
basket

# %% reveal [markdown]
# With letters, for the bill $(x\,m+y\,n)\,t$:
#
# $$\frac{\partial}{\partial x}=m\,t,\quad \frac{\partial}{\partial m}=x\,t,\quad \frac{\partial}{\partial y}=n\,t,\quad
# \frac{\partial}{\partial n}=y\,t,\quad \frac{\partial}{\partial t}=x\,m+y\,n .$$

# %% [markdown]
# The same as a list, with two digits, and the bill once in full:

# %% reveal
print(f"bill {basket.output:.2f}")
for name in ("apples", "apple", "orange", "oranges", "tax"):
    print(f"d bill / d {name:8} = {basket.gradient[name]:7.2f}")
print(f"in full: {basket.output!r}")

# %% [markdown]
# $1.1$ has no exact binary form, so $650\times 1.1$ is not quite 715. Two consequences for the rest of the course: we print
# numbers with a format, and we never compare computed numbers with `==`.

# %%
print(basket.output == 715.0, "but close:", abs(basket.output - 715.0) <= 1e-9 * 715.0)

# %% [markdown]
# ---
# > **A good place to stop.** You have sent gradients back through two graphs: upstream × local = downstream. When you come back: *Run → Run All Above Selected Cell*, and on with 1.6, why anybody draws graphs.

# %% [markdown]
# ## 1.6 Why a graph?
#
# You could have found these derivatives by algebra. Three things make the graph worth having:
#
# * **It is local.** A gate knows its own inputs and its own rule, nothing else. That is why one short table of rules
#   differentiates any program made of such gates.
# * **It keeps what it computed.** The × gate needs the other input's value on the way back; forward has stored it.
# * **One sweep gives everything.** The backward pass visits each gate once and leaves a gradient at *every* input,
#   whether there are three or a million.
#
# Nudging asks about one input at a time. A central difference costs two runs of the function for each input.
#
# **Self-check 5.** A network has $10^6$ weights and one loss. How many forward passes does the full gradient cost by
# central differences? And how many backward sweeps by backpropagation?

# %%
forward_passes = ...
backward_sweeps = ...
check.cost(forward_passes, backward_sweeps)

# %% [markdown]
# And if one forward pass takes a millisecond, which is quick for a million weights?

# %% answer
weights, seconds_a_pass = 10**6, 0.001
minutes = 2 * weights * seconds_a_pass / 60
print(f"{2 * weights} passes: {minutes:.0f} minutes for a single step of training")

# %% [markdown]
# And the backward sweep? On the way back a layer has to find two things, the gradient of its input and that of its weights, where on the way forward it
# had one to find. So a sweep costs one to two forward passes. Lesson 6 counts the multiplications; here is its count, beforehand:

# %%
for sizes in ([784, 30, 10], [100] * 8):
    count = bp.nielsen.multiplications(sizes)
    print(
        f"{len(sizes) - 1} layers: one backward sweep costs {(count.bp2 + count.bp4) / count.forward:.2f} forward passes"
    )

# %% [markdown]
# That is the difference between half an hour and a few milliseconds, and the reason why neural networks can be trained at all.
#
# Could one not work out the whole derivative by hand, once, and write it down? For the shop, yes. For a network it fills pages, and if you then
# change nothing but the loss at the end, you begin again from the start. In a graph you exchange one gate, and all the others stay as they are (2.8 does so).
#
# ## 1.7 How small a nudge? Before you write your own
#
# In `ps01` you write the measurement yourself. How good is it, and when does it fail? For a smooth function the forward difference is off by
# about $\tfrac h2 f''(x)$, the central one by about $\tfrac{h^2}{6} f'''(x)$. So a smaller $h$ should always be better. **Predict:** is it? Put your
# words in the place of the dots.

# %%
prediction = "..."

# %% [markdown]
# We try it on the sigmoid $\sigma(z)=1/(1+e^{-z})$ at $z=1$, whose slope we know: $\sigma(z)\,(1-\sigma(z))$.


# %% reveal
# NBVAL_IGNORE_OUTPUT
# (the last digits are not the same on every processor)
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


z, truth = 1.0, sigmoid(1.0) * (1 - sigmoid(1.0))
steps = 10.0 ** np.arange(-13, 0)
forward = np.abs((sigmoid(z + steps) - sigmoid(z)) / steps - truth) / truth
central = np.abs((sigmoid(z + steps) - sigmoid(z - steps)) / (2 * steps) - truth) / truth

print("step h    forward    central    (relative error)")
for h, one_sided, two_sided in zip(steps, forward, central, strict=True):
    print(f"{h:.0e}    {one_sided:.0e}      {two_sided:.0e}")

# %% reveal
print(f"best central step: {steps[central.argmin()]:.0e}")
print(f"at its best, central is over 1000 times better than forward: {forward.min() / central.min() > 1000}")

# %% [markdown]
# The same as a picture that moves. One plot shows the curve with two lines: its tangent, and the **secant**, which cuts it at
# $z$ and at $z+h$. The other shows the error over $h$. Make $h$ smaller, and watch the secant turn into the tangent. Does it
# go on getting better? Then press **central**.

# %% reveal
# NBVAL_IGNORE_OUTPUT
# (here too the last digits depend on the processor)
bp.Nudge(sigmoid, z=1.0)

# %% reveal [markdown]
# A U-curve. On the right, the step is so long that the curve bends under it. On the left, it is so short that
# $f(x+h)$ and $f(x-h)$ agree in nearly all of their 16 digits; their difference is what rounding left
# over, and we divide it by almost nothing. The central difference is at its best near $h = 10^{-5}$, and there, in the table,
# it is thousands of times better than the forward difference at its own best. (The table has the error beside the size of the slope, the picture the
# error itself. And the picture tries more steps: at some of them the rounding happens to be kind.)
#
# So: `1e-5` and *central*, whenever you check a gradient.

# %% [markdown]
# ### Break it on purpose: two numbers that cannot be nudged
#
# Here is the measurement for an array: nudge one entry, put it back, go on to the next. Look for a mistake; there
# is none in the formula. We ask for the gradient of $f(x)=\sum x_i^2$ at $(1, 2, 3)$, which is $(2, 4, 6)$.


# %%
def naive_gradient(f, x, h):
    slope = np.zeros(len(x))
    for i in range(len(x)):
        before = x[i]
        x[i] = before + h
        up = f(x)
        x[i] = before - h
        down = f(x)
        x[i] = before
        slope[i] = (up - down) / (2 * h)
    return slope


def sum_of_squares(x):
    return np.sum(x**2)


print("float64      ", naive_gradient(sum_of_squares, np.array([1.0, 2.0, 3.0]), 1e-4).round(4))
print("integers     ", naive_gradient(sum_of_squares, np.array([1, 2, 3]), 1e-4).round(4))
print("float32, 1e-7", naive_gradient(sum_of_squares, np.array([100, 200, 300], dtype=np.float32), 1e-7))

# %% [markdown]
# No error, no warning, and two of the three answers are nonsense.
#
# * An **integer** array cuts $1 + 10^{-4}$ back to 1, and $1 - 10^{-4}$ down to 0. What looks like a nudge of 0.0001 is a
#   jump by a whole unit, divided by 0.0002.
# * In **float32** there are about 7 digits. $100 + 10^{-7}$ *is* 100, so nothing moves and every slope is 0.
#
# A library can refuse, and should:

# %%
try:
    bp.numerical_gradient(sum_of_squares, np.array([1, 2, 3]))
except bp.InputError as error:
    print(error)

# %% [markdown]
# There is a third trap in `naive_gradient`. If `f` raises an error halfway through, the line `x[i] = before` is never
# reached, and the caller's array stays nudged. In `ps01` you will write a version that has none of these faults.

# %% [markdown]
# ## 1.8 Where the library does this
#
# You have just derived what `bplib` is made of. This is the whole multiply gate:

# %%
print(inspect.getsource(bp.gates.Multiply))

# %% [markdown]
# and this is *upstream × local = downstream*, for every gate that works entry by entry (`like` gives each gradient the
# shape of its variable, which matters from lesson 4 on):

# %%
print(inspect.getsource(bp.gates.Elementwise.backward))

# %% [markdown]
# The sweep itself walks the graph from the output to the inputs. It is a generator, so you can take one step at a time:

# %%
x, y, z = bp.Node(-2, "x"), bp.Node(5, "y"), bp.Node(-4, "z")
sweep = bp.backward_pass(circuit(x, y, z))
for step in sweep:
    print(step)

# %% [markdown]
# A gate is only a class with `forward` and `backward`, so you can add one. Here is a cube, and the check that compares
# its backward rule with measured slopes, at random upstream signals. Make a mistake in `backward` (leave out
# `upstream`, or write 2 for 3) and read what the check has to say.
#
# <details>
# <summary>What you should see</summary>
#
# Without `upstream` the check says *upstream ignored*: what is left is the local derivative alone. With 2 for 3 it says *constant factor*: every entry is
# two thirds of what was measured. The check knows no cubes. It measures, and then asks which slip would explain the difference.
#
# </details>


# %%
class Cube:
    def forward(self, x):
        return x * x * x

    def backward(self, upstream, out, x):
        return upstream * 3 * x * x


bp.check_gate(Cube(), np.array([0.7, -1.2, 2.0]))

# %% [markdown]
# ## Summary
#
# * A derivative is a sensitivity: change of output per unit of input.
# * Measure it with a central difference and $h\approx10^{-5}$, on floats, and put back what you nudged.
# * Sensitivities in a row multiply, each local derivative taken at the value that enters *its* function.
# * Each gate on the way back: **upstream × local = downstream**. The first signal is 1.
# * One backward sweep yields all gradients; nudging needs two forward passes for each input.
#
# ## Exercises
#
# 1. *(pencil)* $f=(x+y)(y+z)$ uses $y$ twice. Find all three gradients at $x=1$, $y=2$, $z=3$ by algebra, then step through
#    it with `bp.Stepper(f, x=1, y=2, z=3, detail="copies")`. What happens at $y$? (Lesson 2 opens with the answer.)
# 2. *(code)* Let `bp.Nudge` draw the U-curve of `chain` at $x=1$. Why does it lie higher than the sigmoid's?
# 3. *(find the slip)* A well-known note says: "local gradient times *global* gradient gives the downstream gradient." One
#    word promises more than a gate can know. Which, and what should stand there?
# 4. *(think)* If $f$ does not depend on an input at all, what does the backward sweep leave there? And nudging?
#
# **Next:** the assignment `ps01`, then lesson 2: what each gate does to a gradient, and what happens where a value is used twice.
#
# ## Sources
#
# In our own words, after: CS231n, [notes on backpropagation](https://cs231n.github.io/optimization-2/) and lecture 4 (the circuit, gradients below the
# lines); K. Saitoh, [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/), ch. 4 and 5 (the shop); M. Nielsen,
# *Neural Networks and Deep Learning*, [ch. 2](http://neuralnetworksanddeeplearning.com/chap2.html) (why one sweep is fast); C. Olah,
# [*Calculus on Computational Graphs*](https://colah.github.io/posts/2015-08-Backprop/); A. Karpathy, [micrograd](https://github.com/karpathy/micrograd).
