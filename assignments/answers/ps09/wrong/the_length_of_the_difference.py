"""
mistake: length of the difference
cell: test_gradient
points: 3.6923
"""


# %% gradient
def wrong_gradients(loss, gradient, params, x, t):
    given, wrong = gradient(params, x, t), []
    for name, array in params.items():
        yours, measured = given[name], np.zeros(array.shape)
        for k in np.ndindex(array.shape):
            was = array[k]
            array[k] = was + 1e-5
            up = loss(params, x, t)
            array[k] = was - 1e-5
            measured[k] = (up - loss(params, x, t)) / 2e-5
            array[k] = was
        if np.linalg.norm(yours - measured) > 1e-3 * np.linalg.norm(measured):
            wrong.append(name)
    return wrong
