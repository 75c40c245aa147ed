"""Right and wrong answers to the self-checks of lesson 8; the rules they obey stand in test_questions.py."""

import math
from collections import deque

from bplib.course.questions import build_an_engine as ask


class Value:
    def __init__(self, data, parents=(), local=(), symbol=""):
        self.data, self.parents, self.local, self.symbol = data, parents, local, symbol
        self.grad = 0.0


class WithSlots:
    __slots__ = ("data", "grad", "local", "parents", "symbol")

    def __init__(self, data, parents=None, local=None, symbol=None):
        self.data, self.symbol, self.grad = data, symbol or "", 0
        self.parents, self.local = list(parents or ()), list(local or ())


def value_like(**changed):
    """A Value of which some attributes are what a slip makes of them."""

    class Slipped(Value):
        def __init__(self, data, parents=(), local=(), symbol=""):
            super().__init__(data, parents, local, symbol)
            for name, slip in changed.items():
                setattr(self, name, slip(self))

    return Slipped


def make(of, symbol, parents=lambda x, y: (x, y), local=lambda x, y: ()):
    return lambda x, y: Value(of(x.data, y.data), parents(x, y), local(x, y), symbol)


def plus(a, b):
    return a + b


def times(a, b):
    return a * b


ADD, MULTIPLY = make(plus, "+"), make(times, "×")
ONES, SWAPPED = (lambda x, y: (1.0, 1.0)), (lambda x, y: (y.data, x.data))
OWN, PRODUCT = (lambda x, y: (x.data, y.data)), (lambda x, y: (x.data * y.data,) * 2)
SUM, TIMES = make(plus, "+", local=ONES), make(times, "×", local=SWAPPED)


def overwrites(x, y):
    x.data += y.data
    return Value(x.data, (x, y))


def recursive(output, met=None, found=None):
    met, found = (set(), []) if met is None else (met, found)
    if output not in met:
        met.add(output)
        for parent in output.parents:
            recursive(parent, met, found)
        found.append(output)
    return found


def by_counting_users(output):
    """From the output: a value is listed when all of its users are (Kahn)."""
    users, waiting, met = {}, [output], {output}
    while waiting:
        for parent in waiting.pop().parents:
            users[parent] = users.get(parent, 0) + 1
            if parent not in met:
                met.add(parent)
                waiting.append(parent)
    ready, found = deque([output]), deque()
    while ready:
        value = ready.popleft()
        found.appendleft(value)
        for parent in value.parents:
            users[parent] -= 1
            if users[parent] == 0:
                ready.append(parent)
    return list(found)


def without_visited(output):
    return [value for parent in output.parents for value in without_visited(parent)] + [output]


def as_met(output, met=None):
    met = [] if met is None else met
    if output not in met:
        met.append(output)
        for parent in output.parents:
            as_met(parent, met)
    return met


def without_inputs(output):
    return [value for value in recursive(output) if value.parents]


def last_met_first(output):
    return as_met(output)[::-1]


def sweep(
    first=1.0, walk=lambda output: recursive(output)[::-1], add=plus, sent=lambda v, local: v.grad * local
):
    def backward(output):
        output.grad = first
        for value in walk(output):
            for parent, local in zip(value.parents, value.local, strict=True):
                parent.grad = add(parent.grad, sent(value, local))

    return backward


def pushing(output):
    """Each signal goes all the way down by itself."""

    def push(value, signal):
        value.grad += signal
        for parent, local in zip(value.parents, value.local, strict=True):
            push(parent, signal * local)

    push(output, 1.0)


def anew(output):
    for value in recursive(output):
        value.grad = 0.0
    sweep()(output)


def remembered():
    everything = set()

    def backward(output):
        everything.update(recursive(output))
        for value in everything:
            value.grad = 0.0 if value.parents else value.grad * 3
        sweep()(output)

    return backward


def one(of, local):
    """A rule of one input: what it makes of the number, and of number and result."""
    return lambda x, *n: Value(of(x.data, *n), (x,), (local(x.data, of(x.data, *n), *n),))


EXP = one(math.exp, lambda x, y: y)
TANH = one(math.tanh, lambda x, y: 1 - y * y)
RELU = one(lambda x: max(x, 0.0), lambda x, y: float(x > 0))
POWER = one(lambda x, n: x**n, lambda x, y, n: n * x ** (n - 1))


def without_comma(x):
    return Value(math.exp(x.data), (x, x), (math.exp(x.data), 0.0))


class Graph:
    def __init__(self, lines):
        self.lines = lines

    def forward(self, inputs):
        self.value = dict(inputs)
        for name, gate, names in self.lines:
            self.value[name] = gate.forward(*[self.value[each] for each in names])
        return self.value[name]

    def backward(self, add=plus, first=1.0):
        self.begin(first)
        for name, gate, names in reversed(self.lines):
            xs = [self.value[each] for each in names]
            signals = gate.backward(self.grad[name], self.value[name], *xs)
            for parent, signal in zip(names, signals, strict=True):
                self.grad[parent] = add(self.grad[parent], signal)
        return self.grad

    def begin(self, first):
        self.grad = dict.fromkeys(self.value, 0.0) | {self.lines[-1][0]: first}


class OnStacks(Graph):
    def forward(self, inputs):
        self.steps = []
        super().forward(inputs)
        for name, gate, names in self.lines:
            self.steps.append((name, names, lambda up, n=name, g=gate, ns=names: self.ask(up, n, g, ns)))
        return self.value[self.steps[-1][0]]

    def ask(self, upstream, name, gate, names):
        return gate.backward(upstream, self.value[name], *[self.value[each] for each in names])

    def backward(self):
        grad = {self.steps[-1][0]: 1.0}
        for name, names, send in self.steps[::-1]:
            for parent, signal in zip(names, send(grad[name]), strict=True):
                grad[parent] = grad.get(parent, 0.0) + signal
        return grad


class KeepsTheOld(Graph):
    def begin(self, first):
        self.grad = getattr(self, "grad", None) or dict.fromkeys(self.value, 0.0)
        self.grad[self.lines[-1][0]] = first

    def forward(self, inputs):
        self.grad = None
        return super().forward(inputs)


class Overwrites(Graph):
    def backward(self):
        return super().backward(add=lambda old, new: new)


class NoFirst(Graph):
    def backward(self):
        return super().backward(first=0.0)


RIGHT = [
    (ask.a_value, (Value,)),
    (ask.a_value, (WithSlots,)),
    (ask.grows, (ADD, MULTIPLY, Value)),
    (ask.grows, (make(plus, "+", parents=lambda x, y: [x, y]), MULTIPLY, Value)),
    (ask.local_rules, (SUM, TIMES, Value)),
    (ask.local_rules, (make(plus, "+", local=lambda x, y: [1, 1]), TIMES, Value)),
    (ask.order, (recursive, Value)),
    (ask.order, (by_counting_users, Value)),
    (ask.sweep, (sweep(), Value)),
    (ask.sweep, (sweep(walk=lambda output: by_counting_users(output)[::-1]), Value)),
    (ask.sweep, (pushing, Value)),
    (ask.sweep, (anew, Value)),
    (ask.more_rules, (EXP, TANH, RELU, POWER, Value)),
    (ask.computational_graph, (Graph,)),
    (ask.computational_graph, (OnStacks,)),
]

WRONG = [
    (ask.a_value, (value_like(grad=lambda v: 1.0),), "grad not 0"),
    (ask.a_value, (value_like(parents=lambda v: set(v.parents)),), "parents not kept"),
    (ask.a_value, (value_like(local=lambda v: ()),), "local not kept"),
    (ask.a_value, (value_like(symbol=lambda v: v.symbol or "input"),), "an input with parents"),
    (ask.grows, (MULTIPLY, MULTIPLY, Value), "the other operation"),
    (ask.grows, (make(plus, "+", parents=OWN), MULTIPLY, Value), "numbers for parents"),
    (ask.grows, (ADD, make(times, "×", parents=lambda x, y: (x,)), Value), "parents missing"),
    (ask.grows, (overwrites, MULTIPLY, Value), "an operand changed"),
    (ask.local_rules, (make(plus, "+", local=OWN), TIMES, Value), "values for slopes"),
    (ask.local_rules, (SUM, make(times, "×", local=OWN), Value), "inputs not swapped"),
    (ask.local_rules, (SUM, make(times, "×", local=ONES), Value), "rule of +"),
    (ask.local_rules, (SUM, make(times, "×", local=PRODUCT), Value), "value for slope"),
    (ask.local_rules, (SUM, make(times, "×", local=lambda x, y: (y, x)), Value), "values for numbers"),
    (ask.local_rules, (ADD, MULTIPLY, Value), "local left out"),
    (ask.order, (without_visited, Value), "listed twice"),
    (ask.order, (without_inputs, Value), "values left out"),
    (ask.order, (as_met, Value), "output first"),
    (ask.order, (last_met_first, Value), "too early"),
    (ask.sweep, (sweep(add=lambda old, new: new), Value), "overwritten at a fork"),
    (ask.sweep, (sweep(add=lambda old, new: old or new), Value), "one signal only"),
    (ask.sweep, (sweep(first=0.0), Value), "no signal"),
    (ask.sweep, (sweep(walk=recursive), Value), "no signal"),
    (ask.sweep, (sweep(first=0.0), Value), "no first signal"),
    (ask.sweep, (lambda output: setattr(output, "grad", output.data), Value), "value for gradient"),
    (ask.sweep, (sweep(sent=lambda value, local: local), Value), "upstream ignored"),
    (ask.sweep, (sweep(walk=as_met), Value), "before the users are done"),
    (ask.sweep, (sweep(first=2.0), Value), "counted twice"),
    (ask.sweep, (remembered(), Value), "another graph disturbed"),
    (ask.more_rules, (one(lambda x: x, lambda x, y: 1.0), TANH, RELU, POWER, Value), "another value"),
    (ask.more_rules, (without_comma, TANH, RELU, POWER, Value), "not one parent"),
    (ask.more_rules, (EXP, one(math.tanh, lambda x, y: y), RELU, POWER, Value), "value for slope"),
    (ask.more_rules, (EXP, one(math.tanh, lambda x, y: 1 - y), RELU, POWER, Value), "square left out"),
    (ask.more_rules, (EXP, one(math.tanh, lambda x, y: 1 - x * x), RELU, POWER, Value), "taken at the input"),
    (ask.more_rules, (EXP, one(math.tanh, lambda x, y: y * (1 - y)), RELU, POWER, Value),
     "slope of another function"),
    (ask.more_rules, (EXP, TANH, RELU, one(lambda x, n: x**n, lambda x, y, n: n * y), Value),
     "exponent not lowered"),
    (ask.more_rules, (EXP, TANH, RELU, one(lambda x, n: x**n, lambda x, y, n: x ** (n - 1)), Value),
     "exponent left out"),
    (ask.more_rules, (EXP, TANH, RELU, one(lambda x, n: x**n, lambda x, y, n: 3 * x**2), Value),
     "another exponent"),
    (ask.more_rules, (EXP, TANH, one(lambda x: max(x, 0.0), lambda x, y: 1.0), POWER, Value),
     "passes everything"),
    (ask.more_rules, (EXP, TANH, one(lambda x: max(x, 0.0), lambda x, y: float(x <= 0)), POWER, Value),
     "turned round"),
    (ask.more_rules, (EXP, TANH, one(lambda x: max(x, 0.0), lambda x, y: float(x >= 0)), POWER, Value),
     "slope at 0"),
    (ask.computational_graph, (KeepsTheOld,), "left from the last sweep"),
    (ask.computational_graph, (Overwrites,), "overwritten at a fork"),
    (ask.computational_graph, (NoFirst,), "no signal"),
]  # fmt: skip


def test_a_number_that_forgets_is_told_so():
    assert "forgotten where it came from" in str(ask.grows(lambda x, y: x.data + y.data, MULTIPLY, Value))


def test_an_attribute_with_another_name_is_asked_for_by_name():
    class Other:
        def __init__(self, data, parents=(), local=(), symbol=""):
            self.number = data

    assert "has no data: write self.data = …" in str(ask.a_value(Other))
