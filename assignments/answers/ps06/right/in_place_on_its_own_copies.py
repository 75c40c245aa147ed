"""Works in place, with out= and +=, on arrays of its own; the bias is a view that is written into."""


# %% feedforward
def feedforward(x, weights, biases):
    zs, activations = [], [x.copy()]
    for w, b in zip(weights, biases, strict=True):
        z = np.empty(b.shape)
        np.matmul(w, activations[-1], out=z)
        z += b
        a = np.negative(z)
        np.exp(a, out=a)
        a += 1
        np.reciprocal(a, out=a)
        zs.append(z)
        activations.append(a)
    return zs, activations


# %% errors
def bp1(cost_gradient, z):
    delta = sigmoid(z)
    delta *= 1 - delta
    delta *= cost_gradient
    return delta


def bp2(delta_next, w_next, z):
    delta = w_next.T @ delta_next
    a = sigmoid(z)
    delta *= a
    delta *= 1 - a
    return delta


# %% gradients
def bp3(delta):
    return delta[:]


def bp4(a_previous, delta):
    out = np.empty((delta.size, a_previous.size))
    np.outer(delta, a_previous, out=out)
    return out


# %% backprop
def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    zs, activations = feedforward(x, weights, biases)
    nabla_b, nabla_w = [np.empty_like(b) for b in biases], [np.empty_like(w) for w in weights]
    last = len(weights) - 1
    for l in range(last, -1, -1):
        if l == last:
            nabla_b[l][:] = bp1(activations[-1] - y, zs[l])
        else:
            nabla_b[l][:] = bp2(nabla_b[l + 1], weights[l + 1], zs[l])
        nabla_w[l][:] = bp4(activations[l], nabla_b[l])
    return nabla_b, nabla_w


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    new = [p.copy() for p in (*weights, *biases)]
    for x, y in mini_batch:
        nabla_b, nabla_w = backprop(x, y, weights, biases)
        for p, nabla in zip(new, (*nabla_w, *nabla_b), strict=True):
            p -= eta / len(mini_batch) * nabla
    return new[: len(weights)], new[len(weights) :]


# %% rows
def gradient(X, Y, params):
    A1 = sigmoid(X @ params["W1"] + params["b1"])
    A2 = sigmoid(A1 @ params["W2"] + params["b2"])
    found = {name: np.empty_like(p) for name, p in params.items()}
    delta = A2 - Y
    delta *= A2
    delta *= 1 - A2
    delta /= len(X)
    np.matmul(A1.T, delta, out=found["W2"])
    np.sum(delta, axis=0, out=found["b2"])
    delta = delta @ params["W2"].T
    delta *= A1
    delta *= 1 - A1
    np.matmul(X.T, delta, out=found["W1"])
    np.sum(delta, axis=0, out=found["b1"])
    return found
