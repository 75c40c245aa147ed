"""Each signal travels by itself and waits at a value until all of its users have sent theirs."""


# %% order
def order(parents, output):
    found = {}
    waiting = [(output, iter(parents[output]))]
    met = {output}
    while waiting:
        name, rest = waiting[-1]
        for parent in rest:
            if parent not in met:
                met.add(parent)
                waiting.append((parent, iter(parents[parent])))
                break
        else:
            waiting.pop()
            found[name] = None
    return list(found)


# %% engine
class Value:
    def __init__(self, data, sends=()):
        self.data, self.sends, self.grad = data, sends, 0.0

    def under(self):
        found, waiting = {self}, [self]
        while waiting:
            for parent, _ in waiting.pop().sends:
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return found

    def backward(self):
        expected = dict.fromkeys(self.under(), 0)
        for value in expected:
            for parent, _ in value.sends:
                expected[parent] += 1
        self.grad = 1.0
        ready = [self]
        while ready:
            value = ready.pop(0)
            for parent, rule in value.sends:
                parent.grad = parent.grad + rule(value.grad)
                expected[parent] -= 1
                if expected[parent] == 0:
                    ready.append(parent)

    def __add__(self, other):
        other = Value.of(other)
        return Value(self.data + other.data, ((self, lambda g: g), (other, lambda g: g)))

    def __mul__(self, other):
        other = Value.of(other)
        x, y = self.data, other.data
        return Value(x * y, ((self, lambda g: g * y), (other, lambda g: g * x)))

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def through(self, out, slope):
        return Value(out, ((self, lambda g: g * slope),))

    def __pow__(self, n):
        return self.through(self.data**n, n * self.data ** (n - 1))

    def exp(self):
        return self.through(math.exp(self.data), math.exp(self.data))

    def tanh(self):
        return self.through(math.tanh(self.data), 1 - math.tanh(self.data) ** 2)

    def relu(self):
        return self.through(self.data if self.data > 0 else 0.0, 1 if self.data > 0 else 0)

    def max(self, other):
        return self.through(self.data, 1) if self.data >= other.data else other.through(other.data, 1)

    def __neg__(self):
        return self.through(-self.data, -1)

    def __sub__(self, other):
        return self + -Value.of(other)

    def __truediv__(self, other):
        return self * Value.of(other) ** -1.0

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% graph
class ComputationalGraph:
    def __init__(self, lines):
        self.users, self.lines = {}, lines
        for k, (_, _, names) in enumerate(lines):
            for slot, name in enumerate(names):
                self.users.setdefault(name, []).append((k, slot))

    def forward(self, inputs):
        self.value = dict(inputs)
        for name, symbol, names in self.lines:
            self.value[name] = FORMULAS[symbol](*map(self.value.get, names))
        return self.value[self.lines[-1][0]]

    def backward(self):
        known = {self.lines[-1][0]: 1.0}

        def gradient(name):
            if name not in known:
                known[name] = sum(
                    gradient(self.lines[k][0]) * self.slope(k, slot) for k, slot in self.users.get(name, [])
                )
            return known[name]

        return {name: float(gradient(name)) for name in self.value}

    def slope(self, k, slot):
        out, symbol, names = self.lines[k]
        if symbol == "*":
            return self.value[names[1 - slot]]
        if symbol == "exp":
            return self.value[out]
        if symbol == "relu":
            return self.value[names[0]] > 0
        return -1.0 if symbol == "-" and slot else 1.0


FORMULAS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "exp": math.exp,
    "relu": lambda a: a if a > 0 else 0.0,
}


# %% descend
def descend(f, parameters, lr, steps):
    losses = []
    for step in range(1, steps + 1):
        for p in parameters:
            p.grad *= 0
        (loss := f()).backward()
        losses.append(loss.data)
        for p in parameters:
            p.data -= lr * p.grad
    return tuple(losses)
