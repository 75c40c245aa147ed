"""Rules in classes and a node for each value, as the library of the course is built."""


# %% order
def order(parents, output):
    under, waiting = set(), [output]
    while waiting:
        name = waiting.pop()
        if name not in under:
            under.add(name)
            waiting.extend(parents[name])
    missing = {name: len(set(parents[name])) for name in under}
    users = {name: [] for name in under}
    for name in under:
        for parent in set(parents[name]):
            users[parent].append(name)
    ready = [name for name in under if not missing[name]]
    for name in ready:
        for user in users[name]:
            missing[user] -= 1
            if not missing[user]:
                ready.append(user)
    return ready


# %% engine
class Add:
    def forward(self, x, y):
        return x + y

    def backward(self, upstream, out, x, y):
        return upstream, upstream


class Subtract:
    def forward(self, x, y):
        return x - y

    def backward(self, upstream, out, x, y):
        return upstream, -upstream


class Multiply:
    def forward(self, x, y):
        return x * y

    def backward(self, upstream, out, x, y):
        return upstream * y, upstream * x


class Divide:
    def forward(self, x, y):
        return x / y

    def backward(self, upstream, out, x, y):
        return upstream / y, -upstream * out / y


class Power:
    def __init__(self, n):
        self.n = n

    def forward(self, x):
        return x**self.n

    def backward(self, upstream, out, x):
        return (upstream * self.n * x ** (self.n - 1),)


class Exp:
    def forward(self, x):
        return math.exp(x)

    def backward(self, upstream, out, x):
        return (upstream * out,)


class Tanh:
    def forward(self, x):
        return math.tanh(x)

    def backward(self, upstream, out, x):
        return (upstream * (1 - out * out),)


class Relu:
    def forward(self, x):
        return max(x, 0.0)

    def backward(self, upstream, out, x):
        return (upstream if x > 0 else 0.0,)


class Max:
    def forward(self, x, y):
        return max(x, y)

    def backward(self, upstream, out, x, y):
        return (upstream, 0.0) if x > y else (0.0, upstream)


class Value:
    made = 0

    def __init__(self, data, gate=None, parents=()):
        self.data, self.gate, self.parents, self.grad = data, gate, parents, 0.0
        Value.made += 1
        self.number = Value.made

    def backward(self):
        under, waiting = set(), [self]
        while waiting:
            value = waiting.pop()
            if value not in under:
                under.add(value)
                waiting.extend(value.parents)
        arrived = {self: 1.0}
        for value in sorted(under, key=lambda value: -value.number):
            upstream = arrived.get(value, 0.0)
            value.grad = upstream
            if value.gate:
                xs = [parent.data for parent in value.parents]
                for parent, part in zip(value.parents, value.gate.backward(upstream, value.data, *xs)):
                    arrived[parent] = arrived.get(parent, 0.0) + part

    def exp(self):
        return apply(Exp(), self)

    def tanh(self):
        return apply(Tanh(), self)

    def relu(self):
        return apply(Relu(), self)

    def max(self, other):
        return apply(Max(), self, other)

    def __pow__(self, n):
        return apply(Power(n), self)

    def __neg__(self):
        return apply(Multiply(), self, -1.0)


def apply(gate, *xs):
    xs = tuple(x if isinstance(x, Value) else Value(float(x)) for x in xs)
    return Value(gate.forward(*(x.data for x in xs)), gate, xs)


def operators(gate):
    return lambda x, y: apply(gate, x, y), lambda x, y: apply(gate, y, x)


Value.__add__, Value.__radd__ = operators(Add())
Value.__sub__, Value.__rsub__ = operators(Subtract())
Value.__mul__, Value.__rmul__ = operators(Multiply())
Value.__truediv__, Value.__rtruediv__ = operators(Divide())


# %% graph
class Add:
    def forward(self, x, y):
        return x + y

    def backward(self, upstream, out, x, y):
        return upstream, upstream


class Subtract:
    def forward(self, x, y):
        return x - y

    def backward(self, upstream, out, x, y):
        return upstream, -upstream


class Multiply:
    def forward(self, x, y):
        return x * y

    def backward(self, upstream, out, x, y):
        return upstream * y, upstream * x


class Exp:
    def forward(self, x):
        return math.exp(x)

    def backward(self, upstream, out, x):
        return (upstream * out,)


class Relu:
    def forward(self, x):
        return max(x, 0.0)

    def backward(self, upstream, out, x):
        return (upstream if x > 0 else 0.0,)


class ComputationalGraph:
    RULES = {"+": Add(), "-": Subtract(), "*": Multiply(), "exp": Exp(), "relu": Relu()}

    def __init__(self, lines):
        self.lines = [(name, self.RULES[symbol], names) for name, symbol, names in lines]

    def forward(self, inputs):
        self.value = {**inputs}
        for name, rule, names in self.lines:
            self.value[name] = rule.forward(*self.of(names))
        return self.value[name]

    def of(self, names):
        return [self.value[name] for name in names]

    def backward(self):
        arrived = {name: [] for name in self.value}
        arrived[self.lines[-1][0]] = [1.0]
        for name, rule, names in reversed(self.lines):
            signals = rule.backward(sum(arrived[name]), self.value[name], *self.of(names))
            for parent, signal in zip(names, signals):
                arrived[parent].append(signal)
        return {name: float(sum(signals)) for name, signals in arrived.items()}


# %% descend
def descend(f, parameters, lr, steps):
    def one_step():
        for p in parameters:
            p.grad = 0.0
        loss = f()
        loss.backward()
        for p in parameters:
            p.data = p.data - lr * p.grad
        return loss.data

    return [one_step() for _ in range(steps)]
