# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 11 · Convolution: a shared weight is a fork
#
# **When you are done, you can**
#
# * slide a window over a sequence or an image, and say what comes back to its weights and to what it saw;
# * turn a convolution into the matrix product of lesson 4, and its way back into a sum;
# * send a gradient back through max pooling and mean pooling;
# * say what a network gains by sharing weights, and measure it on digits that have moved;
# * read AlexNet as one graph: where its parameters are, where its multiplies, and what it has to remember.
#
# **You need** lessons 1 to 7; a glance at lesson 10 helps with how weights begin.
# **Time:** about 105 minutes with the self-checks, in three sittings: 11.1 to 11.3, 11.4 to 11.7, 11.8 to the end. Then comes the assignment `ps11`.

# %%
import inspect

import matplotlib.pyplot as plt
import numpy as np

import bplib as bp
from bplib.course.questions import convolution as check

# %% [markdown]
# ## 11.1 A window that slides
#
# A network of lesson 7 has a weight for each pixel and each neuron. Move a digit by one pixel, and it meets other weights: what was learned for the old place counts for nothing at the new one. Here is a layer that looks for the same thing at *every* place, with the
# same few weights. We begin with one line of numbers, so that everything can be done by hand.
#
# The weights $w=(2,-1,1)$ are a window of three places. Lay it over the first three numbers of $x=(1,3,-2,4,0)$, multiply what lies on top of each other, add. Move it one place to the right, do it again, and go on until it hits the other end:
#
# $$y_i=\sum_{k} x_{i+k}\,w_k .$$
#
# **Self-check 1.** There are three places. What is $y$?

# %%
y = ...
check.slides(y)

# %% [markdown]
# In code it is a loop over the places. Before you run it: is it your $y$?


# %% reveal
def slide(x, w, stride=1, padding=0):
    """What a window with the weights w sees at each place of x."""
    x = np.pad(x, padding)
    return np.array([x[i : i + len(w)] @ w for i in range(0, len(x) - len(w) + 1, stride)])


x, w = np.array([1.0, 3.0, -2.0, 4.0, 0.0]), np.array([2.0, -1.0, 1.0])
print("y =", slide(x, w))

# %% [markdown]
# **A word on the word.** In mathematics a *convolution* turns one of the two round, $\sum_k x_{i-k}\,w_k$; what we do is called *cross-correlation* there. Networks learn their weights, and whoever learns them backwards has lost nothing, so all frameworks slide without turning and say
# convolution all the same. The weights of a window are called a **kernel**. Keep the turning in mind: it comes back in the next section.

# %% [markdown]
# ## 11.2 The way back: one weight, three uses
#
# Nothing new is needed. $w_0$ is used in $y_0$, in $y_1$ and in $y_2$: **a shared weight is a fork**, and what comes back to a fork adds up (2.4). Two places and two weights are few enough for a picture with all its forks:

# %%
bp.record(lambda w0, w1: (1.0 * w0 + 3.0 * w1) * 1.0 + (3.0 * w0 + (-2.0) * w1) * (-2.0), w0=2.0, w1=-1.0)

# %% [markdown]
# Each use of $w_k$ sends back its upstream times the number that the weight met there, and there is one use for each place:
#
# $$\frac{\partial L}{\partial w_k}=\sum_i \frac{\partial L}{\partial y_i}\,x_{i+k}.$$
#
# **Self-check 2.** Back to three places and three weights, $x=(1,3,-2,4,0)$ and $w=(2,-1,1)$. The upstream is $(1,-2,3)$. What is $\partial L/\partial w$?

# %%
dw = ...
check.shared_weights(dw)

# %% [markdown]
# And $x$? A number in the middle stands in three windows: a fork as well. Window $i$ sends upstream $i$ times $w$ to the three places that it saw; where windows overlap, the shares add up.
#
# **Self-check 3.** What is $\partial L/\partial x$, with the same upstream?

# %%
dx = ...
check.back_to_x(dx)

# %% [markdown]
# All of it in code, beside the numerical derivative, with a bias too. **Predict:** a bias $b$ is added at every place. What is $\partial L/\partial b$, if the upstream is $(1,-2,3)$?

# %%
prediction = "..."


# %% reveal
def slide_back(upstream, x, w, stride=1):
    """dx and dw: at every place the window is a small product with two factors."""
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i, signal in enumerate(upstream):
        window = slice(i * stride, i * stride + len(w))
        dw += signal * x[window]
        dx[window] += signal * w
    return dx, dw


upstream = np.array([1.0, -2.0, 3.0])
dx, dw = slide_back(upstream, x, w)
print("dw =", dw, "  measured", bp.numerical_gradient(lambda w: slide(x, w) @ upstream, w).round(6))
print("dx =", dx, "  measured", bp.numerical_gradient(lambda x: slide(x, w) @ upstream, x).round(6))
print("db =", upstream.sum())
print(
    "dx by sliding the kernel, turned round, over the padded upstream:", slide(upstream, w[::-1], padding=2)
)

# %% reveal [markdown]
# The bias is used at every place, so it gets the sum. And look at the last line: $\partial L/\partial x$ is itself a convolution, of the upstream with the kernel turned round. That is where the turning comes back: the number that met $w_0$ in window $i$ met $w_1$ in window $i-1$. You need not remember it. The loop that adds up does the same and
# cannot be turned the wrong way.

# %% [markdown]
# ### Break it on purpose: three ways to lose a share
#
# Three programs that run, return the right shapes, and are wrong. The first writes `=` where windows overlap; the second takes a mean over the places, as if this were a batch with its $1/N$; the third slides the kernel over the upstream without turning it.
#
# **Predict:** there is a kernel with which the third is right. What is special about it?

# %%
prediction = "..."


# %% reveal
def overwritten(upstream, x, w):
    dx = np.zeros_like(x)
    for i, signal in enumerate(upstream):
        dx[i : i + len(w)] = signal * w
    return dx


print("right          ", dx)
print("= for +=       ", overwritten(upstream, x, w))
print("mean for sum   ", (dw / len(upstream)).round(2), "for dw, not", dw)
print("kernel unturned", slide(upstream, w, padding=2))

# %% answer
# the exception
even = np.array([2.0, -1.0, 2.0])
print(
    "a kernel that reads the same from both ends:",
    np.array_equal(slide(upstream, even, padding=2), slide_back(upstream, x, even)[0]),
)

# %% reveal [markdown]
# A kernel that reads the same from both ends hides the slip, as a square matrix hides a forgotten transpose (4.4). Test with kernels that do not.

# %% [markdown]
# ## 11.3 Stride and padding, and how many places there are
#
# Two options. The **stride** $S$ is how far the window moves: with 2 it skips every other place. **Padding** puts $P$ zeros on both sides, so that the window can hang over the edge. A side of length $D$ then has
#
# $$\Big\lfloor\frac{D+2P-K}{S}\Big\rfloor+1$$
#
# places for a kernel of length $K$: it can move by $D+2P-K$, in steps of $S$, and it also stands where it begins. What does not fill a step at the end is never looked at.
#
# **Self-check 4.** The first layer of AlexNet slides a kernel of side 11 over an image of side 227, with stride 4 and no padding. A later one has side 27, kernel 5, stride 1 and padding 2. How many places are there along a side?

# %%
first = ...
second = ...
check.places(first, second)

# %% [markdown]
# **Predict.** Our $x$ and $w$ with stride 2 and padding 1. What is $y$ now? (The padded line is $0,1,3,-2,4,0,0$.)

# %%
guess = None

# %% reveal
print("stride 2, padding 1:", slide(x, w, stride=2, padding=1))
padded_dx, _ = slide_back(upstream, np.pad(x, 1), w, stride=2)
print("what comes back to the padded line:", padded_dx)
print("and to x, without the padding:     ", padded_dx[1:-1])
print("stride forgotten on the way back:  ", slide_back(upstream, np.pad(x, 1), w)[0][1:-1])

# %% reveal [markdown]
# Two things to remember on the way back. The zeros of the padding also get a gradient, and it is thrown away, for they are no variables. And window $i$ began at $i\cdot S$, so that is where its share goes: with the stride forgotten everything lands too far to the left.

# %% [markdown]
# ---
# > **A good place to stop.** You can slide a window both ways, by hand. When you come back: *Run → Run All Above Selected Cell*, and on with 11.4, the same on an image.

# %% [markdown]
# ## 11.4 Two directions
#
# On an image the window is a small rectangle, and it moves in both directions. Otherwise nothing changes: every entry of the output is a sum of products, every weight is used at every place, and what comes back adds up.
#
# $$X=\begin{pmatrix}1&2&0\\0&1&3\\2&-1&1\end{pmatrix},\qquad K=\begin{pmatrix}1&-1\\2&0\end{pmatrix},\qquad \frac{\partial L}{\partial Y}=\begin{pmatrix}1&2\\-1&1\end{pmatrix}$$
#
# **Predict:** which of the nine entries of $X$ hears from all four windows, and how often is the weight $K_{00}$ used?

# %%
prediction = "..."

# %% reveal
X = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, -1.0, 1.0]])
K = np.array([[1.0, -1.0], [2.0, 0.0]])
dY = np.array([[1.0, 2.0], [-1.0, 1.0]])
Y, dX, dK = np.zeros((2, 2)), np.zeros_like(X), np.zeros_like(K)
for i in range(2):
    for j in range(2):
        window = np.s_[i : i + 2, j : j + 2]
        Y[i, j] = np.sum(X[window] * K)
        dK += dY[i, j] * X[window]
        dX[window] += dY[i, j] * K
for name, matrix in (("Y", Y), ("dK", dK), ("dX", dX)):
    print(name, "=", matrix.tolist())

# %% reveal [markdown]
# The one in the middle, and four times: once for each place. Step through it below.

# %% [markdown]
# Choose an entry of $Y$: the window that it saw lights up, and so do the weights, all of them. Then press *forward*: place after place, each sends back its upstream times the weights to where it looked, and its upstream times what it saw to the weights. Both sums grow before your eyes. Change the stride and the padding, and watch the windows overlap less and hang over the edge.

# %%
bp.SlidingKernel(X, K, dY)

# %% [markdown]
# ## 11.5 im2col: a convolution is an affine layer
#
# Loops are slow, and there is nothing in them that we do not have. Write every window as a *row*. Then an output is that row times the weights, written as a column; and all outputs together are $Y=A\,w$, **lesson 4's matrix product, with the places as its samples**. The program that makes $A$ is called *im2col*.
#
# **Self-check 5.** Write `windows(X, h, w)`: a matrix with a row for each place of an $h\times w$ window in the image `X`, in reading order; in each row the numbers of the window, in reading order too. (Stride 1, no padding.)


# %%
def windows(X, h, w):
    raise NotImplementedError


check.windows(windows)

# %% [markdown]
# The way back is lesson 4 as well, $dw=A^\top dY$ and $dA=dY\,w^\top$. There is one step more: $A$ holds most numbers of $X$ several times. It was made by *copying*, and what comes back to copies adds up: that is Repeat's rule from 2.2 and 4.8. The program that lays the rows back to where they were cut out, and adds them up there, is called
# *col2im*. How often was each number copied? Lay ones back, and count:


# %%
def rows_of(X, h, w):
    """The windows of X as rows, by the library, which slides over samples (N), channels (C), rows and columns."""
    patches = bp.gates.Patches((h, w))(X[None, None])
    return patches.reshape(h * w, -1).T


def laid_back(dA, shape, h, w):
    """Every row to where it was cut out, and added up there."""
    P, Q = shape[0] - h + 1, shape[1] - w + 1
    return bp.gates.Fold((1, 1, *shape), (h, w))(dA.T.reshape(1, h, w, 1, P, Q))[0, 0]


A = rows_of(X, 2, 2)
print("A =\n", A)
print("Y = A w =", A @ K.ravel())
print("dK = Aᵀ dY =", A.T @ dY.ravel())
dA = np.outer(dY.ravel(), K.ravel())
print("dX = dY wᵀ, laid back:\n", laid_back(dA, X.shape, 2, 2))
print("how often each number of X was copied:\n", laid_back(np.ones_like(A), X.shape, 2, 2))

# %% [markdown]
# ## 11.6 Channels and batches
#
# An image has three **channels**, red, green and blue; a hidden layer may have hundreds. A kernel sees all channels at once and has weights for each of them, and its sum goes over all: one number for a place. A layer has $M$ kernels, and their answers are the channels of what comes out:
#
# | | shape | in words |
# |---|---|---|
# | $x$ | $(N, C, H, W)$ | samples, channels, rows, columns |
# | weights | $(M, C, h, w)$ | a kernel for each channel that comes out, over all that go in |
# | bias | $(M,)$ | one for each kernel |
# | $y$ | $(N, M, H', W')$ | $H'$ and $W'$ as in 11.3 |
#
# As a matrix product it is $(N\cdot H'\cdot W')\times(C\cdot h\cdot w)$ times $(C\cdot h\cdot w)\times M$. The gradient of a weight is a sum over all places *and all samples*; that of a bias, too. The $1/N$ is in the loss (5.7) and nowhere else.

# %%
rng = np.random.default_rng(0)
x4, W4, b4 = rng.normal(size=(5, 3, 6, 7)), rng.normal(size=(4, 3, 2, 3)), rng.normal(size=4)
y4 = bp.convolution(x4, W4, b4, stride=2, padding=1)
print("x", x4.shape, " W", W4.shape, " y", y4.shape)
G = rng.normal(size=y4.shape)
layer = bp.Convolution(W4, b4, stride=2, padding=1)
layer.forward(x4)
dx4 = layer.backward(G)
print("dx", dx4.shape, " dW", layer.grads["W"].shape, " db", layer.grads["b"].shape)
print("db is the sum over samples and places:", np.allclose(layer.grads["b"], G.sum(axis=(0, 2, 3))))
print(bp.check_gate(bp.gates.Convolution(stride=2, padding=1), x4, W4))

# %% [markdown]
# ## 11.7 Pooling: the router and the sharer
#
# A **pooling** layer also looks through windows, channel by channel, but has no weights: it makes one number of each window, and usually sets the windows side by side, so that the image gets smaller. *Max pooling* takes the largest entry: it is the max gate of lesson 2, **the router**. What arrives goes to the entry that got through. *Mean pooling* takes the
# mean: each entry counts $1/n$, so each gets $1/n$ of the signal: **the sharer**.
#
# **Self-check 6.** Max pooling with windows of $2\times2$, side by side, over $X=\begin{pmatrix}1&5&2&2\\0&3&2&2\end{pmatrix}$. The upstream is $(7,-3)$. What is $\partial L/\partial X$? (In the second window all are equally large. Lesson 2 says who gets it.)

# %%
dX = ...
check.pooled_back(dX)

# %% reveal
x_pool = np.array([[1.0, 5.0, 2.0, 2.0], [0.0, 3.0, 2.0, 2.0]])[None, None]
signal = np.array([[7.0, -3.0]])[None, None]
for pool in (bp.max_pool, bp.average_pool):
    print(f"{pool.symbol:9} {pool(x_pool).ravel()}  sends back", bp.vjp(pool, x_pool, signal)[0, 0].tolist())

# %% reveal [markdown]
# Ties are not rare: behind a relu whole windows are 0. Then the first of the zeros gets the signal, and the relu below it stops it.

# %% [markdown]
# ---
# > **A good place to stop.** Convolution and pooling are old gates in new order. When you come back: *Run → Run All Above Selected Cell*, and on with 11.8, a network that learns with them.

# %% [markdown]
# ## 11.8 A small CNN beside the MLP
#
# Two networks for the digits of lesson 7, with as many numbers to learn. One is that of lesson 7, 64 → 50 → 10. The other is a *convolutional* network, a CNN: kernels of $3\times3$, relu, max pooling, then one affine layer.


# %%
data = bp.digits()


def images(x):
    return x.reshape(-1, 1, 8, 8)


def small_cnn(seed, M=22, pool=2):
    """M kernels of 3 × 3, relu, the largest of each 2 × 2, and scores for ten classes."""
    rng = np.random.default_rng(seed)
    n = M * (8 // pool) ** 2
    return bp.Network(
        [
            bp.Convolution(bp.he(9, M, rng).T.reshape(M, 1, 3, 3), np.zeros(M), padding=1, of_data=True),
            bp.relu,
            bp.Pooling(pool, pool, pool),
            bp.gates.Reshape((-1, n)),
            bp.Affine(bp.he(n, 10, rng), np.zeros(10)),
        ]
    )


def count(net):
    return sum(array.size for array in net.params.values())


mlp, cnn = bp.MLP((64, 50, 10), rng=0), small_cnn(0)
print(f"MLP: {count(mlp)} parameters, CNN: {count(cnn)}; of these the kernels {cnn.params['W1'].size}")

# %% [markdown]
# Both learn from digits as they are. Then they are tested twice: on new digits, and on new digits that have moved by one pixel, to the left or right, up or down. Nobody has shown them such.
#
# **Predict:** how much does each lose?

# %%
prediction = "..."


# %% reveal
def moved(x, down, right):
    """The images moved by so many pixels; what leaves the edge is lost, and zeros come in."""
    padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    return padded[:, 1 - down : 9 - down, 1 - right : 9 - right].reshape(-1, 64)


MOVES = ((0, 1), (0, -1), (1, 0), (-1, 0))


def trained_and_tested(net, shaped, epochs):
    bp.train(net, shaped(data.x_train), data.t_train, epochs=epochs, batch_size=32, optimiser=bp.Adam(0.01), progress=False)  # fmt: skip
    in_place = net.accuracy(shaped(data.x_test), data.t_test)
    shifted = np.mean([net.accuracy(shaped(moved(data.x_test, *by)), data.t_test) for by in MOVES])
    return in_place, shifted


rows = {"MLP": [], "CNN": []}
for seed in range(5):
    mlp, cnn = bp.MLP((64, 50, 10), rng=seed), small_cnn(seed)
    rows["MLP"].append(trained_and_tested(mlp, lambda x: x, epochs=8))
    rows["CNN"].append(trained_and_tested(cnn, images, epochs=4))
print("mean of 5 seeds   digits in place   moved by a pixel")
for name, found in rows.items():
    in_place, shifted = np.mean(found, axis=0)
    print(f"{name:17} {in_place:15.2f} {shifted:18.2f}")

# %% reveal [markdown]
# In place they are close. Moved, both lose much, and the CNN keeps clearly more. Its kernels find a stroke wherever it is, and what they have found moves with the digit; the pooling then forgets where in its window that was. The MLP has learned pixels. Neither is *unmoved* by the pixel: a digit that crosses from one window into the next meets other weights of the affine layer.
#
# So sharing is knowledge that we put in: *a stroke is a stroke wherever it stands*. It is right for pictures, and it would be wrong for a table whose columns are age, height and income.

# %% [markdown]
# What do the kernels look for? Each is an image of $3\times3$. A sum of the weights near 0 with signs on opposite sides finds an *edge*; look for those that are light above and dark below.

# %% reveal
bp.figures.images(cnn.params["W1"].reshape(-1, 9)[:20])

# %% [markdown]
# ## 11.9 AlexNet as one graph
#
# In 2012 a network of eight layers won the ImageNet contest by so much that the field changed. It has nothing that you do not know: convolution, relu, max pooling, affine, softmax. It is one graph, and we can walk it and keep the books, line by line, without having its weights.
#
# **Self-check 7.** The image has 3 channels, $227\times227$. The first layer has 96 kernels with the side 11. How many parameters is that?

# %%
parameters = ...
check.first_layer(parameters)


# %% [markdown]
# **Predict:** where do most of the parameters sit, in the five layers of convolution or in the three affine ones? And where most of the multiplies?

# %%
prediction = "..."

# %% reveal
ALEXNET = [
    ("conv1", 96, 11, 4, 0), ("pool1", None, 3, 2, 0), ("conv2", 256, 5, 1, 2), ("pool2", None, 3, 2, 0),
    ("conv3", 384, 3, 1, 1), ("conv4", 384, 3, 1, 1), ("conv5", 256, 3, 1, 1), ("pool5", None, 3, 2, 0),
    ("affine6", 4096), ("affine7", 4096), ("affine8", 1000),
]  # fmt: skip


def walk(layers, C=3, side=227):
    """(name, shape of what comes out, parameters, multiplies for one image), layer after layer."""
    for name, M, *window in layers:
        if name.startswith("affine"):
            n = C * side**2
            yield name, (M,), n * M + M, n * M
            C, side = M, 1
            continue
        K, S, P = window
        side = (side + 2 * P - K) // S + 1
        kernel = 0 if M is None else C * K**2
        C = M or C
        yield name, (C, side, side), (kernel + 1) * C if kernel else 0, kernel * C * side**2


books = list(walk(ALEXNET))
print("layer     what comes out      entries    parameters      multiplies")
for name, shape, learned, products in books:
    print(f"{name:9} {'×'.join(map(str, shape)):14} {np.prod(shape):12} {learned:13} {products:15}")
of_windows = [row for row in books if not row[0].startswith("affine")]
for what, column in (("parameters", 2), ("multiplies", 3)):
    total, in_windows = (sum(row[column] for row in part) for part in (books, of_windows))
    print(f"{what}: {total} together, {in_windows / total:.0%} of them in the layers of convolution")

# %% reveal [markdown]
# A convolution has few weights and uses each of them at every place: many multiplies. An affine layer uses each weight once: as many multiplies as weights. So 6 parameters in 100 do 95 in 100 of the work. The first affine layer alone holds 60 % of everything that AlexNet knows.

# %% [markdown]
# The same as a picture, layer by layer, and with it a third account: what has to be *remembered*. The way back needs what entered each layer (BP4: the answers before it times the error behind it), so all of it is kept from the way forth until the gradient has passed.

# %% reveal
names = [name for name, *_ in books]
figure, panels = plt.subplots(1, 3, figsize=(11, 3), layout="constrained")
accounts = {"entries kept": [np.prod(shape) for _, shape, *_ in books], "parameters": [row[2] for row in books], "multiplies": [row[3] for row in books]}  # fmt: skip
for panel, (title, numbers), colour in zip(
    panels, accounts.items(), ("#006d77", "#6a3d9a", "#b23a00"), strict=True
):
    panel.barh(names, np.array(numbers) / 1e6, color=colour)
    panel.invert_yaxis()
    panel.set_title(f"{title}, in millions")
plt.show()

# %% answer
kept = 3 * 227**2 + sum(int(np.prod(shape)) for _, shape, *_ in books)
parameters = sum(row[2] for row in books)
for N in (1, 128):
    print(
        f"{N:3} images: {kept * N * 4 / 2**20:7.1f} MiB of answers to remember, {parameters * 4 / 2**20:.0f} MiB of parameters"
    )
grouped = parameters - (256 * 48 * 25 + 384 * 192 * 9 + 256 * 192 * 9)
print(f"with the two groups of the paper: {grouped} parameters")

# %% [markdown]
# (In float32, with the numbers that come out of each layer; a relu that is kept beside its sum doubles that of its layer. The paper split layers 2, 4 and 5 into two groups of channels, for two graphics cards, so that each kernel there sees half of the channels.) For one image the parameters are the burden; for a batch of 128 it is the memory. That is why the way back of a large network is short of memory before it is short of time. What helps is to keep
# only some of the answers, and to compute the others once more on the way back.
#
# **Why nobody writes $\nabla_W$ of AlexNet on paper.** Written out, the gradient of a first kernel is a sum over all paths from that weight to the loss: over 3025 places, then through seven more layers. Nobody has written it down, and nobody needs it. The graph has some twenty gates of five kinds; each knows its own derivative; one sweep multiplies and adds. If you exchange the loss at the end, *one* gate
# changes, and all the others, forth and back, stay as they are. On paper you would begin anew.

# %% [markdown]
# ## 11.10 Where the library does this
#
# Convolution is patches, a matrix product, and Fold, which adds up. Compare it with 11.5:

# %%
print(inspect.getsource(bp.gates.Convolution.partial_backward))
print(inspect.getsource(bp.gates.Fold.forward))

# %% [markdown]
# And pooling: what the windows see goes to the max of lesson 2 or to a mean, and comes back by the same Fold:

# %%
print(inspect.getsource(bp.gates.windows.Pool.backward))

# %% [markdown]
# ## Summary
#
# * A convolution slides a kernel: the same weights at every place. A shared weight is a fork, so its gradient is a sum over places and samples, never a mean.
# * $\partial L/\partial x$: each window sends its upstream times the kernel back to where it looked; windows overlap, and shares add up. As a convolution of its own, it has the kernel turned round.
# * $\lfloor(D+2P-K)/S\rfloor+1$ places. The stride counts on the way back too; the padding's gradient is thrown away.
# * im2col makes it lesson 4's affine layer, with windows as samples. It copies; so col2im adds up.
# * Max pooling routes, mean pooling shares. At a tie the first gets it.
# * Sharing is knowledge put in: few parameters, many multiplies, and what moves is found again.
#
# ## Exercises
#
# 1. *(pencil)* $x=(2,0,1,-1)$, $w=(1,3)$, upstream $(1,1,2)$. Work out $y$, $\partial L/\partial w$ and $\partial L/\partial x$, and let `slide_back` check you.
# 2. *(code)* In 11.8 take mean pooling for max pooling: `bp.gates.AveragePool(4, 4)`. What becomes of the moved digits?
# 3. *(find the slip)* "A kernel of $1\times1$ sees a single pixel, so it only multiplies the image by a number." What does it do to an image with 64 channels?
# 4. *(code)* Train the MLP on digits that have been moved at random. How far does it catch up? What has it cost?
# 5. *(think)* A window of $11\times11$ has 121 weights for each channel. Two layers of $3\times3$, one after the other, see $5\times5$ pixels. How many weights are five of them, and how far do they see? What else do they have that the one has not?
#
# **Next:** the assignment `ps11`, in which you write all of this for batches and channels, and keep the books of a network; then lesson 12: norm and attention, where every piece is an old lesson.
#
# ## Sources
#
# In our own words, after: CS231n, notes on [convolutional networks](https://cs231n.github.io/convolutional-networks/); K. Saitoh, [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/), ch. 7 (im2col); EECS 498-007, lectures 7 and 8; M. Nielsen,
# [*Neural Networks and Deep Learning*](http://neuralnetworksanddeeplearning.com/chap6.html), ch. 6; A. Krizhevsky, I. Sutskever and G. Hinton 2012 (AlexNet); Y. LeCun and others 1998.
