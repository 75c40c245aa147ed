"""
mistake: should be a number or an array of numbers; got str
cell: test_wave
points: 0
"""


# %% wave
def wave(x):
    y = 3 * x - 1
    z = y**2
    w = np.exp(-z)
    return f"{w}", f"{-w * 2 * y * 3}"
