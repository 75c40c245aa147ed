"""Lesson 1: sensitivities, three links of a chain, circuits and the shop."""

import numpy as np

from ...check.compare import Mistake, compare
from ...graph.derivatives import grad
from ...graph.numerical import numerical_gradient
from ..exercise import question


@question(
    "The bill when one apple gets dearer by 1",
    "How many apples are bought? Each of them gets dearer.",
    "The tax is taken on the higher price too.",
    "Two apples, each 1 dearer, and 10 % tax on both.",
)
def dearer_apple(rise):
    yield compare(
        "rise",
        rise,
        grad(lambda apple: apple * 2 * 1.1)(100),
        [
            Mistake(
                "one apple only",
                "the bill contains the apple price more than once, and tax comes on top",
                1.0,
            ),
            Mistake("tax left out", "right about the apples; now think of the tax on what they cost", 2.0),
            Mistake("count left out", "right about the tax; now think of how many apples are bought", 1.1),
            Mistake("the new bill", "asked is how much the bill rises, not how high it gets", 222.2),
        ],
        show=False,
    )


@question(
    "Three links of a chain at x = 0.5",
    "First the values: y = 2x + 1, then z = y². Each local derivative is taken at what enters its function.",
    "f'(x) does not depend on x at all. g'(y) = 2y with the y you found. s'(z) = cos z, with z in radians.",
    "y = 2 and z = 4. The product of the three local derivatives is the slope of the whole chain.",
)
def three_links(f_slope, g_slope, s_slope, product):
    x = 0.5
    y, z = 2 * x + 1, (2 * x + 1) ** 2
    slopes = [
        ("f_slope", f_slope, lambda x: 2 * x + 1, x),
        ("g_slope", g_slope, lambda y: y**2, y),
        ("s_slope", s_slope, np.sin, z),
    ]
    for name, yours, link, at in slopes:
        yield compare(name, yours, grad(link)(at), _wrong_links(link, x, z), rtol=1e-3, show=False)
    wanted = grad(lambda x: np.sin((2 * x + 1) ** 2))(x)
    links = [grad(link)(at) for _, _, link, at in slopes]
    yield compare(
        "product",
        product,
        wanted,
        [
            Mistake("added", "sensitivities in a row multiply; only at a fork do they add", sum(links)),
            Mistake(
                "inner factor forgotten", "the slope of 2x + 1 belongs to the product too", wanted / links[0]
            ),
            Mistake("last link only", "that is the local derivative of the sine alone", links[-1]),
        ],
        rtol=1e-3,
        show=False,
    )


def _wrong_links(link, x, z):
    advice = "this local derivative is taken at x; which value enters this function?"
    yield Mistake("taken at x", advice, grad(link)(x))
    degrees = np.cos(np.radians(z))
    yield Mistake("degrees", "the angle of sin and cos is in radians: set the calculator to rad", degrees)


@question(
    "A signal E on its way back through y = x²",
    "The gate multiplies what arrives by its local derivative.",
    "The local derivative of x² is 2x. What arrives is E.",
    "return E times 2 times x",
)
def signal_through_a_square(back):
    for seed in range(3):
        E, x = np.random.default_rng(seed).normal(size=2).round(2)
        slope = numerical_gradient(lambda x: x * x, float(x))
        yield compare(
            f"back_through_square({E:.2f}, {x:.2f})",
            back(float(E), float(x)),
            E * slope,
            [
                Mistake(
                    "upstream ignored", "this is the local derivative alone; E must be in the product", slope
                ),
                Mistake("upstream added", "E and the local derivative are multiplied, not added", E + slope),
                Mistake(
                    "value for derivative", "multiply by the derivative of x², not by x² itself", E * x * x
                ),
                Mistake("local derivative left out", "E has been passed on unchanged", E),
                Mistake("factor 2", "the derivative of x² has a factor 2", E * x),
            ],
        )


@question(
    "The gradients of (x + y) z at x = 3, y = −1, z = 5",
    "Draw the graph: q = x + y first, then f = q z. Start at the right with the signal 1.",
    "The gate × sends each input the other input's value. What are q and z here?",
    "q = 2. The gate × sends z = 5 to q and q = 2 to z; the gate + lets its signal through to both sides.",
)
def circuit(dx, dy, dz):
    x, y, z = 3.0, -1.0, 5.0
    wanted = grad(lambda x, y, z: (x + y) * z)(x, y, z)
    for name, yours, right, local in zip(
        ("dx", "dy", "dz"), (dx, dy, dz), wanted, (1.0, 1.0, None), strict=True
    ):
        yield compare(name, yours, right, _circuit_mistakes(name, local, wanted), rtol=1e-3, show=False)


def _circuit_mistakes(name, local, wanted):
    if local is not None:
        advice = "1 is the local derivative of the gate +; the signal that arrives there is not 1"
        yield Mistake("upstream ignored", advice, local)
        yield Mistake("inputs swapped", "this is what × sends to its other side", wanted[2])
    else:
        yield Mistake("inputs swapped", "× sends to each input the value of the other one", wanted[0])
    yield Mistake("values for gradients", f"{name} is a sensitivity, not the value of f", 10.0)


@question(
    "The basket: one more orange, one more unit of tax factor",
    "One more orange adds its price to the cost before tax. What does the tax gate do with that?",
    "The gate × sends the tax factor everything that stands on its other side: the cost before tax.",
    "An orange costs 150, the tax factor is 1.1, and the cost before tax is 2 · 100 + 3 · 150.",
)
def two_fruits(d_oranges, d_tax):
    def bill(apple, apples, orange, oranges, tax):
        return (apple * apples + orange * oranges) * tax

    _, _, _, oranges, tax = grad(bill)(100, 2, 150, 3, 1.1)
    yield compare(
        "d_oranges",
        d_oranges,
        oranges,
        [
            Mistake("upstream ignored", "the signal that comes from the tax gate is not 1", 150.0),
            Mistake("inputs swapped", "this is the gradient of the orange price", 3.3),
            Mistake("all oranges", "asked is one orange more, not all three", 495.0),
        ],
        rtol=1e-3,
        show=False,
    )
    yield compare(
        "d_tax",
        d_tax,
        tax,
        [
            Mistake(
                "the bill itself",
                "that is the bill; its sensitivity to the tax factor is another number",
                715.0,
            ),
            Mistake("one fruit only", "the tax is taken on both fruits", 450.0),
            Mistake("one fruit only", "the tax is taken on both fruits", 200.0),
            Mistake("per cent", "per unit of the factor: from 1.1 to 2.1, not from 10 % to 11 %", 6.5),
        ],
        rtol=1e-3,
        show=False,
    )


@question(
    "What the gradient of 10⁶ weights costs",
    "A central difference looks to both sides of each weight, and to one weight at a time.",
    "Two forward passes for each weight. A backward sweep leaves a gradient at every input.",
    "2 · 10⁶ forward passes; and a single sweep is enough, however many weights there are.",
)
def cost(forward_passes, backward_sweeps):
    yield compare(
        "forward_passes",
        forward_passes,
        2e6,
        [
            *(
                Mistake("forward difference", "a central difference looks to both sides", 1e6 + k)
                for k in (0, 1)
            ),
            Mistake("one input only", "that is the price for a single weight", 2),
        ],
        show=False,
    )
    yield compare(
        "backward_sweeps",
        backward_sweeps,
        1,
        [Mistake("one sweep each", "a sweep leaves a gradient at every weight, not at one", 1e6)],
        show=False,
    )
