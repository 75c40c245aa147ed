"""
mistake: σ taken twice
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
    dx += d_den * sigmoid(sig_x) * (1 - sigmoid(sig_x))
    dx += d_num
    dy += d_num * sigmoid(sig_y) * (1 - sigmoid(sig_y))
    return f, dx, dy
