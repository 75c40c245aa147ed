"""
mistake: x ignored
cell: test_wave
points: 0.5
"""


# %% wave
def wave(x):
    return 0.29819726942988744, -1.9681019782372575
