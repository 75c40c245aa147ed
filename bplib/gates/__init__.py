"""The table of derivatives: one class for each gate, each with its forward and its backward rule.

    upstream × local = downstream

``upstream`` is the gradient that arrives at the gate's output, ``local`` the derivative of the output with
respect to one input, ``downstream`` what the gate passes on to that input.

base        what a gate is
entrywise   +, ×, exp, max …: each entry by itself
neurons     sigmoid, relu …: what neurons do with their sum
reductions  sum, mean, max, norm …: many numbers into fewer
structure   who gets what: copy, repeat, reshape, choose, put together …
matrices    matmul, affine, einsum
losses      softmax, and the costs that training makes small
windows     convolution and pooling
norms       batch and layer norm, dropout
queries     scaled dot-product attention
foreign     somebody else's rule as a gate: a student's class, in the pure style or as the books write it

Options follow the inputs where a gate is called, ``softmax(z, axis=0)``, or make a gate of their own,
``Softmax(axis=0)``. Where a function has no derivative, it has one here by choice:

kinks       with a flat side, or where the sign of the slope turns: 0 (relu, |x|, clip, hinge, norm); else the
            slope on the left (leaky relu, elu)
ties        all of the upstream goes to the first of the largest (max, min, pooling); in max(x, number) the
            number counts as the first, so that max(x, 0), max(0, x) and relu(x) are one

Below, one gate a line: a name in capitals is the rule (``Exp``), that in lower case the function (``exp``).
"""

# fmt: off
from .base import Elementwise, Gate, Loss, add_up
from .entrywise import (
    Add, add,
    Subtract, subtract,
    Multiply, multiply,
    Divide, divide,
    Negate, negate,
    Reciprocal, reciprocal,
    Square, square,
    Power, power,
    Sqrt, sqrt,
    Abs, absolute,
    Exp, exp,
    Log, log,
    Sin, sin,
    Cos, cos,
    Tan, tan,
    Arctan, arctan,
    Sinh, sinh,
    Cosh, cosh,
    Expm1, expm1,
    Log1p, log1p,
    Erf, erf,
    Max, maximum,
    Min, minimum,
    Clip, clip,
)
from .neurons import (
    Sigmoid, sigmoid,
    Tanh, tanh,
    Relu, relu,
    LeakyRelu, leaky_relu,
    Elu, elu,
    Softplus, softplus,
    Gelu, gelu,
)
from .reductions import (
    Reduction, Spread,
    Sum, sum,
    Mean, mean,
    Var, var,
    Std, std,
    SquaredNorm, squared_norm,
    Norm, norm,
    Amax, max,
    Amin, min,
    Maxout, maxout,
    LogSumExp, logsumexp,
    Prod, prod,
    Cumsum, cumsum,
)
from .structure import (
    Copy,
    Repeat, broadcast_to,
    Reshape, reshape, flatten, squeeze, expand_dims,
    Transpose, transpose, swapaxes,
    Concatenate, concatenate,
    Stack, stack,
    Pad, pad,
    Where, where,
    GetItem, split,
    Embedding, embedding,
)
from .matrices import (
    Matmul, matmul, dot,
    Affine, affine,
    Einsum, einsum,
)
from .losses import (
    Softmax, softmax,
    LogSoftmax, log_softmax,
    CrossEntropy, cross_entropy,
    SoftmaxWithLoss, softmax_with_loss,
    SigmoidCrossEntropy, sigmoid_cross_entropy,
    QuadraticCost, quadratic_cost,
    MeanSquaredError, mean_squared_error,
    Huber, huber,
    Hinge, hinge,
    L2, l2,
)
from .windows import (
    Windows, Pool,
    Patches,
    Fold,
    Convolution, convolution,
    MaxPool, max_pool,
    AveragePool, average_pool,
)
from .norms import (
    Normalization,
    BatchNorm, batch_norm,
    LayerNorm, layer_norm,
    Dropout, dropout,
)
from .queries import (
    Attention, attention,
)
