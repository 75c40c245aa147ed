# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 · Many in, many out: the Jacobian that nobody forms
#
# **When you are done, you can**
#
# * say which of three kinds a derivative is, and which shape it has;
# * write down a small Jacobian by hand, and measure one by nudging;
# * send a signal back through a gate of vectors, $J^{\mathsf T}v$, and tell it from $J\,t$;
# * say how large a Jacobian would be, and get $J^{\mathsf T}v$ without it.
#
# **You need** lessons 1 and 2, and the product of a matrix and a vector (`A @ x`, `A.T`).
# **Time:** about 110 minutes with the self-checks, in three sittings: 3.1 to 3.3, 3.4, 3.5 to the end. Then comes the assignment `ps03`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.course.questions import vector_jacobians as check

# %% [markdown]
# ## 3.1 Four numbers through one gate
#
# A relu keeps what is positive and turns everything else into 0. Here it gets four numbers at once:

# %%
x = np.array([1.0, -2.0, 3.0, -1.0])
y = np.maximum(x, 0)
print("x", x)
print("y", y)

# %% [markdown]
# Somewhere behind the gate stands a loss. From there a signal comes back, and now it is a whole vector: **one number for
# each output**, how much the loss moves when that output moves. Say it is $(4, -1, 5, 9)$.
#
# **Predict, then run.** What does the relu send on to its four inputs? Put a list of four numbers in place of `None`.

# %%
upstream = np.array([4.0, -1.0, 5.0, 9.0])
guess = None
check.first_relu(guess)

# %% [markdown]
# To look, we need a loss that moves with the outputs in just this way. The simplest is
# $4y_0-y_1+5y_2+9y_3$. Nudge each input of the relu, and divide:


# %% reveal
def loss(x):
    return upstream @ np.maximum(x, 0)


h = 1e-5
for j, unit in enumerate(np.eye(4)):
    slope = (loss(x + h * unit) - loss(x - h * unit)) / (2 * h)
    print(f"∂loss/∂x[{j}] = {slope:.4f}")

# %% reveal [markdown]
# The signal goes back as it is where $x$ went through, and is stopped where $x$ was stopped. The largest number of all, 9,
# never arrives: a nudge of $x_3=-1$ does not move its output.
#
# It is $x$ that decides, and not the signal. The −1 stops here because of $x_1=-2$, and not because it is negative.

# %% [markdown]
# **Self-check 1.** The same gate at $x=(-3,\ 2,\ 0.5,\ -1)$, with upstream $(2,\ -4,\ 3,\ -6)$. What goes back?

# %%
back = ...
check.relu(back)

# %% [markdown]
# ### Break it on purpose: a rule that writes into its upstream
#
# Many books write the backward rule of relu in two lines. They give the right four numbers. Now let $x$ be used twice:
# $y=\operatorname{relu}(x)+x$. The gate + sends the same upstream to both of its sides, and at the fork (lesson 2) both
# answers are added.


# %% reveal
def relu_backward_of_the_book(upstream, x):
    upstream[x <= 0] = 0
    return upstream


def relu_backward(upstream, x):
    return np.where(x > 0, upstream, 0)


for rule in (relu_backward_of_the_book, relu_backward):
    signal = upstream.copy()  # what + sends to both of its sides
    through_relu = rule(signal, x)
    print(f"{rule.__name__:26}", through_relu, "+", signal, "=", through_relu + signal)

# %% [markdown]
# The first rule has blanked the signal that was still needed on the other side. No error, and two of four numbers are wrong.
# **A backward rule never writes into what it is given.**
#
# ## 3.2 Three kinds of derivative
#
# | from → to | for example | the derivative is | it has |
# |---|---|---|---|
# | number → number | $x\mapsto x^2$ | a number | one entry |
# | vector → number | weights ↦ loss | a **gradient** | an entry for each input, in the shape of the input |
# | vector → vector | a layer | a **Jacobian** | an entry for each *pair* of an output and an input |
#
# The gradient of $f$ is written $\nabla f$ ("nabla f"), and $\nabla_x f$ where it has to be said for which variable: all $\partial f/\partial x_j$, in the shape of $x$.
# For the Jacobian we write
#
# $$J_{ij}=\frac{\partial y_i}{\partial x_j}\qquad\text{rows are outputs, columns are inputs.}$$
#
# **Translation card: two layouts of a Jacobian.** Half of all texts write the same table the other way up.
#
# | | ours | the other layout (EECS 498-007, and others) |
# |---|---|---|
# | shape | outputs × inputs | inputs × outputs |
# | entry | $J_{ij}=\partial y_i/\partial x_j$ | $J_{ji}=\partial y_i/\partial x_j$ |
# | on the way back | $J^{\mathsf T}\cdot$ upstream | $J\cdot$ upstream |
# | two layers in a row | $J_2J_1$ | $J_1J_2$ |
#
# Each is the transpose of the other. Before you compare a formula, ask which layout its author has.
#
# Here are two numbers that go in and three that come out, $(a,b)\mapsto(ab,\ a+b,\ b^2)$, at $(2, 3)$. Nudging one input
# shows at once how far each output moves with it, which is a whole **column**:


# %%
def three(x):
    a, b = x
    return np.array([a * b, a + b, b**2])


point = np.array([2.0, 3.0])
columns = []
for unit in np.eye(2):
    columns.append((three(point + h * unit) - three(point - h * unit)) / (2 * h))
J = np.column_stack(columns).round(4)
print(J)

# %% [markdown]
# Read it by **rows** too. The first row belongs to $ab$: its slopes along $a$ and $b$ are $b=3$ and $a=2$. The second belongs to
# $a+b$: 1 and 1. The third to $b^2$: 0 and $2b=6$. Each row is the gradient of one output.
#
# So the three kinds are one. A loss has a single output, and its Jacobian a single row: that row is the gradient.
#
# A Jacobian foretells small movements. Move the inputs by a small $t$, and the outputs move by very nearly $J\,t$:

# %%
t = np.array([0.01, -0.02])
print("moved  ", (three(point + t) - three(point)).round(4))
print("J @ t  ", (J @ t).round(4))

# %% [markdown]
# **Self-check 2.** The function $(x_0,x_1,x_2)\mapsto(x_0x_1,\ x_1x_2)$ at $(2,\ 3,\ -1)$. Write its Jacobian as a list of rows. Use
# pencil and paper, not nudging.

# %%
jacobian_by_hand = ...
check.small_jacobian(jacobian_by_hand)

# %% [markdown]
# ## 3.3 Upstream × local, when local is a Jacobian
#
# The loss at the end of a network is **always one number**. So what comes back to a gate is a gradient: a vector $v$ with
# $v_i=\partial L/\partial y_i$, in the shape of the outputs. What must go on is the gradient in the shape of the inputs.
#
# Lesson 2 has told us how. An input that reaches several outputs is used several times: it stands at a **fork**. Each way from $x_j$
# to the loss brings upstream × local, $v_iJ_{ij}$, and at the fork the ways are added:
#
# $$\frac{\partial L}{\partial x_j}=\sum_i v_i\,J_{ij}
# \qquad\text{for all } j \text{ at once:}\qquad \text{downstream}=J^{\mathsf T}v .$$
#
# For three outputs the ways look like this. Along each line stands what the signal is multiplied by, on its way from the right to the left:

# %%
slopes = {("$x_j$", f"$y_{i}$"): f"$J_{{{i}j}}$" for i in (1, 2, 3)}
signals = {(f"$y_{i}$", "$L$"): f"$v_{i}$" for i in (1, 2, 3)}
bp.figures.network([["$x_j$"], ["$y_1$", "$y_2$", "$y_3$"], ["$L$"]], slopes | signals)

# %% [markdown]
# Let $v=(2,\,-1,\,0.5)$ arrive at `three`, and go the ways one by one:

# %%
v = np.array([2.0, -1.0, 0.5])
for j, name in enumerate("ab"):
    ways = [f"({v[i]:g})·{J[i, j]:g}" for i in range(3)]
    print(f"∂L/∂{name} = {' + '.join(ways)} = {v @ J[:, j]:.4f}")

print("J.T @ v    ", J.T @ v)
print("by nudging ", bp.numerical_gradient(lambda x: v @ three(x), point).round(4))

# %% [markdown]
# <details>
# <summary>Why it is true: the proof in full</summary>
#
# Let $L=\ell(y)$ with $y=f(x)$; let $f$ have slopes at $x$, and $\ell$ continuous ones near $y$. Raise $x_j$ by $h$; the outputs go from
# $y$ to $y+\Delta$, all at once. Let them go one after the other instead: $y^{(i)}$ is the point where the first $i$ of the $m$
# outputs have moved and the others have not, so that $y^{(0)}=y$ and $y^{(m)}=y+\Delta$. Counting outputs from 1, as mathematics does,
#
# $$\ell(y+\Delta)-\ell(y)=\sum_{i=1}^{m}\Big[\ell\big(y^{(i)}\big)-\ell\big(y^{(i-1)}\big)\Big].$$
#
# In each bracket a single output moves, by $\Delta_i$. By the mean value theorem the bracket is $\Delta_i$ times the slope
# $\partial\ell/\partial y_i$ at some point on that short way. Divide by $h$ and let $h\to0$. Then $\Delta_i/h\to\partial f_i/\partial x_j=J_{ij}$, and
# since all these points close in on $y$, each slope tends to $v_i$. What remains is $\sum_i v_iJ_{ij}$. ∎
#
# </details>
#
# With one output and one input this is *upstream × local = downstream*, as ever.
#
# ### Two products, and only one goes back
#
# | | lives at | asks | shape of the result |
# |---|---|---|---|
# | $J\,t$ | the inputs: $t$ is a movement of $x$ | how do the outputs move? | that of $y$ |
# | $J^{\mathsf T}v$ | the outputs: $v$ is a gradient for $y$ | how does the loss move with each input? | that of $x$ |
#
# The first goes forth, the second goes back. In libraries they are called `jvp` (Jacobian-vector product) and `vjp` (vector-Jacobian
# product: $J^{\mathsf T}v$ is the row $v^{\mathsf T}J$, written as a column). For `three` they cannot be mixed up: $v$ has 3 entries, and `J @ v` is an error.
# With as many outputs as inputs nothing protects you.
#
# ### Break it on purpose: J for Jᵀ
#
# The gate $(a,b)\mapsto(ab,\ a-2b)$ at $(2,3)$ has $J=\begin{pmatrix}3&2\\1&-2\end{pmatrix}$. Here is its backward rule with the product
# the wrong way round. Let upstream be $(1, 4)$:


# %%
class Two:
    def forward(self, x):
        a, b = x
        return np.array([a * b, a - 2 * b])

    def backward(self, upstream, out, x):
        a, b = x
        J = np.array([[b, a], [1, -2]])
        return J @ upstream


two, signal = Two(), np.array([1.0, 4.0])
print("this rule  ", two.backward(signal, two.forward(point), point))
print("by nudging ", bp.numerical_gradient(lambda x: signal @ two.forward(x), point).round(4))

# %%
bp.check_gate(Two, point)

# %% [markdown]
# The shape is right, the size is plausible, and both numbers are wrong. The check knows this mistake by name. Put `J.T` in its
# place and run the two cells again.
#
# **Self-check 3.** At its point a gate has $J=\begin{pmatrix}2&1\\-3&4\end{pmatrix}$. The signal $v=(5,-1)$ arrives from the loss: what goes
# `back` to the inputs? And if the inputs move along $t=(1,2)$, how do the outputs move, `forth`? By hand, please.

# %%
back = ...
forth = ...
check.two_products(back, forth)

# %% [markdown]
# ---
# > **A good place to stop.** You know three kinds of derivative, and what goes back through any gate: the transposed Jacobian times the signal. When you come back: *Run → Run All Above Selected Cell*, and on with 3.4, what Jacobians look like.

# %% [markdown]
# ## 3.4 What Jacobians look like
#
# ### Entry by entry: a diagonal
#
# In a relu, output $i$ looks at input $i$ and at nothing else. So $J_{ij}=0$ for $i\ne j$, and on the diagonal stand the local
# derivatives that you know, here zeros and ones:

# %%
J = bp.jacobian(bp.relu, x)
print(J)
print("J.T @ v          ", J.T @ upstream)
print("entry by entry   ", relu_backward(upstream, x))

# %% [markdown]
# Multiplying by a diagonal matrix is multiplying entry by entry. So for such a gate a plain × is enough, as it was in lessons 1 and 2,
# where each local derivative was a single number.
#
# Click on an input, an output and an entry of $J$ below, and change $v$. Then choose an output and press **v picks**: which part of $J$
# comes back?

# %%
bp.JacobianExplorer(bp.relu, x, upstream)

# %% [markdown]
# ### Softmax: full
#
# Is a Jacobian always a diagonal? The **softmax** turns scores into shares: $y_i=e^{x_i}/\sum_k e^{x_k}$. All are positive and their sum
# is 1. (What it is good for is the matter of lesson 5.)


# %%
def softmax(x):
    e = np.exp(x - x.max())  # a common factor cancels, and now no exponential is too large
    return e / e.sum()


shares = softmax(np.array([1.0, 2.0, 3.0]))
print("shares", shares.round(4), "sum", f"{shares.sum():.4f}")

# %% [markdown]
# **Predict:** the first score rises. What happens to the *second* share?

# %%
prediction = "..."

# %% reveal [markdown]
# It must fall, for the sum stays 1.

# %% [markdown]
# Each output depends on *every* input. With $S=\sum_k e^{x_k}$ the rule for quotients says
#
# $$\frac{\partial y_i}{\partial x_j}=\frac{[i=j]\,e^{x_i}\,S-e^{x_i}\,e^{x_j}}{S^2}
# =y_i\,\big([i=j]-y_j\big),$$
#
# where $[i=j]$ is 1 when $i$ and $j$ are the same and else 0: the $e^{x_i}$ above changes only with its own score, the $S$ below
# with all of them.

# %% reveal
J = shares[:, None] * (np.eye(3) - shares)
print(J.round(4))
print(f"J₁₁ = {J[0, 0]:.4f}, J₁₂ = {J[0, 1]:.4f}   (in code J[0, 0] and J[0, 1]: Python counts from 0)")
print("as nudging says:", np.allclose(J, bp.jacobian(bp.softmax, np.array([1.0, 2.0, 3.0]), by="numerical")))

# %% [markdown]
# No entry is 0. And yet backward needs no table of nine numbers:
#
# $$(J^{\mathsf T}v)_j=\sum_i v_i\,y_i\big([i=j]-y_j\big)=v_j\,y_j-y_j\sum_i v_i\,y_i
# =y_j\Big(v_j-\sum_i v_i\,y_i\Big).$$
#
# Take from $v$ its average, weighted by the shares, and multiply by the shares. One sum, whatever the number of classes:

# %% reveal
v = np.array([1.0, 0.0, 0.0])
print("J.T @ v           ", (J.T @ v).round(4))
print("without J         ", (shares * (v - v @ shares)).round(4))
print("diagonal, ×       ", (v * np.diag(J)).round(4), " wrong")

# %% [markdown]
# The last line is what "the Jacobian is diagonal" would send: the two other scores get nothing, though they take part in every
# share. And a warning about *this* example: the softmax's $J$ is its own transpose, so `J @ v` and `J.T @ v` are the same here. A
# test with softmax alone would never notice that you have mixed them up.

# %% reveal
bp.JacobianExplorer(bp.softmax, np.array([1.0, 2.0, 3.0]), v)

# %% [markdown]
# **Self-check 4.** A softmax has given the shares $(0.1,\ 0.3,\ 0.6)$. Counting from 0 as in code: what is `J[1, 1]` (`on`), what is
# `J[1, 2]` (`beside`), and what goes `back` (three numbers) when $v=(1,0,0)$ arrives?

# %%
on = ...
beside = ...
back = ...
check.softmax(on, beside, back)

# %% [markdown]
# ### A batch times a matrix: blocks
#
# Two samples of three numbers, as the rows of `X`, go through a matrix: $Y=XW$. To see a Jacobian as a matrix, the entries of $X$ are
# written in one line, row after row, and those of $Y$ too: $2\cdot2$ outputs and $2\cdot3$ inputs.

# %%
W = np.array([[2.0, -1.0], [0.0, 1.0], [1.0, 3.0]])
X = np.array([[1.0, 2.0, 0.0], [-1.0, 1.0, 3.0]])
J = bp.jacobian(lambda X: X @ W, X)
print("shape of J:", J.shape, "= shape of Y + shape of X")
print(bp.jacobian_structure(J, x_ndim=2))
print("the upper left block is W.T:", np.array_equal(J[0, :, 0, :], W.T))

# %%
bp.JacobianExplorer(lambda X: X @ W, X, np.array([[2.0, 1.0], [-1.0, 3.0]]))

# %% [markdown]
# A block for each sample, and zeros outside: **samples do not know of each other.** And the blocks are copies, $W^{\mathsf T}$ twice. All
# that is in this $J$ is in $W$ already. How $J^{\mathsf T}v$ follows from $W$ alone is the matter of lesson 4.
#
# ---
# > **A good place to stop.** Diagonal, full, blocks: three Jacobians, and none of them was needed. When you come back: *Run → Run All Above Selected Cell*, and on with 3.5, how large one would be.

# %% [markdown]
# ## 3.5 How large would it be?
#
# A layer in a real network has thousands of outputs. Take a relu on 4096 numbers, for a batch of 100 samples, in float32
# (4 bytes each).
#
# **Predict, then run.** How many GiB would its Jacobian take? (1 GiB is $1024^3$ bytes; you may round to three digits.)

# %%
guess = None
check.gibibytes(guess)

# %% reveal
float32 = np.float32
print("relu, one sample of 4096      ", bp.jacobian_size((4096,), (4096,), float32))
print("relu, a batch of 100          ", bp.jacobian_size((100, 4096), (100, 4096), float32))
print("y = x @ w, x (64, 4096):  ∂y/∂x ", bp.jacobian_size((64, 4096), (64, 4096), float32))
print("           w (4096, 4096): ∂y/∂w", bp.jacobian_size((64, 4096), (4096, 4096), float32))

# %% reveal [markdown]
# 625 GiB for the gate that does the least of all, and 16 TiB for one layer's weights. In the relu's $J$, one entry in 409 600 can be other than
# 0. The library refuses to form it (here in float64, 8 bytes a number, so twice as large):

# %% reveal
large = np.random.default_rng(0).normal(size=(100, 4096))
try:
    bp.jacobian(bp.relu, large)
except bp.GraphError as error:
    print(error)

# %% [markdown]
# And now the product with it:

# %%
signal = np.ones_like(large)
downstream = relu_backward(signal, large)
print(f"{downstream.size} numbers, {downstream.nbytes / 1024**2:.4f} MiB")

# %% [markdown]
# **Nobody forms J.** A backward rule is a piece of code that computes $J^{\mathsf T}v$ from $v$ and from what forward has kept. For this
# it may use everything it knows about $J$: that it is a diagonal, that its blocks are copies, that a single sum is enough.
#
# The order matters too. Two layers in a row have the Jacobian $J_2J_1$, and going back we want $(J_2J_1)^{\mathsf T}v=J_1^{\mathsf T}(J_2^{\mathsf T}v)$. Starting
# from $v$, there is never more than a vector under way. The other order comes to the same, at a price:

# %%
n = 4096
vectors_first, matrices_first = 2 * n * n, n**3 + n * n
print(f"J1.T @ (J2.T @ v)   {vectors_first:>12} multiplications")
print(f"(J2 @ J1).T @ v     {matrices_first:>12}, about {matrices_first / vectors_first:.0f} times as many")

# %% [markdown]
# Below each JacobianExplorer above there are two sliders, for the size of the batch and of the layer. Find out for which sizes $J$ would
# still fit on your computer.
#
# **Self-check 5.** A relu on a batch of 10 samples with 20 entries each, in float32. How many entries has $J$, how many of them can be
# other than 0, and how many bytes does $J$ take?

# %%
entries = ...
not_zero = ...
size_in_bytes = ...
check.sizes(entries, not_zero, size_in_bytes)

# %% [markdown]
# ## 3.6 A matrix and a vector: $f=\lVert Wx\rVert^2$
#
# Now all of it in one small graph. $q=Wx$, and $f=q_0^2+q_1^2$, the *squared* norm of $q$. (In this section $x$ is a single vector, with $W$ on its
# left. From lesson 4 on, samples are rows, with $W$ on their right.)


# %%
def squared_length(W, x):
    q = W @ x
    f = bp.squared_norm(q)
    return f


W = np.array([[0.1, 0.5], [-0.3, 0.8]])
x = np.array([0.2, 0.4])
trace = bp.record(squared_length, W=W, x=x)
q = trace.value["q"]
print("q", q, "  f", f"{trace.output:.4f}")

# %% [markdown]
# Go back, gate by gate, one element at a time.
#
# **The squared norm.** $\partial f/\partial q_i=2q_i$, so the signal at $q$ is $2q$.
#
# **To W.** $q_i=\sum_j W_{ij}x_j$. Which outputs does the single weight $W_{ij}$ reach? Only $q_i$, with the slope $x_j$. There is one way, and
#
# $$\frac{\partial f}{\partial W_{ij}}=2q_i\cdot x_j .$$
#
# All pairs of a number of one vector and a number of the other: `np.outer(2 * q, x)`, or $2q\,x^{\mathsf T}$. It has the shape of $W$.
#
# **To x.** Which outputs does $x_j$ reach? All of them, each $q_i$ with the slope $W_{ij}$. So there is a sum over the ways:
#
# $$\frac{\partial f}{\partial x_j}=\sum_i 2q_i\,W_{ij}=\big(W^{\mathsf T}\,2q\big)_j .$$
#
# The sum runs *down a column* of $W$, while $Wx$ runs along its rows. That is where the transpose comes from; and indeed, seen from $x$, $W$ is the
# Jacobian of $q$.

# %%
print("∇q ", (2 * q).round(4).tolist())
print("∇W ", np.outer(2 * q, x).round(4).tolist())
print("∇x ", (W.T @ (2 * q)).round(4).tolist())
for name in ("q", "W", "x"):
    print(f"the library's ∇{name}", trace.gradient[name].round(4).tolist())

# %% [markdown]
# Step through it. Before each backward step, say which *shape* comes next:

# %%
bp.Stepper(squared_length, W=W, x=x)

# %% [markdown]
# And seen from $W$? Four inputs, two outputs, with the weights in one line, row after row:

# %%
J = bp.jacobian(lambda W: W @ x, W).reshape(2, 4)
print(J)
print("J.T @ 2q, in the shape of W:", (J.T @ (2 * q)).reshape(2, 2).round(4).tolist())

# %% [markdown]
# Half of it is zeros, the other half is $x$ twice. `np.outer` gives the same product and never makes this table.
#
# ### Break it on purpose: the same letters, swapped
#
# "∇W is twice q times x transposed. For ∇x just put W in the place of x." It is tempting, and with some care for
# the shapes one arrives at $2\,Wq$:

# %%
print("W @ 2q    ", (W @ (2 * q)).round(4))
print("W.T @ 2q  ", (W.T @ (2 * q)).round(4))
print("by nudging", bp.numerical_gradient(lambda x: np.sum((W @ x) ** 2), x).round(4))

# %% [markdown]
# $(0.304,\ 0.284)$ looks as good as any. The shape is right, because $W$ is square. With 3 rows and 2 columns Python would have refused:

# %%
tall = np.array([[0.1, 0.5], [-0.3, 0.8], [0.7, 0.2]])
try:
    tall @ (2 * (tall @ x))
except ValueError as error:
    print("W @ 2q     raises a", type(error).__name__)
print("W.T @ 2q  ", (tall.T @ (2 * (tall @ x))).round(4))

# %% [markdown]
# Hence a rule for whoever tests: **make all sizes different.** A square matrix hides a missing transpose.
#
# **Self-check 6.** $W=\begin{pmatrix}2&1\\-1&3\end{pmatrix}$ and $x=(1,2)$. What are $\nabla_W f$ (a list of two rows) and $\nabla_x f$? Pencil and paper.

# %%
dW = ...
dx = ...
check.squared_length(dW, dx)

# %% [markdown]
# ## 3.7 One row, or one column, at a time
#
# If you do want all of a small $J$, sweeps will give it to you. With $v=(1,0,0)$ the loss *is* the first output, and what comes back is its
# gradient: the first **row**. In the same way a movement $t=(1,0)$ brings the first **column** forth.

# %%
rows = [bp.vjp(lambda x: bp.square(tall @ x), x, v) for v in np.eye(3)]
print("three sweeps back, a row each")
print(np.array(rows).round(4))

columns = [bp.jvp(lambda x: bp.square(tall @ x), x, t) for t in np.eye(2)]
print("two sweeps forth, a column each")
print(np.array(columns).T.round(4))

# %% [markdown]
# | all of $J$, $m$ outputs and $n$ inputs | costs |
# |---|---|
# | backward sweeps | $m$, one for each row |
# | forward sweeps | $n$, one for each column |
# | nudging | $2n$ runs of the function, and rounding |
#
# A loss has $m=1$. A single sweep back brings the only row there is, be there three weights or a billion. This is the bargain that
# training lives on, and it holds *because* the loss is one number.
#
# ## 3.8 Where the library does this
#
# `Elementwise.backward` of lesson 1 multiplies by a diagonal. Here are the two other kinds, the softmax and its single sum,

# %%
print(inspect.getsource(bp.gates.Softmax.backward))

# %% [markdown]
# and the last line of the matrix product (what stands above it is for vectors, which have an axis less). $XW$ is `A @ B`, `swapaxes(-1, -2)`
# is `.T` for a whole stack of matrices, and `like` gives a gradient the shape of its variable:

# %%
print(inspect.getsource(bp.gates.Matmul.backward).splitlines()[-1])

# %% [markdown]
# This is how `bp.jacobian` collects rows, one backward sweep for each:

# %%
print(inspect.getsource(bp.graph.jacobians._rows))

# %% [markdown]
# ## Summary
#
# * Number → number: a derivative. Vector → number: a gradient, in the shape of its variable. Vector → vector: a Jacobian, $J_{ij}=\partial y_i/\partial x_j$.
# * **downstream = $J^{\mathsf T}$ upstream**: over all outputs, upstream × local is added up. $J\,t$ goes the other way.
# * Entry by entry: a diagonal. A batch times a matrix: equal blocks. Softmax: full.
# * A Jacobian has outputs × inputs entries, and a backward rule gets along without. It writes into nothing that it is given.
# * $\lVert Wx\rVert^2$: $\nabla_W=2q\,x^{\mathsf T}$ and $\nabla_x=2W^{\mathsf T}q$. Test with unequal sizes.
# * One sweep back is one row of $J$. A loss has one row.
#
# ## Exercises
#
# 1. *(pencil)* $(a,b,c)\mapsto(a+b,\ bc)$ at $(1,2,3)$, with $v=(10,1)$ arriving. Write $J$, then $J^{\mathsf T}v$. Which input stands at a fork?
# 2. *(find the slip)* A slide says: "$f(q)=\sum_i q_i^2$, the L2 norm, with the gradient $2q$." Which word is wrong? What is the gradient of the real L2 norm,
#    $\sqrt{\sum_i q_i^2}$? Ask `bp.grad(bp.norm)`.
# 3. *(find the slip)* A note says: "The Jacobian of a layer is diagonal, so backprop multiplies entry by entry." For which layers of this
#    lesson is it true, and what is missing in the sentence?
# 4. *(find the slip)* A program keeps `mask = x <= 0` for its relu, with the comment "True where the signal passes". What is True there, and what does
#    `dout[mask] = 0` do with it?
# 5. *(code)* Replace relu by *sorting*: `np.sort(x)` at $x=(3,1,2)$. Find $J$ with the loop of 3.2. What does the backward rule do, in words?
# 6. *(code)* The mean of a batch, $y_j=\frac1N\sum_n X_{nj}$. What does its $J$ look like, and what is $J^{\mathsf T}v$ without it?
# 7. *(think)* The rows of the softmax's Jacobian add up to 0, and so do the columns. One of the two says that adding 5 to all scores changes
#    nothing, the other that the shares keep their sum. Which is which?
#
# **Next:** the assignment `ps03`, then lesson 4: matrices, one element at a time.
#
# ## Sources
#
# In our own words, after: CS231n, lecture 4 and the [notes on vector derivatives](https://cs231n.stanford.edu/handouts/derivatives.pdf) (three kinds, the relu of
# four numbers, $\lVert Wx\rVert^2$, sizes); [EECS 498-007](https://web.eecs.umich.edu/~justincj/teaching/eecs498/), lecture 6 (vectors and matrices, what never
# gets formed); K. Saitoh, [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/), ch. 5 (relu as a mask); I. Goodfellow, Y. Bengio, A.
# Courville, [*Deep Learning*](https://www.deeplearningbook.org/contents/mlp.html), ch. 6.5 (Jacobian-vector products, the order of the product).
