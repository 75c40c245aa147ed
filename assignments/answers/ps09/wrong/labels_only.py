"""
mistake: statistics overlooked
cell: test_look
points: 2.1429
"""


# %% look
def look(prepare, pixels, labels, train):
    x, t = prepare(pixels, labels, train)
    if not np.array_equal(t, labels):
        return "labels moved"
    return "fine"
