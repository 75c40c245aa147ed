"""
mistake: two_fruits has to return two values
cell: test_fruits
points: 0
"""


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    apple_cost, orange_cost, net, bill = Mul(), Mul(), Add(), Mul()
    total = bill.forward(
        net.forward(apple_cost.forward(apple, apples), orange_cost.forward(orange, oranges)), tax
    )
    return total
