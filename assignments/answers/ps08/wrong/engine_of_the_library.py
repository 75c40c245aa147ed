"""
mistake: library used
cell: test_engine
points: 0
"""


# %% engine
class Value(bp.Node):
    __slots__ = ("grad",)

    def __init__(self, data):
        super().__init__(float(data))
        self.grad = 0.0

    @property
    def data(self):
        return self.value

    def backward(self):
        for step in bp.backward_pass(self):
            step.node.grad = step.upstream
