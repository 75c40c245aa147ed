"""
mistake: library used
cell: test_neuron
points: 0
"""

# %% neuron
import bplib as bp


def neuron(x, w, bias, upstream):
    trace = bp.record(lambda x, w, bias: bp.tanh(x @ w + bias), upstream=upstream, x=x, w=w, bias=bias)
    return trace.output, *(trace.gradient[name] for name in ("x", "w", "bias"))
