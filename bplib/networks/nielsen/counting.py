"""What a pass costs: multiplications, counted."""

from itertools import pairwise
from typing import NamedTuple

from ...errors import InputError


class Multiplications(NamedTuple):
    """The multiplications of matrix products for one example: the forward pass, BP2 and BP4."""

    forward: int
    bp2: int
    bp4: int

    @property
    def times_forward(self):
        """Forward and backward together, measured in forward passes."""
        return sum(self) / self.forward


def multiplications(sizes):
    """How many multiplications the matrix products of one example take, forward and backward.

    sizes the widths of the layers: [784, 30, 10] takes 2.01 forward passes in all. Layer 1 has BP4 but no
    BP2, since nobody asks for ∂C/∂x; of many layers of equal width each costs 3. Raises InputError.
    """
    products = _products(sizes)
    return Multiplications(sum(products), sum(products[1:]), sum(products))


def chain_multiplications(sizes):
    """Multiplications of ∂C/∂x = ∂C/∂aᴸ · Jᴸ ⋯ J¹, from the loss on and from the input on.

    sizes as above -> (from the loss: vector times matrix, from the input: matrix times matrix)
    Both give the same row; only the brackets differ. Raises InputError.
    """
    products = _products(sizes)
    return sum(products), sizes[0] * (sum(products[1:]) + sizes[-1])


def _products(sizes):
    if len(sizes) < 2 or any(n != int(n) or n < 1 for n in sizes):
        raise InputError(f"sizes must be two or more whole numbers from 1 on; got {list(sizes)}")
    return [n_in * n_out for n_in, n_out in pairwise(sizes)]
