"""
mistake: library used
cell: test_slide
points: 1
"""


# %% slide
def slide(x, w, stride):
    count = (len(x) - len(w)) // stride + 1
    return np.array([np.dot(w, x[place * stride : place * stride + len(w)]) for place in range(count)])


def slide_back(upstream, x, w, stride):
    layer = bp.Convolution(w[None, None], np.zeros(1), stride=stride)
    layer.forward(x[None, None])
    return layer.backward(upstream[None, None])[0, 0], layer.grads["W"][0, 0]
