"""Plain loops over single entries."""


# %% feedforward
def feedforward(x, weights, biases):
    zs = []
    activations = [x]
    for l in range(len(weights)):
        n, n_in = weights[l].shape
        z = np.zeros((n, 1))
        for j in range(n):
            z[j, 0] = biases[l][j, 0]
            for k in range(n_in):
                z[j, 0] += weights[l][j, k] * activations[l][k, 0]
        zs.append(z)
        activations.append(sigmoid(z))
    return zs, activations


# %% errors
def bp1(cost_gradient, z):
    delta = np.zeros(z.shape)
    for j in range(len(z)):
        a = sigmoid(z[j, 0])
        delta[j, 0] = cost_gradient[j, 0] * a * (1 - a)
    return delta


def bp2(delta_next, w_next, z):
    delta = np.zeros(z.shape)
    for j in range(len(z)):
        for k in range(len(delta_next)):
            delta[j, 0] += w_next[k, j] * delta_next[k, 0]
        a = sigmoid(z[j, 0])
        delta[j, 0] *= a * (1 - a)
    return delta


# %% gradients
def bp3(delta):
    return delta


def bp4(a_previous, delta):
    return np.array([[d * a for a in a_previous[:, 0]] for d in delta[:, 0]])


# %% backprop
def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    zs, activations = feedforward(x, weights, biases)
    L = len(weights)
    nabla_b, nabla_w = [None] * L, [None] * L
    for l in range(L - 1, -1, -1):
        if l == L - 1:
            delta = bp1(activations[L] - y, zs[l])
        else:
            delta = bp2(delta, weights[l + 1], zs[l])
        nabla_b[l] = bp3(delta)
        nabla_w[l] = bp4(activations[l], delta)
    return nabla_b, nabla_w


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    new_weights, new_biases = [], []
    for l in range(len(weights)):
        w, b = 1 * weights[l], 1 * biases[l]
        for x, y in mini_batch:
            nabla_b, nabla_w = backprop(x, y, weights, biases)
            w = w - eta * nabla_w[l] / len(mini_batch)
            b = b - eta * nabla_b[l] / len(mini_batch)
        new_weights.append(w)
        new_biases.append(b)
    return new_weights, new_biases


# %% rows
def gradient(X, Y, params):
    total = {name: np.zeros(p.shape) for name, p in params.items()}
    for x, y in zip(X, Y, strict=True):
        a1 = sigmoid(x @ params["W1"] + params["b1"])
        a2 = sigmoid(a1 @ params["W2"] + params["b2"])
        delta2 = (a2 - y) * a2 * (1 - a2)
        delta1 = params["W2"] @ delta2 * a1 * (1 - a1)
        total["b2"] += delta2
        total["b1"] += delta1
        for j in range(len(a1)):
            total["W2"][j] += a1[j] * delta2
        for k in range(len(x)):
            total["W1"][k] += x[k] * delta1
    return {name: each / len(X) for name, each in total.items()}
