"""What other books and libraries call it: the names that work here too, and a sentence where none can.

SAME         theirs: ours, of functions, classes, methods and attributes that mean the same
ARGUMENTS    the same of arguments
ELSEWHERE    theirs: how it is done here
"""

from functools import wraps

SAME = {
    # functions and classes
    "ReLU": "Relu",
    "BatchNormalization": "BatchNorm",
    "RMSprop": "RMSProp",
    "Adagrad": "AdaGrad",
    "cross_entropy_error": "cross_entropy",
    "abs": "absolute",
    "negative": "negate",
    "concat": "concatenate",
    "amax": "max",
    "amin": "min",
    "conv1d": "convolution",
    "conv2d": "convolution",
    "max_pool1d": "max_pool",
    "max_pool2d": "max_pool",
    "avg_pool1d": "average_pool",
    "avg_pool2d": "average_pool",
    "mse_loss": "mean_squared_error",
    "scaled_dot_product_attention": "attention",
    # attributes and methods
    "lastLayer": "last_layer",
    "eval": "evaluate",
    # M. Nielsen, network.py
    "sigmoid_prime": "slope",
    "cost_derivative": "quadratic_derivative",
}

ARGUMENTS = {
    "dout": "upstream",
    "B": "b",
    "bias": "b",
    "decay_rate": "decay",
    "dropout_ratio": "rate",
    "pad": "padding",
    "train_flg": "training",
}

_NODE = "an input of a graph is bp.Node(value); mostly bp.grad(f)(x) or bp.record(f, x=x) makes the nodes"
_RETURNED = (
    "gradients are returned, and kept nowhere: bp.grad(f)(x), bp.gradients(output)[node], net.gradient"
)
_VALUE = "what a node holds is node.value"
_PARAMS = "parameters are a dict of arrays, net.params, and their gradients another one, net.gradient(x, t)"

ELSEWHERE = {
    "ComputationalGraph": "calculating with nodes makes a graph: bp.record(f, x=x) runs f forward and back",
    "Variable": _NODE,
    "Tensor": _NODE,
    "Value": _NODE,
    "Function": "a rule is a class with forward(*xs) and backward(upstream, out, *xs); no ctx goes between",
    "Module": "layers in a row are bp.Sequential(…), and bp.Network([…], loss) with a loss at the end",
    "backward": _RETURNED,
    "grad": _RETURNED,
    "tensor": _NODE,
    "Parameter": _NODE,
    "no_grad": "a plain array has no gradient, a node has one: to leave the graph, calculate with node.value",
    "nn": "layers in a row are bp.Sequential(…), and bp.Network([…], loss) with a loss at the end",
    "Linear": "x W + b is the layer bp.Affine(W, b) of your arrays; bp.MLP([4, 5, 3]) draws them itself",
    "Conv2d": "the layer of your arrays is bp.Convolution(W, b), and the gate is bp.convolution(x, W, b)",
    "CrossEntropyLoss": "of scores and labels it is bp.softmax_with_loss(z, t) or bp.SoftmaxWithLoss()",
    "view": "the same entries in another shape are node.reshape(…)",
    "permute": "axes in another order are node.transpose(…)",
    "unsqueeze": "a new axis is bp.expand_dims(node, axis), or node[:, None]",
    "mm": "the matrix product is x @ y",
    "zero_grad": "gradients are returned, and added up nowhere: there is nothing to set to 0",
    "requires_grad": "every input node has a gradient, bp.gradients(output)[node]; a plain number has none",
    "data": _VALUE,
    "item": _VALUE,
    "numpy": _VALUE,
    "detach": f"{_VALUE}, without its graph",
    "parameters": _PARAMS,
    "state_dict": f"{_PARAMS}; net.save(path) writes the parameters",
}


def unknown(who, name, otherwise=""):
    """The AttributeError for a name that somebody does not have; it says our way, where there is one."""
    way = f": {ELSEWHERE[name]}" if name in ELSEWHERE else otherwise
    return AttributeError(f"{who} has no {name!r}{way}")


def by_other_names(function):
    """function, whose arguments may also be called what other books call them: backward(dout=…)."""

    @wraps(function)
    def called(*args, **named):
        if named:
            named = {ARGUMENTS.get(name, name): value for name, value in named.items()}
        return function(*args, **named)

    return called
