"""
mistake: one matrix for all
cell: test_begin
points: 2.75
"""


# %% begin
def begin(sizes, activation, rng):
    share = 2 if activation == "relu" else 1
    drawn = rng.normal(size=(max(sizes), max(sizes)))
    return [(drawn[:n, :m] * np.sqrt(share / n), np.zeros(m)) for n, m in zip(sizes[:-1], sizes[1:])]
