"""Every product an einsum, every slope from tanh."""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations = [], [x]
    for w, b in zip(weights, biases, strict=True):
        z = np.einsum("jk,ko->jo", w, activations[-1]) + b
        zs += [z]
        activations += [0.5 * (1 + np.tanh(z / 2))]
    return tuple(zs), tuple(activations)


# %% errors
def sigma_prime(z):
    return 0.25 * (1 - np.tanh(z / 2) ** 2)


def bp1(cost_gradient, z):
    return np.einsum("jo,jo->jo", cost_gradient, sigma_prime(z))


def bp2(delta_next, w_next, z):
    return np.einsum("kj,ko,jo->jo", w_next, delta_next, sigma_prime(z))


# %% gradients
def bp3(delta):
    return np.einsum("jo->jo", delta)


def bp4(a_previous, delta):
    return np.einsum("jo,ko->jk", delta, a_previous)


# %% backprop
def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    zs, activations = feedforward(x, weights, biases)
    slopes = [a * (1 - a) for a in activations[1:]]
    delta = np.einsum("jo,jo->jo", activations[-1] - y, slopes[-1])
    nabla_b, nabla_w = [delta], [np.einsum("jo,ko->jk", delta, activations[-2])]
    for l in reversed(range(len(zs) - 1)):
        delta = np.einsum("kj,ko,jo->jo", weights[l + 1], delta, slopes[l])
        nabla_b = [delta, *nabla_b]
        nabla_w = [np.einsum("jo,ko->jk", delta, activations[l]), *nabla_w]
    return nabla_b, nabla_w


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    gradients = [backprop(x, y, weights, biases) for x, y in mini_batch]
    mean_b = [np.mean([nabla_b[l] for nabla_b, _ in gradients], axis=0) for l in range(len(biases))]
    mean_w = [np.mean([nabla_w[l] for _, nabla_w in gradients], axis=0) for l in range(len(weights))]
    new_weights = [w - eta * nabla for w, nabla in zip(weights, mean_w, strict=True)]
    return new_weights, [b - eta * nabla for b, nabla in zip(biases, mean_b, strict=True)]


# %% rows
def gradient(X, Y, params):
    A1 = sigmoid(np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"])
    A2 = sigmoid(np.einsum("nh,hc->nc", A1, params["W2"]) + params["b2"])
    delta2 = (A2 - Y) * A2 * (1 - A2)
    delta1 = np.einsum("nc,hc,nh->nh", delta2, params["W2"], A1 * (1 - A1))
    return {
        "W1": np.einsum("nd,nh->dh", X, delta1) / len(X),
        "b1": np.einsum("nh->h", delta1) / len(X),
        "W2": np.einsum("nh,nc->hc", A1, delta2) / len(X),
        "b2": np.einsum("nc->c", delta2) / len(X),
    }
