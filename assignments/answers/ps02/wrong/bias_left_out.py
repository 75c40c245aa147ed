"""
mistake: bias left out
cell: test_neuron
points: 1.5
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(x @ w)
    dn = upstream * (1 - np.tanh(x @ w + bias) ** 2)
    return o, dn * w, dn * x, dn
