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
# **Time:** about 75 minutes, with the self-checks. Then comes the assignment `ps01`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.questions import chain_rule as check

# %% [markdown]
# ## 1.1 A question at the till
#
# Two apples at 100 each, and 10 % tax on top. The bill is a small calculation:


# %%
def shop(apple, count, tax):
    before_tax = apple * count
    return before_tax * tax


print(f"the bill: {shop(100, 2, 1.1):.2f}")

# %% [markdown]
# **Predict, then run.** The price of *one* apple rises by 1. By how much does the bill rise?
# Put your guess in place of `None` and run the cell. A wrong guess is worth more than none: you will
# remember what it taught you.

# %%
guess = None
check.dearer_apple(guess)

# %% [markdown]
# Now let us look. We nudge one input, leave the others alone, and see what the bill does:

# %%
bill = shop(100, 2, 1.1)
print(f"apple price + 1   : bill {shop(101, 2, 1.1) - bill:+.2f}")
print(f"apple count + 1   : bill {shop(100, 3, 1.1) - bill:+.2f}")
print(f"tax factor  + 0.01: bill {shop(100, 2, 1.11) - bill:+.2f}")

# %% [markdown]
# The bill is *sensitive* to its inputs, to each in its own measure. The **derivative** is this sensitivity,
# per unit of the input: 2.20 for the price, 110.00 for the count, and for the tax factor
# $2.00 / 0.01 = 200.00$. Nothing more mysterious is ever meant by $\partial\,\text{bill}/\partial\,\text{tax}$.
#
# Training a neural network asks this same question, with a loss for a bill and a million weights for three
# inputs: *which way, and how strongly, does each weight push the loss?*

# %% [markdown]
# ## 1.2 Measuring a slope: the numerical derivative
#
# With a step $h$ there are two natural ways to measure:
#
# $$\text{forward:}\quad \frac{f(x+h)-f(x)}{h}\qquad\qquad \text{central:}\quad \frac{f(x+h)-f(x-h)}{2h}$$
#
# The forward difference looks to one side only, so a curved function fools it by about $\tfrac h2 f''(x)$.
# The central difference looks to both sides; the curvature cancels, and only about $\tfrac{h^2}{6} f'''(x)$ remains.
# So a smaller $h$ should always be better. **Predict:** is it?
#
# We try it on the sigmoid $\sigma(z)=1/(1+e^{-z})$ at $z=1$, whose slope we know: $\sigma(z)\,(1-\sigma(z))$.


# %%
# NBVAL_IGNORE_OUTPUT
# (small steps show rounding noise, and the last digit of exp is not the same on every processor)
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


z, truth = 1.0, sigmoid(1.0) * (1 - sigmoid(1.0))
steps = 10.0 ** np.arange(-13, 0)
forward = np.abs((sigmoid(z + steps) - sigmoid(z)) / steps - truth) / truth
central = np.abs((sigmoid(z + steps) - sigmoid(z - steps)) / (2 * steps) - truth) / truth

print("step h    forward    central    (relative error)")
for h, one_sided, two_sided in zip(steps, forward, central, strict=True):
    print(f"{h:.0e}    {one_sided:.0e}      {two_sided:.0e}")

# %%
print(f"best central step: {steps[central.argmin()]:.0e}")
print(f"at its best, central is over 1000 times better than forward: {forward.min() / central.min() > 1000}")

# %% [markdown]
# The same as a picture that moves. One plot shows the curve with two lines: its tangent, and the **secant**, which cuts it at
# $z$ and at $z+h$. The other shows the error over $h$. Make $h$ smaller, and watch the secant turn into the tangent. When does
# it get worse again? Then press **central**.

# %%
# NBVAL_IGNORE_OUTPUT
# (the error at small h is the same rounding noise, which depends on the processor)
bp.Nudge(sigmoid, z=1.0)

# %% [markdown]
# A U-curve. On the right, the step is so long that the curve bends under it. On the left, it is so short that
# $f(x+h)$ and $f(x-h)$ agree in nearly all of their 16 digits; their difference is what rounding left
# over, and we divide it by almost nothing. The central difference is at its best near $h = 10^{-5}$, and there, in the table,
# it is thousands of times better than the forward difference at its own best. (The picture tries more steps, and at some of
# them the rounding happens to be kind.)
#
# Remember `1e-5` and *central*. You will use both whenever you check a gradient.

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
# ## 1.3 The chain rule: sensitivities multiply
#
# Gear wheels: if one turn of $x$ turns $y$ twice, and one turn of $y$ turns $z$ five times, one turn of $x$
# turns $z$ ten times. Sensitivities in a row **multiply**.
#
# Let us take three functions in a row, $f(x)=2x+1$, $g(y)=y^2$, $h(z)=\sin z$, and watch the numbers:
#
# $$x \;\xrightarrow{\;f\;}\; y \;\xrightarrow{\;g\;}\; z \;\xrightarrow{\;h\;}\; w
# \qquad\qquad
# \frac{dw}{dx} = \underbrace{\cos z}_{h'(z)}\cdot\underbrace{2y}_{g'(y)}\cdot\underbrace{2}_{f'(x)}$$
#
# Each factor is a **local derivative**: it needs only the value that enters its own function. That is the one thing
# to watch: $g'$ is taken at $y$, and $h'$ at $z$. Neither of them at $x$.


# %%
def chain(x):
    y = 2 * x + 1
    z = y**2
    return np.sin(z)


def chain_slope(x):
    y = 2 * x + 1
    z = y**2
    return np.cos(z) * (2 * y) * 2


for x in (0.0, 0.5, 1.0):
    slope, measured = chain_slope(x), bp.numerical_gradient(chain, x)
    print(f"x = {x:.1f}:  chain rule {slope:10.6f}   measured {measured:10.6f}")

# %% [markdown]
# The two routes agree, though they have nothing in common. How well does each measurement do at $x=1$?

# %%
x, exact = 1.0, chain_slope(1.0)
print(f"forward, h = 1e-05: error {(chain(x + 1e-5) - chain(x)) / 1e-5 - exact: .1e}")
print(f"central, h = 1e-05: error {(chain(x + 1e-5) - chain(x - 1e-5)) / 2e-5 - exact: .1e}")

# %%
# NBVAL_IGNORE_OUTPUT
# (rounding noise again: its digits depend on the processor)
print(f"forward, h = 1e-12: error {(chain(x + 1e-12) - chain(x)) / 1e-12 - exact: .1e}")

# %% [markdown]
# **Self-check 1.** Take $x=0.5$ in the same chain. Work out the three local derivatives with pencil and paper
# (a calculator for the cosine), then their product.

# %%
f_slope = ...  # f'(x)
g_slope = ...  # g'(y)
h_slope = ...  # h'(z)
product = ...
check.three_links(f_slope, g_slope, h_slope, product)

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
# **Self-check 2.** Write exactly that. `E` is the signal that arrives.


# %%
def back_through_square(E, x):
    raise NotImplementedError


check.signal_through_a_square(back_through_square)

# %% [markdown]
# ## 1.4 The calculation as a graph
#
# Draw every operation as a **gate** and every value as a line, and the story becomes a picture. Here is $f=(x+y)\,z$ at
# $x=-2$, $y=5$, $z=-4$. Values stand **above** the lines; gradients, which travel from right to left, stand **below**,
# in italics. `bp.record` runs the function once forward and once backward and keeps everything.


# %%
def circuit(x, y, z):
    q = x + y
    return q * z


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
# Is the output really that sensitive? Take an input, say where a nudge of 0.5 will bring $f$, and press **x + h**: the nudge
# runs through the graph, and $f$ answers.

# %%
bp.Nudge(circuit, x=-2, y=5, z=-4)

# %% [markdown]
# Now let it move. Drag a slider, so that the numbers are new, and step through the forward pass and back again. On the way
# back the Stepper asks you for each gradient before it shows it; clear the tick at *guess each gradient first* if you would
# rather watch, and click on any gate to read what it does. Try to find inputs for which raising $z$ lowers $f$.

# %%
bp.Stepper(circuit, x=-2, y=5, z=-4, predict=True)

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
    return before_tax * tax


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

# %%
basket = bp.record(two_fruits, apple=100, apples=2, orange=150, oranges=3, tax=1.1)
basket

# %% [markdown]
# With letters, for the bill $(x\,m+y\,n)\,t$:
#
# $$\frac{\partial}{\partial x}=m\,t,\quad \frac{\partial}{\partial m}=x\,t,\quad \frac{\partial}{\partial y}=n\,t,\quad
# \frac{\partial}{\partial n}=y\,t,\quad \frac{\partial}{\partial t}=x\,m+y\,n .$$
#
# The same as a list, with two digits, and the bill once in full:

# %%
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

# %%
weights, seconds_a_pass = 10**6, 0.001
minutes = 2 * weights * seconds_a_pass / 60
print(f"{2 * weights} passes: {minutes:.0f} minutes for a single step of training")

# %% [markdown]
# One backward sweep costs about two forward passes. That is the difference between half an hour and a few
# milliseconds, and the reason why neural networks can be trained at all.
#
# ## 1.7 Where the library does this
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


# %%
class Cube:
    def forward(self, x):
        return x * x * x

    def backward(self, upstream, out, x):
        return upstream * 3 * x * x


bp.check_gate(Cube(), 1.5)

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
# In our own words, after: CS231n, notes on backpropagation and lecture 4 (the circuit, gradients below the lines);
# K. Saitoh, *Deep Learning from Scratch*, ch. 4 and 5 (the shop); M. Nielsen, *Neural Networks and Deep Learning*,
# ch. 2 (why one sweep is fast); C. Olah, *Calculus on Computational Graphs*; A. Karpathy, micrograd.
