# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 9 · The bug hunt: eight measurements, and ten networks that are wrong in one line
#
# **When you are done, you can**
#
# * find out, in a fixed order and mostly before training, whether a network is sound;
# * say for each of eight measurements which mistake only it, or it first, sees;
# * name mistakes that pass a gradient check;
# * prove a mistake by an input on which right and wrong differ, and mend one line.
#
# **You need** lessons 5 to 7: softmax with its loss, the way back through two layers, and what training is.
# **Time:** about 75 minutes with the self-checks, in two sittings: 9.1 to 9.5, 9.6 to the end. Then comes the assignment `ps09`.

# %%
import copy
import inspect

import numpy as np

import bplib as bp
from bplib.course.questions import bug_hunt as check

# %% [markdown]
# ## 9.1 A program that you can read whole
#
# Here is a network for digits and its training, in 23 lines of numpy: how weights begin, how data are prepared, forth to the loss, back to the gradients, the step, and the answer. It has one thing that is new: *dropout*. In training, a random `mask` takes a fifth of the hidden
# neurons out and makes the others larger by as much; in use all of them work. On the way back the same mask takes the same neurons out.

# %%
data = bp.digits()
sound = bp.Program()
print(sound.listing())

# %% [markdown]
# (`moved` runs for each parameter `q` with its gradient `dq`.) Any line can be exchanged, and then we have a patient. For instance:
#
# ```python
# patient = bp.Program({"dz1": "dh1"})
# ```
#
# walks past the relu. **Predict, then run.** The sound network reads 0.97 of the new digits after eight epochs. Here is one whose labels have all moved on by one sample, `t = np.roll(labels, 1)`: each image has its neighbour's label. Does its loss fall? Does it pass a gradient check?

# %%
prediction = "..."

# %% reveal
shifted = bp.Program({"t": "np.roll(labels, 1)"})
runs = {"sound": bp.symptoms(sound, data), "labels shifted": bp.symptoms(shifted, data)}
for name, run in runs.items():
    print(
        f"{name:15} loss {run['loss'][0]:.2f} → {run['loss'][-1]:.2f}, accuracy on new digits {run['new'][-1]:.2f}"
    )
x, t = shifted.prepare(data.x_train, data.t_train, data.x_train)
print("gradient check of the second passed:", bp.check_network(shifted, x[:20], t[:20], directional=True).ok)

# %% reveal [markdown]
# Its gradient is perfect, and its loss does fall, a little: there is enough room to learn some of the wrong labels by heart. What it learns is of no use to anybody. *A gradient check compares the way back with the way forth. It cannot know what you meant.* So a check is one step of a method, not the method.

# %% [markdown]
# ## 9.2 First: look at the data
#
# The cheapest measurement is to look at what the network gets. Two questions find most of what can go wrong:
#
# 1. Does each sample still have *its* label? Compare what comes out with what went in; better, look at some images.
# 2. Does a sample become the same, whatever else is prepared with it? A scale has to come from the training data alone. Whoever scales new data by *their own* mean shows the network another world, and whoever takes the scale from all data lets the test leak into the training.

# %%
own = bp.Program({"x": "(pixels - pixels.mean(axis=0)) / (pixels.std(axis=0) + 0.1)"})
for name, program in (("sound", sound), ("labels shifted", shifted), ("own statistics", own)):
    x_new, t_new = program.prepare(data.x_test, data.t_test, data.x_train)
    x_one, _ = program.prepare(data.x_test[:1], data.t_test[:1], data.x_train)
    apart = np.abs(x_one[0] - x_new[0]).max()
    print(
        f"{name:15} labels that have moved: {np.mean(t_new != data.t_test):.0%}; a digit alone differs by {apart:.2f}"
    )

# %% [markdown]
# Both patients pass every check of their gradients, for their gradients are right.
#
# ## 9.3 Before the first step: ln C, and zero
#
# A network that knows nothing gives each of $C$ classes the share $1/C$, and its loss is $\ln C$ (7.5).
#
# **Self-check 1.** A network is to tell 7 kinds of leaves apart. What should its first loss be, to two digits after the point?

# %%
loss = ...
check.first_loss(loss)

# %% [markdown]
# The *first loss* lies a little above, since random weights are sure of something. Far above: the weights begin too wide, and the first epochs go into unlearning. With all parameters at **zero** it has to be $\ln C$ *exactly*, to the last digit, and that finds what "roughly" hides.
#
# **Self-check 2.** Write `loss_at_zero(net, x, t)`. `net.params` is a dict of the arrays that the network works with, `net.loss(x, t)` its loss. Leave the network as it was.


# %%
def loss_at_zero(net, x, t):
    raise NotImplementedError


check.loss_at_zero(loss_at_zero)

# %%
x, t = sound.prepare(data.x_train, data.t_train, data.x_train)
wide = bp.Program({"W2": "rng.normal(0, 3, (H, C))"})
cushioned = bp.Program({"loss": "-np.mean(np.log(p[np.arange(len(t)), t] + 0.01))"})
print(f"ln 10 = {np.log(10):.4f}")
for name, program in (("sound", sound), ("begins too wide", wide), ("logarithm cushioned", cushioned)):
    blank = copy.deepcopy(program)
    for array in blank.params.values():
        array[...] = 0
    print(f"{name:19} first loss {program.loss(x, t):6.2f}   at zero {blank.loss(x, t):.4f}")

# %% [markdown]
# Somebody was afraid of $\ln 0$ and has added 0.01 (5.9 tells what that does to the pull). The first loss, 2.25, raises no suspicion. At zero there is no excuse.
#
# ## 9.4 Five samples by heart, and the gradient
#
# Five samples and more than two thousand parameters: whatever its talents, a sound network brings that loss down within a few steps, and to nearly 0 before long. If it does not, something between loss and step is broken. A step *up* the gradient, for instance, whose gradient is right:

# %%
uphill = bp.Program({"moved": "q + rate * dq"})
for name, program in (("sound", sound), ("uphill", uphill)):
    pupil = copy.deepcopy(program)
    with np.errstate(all="ignore"):  # of what runs away
        losses = [pupil.step(x[:5], t[:5], 0.05) for _ in range(41)]
    print(f"{name:7} loss of five samples:", *(f"{losses[k]:8.3f}" for k in (0, 5, 20, 40)))

# %% [markdown]
# Then comes the **gradient check**, with three conditions: in float64, for float32 has too few digits for differences; with chance switched off, here one mask that stays the same; and away from kinks (7.7). Which parameter fails first, seen from the loss, tells where to read.
#
# **Predict:** a network walks past the relu on its way back. Will it learn five samples by heart all the same?

# %%
prediction = "..."

# %% reveal
past = bp.Program({"dz1": "dh1"})
pupil = copy.deepcopy(past)
losses = [pupil.step(x[:5], t[:5], 0.5) for _ in range(60)]
print(f"five samples: loss {losses[0]:.2f} → {losses[-1]:.3f}")
report = bp.check_network(past, x[:20], t[:20], directional=True)
print("fails:", [finding.what for finding in report.findings if not finding.ok])

# %% reveal [markdown]
# It does. A gradient that points roughly downhill learns, and that is why only a check finds this one. `dW2` and `db2` are right, `dW1` and `db1` are not: the mistake lies between the two layers.

# %% [markdown]
# ## 9.5 Norms by layer, and a sweep of rates
#
# A gradient may be right and useless. The **norms by layer** say whether every layer is told how to move. And a **sweep of rates** asks the step itself: a step of rate $\eta$ has to move all parameters by $-\eta$ times the gradient, whatever $\eta$ is.

# %%
narrow = bp.Program({"W2": "rng.normal(0, 0.0001, (H, C))"})
early = bp.Program({"dd1": "delta2 @ moved_W2.T"})
squared = bp.Program({"moved": "q - rate**2 * dq"})
print("                       ‖dW1‖     ‖dW2‖   a step of 0.01, 0.1, 1 is off by")
for name, program in (("sound", sound), ("begins too narrow", narrow), ("moved too early", early), ("rate squared", squared)):  # fmt: skip
    g = program.gradient(x[:100], t[:100])
    off = []
    for rate in (0.01, 0.1, 1.0):
        walker = copy.deepcopy(program)
        walker.keep = 1.0  # without dropout, as chance would blur it
        wanted, before = walker.gradient(x[:100], t[:100]), walker.params
        walker.step(x[:100], t[:100], rate)
        apart = sum(np.sum((walker.params[n] - before[n] + rate * wanted[n]) ** 2) for n in wanted)
        off.append(np.sqrt(apart / sum(np.sum((rate * each) ** 2) for each in wanted.values())))
    print(
        f"{name:18} {np.linalg.norm(g['W1']):9.4f} {np.linalg.norm(g['W2']):9.4f}  ",
        *(f"{share:8.2%}" for share in off),
    )

# %% [markdown]
# *Moved too early* is a classic: the upper weights are changed first, and the signal for the lower layer then passes the *new* ones. The gradient by itself is right, for at rate 0 nothing moves; the error grows with the rate. *Rate squared* shows why one rate is not enough: at 1 it looks perfect. And in the network that *begins too narrow* the signal for the first layer passes weights that are nearly 0: the norm of `dW1` is a thousandth of what it should be.
#
# ---
# > **A good place to stop.** Seven measurements, and not one epoch of training. When you come back: *Run → Run All Above Selected Cell*, and on with 9.6, what only training shows.

# %% [markdown]
# ## 9.6 The gap, and symptoms side by side
#
# At last one trains, and looks at the **gap**: how well known samples are read, and how well new ones. A wide gap says that it has learned by heart, or that new data are treated in another way. Two more questions belong here. *Ask twice*: a network that answers otherwise the second time still has dropout on. *Do loss and accuracy agree?* A loss
# that falls beside an accuracy that does not points at the line that reads the answer.

# %%
dropped = bp.Program({"d1": "h1 * mask"})
least = bp.Program({"read": "scores.argmin(axis=1)"})
for name, program in (("dropout left on", dropped), ("least for largest", least)):
    runs[name] = bp.symptoms(program, data)
for name, program in (("begins too wide", wide), ("uphill", uphill), ("begins too narrow", narrow), ("relu walked past", past)):  # fmt: skip
    runs[name] = bp.symptoms(program, data)
for name in ("sound", "dropout left on", "least for largest"):
    print(
        f"{name:17} loss {runs[name]['loss'][-1]:.2f}, known digits {runs[name]['accuracy'][-1]:.3f}, new digits {runs[name]['new'][-1]:.3f}"
    )

# %% [markdown]
# All runs side by side. Choose a patient on the right and look for the *first* number that differs from the sound one. Which patients could you tell by these symptoms alone? Which not?

# %%
bp.Symptoms(runs, left="sound", right="labels shifted")

# %% [markdown]
# <details>
# <summary>What you should have seen</summary>
#
# * *Begins too wide*: the first loss, and a late start. *Uphill*: everything runs away. *Labels shifted*: known samples badly, new ones hopelessly. *Least for largest*: a fine loss, and an accuracy of 0.
# * *Begins too narrow*: ‖dW1‖ as the first epoch begins, and then nothing more: training mends it.
# * *Relu walked past* and *dropout left on* look nearly well. For the first you need the gradient check, for the second you have to ask twice.
#
# </details>
#
# ### Break it on purpose
#
# Make a patient of your own, `bp.Program({"db1": "..."})`, with a line that is wrong and yet runs, and hand it to a friend, or to the method. Which measurement is the first to see it? `db1` averaged in place of added up, for instance:

# %%
averaged = bp.Program({"db1": "dz1.mean(axis=0)"})
report = bp.check_network(averaged, x[:20], t[:20], directional=True)
print("fails:", [finding.what for finding in report.findings if not finding.ok])

# %% [markdown]
# ## 9.7 The hunt
#
# `bp.patients()` are ten networks, in a dict from 1 to 10, each wrong in one line. (Your instructor may give you a number, `bp.patients(2027)`: then you get ten others, and ask with `check.found(found, seed=2027)`.) What may be wrong has one of these names:

# %%
patients = bp.patients()
print(len(patients), "patients; the names:")
print("""  labels shifted             scaled by its own statistics   dropout left on
  moved too early            begins too wide                begins too narrow
  uphill                     rate squared                   least for largest
  softmax over the samples   logarithm cushioned            mean forgotten
  bias averaged              relu walked past               relu asked about the signal
  mask forgotten on the way back                            reshaped for transposed""")

# %% [markdown]
# `bp.examine(program, data)` writes the whole method on one page: what you have measured by hand in 9.2 to 9.6, in that order. Here is the sound network, and the one that walks past the relu:

# %%
for name, program in (("sound", sound), ("relu walked past", past)):
    print(f"{name}\n{bp.examine(program, data)}\n")

# %% [markdown]
# Read a page from the top, beside that of the sound network, and stop at the first number that is off. It says where to read: a gradient that is right in layer 2 and wrong in layer 1 leaves four or five lines. Only then look at `patients[1].listing()`. (To lay it beside the sound listing would show the line at once; but a network of your own comes without a sound twin.)
#
# A finding has four parts: the name; the line; **evidence**, a value for each name that the wrong line or the right one reads (`rng`, too, where they draw), chosen so that the wrong line and the right one differ; and the mended line. A name alone is a guess. For the network that walks past the relu, which needs `dh1` and `z1`, it looks so:

# %%
evidence = {"dh1": np.array([[5.0, 7.0]]), "z1": np.array([[-1.0, 2.0]])}
print("wrong:", evidence["dh1"], " right:", evidence["dh1"] * (evidence["z1"] > 0))
example = ("relu walked past", "dz1", evidence, "dh1 * (z1 > 0)")
mended = past.mended(dz1=example[3])
print(
    "gradient check of the mended one passed:", bp.check_network(mended, x[:20], t[:20], directional=True).ok
)

# %% [markdown]
# **Self-check 3.** Write down what you find, `found = {1: (name, line, evidence, mended), 2: …}`, up to 10. You may ask as soon as you have the first.

# %%
found = ...
check.found(found)

# %% [markdown]
# ## 9.8 Where the library does this
#
# The page of a patient is made by a function whose pieces you have now written yourself:

# %%
print(inspect.getsource(bp.examine))

# %% [markdown]
# ## Summary
#
# | | measurement | what it sees first |
# |---|---|---|
# | 1 | look at the data | labels that moved, a scale of one's own |
# | 2 | the first loss is about $\ln C$ | weights that begin too wide |
# | 3 | at zero it is $\ln C$, exactly | a loss that is slightly another |
# | 4 | five samples by heart | a step in the wrong direction |
# | 5 | the gradient check | anything wrong on the way back |
# | 6 | norms by layer | a layer that is told nothing |
# | 7 | a sweep of rates | a step that is not $-\eta$ times the gradient |
# | 8 | the gap; ask twice | what differs between training and use |
#
# * The order is that of cost: the first seven take seconds.
# * Labels that moved, a scale of one's own, dropout left on, and weights moved too early all pass a gradient check.
# * A finding is a name, an input on which right and wrong differ, and one mended line.
#
# ## Exercises
#
# 1. *(code)* Hunt ten others, `bp.patients(7)`, and ask with `check.found(found, seed=7)`.
# 2. *(think)* A square layer, $H=C$, and `dd1 = delta2 @ W2`. Which measurement sees it? And why does it not even run otherwise?
# 3. *(find the slip)* "My test accuracy is better than my training accuracy, so I have a bug." Which harmless reason does 9.1 give?
# 4. *(code)* Write a patient that all eight measurements let pass. What would find it?
#
# **Next:** the assignment `ps09`, in which you write the measurements and a hunter that finds, proves and mends by itself, then lesson 10: why depth is hard, and what helps.
#
# ## Sources
#
# In our own words, after: A. Karpathy, [*A Recipe for Training Neural Networks*](https://karpathy.github.io/2019/04/25/recipe/) (look at the data, the first loss, a few samples by heart); CS231n, [notes on neural networks, part 3](https://cs231n.github.io/neural-networks-3/) (gradient checks,
# sanity checks, rates); N. Srivastava and others 2014 (dropout).
