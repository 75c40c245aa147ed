"""A class for each kind of value: Sum, Product, … inherit, and each knows how to send its signal."""


# %% order
def order(parents, output):
    found = {}
    waiting = [iter([output])]
    path = []
    while waiting:
        name = next(waiting[-1], None)
        if name is None:
            waiting.pop()
            if path:
                found[path.pop()] = True
        elif name not in found:
            path.append(name)
            waiting.append(iter(parents[name]))
    return list(found)


# %% engine
class Value:
    parents = ()

    def __init__(self, data):
        self.grad, self.data = 0.0, data

    def send(self):
        return ()

    def backward(self):
        waiting, seen, found = [self], {}, []
        while waiting:
            value = waiting.pop()
            if seen.get(value) == "open":
                seen[value] = "done"
                found.append(value)
            elif value not in seen:
                seen[value] = "open"
                waiting.append(value)
                waiting.extend(parent for parent in value.parents if parent not in seen)
        self.grad = 1.0
        for value in found[::-1]:
            for parent, signal in zip(value.parents, value.send()):
                parent.grad += signal

    def __add__(self, other):
        return Sum(self, other)

    def __mul__(self, other):
        return Product(self, other)

    def __pow__(self, n):
        return Power(self, n)

    def __sub__(self, other):
        return Sum(self, Product(other, -1.0))

    def __truediv__(self, other):
        return Product(self, Power(other, -1))

    def __radd__(self, other):
        return Sum(other, self)

    def __rmul__(self, other):
        return Product(other, self)

    def __rsub__(self, other):
        return Sum(other, -self)

    def __rtruediv__(self, other):
        return Product(other, self**-1)

    def __neg__(self):
        return Product(self, -1.0)

    def exp(self):
        return Exp(self)

    def tanh(self):
        return Tanh(self)

    def relu(self):
        return Larger(self, 0.0)

    def max(self, other):
        return Larger(self, other)


class Made(Value):
    def __init__(self, *parents):
        self.parents = [p if isinstance(p, Value) else Value(p) for p in parents]
        super().__init__(self.compute(*(p.data for p in self.parents)))

    @property
    def numbers(self):
        return [p.data for p in self.parents]


class Sum(Made):
    def compute(self, x, y):
        return x + y

    def send(self):
        return self.grad, self.grad


class Product(Made):
    def compute(self, x, y):
        return x * y

    def send(self):
        x, y = self.numbers
        return self.grad * y, self.grad * x


class Power(Made):
    def __init__(self, x, n):
        self.n = n
        super().__init__(x)

    def compute(self, x):
        return x**self.n

    def send(self):
        return (self.grad * self.n * self.numbers[0] ** (self.n - 1),)


class Exp(Made):
    def compute(self, x):
        return math.exp(x)

    def send(self):
        return (self.grad * self.data,)


class Tanh(Made):
    def compute(self, x):
        e = math.exp(2 * x)
        return (e - 1) / (e + 1)

    def send(self):
        return (self.grad * (1 - self.data**2),)


class Larger(Made):
    def compute(self, x, y):
        return x if x > y else y

    def send(self):
        x, y = self.numbers
        return (self.grad, 0.0) if x > y else (0.0, self.grad)


# %% graph
class ComputationalGraph:
    def __init__(self, program):
        self.program = program

    def forward(self, inputs):
        self.known = dict(inputs)
        self.back = []
        for name, symbol, names in self.program:
            out, slopes = getattr(self, NAMES[symbol])(*map(self.known.get, names))
            self.known[name] = out
            self.back.insert(0, (name, names, slopes))
        return out

    def add(self, a, b):
        return a + b, [1, 1]

    def subtract(self, a, b):
        return a - b, [1, -1]

    def multiply(self, a, b):
        return a * b, [b, a]

    def exp(self, a):
        return math.e**a, [math.e**a]

    def relu(self, a):
        return (a, [1]) if a > 0 else (0, [0])

    def backward(self):
        total = {}
        total[self.back[0][0]] = 1.0
        for name, names, slopes in self.back:
            for parent, slope in zip(names, slopes):
                total[parent] = total.get(parent, 0.0) + slope * total.get(name, 0.0)
        return {name: total.get(name, 0.0) for name in self.known}


NAMES = {"+": "add", "-": "subtract", "*": "multiply", "exp": "exp", "relu": "relu"}


# %% descend
def descend(f, parameters, lr, steps):
    if steps == 0:
        return []
    loss = f()
    for p in parameters:
        p.grad = 0.0
    loss.backward()
    for p in parameters:
        p.data -= p.grad * lr
    return [loss.data, *descend(f, parameters, lr, steps - 1)]
