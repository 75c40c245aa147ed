"""
mistake: numerical derivative
cell: test_wave
points: 0
"""


# %% wave
def wave(x, h=1e-5):
    w = lambda x: np.exp(-((3 * x - 1) ** 2))
    return w(x), (w(x + h) - w(x - h)) / (2 * h)
