"""
mistake: layers not used
cell: test_fruits
points: 2.5714
"""


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    net = apple * apples + orange * oranges
    gradients = {
        "apple": apples * tax,
        "apples": apple * tax,
        "orange": oranges * tax,
        "oranges": orange * tax,
    }
    return net * tax, gradients | {"tax": net}
