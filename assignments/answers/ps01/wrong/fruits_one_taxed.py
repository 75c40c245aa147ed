"""
mistake: tax on one fruit
cell: test_fruits
points: 1.2857
"""


# %% fruits
def two_fruits(apple, apples, orange, oranges, tax, Mul, Add):
    of_apple, of_orange, both, taxed = Mul(), Mul(), Add(), Mul()
    one, other = of_apple.forward(apple, apples), of_orange.forward(orange, oranges)
    bill = both.forward(taxed.forward(one, tax), other)
    d_taxed, d_other = both.backward(1.0)
    d_one, d_tax = taxed.backward(d_taxed)
    d_apple, d_apples = of_apple.backward(d_one)
    d_orange, d_oranges = of_orange.backward(d_other)
    return bill, {
        "apple": d_apple,
        "apples": d_apples,
        "orange": d_orange,
        "oranges": d_oranges,
        "tax": d_tax,
    }
