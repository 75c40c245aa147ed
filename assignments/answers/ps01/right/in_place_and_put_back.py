"""Nudges the caller's own array through a flat iterator, and puts it back in a finally."""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    if not np.issubdtype(x.dtype, np.floating):
        x = x.astype(np.float64)
    slope = np.empty(x.shape)
    for i in range(x.size):
        remembered = x.flat[i]
        try:
            x.flat[i] = remembered + h
            above = f(x)
            x.flat[i] = remembered - h
            below = f(x)
        finally:
            x.flat[i] = remembered
        slope.flat[i] = (above - below) / (2 * h)
    return slope


# %% wave
def wave(x):
    w = np.exp(-np.power(np.subtract(np.multiply(3, x), 1), 2))
    slope = np.float64(1)
    slope *= -w
    slope *= 2
    slope *= 3 * x - 1
    slope *= 3
    return np.array([w, slope])


# %% layers
class MulLayer:
    def forward(self, first, second):
        self.kept = np.array([first, second])
        return self.kept.prod()

    def backward(self, upstream):
        return tuple(upstream * self.kept[::-1])


class AddLayer:
    def forward(self, first, second):
        return np.sum([first, second])

    def backward(self, upstream):
        return tuple(np.full(2, upstream))


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    gradients = dict.fromkeys(["apple", "apples", "orange", "oranges", "tax"], 0.0)
    times_apples, times_oranges, plus, times_tax = Mul(), Mul(), Add(), Mul()
    bill = times_apples.forward(apples, apple)
    bill = plus.forward(times_oranges.forward(oranges, orange), bill)
    bill = times_tax.forward(tax, bill)
    gradients["tax"], signal = times_tax.backward(1.0)
    orange_signal, apple_signal = plus.backward(signal)
    gradients["apples"], gradients["apple"] = times_apples.backward(apple_signal)
    gradients["oranges"], gradients["orange"] = times_oranges.backward(orange_signal)
    return bill, gradients


# %% agree
def agree(a, b, rtol=1e-5):
    a, b = np.array(a, ndmin=1), np.array(b, ndmin=1)
    if a.shape != b.shape:
        return np.False_
    both = np.stack([a, b])
    difference = np.ptp(both, axis=0).max()
    return np.less_equal(difference, rtol * np.abs(both).max())
