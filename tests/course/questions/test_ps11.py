"""What assignment 11 takes for right, against jax; and no slip of its books is right by chance."""

import jax
import numpy as np
import pytest

from bplib.course.questions import ps11 as ask

jax.config.update("jax_enable_x64", True)


@pytest.mark.parametrize("layer", ask.LAYERS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_layer_of_kernels_is_the_convolution_of_jax_both_ways(layer, seed):
    *_, S, P = layer
    x, K, b, dy = ask._layer(seed, *layer)

    def of_jax(x, K, b):
        return jax.lax.conv_general_dilated(x, K, (S, S), [(P, P)] * 2) + b[:, None, None]

    y, back = jax.vjp(of_jax, x, K, b)
    gradients = back(jax.numpy.asarray(dy))
    np.testing.assert_allclose(ask._conv(x, K, b, S, P), y, rtol=1e-10, atol=1e-10)
    for ours, theirs in zip(ask._conv_back(dy, x, K, S, P), gradients, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("seed", range(40))
def test_no_slip_in_the_books_is_right_by_chance(seed):
    channels, side, layers = ask._some_network(seed)
    right = np.array(ask._books(channels, side, layers)).T
    for slip in ask._slips_of_books(channels, side, layers):
        assert not np.array_equal(right, slip.gives), slip.name
