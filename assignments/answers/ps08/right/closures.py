"""Closures, as in micrograd: each operation leaves behind a small function that sends its signal on."""


# %% order
def order(parents, output):
    done, todo, seen = [], [output], set()
    while todo:
        name = todo[-1]
        new = [parent for parent in parents[name] if parent not in seen]
        if name in seen or not new:
            todo.pop()
            if name not in seen:
                seen.add(name)
                done.append(name)
        else:
            todo.extend(new)
    return done


# %% engine
class Value:
    """One number, what it was made of, and how it sends a gradient there."""

    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0
        self._backward = lambda: None
        self._prev = set(_children)
        self._op = _op

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        assert isinstance(other, int | float)
        out = Value(self.data**other, (self,), f"**{other}")

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Value(0 if self.data < 0 else self.data, (self,), "relu")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def _backward():
            self.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def max(self, other):
        winner = self if self.data > other.data else other
        out = Value(winner.data, (self, other), "max")

        def _backward():
            winner.grad += out.grad

        out._backward = _backward
        return out

    def backward(self):
        topo, visited = [], set()

        def build_topo(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build_topo(child)
                topo.append(v)

        build_topo(self)
        self.grad = 1
        for v in reversed(topo):
            v._backward()

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1


# %% graph
class ComputationalGraph:
    def __init__(self, lines):
        self.listing = lines

    def forward(self, inputs):
        self.numbers = {name: number for name, number in inputs.items()}
        for name, symbol, names in self.listing:
            a = self.numbers[names[0]]
            b = self.numbers[names[-1]]
            if symbol == "+":
                c = a + b
            elif symbol == "-":
                c = a - b
            elif symbol == "*":
                c = a * b
            elif symbol == "exp":
                c = math.exp(a)
            else:
                c = a if a > 0 else 0.0
            self.numbers[name] = c
        return c

    def backward(self):
        grad = {name: 0.0 for name in self.numbers}
        grad[self.listing[-1][0]] = 1.0
        for name, symbol, names in self.listing[::-1]:
            g, first, second = grad[name], names[0], names[-1]
            a, b = self.numbers[first], self.numbers[second]
            if symbol == "+":
                grad[first] += g
                grad[second] += g
            elif symbol == "-":
                grad[first] += g
                grad[second] -= g
            elif symbol == "*":
                grad[first] += g * b
                grad[second] += g * a
            elif symbol == "exp":
                grad[first] += g * self.numbers[name]
            elif a > 0:
                grad[first] += g
        return grad


# %% descend
def descend(f, parameters, lr, steps):
    history = []
    for _ in range(steps):
        loss = f()
        history.append(loss.data)
        for p in parameters:
            p.grad = 0
        loss.backward()
        for p in parameters:
            p.data += -lr * p.grad
    return history
