"""
mistake: has changed an array
cell: test_neuron
points: 0
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(x @ w + bias)
    dn = upstream * (1 - o**2)
    dw = dn * x
    w *= dn
    return o, w, dw, dn
