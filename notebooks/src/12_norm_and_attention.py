# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 12 · Norm and attention: every piece is an old lesson
#
# **When you are done, you can**
#
# * send a gradient back through batch norm and layer norm, by nine gates or in one line, and say why they differ in training and in use;
# * say what a branch around a layer does to a gradient in a network of fifty layers, and what dropout has to remember;
# * write the way back of attention, piece by piece, from lessons 3 and 4;
# * hide the future from a query, and send a gradient back to the rows of a table;
# * build a block of all this, and watch it learn to sort.
#
# **You need** lessons 1 to 7; lesson 10 says why signals fade in deep networks.
# **Time:** about 110 minutes with the self-checks, in three sittings: 12.1 to 12.4, 12.5 to 12.8, 12.9 to the end. Then comes the assignment `ps12`.

# %%
import inspect

import matplotlib.pyplot as plt
import numpy as np

import bplib as bp
from bplib.course.questions import norm_and_attention as check

# %% [markdown]
# ## 12.1 A column, put in order
#
# Lesson 10 took pains to begin with weights that keep the size of a signal. **Batch norm** takes another way: it lets the weights be, and puts the signal in order, layer after layer, in every step. It looks at *one* feature over all samples of the batch, a column of $x$, and brings it to the mean 0 and the variance 1. Then two learned numbers, $\gamma$ and $\beta$, may give it another width and another
# middle:
#
# $$\mu=\frac1N\sum_n x_n,\qquad \sigma^2=\frac1N\sum_n(x_n-\mu)^2,\qquad \hat x_n=\frac{x_n-\mu}{\sqrt{\sigma^2+\varepsilon}},\qquad y_n=\gamma\,\hat x_n+\beta .$$
#
# The small $\varepsilon$ *under the root* keeps a column of equal numbers from being divided by 0. As long as we count by hand, it is 0.
#
# **Self-check 1.** A batch of four samples, $x=(1,2,4,5)$. What is $\hat x$? (Two decimals are enough.)

# %%
standard = ...
check.standardised(standard)

# %% [markdown]
# In code it is as long as the formula. We write it with gates of the library, so that the same lines can be recorded as a graph. With $\gamma=2$ and $\beta=1$:


# %% reveal
def normalise(x, gamma, beta, eps=0.0):
    centred = x - bp.mean(x)
    variance = bp.mean(centred * centred)
    standard = centred / bp.sqrt(variance + eps)
    return gamma * standard + beta


x, gamma, beta = np.array([1.0, 2.0, 4.0, 5.0]), 2.0, 1.0
print("mean", x.mean(), "variance", x.var())
print("x̂ =", normalise(x, 1.0, 0.0).round(6))
print("y =", normalise(x, gamma, beta).round(6))

# %% [markdown]
# ## 12.2 The way back: nine gates, or one line
#
# Count the gates: mean, minus, times, mean, plus $\varepsilon$, root, divide, times $\gamma$, plus $\beta$. Nine, and you know them all since lesson 2. Two values are forks, $x$ and the distances from its mean. Each $x_n$ moves the mean, and so *every* $y$.
#
# The upstream is $u=(1,0,-1,2)$. **Predict:** before the graph tells you: what do the four entries of $\partial L/\partial x$ add up to? (Add 1 to all four samples at once. What becomes of $y$?)

# %%
prediction = "..."

# %% reveal
u = np.array([1.0, 0.0, -1.0, 2.0])
dx = bp.grad(lambda x: bp.sum(u * normalise(x, gamma, beta)))(x)
standard = normalise(x, 1.0, 0.0)
print("dx        =", dx.round(6))
print("Σ dx      =", abs(dx.sum().round(12)))
print("Σ dx · x̂  =", abs((dx @ standard).round(12)))

# %% reveal [markdown]
# They add up to 0. If all samples move together, the mean moves with them and $y$ stays: there is no slope in that direction. And the second sum is 0 because there is one more direction like that. Pull the samples apart, all by the same factor, and $\sigma$ grows with them.

# %% [markdown]
# **Self-check 2.** One $\gamma$ and one $\beta$ serve all four samples. With $\hat x=(-1.265,-0.632,0.632,1.265)$ and $u=(1,0,-1,2)$, what are $\partial L/\partial\gamma$ and $\partial L/\partial\beta$?

# %%
dgamma = ...
dbeta = ...
check.back_to_gamma_and_beta(dgamma, dbeta)

# %% [markdown]
# Step through it. It ends in the sum of $u\,y$, so that $u$ is the upstream of $y$. Watch the signals meet at the distances, which are used three times, and at $x$, where the share through the mean comes in last:

# %% reveal
bp.Stepper(lambda x, gamma, beta: bp.sum(u * normalise(x, gamma, beta)), x=x, gamma=gamma, beta=beta)

# %% [markdown]
# Nobody runs nine gates, each with an array of its own, where one line will do. Let $g=\gamma\,u$ be what arrives at $\hat x$. If $\mu$ and $\sigma$ were given numbers, $g/\sigma$ would be all. They are not, and the two directions in which nothing changes say what has to go: the part of $g$ along $(1,1,1,1)$, which is its mean, and the part along $\hat x$. To take such parts off is called a projection.
#
# $$\frac{\partial L}{\partial x}=\frac1\sigma\Big(g-\underbrace{\tfrac1N\textstyle\sum g}_{\text{through }\mu}-\hat x\,\underbrace{\tfrac1N\textstyle\sum g\,\hat x}_{\text{through }\sigma}\Big)$$
#
# **Self-check 3.** Write it for a batch: `x` and `upstream` are $(N,D)$, `gamma` is $(D,)$, each column is put in order by itself, and $\varepsilon=0$. Return $\partial L/\partial x$.


# %%
def norm_back(upstream, x, gamma):
    raise NotImplementedError


check.norm_back(norm_back)

# %% [markdown]
# ### Break it on purpose: numbers that are taken as given
#
# The commonest slip has a reason. In the formula, $\mu$ and $\sigma$ look like two constants. Here are four ways to have it nearly right, beside what a nudge measures.
#
# **Predict:** in which of them do the entries still add up to 0?

# %%
prediction = "..."

# %% reveal
sigma, g = x.std(), gamma * u
along, stretched = g.mean(), standard * (g * standard).mean()
less = x.std(ddof=1)
ways = {
    "measured": bp.numerical_gradient(lambda x: np.sum(u * (gamma * (x - x.mean()) / x.std() + beta)), x),
    "in one line": (g - along - stretched) / sigma,
    "mean and variance as constants": g / sigma,
    "variance as a constant": (g - along) / sigma,
    "mean as a constant": (g - stretched) / sigma,
    "N − 1 for N": (g - along - (x - x.mean()) / less * (g * (x - x.mean()) / less).mean()) / less,
}
for name, found in ways.items():
    print(f"{name:31} {found.round(4)}   sum {found.sum():z7.4f}")

# %% reveal [markdown]
# Wherever the mean was allowed to move. Dividing by $N-1$ is what statistics teaches for a variance that is to be *estimated*; here nothing is estimated, and the variance is defined with $N$. The sums tell you more than the single numbers do: a batch norm whose $\partial L/\partial x$ does not add up to 0 has lost its mean on the way.

# %% [markdown]
# ## 12.3 In training, and in use
#
# There is a catch. What comes out for a sample depends on who else is in the batch.
#
# **Predict:** in training you give it a batch with a single sample, whatever its numbers. What comes out?

# %%
prediction = "..."

# %% reveal
layer = bp.BatchNorm(gamma=np.full(3, 2.0), beta=np.full(3, 1.0), momentum=0.9)
for sample in ([[5.0, -3.0, 0.1]], [[700.0, 0.0, -2.0]]):
    print("one sample", sample, "→", layer.forward(np.array(sample))[0])

# %% reveal [markdown]
# Always $\beta$: a sample alone is its own mean.

# %% [markdown]
# So a network in use, which answers one question at a time, needs other numbers. While it learns, the layer keeps **running means**: after each batch, the mean and variance that it remembers move a little towards those of the batch. In evaluation they take the place of $\mu$ and $\sigma^2$. Then they *are* given numbers, and the way back is $g/\sigma$ and no more.

# %% reveal
rng = np.random.default_rng(0)
layer = bp.BatchNorm(gamma=np.full(3, 2.0), beta=np.full(3, 1.0), momentum=0.9)
for _ in range(100):
    layer.forward(rng.normal(loc=[5.0, -3.0, 0.0], scale=[2.0, 1.0, 0.1], size=(32, 3)))
print("running mean", layer.running_mean.round(1), "running variance", layer.running_var.round(1))
layer.evaluate()
print("one sample, in evaluation →", layer.forward(np.array([[5.0, -3.0, 0.1]]))[0].round(1))
print("its way back is g / σ:", layer.backward(np.ones((1, 3)))[0].round(1))

# %% [markdown]
# What is it good for? Ten layers whose weights begin far too small: in lesson 10 such networks learned next to nothing, for their signals had died. With batch norm after each affine layer the size of the weights does not matter.


# %% reveal
data = bp.digits()


def ten_layers(norm, n=32, size=0.01, seed=0):
    """10 layers of n tanh neurons with weights of this size, with batch norm or without it."""
    rng = np.random.default_rng(seed)
    layers, width = [], 64
    for _ in range(10):
        layers.append(bp.Affine(bp.normal(width, n, rng, std=size), np.zeros(n)))
        layers += [bp.BatchNorm(np.ones(n), np.zeros(n)), bp.tanh] if norm else [bp.tanh]
        width = n
    return bp.Network([*layers, bp.Affine(bp.xavier(n, 10, rng), np.zeros(10))])


for norm in (False, True):
    net = ten_layers(norm)
    bp.train(net, data.x_train, data.t_train, epochs=4, batch_size=64, optimiser=bp.Adam(0.003), progress=False)  # fmt: skip
    net.evaluate()
    print(f"batch norm {norm!s:5}: accuracy on new digits {net.accuracy(data.x_test, data.t_test):.2f}")

# %% [markdown]
# ## 12.4 Layer norm: the same along the other axis
#
# **Layer norm** puts a *row* in order: the mean and variance of one sample over all its features. It needs no batch and no running means, and in training it does what it does in use. In the networks of 12.11, where sentences have unequal lengths and a batch may be small, that is what one wants.
#
# **Self-check 4.** $x$ has 32 samples with 100 features. How many means does each of the two take?

# %%
of_batch_norm = ...
of_layer_norm = ...
check.means(of_batch_norm, of_layer_norm)

# %% [markdown]
# For $\hat x$ the one is the other on its side. Of $\gamma$ and $\beta$ there is still one for each *feature*, so what comes back to them still adds up over the samples.

# %%
rng = np.random.default_rng(1)
X, U = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
ones, zeros = np.ones(3), np.zeros(3)
on_its_side = bp.batch_norm(X.T, np.ones(4), np.zeros(4)).T
print("layer norm is batch norm on its side:", np.allclose(bp.layer_norm(X, ones, zeros), on_its_side))
for norm in (bp.batch_norm, bp.layer_norm):
    dX = bp.vjp(norm, (X, ones, zeros), U)[0]
    print(f"{norm.symbol:10} sums down the columns {abs(dX.sum(axis=0)).round(3)}, along the rows {abs(dX.sum(axis=1)).round(3)}")  # fmt: skip

# %% [markdown]
# ---
# > **A good place to stop.** You have the way back of a norm, and the two sums that test it. When you come back: *Run → Run All Above Selected Cell*, and on with 12.5, a fork that keeps a signal alive.

# %% [markdown]
# ## 12.5 Residuals: the fork that keeps the signal
#
# A layer can be asked for the whole answer, $y=F(x)$, or for what is to be *changed*, $y=x+F(x)$. The second is called a **residual** connection, and it is a fork and a plus, both from lesson 2. The plus sends the signal on to both branches, and at the fork they add up:
#
# $$\frac{\partial L}{\partial x}=\frac{\partial L}{\partial y}+J_F^\top\frac{\partial L}{\partial y}.$$
#
# Whatever $F$ does to a gradient, one share of it arrives as it was.
#
# Now fifty layers $\tanh(xW+b)$ in a row, with weights so small that each halves the signal. **Predict:** by about which power of ten is the gradient in the middle smaller than without the fork? ($2^{10}\approx10^3$.)

# %%
prediction = "..."


# %% reveal
def fifty_layers(part, n=32, seed=0):
    """50 parts of n tanh neurons, each halving what comes in; a part is Sequential or Residual."""
    rng = np.random.default_rng(seed)
    parts = [
        part(bp.Affine(bp.normal(n, n, rng, std=0.5 / np.sqrt(n)), np.zeros(n)), bp.tanh) for _ in range(50)
    ]
    first, last = bp.xavier(64, n, rng), bp.xavier(n, 10, rng)
    return bp.Network([bp.Affine(first, np.zeros(n)), *parts, bp.Affine(last, np.zeros(10))])


for part in (bp.Sequential, bp.Residual):
    net = fifty_layers(part)
    grads = net.gradient(data.x_train[:100], data.t_train[:100])
    norms = [f"{np.linalg.norm(grads[f'W{k}']):.0e}" for k in (1, 13, 26, 39, 51)]
    bp.train(net, data.x_train, data.t_train, epochs=4, batch_size=32, optimiser=bp.Adam(0.001), progress=False)  # fmt: skip
    print(f"{part.__name__:10} ‖dW‖ in layers 1, 13, 26, 39, 51: {' '.join(norms)}, accuracy {net.accuracy(data.x_test, data.t_test):.2f}")  # fmt: skip

# %% reveal [markdown]
# Some sixteen powers of ten: $2^{50}\approx10^{15}$, and a little more for the slopes of tanh. A weight's gradient is the signal behind it times the answer before it (BP4). Deep in the chain one of the two is tiny, wherever one looks, so the network does not learn. With the fork both arrive, and fifty layers learn in seconds.

# %% [markdown]
# ## 12.6 Dropout: remember who was left out
#
# **Dropout** leaves out a share $p$ of the entries in each training step, drawn anew, so that no neuron can rely on a certain other one. Those that stay are divided by $1-p$, and so the mean is what it would have been: $y=x\cdot\text{mask}/(1-p)$. In use it does nothing at all.
#
# To the way back it is a gate with a constant factor, 0 or $1/(1-p)$. What matters is that it is *the same* mask: it has to be kept from the way forth.
#
# **Self-check 5.** Four entries with the mask $(1,0,1,1)$ and $p=\frac14$. The upstream is $(3,6,-9,0)$. What is $\partial L/\partial x$?

# %%
dx = ...
check.dropped_back(dx)

# %% reveal
rng = np.random.default_rng(2)
many = np.ones(100_000)
print(f"mean of the entries, {many.mean():.2f}, after dropout {bp.dropout(many, 0.25, rng).mean():.2f}")
layer, entries = bp.Dropout(0.25, rng=3), np.ones(8)
print("forth", layer.forward(entries).round(2))
print("back ", layer.backward(np.ones(8)).round(2))
print("in use", layer.evaluate().forward(entries))

# %% [markdown]
# ## 12.7 Attention: a table that is asked softly
#
# A dictionary in Python gives the *value* of the *key* that equals your *query*. **Attention** asks softly. Each query is compared with every key, by a dot product; the scores become weights by softmax, one row for each query; and what comes back is the weighted mean of the values:
#
# $$S=\frac{QK^\top}{\sqrt d},\qquad A=\text{softmax}(S)\ \text{by rows},\qquad O=A\,V.$$
#
# $Q$ is $(T,d)$, $K$ is $(T',d)$, $V$ is $(T',e)$: so $O$ has a row for each query. Division by $\sqrt d$ keeps the scores at the same size however long the vectors are (the sum of $d$ products of numbers with variance 1 has the variance $d$, see 10.4), so that softmax does not begin saturated.


# %%
def softmax(S):
    e = np.exp(S - S.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attend(Q, K, V):
    A = softmax(Q @ K.T / np.sqrt(Q.shape[1]))
    return A @ V, A


Q = np.array([[4.0, 0.0], [0.0, 4.0], [0.0, 0.0]])
K = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
V = np.array([[10.0, 0.0, 1.0], [0.0, 10.0, 2.0], [5.0, 5.0, 3.0]])
O, A = attend(Q, K, V)
print("A =\n", A.round(3))
print("O =\n", O.round(3))

# %% [markdown]
# The first query asks for keys with a large first entry, and finds two; the third asks for nothing in particular, and gets the plain mean of all values.
#
# ## 12.8 Attention backward: four old pieces
#
# There is a product, a softmax, a factor, and a product. Take them from the end.
#
# **The values.** $O=AV$ is lesson 4, with $A$ for the samples and $V$ for the weights.
#
# **Self-check 6.** $A=\begin{pmatrix}\frac12&\frac12\\\frac14&\frac34\end{pmatrix}$, and the upstream is $\frac{\partial L}{\partial O}=\begin{pmatrix}2&0\\4&-4\end{pmatrix}$. What is $\frac{\partial L}{\partial V}$?

# %%
dV = ...
check.back_to_values(dV)

# %% [markdown]
# **The weights.** $dA=dO\,V^\top$, from the same rule. Then the softmax, row by row; its Jacobian is $\text{diag}(a)-aa^\top$ (3.4), and times $dA$ that is short:
#
# $$dS=A\circ\big(dA-\text{rowsum}(dA\circ A)\big).$$
#
# **Self-check 7.** A row of weights is $(\frac12,\frac14,\frac14)$, and what arrives there is $(8,0,4)$. What goes on to the three scores?

# %%
dS = ...
check.through_softmax(dS)

# %% [markdown]
# **The scores.** $S=QK^\top/\sqrt d$ is a product and a factor. So $dQ=dS\,K/\sqrt d$ and $dK=dS^\top Q/\sqrt d$, and that is all. Five lines, each an old lesson:


# %% answer
def attend_back(dO, Q, K, V):
    root = np.sqrt(Q.shape[1])
    A = softmax(Q @ K.T / root)
    dV = A.T @ dO  # lesson 4
    dA = dO @ V.T  # lesson 4
    dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True))  # lesson 3
    return dS @ K / root, dS.T @ Q / root, dV  # lesson 4, and the factor of lesson 1


dO = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 1.0], [1.0, 1.0, 0.0]])
found = attend_back(dO, Q, K, V)
for name, ours, library in zip(("dQ", "dK", "dV"), found, bp.vjp(bp.attention, (Q, K, V), dO), strict=True):
    print(f"{name} agrees with the library: {np.allclose(ours, library)}")
print(
    bp.check_gradient(
        lambda Q, K, V: np.sum(dO * attend(Q, K, V)[0]), lambda **at: attend_back(dO, **at), Q=Q, K=K, V=V
    )
)

# %% [markdown]
# Now with your hands. Choose who asks, by the mouse or with the Tab key: its row lights up, and so do the values that it sees. Make it sharper, and asking becomes looking up; take the sharpness to 0, and all get the plain mean. Then go *back*: every row of $dS$ has a mean taken off, and $dV$ gathers a share from each query.

# %%
bp.AttentionRows(Q, K, V, dO)

# %% [markdown]
# ### Break it on purpose: the diagonal, and the root
#
# Two slips that nobody sees in the shapes. The first takes the slope $a(1-a)$ of a sigmoid for softmax, its diagonal; the second divides by $\sqrt d$ on the way forth and forgets it on the way back.
#
# **Predict:** each row of $dS$ has to add up to the same number. Which, and why?

# %%
prediction = "..."

# %% reveal
dA = dO @ V.T
right = A * (dA - (dA * A).sum(axis=1, keepdims=True))
diagonal = A * (1 - A) * dA
print("row sums of dS, right    ", abs(right.sum(axis=1).round(9)))
print("row sums of dS, diagonal ", diagonal.sum(axis=1).round(3))
measured = bp.numerical_gradient(lambda Q: np.sum(dO * attend(Q, K, V)[0]), Q)
print(f"dQ without √d, divided by what is measured: {(right @ K)[0, 0] / measured[0, 0]:.4f}")

# %% reveal [markdown]
# 0, as for every softmax: add 1 to all scores of a row, and no weight moves. The diagonal knows nothing of it. And without the root everything is $\sqrt2$ times too large, in the right direction: the network learns, with steps that are too long for $Q$ and $K$ and no others. Only a check finds that.

# %% [markdown]
# ---
# > **A good place to stop.** You have written attention, both ways. When you come back: *Run → Run All Above Selected Cell*, and on with 12.9, who must not see what.

# %% [markdown]
# ## 12.9 Causal: not to see what comes
#
# In **self-attention** one sequence asks itself: $Q=xW_Q$, $K=xW_K$, $V=xW_V$, for the same $x$, a row for each place. If the network is to tell the *next* word, a place must not see what comes after it, or it would copy the answer. So before the softmax every score that looks ahead becomes $-\infty$, and $e^{-\infty}=0$: that is the **causal mask**. What a gradient brings to such a score is 0, too, for its weight is 0 and stays 0.
#
# **Predict:** someone writes 0 in place of $-\infty$. Scores of the first row are $(2,1,-1)$, and it may see itself only. What are its weights? And what if the mask comes after the softmax, weights times 0?

# %%
prediction = "..."

# %% reveal
S = np.array([[2.0, 1.0, -1.0], [0.0, 1.0, 3.0], [1.0, 1.0, 1.0]])
sees = np.tri(3, dtype=bool)
print("−∞ before softmax\n", softmax(np.where(sees, S, -np.inf)).round(3))
print("0 before softmax\n", softmax(np.where(sees, S, 0.0)).round(3))
print("0 after softmax\n", (softmax(S) * sees).round(3))

# %% reveal [markdown]
# A score of 0 is an ordinary score, $e^0=1$: the future is seen. And weights that are cut off after the softmax no longer add up to 1; worse, what is hidden stands in the denominator, so the past still hears of the future. With $-\infty$ both are right.

# %% [markdown]
# ## 12.10 Embedding: rows that are chosen
#
# A network multiplies, and a word is no number. So each word of a vocabulary gets a row of a table $W$, of numbers that are learned. That is an **embedding**: `W[index]`, nothing but rows chosen. It is the product of a one-hot matrix with $W$, only that nobody forms it, as in lesson 3.
#
# On the way back, each row that was taken gets its upstream. Taken twice it is a fork, and what comes back adds up. Rows that were not taken get 0. This is called a **scatter-add**.
#
# **Self-check 8.** $W$ has four rows of two numbers. The index is $(2,0,2)$, and the upstream has the rows $(1,2)$, $(3,4)$, $(10,20)$. What is $\partial L/\partial W$?

# %%
dW = ...
check.back_to_rows(dW)

# %% [markdown]
# ### Break it on purpose: a plus that forgets
#
# In numpy the obvious line is wrong. **Predict:** what does `dW[index] += upstream` leave in row 2?

# %%
prediction = "..."

# %% reveal
index, upstream = np.array([2, 0, 2]), np.array([[1.0, 2.0], [3.0, 4.0], [10.0, 20.0]])
obvious, added = np.zeros((4, 2)), np.zeros((4, 2))
obvious[index] += upstream
np.add.at(added, index, upstream)
print("dW[index] += upstream   ", obvious.tolist())
print("np.add.at               ", added.tolist())
print("one-hot, transposed, @  ", (np.eye(4)[index].T @ upstream).tolist())

# %% reveal [markdown]
# The last one only. `dW[index] += u` reads all the rows, adds, and writes them back: the second writing of row 2 covers the first. It is `=` for `+=` in disguise, the oldest slip of this course (2.4). `np.add.at` adds one after the other.

# %% [markdown]
# ## 12.11 A block that learns to sort
#
# Now all of it together. A **transformer block** is self-attention and then two affine layers with a relu, each with a norm before it and a branch around it. We take one block, with one head, causal, and give it a small task: five different digits, then a sign *go*, and then the digits in their order.
#
# $$\texttt{7 2 9 0 4 go}\ \to\ \texttt{0 2 4 7 9}$$
#
# It sees what it has written so far, and says at each place what comes next. Nobody tells it how. There is no program for sorting in it, only $Q$, $K$, $V$ and a table.


# %%
T, GO = 5, 10


def drawn(n, rng):
    """n tasks: what is seen, (n, 10): digits, go, and all but the last of the answer; and the answer, (n, 5)."""
    digits = rng.permuted(np.tile(np.arange(10), (n, 1)), axis=1)[:, :T]
    answer = np.sort(digits, axis=1)
    return np.concatenate([digits, np.full((n, 1), GO), answer[:, :-1]], axis=1), answer


def sorter(rng, D=16, hidden=32):
    """One block: embedding, attention, two affine layers, and scores for ten digits at the last five places."""
    W = [bp.xavier(*shape, rng) for shape in ((D, D), (D, D), (D, 8), (8, D))]  # of Q, K, V, and back to D
    return bp.Network(
        [
            bp.Embedding(rng.normal(size=(11, D))),
            bp.Residual(bp.LayerNorm(np.ones(D), np.zeros(D)), bp.SelfAttention(*W, causal=True)),
            bp.gates.GetItem(np.s_[:, T:]),
            bp.gates.Reshape((-1, D)),
            bp.Residual(
                bp.LayerNorm(np.ones(D), np.zeros(D)),
                bp.Affine(bp.he(D, hidden, rng), np.zeros(hidden)),
                bp.relu,
                bp.Affine(bp.xavier(hidden, D, rng), np.zeros(D)),
            ),
            bp.Affine(bp.xavier(D, 10, rng), np.zeros(10)),
        ]
    )


def asked(net, seen):
    """Q, K and V of the block, for one row of what is seen."""
    table, block = list(net.layers.values())[:2]
    norm, attention = block.layers.values()
    x = norm.forward(table.forward(seen[None]))[0]
    return x @ attention.Wq, x @ attention.Wk, x @ attention.Wv


def looks(net, seen):
    """The weights A of the block for one row of what is seen: who looks at whom."""
    Q, K, _ = asked(net, seen)
    S = Q @ K.T / np.sqrt(Q.shape[1])
    return softmax(np.where(np.tri(len(S), dtype=bool), S, -np.inf))


seen, answer = drawn(3, np.random.default_rng(5))
for row, sorted_row in zip(seen, answer, strict=True):
    print("sees", *row[:T], "go", *row[T + 1 :], "  has to say", *sorted_row)

# %% [markdown]
# Each step draws 32 new tasks. After 0, 60, 200 and 1000 steps we keep a picture of what the block looks at, for one task that it does not learn from.
#
# **Predict:** once it can do it, and has just written 4, at which digit will it look most?

# %%
prediction = "..."

# %% reveal
rng = np.random.default_rng(0)
net, optimiser = sorter(rng), bp.Adam(0.01)
tests, right_answers = drawn(500, np.random.default_rng(99))
shown = np.array([7, 2, 9, 0, 4, GO, 0, 2, 4, 7])
pictures = {}
for step in range(1001):
    if step in (0, 60, 200, 1000):
        pictures[step] = looks(net, shown)
        said = net.predict(tests).argmax(axis=1).reshape(-1, T)
        print(f"step {step:4}: {np.mean(said == right_answers):.2f} of the digits are right")
    seen, answer = drawn(32, rng)
    loss, grads = net.loss_and_gradient(seen, answer.ravel())
    optimiser.update(net.params, grads)

figure, panels = plt.subplots(1, 4, figsize=(12, 2.6), layout="constrained")
words = [*map(str, shown[:T]), "go", *map(str, shown[T + 1 :])]
for panel, (step, weights) in zip(panels, pictures.items(), strict=True):
    panel.imshow(weights[T:], cmap="Greens", vmin=0, vmax=1)
    panel.set_xticks(range(10), words)
    panel.set_yticks(range(T), words[T:])
    panel.set_title(f"after {step} steps")
plt.show()
for word, row in zip(words[T:], pictures[1000][T:], strict=True):
    print(f"{word:>2} looks at {words[row.argmax()]}, with the weight {row.max():.1f}")

# %% reveal [markdown]
# At the next larger one. Every row is a query, the last thing written; every column is a key. In the beginning all look at all. In the end *go* looks at the smallest digit, and each digit at the next larger: the table has arranged itself so that a query fits the key that comes after it. Sorting was found by gradients that came back through five lines.

# %% [markdown]
# Ask it yourself. Move over *who asks*, and see who is seen; take *causal* off, and the future looks in.

# %% reveal
bp.AttentionRows(*asked(net, shown), queries=words, causal=True, query=8)

# %% [markdown]
# So far it was shown the right beginning at every place. Now it has to live with what it has said itself, digit after digit:


# %% reveal
def sort_with(net, digits):
    """What the network writes after the digits, each time the digit with the largest score."""
    seen = np.full((len(digits), 2 * T), GO)
    seen[:, :T] = digits
    for place in range(T):
        said = net.predict(seen).reshape(-1, T, 10)[:, place].argmax(axis=1)
        if place < T - 1:
            seen[:, T + 1 + place] = said
    return np.concatenate([seen[:, T + 1 :], said[:, None]], axis=1)


written = sort_with(net, tests[:, :T])
print("7 2 9 0 4 →", *sort_with(net, shown[None, :T])[0])
print(f"{np.mean(np.all(written == right_answers, axis=1)):.2f} of 500 rows are sorted without a slip")

# %% [markdown]
# Because of the mask it does not matter what stands at the places to come: there is *go* at all of them, and nobody looks. And did you notice what is missing? **Nothing tells the block where a digit stands.** Attention is a weighted mean, which does not know an order; a sorter needs none. Where order matters, as in a sentence, one adds a second embedding to the first, of the *place*.

# %% [markdown]
# ## 12.12 Where the library does this
#
# Both norms are one gate, and they differ in the axes. Find the projection of 12.2:

# %%
print(inspect.getsource(bp.gates.norms.Normalization.through))

# %% [markdown]
# Attention, with the mask and as many axes in front as one likes; and what comes back to the rows of a table:

# %%
print(inspect.getsource(type(bp.attention).backward))
print(inspect.getsource(type(bp.attention)._weights))
print(inspect.getsource(bp.gates.Embedding.backward))

# %% [markdown]
# ## Summary
#
# * Batch norm: each feature over the batch; layer norm: each sample over its features. Mean and variance are made of $x$, so they send something back: $\partial L/\partial x=(g-\overline g-\hat x\,\overline{g\hat x})/\sigma$, and it adds up to 0.
# * $\gamma$ and $\beta$ are used at every sample: their gradients are sums. In use batch norm takes running means, which are given numbers.
# * A residual is a fork and a plus: one share of the gradient arrives as it was, fifty layers deep.
# * Dropout multiplies by 0 or $1/(1-p)$, both ways by the same mask.
# * Attention backward: $dV=A^\top dO$, $dA=dO\,V^\top$, $dS=A\circ(dA-\text{rowsum}(dA\circ A))$, $dQ=dS\,K/\sqrt d$, $dK=dS^\top Q/\sqrt d$.
# * What must not be seen gets the score $-\infty$, before the softmax. Rows that are chosen get a scatter-add.
#
# ## Exercises
#
# 1. *(pencil)* $x=(0,2)$, $\gamma=1$, $\beta=0$. What is $\hat x$, for any two different numbers? What does that say of $\partial L/\partial x$?
# 2. *(code)* Let `drawn` allow equal digits. How far does the block get, and which tasks does it get wrong? What would it have to count?
# 3. *(code)* Let it write the digits in reverse, `4 0 9 2 7` for `7 2 9 0 4`. It cannot. Then give every place a row of its own: tokens `digit + 11 * place`, and an embedding with 110 rows. How far does it get now?
# 4. *(find the slip)* "I turned the mask round, `np.tri(T).T`, and after a few steps all digits but the last were right." What has the network found?
# 5. *(think)* An affine layer before batch norm has a bias. What gradient does it get, and why do people leave it out?
#
# **Next:** the assignment `ps12`, in which you write both ways of a norm, of attention with its mask and of an embedding.
#
# ## Sources
#
# In our own words, after: S. Ioffe and C. Szegedy 2015 (batch norm); J. Ba, J. Kiros and G. Hinton 2016 (layer norm); K. He and others 2015 (residuals); N. Srivastava and others 2014 (dropout); A. Vaswani and others, [*Attention is all you need*](https://arxiv.org/abs/1706.03762), 2017; CS231n, notes on
# [batch norm and dropout](https://cs231n.github.io/neural-networks-2/); EECS 498-007, lecture 13 (attention); K. Saitoh, *Deep Learning from Scratch*, ch. 6, and volume 2, ch. 8; A. Karpathy, [minGPT](https://github.com/karpathy/minGPT), whose first task is to sort.
