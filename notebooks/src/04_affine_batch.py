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
# **Time:** about 80 minutes, with the self-checks. Then comes the assignment `ps04`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.questions import affine_batch as check

# %% [markdown]
# ## 4.1 Two samples, three numbers each
#
# A layer of a network takes each sample, a row of numbers, and makes a new row from it. Here are two samples with
# three numbers each, in the rows of `x`, and the layer's weights `w`. Each column of `w` makes one number of the
# new row, so that three numbers become four:

# %%
x = np.array([[2.0, 1.0, -3.0], [-3.0, 4.0, 2.0]])
w = np.array([[3.0, 2.0, 1.0, -1.0], [2.0, 1.0, 3.0, 2.0], [3.0, 2.0, 1.0, -2.0]])
y = x @ w
print(y)
print("shapes:", x.shape, "@", w.shape, "->", y.shape)

# %% [markdown]
# The top left number is row 0 of `x` times column 0 of `w`: $2\cdot3+1\cdot2+(-3)\cdot3=-1$. Convince yourself of one more.
# (It is worth it: a well-known lecture slide prints another `y` under this very example. How much of it is right?)

# %%
slide = np.array([[13, 9, -2, -6], [5, 2, 17, 1]])
print(f"{np.sum(slide == y)} of {y.size} entries of the slide agree")

# %% [markdown]
# Behind `y` there is more network, and at its end a loss $L$. All that we know of it is the upstream signal that it has sent
# back: one number for each entry of `y`, $\partial L/\partial y$. We call it `dy`.

# %%
dy = np.array([[2.0, 3.0, -3.0, 9.0], [-8.0, 1.0, 4.0, 6.0]])
print("upstream:", dy.shape, "the shape of y")

# %% [markdown]
# The task: `dx` and `dw`, in the shapes of `x` and `w`. Each has a formula of one line, and you may have seen it. We do
# not start from there. We start from one number.
#
# **Predict, then run.** We nudge `x[0, 0]` and nothing else. How many of the eight entries of `y` move?

# %%
guess = None
check.entries_reached(guess)

# %% [markdown]
# ## 4.2 One entry of x
#
# Let us look. A matrix product is linear, so a nudge of 1 tells as much as a tiny one:

# %%
nudged = x.copy()
nudged[0, 0] += 1
local = nudged @ w - y
print(local)

# %% [markdown]
# Row 0 moves, and it moves by 3, 2, 1, −1: that is row 0 of `w`, the numbers that $x_{00}$ is multiplied with. Row 1 belongs to the
# other sample, which does not contain $x_{00}$: zeros. This table, in the shape of `y`, is the **slice**
# $\partial y/\partial x_{00}$. It is the whole local derivative of *one* input entry. (Lesson 3 would call it a column of the Jacobian,
# folded into the shape of `y`. All 6 slices together are the 8 × 6 Jacobian, which nobody needs.)
#
# Now the chain rule. $x_{00}$ reaches the loss through four entries of `y`, and at a fork gradients add up: multiply each
# upstream with its local derivative, and add.

# %%
print("dy * slice:")
print(dy * local + 0.0)  # the + 0.0 makes 0 of -0
print(f"dL/dx[0, 0] = {np.sum(dy * local):.2f}")

# %% [markdown]
# $6+6-3-9=0$. A gradient of exactly 0 where nothing is zero: the four pushes happen to cancel. Remember this number; it
# will play a trick on us in 4.4. Another entry, the last one:

# %%
nudged = x.copy()
nudged[1, 2] += 1
local = nudged @ w - y
print(local)
print(f"dL/dx[1, 2] = {np.sum(dy * local):.2f}")

# %% [markdown]
# $x_{12}$ meets row 2 of `w`, and it lands in row 1 of `y`. It is the *other row* that is zero, not a column. (Books count from 1
# and call this entry $x_{23}$; the first one they call $x_{11}$. Code counts from 0, and so do our formulas here.)
#
# **Self-check 1.** By hand, for $x_{01}$, whose value is 1: its slice, a list of two lists with four numbers each, and then
# $\partial L/\partial x_{01}$.

# %%
slice_of_x01 = ...
dx01 = ...
check.one_entry(slice_of_x01, dx01)

# %% [markdown]
# ## 4.3 All entries at once
#
# What we have done for three entries can be said for all of them. An entry of `y` is a sum,
#
# $$y_{ij}=\sum_k x_{ik}\,w_{kj}.$$
#
# Nudge one $x_{ik}$. It stands only in row $i$ of $y$, and there it is multiplied by $w_{kj}$. With a letter of its own for
# the row of $y$ we look at:
#
# $$\frac{\partial y_{mj}}{\partial x_{ik}}=\begin{cases}w_{kj}&\text{if } m=i\\ 0&\text{otherwise}\end{cases}$$
#
# That is the slice. The chain rule adds over all entries of $y$, and the zeros leave one row of them:
#
# $$\frac{\partial L}{\partial x_{ik}}=\sum_{m,j}\frac{\partial L}{\partial y_{mj}}\,\frac{\partial y_{mj}}{\partial x_{ik}}
# =\sum_{j}\frac{\partial L}{\partial y_{ij}}\,w_{kj}.$$
#
# Here is the point where the transpose comes from. A matrix product sums over the *second* index of its first factor and
# the *first* index of its second factor. But $j$ is the second index of both. So $w$ has to be turned,
# $w_{kj}=(w^{\mathsf T})_{jk}$, and then it is a product:
#
# $$\boxed{\;\frac{\partial L}{\partial x}=\frac{\partial L}{\partial y}\,w^{\mathsf T}\;}$$
#
# Now a weight. $w_{kj}$ stands only in *column* $j$ of $y$, once for each sample $i$, and there it is multiplied by $x_{ik}$.
#
# **Self-check 2.** Before there is a formula: work out $\partial L/\partial w_{12}$, that is `dw[1, 2]`. Column 1 of `x` is 1, 4 and
# column 2 of `dy` is −3, 4.

# %%
dw12 = ...
check.one_weight(dw12)

# %% [markdown]
# In letters: $\partial y_{im}/\partial w_{kj}$ is $x_{ik}$ if $m=j$, and 0 otherwise, so
#
# $$\frac{\partial L}{\partial w_{kj}}=\sum_{i,m}\frac{\partial L}{\partial y_{im}}\,\frac{\partial y_{im}}{\partial w_{kj}}
# =\sum_i x_{ik}\,\frac{\partial L}{\partial y_{ij}}.$$
#
# This time the sum runs over $i$, the *first* index of both. The first factor has to be turned, $x_{ik}=(x^{\mathsf T})_{ki}$:
#
# $$\boxed{\;\frac{\partial L}{\partial w}=x^{\mathsf T}\,\frac{\partial L}{\partial y}\;}$$
#
# The index over which we sum is the **sample**. A weight is shared by all samples, each of them sends something back, and the
# matrix product adds it up without a word. Keep this in mind until 4.7. And now in code:

# %%
dx = dy @ w.T
dw = x.T @ dy
print("dx =")
print(dx)
print("dw =")
print(dw)

# %% [markdown]
# There are the 0, the 16 and the −30, and the 13. Does nudging agree? It needs a loss that is a single number. Any upstream can be
# had from the simple loss $L=\sum_{ij} s_{ij}\,y_{ij}$ with fixed numbers $s$: its gradient at $y$ *is* $s$. So we take
# $s$ to be `dy`.

# %%
measured = bp.numerical_gradient(lambda x, w: np.sum(dy * (x @ w)), (x, w))
for name, formula, nudging in (("dx", dx, measured[0]), ("dw", dw, measured[1])):
    print(f"{name}: largest difference below 1e-6: {np.abs(formula - nudging).max() < 1e-6}")

# %% [markdown]
# > **Each side gets the upstream times the *other* operand, transposed, and the order stays:** what stood on the right
# > stays on the right, what stood on the left stays on the left.
#
# It is the swap multiplier of lesson 2, grown up. For $1\times1$ matrices it says $dx = dy\cdot w$ and $dw = x\cdot dy$.
#
# Choose an entry in the widget and see its slice, the part of `dy` it meets, and the sum. Look at a few entries of `dx`, then
# of `dw`. Where do the zeros of the slice lie for a weight? Then take the second sample away.

# %%
bp.MatrixBackprop(x, w, dy)

# %% [markdown]
# ## 4.4 Shapes that lead the way
#
# You need not remember the boxes. A gradient has the shape of its variable, and that leaves little choice. `dx` has to be `(2, 3)`. It is
# made of `dy` `(2, 4)` and `w` `(3, 4)`. There is one product of the two, turned or not, in either order, that has this shape:


# %%
def both_orders(dy, w):
    """The factors of all eight products, by name."""
    return {
        "dy @ w": (dy, w),
        "dy @ w.T": (dy, w.T),
        "dy.T @ w": (dy.T, w),
        "dy.T @ w.T": (dy.T, w.T),
        "w @ dy": (w, dy),
        "w @ dy.T": (w, dy.T),
        "w.T @ dy": (w.T, dy),
        "w.T @ dy.T": (w.T, dy.T),
    }


for name, (left, right) in both_orders(dy, w).items():
    fits = left.shape[1] == right.shape[0]
    print(f"{name:10}  {left.shape} @ {right.shape} ", (left @ right).shape if fits else "does not fit")

# %% [markdown]
# `w @ dy.T` fits as well, and is `(3, 2)`: the right numbers, lying on their side. So "swap the order and transpose the upstream", as
# some notes have it, is not the rule. It gives the transposed gradient. It is the *other operand* that is transposed.
#
# ### Break it on purpose: three ways to be fooled
#
# Shapes are a good memory aid. They are no proof, and here is what they cannot see. Let everything be 3 × 3:

# %%
rng = np.random.default_rng(4)
xs, ws, dys = rng.normal(size=(3, 3, 3))
truth = bp.numerical_gradient(lambda x: np.sum(dys * (x @ ws)), xs)

candidates = {name: left @ right for name, (left, right) in both_orders(dys, ws).items()}
for name, candidate in candidates.items():
    print(f"{name:10}  shape {candidate.shape}  right: {np.allclose(candidate, truth)}")

# %% [markdown]
# Eight products, all of the right shape, all without an error message, one of them right. Hidden layers *are* often square. So
# **test with sizes that are all different**, and with numbers, not with shapes alone.
#
# The second trap is testing a single entry. Suppose that you forgot to write the rule, and check the first entry of
# our example by hand:

# %%
forgotten = np.zeros_like(x)
print("yours:", forgotten[0, 0], " by hand:", dx[0, 0], " agrees:", forgotten[0, 0] == dx[0, 0])
print("all entries agree:", np.allclose(forgotten, dx))

# %% [markdown]
# The third trap is an upstream of ones. Then $\partial L/\partial y$ has dropped out, and a rule that ignores it passes:


# %%
class IgnoresUpstream:
    def forward(self, x, w):
        return x @ w

    def backward(self, upstream, out, x, w):
        ones = np.ones_like(upstream)
        return ones @ w.T, x.T @ ones


ones = np.ones((2, 4))
got, _ = IgnoresUpstream().backward(ones, y, x, w)
nudging = bp.numerical_gradient(lambda x: np.sum(ones * (x @ w)), x)
print("with an upstream of ones it looks right:", np.allclose(got, nudging))
print(bp.check_gate(IgnoresUpstream(), x, w))

# %% [markdown]
# `bp.check_gate` draws its upstream at random, compares every entry, and looks for the mistake that would explain the difference. The
# sizes are yours to choose: unequal, and larger than 1.
#
# ## 4.5 One sample, and a bias
#
# An **affine** layer also adds a number to each of its outputs, the **bias**: $y = xW+b$. Begin with one sample, as a
# 1-D array. (From here on capital letters are matrices.)

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
# **repeats** it for each row. (The loss is the stand-in of 4.3, with $dY$ for its fixed numbers. A picture writes out up to four numbers
# of an array, so it has the first two outputs only; it may be wider than the page and scrolls sideways.) Here the way back has been walked
# to its end. Take one step back: what has arrived at the repeat gate, and what has left it?

# %%
dY = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
signals = dY[:, :2]


def batch_loss(X, W, b):
    product = X @ W
    Y = product + b
    return bp.gates.Sum()(signals * Y)


bp.Stepper(batch_loss, detail="copies", step=-1, X=X, W=W[:, :2], b=b[:2])

# %% [markdown]
# Four numbers arrive, in two rows; two leave, 5 and 7. With all three outputs, by nudging the bias:

# %%
measured = bp.numerical_gradient(lambda b: np.sum(dY * (X @ W + b)), b)
print("db =", measured.round(4), " (measured)")
print("dY.sum(axis=0) =", dY.sum(axis=0))
print("dY.sum(axis=1) =", dY.sum(axis=1), " (the other axis)")

# %% [markdown]
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

# %%
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
# You have just derived these lines. First the two boxes, with two cases for 1-D arrays (`swapaxes(-1, -2)` is `.T` for a whole stack of
# matrices):

# %%
print(inspect.getsource(bp.gates.Matmul.backward))

# %% [markdown]
# the affine layer, which is asked for `dX` only when somebody wants it:

# %%
print(inspect.getsource(bp.gates.Affine.partial_backward))

# %% [markdown]
# and the repeat gate, through which the bias goes when you ask for the details:

# %%
print(inspect.getsource(bp.gates.Repeat.backward))

# %% [markdown]
# All three call `like`, which does the sum of 4.8 and gives a gradient the shape of its variable. You will write it yourself in
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
# 6. *(think)* A layer is used with $N=1$ only. Which of the mistakes in this lesson would never show?
#
# **Next:** the assignment `ps04`, then lesson 5: what comes behind the last affine layer, softmax and its loss.
#
# ## Sources
#
# In our own words, after: EECS 498-007, lecture 6 (one element at a time); CS231n, notes on backpropagation and lecture 4 (shapes);
# K. Saitoh, *Deep Learning from Scratch*, ch. 5 (the affine layer and its batch); lesson 2 for the repeat gate.
