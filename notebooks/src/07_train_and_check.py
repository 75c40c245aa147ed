# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 7 · A network that learns, and how to know that its gradient is right
#
# **When you are done, you can**
#
# * read and write a network with the full set of methods: predict, loss, accuracy, gradient, numerical gradient;
# * tell from three numbers, before the real training, whether a network is sound;
# * check the gradient of every parameter, and say what such a check cannot see;
# * train on real digits, and recognise a saturated start, a stale parameter and a loss that runs away.
#
# **You need** lessons 4 to 6: the affine layer, softmax with loss, the backward pass of a whole network.
# **Time:** about 105 minutes with the self-checks, in three sittings: 7.1 to 7.3, 7.4 to 7.7, 7.8 to the end. Then comes the assignment `ps07`.

# %%
import inspect
from time import perf_counter

import numpy as np

import bplib as bp
from bplib.course.questions import train_and_check as check

# %% [markdown]
# ## 7.1 Sixty-four numbers and ten answers
#
# Here are the first ten of 1797 digits that people wrote by hand. Each is an image of 8 × 8 pixels, from 0 (black) to 1
# (white): a row of 64 numbers. `digits` keeps every fifth aside, to test on.

# %%
data = bp.digits()
print("to learn from:", data.x_train.shape, " to test on:", data.x_test.shape)
print("the first ten are", data.t_train[:10].tolist())
bp.figures.images(data.x_train[:10], truth=data.t_train[:10])

# %% [markdown]
# Who guesses is right once in ten times. At the end of this lesson a network of two layers reads 97 of 100 digits that it has
# never seen, and training it takes a second. It has 64 inputs, 50 hidden neurons and 10 outputs, one for each digit.
#
# **Predict, then run.** How many numbers does it have to learn: all weights and biases?

# %%
guess = None
check.parameters(guess)

# %% reveal
net = bp.TwoLayerNet(input_size=64, hidden_size=50, output_size=10, weight_init_std=0.01, rng=0)
for name, array in net.params.items():
    print(f"{name} {array.shape!s:9} {array.size:5} numbers")
print("together", sum(array.size for array in net.params.values()))

# %% [markdown]
# All of them are wrong at the beginning, and one gradient has to put them right. The formula of that gradient is yours since
# lesson 6. This lesson is about what stands around it, and about one question that decides everything: *how do you know
# that your gradient is right?*
#
# ## 7.2 A neuron, a layer, a network
#
# The smallest network is one neuron. It weighs its inputs, adds a bias, and an *activation function* turns the sum into its
# **firing rate**. The one of lesson 2, with weights $(2,-3)$, bias $-3$ and inputs $(-1,-2)$:

# %%
neuron = bp.Neuron(w=[2.0, -3.0], b=-3.0)
print(f"sum {np.dot([-1.0, -2.0], [2.0, -3.0]) - 3.0:.2f}, firing rate {neuron.forward([-1.0, -2.0]):.4f}")

# %% [markdown]
# The names come from the brain. A nerve cell collects signals along its *dendrites*, the inputs; each comes over a *synapse*, which lets it through more or less strongly, the
# weight; the *cell body* adds them up; and if that is enough, the cell *fires* along its *axon*, the output, which branches to the dendrites of others. That is where the
# likeness ends. Real cells send spikes in time, have many kinds, and their dendrites compute on their own; for us a neuron is a dot product and a bent line. (One reads that
# the relu is the closest of all activations to a real neuron. It is silent below a threshold and rises above it, as a firing rate does; but no cell's rate rises without end.
# Nobody chooses it for that reason. It is cheap, and lets gradients through.)
#
# Neurons that see the same inputs form a **layer**, and one matrix product runs them all. In a **fully connected** layer every neuron sees every input, as in all of
# ours. A layer whose results are neither input nor output is called **hidden**. In one formula, a network with one hidden layer of relus, without its biases, is
#
# $$f(x)=W_2\,\max(0,\;W_1x)$$
#
# in the column form of most books, `np.maximum(0, x @ W1) @ W2` in ours. For small colour images of 32 × 32 × 3 pixels, 100 hidden neurons and 10 classes:
#
# ```
#      x                     h                     scores
#   3072 numbers  ── W1 ──▶  100 neurons  ── W2 ──▶  10 classes
#                 3072 × 100               100 × 10
# ```
#
# Each column of `W1` is as large as an image. It is a **template**: the neuron fires when the image is like it. (In 7.9 we look at such templates.) With `W1` alone there
# would be one template for each class. With a hidden layer there are a hundred, say a horse that looks left and one that looks right, and `W2` adds them up.
#
# A forward pass through 3 inputs, two hidden layers of 4 neurons and 1 output is
# three lines. Note that nothing bends the last one:

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(1, 3))
W1, W2, W3 = (rng.normal(size=shape) for shape in ((3, 4), (4, 4), (4, 1)))
b1, b2, b3 = np.zeros(4), np.zeros(4), np.zeros(1)

h1 = bp.sigmoid(x @ W1 + b1)
h2 = bp.sigmoid(h1 @ W2 + b2)
out = h2 @ W3 + b3

print("shapes:", x.shape, "→", h1.shape, "→", h2.shape, "→", out.shape)
print(
    f"{W1.size + W2.size + W3.size} weights and {b1.size + b2.size + b3.size} biases; out = {out.item():.4f}"
)

# %% [markdown]
# *How many layers* is that? We count those with weights: three. And why bend at all? Without an activation two affine layers are
# one: $(xW_1)W_2 = x(W_1W_2)$. The activation is what makes a second layer worth having.
#
# Six of them side by side, solid, with their slopes, dashed. The slope is what the backward pass multiplies by:

# %%
import matplotlib.pyplot as plt

activations = (bp.sigmoid, bp.tanh, bp.relu, bp.leaky_relu, bp.elu, bp.softplus)
z = np.linspace(-5, 5, 201)
figure, panels = plt.subplots(2, 3, figsize=(9, 4.4), sharex=True, layout="constrained")
print("            slope at  −4       1       4   largest")
for f, panel in zip(activations, panels.flat, strict=True):
    slope = bp.vjp(f, z, np.ones_like(z))
    panel.plot(z, f(z), color="#006d77")
    panel.plot(z, slope, "--", color="#b23a00")
    panel.set(title=f.name, ylim=(-1.5, 3))
    print(f"{f.name:18}", *(f"{bp.grad(f)(at):7.4f}" for at in (-4.0, 1.0, 4.0)), f"  {slope.max():.2f}")
plt.show()

# %% [markdown]
# The sigmoid never lets more than a quarter of the signal pass, and at ±4 less than 2 %. A neuron out there is **saturated**. Relu
# passes all or nothing.
#
# ## 7.3 Twenty lines that learn
#
# This network is famous for its size. 64 samples of 1000 random numbers, 10 random numbers wanted for each; a hidden layer of
# 100 sigmoid neurons; no biases; the loss is the sum of the squared errors. Read it line by line: the lines with
# `d_` are the backward pass, in the order in which lesson 6 derived it.


# %%
def twenty_lines(size1, size2, lr, steps):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 1000))
    w1, w2 = size1 * rng.normal(size=(1000, 100)), size2 * rng.normal(size=(100, 10))
    y = rng.normal(size=(64, 10))
    start, losses = (w1.copy(), w2.copy()), []
    for _ in range(steps):
        h = 1 / (1 + np.exp(-(x @ w1)))
        answer = h @ w2
        losses.append(np.sum((answer - y) ** 2))

        d_answer = 2 * (answer - y)
        d_w2 = h.T @ d_answer
        d_h = d_answer @ w2.T
        d_w1 = x.T @ (d_h * h * (1 - h))

        w1 -= lr * d_w1
        w2 -= lr * d_w2
    return x, y, start, (w1, w2), losses


x, y, start, end, losses = twenty_lines(size1=1, size2=1, lr=1e-4, steps=2000)
print(f"loss {losses[0]:.0f} → {losses[-1]:.2f}")

# %% [markdown]
# The loss has become nearly 4000 times smaller. It learns, so the gradient is right, and all is well? Let us see how far each
# matrix has travelled from where it began:


# %%
def travelled(before, after):
    return np.linalg.norm(after - before) / np.linalg.norm(before)


for name, before, after in zip(("w1", "w2"), start, end, strict=True):
    print(f"{name} has moved by {100 * travelled(before, after):.2g} % of its size")

z = x @ start[0]
h = bp.sigmoid(z)
print(f"spread of the sums at the start: std(z) = {z.std():.0f}")
print(f"σ'(z) below 0.001: {np.mean(h * (1 - h) < 1e-3):.0%} of the hidden units")
bp.figures.histograms({"sums z at the start": z, "answers h = σ(z)": h})

# %% [markdown]
# The first layer, with 100 000 of the 101 000 weights, has hardly moved. Each sum adds 1000 products of size 1, so its spread is
# $\sqrt{1000}\approx 32$; most neurons sit on the flat arms of the sigmoid, at 0 or at 1, and the backward pass multiplies their
# signal by almost nothing. So did only the last layer learn, on top of a random first one? It is tempting to say so, and an experiment can ask. We freeze the first layer
# at its start and train the second alone, for as many steps. And we ask how much the trained network needs the little that its first layer has moved: we put it back.

# %%
w2 = start[1].copy()
for _ in range(2000):
    w2 -= 1e-4 * h.T @ (2 * (h @ w2 - y))
print(f"both layers trained:              loss {losses[-1]:.2f}")
print(f"first layer frozen all the time:  loss {np.sum((h @ w2 - y) ** 2):.1f}")
print(f"trained, first layer put back:    loss {np.sum((h @ end[1] - y) ** 2):.0f}")
for name, before, after in zip(("w1", "w2"), start, end, strict=True):
    print(f"the way of {name}: {np.linalg.norm(after - before):.1f}")

# %% [markdown]
# No: a frozen first layer stops at 48.7, and without its 1.6 % the trained network is nowhere. A small share of a large matrix is still a third as long a way as that of `w2`. Moved "by little" is
# not moved for nothing; only the experiment that takes it away tells. But the first layer *did* learn slowly, for its size.
#
# The gradient was right. The **beginning** was wrong. Divide the first weights by $\sqrt{1000}$ and the second by
# $\sqrt{100}$, so that sums have a spread near 1, and look again. (The learning rate may now be ten times larger, and 500 steps are
# plenty.)

# %%
x, y, start, end, losses = twenty_lines(size1=1 / np.sqrt(1000), size2=1 / np.sqrt(100), lr=1e-3, steps=500)
h = bp.sigmoid(x @ start[0])
print(f"loss {losses[0]:.0f} → below 1e-8: {losses[-1] < 1e-8}")
print(f"std(z) = {(x @ start[0]).std():.2f}, σ'(z) below 0.001: {np.mean(h * (1 - h) < 1e-3):.0%}")
for name, before, after in zip(("w1", "w2"), start, end, strict=True):
    print(f"{name} has moved by {100 * travelled(before, after):.0f} % of its size")

# %% [markdown]
# The same lines and the same data, and this time both layers work. Weights from $D$ inputs to $M$ neurons that begin with a spread of
# $\sqrt{1/D}$, or of $\sqrt{2/D}$ in front of a relu, have names: `bp.xavier` (more precisely $\sqrt{2/(D+M)}$) and `bp.he`.
#
# Here is one path through such a network, after its backward pass: at `w1 = 8` the second weight gets a
# strong signal and the first one next to none. Pull `w1` towards 0 and watch the first gradient wake up.


# %%
def one_path(x, w1, w2, y):
    h = bp.sigmoid(x * w1)
    return (h * w2 - y) ** 2


bp.Stepper(one_path, x=1.0, w1=8.0, w2=2.0, y=0.5, ranges={"w1": (-10, 10)}, step=-1)

# %% [markdown]
# **Self-check 1.** A hidden sigmoid neuron gets the input $x=3$ through the weight $w$, among other inputs, and the upstream signal 2
# arrives at its output. What is the gradient of $w$ when its sum is $z=0$, and what when $z=10$? ($\sigma'(10)\approx 0.0000454$.)

# %%
at_0 = ...
at_10 = ...
check.saturated(at_0, at_10)

# %% [markdown]
# ---
# > **A good place to stop.** A network of twenty lines has learned, and you know why its beginning matters. When you come back: *Run → Run All Above Selected Cell*, and on with 7.4, the same as an object.

# %% [markdown]
# ## 7.4 The full set of methods
#
# Twenty lines are fine until you want another layer, another loss, or a test. So one puts the parts into an object. The names below
# are those of a well-known book, and of many programs:
#
# | name | what it is |
# |---|---|
# | `params` | the parameters by name: `W1`, `b1`, `W2`, `b2` |
# | `layers` | the layers, **in order**: `Affine1`, `Relu1`, `Affine2` |
# | `last_layer` | softmax with loss; it stands apart, because `predict` does not need it |
# | `predict(x)` | scores, one row for each sample |
# | `loss(x, t)` | the mean loss, one number |
# | `accuracy(x, t)` | the share of samples whose largest score is at the right class |
# | `gradient(x, t)` | the gradient of the loss for each parameter, by backpropagation |
# | `numerical_gradient(x, t)` | the same by nudging, slow and independent |

# %%
x, t = data.x_train[:5], data.t_train[:5]
print("layers:    ", list(net.layers), "and then", net.last_layer.gate.name)
print("predict:   ", net.predict(x).shape)
print(f"loss:       {net.loss(x, t):.4f}")
print(f"accuracy:   {net.accuracy(x, t):.2f}")
print("gradient:  ", {name: gradient.shape for name, gradient in net.gradient(x, t).items()})

# %% [markdown]
# Each gradient has the shape of its parameter. Going forward is a loop over the layers, and going backward is the same loop in the other
# direction. It is short enough to be yours.
#
# **Self-check 2.** Write `gradient(layers, last_layer, x, t)` for the three layers `Affine1`, `Relu1`, `Affine2`. `layer.forward(x)` gives what the
# layer makes of `x`; `last_layer.forward(scores, t)` gives the loss, and `last_layer.backward()` the gradient of the scores.
# `layer.backward(upstream)` gives what goes on downstream, and leaves an affine layer's own gradients in `layer.grads["W"]` and
# `layer.grads["b"]`. Return a dict with `"W1"`, `"b1"`, `"W2"`, `"b2"`.


# %%
def gradient(layers, last_layer, x, t):
    raise NotImplementedError


check.backward_loop(gradient)

# %% [markdown]
# ## 7.5 The first number: the loss at the start
#
# Before you train, ask for the loss at the very start. There is one case in which you know it without any computer.
#
# **Self-check 3.** All weights and biases are 0. What is the mean loss of softmax with loss for 10 classes? And for 2?

# %%
ten_classes = ...
two_classes = ...
check.at_zero(ten_classes, two_classes)

# %% [markdown]
# Try it, with four beginnings:

# %% answer
print("std of the weights   loss at the start   largest |dW1|   |dW2|   |db2|")
for std in (0.0, 0.01, 0.1, 1.0):
    beginner = bp.TwoLayerNet(64, 50, 10, weight_init_std=std, rng=0)
    g = beginner.gradient(x, t)
    sizes = (np.abs(g[name]).max() for name in ("W1", "W2", "b2"))
    print(
        f"{std:<20} {beginner.loss(data.x_train, data.t_train):18.4f}  ", *(f"{size:10.4f}" for size in sizes)
    )
print(f"ln 10 = {np.log(10):.6f}")

# %% reveal [markdown]
# With zeros every class gets the probability 1/10, whatever the image, and the loss is $-\ln\frac1{10}=\ln 10$. Small random weights
# are still undecided, and close to it. Weights of size 1 begin with 16.34: the network is *sure, and wrong*, and has to
# unlearn first. Two lessons:
#
# * **A loss far from $\ln C$ at the start is a message.** Much more: the weights are too large, or the inputs not scaled. Less: the loss
#   is averaged once too often.
# * The first row is also why nobody begins with zeros. There `W1` *and* `W2` get the gradient 0 (why?), and
#   only `b2` can learn.

# %% [markdown]
# It is a message about the *beginning* only. Suppose that somebody has left the right answers in the inputs (it happens: a file name, a row number, a column too many). Does the first
# loss show it?

# %%
answers = np.eye(10)[data.t_train]
with_answers = np.hstack([data.x_train, answers])
for std in (0.01, 0.1):
    clean = bp.TwoLayerNet(64, 50, 10, weight_init_std=std, rng=0).loss(data.x_train, data.t_train)
    leaky = bp.TwoLayerNet(74, 50, 10, weight_init_std=std, rng=0).loss(with_answers, data.t_train)
    print(f"std {std:<4}  first loss {clean:.3f}, with the answers among the inputs {leaky:.3f}")

leaky = bp.TwoLayerNet(74, 50, 10, rng=0)
history = bp.train(leaky, with_answers, data.t_train, epochs=3, optimiser=bp.SGD(0.5), progress=False)
blank = np.hstack([data.x_test, np.zeros((len(data.x_test), 10))])
print(
    f"after 3 epochs: {history.accuracy[-1]:.2f} right in training, {leaky.accuracy(blank, data.t_test):.2f} where nobody knows the answers"
)

# %% [markdown]
# It does not: random weights cannot make use of an answer. A leak shows later, as a network that is too good in training and worse wherever the answers are missing.

# %% [markdown]
# ## 7.6 The second number: the error of the gradient
#
# Two ways lead to the gradient. Backpropagation is fast and easily wrong. Nudging is slow and hard to get wrong: a loop over all entries, two forward
# passes for each. Two ways that have nothing in common but the forward pass, and agree to six digits: we believe both.

# %%
backprop, numerical = net.gradient(x, t), net.numerical_gradient(x, t)
for name in net.params:
    apart = np.abs(backprop[name] - numerical[name]).max() / np.abs(numerical[name]).max()
    print(f"{name}: {net.params[name].size:4} entries, relative error below 1e-6: {apart < 1e-6}")

# %% [markdown]
# *Relative* to the largest entry of the array: a gradient of size 0.000001 that is wrong altogether would pass a fixed tolerance of 0.00001.
#
# Why not nudge always, then? Each of the 3760 entries costs two forward passes, 7520 in all; a backward pass costs two at most.

# %%
began = perf_counter()
net.numerical_gradient(x, t)
nudging = perf_counter() - began

began = perf_counter()
for _ in range(20):
    net.gradient(x, t)
backward = (perf_counter() - began) / 20

print(f"forward passes for nudging: {2 * sum(array.size for array in net.params.values())}")
print(f"nudging takes over 500 times as long as backpropagation: {nudging > 500 * backward}")

# %% [markdown]
# (`nudging / backward` is the factor on your machine.) It grows with the network. So one checks once, with a few samples and a
# small network, and trains with backpropagation.
#
# ### Break it on purpose: a network with a slip
#
# Here is a network whose backward pass walks past the relu. Everything runs, every shape fits. (`bp.train`, which section 7.9
# takes apart, walks through all training digits ten times. Each such walk is an *epoch*.) **Predict:** does it learn?

# %%
prediction = "..."


# %% reveal
class ForgetsTheRelu(bp.TwoLayerNet):
    def gradient(self, x, t):
        self.loss(x, t)
        upstream = self.layers["Affine2"].backward(self.last_layer.backward())
        self.layers["Affine1"].backward(upstream)
        first, second = self.layers["Affine1"].grads, self.layers["Affine2"].grads
        return {"W1": first["W"], "b1": first["b"], "W2": second["W"], "b2": second["b"]}

    def loss_and_gradient(self, x, t):  # what bp.train asks for
        return self.loss(x, t), self.gradient(x, t)


for name, made in (("with the slip", ForgetsTheRelu), ("sound", bp.TwoLayerNet)):
    trained = made(64, 50, 10, rng=0)
    history = bp.train(trained, data.x_train, data.t_train, epochs=10, optimiser=bp.SGD(0.1), progress=False)
    print(f"{name:13}  accuracy on what it has learned from, after 10 epochs: {history.accuracy[-1]:.2f}")

# %% reveal [markdown]
# It does, and 0.88 looks well, as long as nobody has the 0.92 of the sound network beside it. (`bp.SGD(0.1)` is the plain step against the gradient, $p-0.1\,\partial L/\partial p$, with
# the name of lesson 6: *stochastic gradient descent*.) A wrong gradient that points roughly downhill learns *something*, and that is what makes these slips live for years.
# **That the loss falls is no test of a gradient.**

# %% [markdown]
# This is a test:

# %%
slip = ForgetsTheRelu(64, 6, 10, weight_init_std=0.5, rng=0)
bp.check_network(slip, x, t)

# %% [markdown]
# The second layer is right and the first is not, so the slip must lie between them. That is how one reads such a report: from the
# loss backwards, to the first parameter that fails.
#
# `check_network` visits every entry. Where that takes too long, `directional=True` compares the slope along two random directions
# through *all* parameters at once. For the sound network:

# %%
bp.check_network(net, x, t, directional=True)

# %% [markdown]
# ## 7.7 Two checks that surprise
#
# ### A right gradient that fails
#
# The third sample is made blank: all pixels 0. With all biases still 0, each hidden sum is then exactly 0: on the **kink** of the relu.

# %%
with_a_blank = x.copy()
with_a_blank[2] = 0.0
backprop, numerical = net.gradient(with_a_blank, t), net.numerical_gradient(with_a_blank, t)
for name in net.params:
    apart = np.abs(backprop[name] - numerical[name]).max() / np.abs(numerical[name]).max()
    print(f"{name}: relative error {apart:.2f}")

# %% [markdown]
# **Self-check 4.** At $z=0$, what does the central difference $\frac{\mathrm{relu}(h)-\mathrm{relu}(-h)}{2h}$ give? And which slope does our backward
# pass use there? (The conventions card of lesson 0 knows.)

# %%
central = ...
ours = ...
check.kink(central, ours)

# %% [markdown]
# Nobody made a mistake. At a kink there is no derivative, only a slope on each side, and the two methods choose differently. The cure is to
# look beside it: random biases, or another sample. (`check_network` looks at both sides itself, and says so.)

# %%
beside = bp.TwoLayerNet(64, 50, 10, rng=0)
beside.params["b1"] += np.random.default_rng(1).normal(0, 0.1, 50)
backprop, numerical = beside.gradient(with_a_blank, t), beside.numerical_gradient(with_a_blank, t)
apart = np.abs(backprop["b1"] - numerical["b1"]).max() / np.abs(numerical["b1"]).max()
print(f"b1, a step beside the kink: relative error below 1e-6: {apart < 1e-6}")

# %% [markdown]
# ### A wrong network that passes
#
# Layers live in a dict *in order*. Someone builds the dict in another one, and the relu comes last. We train both on two half-moons, points in
# the plane:

# %%
x_moons, t_moons = bp.moons(200, rng=0)
for order in (("Affine1", "Relu1", "Affine2"), ("Affine1", "Affine2", "Relu1")):
    ordered = bp.TwoLayerNet(2, 16, 2, weight_init_std=0.5, rng=1)
    ordered.layers = {name: ordered.layers[name] for name in order}
    passes = bp.check_network(ordered, x_moons[:5], t_moons[:5]).ok
    history = bp.train(ordered, x_moons, t_moons, epochs=60, progress=False)
    print(" → ".join(order), f": gradient check passed: {passes}, accuracy {history.accuracy[-1]:.2f}")

# %% [markdown]
# The second network's gradient is right: right **for the wrong function**. Two affine layers in a row are one, and a relu at the end cuts off all
# negative scores. *A gradient check compares your backward pass with your forward pass. Whether forward is what you meant, it cannot know.* Nor does
# $\ln C$ help here: at zero weights both networks know nothing. What helps is a forward pass worked out by hand, and the next test.
#
# ### The third number: can it learn five samples by heart?
#
# Five samples and 3760 parameters: a sound network brings the loss to nearly 0. If it cannot, do not try it on 1437. And five half-moons for the two
# networks from above:


# %%
def loss_by_heart(net, x, t, steps):
    return bp.train(net, x, t, epochs=steps, batch_size=len(x), progress=False).loss[-1]


print(f"five digits: loss {loss_by_heart(bp.TwoLayerNet(64, 50, 10, rng=0), x, t, 200):.4f}")
for order in (("Affine1", "Relu1", "Affine2"), ("Affine1", "Affine2", "Relu1")):
    ordered = bp.TwoLayerNet(2, 16, 2, weight_init_std=0.5, rng=1)
    ordered.layers = {name: ordered.layers[name] for name in order}
    print(
        f"five moons, {' → '.join(order)}: loss {loss_by_heart(ordered, x_moons[:5], t_moons[:5], 400):.4f}"
    )

# %% [markdown]
# ---
# > **A good place to stop.** You can tell a sound network from a broken one before it is trained. When you come back: *Run → Run All Above Selected Cell*, and on with 7.8, the step.

# %% [markdown]
# ## 7.8 The step, and a trap in one character
#
# The step down the gradient is one line for each parameter, $p \leftarrow p - \eta\,\frac{\partial L}{\partial p}$, and there are two ways to write it that look
# alike. Try both on a layer that was given its array at the start, as ours were:


# %%
class Line:
    """y = x · w"""

    def __init__(self, w):
        self.w = w

    def loss(self, x, y):
        return np.mean((x * self.w - y) ** 2)

    def slope(self, x, y):
        return np.mean(2 * (x * self.w - y) * x)


x_line, y_line = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])


def rebind(params, step):
    params["w"] = params["w"] - step


def in_place(params, step):
    params["w"] -= step


for update in (rebind, in_place):
    params = {"w": np.array([0.5])}
    line = Line(params["w"])
    for _ in range(50):
        update(params, 0.05 * line.slope(x_line, y_line))
    loss = line.loss(x_line, y_line)
    print(
        f"{update.__name__:8}  w in params {params['w'][0]:6.2f}   w in the layer {line.w[0]:.2f}   loss {loss:.2f}"
    )

# %% [markdown]
# `-=` changes the numbers *in the array that both share*. `= … −` makes a **new** array and writes it into the dict; the layer still
# holds the old one. It computes its gradient at a place that never moves, so `params` marches on for ever, and the loss stays where it was. No error
# is raised. One name for the trap is *aliasing*: two names for one array, until an innocent `=` cuts them apart.
#
# The library's `params` writes into the array for either spelling, so a `TwoLayerNet` cannot go stale. Your own dict can, and
# `check_network` tells you when one does.
#
# **Self-check 5.** Write the step so that everyone who holds one of the arrays sees it. The gradients belong to the caller and stay as they are.


# %%
def step_down(params, grads, lr):
    raise NotImplementedError


check.step_down(step_down)

# %% [markdown]
# ### A step with a memory
#
# In a long narrow valley plain steps go to and fro between the walls. **Momentum** remembers: the velocity $v$ keeps a share $\mu$ of itself, and
# each gradient only pushes it,
#
# $$v \leftarrow \mu v - \eta\,\frac{\partial L}{\partial p}, \qquad p \leftarrow p + v .$$
#
# Pushes to and fro cancel, pushes down the valley add up, with $\mu=0.9$ to ten times as much. On a valley that is 50 times as
# steep across as it is along:


# %%
def valley(p):
    return 0.5 * (p[0] ** 2 + 50 * p[1] ** 2)


print("optimiser      loss after 0        20        60 steps")
for optimiser in (bp.SGD(0.03), bp.Momentum(0.03, 0.9)):
    params, losses = {"p": np.array([10.0, 1.0])}, []
    for _ in range(61):
        losses.append(valley(params["p"]))
        optimiser.update(params, {"p": params["p"] * np.array([1.0, 50.0])})
    print(f"{type(optimiser).__name__:12}", *(f"{losses[k]:13.4f}" for k in (0, 20, 60)))

# %% [markdown]
# ## 7.9 Real digits
#
# Now everything comes together. Training is four steps, over and over:
#
# 1. **take** a mini-batch of samples, at random;
# 2. **forward:** their loss;
# 3. **backward:** the gradient of every parameter;
# 4. **step** against it.
#
# An **epoch** is one walk through all training samples, in a new random order, a **mini-batch** at a time. This is all of training:

# %%
net, rng = bp.TwoLayerNet(64, 50, 10, rng=0), np.random.default_rng(0)
for epoch in range(10):
    order = rng.permutation(len(data.x_train))
    for k in range(0, len(order), 32):
        batch = order[k : k + 32]
        g = net.gradient(data.x_train[batch], data.t_train[batch])
        for name in net.params:
            net.params[name] -= 0.5 * g[name]
    if epoch == 0:
        print(f"{len(range(0, len(order), 32))} steps in an epoch")
    if epoch in (0, 1, 4, 9):
        print(f"epoch {epoch + 1:2}: loss {net.loss(data.x_train, data.t_train):.3f},",
              f"accuracy on new digits {net.accuracy(data.x_test, data.t_test):.3f}")  # fmt: skip

# %% [markdown]
# Mini-batches give 45 steps in an epoch where the whole set would give one, each with a gradient that is a little off, and it pays. `bp.train` is the same
# loop, with a record of what happened:

# %%
net = bp.TwoLayerNet(64, 50, 10, rng=0)
history = bp.train(
    net, data.x_train, data.t_train, epochs=30, batch_size=32, optimiser=bp.SGD(0.5), rng=0,
    validation=(data.x_test, data.t_test), progress=False,
)  # fmt: skip
print(f"training: loss {history.loss[-1]:.3f}, accuracy {history.accuracy[-1]:.3f}")
print(f"new digits: loss {history.validation_loss[-1]:.3f}, accuracy {history.validation_accuracy[-1]:.3f}")
bp.figures.curves(history)

# %% [markdown]
# Three things to read from such curves. Both losses fall together at first: it learns what all digits share. Then the training loss goes on falling while the
# one for new digits stays: from there on it learns these 1437 by heart. And the steps jump up and down, because each batch is another question;
# only the trend counts. (What `bp.train` calls *validation* are samples that are only watched. Strictly there are two kinds: a *validation* set, by which one chooses between settings, and a
# *test* set, which one looks at once, at the end. We choose nothing by it, so one set will do.) (The training line is the mean of an epoch's steps. That is why it lies above the other at first.)
#
# What has it learned? Here are the weights of 20 hidden neurons, each a column of `W1`, as images: the templates of 7.2. Bright pixels push the neuron, dark ones hold it back.

# %%
bp.figures.images(net.params["W1"].T[:20])

# %% [markdown]
# No digits, as you see: strokes, and spots where a stroke must *not* be. Many neurons share the work for each class.
#
# What does it get wrong? Above each image stands first what it is and then what the network reads: "9, is 7" is a 7 that has been read as a 9.

# %%
read = net.predict(data.x_test).argmax(axis=1)
wrong = np.flatnonzero(read != data.t_test)
print(f"{len(wrong)} of {len(read)} new digits are misread")
bp.figures.images(data.x_test[wrong], truth=data.t_test[wrong], read=read[wrong])

# %% [markdown]
# Would you have read them all?
#
# ## 7.10 Watch it learn
#
# The same network, live. It has been stopped after two epochs: play on, or begin again. Then try, one at a time, and **predict** each before you do:
# *weights begin* at zeros; *weights begin* too large; a learning rate of 5; a learning rate of 0.001. Look at the gradient of the first layer
# each time.

# %%
prediction = {"zeros": "...", "too large": "...", "a rate of 5": "...", "a rate of 0.001": "..."}

# %%
view = bp.TrainingView(
    bp.TwoLayerNet(64, 50, 10, rng=0), data.x_train, data.t_train,
    validation=(data.x_test, data.t_test), optimiser=bp.SGD(0.5),
)  # fmt: skip
view.take(90)
view

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# * *Zeros*: the loss stays at $\ln 10$, and the gradient of the first layer is exactly 0. Only `b2` moves (7.5).
# * *Too large*: the loss begins far above $\ln 10$, the network is sure and wrong, and unlearns first.
# * *Learning rate 5*: the first steps throw the weights so far that the loss leaps, and often every gradient becomes exactly 0. Then the hidden neurons have been pushed so far below 0
#   that no sample wakes them: each is a **dead relu**, passes no gradient, and never comes back.
# * *Learning rate 0.001*: everything is right, and nothing happens. The loss falls by a hair in an epoch.
#
# </details>
#
# Two half-moons, where one can see *what* has been learned: the border between the classes bends step by step into the gap.

# %%
moons = bp.TrainingView(bp.MLP((2, 16, 2), rng=1), x_moons, t_moons, optimiser=bp.SGD(0.5))
moons.take(140)
moons

# %% [markdown]
# ## 7.11 More digits, the same code
#
# MNIST is the large sister of our data: 70 000 digits of 28 × 28 pixels. Nothing in the code below knows the difference. Where there is a network, set
# `large = True`: the first call downloads 15 MB, and an epoch is over 40 times as long.

# %%
large = False
data = bp.mnist() if large else bp.digits()

net = bp.TwoLayerNet(data.x_train.shape[1], 50, 10, weight_init_std=0.01, rng=0)
bp.train(net, data.x_train, data.t_train, epochs=3, optimiser=bp.Momentum(0.2), progress=False)
print(f"{data.x_train.shape[1]} inputs, accuracy on new digits {net.accuracy(data.x_test, data.t_test):.3f}")

# %% [markdown]
# ## 7.12 Where the library does this
#
# The loop of self-check 2, for any number of layers, and the step of self-check 5:

# %%
print(inspect.getsource(bp.MLP.loss_and_gradient))
print(inspect.getsource(bp.SGD))

# %% [markdown]
# And this is how `params` avoids the trap of section 7.8: who assigns, writes into the array that is there.

# %%
print(inspect.getsource(bp.networks.layers.Parameters.__setitem__))

# %% [markdown]
# ## Summary
#
# Before you train a network:
#
# 1. **Loss at zero weights** is $\ln C$, and with small random weights close to it.
# 2. **Gradient check** of every parameter: small network, few samples, unequal sizes, away from kinks, relative error below $10^{-6}$.
# 3. **Five samples by heart**: the loss goes to 0.
#
# And remember:
#
# * That the loss falls proves nothing about a gradient. That a gradient is right proves nothing about the forward pass.
# * Sums with a spread far above 1 saturate a sigmoid: the layer is there and does not learn. Scale weights by $\sqrt{1/D}$ or $\sqrt{2/D}$.
# * Layers run in order, and back in the opposite order.
# * Update in place: `-=`, or the layer goes stale.
# * Judge a network by samples that it has not seen.
#
# ## Exercises
#
# 1. *(pencil)* At zero weights, why is $\partial L/\partial W_2 = 0$, and not only $\partial L/\partial W_1$? What changes when the hidden neurons are sigmoids?
# 2. *(code)* Train the network of 7.9 with `weight_init_std=1`. What becomes of the accuracy in training, and of that on new digits? Try to say why.
# 3. *(find the slip)* "My gradient check says 0.5 for `b1` and `1e-9` for the rest, so the bias gradient is off by a factor of 2." What would you
#    ask, before you change the code?
# 4. *(code)* Shuffle the training targets (`rng.permutation`). To which accuracy does the network learn them by heart, and what does it read on new digits? What
#    does this say about the training loss as a measure?
# 5. *(think)* `dropout` switches off random neurons in each forward pass. Why does its gradient check fail, and what must be held fixed?
#
# **Next:** the assignment `ps07`, in which you build all of this from nothing but your own lines, then lesson 8: the engine that keeps the graph, written by
# you (if you have not been there already). With `ps07` the core of the course is complete: you can derive a gradient, write it, prove it, and use it.
#
# ## Sources
#
# In our own words, after: CS231n, notes on neural networks, parts [1](https://cs231n.github.io/neural-networks-1/), [2](https://cs231n.github.io/neural-networks-2/) and
# [3](https://cs231n.github.io/neural-networks-3/) (neurons, the three-layer forward pass, sanity checks, kinks) and
# [EECS 498-007](https://web.eecs.umich.edu/~justincj/teaching/eecs498/), lecture 6 (the network of twenty lines); K. Saitoh,
# [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/), ch. 4 to 6 (`TwoLayerNet`, momentum); Glorot and Bengio 2010, He and others 2015 (how
# weights begin). Data: E. Alpaydin and C. Kaynak,
# [*Optical Recognition of Handwritten Digits*](https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits), UCI, through scikit-learn.
