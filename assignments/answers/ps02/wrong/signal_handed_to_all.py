"""
mistake: other factor left out
cell: test_neuron
points: 1
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(x @ w + bias)
    dn = upstream * (1 - o**2)
    return o, dn * np.ones(len(x)), dn * np.ones(len(x)), dn
