"""
mistake: another order
cell: test_look
points: 2.5714
"""


# %% look
def look(prepare, pixels, labels, train):
    x, t = prepare(pixels, labels, train)
    if not np.allclose(prepare(pixels[:1], labels[:1], train)[0][0], x[0]):
        return "own statistics"
    if not np.array_equal(t, labels):
        return "labels moved"
    return "fine"
