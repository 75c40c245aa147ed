"""
mistake: wave returned nothing
cell: test_wave
points: 0
"""


# %% wave
def wave(x):
    y = 3 * x - 1
    z = y**2
    w = np.exp(-z)
    print(w, -w * 2 * y * 3)
