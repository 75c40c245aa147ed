"""
mistake: weights added
cell: test_neuron
points: 0
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(np.sum(x + w) + bias)
    dn = upstream * (1 - o**2)
    return o, dn * w, dn * x, dn
