"""
mistake: first label only
cell: test_look
points: 2.3571
"""


# %% look
def look(prepare, pixels, labels, train):
    x, t = prepare(pixels, labels, train)
    if t[0] != labels[0]:
        return "labels moved"
    if not np.allclose(prepare(pixels[:1], labels[:1], train)[0][0], x[0]):
        return "own statistics"
    return "fine"
