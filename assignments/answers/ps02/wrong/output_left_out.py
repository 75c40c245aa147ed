"""
mistake: has to return 4 values: o, dx, dw, dbias
cell: test_neuron
points: 0
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(x @ w + bias)
    dn = upstream * (1 - o**2)
    return dn * w, dn * x, dn
