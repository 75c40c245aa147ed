"""
mistake: numerical derivative
cell: test_staged
points: 0
"""


# %% staged
def staged(x, y, h=1e-5):
    f = lambda x, y: (x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2)
    return f(x, y), (f(x + h, y) - f(x - h, y)) / (2 * h), (f(x, y + h) - f(x, y - h)) / (2 * h)
