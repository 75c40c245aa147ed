"""
mistake: tanh left out
cell: test_neuron
points: 1.5
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(x @ w + bias)
    dn = upstream * (1 - o**2)
    return x @ w + bias, dn * w, dn * x, dn
