# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Glossary
#
# **When a word has slipped your mind, you can**
#
# * look up what it means in this course, and which section introduces it.
#
# **Time:** about 1 minute, each time. The conventions card is in [lesson 0](00_start_here.ipynb#0.7-The-conventions-card).
#
# The first click on a section's number opens its lesson; in JupyterLab, click once more and you stand at the section.
#
# | the word | what it means | section |
# |---|---|---|
# | **accuracy** | the share of samples whose largest score belongs to the true class; for people, not for training | [5.2](05_softmax_loss.ipynb#5.2-What-a-guess-costs) |
# | **activation** | the answer of a neuron, $a=\sigma(z)$ | [6.2](06_mlp_bp1_bp4.ipynb#6.2-Names-for-everything) |
# | **activation function** | what turns a neuron's sum into its answer: sigmoid, tanh, relu; without one, two layers are no more than one | [7.2](07_train_and_check.ipynb#7.2-A-neuron,-a-layer,-a-network) |
# | **Adam** | a step that divides the mean of past gradients by the root of the mean of their squares, entry by entry | [10.7](10_deep_signals.ipynb#10.7-Momentum-and-Adam) |
# | **affine** | $Y=XW+b$: a matrix product and a bias | [4.5](04_affine_batch.ipynb#4.5-One-sample,-and-a-bias) |
# | **aliasing** | two names for one array, until an innocent `=` cuts them apart | [7.8](07_train_and_check.ipynb#7.8-The-step,-and-a-trap-in-one-character) |
# | **attention** | a weighted mean of values, with weights that a query finds by comparing itself with keys | [12.7](12_norm_and_attention.ipynb#12.7-Attention:-a-table-that-is-asked-softly) |
# | **backward pass** | the way from the output to the inputs, gate by gate, with a gradient for each value | [1.5](01_chain_rule.ipynb#1.5-Back-to-the-shop) |
# | **backward rule** | the few lines by which a gate turns upstream into downstream; it never forms a Jacobian | [3.5](03_vector_jacobians.ipynb#3.5-How-large-would-it-be?) |
# | **batch** | several samples at once, as the rows of a matrix | [4.6](04_affine_batch.ipynb#4.6-A-batch) |
# | **batch norm** | each feature brought to the mean 0 and the variance 1 over the batch; both are made of $x$, and send something back | [12.1](12_norm_and_attention.ipynb#12.1-A-column,-put-in-order) |
# | **bias** | a number that is added to a sum, and learned like a weight | [2.5](02_gate_patterns.ipynb#2.5-Small-gates-with-one-input,-and-a-neuron) |
# | **BP1** | the error of the last layer: $\nabla_a C\odot\sigma'(z^L)$ | [6.4](06_mlp_bp1_bp4.ipynb#6.4-BP1:-the-error-of-the-last-layer) |
# | **BP2** | the error one layer back: through the transposed weights and the slope at $z$ | [6.5](06_mlp_bp1_bp4.ipynb#6.5-BP2:-one-layer-back) |
# | **BP3** | the gradient of a bias: the error of its neuron | [6.6](06_mlp_bp1_bp4.ipynb#6.6-BP3-and-BP4:-from-errors-to-gradients) |
# | **BP4** | the gradient of a weight: the answer before it times the error behind it | [6.6](06_mlp_bp1_bp4.ipynb#6.6-BP3-and-BP4:-from-errors-to-gradients) |
# | **broadcasting** | numpy repeats an array until it fits another; on the way back, the repeated axes are summed | [4.8](04_affine_batch.ipynb#4.8-Broadcasting:-every-stretch-comes-back-as-a-sum) |
# | **causal mask** | scores of what comes later become $-\infty$ before the softmax, so that nobody sees the future | [12.9](12_norm_and_attention.ipynb#12.9-Causal:-not-to-see-what-comes) |
# | **central difference** | a measured slope that looks to both sides: $\frac{f(x+h)-f(x-h)}{2h}$ | [1.2](01_chain_rule.ipynb#1.2-Measuring-a-slope:-the-numerical-derivative) |
# | **chain rule** | sensitivities in a row multiply, each taken at the value that enters its own function | [1.3](01_chain_rule.ipynb#1.3-The-chain-rule:-sensitivities-multiply) |
# | **channel** | one of several images of the same size that a layer sees or makes: red, green, blue, or the answers of one kernel | [11.6](11_convolution.ipynb#11.6-Channels-and-batches) |
# | **class index** | the number of the true class, as a target | [5.2](05_softmax_loss.ipynb#5.2-What-a-guess-costs) |
# | **col2im** | rows of windows laid back to where they were cut out, and added up there: the way back of im2col | [11.5](11_convolution.ipynb#11.5-im2col:-a-convolution-is-an-affine-layer) |
# | **composite gate** | several gates closed into one that has a rule of its own, such as the sigmoid | [2.9](02_gate_patterns.ipynb#2.9-Where-the-library-does-this) |
# | **constant** | a plain number that meets a value: it becomes a value without parents, and nobody asks for its gradient | [8.7](08_build_an_engine.ipynb#8.7-The-rest-of-the-table) |
# | **copy gate** | the place where a value is used several times; on the way back it adds | [2.1](02_gate_patterns.ipynb#2.1-A-value-that-is-used-twice) |
# | **cost** | the loss, in lesson 6, where we read a text that calls it so | [6.1](06_mlp_bp1_bp4.ipynb#6.1-A-network-that-can-be-worked-out-by-hand) |
# | **cross-correlation** | sliding a kernel without turning it round: what networks call convolution | [11.1](11_convolution.ipynb#11.1-A-window-that-slides) |
# | **cross-entropy** | the loss $-\sum t\log y$: it charges for a small probability of the true class | [5.2](05_softmax_loss.ipynb#5.2-What-a-guess-costs) |
# | **curvature** | how fast a slope changes along a direction; it caps the learning rate at $2/\lambda$ | [10.6](10_deep_signals.ipynb#10.6-Too-small,-right,-too-large) |
# | **dead relu** | a neuron that no sample wakes any more; no gradient passes it, and it stays so | [7.10](07_train_and_check.ipynb#7.10-Watch-it-learn) |
# | **derivative** | how much the output moves, per unit of a small movement of the input | [1.1](01_chain_rule.ipynb#1.1-A-question-at-the-till) |
# | **diagonal** | what the Jacobian of a gate is that works entry by entry | [3.4](03_vector_jacobians.ipynb#3.4-What-Jacobians-look-like) |
# | **distributor** | the gate + on the way back: both inputs get the whole signal | [2.2](02_gate_patterns.ipynb#2.2-Four-patterns) |
# | **downstream** | what a gate sends on, on the way back: upstream × local | [1.4](01_chain_rule.ipynb#1.4-The-calculation-as-a-graph) |
# | **dropout** | neurons that a random mask takes out in training, and only there; it is switched off in use | [9.1](09_bug_hunt.ipynb#9.1-A-program-that-you-can-read-whole) |
# | **edge** | a line of a graph, along which a value goes forward and a gradient back | [1.4](01_chain_rule.ipynb#1.4-The-calculation-as-a-graph) |
# | **embedding** | a table with a row for each word, of numbers that are learned; it chooses rows | [12.10](12_norm_and_attention.ipynb#12.10-Embedding:-rows-that-are-chosen) |
# | **engine** | what keeps the graph of a calculation and sweeps back through it | [8.6](08_build_an_engine.ipynb#8.6-Step-five:-the-sweep) |
# | **epoch** | one walk through all training samples | [7.9](07_train_and_check.ipynb#7.9-Real-digits) |
# | **error** | of a neuron: $\delta=\partial C/\partial z$, the gradient at the sum that enters its sigmoid | [6.3](06_mlp_bp1_bp4.ipynb#6.3-The-error-of-a-neuron) |
# | **evidence** | of a mistake: an input on which right and wrong differ | [9.7](09_bug_hunt.ipynb#9.7-The-hunt) |
# | **explode** | of a gradient: to grow from layer to layer, exponentially | [10.2](10_deep_signals.ipynb#10.2-A-ruler-for-every-layer) |
# | **flat code** | a backward pass written line by line for one formula, without a graph | [2.4](02_gate_patterns.ipynb#2.4-Forks:-where-gradients-meet) |
# | **fork** | a place where a value goes several ways; gradients that come back along them are added | [2.1](02_gate_patterns.ipynb#2.1-A-value-that-is-used-twice) |
# | **forward difference** | a measured slope that looks to one side: $\frac{f(x+h)-f(x)}{h}$ | [1.2](01_chain_rule.ipynb#1.2-Measuring-a-slope:-the-numerical-derivative) |
# | **forward pass** | computing the values, from the inputs to the output | [1.4](01_chain_rule.ipynb#1.4-The-calculation-as-a-graph) |
# | **fully connected** | of a layer: each neuron sees each input | [7.2](07_train_and_check.ipynb#7.2-A-neuron,-a-layer,-a-network) |
# | **gap** | the distance between how well known samples are read and how well new ones | [9.6](09_bug_hunt.ipynb#9.6-The-gap,-and-symptoms-side-by-side) |
# | **gate** | one operation of a graph, with a rule for the way forward and one for the way back | [1.4](01_chain_rule.ipynb#1.4-The-calculation-as-a-graph) |
# | **gradient** | how sensitive the final output is to a value; it has the shape of that value | [1.4](01_chain_rule.ipynb#1.4-The-calculation-as-a-graph) |
# | **gradient check** | comparing a gradient with slopes that were measured by nudging | [7.7](07_train_and_check.ipynb#7.7-Two-checks-that-surprise) |
# | **graph** | a calculation drawn as gates, with a line for each value | [1.4](01_chain_rule.ipynb#1.4-The-calculation-as-a-graph) |
# | **Hadamard** | $\odot$, the product entry by entry; `*` in numpy | [6.4](06_mlp_bp1_bp4.ipynb#6.4-BP1:-the-error-of-the-last-layer) |
# | **hidden layer** | a layer whose results are neither input nor output of the network | [7.2](07_train_and_check.ipynb#7.2-A-neuron,-a-layer,-a-network) |
# | **hinge loss** | it charges each score that comes too close to that of the right class | [2.8](02_gate_patterns.ipynb#2.8-A-small-classifier) |
# | **im2col** | every window of an image as a row of a matrix, so that a convolution is a matrix product | [11.5](11_convolution.ipynb#11.5-im2col:-a-convolution-is-an-affine-layer) |
# | **$J^{\mathsf T}v$** | the product that goes back: upstream $v$ through the Jacobian, which is never formed | [3.3](03_vector_jacobians.ipynb#3.3-Upstream-×-local,-when-local-is-a-Jacobian) |
# | **Jacobian** | the table of all slopes from a vector to a vector: $J_{ij}=\partial y_i/\partial x_j$ | [3.2](03_vector_jacobians.ipynb#3.2-Three-kinds-of-derivative) |
# | **kernel** | the weights of a window, the same at every place | [11.1](11_convolution.ipynb#11.1-A-window-that-slides) |
# | **kink** | a corner of a function, as of relu at 0; there a slope on each side, and no derivative | [7.7](07_train_and_check.ipynb#7.7-Two-checks-that-surprise) |
# | **layer** | neurons that see the same inputs; one matrix product runs them all | [7.2](07_train_and_check.ipynb#7.2-A-neuron,-a-layer,-a-network) |
# | **layer norm** | each sample brought to the mean 0 and the variance 1 over its own features | [12.4](12_norm_and_attention.ipynb#12.4-Layer-norm:-the-same-along-the-other-axis) |
# | **learning rate** | the factor of a step against the gradient | [6.10](06_mlp_bp1_bp4.ipynb#6.10-A-whole-mini-batch) |
# | **local derivative** | how fast a gate's output moves with one of its inputs; no other gate matters to it | [1.3](01_chain_rule.ipynb#1.3-The-chain-rule:-sensitivities-multiply) |
# | **log-softmax** | the logarithm of softmax, computed from the scores, where nothing can overflow | [5.9](05_softmax_loss.ipynb#5.9-Break-it-on-purpose:-log(y-+-1e-7)) |
# | **loss** | one number that says how wrong a network is | [1.1](01_chain_rule.ipynb#1.1-A-question-at-the-till) |
# | **margin** | by how much the right score should beat the others | [2.8](02_gate_patterns.ipynb#2.8-A-small-classifier) |
# | **max pooling** | the largest entry of each window: a router | [11.7](11_convolution.ipynb#11.7-Pooling:-the-router-and-the-sharer) |
# | **memoization** | working a thing out once and keeping it; the sweep does so with the gradient of every node | [2.4](02_gate_patterns.ipynb#2.4-Forks:-where-gradients-meet) |
# | **mini-batch** | the handful of samples for one step of training | [6.10](06_mlp_bp1_bp4.ipynb#6.10-A-whole-mini-batch) |
# | **Momentum** | a step with a memory: pushes along the valley add up, pushes to and fro cancel | [7.8](07_train_and_check.ipynb#7.8-The-step,-and-a-trap-in-one-character) |
# | **nan** | *not a number*: what is left of $0\cdot\infty$; it spoils everything it touches | [2.6](02_gate_patterns.ipynb#2.6-Eight-gates-or-five?) |
# | **neuron** | it multiplies each input by a weight, adds a bias, and bends the sum | [2.5](02_gate_patterns.ipynb#2.5-Small-gates-with-one-input,-and-a-neuron) |
# | **node** | a place of a graph: a value and the gate that made it | [1.4](01_chain_rule.ipynb#1.4-The-calculation-as-a-graph) |
# | **nudge** | to move one input a little, leave the others alone, and look what the output does | [1.1](01_chain_rule.ipynb#1.1-A-question-at-the-till) |
# | **one-hot** | a target that is 1 for the true class and 0 for the others | [5.2](05_softmax_loss.ipynb#5.2-What-a-guess-costs) |
# | **outer product** | all products of a number of one vector with a number of another | [4.5](04_affine_batch.ipynb#4.5-One-sample,-and-a-bias) |
# | **overflow** | a number beyond the largest float becomes `inf`; softmax shifts its scores against it | [5.8](05_softmax_loss.ipynb#5.8-Break-it-on-purpose:-scores-that-are-too-large) |
# | **padding** | zeros around an image, so that a window can hang over its edge | [11.3](11_convolution.ipynb#11.3-Stride-and-padding,-and-how-many-places-there-are) |
# | **parents** | the values that a value was computed from, in their order and with repeats | [8.2](08_build_an_engine.ipynb#8.2-Step-one:-a-value-that-remembers) |
# | **penalty** | what is charged for large weights, on top of the loss for mistakes | [2.8](02_gate_patterns.ipynb#2.8-A-small-classifier) |
# | **query** | what is compared with all keys, so that attention knows which values to take | [12.7](12_norm_and_attention.ipynb#12.7-Attention:-a-table-that-is-asked-softly) |
# | **relu** | $\max(0,x)$: it keeps what is positive and turns the rest into 0 | [3.1](03_vector_jacobians.ipynb#3.1-Four-numbers-through-one-gate) |
# | **repeat** | one value for many places, such as a bias for all rows; its backward is a sum | [2.2](02_gate_patterns.ipynb#2.2-Four-patterns) |
# | **residual** | a layer with a branch around it, $y=x+F(x)$: one share of the gradient arrives as it was | [12.5](12_norm_and_attention.ipynb#12.5-Residuals:-the-fork-that-keeps-the-signal) |
# | **reverse mode** | taking the chain rule from the loss on: a row times a matrix, at each step | [6.12](06_mlp_bp1_bp4.ipynb#6.12-What-a-backward-pass-costs) |
# | **router** | the gate max on the way back: the larger input gets all, the other nothing | [2.2](02_gate_patterns.ipynb#2.2-Four-patterns) |
# | **rule of He** | how wide weights begin in front of a relu: $s=\sqrt{2/n}$ | [10.4](10_deep_signals.ipynb#10.4-How-wide-should-weights-begin?-Variance-through-a-layer) |
# | **running mean** | what batch norm remembers of its batches, for use, where there is no batch | [12.3](12_norm_and_attention.ipynb#12.3-In-training,-and-in-use) |
# | **sample** | one example to learn from: a row of numbers | [4.1](04_affine_batch.ipynb#4.1-Two-samples,-three-numbers-each) |
# | **saturated** | of a neuron: on a flat arm of its sigmoid, where hardly any signal passes back | [6.6](06_mlp_bp1_bp4.ipynb#6.6-BP3-and-BP4:-from-errors-to-gradients) |
# | **scatter-add** | what comes back to rows that were chosen: each upstream is added to the row it came from | [12.10](12_norm_and_attention.ipynb#12.10-Embedding:-rows-that-are-chosen) |
# | **score** | what a network gives to a class before softmax; only differences of scores count | [2.8](02_gate_patterns.ipynb#2.8-A-small-classifier) |
# | **secant** | the line through two points of a curve; it becomes the tangent as they meet | [1.7](01_chain_rule.ipynb#1.7-How-small-a-nudge?-Before-you-write-your-own) |
# | **self-attention** | attention in which one sequence asks itself | [12.9](12_norm_and_attention.ipynb#12.9-Causal:-not-to-see-what-comes) |
# | **sensitive** | a value is, to another, if a nudge there moves it here: see *derivative* | [1.1](01_chain_rule.ipynb#1.1-A-question-at-the-till) |
# | **SGD** | stochastic gradient descent: steps against the gradient of a mini-batch that was drawn at random | [6.10](06_mlp_bp1_bp4.ipynb#6.10-A-whole-mini-batch) |
# | **sigmoid** | $\sigma(z)=1/(1+e^{-z})$, from 0 to 1; its slope is $y(1-y)$, at most a quarter | [1.7](01_chain_rule.ipynb#1.7-How-small-a-nudge?-Before-you-write-your-own) |
# | **slice** | of one entry: how each entry of the output moves with it, in the shape of the output | [4.2](04_affine_batch.ipynb#4.2-One-entry-of-X) |
# | **soft label** | a target that shares itself among several classes | [5.2](05_softmax_loss.ipynb#5.2-What-a-guess-costs) |
# | **softmax** | it turns scores into shares that are positive and add up to 1 | [3.4](03_vector_jacobians.ipynb#3.4-What-Jacobians-look-like) |
# | **stride** | how far a window moves from one place to the next | [11.3](11_convolution.ipynb#11.3-Stride-and-padding,-and-how-many-places-there-are) |
# | **swap multiplier** | the gate × on the way back: each input gets the signal times the *other* value | [2.2](02_gate_patterns.ipynb#2.2-Four-patterns) |
# | **sweep** | one backward pass through a whole graph | [1.5](01_chain_rule.ipynb#1.5-Back-to-the-shop) |
# | **target** | what is true, as the loss takes it: $t$ | [5.2](05_softmax_loss.ipynb#5.2-What-a-guess-costs) |
# | **template** | the weights into one neuron, looked at as an image: what it fires for | [7.2](07_train_and_check.ipynb#7.2-A-neuron,-a-layer,-a-network) |
# | **topological order** | a list in which each value stands once, after all its parents; read backwards, it is the order of the sweep | [8.5](08_build_an_engine.ipynb#8.5-Step-four:-an-order) |
# | **transformer block** | self-attention and two affine layers, each with a norm before it and a branch around it | [12.11](12_norm_and_attention.ipynb#12.11-A-block-that-learns-to-sort) |
# | **transpose** | rows become columns; on the way back through a product it is the *other operand* that is transposed | [4.3](04_affine_batch.ipynb#4.3-All-entries-at-once) |
# | **U-curve** | the error of a measured slope over the step $h$: too long is wrong, too short is wrong as well | [1.7](01_chain_rule.ipynb#1.7-How-small-a-nudge?-Before-you-write-your-own) |
# | **upstream** | what arrives at a gate on the way back: the gradient of its output | [1.4](01_chain_rule.ipynb#1.4-The-calculation-as-a-graph) |
# | **vanishing gradient** | a signal that dies away on its way back through many flat gates | [2.6](02_gate_patterns.ipynb#2.6-Eight-gates-or-five?) |
# | **weight** | a number that multiplies an input, and that training changes | [1.1](01_chain_rule.ipynb#1.1-A-question-at-the-till) |
# | **weight decay** | weights that shrink by a share at each step: the branch of the regulariser | [10.8](10_deep_signals.ipynb#10.8-Weight-decay:-the-branch-of-lesson-2) |
# | **Xavier** | how wide weights begin between two square layers: $s^2=2/(n_{\text{in}}+n_{\text{out}})$ | [10.4](10_deep_signals.ipynb#10.4-How-wide-should-weights-begin?-Variance-through-a-layer) |
# | **zero_grad** | setting gradients to 0, so that a new sum begins | [8.6](08_build_an_engine.ipynb#8.6-Step-five:-the-sweep) |
