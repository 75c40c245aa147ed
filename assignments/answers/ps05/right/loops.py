"""Loops over samples and classes, with plain floats."""


# %% softmax
def softmax(z):
    N, C = z.shape
    y = np.zeros((N, C))
    for n in range(N):
        largest = max(z[n])
        total = 0.0
        for c in range(C):
            y[n, c] = np.exp(z[n, c] - largest)
            total += y[n, c]
        for c in range(C):
            y[n, c] /= total
    return y


# %% log_softmax
def log_softmax(z):
    N, C = z.shape
    log_y = np.zeros((N, C))
    for n in range(N):
        largest = max(z[n])
        log_sum = np.log(sum(np.exp(z[n, c] - largest) for c in range(C)))
        for c in range(C):
            log_y[n, c] = z[n, c] - largest - log_sum
    return log_y


# %% loss
def softmax_loss(z, t, log_softmax):
    log_y = log_softmax(z)
    N, C = log_y.shape
    loss = 0.0
    for n in range(N):
        if t.ndim == 1:
            loss -= log_y[n, t[n]]
        else:
            for c in range(C):
                loss -= t[n, c] * log_y[n, c]
    return loss / N


# %% backward
def softmax_loss_backward(upstream, y, t):
    N, C = y.shape
    dz = np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            if t.ndim == 1:
                target = 1.0 if t[n] == c else 0.0
            else:
                target = t[n, c]
            dz[n, c] = upstream * (y[n, c] - target) / N
    return dz


# %% layer
class SoftmaxWithLoss:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        log_y = self.log_softmax(z)
        self.N, self.C = z.shape
        self.y, self.t = np.exp(log_y), t
        loss = 0.0
        for n in range(self.N):
            for c in range(self.C):
                loss -= self._target(n, c) * log_y[n, c]
        return loss / self.N

    def backward(self, upstream=1.0):
        dz = np.zeros((self.N, self.C))
        for n in range(self.N):
            for c in range(self.C):
                dz[n, c] = upstream * (self.y[n, c] - self._target(n, c)) / self.N
        return dz

    def _target(self, n, c):
        return float(self.t[n] == c) if self.t.ndim == 1 else self.t[n, c]


# %% accuracy
def accuracy(z, t):
    right = 0
    for scores, target in zip(z, t):
        label = target if np.ndim(target) == 0 else list(target).index(max(target))
        right += list(scores).index(max(scores)) == label
    return right / len(z)
