"""Layers: a gate with the face that the books give it, forward(…) and then backward(upstream)."""

from .errors import GraphError
from .foreign import as_gate
from .values import as_value


class Layer:
    """A gate that remembers: forward(*xs) keeps what backward(upstream) will need.

    It has one memory, of the last forward pass. Used at two places of a graph it answers for the last of
    them only, so make one layer for each place.
    Raises GraphError when backward comes before any forward.
    """

    def __init__(self, gate):
        self.gate = as_gate(gate)
        self.inputs, self.symbol = self.gate.inputs, self.gate.symbol
        self._seen = None

    def forward(self, *xs):
        """gate(*xs), remembered."""
        self.gate.expect_inputs(xs)
        xs = [as_value(x, name) for name, x in zip(self.inputs, xs, strict=True)]
        self._seen = (self.gate(*xs), *xs)
        return self._seen[0]

    def backward(self, upstream):
        """The downstream gradients, one for each input of the last forward pass."""
        if self._seen is None:
            raise GraphError(f"{self.gate.name} layer: backward needs a forward pass before it")
        return self.gate.backward(upstream, *self._seen)
