"""
mistake: no signal
cell: test_graph
points: 1.2917
"""


# %% graph
class ComputationalGraph:
    def __init__(self, lines):
        self.lines = lines

    def forward(self, inputs):
        self.value = dict(inputs)
        for name, symbol, names in self.lines:
            run, _ = GATES[symbol]
            self.value[name] = run(*(self.value[each] for each in names))
        return self.value[self.lines[-1][0]]

    def backward(self):
        gradient = dict.fromkeys(self.value, 0.0)
        for name, symbol, names in reversed(self.lines):
            _, local = GATES[symbol]
            slopes = local(self.value[name], *(self.value[each] for each in names))
            for parent, slope in zip(names, slopes, strict=True):
                gradient[parent] += gradient[name] * slope
        return gradient


GATES = {  # what a gate does, and its local derivatives
    "+": (lambda a, b: a + b, lambda out, a, b: (1.0, 1.0)),
    "-": (lambda a, b: a - b, lambda out, a, b: (1.0, -1.0)),
    "*": (lambda a, b: a * b, lambda out, a, b: (b, a)),
    "exp": (math.exp, lambda out, a: (out,)),
    "relu": (lambda a: max(a, 0.0), lambda out, a: (float(a > 0),)),
}
