"""
mistake: centred for own
cell: test_look
points: 2.3571
"""


# %% look
def look(prepare, pixels, labels, train):
    x, t = prepare(pixels, labels, train)
    if not np.array_equal(t, labels):
        return "labels moved"
    if np.allclose(x.mean(axis=0), 0):
        return "own statistics"
    return "fine"
