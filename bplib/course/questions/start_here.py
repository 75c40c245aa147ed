"""Lesson 0: two harmless questions, to learn how a check speaks."""

from ...check.compare import Mistake, compare
from ...graph.numerical import numerical_gradient
from ..exercise import question


@question(
    "The shape of X @ W",
    "In a matrix product the inner sizes meet and vanish.",
    "(32, 784) @ (784, 50): the two 784 are the inner sizes.",
    "What is left is the first size of X and the last size of W.",
)
def shape_of_a_product(rows, columns):
    inner = Mistake("inner size", "this size is summed over, so it does not appear in the result", 784)
    swapped = Mistake("rows and columns swapped", "rows come first, and they are the rows of X", 50)
    yield compare("rows", rows, 32, [inner, swapped], show=False)
    swapped = Mistake("rows and columns swapped", "columns come last, and they are the columns of W", 32)
    yield compare("columns", columns, 50, [inner, swapped], show=False)


@question(
    "The slope of x² at three points",
    "Nudge it in your head: from x = 3 to x = 3.01, x² goes from 9 to 9.0601. That is a slope of about 6.",
    "At x = 3 the slope is 6, at x = 5 it is 10. What does x have to be multiplied by?",
    "The derivative of x² is 2x.",
)
def slope(slope_of_square):
    for x in (3.0, -1.5, 5.0):
        measured = numerical_gradient(lambda x: x * x, x)
        mistakes = [
            Mistake("factor 2", "the derivative of x² has a factor 2", x),
            Mistake("value for derivative", "this is x² itself; asked is how fast it changes", x * x),
            Mistake("constant", "the slope of x² is not the same everywhere", 2.0),
        ]
        yield compare(f"slope_of_square({x:g})", slope_of_square(x), measured, mistakes)
