"""
mistake: labels overlooked
cell: test_look
points: 1.5
"""


# %% look
def look(prepare, pixels, labels, train):
    x, t = prepare(pixels, labels, train)
    if not np.allclose(prepare(pixels[:1], labels[:1], train)[0][0], x[0]):
        return "own statistics"
    return "fine"
