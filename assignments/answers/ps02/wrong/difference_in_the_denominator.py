"""
mistake: sign in the denominator
cell: test_staged
points: 0
"""


# %% staged
def staged(x, y):
    sy = sigmoid(y)
    num = x + sy
    sx = sigmoid(x)
    s = x - y
    sq = s**2
    den = sx + sq
    inv = 1 / den
    f = num * inv
    dnum = inv
    dinv = num
    dden = -dinv / den**2
    dsx = dden
    dsq = dden
    ds = dsq * 2 * s
    dx = ds
    dy = ds
    dx += dsx * sx * (1 - sx)
    dx += dnum
    dsy = dnum
    dy += dsy * sy * (1 - sy)
    return f, dx, dy
