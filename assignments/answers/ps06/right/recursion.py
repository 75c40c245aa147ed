"""Recursion from layer to layer, and broadcasting in place of matrix products."""


# %% feedforward
def feedforward(x, weights, biases):
    if not weights:
        return [], [x]
    z = (weights[0] * x.T).sum(axis=1, keepdims=True) + biases[0]
    zs, activations = feedforward(sigmoid(z), weights[1:], biases[1:])
    return [z, *zs], [x, *activations]


# %% errors
def bp1(cost_gradient, z):
    return cost_gradient / (np.exp(z / 2) + np.exp(-z / 2)) ** 2


def bp2(delta_next, w_next, z):
    return bp1((w_next * delta_next).sum(axis=0)[:, None], z)


# %% gradients
def bp3(delta):
    return 1.0 * delta


def bp4(a_previous, delta):
    return delta * a_previous.T


# %% backprop
def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    def errors(l):
        if l == len(zs) - 1:
            return [bp1(activations[-1] - y, zs[l])]
        later = errors(l + 1)
        return [bp2(later[0], weights[l + 1], zs[l]), *later]

    zs, activations = feedforward(x, weights, biases)
    deltas = errors(0)
    return list(map(bp3, deltas)), list(map(bp4, activations, deltas))


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    def nablas(examples):
        (x, y), *others = examples
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        if not others:
            return nabla_w, nabla_b
        return [[p + q for p, q in zip(*pair)] for pair in zip((nabla_w, nabla_b), nablas(others))]

    rate = eta / len(mini_batch)
    nabla_w, nabla_b = nablas(mini_batch)
    return [w - rate * n for w, n in zip(weights, nabla_w)], [b - rate * n for b, n in zip(biases, nabla_b)]


# %% rows
def gradient(X, Y, params):
    def with_ones(A):
        return np.column_stack([A, np.ones(len(A))])

    V1, V2 = (np.vstack([params[f"W{l}"], params[f"b{l}"]]) for l in (1, 2))
    A1 = sigmoid(with_ones(X) @ V1)
    A2 = sigmoid(with_ones(A1) @ V2)
    delta2 = (A2 - Y) * A2 * (1 - A2) / len(X)
    delta1 = delta2 @ V2[:-1].T * A1 * (1 - A1)
    G1, G2 = with_ones(X).T @ delta1, with_ones(A1).T @ delta2
    return {"W1": G1[:-1], "b1": G1[-1], "W2": G2[:-1], "b2": G2[-1]}
