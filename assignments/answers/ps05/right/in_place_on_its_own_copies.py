"""Everything in place, on copies of its own."""


# %% softmax
def softmax(z):
    y = z.copy()
    y -= y.max(axis=1, keepdims=True)
    np.exp(y, out=y)
    y /= y.sum(axis=1, keepdims=True)
    return y


# %% log_softmax
def log_softmax(z):
    log_y = np.array(z, dtype=float)
    log_y -= log_y.max(axis=1, keepdims=True)
    log_y -= np.log(np.exp(log_y).sum(axis=1, keepdims=True))
    return log_y


# %% loss
def softmax_loss(z, t, log_softmax):
    cost = log_softmax(z).copy()
    if t.ndim == 1:
        cost = cost[np.arange(len(t)), t]
    else:
        cost *= t
    return -cost.sum() / len(z)


# %% backward
def softmax_loss_backward(upstream, y, t):
    dz = y.copy()
    if t.ndim == 1:
        dz[np.arange(len(t)), t] -= 1
    else:
        dz -= t
    dz *= upstream
    dz /= len(y)
    return dz


# %% layer
class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        log_y = self.log_softmax(z)
        self.slope = np.exp(log_y)
        if t.ndim == 1:
            rows = np.arange(len(z))
            self.slope[rows, t] -= 1
            loss = -log_y[rows, t].mean()
        else:
            self.slope -= t
            loss = -(t * log_y).sum() / len(z)
        self.slope /= len(z)
        return loss

    def backward(self, upstream=1.0):
        dz = self.slope.copy()
        dz *= upstream
        return dz


# %% accuracy
def accuracy(z, t):
    right = z.argmax(axis=1)
    right -= t if t.ndim == 1 else t.argmax(axis=1)
    return 1 - np.count_nonzero(right) / len(right)
