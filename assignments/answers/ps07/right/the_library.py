"""bplib does the work: gates, layers, its own numerical gradient and its own optimiser."""

# %% begin
import bplib as bp


def initialise(D, H, C, std, rng):
    net = bp.TwoLayerNet(D, H, C, weight_init_std=std, rng=rng)
    return {name: array.copy() for name, array in net.params.items()}


# %% forward
import bplib as bp


def predict(params, x):
    h = bp.relu(bp.affine(x, params["W1"], params["b1"]))
    return bp.affine(h, params["W2"], params["b2"])


def loss(params, x, t):
    return bp.softmax_with_loss(predict(params, x), t)


# %% backward
import bplib as bp


def gradient(params, x, t):
    def of_params(W1, b1, W2, b2):
        h = bp.relu(bp.affine(x, W1, b1))
        return bp.softmax_with_loss(bp.affine(h, W2, b2), t)

    return bp.grad(of_params)(**params)


# %% check
import bplib as bp


def relative_errors(loss, gradient, params, x, t, h=1e-5):
    errors = {}
    for name, g in gradient(params, x, t).items():
        n = bp.numerical_gradient(lambda p: loss({**params, name: p}, x, t), params[name], h)
        scale = max(np.abs(g).max(), np.abs(n).max())
        errors[name] = np.abs(g - n).max() / scale if scale > 0 else 0.0
    return errors


# %% step
import bplib as bp


class Momentum(bp.Momentum):
    pass


# %% train
import bplib as bp


def train(params, x, t, gradient, step, epochs, batch_size, rng):
    class Net:
        def __init__(self):
            self.params = params

        def loss(self, x, t):
            return 0.0

        def accuracy(self, x, t):
            return 0.0

        def gradient(self, x, t):
            return gradient(params, x, t)

    class Step:
        def update(self, params, grads):
            step(params, grads)

    bp.train(Net(), x, t, epochs=epochs, batch_size=batch_size, optimiser=Step(), rng=rng, progress=False)
