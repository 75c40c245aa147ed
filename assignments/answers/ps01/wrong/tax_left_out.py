"""
mistake: tax left out
cell: test_fruits
points: 0.4286
"""


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    apple_cost, orange_cost, net = Mul(), Mul(), Add()
    total = net.forward(apple_cost.forward(apple, apples), orange_cost.forward(orange, oranges))
    d_apple_cost, d_orange_cost = net.backward(1.0)
    d_apple, d_apples = apple_cost.backward(d_apple_cost)
    d_orange, d_oranges = orange_cost.backward(d_orange_cost)
    return total, {"apple": d_apple, "apples": d_apples, "orange": d_orange, "oranges": d_oranges, "tax": 1.0}
