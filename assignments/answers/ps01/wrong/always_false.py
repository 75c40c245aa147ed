"""
mistake: has to look at a and b
cell: test_agree
points: 0
"""


# %% agree
def agree(a, b, rtol=1e-5):
    return False
