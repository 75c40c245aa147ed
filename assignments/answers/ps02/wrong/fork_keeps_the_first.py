"""
mistake: overwritten at a fork
cell: test_staged
points: 1
"""


# %% staged
def staged(x, y):
    sig_y = sigmoid(y)
    num = x + sig_y
    sig_x = sigmoid(x)
    total = x + y
    den = sig_x + total**2
    inv = 1 / den
    f = num * inv
    d_num, d_inv = inv, num
    d_den = d_inv * -(inv**2)
    d_total = d_den * 2 * total
    dx = dy = d_total
    return f, dx, dy
