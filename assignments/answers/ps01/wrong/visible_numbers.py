"""
mistake: raised KeyError
cell: test_wave
points: 1
"""


# %% wave
def wave(x):
    shown = {
        0.7: (0.29819726942988744, -1.9681019782372575),
        -0.2: (0.07730474044329974, 0.7421255082556776),
    }
    return shown[x]
