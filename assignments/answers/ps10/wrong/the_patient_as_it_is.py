"""
mistake: it only guesses
cell: test_learn
points: 2.8
"""


# %% learn
def learn(x, t, rng):
    return patient(x, t, rng)
