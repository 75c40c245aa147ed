"""
mistake: grad not 0
cell: test_engine
points: 8.0069
"""


# %% engine
class Value:
    def __init__(self, data, parents=(), local=()):
        self.data, self.parents, self.local = data, parents, local
        self.grad = 1.0

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -as_value(other)

    def __rsub__(self, other):
        return as_value(other) - self

    def __truediv__(self, other):
        return self * as_value(other) ** -1

    def __rtruediv__(self, other):
        return as_value(other) / self

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1.0 - t * t,))

    def relu(self):
        return Value(max(self.data, 0.0), (self,), (float(self.data > 0),))

    def max(self, other):
        wins = self.data > other.data
        return Value(max(self.data, other.data), (self, other), (float(wins), float(not wins)))

    def backward(self):
        everything = parents_first(self)
        for value in everything:
            value.grad = 0.0
        self.grad = 1.0
        for value in reversed(everything):
            for parent, local in zip(value.parents, value.local, strict=True):
                parent.grad += value.grad * local


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


def parents_first(output):
    found, met, waiting = [], set(), [(output, False)]
    while waiting:
        value, parents_are_listed = waiting.pop()
        if parents_are_listed:
            found.append(value)
        elif value not in met:
            met.add(value)
            waiting.append((value, True))
            waiting += [(parent, False) for parent in value.parents]
    return found
