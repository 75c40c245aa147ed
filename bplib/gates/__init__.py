"""The table of derivatives: one class for each gate, each with its forward and its backward rule.

    upstream × local = downstream

``upstream`` is the gradient that arrives at the gate's output, ``local`` the derivative of the output with
respect to one input, ``downstream`` what the gate passes on to that input.

base        what a gate is
entrywise   +, ×, exp, relu …: each entry by itself
structure   who gets what: copy, repeat, sum, reshape, …
matrices    matmul and affine
losses      softmax, and the costs that training makes small

A name in capitals is the rule (``Exp``), the same name in lower case the function (``exp``).
"""

from .base import Elementwise, Gate, Loss, add_up
from .entrywise import (
    Abs, Add, Cos, Divide, Elu, Exp, LeakyRelu, Log, Max, Multiply, Negate, Power, Reciprocal, Relu, Sigmoid,
    Sin, Softplus, Sqrt, Square, Subtract, Tan, Tanh,
    absolute, add, cos, divide, elu, exp, leaky_relu, log, maximum, multiply, negate, reciprocal, relu,
    sigmoid, sin, softplus, sqrt, square, subtract, tan, tanh,
)  # fmt: skip
from .losses import (
    L2, CrossEntropy, Hinge, LogSoftmax, QuadraticCost, SigmoidCrossEntropy, Softmax, SoftmaxWithLoss,
    cross_entropy, hinge, log_softmax, quadratic_cost, sigmoid_cross_entropy, softmax, softmax_with_loss,
)  # fmt: skip
from .matrices import Affine, Matmul, affine, matmul
from .structure import (
    Concatenate, Copy, GetItem, Maxout, Mean, Norm, Reduction, Repeat, Reshape, SquaredNorm, Sum, Transpose,
    concatenate, maxout, mean, norm, squared_norm, transpose,
)  # fmt: skip
