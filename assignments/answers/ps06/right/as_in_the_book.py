"""Nielsen's program: np.dot, lists of zeros, layers counted from the end."""


# %% feedforward
def feedforward(x, weights, biases):
    activation = x
    activations = [x]
    zs = []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    return zs, activations


# %% errors
def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def bp1(cost_gradient, z):
    return cost_gradient * sigmoid_prime(z)


def bp2(delta_next, w_next, z):
    sp = sigmoid_prime(z)
    return np.dot(w_next.transpose(), delta_next) * sp


# %% gradients
def bp3(delta):
    return delta


def bp4(a_previous, delta):
    return np.dot(delta, a_previous.transpose())


# %% backprop
def backprop(x, y, weights, biases, feedforward, bp1, bp2, bp3, bp4):
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    zs, activations = feedforward(x, weights, biases)
    delta = bp1(activations[-1] - y, zs[-1])
    nabla_b[-1] = bp3(delta)
    nabla_w[-1] = bp4(activations[-2], delta)
    for l in range(2, len(weights) + 1):
        delta = bp2(delta, weights[-l + 1], zs[-l])
        nabla_b[-l] = bp3(delta)
        nabla_w[-l] = bp4(activations[-l - 1], delta)
    return (nabla_b, nabla_w)


# %% update
def update_mini_batch(weights, biases, mini_batch, eta, backprop):
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    for x, y in mini_batch:
        delta_nabla_b, delta_nabla_w = backprop(x, y, weights, biases)
        nabla_b = [nb + dnb for nb, dnb in zip(nabla_b, delta_nabla_b)]
        nabla_w = [nw + dnw for nw, dnw in zip(nabla_w, delta_nabla_w)]
    weights = [w - (eta / len(mini_batch)) * nw for w, nw in zip(weights, nabla_w)]
    biases = [b - (eta / len(mini_batch)) * nb for b, nb in zip(biases, nabla_b)]
    return weights, biases


# %% rows
def gradient(X, Y, params):
    w1, w2 = params["W1"].T, params["W2"].T
    b1, b2 = params["b1"].reshape(-1, 1), params["b2"].reshape(-1, 1)
    a0 = X.T
    a1 = sigmoid(np.dot(w1, a0) + b1)
    a2 = sigmoid(np.dot(w2, a1) + b2)
    delta2 = (a2 - Y.T) * a2 * (1 - a2) / X.shape[0]
    delta1 = np.dot(w2.T, delta2) * a1 * (1 - a1)
    return {
        "W1": np.dot(delta1, a0.T).T,
        "b1": delta1.sum(axis=1),
        "W2": np.dot(delta2, a1.T).T,
        "b2": delta2.sum(axis=1),
    }
