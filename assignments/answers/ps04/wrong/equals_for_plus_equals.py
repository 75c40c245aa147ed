"""
mistake: overwritten at a fork
cell: test_product
points: 1.5
"""


# %% product
def product_backward(dY, X, W):
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    for i, j in np.ndindex(dY.shape):
        for k in range(len(W)):
            dX[i, k] = dY[i, j] * W[k, j]
            dW[k, j] += dY[i, j] * X[i, k]
    return dX, dW
