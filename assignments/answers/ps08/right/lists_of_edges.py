"""No tree of objects: numbers in one list, edges (from, to, slope) in another, a value is a place in it."""


# %% order
def order(parents, output):
    depth = {}
    waiting = [output]
    while waiting:
        name = waiting[-1]
        unknown = [parent for parent in parents[name] if parent not in depth]
        if unknown:
            waiting += unknown
        else:
            depth[waiting.pop()] = 1 + max((depth[parent] for parent in parents[name]), default=0)
    return sorted(depth, key=depth.get)


# %% engine
VALUES, EDGES = [], []


class Value:
    def __init__(self, data, *edges):
        self.data, self.grad, self.place = data, 0.0, len(VALUES)
        VALUES.append(self)
        EDGES.append(edges)

    def backward(self):
        arrived = [0.0] * (self.place + 1)
        arrived[self.place] = 1.0
        for place in range(self.place, -1, -1):
            if arrived[place]:
                for below, slope in EDGES[place]:
                    arrived[below] += arrived[place] * slope
        for value, grad in zip(VALUES, arrived):
            value.grad += grad

    def __add__(self, other):
        other = at(other)
        return Value(self.data + other.data, (self.place, 1.0), (other.place, 1.0))

    def __sub__(self, other):
        other = at(other)
        return Value(self.data - other.data, (self.place, 1.0), (other.place, -1.0))

    def __mul__(self, other):
        other = at(other)
        return Value(self.data * other.data, (self.place, other.data), (other.place, self.data))

    def __truediv__(self, other):
        other = at(other)
        quotient = self.data / other.data
        return Value(quotient, (self.place, 1 / other.data), (other.place, -quotient / other.data))

    def __radd__(self, other):
        return at(other) + self

    def __rsub__(self, other):
        return at(other) - self

    def __rmul__(self, other):
        return at(other) * self

    def __rtruediv__(self, other):
        return at(other) / self

    def __neg__(self):
        return Value(-self.data, (self.place, -1.0))

    def __pow__(self, n):
        return Value(self.data**n, (self.place, n * self.data ** (n - 1)))

    def exp(self):
        return Value(math.exp(self.data), (self.place, math.exp(self.data)))

    def tanh(self):
        return Value(math.tanh(self.data), (self.place, 1 / math.cosh(self.data) ** 2))

    def relu(self):
        return Value(self.data, (self.place, 1.0)) if self.data > 0 else Value(0.0)

    def max(self, other):
        return (
            Value(self.data, (self.place, 1.0))
            if self.data > other.data
            else Value(other.data, (other.place, 1.0))
        )


def at(x):
    return x if isinstance(x, Value) else Value(x)


# %% graph
class ComputationalGraph:
    def __init__(self, steps):
        self.steps = steps

    def forward(self, inputs):
        numbers, self.edges = dict(inputs), []
        for name, symbol, names in self.steps:
            xs = [numbers[each] for each in names]
            if symbol in "+-":
                sign = 1.0 if symbol == "+" else -1.0
                numbers[name], slopes = xs[0] + sign * xs[1], (1.0, sign)
            elif symbol == "*":
                numbers[name], slopes = xs[0] * xs[1], xs[::-1]
            elif symbol == "exp":
                numbers[name] = math.exp(xs[0])
                slopes = (numbers[name],)
            else:
                numbers[name], slopes = max(xs[0], 0.0), (1.0 * (xs[0] > 0),)
            self.edges += [(name, parent, slope) for parent, slope in zip(names, slopes)]
        self.names, self.last = list(numbers), name
        return numbers[name]

    def backward(self):
        grad = dict.fromkeys(self.names, 0.0)
        grad[self.last] = 1.0
        for above, below, slope in reversed(self.edges):
            grad[below] += grad[above] * slope
        return grad


# %% descend
def descend(f, parameters, lr, steps):
    losses = []
    while len(losses) < steps:
        loss = f()
        losses.append(float(loss.data))
        before = [p.grad for p in parameters]
        loss.backward()
        for p, old in zip(parameters, before):
            p.data -= lr * (p.grad - old)
    return losses
