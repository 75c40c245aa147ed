"""
mistake: value for derivative
cell: test_neuron
points: 1.5
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(x @ w + bias)
    dn = upstream * (1 - o**2)
    return o, dn * w, dn * x, dn * bias
