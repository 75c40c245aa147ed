"""
mistake: library used
cell: test_conv
points: 1.3333
"""


# %% conv
def conv(x, W, b, stride, padding):
    _, _, h, w = W.shape
    framed = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    high, wide = (framed.shape[2] - h) // stride + 1, (framed.shape[3] - w) // stride + 1
    scores = np.zeros((len(x), len(W), high, wide))
    for r in range(high):
        for s in range(wide):
            patch = framed[:, :, r * stride : r * stride + h, s * stride : s * stride + w]
            scores[:, :, r, s] = np.tensordot(patch, W, axes=([1, 2, 3], [1, 2, 3])) + b
    return scores


def conv_back(upstream, x, W, stride, padding):
    layer = bp.Convolution(W, np.zeros(len(W)), stride=stride, padding=padding)
    layer.forward(x)
    return layer.backward(upstream), layer.grads["W"], layer.grads["b"]
