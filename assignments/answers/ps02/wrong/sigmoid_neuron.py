"""
mistake: another function
cell: test_neuron
points: 1.75
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = sigmoid(x @ w + bias)
    dn = upstream * (1 - np.tanh(x @ w + bias) ** 2)
    return o, dn * w, dn * x, dn
