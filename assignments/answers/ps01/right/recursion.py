"""Recursion over the entries, a generator, inheritance, and functions that call each other."""


# %% gradient
def numerical_gradient(f, x, h=1e-5):
    x = x * 1.0
    slope = slopes_from(0, f, x.reshape(-1), x.shape, h)
    return np.fromiter(slope, float).reshape(x.shape)


def slopes_from(i, f, flat, shape, h):
    if i == flat.size:
        return
    left, right = flat.copy(), flat.copy()
    left[i], right[i] = flat[i] - h, flat[i] + h
    yield (f(right.reshape(shape)) - f(left.reshape(shape))) / (2 * h)
    yield from slopes_from(i + 1, f, flat, shape, h)


# %% wave
def w_and_signal(z):
    return np.exp(-z), -np.exp(-z)


def z_and_signal(y):
    w, signal = w_and_signal(y**2)
    return w, signal * 2 * y


def wave(x):
    w, signal = z_and_signal(3 * x - 1)
    return w, signal * 3


# %% layers
class Layer:
    def forward(self, *inputs):
        self.inputs = inputs
        return self.value(*inputs)

    def backward(self, dout):
        return tuple(dout * local for local in self.local(*self.inputs))


class MulLayer(Layer):
    def forward(self, x, y):
        return super().forward(x, y)

    def value(self, x, y):
        return x * y

    def local(self, x, y):
        return y, x


class AddLayer(Layer):
    def forward(self, x, y):
        return super().forward(x, y)

    def value(self, x, y):
        return x + y

    def local(self, x, y):
        return 1.0, 1.0


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    def cost(price, number):
        layer = Mul()
        return layer.forward(price, number), layer.backward

    (apple_cost, back_to_apple), (orange_cost, back_to_orange) = cost(apple, apples), cost(orange, oranges)
    plus, times = Add(), Mul()
    bill = times.forward(plus.forward(apple_cost, orange_cost), tax)
    to_plus, to_tax = times.backward(1.0)
    gradients = [*plus.backward(to_plus)]
    gradients = [*back_to_apple(gradients[0]), *back_to_orange(gradients[1]), to_tax]
    return bill, dict(zip(("apple", "apples", "orange", "oranges", "tax"), gradients))


# %% agree
def agree(a, b, rtol=1e-5):
    return np.shape(a) == np.shape(b) and worst(a, b) <= rtol * max(worst(a, 0), worst(b, 0))


def worst(a, b):
    if np.ndim(a):
        return np.max([worst(*pair) for pair in zip(a, b if np.ndim(b) else [b] * len(a))])
    return abs(a - b)
