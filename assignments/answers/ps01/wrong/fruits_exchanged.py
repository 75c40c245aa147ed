"""
mistake: fruits exchanged
cell: test_fruits
points: 1.2857
"""


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    of_apple, of_orange, both, taxed = Mul(), Mul(), Add(), Mul()
    one, other = of_apple.forward(apple, apples), of_orange.forward(orange, oranges)
    bill = taxed.forward(both.forward(one, other), tax)
    d_both, d_tax = taxed.backward(1.0)
    d_one, d_other = both.backward(d_both)
    d_apple, d_apples = of_apple.backward(d_one)
    d_orange, d_oranges = of_orange.backward(d_other)
    return bill, {
        "apple": d_orange,
        "apples": d_oranges,
        "orange": d_apple,
        "oranges": d_apples,
        "tax": d_tax,
    }
