"""
mistake: first signal not 1
cell: test_fruits
points: 0.8571
"""


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    m1, m2, m3, a = Mul(), Mul(), Mul(), Add()
    p = m1.forward(apple, apples)
    q = m2.forward(orange, oranges)
    s = a.forward(p, q)
    bill = m3.forward(s, tax)
    ds, dtax = m3.backward(tax)
    dp, dq = a.backward(ds)
    da, dn = m1.backward(dp)
    do, dm = m2.backward(dq)
    return bill, dict(apple=da, apples=dn, orange=do, oranges=dm, tax=dtax)
