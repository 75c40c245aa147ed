"""Values put in order between layers: batch norm and layer norm; and dropout, which leaves some out."""

import numpy as np

from ..errors import InputError, expect_shapes
from ..values import as_value, like
from .base import Gate, as_mask, is_node, plain_number
from .entrywise import sqrt, square
from .reductions import Mean, Sum


class Normalization(Gate):
    """out = γ x̂ + β with x̂ = (x − mean) / σ, σ = √(var + ε), over some axes of x.

    With g = γ upstream:  dx = (g − mean(g) − x̂ mean(g x̂)) / σ, since mean and σ move with x;
    dγ = Σ upstream x̂,  dβ = Σ upstream, over the axes along which γ and β are repeated.
    Raises ShapeError when γ or β do not fit, or there is nothing to take the mean of; InputError when ε is
    not a positive number.
    """

    inputs = ("x", "gamma", "beta")

    def __init__(self, eps=1e-5):
        self.eps = plain_number(eps, f"{self.name}: eps")
        if not self.eps > 0.0:
            raise InputError(f"{self.name}: eps must be positive, got {eps}")

    def forward(self, x, gamma, beta):
        self.expect(x, gamma=gamma, beta=beta)
        standard, _ = self.standard(x)
        return like(self.facing(gamma, x) * standard + self.facing(beta, x), x)

    def backward(self, upstream, out, x, gamma, beta):
        standard, sigma = self.standard(x)
        dx = self.through(self.facing(gamma, x) * upstream, standard, sigma)
        repeated = Sum(self.repeats(x))
        return like(dx, x), like(repeated(upstream * standard), gamma), like(repeated(upstream), beta)

    def jvp(self, tangents, out, x, gamma, beta):
        dx, dgamma, dbeta = tangents
        standard, sigma = self.standard(x)
        moved = self.facing(gamma, x) * self.through(dx, standard, sigma)
        return like(moved + self.facing(dgamma, x) * standard + self.facing(dbeta, x), x)

    def standard(self, x):
        """x̂ and σ."""
        average = Mean(self.axes(x), keepdims=True)
        centred = x - average(x)
        sigma = sqrt(average(square(centred)) + self.eps)
        return centred / sigma, sigma

    def through(self, g, standard, sigma):
        """What of g comes through x̂, to x or from x: this Jacobian is its own transpose."""
        average = Mean(self.axes(g), keepdims=True)
        return (g - average(g) - standard * average(g * standard)) / sigma

    def expect(self, x, **parameters):
        """Raise ShapeError unless x and its parameters fit together."""
        fits = self.fits(np.shape(x), {np.shape(value) for value in parameters.values()})
        expect_shapes(fits, f"{self.name}.forward", f"needs {self.rule}", x=x, **parameters)


class BatchNorm(Normalization):
    """out = γ x̂ + β: each channel has mean 0 and variance 1 over the whole batch, before γ and β.

    x (N, C) or (N, C, …), γ (C,), β (C,) -> out, the shape of x. With g = γ upstream,
    dx = (g − mean(g) − x̂ mean(g x̂)) / σ.
    moments    a mean (C,) and a variance (C,) that take the place of those of the batch, as after training:
               they are given, so that dx = g / σ
    Raises ShapeError when γ or β do not fit, or there is no sample; InputError when ε or moments are none.
    Source: S. Ioffe, C. Szegedy, Batch normalization, 2015.
    """

    symbol = "batch norm"
    rule = "x (N, C) or (N, C, …) with N > 0, gamma (C,), beta (C,)"

    def __init__(self, eps=1e-5, moments=None):
        super().__init__(eps)
        if moments is not None and (not isinstance(moments, tuple | list) or len(moments) != 2):
            raise InputError("BatchNorm: moments must be a pair, a mean (C,) and a variance (C,)")
        names = "BatchNorm: mean", "BatchNorm: variance"
        self.moments = moments and tuple(map(as_value, moments, names))

    @property
    def parameters(self):
        return {"eps": self.eps, "moments": self.moments and repr(self.moments)}

    def expect(self, x, **parameters):
        given = dict(zip(("mean", "variance"), self.moments or (), strict=False))
        super().expect(x, **parameters, **given)

    def standard(self, x):
        if self.moments is None:
            return super().standard(x)
        mean, var = (self.facing(value, x) for value in self.moments)
        sigma = np.sqrt(var + self.eps)
        return (x - mean) / sigma, sigma

    def through(self, g, standard, sigma):
        return super().through(g, standard, sigma) if self.moments is None else g / sigma

    def fits(self, shape, sizes):
        return len(shape) > 1 and sizes == {shape[1:2]} and 0 not in shape

    def axes(self, x):
        """Those of the batch: all but that of the channels."""
        return (0, *range(2, len(np.shape(x))))

    repeats = axes

    def facing(self, parameter, x):
        """A number for each channel, ready to broadcast against x."""
        return parameter.reshape(-1, *(1,) * (len(np.shape(x)) - 2))


class LayerNorm(Normalization):
    """out = γ x̂ + β: each row has mean 0 and variance 1 by itself, before γ and β.

    x (…, D), γ (D,), β (D,) -> out, the shape of x. With g = γ upstream,
    dx = (g − mean(g) − x̂ mean(g x̂)) / σ.
    Raises ShapeError when γ or β do not fit, InputError when ε is not a positive number.
    Source: J. Ba, J. Kiros, G. Hinton, Layer normalization, 2016.
    """

    symbol = "layer norm"
    rule = "x (…, D) with D > 0, gamma (D,), beta (D,)"

    def fits(self, shape, sizes):
        return len(shape) > 0 and sizes == {shape[-1:]} and 0 not in shape

    def axes(self, x):
        return -1

    def repeats(self, x):
        """All axes but the last."""
        return tuple(range(len(np.shape(x)) - 1))

    def facing(self, parameter, x):
        return parameter


class Dropout(Gate):
    """out = x · mask / (1 − rate): some entries are left out, the others grow, so that the mean stays.

    x (any shape), mask (a shape that broadcasts to it), true where an entry stays -> out, the shape of x.
    dx = upstream · mask / (1 − rate). The mask is given, so that the rule stays pure; dropout draws one.
    Raises ShapeError when the mask does not fit, InputError when rate is not a number from 0 to below 1.
    Source: N. Srivastava et al., Dropout, 2014.
    """

    symbol, linear = "dropout", True

    def __init__(self, mask, rate=0.5):
        self.mask, self.rate = as_mask(mask, "Dropout: mask"), plain_number(rate, "Dropout: rate")
        if not 0.0 <= self.rate < 1.0:
            raise InputError(f"Dropout: rate must lie in [0, 1), got {rate}")

    @property
    def parameters(self):
        return {"mask": repr(self.mask), "rate": self.rate}

    def forward(self, x):
        out = self._kept(x)
        fits, rule = np.shape(out) == np.shape(x), "the mask must fit x"
        expect_shapes(fits, "Dropout.forward", rule, x=x, mask=self.mask)
        return out

    def backward(self, upstream, out, x):
        return (like(self._kept(upstream), x),)

    def jvp(self, tangents, out, x):
        return self._kept(*tangents)

    def _kept(self, x):
        return x * self.mask * (1.0 / (1.0 - self.rate))


def dropout(x, rate=0.5, rng=None, mask=None):
    """x with a share of its entries left out: those that rng draws, or those where mask does not hold.

    Raises InputError unless there is either an rng or a mask, and a rate from 0 to below 1.
    """
    if (rng is None) == (mask is None) or not isinstance(rng, np.random.Generator | None):
        raise InputError("dropout: say what is left out, by rng=np.random.default_rng(seed) or by mask=…")
    if mask is None:
        shape = np.shape(x if is_node(x) else as_value(x, "x"))
        mask = rng.random(shape) >= plain_number(rate, "dropout: rate")
    return Dropout(mask, rate)(x)


batch_norm, layer_norm = BatchNorm(), LayerNorm()
