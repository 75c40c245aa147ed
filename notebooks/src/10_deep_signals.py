# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · Deep signals: why depth is hard, and what helps
#
# **When you are done, you can**
#
# * choose an activation for a reason, and say when it dies;
# * see from two curves, layer by layer, whether a deep network can learn at all;
# * derive how wide the first weights have to be, and measure it;
# * choose a learning rate, and say what momentum and Adam do with a gradient and what they cannot do;
# * make a network of twenty layers learn.
#
# **You need** lessons 1 to 7: the four equations, and a network that learns digits.
# **Time:** about 105 minutes with the self-checks, in three sittings: 10.1 to 10.3, 10.4 to 10.6, 10.7 to the end. Then comes the assignment `ps10`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.course.questions import deep_signals as check

# %% [markdown]
# ## 10.1 Two layers, and twenty
#
# In lesson 7 a network of two layers read more than nine of ten digits after a few epochs. Here are two networks of sigmoid neurons, begun with the same rule, trained for
# four epochs with the same steps. One has 2 layers, the other 20. The gradient of both is right: it is the library's, and it has been checked.
#
# **Predict, then run.** Twenty layers have ten times as many weights. What will their loss be after four epochs? (A network that knows nothing has $\ln 10\approx 2.30$.)

# %%
prediction = "..."

# %% reveal
data = bp.digits()


def trained(net, optimiser, epochs, batch_size=32):
    """The network after some epochs of digits, and what happened."""
    history = bp.train(
        net, data.x_train, data.t_train, epochs=epochs, batch_size=batch_size, optimiser=optimiser,
        validation=(data.x_test, data.t_test), progress=False,
    )  # fmt: skip
    return history


for depth in (2, 20):
    net = bp.MLP((64, *[32] * (depth - 1), 10), bp.sigmoid, initialise=bp.xavier, rng=0)
    history = trained(net, bp.SGD(0.5), epochs=4)
    print(
        f"{depth:2} layers: loss {history.loss[-1]:.2f}, accuracy on new digits {history.validation_accuracy[-1]:.2f}"
    )

# %% reveal [markdown]
# The deep one has learned nothing at all. It guesses. More layers can express more, and none of it helps if no layer is told how to change. This lesson follows the signal through the layers, forth and
# back, and asks what has become of it.

# %% [markdown]
# ## 10.2 A ruler for every layer
#
# We need two measures for each layer: how wide its answers spread, going forth; and how large the gradient of its weights is, going back. As a laboratory we take a network without data and without loss:
# ten layers of 64 neurons without biases, a batch of 128 random samples, and a random gradient at the end. Forth it is a loop:


# %%
def forth(x, weights, f):
    """The answers that enter each layer, and the last ones; the slopes of each layer's activation."""
    answers, slopes = [x], []
    for W in weights:
        z = answers[-1] @ W
        answers.append(f(z))
        slopes.append(bp.vjp(f, z, np.ones_like(z)))
    return answers, slopes


# %% [markdown]
# Back it is lesson 6, as often as there are layers: $\delta$ is the upstream times the slopes (BP1, BP2), the gradient of the weights is the transposed answers times $\delta$ (BP4), and the weights,
# transposed, take the signal one layer down.
#
# **Self-check 1.** Write `weight_gradients(answers, slopes, weights, upstream)`. `answers[k]` are the answers that *enter* layer `k`, `slopes[k]` the slopes of its activation, `weights[k]` its weights, all
# counted from 0; `upstream` is the gradient of the last answers. Return the list of all $\partial C/\partial W$, the first layer's first.


# %%
def weight_gradients(answers, slopes, weights, upstream):
    raise NotImplementedError


check.weight_gradients(weight_gradients)

# %% [markdown]
# Now five beginnings. The number behind the name is how wide the weights spread; $n=64$. **Predict:** two of the rows are healthy. Which?

# %%
prediction = "..."


# %% reveal
def sizes(f, std, depth=10, n=64, N=128, seed=0):
    """The size of the gradient, ‖dW‖, of every layer, the first one first."""
    rng = np.random.default_rng(seed)
    x, weights = rng.normal(size=(N, n)), [rng.normal(0, std, (n, n)) for _ in range(depth)]
    upstream = rng.normal(size=(N, n)) / N
    answers, slopes = forth(x, weights, f)
    found = []
    for k in reversed(range(depth)):
        delta = upstream * slopes[k]
        found.append(np.linalg.norm(answers[k].T @ delta))
        upstream = delta @ weights[k].T
    return found[::-1]


n = 64
beginnings = {
    "sigmoid, 1/√n": (bp.sigmoid, 1 / np.sqrt(n)),
    "tanh, 1/√n": (bp.tanh, 1 / np.sqrt(n)),
    "relu, √(2/n)": (bp.relu, np.sqrt(2 / n)),
    "relu, 0.01": (bp.relu, 0.01),
    "relu, 2√(2/n)": (bp.relu, 2 * np.sqrt(2 / n)),
}
print("                 ‖dW‖ of layer 1     of layer 10")
for name, (f, std) in beginnings.items():
    found = sizes(f, std)
    print(f"{name:15}  {found[0]:15.1e} {found[-1]:15.1e}")

# %% reveal [markdown]
# Read row by row.
#
# * **Sigmoid**: the last layer gets a decent gradient, the first one 250 000 times less. The signal *vanishes* on its way. That is the deep network of 10.1: its top learns, on top of layers that stand still.
# * **Tanh** and **relu**, begun rightly: the first layer hears as much as the last.
# * **Relu with 0.01**, a size that was fine for two layers: *all* layers starve alike. The answers shrink on their way forth, the signals on their way back, and $\partial C/\partial W$ is a product of both. So vanishing
#   is not only about the first layer, and relu is not immune.
# * **Relu, twice too wide**: every layer gets a gradient in the thousands, $2^9$ times as large as in the healthy row: twice for each of the nine other layers. It *explodes*. Larger weights do not mend what vanishes; they break the other way.

# %% [markdown]
# Depth under your hand. The curves show the same two measures, by layer, in powers of ten; below them, how the answers of one layer lie. First *sigmoid*: is there any scale at which both curves are flat? Then *tanh* and *relu*: find the
# scale at which fifty layers are as good as two. (A scale of 1 means weights of spread $1/\sqrt n$.)

# %%
bp.DeepSignals("sigmoid", scale=1.0, depth=10)

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# * *Sigmoid*: none. With small weights it loses more than three quarters of the signal at every layer. At a scale of 8 ten layers pass for healthy, with answers that lie at 0 and 1, as the histogram shows; fifty do not: move the depth.
# * *Tanh*: 1, or just above. Below, the answers shrink towards 0 and tanh is a straight line; above, they lie at −1 and 1, as the histogram shows.
# * *Relu*: 1.41, which is $\sqrt2$, and nothing else. Ten per cent beside it is a factor of a hundred in fifty layers.
# * *Leaky relu*, *elu* and *gelu* have scales of their own: about 1.4, 1.1 and 1.5.
#
# </details>
#
# ## 10.3 Activations, chosen for a reason
#
# An activation has one task, to bend, and three ways to do harm: its slope may eat the signal; its answers may all have one sign; it may die. Here they are side by side.
#
# | name | $f(z)$ | $f'(z)$ | answers | centred at 0 | when it lets nothing through |
# |---|---|---|---|---|---|
# | sigmoid | $\frac1{1+e^{-z}}$ | $f(1-f)$, at most ¼ | 0 to 1 | no | far from 0 on both sides: saturated |
# | tanh | $\tanh z$ | $1-f^2$, at most 1 | −1 to 1 | yes | far from 0 on both sides |
# | relu | $\max(0,z)$ | 0 or 1 | 0 and up | no | $z\le 0$; for *all* samples: dead |
# | leaky relu | $z$, or $0.01z$ below 0 | 1 or 0.01 | all numbers | nearly | never quite |
# | ELU | $z$, or $e^z-1$ below 0 | 1 or $e^z$ | −1 and up | nearly | far below 0 |
# | softplus | $\ln(1+e^z)$ | $\sigma(z)$ | 0 and up | no | far below 0 |
# | GELU | $z\,\Phi(z)$ | $\Phi(z)+z\,\varphi(z)$ | −0.17 and up | no | far below 0 |
# | maxout | $\max(z_1,z_2)$ | 1 to the larger, 0 to the other | all numbers | – | never: a router |
#
# ($\Phi$ is the share of a normal distribution below $z$, $\varphi$ its density. A maxout neuron has two sets of weights, and passes on the larger sum: twice the parameters.) And measured, for sums that are spread as a healthy network has them:

# %%
z = np.random.default_rng(0).normal(size=100_000)
print("              mean answer   mean slope²   slopes below 0.01, if the sums are 4 times as wide")
for f in (bp.sigmoid, bp.tanh, bp.relu, bp.leaky_relu, bp.elu, bp.softplus, bp.gelu):
    slope, far = (bp.vjp(f, scale * z, np.ones_like(z)) for scale in (1, 4))
    print(f"{f.name:12} {f(z).mean():12.2f} {np.mean(slope**2):13.2f} {np.mean(np.abs(far) < 0.01):12.0%}")

# %% [markdown]
# The second column is the share of the signal's *power* that gets through one layer. Sigmoid passes less than a twentieth.
#
# Why should the answers be centred at 0? A neuron of the next layer multiplies them by weights $w_1, w_2, w_3$. What arrives at its sum is one number, $\delta$.
#
# **Self-check 2.** $\delta=-0.4$. What are the gradients of the three weights if the answers below come from sigmoids, $h=(0.2,\,0.9,\,0.5)$, and what if they come from tanh, $h=(0.2,\,-0.9,\,0.5)$?

# %%
after_sigmoid = ...
after_tanh = ...
check.zig_zag(after_sigmoid, after_tanh)

# %% [markdown]
# With answers of one sign, all weights of a neuron go up together or down together. To get one up and another down, it has to zigzag. Biases and mini-batches soften this; it is an inconvenience, where a saturated neuron is a full stop.
#
# **"The relu is the closest to a real neuron."** One reads that, and 7.2 has told what there is to it: dendrites, synapses, a cell body, an axon, and a firing rate that is 0 below a threshold and then rises. But then a real rate has a ceiling, as the sigmoid has; cells send
# spikes, whose timing counts; there are hundreds of kinds of them; synapses are little dynamical systems, and a dendrite computes. And no cell is known to send gradients back. So the argument chooses nothing. These do:
#
# 1. **Take relu**, with He's weights (10.4) and an eye on the learning rate (10.6), and count the dead (10.5).
# 2. If many die, **leaky relu** or **ELU**; in transformers, **GELU**.
# 3. **Tanh** where answers must have both signs and a bound.
# 4. **Sigmoid** for gates and probabilities, at the end of a network; between layers, not any more.

# %% [markdown]
# ---
# > **A good place to stop.** You can see a signal vanish, and say which activation eats it. When you come back: *Run → Run All Above Selected Cell*, and on with 10.4, how weights begin.

# %% [markdown]
# ## 10.4 How wide should weights begin? Variance through a layer
#
# A sum of the first layer is $z=\sum_{i=1}^{n} x_i w_i$. The weights are drawn independently, with mean 0 and variance $s^2$. Independent products of mean 0 add their variances, so
#
# $$\operatorname{Var}(z)=n\,s^2\,\overline{x^2},$$
#
# where $\overline{x^2}$ is the mean *square* of the inputs. One layer multiplies the power of the signal by $n s^2$, and then the activation takes its share:
#
# * **tanh** near 0 is a straight line and takes nothing. The power stays if $n\,s^2=1$, so $s=\sqrt{1/n}$.
# * **relu** sets the negative half of the sums to 0, and with it half of the squares: $\overline{h^2}=\frac12\operatorname{Var}(z)$. The power stays if $\frac12 n\,s^2=1$, so $s=\sqrt{2/n}$. This is the rule of He.
#
# The way back is the same calculation with the weights transposed: a signal is a sum over the *outputs*, so what matters is $n_{\text{out}}$. Both are kept at once only if the layer is square. The rule of Xavier (Glorot) takes the middle, $s^2=\frac{2}{n_{\text{in}}+n_{\text{out}}}$.
#
# **Self-check 3.** A layer has 200 inputs. How wide should its weights be spread in front of a tanh, and how wide in front of a relu?

# %%
tanh_std = ...
relu_std = ...
check.spreads(tanh_std, relu_std)

# %% [markdown]
# Now the derivation is held against a measurement: twenty layers of 200 relus, and the mean square of the answers after some of them. If the sums stay as they were, so does the mean square.

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(100, 200))
print("std of weights      layer 1         5        10        20")
for name, std in (("0.8 · √(2/n)", 0.08), ("√(1/n)", 200**-0.5), ("√(2/n)", 0.1), ("1.25 · √(2/n)", 0.125)):
    h, power = x, []
    for _ in range(20):
        h = np.maximum(h @ rng.normal(0, std, (200, 200)), 0)
        power.append(np.mean(h**2))
    print(f"{name:15}", *(f"{power[k - 1]:10.2g}" for k in (1, 5, 10, 20)))

# %% [markdown]
# **Predict, then run.** He's weights, all of them 10 % too wide, and fifty layers of relu. By which factor are the answers of the last layer too large? And their gradients? (No measurement is needed: $\mathrm{relu}(cz)=c\,\mathrm{relu}(z)$ for $c>0$.)

# %%
guess = None

# %% reveal
for depth in (10, 50):
    right, wide = (sizes(bp.relu, scale * np.sqrt(2 / 64), depth)[0] for scale in (1.0, 1.1))
    print(
        f"{depth} layers: 1.1^{depth} = {1.1**depth:.2f}; the gradient of layer 1 is {wide / right:.2f} times as large"
    )

# %% reveal [markdown]
# A gradient of one layer's weights passes all the *other* layers, forth or back, and so it has one factor less: $1.1^{49}$. An exponent is merciless: what is a detail in two layers decides in fifty. That is the whole difficulty of depth, in one line.

# %% [markdown]
# ### Break it on purpose: all weights alike
#
# Why random at all? Three beginnings of a network 64 → 20 → 20 → 10 with tanh. In the first all weights are 0.05. In the second they are 0.05, and the biases are random: is that not enough to tell the neurons apart? After three epochs we ask how much alike two neurons of the first
# layer are, by the angle between their weights: 1 means that they look for the same thing.
#
# **Predict:** how good is the second?

# %%
prediction = "..."


# %% reveal
def all_alike(n_in, n_out, rng):
    return np.full((n_in, n_out), 0.05)


def alike(W):
    """The mean of |cos| of the angle between two columns, over all pairs."""
    unit = W / np.linalg.norm(W, axis=0)
    return np.abs(unit.T @ unit)[np.triu_indices(W.shape[1], 1)].mean()


for name, begin, random in (
    ("all alike", all_alike, 0.0),
    ("alike, random biases", all_alike, 0.1),
    ("Xavier", bp.xavier, 0.0),
):
    net = bp.MLP((64, 20, 20, 10), bp.tanh, initialise=begin, rng=0)
    for k in (1, 2):
        net.params[f"b{k}"] += random * np.random.default_rng(k).normal(size=20)
    history = trained(net, bp.SGD(0.2), epochs=3)
    print(
        f"{name:21} two neurons are alike by {alike(net.params['W1']):.2f}, accuracy {history.validation_accuracy[-1]:.2f}"
    )

# %% reveal [markdown]
# With all weights alike, twenty neurons are one neuron, twenty times: they answer alike, get the same signal, and take the same step, for ever. Random biases give them different answers, but not different signals: what comes back to a neuron passes the weights *above* it, and those are
# alike. It is the weights that break the symmetry.

# %% [markdown]
# ## 10.5 Count the dead
#
# A relu is silent for many samples, and that is its job. It is **dead** when it is silent for *all* samples: then its slope is 0 everywhere, no gradient gets through to its weights, and nothing that this network is ever shown will move them.
#
# **Self-check 4.** `h` has a row for each sample and a column for each relu. Write `dead(h)`, the number of dead relus.


# %%
def dead(h):
    raise NotImplementedError


check.dead(dead)

# %% [markdown]
# Who kills them? One step that is too long: it throws the weights so far that the sum is negative for everybody. Here is the network of lesson 7, trained for two epochs at four rates, and then two more at a careful 0.05. **Predict:** do the dead come back in those?

# %%
prediction = "..."


# %% reveal
def dead_in_first_layer(net):
    h = np.maximum(data.x_train @ net.params["W1"] + net.params["b1"], 0)
    return int((h == 0).all(axis=0).sum())


print("rate   dead of 50   after two careful epochs   accuracy")
for lr in (0.1, 0.5, 1.0, 2.0):
    net = bp.TwoLayerNet(64, 50, 10, rng=0)
    trained(net, bp.SGD(lr), epochs=2)
    before = dead_in_first_layer(net)
    history = trained(net, bp.SGD(0.05), epochs=2)
    print(f"{lr:<6} {before:10} {dead_in_first_layer(net):26} {history.validation_accuracy[-1]:10.2f}")

# %% reveal [markdown]
# None of them does. The inputs of this layer are the digits, and they do not change; its weights get no gradient; so nothing changes. (In a deeper layer a dead relu may wake, if the layers *below* move what it sees; with momentum or weight decay the weights
# move a little without a gradient. Do not wait for it.) A leaky relu still gets a hundredth of the signal, and can crawl back.

# %% [markdown]
# ## 10.6 Too small, right, too large
#
# Take a valley in one direction, $L=\frac12\lambda p^2$. Its slope is $\lambda p$, so a step is $p\leftarrow p-\eta\lambda p=(1-\eta\lambda)\,p$. Each step multiplies the distance from the bottom by the same factor. Between 0 and 1 it creeps down; between −1 and 0 it jumps from wall to wall, and still comes down; beyond −1 it
# climbs out. The *curvature* $\lambda$ caps the rate.
#
# **Self-check 5.** The curvature is 50. What is the largest learning rate, up to which the loss does not grow?

# %%
lr = ...
check.largest_rate(lr)

# %% [markdown]
# The valley of 7.8 has the curvature 1 along and 50 across, and begins at $(10, 1)$. Four rates, and digits beside it:


# %% answer
def valley(p):
    return 0.5 * (p[0] ** 2 + 50 * p[1] ** 2)


def way_down(optimiser, steps=60):
    params, way = {"p": np.array([10.0, 1.0])}, []
    for _ in range(steps + 1):
        way.append(params["p"].copy())
        optimiser.update(params, {"p": params["p"] * np.array([1.0, 50.0])})
    return np.array(way)


print("rate       loss on the valley after 0        20        60 steps")
for lr in (0.0005, 0.02, 0.039, 0.041):
    way = way_down(bp.SGD(lr))
    print(
        f"{lr:<10}",
        *(f"{valley(way[k]):22.3g}" if k == 0 else f"{valley(way[k]):10.3g}" for k in (0, 20, 60)),
    )
print("rate       loss on digits after 1, 2, 3 epochs")
for lr in (0.001, 0.5, 2.5):
    history = trained(bp.MLP((64, 50, 10), rng=0), bp.SGD(lr), epochs=3)
    print(f"{lr:<10}", *(f"{loss:8.3f}" for loss in history.loss))

# %% [markdown]
# *Too small*: everything is right and nothing happens; the curve is smooth and nearly flat. *Right*: it falls at once, and jitters. *Too large*: it leaps at the first steps, and then stays at $\ln 10$ or above, for by then the relus are dead. In practice: try 0.001, 0.01, 0.1, 1 for an epoch
# each; take the largest that falls steadily, or a third of it.

# %% [markdown]
# ---
# > **A good place to stop.** Weights begin rightly, and the rate is capped by the steepest direction. When you come back: *Run → Run All Above Selected Cell*, and on with 10.7, what to do about the flat ones.

# %% [markdown]
# ## 10.7 Momentum and Adam
#
# On that valley plain descent has one rate for two directions. Across, 0.04 is the limit; along, 0.04 is a crawl. Two ideas help, and both are about *what one remembers*.
#
# **Momentum** remembers where it was going, $v\leftarrow\mu v-\eta g$ and $p\leftarrow p+v$ (7.8). Unroll it: $v=-\eta\,(g_k+\mu g_{k-1}+\mu^2 g_{k-2}+\dots)$. If all gradients are alike the sum is $\frac{g}{1-\mu}$: with $\mu=0.9$, ten times the step. If they alternate, they cancel.
#
# So **$v$ is no gradient**. It is a sum of gradients that were taken elsewhere, at places the network has left. At the very bottom the gradient is 0, and $v$ carries it through:

# %%
params, momentum = {"p": np.array([1.0])}, bp.Momentum(0.1, 0.9)
for k in range(12):
    p, g = params["p"].item(), params["p"].copy()
    momentum.update(params, {"p": g})
    v = params["p"].item() - p
    if k in (0, 4, 5, 6, 11):
        print(f"step {k + 1:2}: at p = {p:7.4f} the gradient is {g.item():7.4f}, and p moves by {v:7.4f}")

# %% [markdown]
# In steps 6 and 7 the gradient asks for the other direction and is overruled. A buffer must therefore never be checked against nudging, never be cleared by `zero_grad`, and never be shared by two parameters; and a network needs an optimiser of its own.
#
# **Adam** remembers how large gradients have been, for each entry by itself. It keeps two running means, of $g$ and of $g^2$:
#
# $$m\leftarrow\beta_1 m+(1-\beta_1)\,g,\qquad v\leftarrow\beta_2 v+(1-\beta_2)\,g^2 .$$
#
# $\sqrt v$ is a typical size of $g$, so $m/\sqrt v$ has no unit: it is about ±1 where the gradients agree, and about 0 where they alternate, whether the valley is steep there or flat. Times $\eta$, that is the step. One thing is to be mended. Both means begin at 0. After one step $m=(1-\beta_1)g$, a tenth of what it should be;
# after $k$ steps the weights of the mean add up to $(1-\beta_1)(1+\beta_1+\dots+\beta_1^{k-1})=1-\beta_1^k$. So divide by that:
#
# $$\hat m=\frac{m}{1-\beta_1^k},\qquad \hat v=\frac{v}{1-\beta_2^k},\qquad p\leftarrow p-\eta\,\frac{\hat m}{\sqrt{\hat v}+\varepsilon}.$$
#
# The division is for this step only: $m$ and $v$ go on as they are.
#
# **Self-check 6.** Write `adam_step(p, g, m, v, k, lr, beta1, beta2, eps)`: it takes step number `k`, counted from 1, and returns the new `p`, `m` and `v`.


# %%
def adam_step(p, g, m, v, k, lr, beta1, beta2, eps):
    raise NotImplementedError


check.adam_step(adam_step)

# %% [markdown]
# What is the very first step of Adam, then? $\hat m=g$ and $\hat v=g^2$, so $\hat m/\sqrt{\hat v}=\pm1$: **every entry moves by exactly $\eta$**, whatever its gradient. Now the race down the valley:

# %%
import matplotlib.pyplot as plt

optimisers = {
    "SGD": bp.SGD(0.03),
    "Momentum": bp.Momentum(0.03, 0.9),
    "Adam": bp.Adam(1.0),
    "Adam, a small rate": bp.Adam(0.01),
}
figure, panels = plt.subplots(1, 4, figsize=(11, 2.8), sharey=True, layout="constrained")
a, b = np.meshgrid(np.linspace(-6, 11, 80), np.linspace(-1.5, 1.5, 80))
print("                    loss after 1         10         60 steps")
for (name, optimiser), panel in zip(optimisers.items(), panels, strict=True):
    way = way_down(optimiser)
    print(f"{name:19}", *(f"{valley(way[k]):10.3g}" for k in (1, 10, 60)))
    panel.contour(a, b, valley((a, b)), levels=[1, 5, 15, 30, 50], colors="#8a8f98", linewidths=0.6)
    panel.plot(*way.T, ".-", color="#b23a00", linewidth=0.8, markersize=3)
    panel.set_title(name)
plt.show()

# %% [markdown]
# Momentum is first down. Adam makes the steep and the flat direction alike: from $(10,1)$ both coordinates move by one, and it overshoots across. With a small rate it crawls, $0.01$ a step. So Adam *has* a learning rate: the length of the step itself. What it does not need is a different one for each layer. On digits:

# %% answer
print("                     loss after 1      2      3 epochs   accuracy on new digits")
for optimiser in (
    bp.SGD(0.1),
    bp.SGD(0.5),
    bp.Momentum(0.05, 0.9),
    bp.Adam(0.005),
    bp.Adam(1e-4),
    bp.Adam(1.0),
):
    history = trained(bp.MLP((64, 50, 10), rng=0), optimiser, epochs=3)
    name = f"{type(optimiser).__name__}({optimiser.lr})"
    print(
        f"{name:18}", *(f"{loss:9.2f}" for loss in history.loss), f"{history.validation_accuracy[-1]:14.2f}"
    )

# %% [markdown]
# Well tuned, they finish close together, and the two mistuned Adams prove the point: too small crawls, too large runs away. The honest reason to take Adam is that its default is seldom far off, also where the layers have gradients of very different size.
#
# ## 10.8 Weight decay: the branch of lesson 2
#
# In 2.8 the weights of a classifier were a *fork*: one branch went to the loss, the other to the regulariser $\frac12\lambda\sum W^2$, and what came back added up, $\frac{\partial L}{\partial W}+\lambda W$. Put that into a plain step:
#
# $$W\leftarrow W-\eta\Big(\frac{\partial L}{\partial W}+\lambda W\Big)=(1-\eta\lambda)\,W-\eta\,\frac{\partial L}{\partial W}.$$
#
# The branch makes the weights shrink by a fixed share at each step: hence *weight decay*. For SGD the branch and the shrinking are one and the same. For Adam they are not, since Adam divides what comes along the branch by $\sqrt{\hat v}$; decay that is taken beside it has a name of its own, AdamW. Both claims, run:

# %%
strength = 0.01
for make in (lambda: bp.SGD(0.2), lambda: bp.Adam(0.005)):
    branch, shrunk = bp.MLP((64, 50, 10), rng=0), bp.MLP((64, 50, 10), rng=0)
    trained(bp.Penalised(branch, bp.gates.L2(strength / 2)), make(), epochs=2)
    trained(shrunk, bp.WeightDecay(make(), strength), epochs=2)
    apart = np.abs(branch.params["W1"] - shrunk.params["W1"]).max()
    print(
        f"{type(make()).__name__:5} the branch in the loss and the shrinking beside it agree: {apart < 1e-9}"
    )

# %% [markdown]
# ## 10.9 Twenty layers that learn, and what a first layer looks for
#
# Everything together: the twenty layers of 10.1, and three changes. Relu for sigmoid; He's weights; Adam with a careful rate.

# %%
deep = bp.MLP((64, *[32] * 19, 10), bp.relu, initialise=bp.he, rng=0)
history = trained(deep, bp.Adam(0.002), epochs=8)
print("loss    ", *(f"{loss:6.2f}" for loss in history.loss))
print("accuracy", *(f"{share:6.2f}" for share in history.validation_accuracy))

# %% [markdown]
# Does each change matter? You can take back one at a time. (And beyond some depth a careful start is not enough: then the network itself is changed so that the signal has a way past each layer. That is a fork, and belongs to lesson 12.)
#
# What a trained first layer looks for can be seen, since each of its columns is an image (7.2). Ten neurons of a network with a single hidden layer, above without weight decay, below with it:

# %%
plain, decayed = bp.MLP((64, 50, 10), rng=0), bp.MLP((64, 50, 10), rng=0)
trained(plain, bp.SGD(0.3), epochs=6)
trained(decayed, bp.WeightDecay(bp.SGD(0.3), 0.005), epochs=6)
for name, net in (("plain", plain), ("decay", decayed)):
    print(
        f"{name}: ‖W1‖ = {np.linalg.norm(net.params['W1']):.1f}, accuracy on new digits {net.accuracy(data.x_test, data.t_test):.2f}"
    )
bp.figures.images(np.vstack([plain.params["W1"].T[:10], decayed.params["W1"].T[:10]]))

# %% [markdown]
# Above you see strokes in the noise of the first, random weights: where no gradient ever came, the beginning is still there, as in the corners, which are black in every digit. Decay has wiped it away. It keeps only what the data insist on.
#
# ## 10.10 Where the library does this
#
# The derivation of 10.4 and the step of self-check 6, line for line:

# %%
print(inspect.getsource(bp.he))
print(inspect.getsource(bp.Adam.update))

# %% [markdown]
# ## Summary
#
# * Gradients of deep networks are products over layers. They vanish or explode exponentially, and the cure is to keep each factor near 1.
# * Two curves tell: the spread of the answers and the size of $\partial C/\partial W$, layer by layer. They may fall towards the first layer, or starve everywhere.
# * $s=\sqrt{1/n}$ for tanh, $\sqrt{2/n}$ for relu, from one line about variances. Random *weights* break the symmetry; biases may begin at 0.
# * A dead relu answers 0 to every sample. Its own gradient will never wake it: count, and lower the rate.
# * A rate above $2/\lambda$ climbs out of the steepest direction. Momentum and Adam remember; what they remember is no gradient; each has a rate of its own that has to be chosen.
# * Weight decay is the regulariser's branch; for Adam the two part.
#
# ## Exercises
#
# 1. *(pencil)* Derive the spread of weights for a leaky relu with the slope 0.2 below 0. Which share of the squares does it keep? Test it in a copy of the cell of 10.4.
# 2. *(code)* In 10.9 take back one change at a time. Which one alone stops the learning?
# 3. *(find the slip)* "With Adam I need not scale my inputs or tune a rate, since it divides by the size of the gradient." Which half is nearly true?
# 4. *(code)* Write `Momentum` so that $v\leftarrow\mu v+(1-\mu)g$ and $p\leftarrow p-\eta v$. Which rate gives the same steps as ours?
# 5. *(think)* A network of relus has He's weights and biases of −3. What do you expect of its histograms, and of its gradients?
#
# **Next:** the assignment `ps10`, in which you write initialisers and Adam, read histograms as a doctor does, and mend a network of twenty layers; then lesson 11: convolution, a layer that shares its weights.
#
# ## Sources
#
# In our own words, after: CS231n, notes on neural networks, parts [1](https://cs231n.github.io/neural-networks-1/), [2](https://cs231n.github.io/neural-networks-2/) and
# [3](https://cs231n.github.io/neural-networks-3/) (activations, how weights begin, optimisers); M. Nielsen, [*Neural Networks and Deep Learning*](http://neuralnetworksanddeeplearning.com/chap5.html), ch. 5 (why deep networks
# are hard to train); K. Saitoh, [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/), ch. 6; X. Glorot and Y. Bengio 2010; K. He and others 2015; D. Kingma and J. Ba 2015 (Adam); I. Loshchilov and F. Hutter 2019 (AdamW).
