# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6 · Four equations for a whole network
#
# **When you are done, you can**
#
# * name every number in a network of layers, and say what the *error* $\delta$ of a neuron is;
# * prove the four equations BP1 to BP4, and find the indices that are often misprinted;
# * turn them into code, for one example and for a whole mini-batch;
# * translate between the book's columns and our rows, and count what a backward pass costs.
#
# **You need** lessons 1 to 5: gates and forks, the affine layer with its rows, softmax with loss.
# **Time:** about 105 minutes with the self-checks, in three sittings: 6.1 to 6.4, 6.5 to 6.8, 6.9 to the end. Then comes the assignment `ps06`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.course.questions import mlp as check


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


# %% [markdown]
# ## 6.1 A network that can be worked out by hand
#
# Two inputs, two hidden neurons, one output neuron. Each neuron weighs what comes in, adds a bias, and answers with
# the sigmoid of the sum. The input is $(1, 2)$, the answer should be $y=0$, and the *cost* of an answer $a$
# (the book's word for the loss) is $C = \tfrac12 (a-y)^2$.
#
# In this lesson we read an old and much loved text, Nielsen's chapter on backpropagation, and write as it does: a
# layer's numbers stand in a **column**, and the row of a weight matrix belongs to a neuron. Section 6.9 goes back to
# our rows. The weights have been chosen so that every number comes out exactly; the output has a bias of 1, the others
# have 0.

# %%
weights = {("x₁", "h₁"): "2", ("x₁", "h₂"): "−1", ("x₂", "h₁"): "−1", ("x₂", "h₂"): "½"}
weights |= {("h₁", "a"): "1", ("h₂", "a"): "−3"}
bp.figures.network([["x₁", "x₂"], ["h₁", "h₂"], ["a"]], weights)

# %% [markdown]
# In code:

# %%
x, y = np.array([[1.0], [2.0]]), np.array([[0.0]])
w1, b1 = np.array([[2.0, -1.0], [-1.0, 0.5]]), np.zeros((2, 1))
w2, b2 = np.array([[1.0, -3.0]]), np.array([[1.0]])


def cost(w1, b1, w2, b2):
    a1 = sigmoid(w1 @ x + b1)
    a2 = sigmoid(w2 @ a1 + b2)
    return 0.5 * np.sum((a2 - y) ** 2)


print(f"cost: {cost(w1, b1, w2, b2):.4f}")

# %% [markdown]
# Into hidden neuron 1 goes the sum $2\cdot1-1\cdot2=0$, into neuron 2 goes $-1\cdot1+\tfrac12\cdot2=0$, so both answer
# $\sigma(0)=0.5$. The first reaches the output through a weight of 1, the second through a weight of −3.
#
# **Predict, then run.** Push the sum that enters hidden neuron 1 up by a hair: the cost changes by some amount. Now
# do the same to neuron 2. How many times as large is its effect? (With its sign.)

# %%
factor = None
check.two_pushes(factor)

# %% [markdown]
# Nine numbers in this network can be changed. What does each do to the cost? Lesson 1 knows a slow way, with two
# forward passes for each number:

# %% reveal
params = {"w1": w1, "b1": b1, "w2": w2, "b2": b2}
measured = {}
for name in params:
    measured[name] = bp.numerical_gradient(lambda p, name=name: cost(**{**params, name: p}), params[name])
    print(f"dC/d{name} =", measured[name].round(5).tolist())

# %% [markdown]
# Nine slopes, eighteen forward passes. Keep these numbers in mind. The whole lesson explains where they come from,
# and gets them in one sweep.
#
# ## 6.2 Names for everything
#
# A network has many numbers, so the names need many indices. They are worth five minutes, once:
#
# | name | is | in our network |
# |---|---|---|
# | $a^l_j$ | the answer (activation) of neuron $j$ in layer $l$; $a^0$ is the input $x$ | $a^0_2 = 2$ |
# | $w^l_{jk}$ | the weight **to** neuron $j$ of layer $l$, **from** neuron $k$ of layer $l-1$ | $w^2_{12} = -3$ |
# | $b^l_j$ | the bias of neuron $j$ in layer $l$ | $b^2_1 = 1$ |
# | $z^l_j$ | the weighted sum that enters its sigmoid | to be computed |
#
# A layer and the next; the weight that stands out is $w^l_{jk}$, from $k$ to $j$:

# %%
before, after = ["$a^{l-1}_1$", "$a^{l-1}_k$", "$a^{l-1}_3$"], ["$a^l_1$", "$a^l_j$"]
every = {(start, end): "" for start in before for end in after}
bp.figures.network(
    [before, after], every | {(before[1], after[1]): "$w^l_{jk}$"}, marked=[(before[1], after[1])]
)

# %% [markdown]
# **Translation card: targets and outputs.** The same letter stands for opposite things in different books.
#
# | | this lesson, as Nielsen | the rest of the course |
# |---|---|---|
# | what the network answers | $a^L$ | the scores $z$, and their probabilities $y$ |
# | what is wanted | $y$ | the target $t$ |
# | how wrong it is | the cost $C$ | the loss $L$ |
# | the last layer | $L$ | (has no letter) |
#
# The small number on top is a layer, not a power. The last layer is called $L$; here $L=2$.
#
# "To" before "from" looks the wrong way round. It is what makes the vector form come out without a transpose. We keep
# the numbers (1) to (4) for the four equations that give this lesson its name, and begin with (5):
#
# $$a^l_j = \sigma\Big(\sum_k w^l_{jk}\, a^{l-1}_k + b^l_j\Big) \tag{5}$$
#
# $$a^l = \sigma\big(w^l a^{l-1} + b^l\big) \tag{6}$$
#
# $$z^l = w^l a^{l-1} + b^l, \qquad a^l = \sigma(z^l) \tag{7}$$
#
# (5) speaks about one neuron, (6) about a layer, with $\sigma$ taken entry by entry. (7) is (6) in two steps, with a
# name for the place between them. That place will be the hero of the story.
#
# The forward pass, then, and *everything is kept*:

# %%
z1 = w1 @ x + b1
a1 = sigmoid(z1)
z2 = w2 @ a1 + b2
a2 = sigmoid(z2)
C = 0.5 * np.sum((a2 - y) ** 2)
for name, column in {"z1": z1, "a1": a1, "z2": z2, "a2": a2}.items():
    print(name, "=", column.ravel().tolist())
print("C  =", C)

# %% [markdown]
# $z=0$ everywhere, so every neuron answers $\tfrac12$, and $C=\tfrac12\cdot\tfrac14=0.125$.
#
# *Two ways to count layers.* Nielsen counts the input as layer 1, and his first weights are $w^2$. We count from the
# first layer **with weights**, and the input is layer 0. The equations are the same; only, before you compare your
# code with a text, ask which layer its author calls the first.
#
# **Self-check 1.** A layer of 3 neurons follows on a layer of 4. Take the weight from the last of the four to the
# second of the three, $w_{jk}$ in the book's letters. What are $j$ and $k$? And in code, where numbers count from 0,
# it is `w[row, column]`.

# %%
j = ...
k = ...
row = ...
column = ...
check.name_a_weight(j, k, row, column)

# %% [markdown]
# ## 6.3 The error of a neuron
#
# Imagine a demon that sits in the network, on one single neuron. As $z^l_j$ comes along, it adds a tiny $\Delta z$.
# The neuron then answers $\sigma(z^l_j+\Delta z)$, this runs on through all later layers, and the cost changes by
# about $\frac{\partial C}{\partial z^l_j}\,\Delta z$. If that slope is large, the demon can do much good here. If it
# is nearly 0, there seems to be little left to gain (6.11 looks at this sentence again). So the slope deserves a name. It is the **error** of the
# neuron:
#
# $$\delta^l_j = \frac{\partial C}{\partial z^l_j} \tag{8}$$
#
# You have met it before. It is the gradient at the node $z^l_j$ of the graph, the number below the line. Let us be
# the demon, and nudge the two hidden sums:


# %% reveal
def cost_from_z1(z1):
    a2 = sigmoid(w2 @ sigmoid(z1) + b2)
    return 0.5 * np.sum((a2 - y) ** 2)


delta1_measured = bp.numerical_gradient(cost_from_z1, z1)
print("error of the hidden layer:", delta1_measured.ravel().round(5).tolist())
print(f"neuron 2 pushes {delta1_measured[1, 0] / delta1_measured[0, 0]:.2f} times as hard as neuron 1")

# %% [markdown]
# Two things are assumed about the cost, silently in most texts; Nielsen says them. (a) *It is a mean over examples*, $C=\frac1N\sum_x C_x$: backpropagation gives the
# gradient of one $C_x$, and the gradient of $C$ is their mean. (b) *It is a function of the answers $a^L$ alone*: else we could not start at the last layer. ($y$ is in it
# too, but $y$ is given and never learned. A penalty on the weights breaks (b); it has a branch of its own, as in 2.8.)
#
# Why at $z$ and not at $a$? Because $z^l = w^l a^{l-1} + b^l$ is the last stop before the parameters: from an error
# at $z$ both gradients of the layer can be read off at once. That will be BP3 and BP4. BP1 and BP2 find the errors.
#
# ## 6.4 BP1: the error of the last layer
#
# $$\delta^L_j = \frac{\partial C}{\partial a^L_j}\;\sigma'(z^L_j) \tag{1, BP1}$$
#
# Here $\sigma'$ is the slope of the sigmoid. For the whole layer $\delta^L = \nabla_a C \odot \sigma'(z^L)$, where $\nabla_a C$
# is the column of all $\partial C/\partial a^L_j$, and $\odot$ is the product entry by entry, also called the **Hadamard** product: `*` in numpy. It reads: *how the cost moves with the answer, times how the answer moves with* $z$. Upstream × local.
#
# **Proof.** The cost is a function of the answers $a^L_1, a^L_2, \dots$ of the last layer. Each of them might depend
# on $z^L_j$, so the chain rule sums over all:
#
# $$\delta^L_j = \frac{\partial C}{\partial z^L_j}
# = \sum_k \frac{\partial C}{\partial a^L_k}\,\frac{\partial a^L_k}{\partial z^L_j}. \tag{9}$$
#
# But $a^L_k=\sigma(z^L_k)$ knows nothing of $z^L_j$ unless $k=j$. All other terms are 0, and what is left is
# $\frac{\partial C}{\partial a^L_j}\,\sigma'(z^L_j)$. $\blacksquare$
#
# For our cost, $\partial C/\partial a^L_j = a^L_j - y_j$: the 2 of the square cancels the $\tfrac12$, which is there
# for nothing else. In numbers:

# %%
delta2 = (a2 - y) * slope(z2)
print(f"dC/da = {(a2 - y).item():.4f}, slope = {slope(z2).item():.4f}, delta2 = {delta2.item():.4f}")

# %% [markdown]
# > **Often misprinted (1).** The left side is $\delta^L$ with a capital $L$. You will find $\delta^l$ there, as if
# > BP1 gave the error of *every* layer. The product $\frac{\partial C}{\partial a^l_j}\sigma'(z^l_j)$ is indeed the
# > error of any layer; but $\partial C/\partial a$ can be read off the cost in the last layer only. For the others it
# > is just what we do not know. (In other notes the left side has lost its $j$: $\delta^l=\partial C/\partial z^l_j$. A whole column cannot be the slope of one neuron.)
#
# The step from (9) needs an activation that works entry by entry. Softmax does not: there every $a_k$ depends on
# every $z_j$, and the whole sum stays (lesson 5).
#
# **Self-check 2.** An output neuron answers $a = 0.8$ where $y = 1$ is wanted. What is its error, with
# $C=\tfrac12(a-y)^2$? (For a sigmoid, $\sigma'(z)=a(1-a)$, so you need not know $z$.)

# %%
delta = ...
check.output_error(delta)

# %% [markdown]
# ---
# > **A good place to stop.** You have every number of a network by name, and the error of its last layer. When you come back: *Run → Run All Above Selected Cell*, and on with 6.5, one layer back.

# %% [markdown]
# ## 6.5 BP2: one layer back
#
# $$\delta^l_j = \sum_k w^{l+1}_{kj}\,\delta^{l+1}_k\;\sigma'(z^l_j) \tag{2, BP2}$$
#
# and for the whole layer $\delta^l = \big((w^{l+1})^{\mathsf T}\delta^{l+1}\big)\odot\sigma'(z^l)$. It reads: *the
# errors of the next layer come back through the weights that connect us, and then through our own sigmoid.*
#
# **Proof.** Wiggle $z^l_j$. The answer $a^l_j$ wiggles with it and goes to **all** neurons $k$ of the next layer: a
# fork. Where a value forks forward, gradients add up on the way back (lesson 2):

# %%
ways = {("$a^l_j$", f"$z^{{l+1}}_{k}$"): f"$w^{{l+1}}_{{{k}j}}$" for k in (1, 2, 3)}
errors = {(f"$z^{{l+1}}_{k}$", "$C$"): f"$\\delta^{{l+1}}_{k}$" for k in (1, 2, 3)}
columns = [["$z^l_j$"], ["$a^l_j$"], [end for _, end in ways], ["$C$"]]
bp.figures.network(columns, {("$z^l_j$", "$a^l_j$"): "$\\sigma'(z^l_j)$"} | ways | errors)

# %% [markdown]
# So we sum over everything through which $z^l_j$ can reach the cost:
#
# $$\delta^l_j=\frac{\partial C}{\partial z^l_j}
# =\sum_k \frac{\partial C}{\partial z^{l+1}_k}\,\frac{\partial z^{l+1}_k}{\partial z^l_j}
# =\sum_k \delta^{l+1}_k\,\frac{\partial z^{l+1}_k}{\partial z^l_j}. \tag{10}$$
#
# How does $z^{l+1}_k$ depend on $z^l_j$? By (7), written out with $i$ for the index that is summed over,
#
# $$z^{l+1}_k=\sum_i w^{l+1}_{ki}\,\sigma(z^l_i)+b^{l+1}_k, \tag{11}$$
#
# and of this sum only the term $i=j$ contains $z^l_j$:
#
# $$\frac{\partial z^{l+1}_k}{\partial z^l_j}=w^{l+1}_{kj}\,\sigma'(z^l_j). \tag{12}$$
#
# Put (12) into (10). The factor $\sigma'(z^l_j)$ does not depend on $k$ and comes out of the sum:
#
# $$\delta^l_j=\Big(\sum_k w^{l+1}_{kj}\,\delta^{l+1}_k\Big)\,\sigma'(z^l_j). \tag{13}$$
#
# Now look at the indices of $w^{l+1}_{kj}$. Forward, in (5), the sum runs over the **second** index of $w$: that is
# $w\,a$. Here it runs over the **first**: that is $w^{\mathsf T}\delta$. Nobody *decided* to transpose.
# $\blacksquare$
#
# (Who prefers matrices to $\odot$ puts the slopes on the diagonal of a matrix $\Sigma'(z^l)$ and writes $\delta^l=\Sigma'(z^l)\,(w^{l+1})^{\mathsf T}\delta^{l+1}$. It is the transposed
# Jacobian of lesson 3, twice: that of the sigmoids, a diagonal, and that of the product.)

# %%
delta1 = (w2.T @ delta2) * slope(z1)
print("BP2:     ", delta1.ravel().tolist())
print("measured:", delta1_measured.ravel().round(5).tolist())

# %% [markdown]
# > **Often misprinted (2).** In (10) and (12) you will find $\partial z^{l+1}_k/\partial z^l_k$, with $k$ below as
# > well. Then $j$ has vanished from the right side, and all neurons of the layer would have to share one error. Our
# > two say otherwise:

# %%
as_printed = sum(delta2[k, 0] * w2[k, k] * slope(z1)[k, 0] for k in range(len(delta2)))
print(f"as misprinted, for every j: {as_printed:.5f}")
print(f"measured, j = 1 and 2:      {delta1_measured[0, 0]:.5f} and {delta1_measured[1, 0]:.5f}")

# %% [markdown]
# A rule that finds such slips: an index that stands free on the left must stand free on the right. And a rule of thumb: in a *product of matrices* the index that is summed over
# stands in two factors. It is no law for all sums. In the gradient of a bias, $\sum_n\partial C/\partial z_{nj}$, and in the $\sum_j e^{z_j}$ of softmax the index stands once.
# numpy's `einsum` writes sums by their indices alone, so it can show all three:

# %%
signals = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(
    "BP2, k twice:     ",
    np.einsum("kj,k->j", w2, delta2[:, 0]).tolist(),
    "is",
    (w2.T @ delta2)[:, 0].tolist(),
)
print("a bias, n once:   ", np.einsum("nj->j", signals).tolist(), "is", signals.sum(axis=0).tolist())
print(
    "softmax, j once:  ",
    np.einsum("j->", np.exp([0.0, 0.0])).tolist(),
    "is",
    np.exp([0.0, 0.0]).sum().tolist(),
)

# %% [markdown]
# **Self-check 3.** A hidden neuron answers 0.7. Two neurons follow. It reaches the first by a weight of 4, and that
# one's error is 0.2; it reaches the second by a weight of −2, and that one's error is 0.3. What is its own error?

# %%
delta = ...
check.hidden_error(delta)

# %% [markdown]
# ## 6.6 BP3 and BP4: from errors to gradients
#
# $$\frac{\partial C}{\partial b^l_j}=\delta^l_j \tag{3, BP3}$$
#
# $$\frac{\partial C}{\partial w^l_{jk}}=a^{l-1}_k\,\delta^l_j \tag{4, BP4}$$
#
# and for the whole matrix $\partial C/\partial w^l=\delta^l\,(a^{l-1})^{\mathsf T}$.
#
# **Proof.** Both $b^l_j$ and $w^l_{jk}$ enter the network at one place only, in
# $z^l_j=\sum_i w^l_{ji}\,a^{l-1}_i+b^l_j$. So each has a chain of a single path. For the bias
#
# $$\frac{\partial C}{\partial b^l_j}=\frac{\partial C}{\partial z^l_j}\,\frac{\partial z^l_j}{\partial b^l_j}
# =\delta^l_j\cdot 1,$$
#
# and for the weight only the term $i=k$ of the sum contains it:
#
# $$\frac{\partial C}{\partial w^l_{jk}}=\frac{\partial C}{\partial z^l_j}\,\frac{\partial z^l_j}{\partial w^l_{jk}}
# =\delta^l_j\,a^{l-1}_k. \qquad\blacksquare$$
#
# BP4 in words: *the answer where the weight comes from, times the error where it goes.* A column times a row gives
# the matrix of all such products.

# %%
found = {"w1": delta1 @ x.T, "b1": delta1, "w2": delta2 @ a1.T, "b2": delta2}
for name, gradient in found.items():
    print(
        f"dC/d{name} =", gradient.tolist(), "as measured:", np.allclose(gradient, measured[name], rtol=1e-8)
    )

# %% [markdown]
# Nine slopes from one sweep, and now exact. Two things can be read off the equations without any numbers:
#
# * where $a^{l-1}_k$ is near 0, the weights that leave neuron $k$ learn slowly, whatever the error;
# * where $\sigma'(z^l_j)$ is near 0, so is $\delta^l_j$, by BP1 and BP2, and everything that enters neuron $j$ learns
#   slowly: the neuron is *saturated*. (In the last layer another cost can make up for it: 6.11.)
#
# ## 6.7 Walk through it
#
# The same network, with every number in its place. Step to the end, then back again. Before each step of the way
# back, say which table comes next, and which shape it has. (The tables are turned as the book's are; the switch
# shows our rows, which come in 6.9.)

# %%
bp.MLPWalker()

# %% [markdown]
# ## 6.8 Break it on purpose: a transpose that nobody misses
#
# Leave out the transpose of BP2. With our $1\times2$ matrix Python protests, since the sizes do not meet:

# %%
try:
    w2 @ delta2
except ValueError as error:
    print(type(error).__name__, "for the shapes", w2.shape, "and", delta2.shape)

# %% [markdown]
# Real networks often have layers of equal size. Here the second layer gets a second neuron, so that its matrix is
# square. Every shape fits, and nothing protests:

# %%
w_square, b_square = np.array([[1.0, -3.0], [2.0, 0.5]]), np.array([[1.0], [-1.25]])
y_square = np.array([[0.0], [1.0]])


def cost_of_two(z1):
    return 0.5 * np.sum((sigmoid(w_square @ sigmoid(z1) + b_square) - y_square) ** 2)


z_last = w_square @ a1 + b_square
delta_last = (sigmoid(z_last) - y_square) * slope(z_last)
print("measured:          ", bp.numerical_gradient(cost_of_two, z1).ravel().round(5).tolist())
print("BP2:               ", ((w_square.T @ delta_last) * slope(z1)).ravel().tolist())
print("without the .T:    ", ((w_square @ delta_last) * slope(z1)).ravel().tolist())
print("slope at a1, not z1:", ((w_square.T @ delta_last) * slope(a1)).ravel().round(5).tolist())

# %% [markdown]
# The third line is a plausible vector of the right shape, and wrong in both entries, even in their signs. The fourth
# line is the other classic: the slope taken at $a$ where it belongs at $z$. It is a little too small in both entries,
# so the network would still learn, only not quite what you think. No shape betrays these two: **only a measurement
# does.** So compare with a numerical gradient, and test with layers of *unequal* sizes, where a missing transpose shows.
#
# ---
# > **A good place to stop.** All four equations are proved, and you have seen what a missing transpose does. When you come back: *Run → Run All Above Selected Cell*, and on with 6.9, the program.

# %% [markdown]
# ## 6.9 The algorithm, and our rows
#
# For one example $x$ with target $y$:
#
# 1. **Input.** Set $a^0=x$.
# 2. **Forward.** For $l=1,\dots,L$: $z^l=w^l a^{l-1}+b^l$ and $a^l=\sigma(z^l)$. Keep all of them.
# 3. **Error of the last layer.** BP1 gives $\delta^L$.
# 4. **Backward.** For $l=L-1,\dots,1$: BP2 gives $\delta^l$ from $\delta^{l+1}$.
# 5. **Output.** BP3 and BP4 give the gradients of every layer.
#
# This is Nielsen's program, in Python 3. Read it beside the five steps, and watch the negative indices: `-1` is the last layer, and `weights[-l + 1]` are the weights of the layer
# **after** `zs[-l]`.


# %%
def backprop(x, y, weights, biases):
    activations, zs = [x], []  # 1. input
    for l in range(len(weights)):  # 2. forward: everything is kept
        zs.append(weights[l] @ activations[-1] + biases[l])
        activations.append(sigmoid(zs[-1]))
    delta = (activations[-1] - y) * slope(zs[-1])  # 3. BP1, with the slope of our cost
    nabla_b, nabla_w = [delta], [delta @ activations[-2].T]  # 5. BP3 and BP4
    for l in range(2, len(weights) + 1):  # 4. BP2: l = 2 is the last hidden layer, counted from the end
        delta = (weights[-l + 1].T @ delta) * slope(zs[-l])
        nabla_b.insert(0, delta)
        nabla_w.insert(0, delta @ activations[-l - 1].T)
    return nabla_b, nabla_w


# %% [markdown]
# Our network in its hands:

# %%
nabla_b, nabla_w = backprop(x, y, [w1, w2], [b1, b2])
print("nabla_b:", [nabla.tolist() for nabla in nabla_b])
print("nabla_w:", [nabla.tolist() for nabla in nabla_w])

# %% [markdown]
# ### The translation card
#
# The rest of this course has samples in **rows**, and $N$ of them at once. Each formula is the transpose of the
# other:
#
# | | the book: columns, one example | ours: rows, $N$ examples |
# |---|---|---|
# | input | $x$: `(D, 1)` | $X$: `(N, D)` |
# | weights | $w$: `(n_out, n_in)`, $w_{jk}$ to $j$ from $k$ | $W=w^{\mathsf T}$: `(n_in, n_out)`, the same number at `W[k, j]` |
# | bias | $b$: `(n_out, 1)` | $b$: `(n_out,)`, repeated for each row |
# | forward | $z^l = w^l a^{l-1}+b^l$ | $Z^l = A^{l-1}W^l+b^l$ |
# | BP1 | $\delta^L=\nabla_a C\odot\sigma'(z^L)$ | $\Delta^L=\nabla_A C\odot\sigma'(Z^L)$ |
# | BP2 | $\delta^l=\big((w^{l+1})^{\mathsf T}\delta^{l+1}\big)\odot\sigma'(z^l)$ | $\Delta^l=\big(\Delta^{l+1}(W^{l+1})^{\mathsf T}\big)\odot\sigma'(Z^l)$ |
# | BP3 | $\partial C/\partial b^l=\delta^l$ | $\partial C/\partial b^l=$ the sum of the rows of $\Delta^l$ |
# | BP4 | $\partial C/\partial w^l=\delta^l(a^{l-1})^{\mathsf T}$ | $\partial C/\partial W^l=(A^{l-1})^{\mathsf T}\Delta^l$ |
#
# BP2 has a transposed matrix in both columns: transposing a product turns each factor **and** their order. And the
# sums over the examples have appeared by themselves, in BP3 and inside the matrix product of BP4.

# %%
rows = bp.nielsen.params_to_rows([b1, b2], [w1, w2])
X, Y = x.T, y.T
gradient = bp.nielsen.backprop(X, Y, rows)
for name in rows:
    print(f"{name} {rows[name].shape}: dC/d{name} =", gradient[name].tolist())
print("each is the book's, transposed:", np.array_equal(gradient["W1"], nabla_w[0].T))

# %% [markdown]
# **Self-check 4.** Write BP2 in rows. `delta_next` is `(N, n_next)`, `W_next` is `(n, n_next)`, `z` is `(N, n)`;
# `slope` from the top of the notebook may be used.


# %%
def back_one_layer(delta_next, W_next, z):
    raise NotImplementedError


check.back_one_layer(back_one_layer)

# %% [markdown]
# ## 6.10 A whole mini-batch
#
# Training does not look at one example but at a handful, a **mini-batch**, and takes the **mean** of their costs:
# $C=\frac1N\sum_x C_x$. So the gradient is the mean of the examples' gradients too. Four points, the classic task
# *exclusive or*, and a network with three hidden neurons:

# %%
X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([[0.0], [1.0], [1.0], [0.0]])
network = bp.nielsen.Network([2, 3, 1], np.random.default_rng(0))
params = bp.nielsen.params_to_rows(network.biases, network.weights)

pairs = zip(bp.nielsen.samples_to_columns(X), bp.nielsen.samples_to_columns(Y), strict=True)
one_by_one = [bp.nielsen.params_to_rows(*backprop(x, y, network.weights, network.biases)) for x, y in pairs]
at_once = bp.nielsen.backprop(X, Y, params)
for name in params:
    mean = sum(gradient[name] for gradient in one_by_one) / len(X)
    print(f"{name}: the mean over the examples is the matrix form:", np.allclose(mean, at_once[name]))

# %% [markdown]
# With the gradient comes a step: every parameter moves a little against its own, $w\to w-\eta\,\partial C/\partial w$.
# That is *gradient descent*, and $\eta$, in code `eta`, is the **learning rate**. When the gradient comes from a mini-batch that was drawn at random, one calls it **stochastic**
# gradient descent, **SGD** for short: each step follows the slope of a few examples, a little off from that of all. Here is a step that visits each example in turn, as
# Nielsen's `update_mini_batch` does, and one that has all of them in one matrix:

# %%
eta = 5.0
step = eta / len(X)  # by examples: the 1/N is here
in_turn = {name: params[name] - step * sum(gradient[name] for gradient in one_by_one) for name in params}
in_matrices = {name: params[name] - eta * at_once[name] for name in params}
print("the same step:", all(np.allclose(in_turn[name], in_matrices[name]) for name in params))

# %% [markdown]
# **Where is the $1/N$?** In the program by examples it is in the step, `eta / len(X)`. In the matrix form it
# is in $\Delta^L$, because the cost has it, and BP2, BP3 and BP4 carry it on without a word. It has to be in one
# place, and in no second one. What if it is forgotten, or there twice?

# %%
mean = at_once["b2"].item()
print(f"averaged {mean:.4f}, summed {mean * len(X):.4f}, averaged twice {mean / len(X):.4f}")

# %% [markdown]
# The direction is right in all three. The step is four times too long or four times too short, and your learning rate
# means something else whenever the mini-batch changes its size. **Summed is not averaged**, and no shape will tell
# you.
#
# And now it learns. One call is one step; all four examples go through in matrices:

# %%
costs = []
for _ in range(1001):
    answers = bp.nielsen.forward(X, params)["a2"]
    costs.append(np.sum((answers - Y) ** 2) / 2 / len(X))
    params = bp.nielsen.update_mini_batch(X, Y, params, eta=5.0)

for step in (0, 100, 500, 1000):
    print(f"step {step:4}: cost {costs[step]:.4f}")
print("answers:", answers.ravel().round(2).tolist(), " wanted:", Y.ravel().tolist())

# %% [markdown]
# No straight line parts the two kinds of points. The network has found two borders, and what lies between them is class 1:

# %%
bp.figures.boundary(lambda points: bp.nielsen.forward(points, params)["a2"][:, 0] > 0.5, X, Y[:, 0])

# %% [markdown]
# ## 6.11 A small error is not a small mistake
#
# "$\delta$ near 0 means that the neuron is near its optimum." This stands in many notes, and the story of the demon
# came close to it. It is half of the truth. Take a single neuron with $w=b=2$, input $x=1$, and $y=0$ wanted. Its
# answer, 0.98, is about as wrong as can be. Step through, and look at the gradient at `z`. Then move `b` up and down: where is
# $|\delta|$ largest, and where does the neuron err most?


# %%
def neuron(w, b, x, y):
    z = w * x + b
    a = bp.sigmoid(z)
    C = 0.5 * (a - y) ** 2
    return C


bp.Stepper(neuron, w=2.0, b=2.0, x=1.0, y=0.0, ranges={"b": (-6, 6, 0.1)})

# %% reveal [markdown]
# The neuron errs most at the right end of the slider, and there $|\delta|$ is nearly 0; it is largest in between, on the
# steep part of the sigmoid. For the quadratic cost sends its signal through $\sigma'$, and a saturated sigmoid lets next to
# nothing pass.

# %% [markdown]
# Another cost, the *cross-entropy* $C=-\big(y\ln a+(1-y)\ln(1-a)\big)$, has the slope
# $\frac{\partial C}{\partial a}=\frac{a-y}{a(1-a)}$, and its denominator is exactly $\sigma'(z)$. In BP1 the two
# cancel:
#
# $$\delta^L=\frac{a-y}{a(1-a)}\cdot\sigma'(z)=a-y .$$
#
# In numbers, for $w=b=2$:

# %%
z, wanted = np.array([[2.0 * 1.0 + 2.0]]), np.zeros((1, 1))
a = sigmoid(z)
small, large = (
    bp.nielsen.quadratic_delta(z, a, wanted).item(),
    bp.nielsen.cross_entropy_delta(z, a, wanted).item(),
)
print(f"a = {a.item():.3f}")
print(f"delta, quadratic cost: {small:.4f}")
print(f"delta, cross-entropy:  {large:.3f}, which is {large / small:.0f} times as much")

# %% [markdown]
# The mistake is the same, the errors are worlds apart. A small $\delta$ says that nudging $z$ *a little* changes
# little: perhaps because all is well, perhaps because the neuron is stuck.
#
# **Self-check 5.** The same neuron with $w=b=1$, and still $x=1$, $y=0$: its error with the quadratic cost, and with
# cross-entropy. (To three digits; $\sigma(2)\approx0.881$.)

# %%
quadratic = ...
cross_entropy = ...
check.saturated(quadratic, cross_entropy)

# %% [markdown]
# ## 6.12 What a backward pass costs
#
# Almost all the time goes into matrix products, so we count multiplications. For one example a matrix $w$ of
# $n\times m$ takes $nm$ of them each time it is used: once forward, once in BP4 (one product for each weight), and
# once in BP2. But BP2 stops at layer 1, because nobody asks for the error of the input.
#
# **Self-check 6.** A network with sizes 5 → 4 → 3. How many multiplications do the matrix products of the forward
# pass take, those of BP2, and those of BP4?

# %%
forward = ...
bp2 = ...
bp4 = ...
check.products(forward, bp2, bp4)

# %% [markdown]
# And for a network of the book's size, and for one with seven equal layers:

# %%
for what, sizes in (("784 → 30 → 10", [784, 30, 10]), ("seven layers of 100", [100] * 8)):
    count = bp.nielsen.multiplications(sizes)
    print(f"{what}: forward {count.forward}, BP2 {count.bp2}, BP4 {count.bp4} multiplications")
    print(f"    all together {count.times_forward:.2f} forward passes")
    print(f"    nudging each weight and bias: {2 * (count.forward + sum(sizes[1:]))} forward passes")

# %% [markdown]
# Forward **and** backward cost 2.01 forward passes in the first network, since its largest matrix has no BP2. With
# seven equal layers it is nearly 3.
#
# ### Why backwards?
#
# The chain rule is a product of matrices, and brackets may be put anywhere. From the loss on, each step is a *row
# times a matrix*. From the input on, it would be *matrix times matrix*, and the row comes last:

# %%
from_the_loss, from_the_input = bp.nielsen.chain_multiplications([784, 30, 10])
print(f"dC/dx from the loss: {from_the_loss}, from the input: {from_the_input} multiplications")
print(f"that is {from_the_input / from_the_loss:.1f} times as many")

# %% [markdown]
# The result is the same, the price is not. One loss and many inputs: begin at the loss. That is all that is meant by
# *reverse mode*.
#
# ## 6.13 Where the library does this
#
# The four equations in rows:

# %%
for equation in (bp.bp1, bp.bp2, bp.bp3, bp.bp4):
    print(f"{equation.__name__.upper()}: {inspect.getsource(equation).splitlines()[-1].strip()}")

# %% [markdown]
# And the two loops that string them together, for a whole mini-batch in matrices, without what they say about themselves. Find the five steps of 6.9 again, and the
# one place where $1/N$ comes in:

# %%
for function in (bp.nielsen.deltas, bp.nielsen.backprop):
    print(inspect.getsource(function).split('"""')[-1])

# %% [markdown]
# `bplib` has one engine, the graph, and it does not know these equations. It need not: name the nodes $z^1$ and $z^2$
# in a graph of the network, and the gradients that the sweep leaves there *are* the errors.


# %%
def network_cost(x, W1, b1, W2, b2):
    z1 = bp.apply(bp.affine, x, W1, b1, name="z1")
    a1 = bp.apply(bp.sigmoid, z1, name="a1")
    z2 = bp.apply(bp.affine, a1, W2, b2, name="z2")
    a2 = bp.apply(bp.sigmoid, z2, name="a2")
    return bp.apply(bp.quadratic_cost, a2, [[0.0]], name="C")


trace = bp.record(network_cost, x=[[1.0, 2.0]], **rows)
for l, delta in bp.nielsen.read_deltas(trace).items():
    print(f"delta{l} =", delta.tolist())

# %% [markdown]
# BP1 and BP2 are the sigmoid's and the affine gate's *upstream × local*, said with one name for two gates. BP3 and
# BP4 are what the affine gate sends to its other two inputs.
#
# ## Summary
#
# * $\delta^l_j=\partial C/\partial z^l_j$, the error of a neuron, is the gradient at the node $z^l_j$.
# * **BP1** starts at the last layer, **BP2** goes one layer back, through the transposed weights and the slope at
#   $z$.
# * **BP3** and **BP4** read the gradients off the errors: $\delta$ for the bias, *answer before × error behind* for a
#   weight.
# * The transpose in BP2 comes from the index that is summed over. Square matrices hide a missing one.
# * Columns or rows: each formula is the transpose of the other. In rows a mini-batch costs no loop.
# * $1/N$ belongs in one place. $\tfrac12$ cancels a 2. A small $\delta$ can mean a saturated neuron.
# * Forward and backward together cost between two and three forward passes.
#
# ## Exercises
#
# 1. *(pencil)* Give the second hidden neuron the bias 1 and work out both errors again. Check with
#    `nielsen.Network.backprop`.
# 2. *(proof)* Write BP2 and BP4 for a network in which neuron $j$ has an activation $\sigma_j$ of its own. What
#    changes?
# 3. *(find the slip)* A well-known note calls BP2 "swap the order and transpose the upstream". What is transposed,
#    and what would the shapes say with 2 neurons before 3?
# 4. *(code)* Start the network for exclusive or with 0.5 in every weight and every bias. Compare the columns of
#    $\partial C/\partial W^1$ over a few steps. What do the three hidden neurons have in common, and why can they
#    never part?
# 5. *(think)* Softmax in the last layer with the log-likelihood cost has $\delta^L=a-y$ too. Which line of the proof
#    of BP1 has to be changed, and what replaces it?
#
# **Next:** the assignment `ps06`, then lesson 7: a network with the full set of methods, its gradient check, and real
# digits.
#
# ## Sources
#
# In our own words, after: M. Nielsen, *Neural Networks and Deep Learning*, [ch. 2](http://neuralnetworksanddeeplearning.com/chap2.html) (the four equations, the demon, the
# program) and [ch. 3](http://neuralnetworksanddeeplearning.com/chap3.html) (cross-entropy); CS231n, [notes on backpropagation](https://cs231n.github.io/optimization-2/);
# C. Olah, [*Calculus on Computational Graphs*](https://colah.github.io/posts/2015-08-Backprop/) (forwards and backwards).
