"""
mistake: library used
cell: test_graph
points: 0
"""


# %% graph
class ComputationalGraph:
    GATES = {"+": bp.add, "-": bp.subtract, "*": bp.multiply, "exp": bp.exp, "relu": bp.relu}

    def __init__(self, lines):
        self.lines = lines

    def forward(self, inputs):
        self.node = {name: bp.Node(float(number), name) for name, number in inputs.items()}
        self.inputs = list(inputs)
        for name, symbol, names in self.lines:
            self.node[name] = bp.apply(self.GATES[symbol], *(self.node[each] for each in names), name=name)
        return self.node[name].value

    def backward(self):
        last = self.node[self.lines[-1][0]]
        found = {step.node.name: step.upstream for step in bp.backward_pass(last)}
        return dict.fromkeys(self.node, 0.0) | found
