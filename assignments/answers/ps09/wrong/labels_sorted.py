"""
mistake: labels counted
cell: test_look
points: 1.7143
"""


# %% look
def look(prepare, pixels, labels, train):
    x, t = prepare(pixels, labels, train)
    if sorted(t) != sorted(labels):
        return "labels moved"
    if not np.allclose(prepare(pixels[:1], labels[:1], train)[0][0], x[0]):
        return "own statistics"
    return "fine"
