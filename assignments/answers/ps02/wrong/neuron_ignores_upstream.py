"""
mistake: upstream ignored
cell: test_neuron
points: 0.5
"""


# %% neuron
def neuron(x, w, bias, upstream):
    o = np.tanh(x @ w + bias)
    dn = 1 - o**2
    return o, dn * w, dn * x, dn
