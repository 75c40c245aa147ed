"""
mistake: one row only
cell: test_look
points: 2.7857
"""


# %% look
def look(prepare, pixels, labels, train):
    x, t = prepare(pixels, labels, train)
    if not np.array_equal(t, labels):
        return "labels moved"
    alone, _ = prepare(pixels[[0]], labels[[0]], train)
    return "fine" if np.allclose(alone[0], x[0]) else "own statistics"
