"""
mistake: the exponent is −z
cell: test_wave
points: 0
"""


# %% wave
def wave(x):
    y = 3 * x - 1
    w = np.exp(y**2)
    return w, w * 2 * y * 3
