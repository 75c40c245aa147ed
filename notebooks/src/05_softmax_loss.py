# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 · Softmax and its loss: how wrong is a guess?
#
# **When you are done, you can**
#
# * turn any scores into probabilities, and say what a guess costs;
# * derive the gradient $y-t$ twice, gate by gate and in one line, and point at the place where $\sum t=1$ is used;
# * explain it to a friend as push and pull;
# * write the loss for a whole batch so that no score, however large or small, breaks it.
#
# **You need** lesson 2 (forks add, exp and log), lesson 3 (the Jacobian of softmax) and lesson 4 (rows are samples;
# a repeat goes back as a sum).
# **Time:** about 95 minutes with the self-checks, in three sittings: 5.1 to 5.3, 5.4 to 5.6, 5.7 to the end. Then comes the assignment `ps05`.

# %%
import inspect

import numpy as np

import bplib as bp
from bplib.course.questions import softmax_loss as check

np.set_printoptions(suppress=True)  # 0.00005 and not 5e-05

# %% [markdown]
# ## 5.1 From scores to probabilities
#
# A network has looked at a picture of a dog, and has given each of three classes a **score**: cat 0.3, dog 2.9, ship 4.0. It
# likes the ship best. How much better, and how sure is it? Scores can be any numbers, negative ones too. Probabilities are
# positive and add up to 1. Two steps lead from the one to the other: $e^z$ makes every score positive, and dividing by the sum
# makes them add up to 1. (Lesson 3 called the results *shares*.)

# %%
z = np.array([0.3, 2.9, 4.0])
e = np.exp(z)
y = e / e.sum()
print("scores z         ", z)
print("powers e^z       ", e.round(4), " sum", e.sum().round(4))
print("probabilities y  ", y.round(4), " sum", y.sum().round(4))

# %% [markdown]
# That is the **softmax** of the scores:
#
# $$y_i=\frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# The largest score gets the largest probability, but the others keep something: a *soft* maximum. Why $e^z$, and not $z^2$? Because
# $z^2$ does not care about the sign, and because of what you will see next.
#
# **Predict, then run.** We add 1 to *every* score: 1.3, 3.9 and 5.0. What is now the probability of the dog, which was 0.2452? Put
# your guess in place of `None`.

# %%
dog = None
check.all_scores_higher(dog)

# %% reveal
for shift in (0, 1, -5):
    e = np.exp(z + shift)
    print(f"z {shift:+d}: ", (e / e.sum()).round(4))

# %% reveal [markdown]
# Nothing moves. Every power gets the same factor, $e^{z+1}=e\cdot e^{z}$, above the line and below it, and it cancels. Only
# *differences* of scores count: $y_i/y_j=e^{z_i-z_j}$.

# %% [markdown]
# The ship has 1.1 more than the dog, so it is $e^{1.1}$ times as probable:

# %%
print(f"e^1.1 = {np.exp(1.1):.4f},  y_ship / y_dog = {y[2] / y[1]:.4f}")

# %% [markdown]
# Keep this in mind. It will save us twice: once from thinking, once from an overflow.
#
# ## 5.2 What a guess costs
#
# The picture shows a dog, class 1. The network gave the dog 0.2452. What should we charge? Nothing if it had said 1; much
# if it had said almost 0; and in between, smoothly. The **cross-entropy** charges $-\log y$ of the true class
# ($\log$ to the base $e$):

# %%
for probability in (1.0, 0.9, 0.5, 0.2452, 0.01, 0.0001):
    print(f"the true class got {probability:<7}  loss {-np.log(probability) + 0.0:.4f}")

# %% [markdown]
# Why the logarithm? The probability of being right on *all* pictures of an album is a product, and $-\log$ turns it into a sum with
# one term for each picture. So the smallest loss is where the whole album is most probable.
#
# ### Targets, in three forms
#
# The truth can be written as probabilities as well, the **target** $t$: all of it on the dog, $t=(0,1,0)$. This is called *one-hot*. Then
#
# $$L=-\sum_i t_i\,\log y_i ,$$
#
# since the zeros silence the other classes. The long form has a merit: it also takes *soft* labels, when three people called the picture
# a dog and one a ship, $t=(0,\tfrac34,\tfrac14)$. And when $t$ is one-hot, the **class index** 1 says it all, and `log_y[1]` looks it up.

# %%
log_y = np.log(y)
print(f"class index 1            {-log_y[1]:.4f}")
print(f"one-hot (0, 1, 0)        {-np.sum(np.array([0, 1, 0]) * log_y):.4f}")
print(f"soft    (0, 0.75, 0.25)  {-np.sum(np.array([0, 0.75, 0.25]) * log_y):.4f}")

# %% [markdown]
# **Self-check 1.** A guess is $y=(0.3, 0.2, 0.5)$. What does it cost if the true class is 1? And with the soft label
# $t=(0.5, 0, 0.5)$?

# %%
y = np.array([0.3, 0.2, 0.5])
hard = ...
soft = ...
check.two_losses(hard, soft)

# %% [markdown]
# A network that knows nothing gives all $C$ classes the same. Its loss is $-\log\frac1C=\log C$, a number worth remembering: the
# first loss of a fresh network should be near it.

# %%
for C in (2, 3, 10):
    print(f"{C:2d} classes: log C = {np.log(C):.4f}")

# %% [markdown]
# ### Why not simply count the mistakes?
#
# What we want in the end is **accuracy**: the share of pictures whose largest score belongs to the true class. But nudge a score, and
# (nearly always) the largest stays the largest. The slope is 0, and says nothing. The loss feels every nudge:

# %%
for dog_score in (2.9, 3.0, 3.9, 4.1):
    scores = np.array([0.3, dog_score, 4.0])
    loss = bp.softmax_with_loss(scores, 1)
    print(f"score of the dog {dog_score}: right {scores.argmax() == 1!s:5}  loss {loss:.4f}")

# %% [markdown]
# Accuracy is for people, the loss is for training.
#
# ## 5.3 Which way should each score move?
#
# Here is another picture of a dog, with scores that make the powers 3, 2 and 5, so that $y=(0.3, 0.2, 0.5)$:

# %% reveal
z = np.log([3.0, 2.0, 5.0])
t = np.array([0.0, 1.0, 0.0])


def softmax_loss(z, t):
    e = np.exp(z)
    y = e / e.sum()
    return -np.sum(t * np.log(y))


print("z =", z.round(4), f"  loss = {softmax_loss(z, t):.4f}")

# %% [markdown]
# **Predict, then run.** The loss looks at $y_1$ only, but $y_1$ depends on all three scores, so there are three slopes. You need not know any
# of them to know what they add up to. (Which nudge of all three scores changes nothing?)

# %%
total = None
check.sum_of_slopes(total)

# %% [markdown]
# Now we measure them:

# %% reveal
y, measured = bp.softmax(z), bp.numerical_gradient(lambda z: softmax_loss(z, t), z)
print("y        ", y.round(4))
print("t        ", t)
print("slopes   ", measured.round(4))
print(f"their sum {abs(measured.sum()):.4f}")

# %% [markdown]
# Look at the three rows. Each slope is the first row minus the second. Is that so for other scores too? Here the network is almost sure, and right:

# %% reveal
sure = np.array([0.0, np.log(99.0), -30.0])
print("y        ", bp.softmax(sure).round(4))
print("slopes   ", bp.numerical_gradient(lambda z: softmax_loss(z, t), sure).round(4) + 0.0)

# %% [markdown]
# Again $y-t$. Such a simple answer from powers, a sum, quotients and logarithms asks for an explanation. We give two: the first shows where
# everything goes, the second is short.
#
# ---
# > **A good place to stop.** You know what a guess costs, and have measured which way each score should move. When you come back: *Run → Run All Above Selected Cell*, and on with 5.4, why it is just y − t.

# %% [markdown]
# ## 5.4 The way back, gate by gate
#
# The loss as a graph: exp, sum, divide, log, times the target, sum, and a minus. Forward only. All three classes are one array here, and `Sum` is the gate that adds up its entries:


# %%
def loss_of(z, t):
    e = bp.exp(z)
    S = bp.gates.Sum()(e)
    y = e / S
    log_y = bp.log(y)
    total = bp.gates.Sum()(t * log_y)
    L = -total
    return L


bp.record(loss_of, backward=False, z=z, t=t)

# %% [markdown]
# Note the fork: each $e_i$ goes into the sum and into its own quotient $y_i=e_i/S$. And $S$, a single number, is used by all three quotients. Let us go back from the right, for any
# $t$, with the dog's numbers beside each formula.
#
# 1. **minus, and the target.** The loss is $-\sum t_i\log y_i$: the signal 1 becomes −1 at the minus, goes to every class, and is multiplied by $t_i$
#    there. At $\log y$ arrives $-t=(0,-1,0)$.
# 2. **log.** Its local derivative is $1/y$. At $y$ arrives $-t/y$.
# 3. **divide.** $y_i=e_i/S$ has the local derivatives $1/S$ for $e_i$ and $-e_i/S^2$ for $S$. So there are two ways on from here.
#
# **Self-check 2.** What arrives at $y$ (three numbers)? And what arrives at $S$? Here $e=(3,2,5)$ and $S=10$. Three quotients use $S$, so
# what comes back is a sum.

# %%
e, S = np.array([3.0, 2.0, 5.0]), 10.0
d_y = ...
d_S = ...
check.two_stops(d_y, d_S)

# %% reveal [markdown]
# With letters, the sum at $S$ is a small wonder. The upstream at $y_i$ is $-t_i/y_i$, and $y_i=e_i/S$:
#
# $$\frac{\partial L}{\partial S}=\sum_i\Big(-\frac{t_i}{y_i}\Big)\Big(-\frac{e_i}{S^2}\Big)
# =\sum_i \frac{t_i\,S}{e_i}\cdot\frac{e_i}{S^2}=\frac1S\sum_i t_i=\frac1S .$$
#
# **This is the place where $\sum t=1$ is used**, and the only one.
#
# 4. **The fork at $e_i$.** Through the sum comes $\frac1S$. Through the division comes $-\frac{t_i}{y_i}\cdot\frac1S=-\frac{t_i}{e_i}$. Forks add:
#    $\frac1S-\frac{t_i}{e_i}$.
# 5. **exp.** Its local derivative is its output $e_i$:
#
# $$\frac{\partial L}{\partial z_i}=e_i\Big(\frac1S-\frac{t_i}{e_i}\Big)=\frac{e_i}{S}-t_i=y_i-t_i .\qquad\blacksquare$$

# %% [markdown]
# Every stop of the journey, from the library:

# %% reveal
journey = bp.record(loss_of, z=z, t=t)
for name in ("log_y", "y", "S", "e", "z"):
    value, gradient = np.round(journey.value[name], 4), np.round(journey.gradient[name], 4) + 0.0
    print(f"{name:6} value {value!s:26} gradient {gradient}")


# %% [markdown]
# Now with numbers you can move, and every class on lines of its own. The dog is the true class, so that a single quotient, $y_1$, is enough. Tick *guess each gradient first*, step back from the
# loss, and watch the sum: it sends the same number to all three powers. That is the push. Where does the pull come from?


# %% reveal
def loss_of_a_dog(z0, z1, z2):
    e0, e1, e2 = bp.exp(z0), bp.exp(z1), bp.exp(z2)
    S = e0 + e1 + e2
    y1 = e1 / S
    L = -bp.log(y1)
    return L


cat, dog, ship = z.round(4)
bp.Stepper(loss_of_a_dog, z0=cat, z1=dog, z2=ship)

# %% [markdown]
# ## 5.5 The same in one line
#
# Take the logarithm *before* anything else. $\log y_i=z_i-\log S$, with $S=\sum_j e^{z_j}$, so
#
# $$L=-\sum_i t_i\,(z_i-\log S)=\Big(\sum_i t_i\Big)\log S-\sum_i t_i z_i=\log S-\sum_i t_i z_i .$$
#
# There it is again, $\sum t=1$. The derivative of $\log S$ for $z_k$ is $\frac1S\,e^{z_k}=y_k$, the derivative of the rest is $-t_k$, and
#
# $$\frac{\partial L}{\partial z_k}=y_k-t_k .\qquad\blacksquare$$
#
# A third way starts from lesson 3: multiply the upstream $-t/y$ by the Jacobian of softmax, $J_{ij}=y_i\big([i=j]-y_j\big)$. All three roads
# meet:

# %%
y = bp.softmax(z)
J = np.diag(y) - np.outer(y, y)
print("through the graph ", journey.gradient["z"].round(4))
print("one line, y - t   ", (y - t).round(4))
print("Jacobian          ", (J.T @ (-t / y)).round(4))

# %% [markdown]
# And if $\sum t$ is *not* 1? Say somebody marks a picture as dog *and* ship, $t=(0,1,1)$. The line above then reads
# $(\sum t)\log S-\sum t_iz_i$, so the gradient is $2y-t$, and code that returns $y-t$ is wrong without a word.

# %%
both = np.array([0.0, 1.0, 1.0])
print("measured ", bp.numerical_gradient(lambda z: softmax_loss(z, both), z).round(4))
print("2y - t   ", (2 * y - both).round(4))
print("y - t    ", (y - both).round(4))
try:
    bp.softmax_with_loss(z, both)
except bp.InputError as error:
    print(error)

# %% [markdown]
# ## 5.6 Push and pull
#
# *What was said, minus what is true.* Training moves each score **against** its slope:
#
# * the **true class** has the slope $y-1$, which is negative: its score is **pulled up**, by as much as its probability lacks to 1;
# * **every other class** has the slope $y$, which is positive: its score is **pushed down**, by just the probability that it took;
# * the pull equals all pushes together, since $y$ and $t$ both add up to 1. What one side gains the others lose.
#
# With $y=(0.3,0.2,0.5)$ the dog is pulled by 0.8, the cat pushed by 0.3, the ship, which took most, by 0.5. When the network
# is sure and right, $(0.01,0.99,0)$, hardly anything moves: there is nothing left to learn here. When it is sure and *wrong*, the pull is nearly 1.
#
# Move the scores of the first dog (class 0 is the cat, 1 the dog, 2 the ship). Find scores for which hardly anything is pushed. Can you make the pull larger than 1? Then choose another true class.

# %%
bp.SoftmaxLoss(z=(0.3, 2.9, 4.0), t=1)

# %% reveal [markdown]
# The pull is $1-y$ of the true class, and $y$ is positive: it never reaches 1.

# %% [markdown]
# A few steps along these pushes, with nothing but $y-t$:

# %%
scores = z.copy()
for step in range(4):
    guess = bp.softmax(scores)
    print(f"step {step}:  y = {guess.round(3)}  loss {-np.log(guess[1]):.4f}")
    scores = scores - (guess - t)

# %% [markdown]
# **Self-check 3.** The guess is $y=(0.3,0.2,0.5)$, and two people disagree: $t=(0.5,0.5,0)$. What is the gradient of the three
# scores?

# %%
gradient = ...
check.half_and_half(gradient)

# %% reveal [markdown]
# For which guess would it be zero? Where $y=t$, and nowhere else. With a soft label the *loss* is not zero there: it has reached the doubt that lies in the label itself.

# %% reveal
agreed, t_soft = np.array([0.0, 0.0, -40.0]), np.array([0.5, 0.5, 0.0])
print("y        ", bp.softmax(agreed).round(4))
print("gradient ", (bp.softmax(agreed) - t_soft).round(4) + 0.0)
print(f"loss      {bp.softmax_with_loss(agreed, t_soft):.4f}")

# %% [markdown]
# ---
# > **A good place to stop.** You have derived $y-t$ in two ways, and seen it push and pull. When you come back: *Run → Run All Above Selected Cell*, and on with 5.7, the same for a batch, and for scores that are too large.

# %% [markdown]
# ## 5.7 A whole batch
#
# Rows are samples: `z` is `(N, C)`, `y` is `(N, C)`, a class index for each row makes `t` `(N,)`, one-hot or soft rows make it `(N, C)`. The loss
# is the **mean** over the rows:
#
# $$L=-\frac1N\sum_{n}\sum_i t_{ni}\log y_{ni}\qquad\qquad\frac{\partial L}{\partial z}=\frac{y-t}{N}$$
#
# The $1/N$ lives in the loss, so it is in the gradient of the scores, and from there it reaches every weight by itself. No layer before it divides by
# $N$ again. Here is a batch of two: the dog from above, and a ship with the scores
# that opened this lesson:

# %%
Z, labels = np.array([z, [0.3, 2.9, 4.0]]), np.array([1, 2])
Y = bp.softmax(Z)
T = np.eye(3)[labels]  # row i of the unit matrix is class i, one-hot
dZ = (Y - T) / len(Z)
print("y - t, over N:\n", dZ.round(4) + 0.0)
print("measured:\n", bp.numerical_gradient(lambda Z: bp.softmax_with_loss(Z, labels), Z).round(4) + 0.0)
print("each row adds up to", np.abs(dZ.sum(axis=1)).round(4))

# %% [markdown]
# With class indices there is no need for the unit matrix. `Y[np.arange(N), labels]` picks one entry from each row: row 0 with its label 1, row 1
# with its label 2. Beware of `Y[:, labels]`, which picks *all* rows for *each* label:

# %%
N = len(Z)
print("one for each row:    ", Y[np.arange(N), labels].round(4))
print("all rows, all labels:", Y[:, labels].round(4).tolist())
print(f"loss: {-np.log(Y[np.arange(N), labels]).mean():.4f}")

# %% [markdown]
# And upstream? A loss mostly stands at the end, where the signal is 1. But it may be half of a larger sum, and then 0.5 arrives. A gate that
# ignores its upstream works until that day: *upstream × local*, here as everywhere.
#
# **Self-check 4.** Write it for a batch with targets `t` of the shape of `y`. `upstream` is a number.


# %%
def back(upstream, y, t):
    raise NotImplementedError


check.back(back)

# %% [markdown]
# ### Break it on purpose: a cache that is written into
#
# To save memory, many programs make no copy and subtract in place. The layer keeps $y$ from its forward pass, and then:


# %%
class MakesNoCopy:
    def forward(self, z, t):
        self.y, self.t = bp.softmax(z), t
        return bp.cross_entropy(self.y, t)

    def backward(self, upstream):
        dz = self.y  # no copy: a second name for the same array
        dz[np.arange(len(dz)), self.t] -= 1
        return upstream * dz / len(dz)


layer = MakesNoCopy()
layer.forward(Z, labels)
print("first time: ", layer.backward(1.0)[0].round(4))
print("second time:", layer.backward(1.0)[0].round(4))
print("what the layer now thinks it said:", layer.y[0].round(4))

# %% [markdown]
# The first answer is right. The second is not, and a probability of −1.8 sits in the cache. Whoever asks for `layer.y` later, to print it or to count
# correct answers, gets nonsense too. **`backward` never writes into what it is given or has kept.** One `.copy()` is the whole cure.
#
# ## 5.8 Break it on purpose: scores that are too large
#
# Scores of 1010, 1000 and 990 are the same as 20, 10 and 0, since only differences count. **Predict:** what does our formula say?

# %%
prediction = "..."


# %% reveal
def naive_softmax(z):
    e = np.exp(z)
    return e / e.sum()


large = np.array([1010.0, 1000.0, 990.0])
with np.errstate(over="ignore", invalid="ignore"):  # else numpy warns, and rightly
    print("powers:", np.exp(large))
    print("naive: ", naive_softmax(large))
print("from 20, 10, 0:", naive_softmax(np.array([20.0, 10.0, 0.0])).round(6))

# %% reveal [markdown]
# $e^{1010}$ is beyond the largest float: `inf`, and `inf / inf` is `nan`. The cure is what you found in 5.1: add to all scores of a row what you like,
# and choose $-\max$, so that the largest exponent is 0. No power can overflow then. Small ones may become 0, which is what they are to 16 digits.


# %%
def softmax_of_a_row(z):
    e = np.exp(z - z.max())
    return e / e.sum()


print("shifted:", softmax_of_a_row(large).round(6))

# %% [markdown]
# And for a batch? *Its* maximum, or the maximum of each row? Two rows that are equal but for a shift of 1000:

# %%
rows = np.array([[0.0, 1.0], [1000.0, 1001.0]])
shifts = {"one for all": rows.max(), "one per row": rows.max(axis=1, keepdims=True)}
for name, shift in shifts.items():
    e = np.exp(rows - shift)
    with np.errstate(invalid="ignore"):
        print(f"{name}:", (e / e.sum(axis=1, keepdims=True)).round(4).tolist())

# %% [markdown]
# With one shift for all, the first row becomes $e^{-1001}$ and $e^{-1000}$: both 0, their sum 0, and $0/0$ is `nan`. **Shift each row by its own
# maximum.** `keepdims=True` keeps the maxima as a column `(N, 1)`, so that each is subtracted from its own row. Without it the shape is `(N,)`, which numpy
# lays along the *columns*: an error if you are lucky, and for a square batch a wrong answer without one.
#
# The sum has an axis too. Summing over `axis=0` lets the *samples* compete for a class instead of the classes for a sample:

# %%
e = np.exp(np.array([[0.0, 1.0, 3.0], [2.0, 0.0, 1.0]]))
for axis in (1, 0):
    y = e / e.sum(axis=axis, keepdims=True)
    print(f"axis={axis}:", y.round(4).tolist(), " rows add up to", y.sum(axis=1).round(4))

# %% [markdown]
# Rows that do not add up to 1 give it away. Print the row sums once.
#
# ## 5.9 Break it on purpose: `log(y + 1e-7)`
#
# One trap is left. For $z=(12,0,-12)$ and the third class the network is sure and wrong: $y_2$ is about $10^{-11}$. Further out $y_2$ rounds to 0, and
# $\log 0=-\infty$. Many programs therefore write `np.log(y + 1e-7)`. Nothing breaks then. **Predict:** what becomes of the pull on the third class?

# %%
prediction = "..."


# %% reveal
def guarded_loss(z, t):
    return -np.sum(t * np.log(softmax_of_a_row(z) + 1e-7))


wrong, third = np.array([12.0, 0.0, -12.0]), np.array([0.0, 0.0, 1.0])
slopes = bp.numerical_gradient(lambda z: guarded_loss(z, third), wrong)
truth = bp.softmax(wrong) - third
print(f"y of the third class: {bp.softmax(wrong)[2]:.1e}")
print(f"loss     guarded {guarded_loss(wrong, third):.2f}, true {bp.softmax_with_loss(wrong, third):.2f}")
print("gradient guarded", (slopes.round(5) + 0.0).tolist())
print("gradient true   ", (truth.round(5) + 0.0).tolist())

# %% reveal [markdown]
# The pull should be 1, the largest there is. It is 0.00038. The guard hides $y_2=4\cdot10^{-11}$ under its $10^{-7}$, and the samples that are *most wrong* learn
# the least.

# %% [markdown]
# Twenty steps each, along the gradient of its own loss:

# %% reveal
guarded, exact = wrong.copy(), wrong.copy()
for _ in range(20):
    y = bp.softmax(guarded)
    guarded = guarded - (y - third) * y[2] / (y[2] + 1e-7)  # y / (y + 1e-7) is the guard's chain rule
    exact = exact - (bp.softmax(exact) - third)
print(f"guarded: y of the true class {bp.softmax(guarded)[2]:.1e}")
print(f"exact:   y of the true class {bp.softmax(exact)[2]:.4f}")

# %% [markdown]
# Some programs print the guarded loss and return $y-t$ anyway. They learn, but their gradient is not the gradient of their loss, and a gradient check
# rejects what is right. No guard is needed if you never compute $y$ on the way to $\log y$. As in 5.5,
#
# $$\log y_i=z_i-m-\log\sum_j e^{z_j-m},\qquad m=\max_j z_j .$$
#
# The sum is at least 1 (the largest term is $e^0$), so its logarithm is harmless. This is the **log-softmax**:


# %%
def log_softmax_of_a_row(z):
    shifted = z - z.max()
    return shifted - np.log(np.exp(shifted).sum())


print("log y:", log_softmax_of_a_row(wrong).round(4) + 0.0)
with np.errstate(divide="ignore"):
    print("far out, log of softmax:", np.log(softmax_of_a_row(np.array([0.0, 800.0]))))
print("far out, log-softmax:   ", log_softmax_of_a_row(np.array([0.0, 800.0])))

# %% [markdown]
# **Self-check 5.** $z=(0,-1000)$, and class 1 is true. What is the loss? (Pencil; no program needed.)

# %%
loss = ...
check.far_off(loss)

# %% [markdown]
# ## 5.10 Where the library does this
#
# The rule of softmax alone is the product with its Jacobian, without the Jacobian (lesson 3):

# %%
print(inspect.getsource(bp.gates.Softmax.forward))
print(inspect.getsource(bp.gates.Softmax.backward))

# %% [markdown]
# The loss goes by log-softmax, and its gradient is $(y-t)/N$, both from one pass. (`_labels` turns class indices into one-hot rows and refuses what
# is no distribution; a class that is not true adds nothing to the sum, even where its score is $-\infty$.) Upstream comes in one class higher, the same for every loss:

# %%
print(inspect.getsource(bp.gates.SoftmaxWithLoss.judge))
print(inspect.getsource(bp.gates.Loss.backward))

# %% [markdown]
# Is it right? Compare with nudging, with random upstream signals. ($t$ is given, not learned, and has no gradient.)

# %%
random_scores = np.random.default_rng(5).normal(size=(4, 3))
bp.check_gate(bp.softmax_with_loss, random_scores, np.array([0, 2, 1, 1]))

# %% [markdown]
# Here is a rule of your own to break. Divide by 3 in place of 4, leave out the upstream, use `axis=0`, and read what the check makes of it:
#
# <details>
# <summary>What you should see</summary>
#
# Three names: *divided by C* (there are 3 classes and 4 samples), *upstream ignored*, and *softmax over the wrong axis*.
#
# </details>


# %%
class MyLoss:
    def forward(self, z, t):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
        return -np.log(y[np.arange(len(z)), t]).mean()

    def backward(self, upstream, out, z, t):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)
        return upstream * (y - np.eye(z.shape[1])[t]) / len(z)


bp.check_gate(MyLoss(), random_scores, np.array([0, 2, 1, 1]))

# %% [markdown]
# ## Summary
#
# * **Softmax** turns scores into probabilities. Only differences of scores count, so shift each row by its own maximum.
# * **Cross-entropy** is $-\sum t\log y$, the mean over the rows. Take $\log y$ from the scores, by log-softmax, and never add $10^{-7}$.
# * The gradient of the scores is **$(y-t)/N$** times upstream: the true class is pulled up, the others are pushed down, and each row adds up to 0.
# * It needs $\sum t=1$, and it holds for class indices, one-hot rows and soft labels alike.
# * Equal scores cost $\log C$.
#
# ## Exercises
#
# 1. *(pencil)* Two classes with the scores $z$ and 0. Show that softmax gives the first one $\sigma(z)$. What becomes of $y-t$?
# 2. *(code)* The squared error $\tfrac12\lVert y-t\rVert^2$ after softmax: record it at $z=(12,0,-12)$ with the third class true. How strong is the pull
#    now, and which factor of the Jacobian is to blame?
# 3. *(find the slip)* "Softmax has a diagonal Jacobian, so its backward rule is `upstream * y * (1 - y)`." Which entries are forgotten? Try it in
#    the third road of 5.5.
# 4. *(find the slip)* A book's `SoftmaxWithLoss.backward(dout)` reads `return (self.y - self.t) / batch_size`. When does nobody notice?
# 5. *(think)* Dividing all scores by a *temperature* of 2 before softmax: what happens to $y$? And to the gradient of the scores?
# 6. *(think)* Can the loss of a batch be exactly 0? Where would the scores have to be?
#
# **Next:** the assignment `ps05`, then lesson 6: a whole network of such layers, and the four equations that carry $y-t$ back to every weight.
#
# ## Sources
#
# In our own words, after: K. Saitoh, [*Deep Learning from Scratch*](https://www.oreilly.co.jp/books/9784873117584/), ch. 4, 5 and appendix A (softmax with loss as a graph; the three
# examples of $y-t$); CS231n, [notes on linear classification](https://cs231n.github.io/linear-classify/) (scores, cross-entropy, the shift by the maximum); M. Nielsen,
# *Neural Networks and Deep Learning*, [ch. 3](http://neuralnetworksanddeeplearning.com/chap3.html) (cross-entropy and softmax); I. Goodfellow, Y. Bengio, A. Courville,
# [*Deep Learning*](https://www.deeplearningbook.org/contents/mlp.html), 6.2.2.3 (log-softmax).
