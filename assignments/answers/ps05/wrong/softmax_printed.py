"""
mistake: softmax returned nothing
cell: test_softmax
points: 0.5
"""


# %% softmax
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    print(e / e.sum(axis=1, keepdims=True))
