"""
mistake: wave has to return two values
cell: test_wave
points: 0
"""


# %% wave
def wave(x):
    y = 3 * x - 1
    z = y**2
    w = np.exp(-z)
    return -w * 2 * y * 3
