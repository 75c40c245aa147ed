"""
mistake: taken at the sum
cell: test_neuron
points: 0.5
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(x @ w + bias)
    dn = upstream * (1 - (x @ w + bias) ** 2)
    return o, dn * w, dn * x, dn
