"""Layers with parameters or state beyond Affine: convolution, pooling, norms, dropout, embedding, attention.

Each says what it computes as an expression of gates, once; the graph of that expression is the way back.
"""

import numpy as np

from .. import gates
from ..errors import GraphError, InputError, ShapeError, expect_shapes, shapes
from ..graph.node import Node
from ..graph.quick import gradients
from ..names import by_other_names
from ..values import as_value
from .layers import Layer, any_node


class Composed(Layer):
    """A layer that is an expression of gates: a subclass states it in expression(*xs, **params).

    params     what the layer keeps, by name, shared with whoever gave it
    of_data    the first input is data: backward gives no gradient for it, but None, and saves that work
    Raises ShapeError when upstream has another shape than out, and what the gates raise.
    """

    gate, inputs, of_data = None, ("x",), False

    def __init__(self, **params):
        self._keep(params)

    @property
    def name(self):
        return type(self).__name__

    @property
    def symbol(self):
        return self.name

    def expression(self, *xs, **params):
        """out, from nodes or from arrays."""
        raise NotImplementedError

    def forward(self, *xs):
        """The expression of xs and params, remembered."""
        params = {name: Node(array, name) for name, array in self._kept.items()}
        if any_node(xs):
            self._memory.seen = None
            return self.in_graph(xs, {self: params})
        xs = [as_value(x, name) for x, name in zip(xs, self.inputs, strict=True)]
        xs = [x if self.of_data else Node(x, name) for x, name in zip(xs, self.inputs, strict=True)]
        out = self.expression(*xs, **params)
        self._memory.seen = out, xs, params
        return out.value

    def in_graph(self, xs, params):
        return self.expression(*self._checked(xs), **params[self])

    @by_other_names
    def backward(self, upstream):
        """The downstream gradient of each input (alone when there is one); those of params go to grads."""
        if self._memory.seen is None:
            raise GraphError(f"{self.name} layer: backward needs a forward pass before it")
        out, xs, params = self._memory.seen
        found = gradients(out, self._upstream(upstream, out.value))
        self._memory.grads = {name: found[node] for name, node in params.items()}
        downstream = tuple(found.get(x) for x in xs) if not self.of_data else (None,) * len(xs)
        return downstream if len(downstream) > 1 else downstream[0]


class Convolution(Composed):
    """out = x ∗ W + b, windows of x times kernels; grads["W"], grads["b"].

    x (N, C, H, W'), W (M, C, h, w), b (M,) -> (N, M, (H + 2 padding − h) // stride + 1, …); of a sequence
    x (N, C, T), W (M, C, k). One number b is the bias of each kernel.
    of_data    x is data, as in a network's first layer: backward gives no dx
    Source: K. Saitoh, Deep Learning from Scratch, ch. 7.
    """

    @by_other_names
    def __init__(self, W, b, stride=1, padding=0, *, of_data=False):
        super().__init__(W=W, b=np.full(np.shape(W)[:1], b) if isinstance(b, int | float) else b)
        if np.ndim(W) < 3 or self.b.shape != np.shape(W)[:1]:
            raise ShapeError(f"Convolution: W has the shape (M, C, h, w) and b (M,); got {shapes(W=W, b=b)}")
        self.stride, self.padding, self.of_data = stride, padding, of_data

    def expression(self, x, W, b):
        return gates.convolution(x, W, b, stride=self.stride, padding=self.padding)


class Pooling(Layer):
    """out = the largest entry of each window of pool_h × pool_w; backward sends upstream there.

    x (N, C, H, W) -> (N, C, (H + 2 padding − pool_h) // stride + 1, …). For the mean, or sequences, take the
    gates bp.gates.AveragePool and MaxPool as layers. Source: K. Saitoh, Deep Learning from Scratch, ch. 7.
    """

    name = "Pooling"

    @by_other_names
    def __init__(self, pool_h=2, pool_w=2, stride=2, padding=0):
        super().__init__(gates.MaxPool((pool_h, pool_w), stride, padding))


class WithMode(Composed):
    """A layer that works otherwise while it learns: in training at first; see train() and evaluate().

    forward(x, training)    says so for this one pass
    """

    @by_other_names
    def forward(self, x, training=None):
        """The expression of x and params, remembered."""
        self._memory.asked = training
        try:
            return super().forward(x)
        finally:
            self._memory.asked = None

    @property
    def learns(self):
        """Whether this pass is one of training."""
        return self.training if self._memory.asked is None else self._memory.asked


class BatchNorm(WithMode):
    """out = γ (x − mean) / √(var + ε) + β for each channel; and grads["gamma"], grads["beta"].

    x (N, C) or (N, C, …), gamma (C,), beta (C,) -> the shape of x
    In training, mean and var are those of the batch, and the running ones move towards them:
    running ← momentum · running + (1 − momentum) · that of the batch. In evaluation the running ones stand
    in for them. They are saved with a network.
    Source: S. Ioffe, C. Szegedy, Batch normalization, 2015; K. Saitoh, Deep Learning from Scratch, ch. 6.
    """

    @by_other_names
    def __init__(self, gamma, beta, momentum=0.9, running_mean=None, running_var=None, eps=1e-5):
        super().__init__(gamma=gamma, beta=beta)
        if np.ndim(gamma) != 1 or np.shape(gamma) != np.shape(beta):
            raise ShapeError(
                f"BatchNorm: gamma and beta have the shape (C,); got {shapes(gamma=gamma, beta=beta)}"
            )
        if not 0 <= momentum < 1:
            raise InputError(f"momentum must be at least 0 and less than 1; got {momentum}")
        self.momentum, self.eps = momentum, eps
        start = {"running_mean": (running_mean, 0.0), "running_var": (running_var, 1.0)}
        self.state = {name: self._moment(name, given, default) for name, (given, default) in start.items()}

    def _moment(self, name, given, default):
        if given is None:
            return np.full_like(self.gamma, default)
        expect_shapes(
            np.shape(given) == self.gamma.shape, "BatchNorm", f"{name} must be (C,)", **{name: given}
        )
        return np.array(as_value(given, name), dtype=self.gamma.dtype)

    @property
    def running_mean(self):
        return self.state["running_mean"]

    @property
    def running_var(self):
        return self.state["running_var"]

    def expression(self, x, gamma, beta):
        if not self.learns:
            return gates.BatchNorm(self.eps, (self.running_mean, self.running_var))(x, gamma, beta)
        out = gates.BatchNorm(self.eps)(x, gamma, beta)
        self._learn_from(x.value if any_node((x,)) else x)
        return out

    def _learn_from(self, x):
        batch = np.moveaxis(np.asarray(x), 1, -1).reshape(-1, len(self.gamma))
        moments = {"running_mean": batch.mean(axis=0), "running_var": batch.var(axis=0)}
        for name, moment in moments.items():
            self.state[name] = self.momentum * self.state[name] + (1.0 - self.momentum) * moment


class LayerNorm(Layer):
    """out = γ (x − mean) / √(var + ε) + β for each row by itself; grads["gamma"], grads["beta"].

    x (…, D), gamma (D,), beta (D,) -> the shape of x. Source: J. Ba, J. Kiros, G. Hinton, 2016.
    """

    def __init__(self, gamma, beta, eps=1e-5):
        super().__init__(gates.LayerNorm(eps), gamma=gamma, beta=beta)
        if np.ndim(gamma) != 1 or np.shape(gamma) != np.shape(beta):
            raise ShapeError(
                f"LayerNorm: gamma and beta have the shape (D,); got {shapes(gamma=gamma, beta=beta)}"
            )


class Dropout(WithMode):
    """In training, a share of the entries of x becomes 0 and the others grow by 1 / (1 − rate); else out = x.

    x (any shape) -> that shape; backward(upstream) -> dx, through the same entries
    rng     a Generator or a seed: draws anew, in every pass, who is left out. Layers of one shape with one
            seed leave out the same: give each a seed of its own, or all of them one Generator
    mask    in place of it: true where an entry stays, in every pass
    Some books scale in evaluation instead, by 1 − rate. Source: N. Srivastava et al., Dropout, 2014.
    """

    @by_other_names
    def __init__(self, rate=0.5, rng=0, *, mask=None):
        super().__init__()
        self.rate, self.mask = rate, mask
        self.rng = np.random.default_rng(rng)
        gates.Dropout(True, rate)  # refuses a rate that is none

    def expression(self, x):
        if not self.learns:
            return gates.add(x, 0.0)
        return gates.dropout(
            x, self.rate, **({"rng": self.rng} if self.mask is None else {"mask": self.mask})
        )


class Embedding(Composed):
    """out = the rows of W that are asked for; grads["W"] adds up what comes back to each row.

    index (any shape), whole numbers from 0 to V − 1; W (V, D) -> (…, D). The index has no gradient.
    """

    inputs, of_data = ("index",), True

    def __init__(self, W):
        super().__init__(W=W)
        if np.ndim(W) != 2:
            raise ShapeError(f"Embedding: W has the shape (V, D); got {shapes(W=W)}")

    def expression(self, index, W):
        return gates.embedding(W, index)


class SelfAttention(Composed):
    """Every position asks all others: attention of Q = x Wq, K = x Wk, V = x Wv in several heads, then Wo.

    x (N, T, D), Wq, Wk (D, E), Wv (D, F), Wo (F, M) -> (N, T, M); a head sees E / heads and F / heads of them
    causal    a position sees itself and what came before, as when the next word is to be told
    Raises ShapeError when the shapes do not fit, or heads divide neither E nor F.
    Source: A. Vaswani et al., Attention is all you need, 2017.
    """

    def __init__(self, Wq, Wk, Wv, Wo, heads=1, *, causal=False):
        super().__init__(Wq=Wq, Wk=Wk, Wv=Wv, Wo=Wo)
        (D, E), (_, F) = (np.shape(W) if np.ndim(W) == 2 else (0, 0) for W in (Wq, Wv))
        fits = np.shape(Wk) == (D, E) and np.shape(Wv)[:1] == (D,) and np.shape(Wo)[:1] == (F,)
        fits = fits and np.ndim(Wo) == 2 and heads > 0 and E % heads == F % heads == 0
        rule = f"needs Wq, Wk (D, E), Wv (D, F), Wo (F, M), with E and F multiples of heads = {heads}"
        expect_shapes(fits, "SelfAttention", rule, Wq=Wq, Wk=Wk, Wv=Wv, Wo=Wo)
        self.heads, self.causal = heads, causal

    def expression(self, x, Wq, Wk, Wv, Wo):
        expect_shapes(len(np.shape(x)) == 3, "SelfAttention", "x must be (N, T, D)", x=x)
        N, T, _ = np.shape(x)
        mask = np.tri(T, dtype=bool) if self.causal else None
        out = gates.Attention(mask)(*(self._heads(gates.matmul(x, W)) for W in (Wq, Wk, Wv)))
        return gates.matmul(out.transpose(0, 2, 1, 3).reshape(N, T, len(Wo)), Wo)

    def _heads(self, a):
        """(N, T, E) -> (N, heads, T, E / heads)."""
        N, T, E = np.shape(a)
        return a.reshape(N, T, self.heads, E // self.heads).transpose(0, 2, 1, 3)
