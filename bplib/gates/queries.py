"""Attention: each query asks all keys, and gets their values, weighted by how well the keys answer."""

import math

import numpy as np

from ..errors import InputError, expect_shapes
from ..values import like
from .base import Gate, as_mask
from .losses import softmax


class Attention(Gate):
    """out = P V with the weights P = softmax(Q Kᵀ / √d), one row of weights for each query.

    dV = Pᵀ upstream; dP = upstream Vᵀ comes through the softmax as dS, and dQ = dS K / √d, dK = dSᵀ Q / √d.
    Q (…, T, d), K (…, S, d), V (…, S, e) -> out (…, T, e); the axes before, of samples and heads, broadcast.
    mask    (T, S) or (…, T, S): where it does not hold, the query does not see the key. np.tri(T) hides what
            comes later.
    Raises ShapeError when d or S differ or the mask does not fit, InputError when a query sees no key.
    Source: A. Vaswani et al., Attention is all you need, 2017, eq. (1).
    """

    inputs, symbol = ("Q", "K", "V"), "attention"

    def __init__(self, mask=None):
        self.mask = None if mask is None else as_mask(mask, "Attention: mask")
        if not np.any(mask is None or self.mask, axis=-1).all():
            raise InputError("Attention: mask must leave each query a key to see")

    @property
    def parameters(self):
        return {"mask": None if self.mask is None else repr(self.mask)}

    def forward(self, Q, K, V):
        q, k, v = np.shape(Q), np.shape(K), np.shape(V)
        fits = min(map(len, (q, k, v))) > 1 and q[-1] == k[-1] > 0 and k[-2] == v[-2] > 0
        rule = "needs Q (…, T, d), K (…, S, d), V (…, S, e) with d and S > 0"
        rule += "" if self.mask is None else f", and a mask (…, T, S), which is {np.shape(self.mask)}"
        expect_shapes(fits and self._mask_fits(q[-2], k[-2]), "Attention.forward", rule, Q=Q, K=K, V=V)
        return self._weights(Q, K) @ V

    def backward(self, upstream, out, Q, K, V):
        P = self._weights(Q, K)
        (dS,) = softmax.backward(upstream @ _transposed(V), P, P)
        dS = dS * _scale(Q)
        return like(dS @ K, Q), like(_transposed(dS) @ Q, K), like(_transposed(P) @ upstream, V)

    def jvp(self, tangents, out, Q, K, V):
        dQ, dK, dV = tangents
        P = self._weights(Q, K)
        dS = (dQ @ _transposed(K) + Q @ _transposed(dK)) * _scale(Q)
        return softmax.jvp([dS], P, P) @ V + P @ dV

    def _mask_fits(self, T, S):
        return self.mask is None or np.shape(self.mask)[-2:] in [(T, S), (1, S)]

    def _weights(self, Q, K):
        scores = Q @ _transposed(K) * _scale(Q)
        return softmax(scores if self.mask is None else np.where(self.mask, scores, -math.inf))


def _scale(Q):
    return 1.0 / math.sqrt(Q.shape[-1])


def _transposed(A):
    return A.swapaxes(-1, -2)


attention = Attention()
