"""Leans on numpy: apply_along_axis, polynomials, one class for two layers, and allclose with the right scale."""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    nudge = lambda e: (f(x + h * e.reshape(x.shape)) - f(x - h * e.reshape(x.shape))) / (2 * h)
    return np.apply_along_axis(nudge, 1, np.identity(x.size)).reshape(x.shape)


# %% wave
def wave(x):
    z = np.poly1d([3, -1]) ** 2
    w = np.exp(-z(x))
    return w, -w * z.deriv()(x)


# %% layers
class Layer:
    def forward(self, x, y):
        self.inputs = np.array([x, y], dtype=float)
        return self.combine(self.inputs, axis=0)

    def backward(self, dout):
        return tuple(dout * self.slopes())


class MulLayer(Layer):
    combine = staticmethod(np.prod)

    def slopes(self):
        return self.inputs[::-1]


class AddLayer(Layer):
    combine = staticmethod(np.sum)

    def slopes(self):
        return np.ones_like(self.inputs)


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    apple_cost, orange_cost, net, bill = Mul(), Mul(), Add(), Mul()
    apple_price = apple_cost.forward(apple, apples)
    orange_price = orange_cost.forward(orange, oranges)
    total = bill.forward(net.forward(apple_price, orange_price), tax)
    d_net, d_tax = bill.backward(1.0)
    d_apple_cost, d_orange_cost = net.backward(d_net)
    d_apple, d_apples = apple_cost.backward(d_apple_cost)
    d_orange, d_oranges = orange_cost.backward(d_orange_cost)
    return total, dict(apple=d_apple, apples=d_apples, orange=d_orange, oranges=d_oranges, tax=d_tax)


# %% agree
def agree(a, b, rtol=1e-5):
    a, b = np.asanyarray(a), np.asanyarray(b)
    tolerance = rtol * np.max(np.abs([a, b])) if a.shape == b.shape else 0
    return a.shape == b.shape and np.allclose(a, b, rtol=0, atol=tolerance)
