"""
mistake: backward needs a forward pass before it
cell: test_fruits
points: 0
"""


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    apple_cost, orange_cost, net, bill = Mul(), Mul(), Add(), Mul()
    total = bill.forward(
        net.forward(apple_cost.forward(apple, apples), orange_cost.forward(orange, oranges)), tax
    )

    d_net, d_tax = Mul().backward(1.0)
    d_apple_cost, d_orange_cost = net.backward(d_net)
    d_apple, d_apples = apple_cost.backward(d_apple_cost)
    d_orange, d_oranges = orange_cost.backward(d_orange_cost)

    return total, {
        "apple": d_apple,
        "apples": d_apples,
        "orange": d_orange,
        "oranges": d_oranges,
        "tax": d_tax,
    }
