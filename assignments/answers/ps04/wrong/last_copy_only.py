"""
mistake: one copy only
cell: test_unbroadcast
points: 0.2143
"""


# %% unbroadcast
def unbroadcast(gradient, shape):
    answer = np.zeros(shape)
    places = np.broadcast_to(np.arange(answer.size).reshape(shape), gradient.shape)
    answer.flat[places.ravel()] = gradient.ravel()
    return answer
