"""A sort without recursion, local derivatives as numbers, operators attached from a table."""


# %% order
def order(parents, output):
    uses, waiting = {output: 0}, [output]
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent not in uses:
                waiting.append(parent)
            uses[parent] = uses.get(parent, 0) + 1
    found, free = [], [output]
    while free:
        name = free.pop()
        found.append(name)
        for parent in parents[name]:
            uses[parent] -= 1
            if uses[parent] == 0:
                free.append(parent)
    return found[::-1]


# %% engine
class Value:
    def __init__(self, data, pairs=()):
        self.data, self.pairs = float(data), pairs
        self.grad = 0.0

    def backward(self):
        users, waiting = {}, [self]
        met = {id(self)}
        while waiting:
            for parent, _ in waiting.pop().pairs:
                users[id(parent)] = users.get(id(parent), 0) + 1
                if id(parent) not in met:
                    met.add(id(parent))
                    waiting.append(parent)
        self.grad, free = 1.0, [self]
        while free:
            value = free.pop()
            for parent, slope in value.pairs:
                parent.grad += value.grad * slope
                users[id(parent)] -= 1
                if not users[id(parent)]:
                    free.append(parent)

    def __neg__(self):
        return 0.0 - self

    def __pow__(self, n):
        return Value(self.data**n, ((self, n * self.data ** (n - 1)),))

    def max(self, other):
        return self + (other - self).relu()


BINARY = {
    "add": (lambda a, b: a + b, lambda a, b: (1.0, 1.0)),
    "sub": (lambda a, b: a - b, lambda a, b: (1.0, -1.0)),
    "mul": (lambda a, b: a * b, lambda a, b: (b, a)),
    "truediv": (lambda a, b: a / b, lambda a, b: (1 / b, -a / b**2)),
}
UNARY = {
    "exp": (math.exp, lambda a, out: out),
    "tanh": (math.tanh, lambda a, out: (1 - out) * (1 + out)),
    "relu": (lambda a: max(a, 0.0), lambda a, out: 1.0 if a > 0 else 0.0),
}


def binary(run, slopes):
    def operation(x, y):
        x, y = (each if isinstance(each, Value) else Value(each) for each in (x, y))
        return Value(run(x.data, y.data), tuple(zip((x, y), slopes(x.data, y.data))))

    return operation


def unary(run, slope):
    def operation(x):
        out = run(x.data)
        return Value(out, ((x, slope(x.data, out)),))

    return operation


for name, rule in BINARY.items():
    operation = binary(*rule)
    setattr(Value, f"__{name}__", operation)
    setattr(Value, f"__r{name}__", lambda y, x, operation=operation: operation(x, y))
for name, rule in UNARY.items():
    setattr(Value, name, unary(*rule))


# %% graph
class ComputationalGraph:
    def __init__(self, lines):
        self.lines = tuple(lines)

    def forward(self, inputs):
        self.inputs = dict(inputs)
        return self.run()[self.lines[-1][0]]

    def run(self):
        out = dict(self.inputs)
        for name, symbol, names in self.lines:
            a, *rest = (out[each] for each in names)
            out[name] = {
                "+": lambda: a + rest[0],
                "-": lambda: a - rest[0],
                "*": lambda: a * rest[0],
                "exp": lambda: math.exp(a),
                "relu": lambda: (abs(a) + a) / 2,
            }[symbol]()
        return out

    def backward(self):
        out = self.run()
        grad = {name: 0.0 for name in out} | {self.lines[-1][0]: 1.0}
        for name, symbol, names in reversed(self.lines):
            up = grad[name]
            if symbol in ("+", "-"):
                grad[names[0]] += up
                grad[names[1]] += up if symbol == "+" else -up
            elif symbol == "*":
                grad[names[0]], grad[names[1]] = (
                    (grad[names[0]] + up * out[names[1]], grad[names[1]] + up * out[names[0]])
                    if names[0] != names[1]
                    else (grad[names[0]] + 2 * up * out[names[0]],) * 2
                )
            elif symbol == "exp":
                grad[names[0]] += up * out[name]
            elif out[names[0]] > 0:
                grad[names[0]] += up
        return grad


# %% descend
def descend(f, parameters, lr, steps):
    losses = [None] * steps
    for k in range(steps):
        for p in parameters:
            setattr(p, "grad", 0)
        loss = f()
        losses[k] = loss.data
        loss.backward()
        for p in parameters:
            p.data = p.data + -lr * p.grad
    return losses
