"""bplib: backpropagation, one gate at a time.

The names below are the contents page, in the order of the lessons. Each is loaded when it is first used,
so that ``import bplib`` costs little more than numpy.
"""

from importlib import import_module

__version__ = "0.1.0"

_CONTENTS = {
    # lesson 1: sensitivity, graphs, upstream × local
    "numerical_gradient": "derivatives",
    "record": "derivatives",
    "grad": "derivatives",
    "vjp": "derivatives",
    "jvp": "derivatives",
    "jacobian": "jacobians",
    "jacobian_size": "jacobians",
    "jacobian_structure": "jacobians",
    "Node": "graph",
    "apply": "graph",
    "forward_pass": "graph",
    "backward_pass": "graph",
    "tangent_pass": "graph",
    "topological_order": "graph",
    "gradients": "graph",
    "Tape": "tape",
    "Stepper": "widgets",
    "Nudge": "widgets",
    # lesson 2: the gates
    "in_detail": "detail",
    "Gate": "gates",
    "Elementwise": "gates",
    "add": "gates",
    "subtract": "gates",
    "multiply": "gates",
    "divide": "gates",
    "negate": "gates",
    "reciprocal": "gates",
    "square": "gates",
    "exp": "gates",
    "log": "gates",
    "sin": "gates",
    "tanh": "gates",
    "sigmoid": "gates",
    "relu": "gates",
    "maximum": "gates",
    "absolute": "gates",
    "sqrt": "gates",
    "cos": "gates",
    "tan": "gates",
    "leaky_relu": "gates",
    "elu": "gates",
    "softplus": "gates",
    "maxout": "gates",
    "gates": "",
    "Playground": "widgets",
    "BranchSplitter": "widgets",
    # lesson 3 and 4: vectors and matrices
    "mean": "gates",
    "norm": "gates",
    "squared_norm": "gates",
    "transpose": "gates",
    "concatenate": "gates",
    "matmul": "gates",
    "affine": "gates",
    "JacobianExplorer": "widgets",
    "MatrixBackprop": "widgets",
    # lesson 5: softmax and losses
    "softmax": "gates",
    "log_softmax": "gates",
    "cross_entropy": "gates",
    "softmax_with_loss": "gates",
    "quadratic_cost": "gates",
    "sigmoid_cross_entropy": "gates",
    "hinge": "gates",
    "Layer": "layers",
    "AddLayer": "layers",
    "MulLayer": "layers",
    "Relu": "layers",
    "Sigmoid": "layers",
    "Tanh": "layers",
    "Affine": "layers",
    "SoftmaxWithLoss": "layers",
    "SoftmaxLoss": "widgets",
    # lesson 6: the four equations
    "nielsen": "",
    "bp1": "nielsen",
    "bp2": "nielsen",
    "bp3": "nielsen",
    "bp4": "nielsen",
    "MLPWalker": "widgets",
    # lesson 7: networks that learn
    "Neuron": "networks",
    "MLP": "networks",
    "TwoLayerNet": "networks",
    "he": "networks",
    "xavier": "networks",
    "normal": "networks",
    "SGD": "optim",
    "Momentum": "optim",
    "train": "optim",
    "steps": "optim",
    "TrainingView": "widgets",
    "figures": "draw",
    "digits": "data",
    "mnist": "data",
    "moons": "data",
    "spirals": "data",
    # every lesson: is my gradient right?
    "check_gate": "check",
    "check_gradient": "check",
    "check_network": "check",
    "Checks": "exercise",
    # what goes wrong
    "errors": "",
    "BplibError": "errors",
    "ShapeError": "errors",
    "InputError": "errors",
    "GraphError": "errors",
    "GradientMismatch": "errors",
    "MissingExtra": "errors",
}

__all__ = list(_CONTENTS)


def __getattr__(name):
    if name not in _CONTENTS:
        raise AttributeError(f"bplib has no {name!r}; see dir(bplib)")
    module = _CONTENTS[name]
    if module:
        found = getattr(import_module(f".{module}", __name__), name)
    else:
        found = import_module(f".{name}", __name__)
    globals()[name] = found
    return found


def __dir__():
    return __all__
