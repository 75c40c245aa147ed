# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4 · Matrices, one element at a time
#
# **When you are done, you can**
#
# * find the gradient of a matrix product by following a single number, and prove the two formulas that everybody uses;
# * write the backward pass of an affine layer, $Y = XW + b$, for one sample and for a batch;
# * say why the gradient of a bias is a *sum over the batch*, and undo any other broadcast;
# * test a backward rule so that square matrices, zeros and lucky entries cannot fool you.
#
# **You need** lessons 1 to 3: upstream × local = downstream, gradients that add up at a fork, and $J^{\mathsf T}v$ without $J$.
# **Time:** about 90 minutes with the self-checks, in three sittings: 4.1 to 4.3, 4.4 to 4.6, 4.7 to the end. Then comes the assignment `ps04`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.course.questions import affine_batch as check

# %% [markdown]
# ## 4.1 Two samples, three numbers each
#
# A layer of a network takes each sample, a row of numbers, and makes a new row from it. Here are two samples with
# three numbers each, in the rows of `X`, and the layer's weights `W`. Each column of `W` makes one number of the
# new row, so that three numbers become four:

# %%
X = np.array([[2.0, 1.0, -3.0], [-3.0, 4.0, 2.0]])
W = np.array([[3.0, 2.0, 1.0, -1.0], [2.0, 1.0, 3.0, 2.0], [3.0, 2.0, 1.0, -2.0]])
Y = X @ W
print(Y)
print("shapes:", X.shape, "@", W.shape, "->", Y.shape)

# %% [markdown]
# The top left number is row 0 of `X` times column 0 of `W`: $2\cdot3+1\cdot2+(-3)\cdot3=-1$. Convince yourself of one more.
# (It is worth it: a well-known lecture slide prints another `Y` under this very example. How much of it is right?)

# %% reveal
slide = np.array([[13, 9, -2, -6], [5, 2, 17, 1]])
print(f"{np.sum(slide == Y)} of {Y.size} entries of the slide agree")

# %% [markdown]
# Behind `Y` there is more network, and at its end a loss $L$. All that we know of it is the upstream signal that it has sent
# back: one number for each entry of `Y`, $\partial L/\partial Y$. We call it `dY`.

# %%
dY = np.array([[2.0, 3.0, -3.0, 9.0], [-8.0, 1.0, 4.0, 6.0]])
print("upstream:", dY.shape, "the shape of Y")

# %% [markdown]
# The task: `dX` and `dW`, in the shapes of `X` and `W`. Each has a formula of one line, and you may have seen it. We do
# not start from there. We start from one number.
#
# **Predict, then run.** We nudge `X[0, 0]` and nothing else. How many of the eight entries of `Y` move?

# %%
guess = None
check.entries_reached(guess)

# %% [markdown]
# ## 4.2 One entry of X
#
# Let us look. A matrix product is linear, so a nudge of 1 tells as much as a tiny one:

# %% reveal
nudged = X.copy()
nudged[0, 0] += 1
local = nudged @ W - Y
print(local)

# %% reveal [markdown]
# Row 0 moves, and it moves by 3, 2, 1, −1: that is row 0 of `W`, the numbers that $X_{00}$ is multiplied with. Row 1 belongs to the
# other sample, which does not contain $X_{00}$: zeros. This table, in the shape of `Y`, is the **slice**
# $\partial Y/\partial X_{00}$. It is the whole local derivative of *one* input entry. (Lesson 3 would call it a column of the Jacobian,
# folded into the shape of `Y`. All 6 slices together are the 8 × 6 Jacobian, which nobody needs.)
#
# Now the chain rule. $X_{00}$ reaches the loss through four entries of `Y`, and at a fork gradients add up: multiply each
# upstream with its local derivative, and add.

# %% reveal
print("dY * slice:")
print(dY * local + 0.0)  # the + 0.0 makes 0 of -0
print(f"dL/dX[0, 0] = {np.sum(dY * local):.2f}")

# %% reveal [markdown]
# $6+6-3-9=0$. A gradient of exactly 0 where nothing is zero: the four pushes happen to cancel. Remember this number; it
# will play a trick on us in 4.4.

# %% [markdown]
# Another entry, the last one:

# %% reveal
nudged = X.copy()
nudged[1, 2] += 1
local = nudged @ W - Y
print(local)
print(f"dL/dX[1, 2] = {np.sum(dY * local):.2f}")

# %% reveal [markdown]
# $X_{12}$ meets row 2 of `W`, and it lands in row 1 of `Y`. It is the *other row* that is zero, not a column. (Books count from 1
# and call this entry $X_{23}$; the first one they call $X_{11}$. Code counts from 0, and so do our formulas here.)

# %% [markdown]
# **Self-check 1.** By hand, for $X_{01}$, whose value is 1: its slice, a list of two lists with four numbers each, and then
# $\partial L/\partial X_{01}$.

# %%
slice_of_X01 = ...
dX01 = ...
check.one_entry(slice_of_X01, dX01)

# %% [markdown]
# ## 4.3 All entries at once
#
# What we have done for three entries can be said for all of them. An entry of `Y` is a sum,
#
# $$Y_{ij}=\sum_k X_{ik}\,W_{kj}.$$
#
# Nudge one $X_{ik}$. It stands only in row $i$ of $Y$, and there it is multiplied by $W_{kj}$. With a letter of its own for
# the row of $Y$ we look at:
#
# $$\frac{\partial Y_{mj}}{\partial X_{ik}}=\begin{cases}W_{kj}&\text{if } m=i\\ 0&\text{otherwise}\end{cases}$$
#
# That is the slice. The chain rule adds over all entries of $Y$, and the zeros leave one row of them:
#
# $$\frac{\partial L}{\partial X_{ik}}=\sum_{m,j}\frac{\partial L}{\partial Y_{mj}}\,\frac{\partial Y_{mj}}{\partial X_{ik}}
# =\sum_{j}\frac{\partial L}{\partial Y_{ij}}\,W_{kj}.$$
#
# Here is the point where the transpose comes from. A matrix product sums over the *second* index of its first factor and
# the *first* index of its second factor. But $j$ is the second index of both. So $W$ has to be turned,
# $W_{kj}=(W^{\mathsf T})_{jk}$, and then it is a product:
#
# $$\boxed{\;\frac{\partial L}{\partial X}=\frac{\partial L}{\partial Y}\,W^{\mathsf T}\;}$$
#
# Now a weight. $W_{kj}$ stands only in *column* $j$ of $Y$, once for each sample $i$, and there it is multiplied by $X_{ik}$.
#
# **Self-check 2.** Before there is a formula: work out $\partial L/\partial W_{12}$, that is `dW[1, 2]`. Column 1 of `X` is 1, 4 and
# column 2 of `dY` is −3, 4.

# %%
dW12 = ...
check.one_weight(dW12)

# %% [markdown]
# In letters: $\partial Y_{im}/\partial W_{kj}$ is $X_{ik}$ if $m=j$, and 0 otherwise, so
#
# $$\frac{\partial L}{\partial W_{kj}}=\sum_{i,m}\frac{\partial L}{\partial Y_{im}}\,\frac{\partial Y_{im}}{\partial W_{kj}}
# =\sum_i X_{ik}\,\frac{\partial L}{\partial Y_{ij}}.$$
#
# This time the sum runs over $i$, the *first* index of both. The first factor has to be turned, $X_{ik}=(X^{\mathsf T})_{ki}$:
#
# $$\boxed{\;\frac{\partial L}{\partial W}=X^{\mathsf T}\,\frac{\partial L}{\partial Y}\;}$$
#
# The index over which we sum is the **sample**. A weight is shared by all samples, each of them sends something back, and the
# matrix product adds it up without a word. Keep this in mind until 4.7. And now in code:

# %% reveal
dX = dY @ W.T
dW = X.T @ dY
print("dX =")
print(dX)
print("dW =")
print(dW)

# %% reveal [markdown]
# There are the 0, the 16 and the −30, and the 13.

# %% [markdown]
# Does nudging agree? It needs a loss that is a single number. Any upstream can be
# had from the simple loss $L=\sum_{ij} s_{ij}\,Y_{ij}$ with fixed numbers $s$: its gradient at $Y$ *is* $s$. So we take
# $s$ to be `dY`.

# %%
measured = bp.numerical_gradient(lambda X, W: np.sum(dY * (X @ W)), (X, W))
for name, formula, nudging in (("dX", dX, measured[0]), ("dW", dW, measured[1])):
    print(f"{name}: largest difference below 1e-6: {np.abs(formula - nudging).max() < 1e-6}")

# %% [markdown]
# > **Each side gets the upstream times the *other* operand, transposed, and the order stays:** what stood on the right
# > stays on the right, what stood on the left stays on the left.
#
# It is the swap multiplier of lesson 2, grown up. For $1\times1$ matrices it says $dX = dY\cdot W$ and $dW = X\cdot dY$.
#
# Choose an entry in the widget and see its slice, the part of `dY` it meets, and the sum. Look at a few entries of `dX`, then
# of `dW`. Where do the zeros of the slice lie for a weight? Then take the second sample away.

# %% reveal
bp.MatrixBackprop(X, W, dY)

# %% [markdown]
# ---
# > **A good place to stop.** You have proved both formulas from a single number. When you come back: *Run → Run All Above Selected Cell*, and on with 4.4, what shapes can tell and what they cannot.

# %% [markdown]
# ## 4.4 Shapes that lead the way
#
# You need not remember the boxes. A gradient has the shape of its variable, and that leaves little choice. `dX` has to be `(2, 3)`. It is
# made of `dY` `(2, 4)` and `W` `(3, 4)`. There is one product of the two, turned or not, in either order, that has this shape:


# %%
def both_orders(dY, W):
    """The factors of all eight products, by name."""
    return {
        "dY @ W": (dY, W),
        "dY @ W.T": (dY, W.T),
        "dY.T @ W": (dY.T, W),
        "dY.T @ W.T": (dY.T, W.T),
        "W @ dY": (W, dY),
        "W @ dY.T": (W, dY.T),
        "W.T @ dY": (W.T, dY),
        "W.T @ dY.T": (W.T, dY.T),
    }


for name, (left, right) in both_orders(dY, W).items():
    fits = left.shape[1] == right.shape[0]
    print(f"{name:10}  {left.shape} @ {right.shape} ", (left @ right).shape if fits else "does not fit")

# %% [markdown]
# `W @ dY.T` fits as well, and is `(3, 2)`: the right numbers, lying on their side. So "swap the order and transpose the upstream", as
# some notes have it, is not the rule. It gives the transposed gradient. It is the *other operand* that is transposed.
#
# ### Break it on purpose: three ways to be fooled
#
# Shapes are a good memory aid. They are no proof, and here is what they cannot see. Let everything be 3 × 3:

# %%
rng = np.random.default_rng(4)
xs, ws, signals = rng.normal(size=(3, 3, 3))
truth = bp.numerical_gradient(lambda X: np.sum(signals * (X @ ws)), xs)

candidates = {name: left @ right for name, (left, right) in both_orders(signals, ws).items()}
for name, candidate in candidates.items():
    print(f"{name:10}  shape {candidate.shape}  right: {np.allclose(candidate, truth)}")

# %% [markdown]
# Eight products, all of the right shape, all without an error message, one of them right. Hidden layers *are* often square. So
# **test with sizes that are all different**, and with numbers, not with shapes alone.
#
# The second trap is testing a single entry. Suppose that you forgot to write the rule, and check the first entry of
# our example by hand:

# %%
forgotten = np.zeros_like(X)
print("yours:", forgotten[0, 0], " by hand:", dX[0, 0], " agrees:", forgotten[0, 0] == dX[0, 0])
print("all entries agree:", np.allclose(forgotten, dX))

# %% [markdown]
# The third trap is an upstream of ones. Then $\partial L/\partial Y$ has dropped out, and a rule that ignores it passes:


# %%
class IgnoresUpstream:
    def forward(self, X, W):
        return X @ W

    def backward(self, upstream, out, X, W):
        ones = np.ones_like(upstream)
        return ones @ W.T, X.T @ ones


ones = np.ones((2, 4))
got, _ = IgnoresUpstream().backward(ones, Y, X, W)
nudging = bp.numerical_gradient(lambda X: np.sum(ones * (X @ W)), X)
print("with an upstream of ones it looks right:", np.allclose(got, nudging))
print(bp.check_gate(IgnoresUpstream(), X, W))

# %% [markdown]
# `bp.check_gate` draws its upstream at random, compares every entry, and looks for the mistake that would explain the difference. The
# sizes are yours to choose: unequal, and larger than 1.
#
# ## 4.5 One sample, and a bias
#
# An **affine** layer also adds a number to each of its outputs, the **bias**: $y = xW+b$. (The word is geometry's: a linear map leaves 0 where it is, an affine one may
# also shift everything. So the product alone is *linear*; with the bias it is affine.) Begin with one sample, as a 1-D array: small letters are vectors, capital
# letters matrices.

# %%
one, W, b = np.array([1.0, 2.0]), np.array([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]), np.array([0.1, 0.2, 0.3])
out = one @ W + b
print(f"{one.shape} @ {W.shape} + {b.shape} -> {out.shape}:", out.round(4))

# %% [markdown]
# Let the upstream be (1, 2, 3). What comes back?
#
# * **To the bias:** each $b_j$ is added to $y_j$ and nothing else. The + distributes: $db=dy$.
# * **To the sample:** $dx=dy\,W^{\mathsf T}$, as before.
# * **To the weights:** $W_{kj}$ multiplies $x_k$ and lands in $y_j$. So $dW_{kj}=x_k\,dy_j$: every pair of an input and a signal.
#   That is the *outer product*.
#
# And the box, $dW = x^{\mathsf T}dy$? Try it:

# %%
signal = np.array([1.0, 2.0, 3.0])
try:
    np.dot(one.T, signal)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# `.T` exchanges rows and columns, and a 1-D array has neither: `one.T` is just `one`. (With as many inputs as outputs it would be worse: no
# error, and a single number.) Two ways out, the same result. Ask for all pairs, or give the sample a row of its own:

# %%
print(np.outer(one, signal))
print(one[None, :].T @ signal[None, :])
print("dx =", (signal @ W.T).round(4))

# %% [markdown]
# ## 4.6 A batch
#
# Now two samples in the rows of $X$. `numpy` adds the same bias to each row:

# %%
X = np.array([[1.0, 2.0], [3.0, -1.0]])
Y = X @ W + b
print(Y.round(4))

# %% [markdown]
# and the upstream has a row for each sample:
#
# $$dY=\begin{pmatrix}1&2&3\\4&5&6\end{pmatrix}$$
#
# **Self-check 3.** What is `db`? Before you answer: nudge $b_0$ in your mind. What moves? (A list of numbers.)

# %%
db = ...
check.bias(db)

# %% [markdown]
# The picture shows where the answer comes from. As the library draws it with every detail, the bias first goes through a gate that
# **repeats** it for each row. (The loss is the stand-in of 4.3, with $dY$ for its fixed numbers $s$.) An array is drawn as a small grid, with its
# shape above it. Here the way back has been walked to its end. What has arrived at the repeat gate, and what has left it? (Click on a gate
# to read what it has sent back, and how.)

# %% reveal
dY = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def batch_loss(X, W, b, s):
    product = X @ W
    Y = product + b
    L = bp.gates.Sum()(s * Y)
    return L


bp.Stepper(batch_loss, detail="copies", step=-1, X=X, W=W, b=b, s=dY)

# %% reveal [markdown]
# Six numbers arrive, in two rows; three leave, 5, 7 and 9: each column has become one sum.

# %% [markdown]
# The same by nudging the bias:

# %% answer
measured = bp.numerical_gradient(lambda b: np.sum(dY * (X @ W + b)), b)
print("db =", measured.round(4), " (measured)")
print("dY.sum(axis=0) =", dY.sum(axis=0))
print("dY.sum(axis=1) =", dY.sum(axis=1), " (the other axis)")

# %% reveal [markdown]
# $db=(5,7,9)$: the sum of the rows, `dY.sum(axis=0)`. Three reasons, and you may pick the one you like best.
#
# * **By nudging.** Raise $b_0$ by a little. $Y_{00}$ rises by as much and $Y_{10}$ too, and nothing else moves. The loss
#   feels both: $1+4=5$.
# * **By gates.** The bias is *repeated* for each row. Copies on the way forward are a sum on the way back (lesson 2).
# * **By matrices.** Write $\mathbf 1$ for a column of $N$ ones. Then $Y=XW+\mathbf 1\,b$ with $b$ as one row, and this is a matrix
#   product. By the second box $db=\mathbf 1^{\mathsf T}dY$, and a row of ones times $dY$ adds its rows.
#
# In general, for $N$ samples, from $Y_{ij}=\sum_k X_{ik}W_{kj}+b_j$: the entry $b_j$ stands in column $j$ of every row, with the factor 1, so
#
# $$\frac{\partial L}{\partial b_j}=\sum_{i}\frac{\partial L}{\partial Y_{ij}}.$$
#
# ---
# > **A good place to stop.** All three gradients of the affine layer are yours. When you come back: *Run → Run All Above Selected Cell*, and on with 4.7, why two of them are sums.

# %% [markdown]
# ## 4.7 What is summed over the batch, and what is not
#
# Put side by side, the three gradients of the layer are
#
# $$dX=dY\,W^{\mathsf T},\qquad dW=X^{\mathsf T}dY,\qquad db=\sum_{\text{rows}}dY .$$
#
# Each sample has a row of $X$ to itself, and so $dX$ keeps a row for each. $W$ and $b$ are **shared**: their gradients are sums over the
# samples. For $W$ you do not see it, because the sum hides in the product. Here it is in the open:

# %%
outer_products = [np.outer(X[n], dY[n]) for n in range(len(X))]
print("sum of the samples' outer products:", sum(outer_products).tolist())
print("X.T @ dY:                          ", (X.T @ dY).tolist())

# %% [markdown]
# A sum, not a mean. You will often hear that the gradient of a batch is the *mean* of the samples' gradients. It is, when the
# **loss** is a mean: then each entry of $dY$ carries a factor $1/N$ already, and the sums take it along. The $1/N$ lives in the loss and
# nowhere else. A layer that divides once more makes the steps of training $N$ times too small, and no error tells you.
#
# **Self-check 4.** Write the backward pass of the layer. It returns a tuple `dX, dW, db`. The check tries two cases: one in which all sizes are
# equal, which is good for naming a mistake, and one in which none are, which no wrong product survives.


# %%
def affine_backward(dY, X, W):
    raise NotImplementedError


check.affine_backward(affine_backward)

# %% [markdown]
# Here is the whole layer in the widget, with its bias. Compare the slice of a weight with the slice of a bias, and change the number of
# samples: which gradients change, and which only lose a row?

# %%
bp.MatrixBackprop(X, W, dY, b)

# %% [markdown]
# ## 4.8 Broadcasting: every stretch comes back as a sum
#
# The bias is the most common case of something general. Whenever numpy combines two shapes it **broadcasts**: it aligns them at
# the right, adds axes that are missing, and repeats along every axis of length 1, until both are alike.
#
# $$\begin{array}{rccc}y&2&3&4\\ x&&3&1\end{array}$$
#
# If `x` is `(3, 1)` and `y` is `(2, 3, 4)`, axis 0 of `y` is **new**, and axis 2 was **stretched** from 1 to 4. Axis 1 stayed as it was. The
# rule is the one for the bias. Every entry of $y$ *is* an entry of $x$, with the local derivative 1, and so
#
# $$\frac{\partial L}{\partial x_k}=\sum_{\text{all places where } x_k \text{ stands}}\frac{\partial L}{\partial y_{\text{place}}}.$$
#
# > **Broadcasting's backward: sum over every axis that is new or was stretched, and return to the shape of `x`.**
#
# **Self-check 5.** `x` of shape `(2, 1, 3)` is broadcast to `(5, 1, 2, 4, 3)`. Over which of the five axes (counted from 0) is the
# upstream summed? And how many numbers of the upstream are added up in each entry of `dx`?

# %%
axes = ...
repeats = ...
check.broadcast(axes, repeats)

# %% [markdown]
# When you have your own answer, compare. In two moves: the new axes go, the stretched one stays with length 1.

# %% answer
upstream = np.ones((5, 1, 2, 4, 3))
without_new_axes = upstream.sum(axis=(0, 1))
back = without_new_axes.sum(axis=1, keepdims=True)
print(upstream.shape, "->", without_new_axes.shape, "->", back.shape)
print("numbers in each sum:", np.unique(back))

# %% [markdown]
# The same by the library's repeat gate, with random signals, and by nudging:

# %%
upstream = rng.normal(size=(5, 1, 2, 4, 3))
small = rng.normal(size=(2, 1, 3))
(back,) = bp.gates.Repeat(upstream.shape).backward(upstream, np.broadcast_to(small, upstream.shape), small)
nudged = bp.numerical_gradient(lambda small: np.sum(upstream * small), small)
print("shape:", back.shape, " agrees with nudging:", np.allclose(back, nudged))

# %% [markdown]
# Broadcasting is convenient, and it never asks. A bias that was meant as one number for each *sample*, or that arrived with the wrong
# shape, is stretched without a word when the sizes happen to be equal:

# %%
scores, per_feature = np.zeros((3, 3)), np.array([1.0, 2.0, 3.0])
print("(3, 3) + (3,):  ", (scores + per_feature).tolist())
print("(3, 3) + (3, 1):", (scores + per_feature[:, None]).tolist())

# %% [markdown]
# Which is one more reason to test with unequal sizes, and to insist that a gradient has the shape of its variable: `(M,)`, and not the
# `(1, M)` that `keepdims=True` would give. A step of training with such a `db` leaves the bias with an axis too many, and nobody complains:

# %%
kept = dY.sum(axis=0, keepdims=True)
print("b", b.shape, "- 0.1 * db", kept.shape, "->", (b - 0.1 * kept).shape)

# %% [markdown]
# (`b -= 0.1 * db`, in place, would have raised an error: there the shape of `b` cannot change.)
#
# ## 4.9 Where the library does this
#
# You have just derived these lines: the two boxes (`swapaxes(-1, -2)` is `.T` for a whole stack of matrices; the lines that are left out treat 1-D arrays), and the
# repeat gate, through which the bias goes when you ask for the details:

# %%
print(inspect.getsource(bp.gates.Matmul.backward).splitlines()[-1].strip())
print(inspect.getsource(bp.gates.Repeat.backward).splitlines()[-1].strip())

# %% [markdown]
# Both call `like`, which does the sum of 4.8 and gives a gradient the shape of its variable. You will write it yourself in
# `ps04`; afterwards, compare yours with the one in `bplib/values.py`.
#
# As the books write it, a layer is an object that remembers its input. `bp.Affine` also takes samples of any shape, such as images
# `(N, channels, height, width)`: it lays each of them out as one row, and `dx` comes back in the shape of `x`.

# %%
images = rng.normal(size=(2, 3, 4, 5))
layer = bp.Affine(rng.normal(size=(60, 7)), np.zeros(7))
scores = layer.forward(images)
d_images = layer.backward(np.ones((2, 7)))
print("forward ", images.shape, "->", scores.shape)
print("backward", scores.shape, "->", d_images.shape, "and", {n: g.shape for n, g in layer.grads.items()})

# %% [markdown]
# Your own rule goes through the same check as everybody's. Write `Double` wrongly (leave out the transpose, average the bias, add
# `keepdims=True`) and read what it says:
#
# <details>
# <summary>What you should see</summary>
#
# Without the transpose nothing is compared at all: the sizes do not meet, and the card says which. A bias that is averaged is named, *averaged instead of summed*; here, with
# two samples, that is half of what it should be. And with `keepdims=True` the numbers are right and the shape is not.
#
# </details>


# %%
class Double:
    """An affine layer, and then everything twice."""

    def forward(self, x, W, b):
        return 2 * (x @ W + b)

    def backward(self, upstream, out, x, W, b):
        return 2 * upstream @ W.T, 2 * x.T @ upstream, 2 * upstream.sum(axis=0)


bp.check_gate(Double(), rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=4))

# %% [markdown]
# ## Summary
#
# * Follow one number: the slice $\partial y/\partial x_{ik}$ says how all of $y$ moves with it. Upstream × slice, added up, is its gradient.
# * $dX=dY\,W^{\mathsf T}$ and $dW=X^{\mathsf T}dY$: the *other* operand, transposed, and each stays on its side.
# * The transpose comes from the index that is summed over. Shapes remind you of it, and square matrices do not.
# * For a 1-D sample $dW$ is the outer product.
# * $W$ and $b$ are shared by all samples, so their gradients are **sums** over the batch. $1/N$ lives in the loss.
# * Broadcasting's backward is a sum over all axes that are new or stretched.
# * Test with unequal sizes, a random upstream, all entries, and more than once.
#
# ## Exercises
#
# 1. *(pencil)* Prove the second box from the first by transposing: $y=xw$ means $y^{\mathsf T}=w^{\mathsf T}x^{\mathsf T}$.
# 2. *(find the slip)* "For $\partial y/\partial x_{11}$ the first row is the first row of $w$ and the second *column* is zero." What should it
#    say, and which of the outputs above shows it?
# 3. *(think)* The slide in 4.1 has six wrong entries in its `y`. With the same `dy`, would `dx` and `dw` come out wrong too? Which gates of
#    lesson 2 would answer otherwise?
# 4. *(pencil)* In the column form $y=Wx+b$, with samples in the columns of $x$, what are $dx$, $dW$ and $db$? (Lesson 6 has the translation card.)
# 5. *(code)* Write $Y=XWV$ with two weight matrices in one function, its backward pass, and check all three gradients with
#    `bp.check_gradient`.
# 6. *(find the slip)* A text writes the batch of two samples as $\begin{pmatrix}x_{11}&x_{21}\\x_{21}&x_{22}\end{pmatrix}$. Which entry is wrong? And is "an affine
#    layer computes $XW$" right?
# 7. *(think)* A layer is used with $N=1$ only. Which of the mistakes in this lesson would never show?
#
# **Next:** the assignment `ps04`, then lesson 5: what comes behind the last affine layer, softmax and its loss.
#
# ## Sources
#
# In our own words, after: [EECS 498-007](https://web.eecs.umich.edu/~justincj/teaching/eecs498/), lecture 6 (one element at a time); CS231n,
# [notes on backpropagation](https://cs231n.github.io/optimization-2/) and lecture 4 (shapes); K. Saitoh,
# [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/), ch. 5 (the affine layer and its batch); lesson 2 for the repeat gate.
