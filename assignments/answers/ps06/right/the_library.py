"""Leans on bplib: its gates, its rows with everything transposed, a recorded trace, and its own backprop."""

# %% feedforward
import bplib as bp
from bplib import nielsen


def feedforward(x, weights, biases):
    values = nielsen.forward(x.T, nielsen.params_to_rows(biases, weights))
    depth = range(1, len(weights) + 1)
    return [values[f"z{l}"].T for l in depth], [x, *(values[f"a{l}"].T for l in depth)]


# %% errors
def bp1(cost_gradient, z):
    return bp.vjp(bp.sigmoid, z, cost_gradient)


def bp2(delta_next, w_next, z):
    return bp.bp2(delta_next.T, w_next.T, nielsen.slope(z.T)).T


# %% gradients
def bp3(delta):
    return bp.bp3(delta.T)[:, None]


def bp4(a_previous, delta):
    return bp.bp4(a_previous.T, delta.T).T


# %% backprop
def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    network = nielsen.Network([len(x), *map(len, biases)], np.random.default_rng(0))
    network.weights, network.biases = weights, biases
    return network.backprop(x, y)


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    network = nielsen.Network([len(mini_batch[0][0]), *map(len, biases)], np.random.default_rng(0))
    network.weights, network.biases = list(weights), list(biases)
    network.update_mini_batch(mini_batch, eta)
    return network.weights, network.biases


# %% rows
def gradient(X, Y, params):
    def cost(W1, b1, W2, b2):
        a = bp.sigmoid(bp.affine(bp.sigmoid(bp.affine(X, W1, b1)), W2, b2))
        return bp.quadratic_cost(a, Y)

    return bp.grad(cost)(**params)
