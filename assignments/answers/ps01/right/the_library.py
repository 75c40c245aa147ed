"""Leans on numpy and bplib: apply_along_axis, its own gates, a trace, and allclose with the right scale."""

# %% gradient
import bplib as bp


def numerical_gradient(f, x, h=1e-5):
    nudge = lambda e: (f(x + h * e.reshape(x.shape)) - f(x - h * e.reshape(x.shape))) / (2 * h)
    return np.apply_along_axis(nudge, 1, np.identity(x.size)).reshape(x.shape)


# %% wave
def wave(x):
    def curve(x):
        y = 3 * x - 1
        z = y**2
        return bp.exp(-z)

    trace = bp.record(curve, x=x)
    return trace.output, trace.gradient["x"]


# %% layers
class MulLayer:
    gate = bp.gates.Multiply()

    def forward(self, x, y):
        self.x, self.y = x, y
        self.out = self.gate.forward(x, y)
        return self.out

    def backward(self, dout):
        return self.gate.backward(dout, self.out, self.x, self.y)


class AddLayer(MulLayer):
    gate = bp.gates.Add()


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
