"""Lesson 3: signals for whole vectors, small Jacobians, both products with them, and their size."""

import numpy as np

from ...check.compare import Mistake, compare
from ...graph.jacobians import jacobian, jacobian_size
from ...graph.numerical import numerical_gradient
from ..exercise import question


@question(
    "What comes back through the relu",
    "Each input has an output of its own. Which of them did the relu let through?",
    "A nudge of the −2 does not move its output, so it cannot move the loss.",
    "Where x is above 0 the upstream goes back as it is, and elsewhere nothing does.",
)
def first_relu(guess):
    x, upstream = np.array([1.0, -2.0, 3.0, -1.0]), np.array([4.0, -1.0, 5.0, 9.0])
    yield compare("guess", guess, back_through_relu(x, upstream), slips_of_relu(x, upstream), show=False)


@question(
    "Back through another relu",
    "Look at x first: which entries did the relu let through?",
    "An open entry lets its whole upstream through, whatever the sign of it.",
    "The second and the third entry of x are above 0. Their upstreams go back, the others become 0.",
)
def relu(back):
    x, upstream = np.array([-3.0, 2.0, 0.5, -1.0]), np.array([2.0, -4.0, 3.0, -6.0])
    yield compare("back", back, back_through_relu(x, upstream), slips_of_relu(x, upstream), show=False)


def back_through_relu(x, upstream):
    return numerical_gradient(lambda x: float(np.sum(upstream * np.maximum(x, 0))), x)


def slips_of_relu(x, upstream):
    passed = np.where(x > 0, 1.0, 0.0)
    by_upstream = "what counts is the sign of x, since x is what the relu saw; a signal may be negative"
    everywhere = "where the relu stopped x, a nudge of x does not reach the loss"
    yield Mistake("cut by the upstream", by_upstream, np.where(upstream > 0, upstream, 0))
    yield Mistake("cut by both", by_upstream, np.where(upstream > 0, upstream * passed, 0))
    yield Mistake("passed on everywhere", everywhere, upstream)
    yield Mistake("upstream ignored", "these are the local derivatives; multiply by the upstream", passed)
    yield Mistake("value for slope", "x times upstream: but the slope of an open relu is 1", upstream * x)
    yield Mistake("value for slope", "y times upstream: the slope is asked, not y", upstream * passed * x)
    yield Mistake("value for signal", "that is y, on the way forward; asked is what comes back", passed * x)
    yield Mistake("inverted", "the right numbers at the wrong places", upstream * (1 - passed))


@question(
    "The Jacobian of (x₀ x₁, x₁ x₂)",
    "A row for each output and a column for each input: two rows, three columns.",
    "The first row holds the slopes of x₀ x₁ along x₀, x₁ and x₂. The last of them is 0.",
    "First row x₁, x₀, 0; second row 0, x₂, x₁. Put in x = (2, 3, −1).",
)
def small_jacobian(J):
    x = np.array([2.0, 3.0, -1.0])
    rows = [lambda x: float(x[0] * x[1]), lambda x: float(x[1] * x[2])]
    wanted = np.array([numerical_gradient(row, x) for row in rows])
    uses = wanted != 0
    mistakes = [
        Mistake("transposed", "rows are outputs and columns are inputs", wanted.T),
        Mistake("values for slopes", "each entry is a slope: what is left of x₀ x₁ when x₀ is nudged?",
                uses * np.array([[6.0], [-3.0]])),
        Mistake("own input", "a product is as steep along one factor as the other factor is large", uses * x),
        Mistake("ones and zeros", "where an input has an effect is right; now say how strong it is", uses),
        Mistake("summed up", "this is one row; each output has a row of its own", wanted.sum(axis=0)),
    ]  # fmt: skip
    yield compare("J", J, wanted, mistakes, show=False)


@question(
    "A signal back, and a movement forth",
    "Which of the two lives at the outputs, one number for each row of J? That one needs the transpose.",
    "Back: each column of J times v, added up. Forth: each row of J times t, added up.",
    "back = (2 · 5 + (−3) · (−1), 1 · 5 + 4 · (−1)) and forth = (2 · 1 + 1 · 2, −3 · 1 + 4 · 2)",
)
def two_products(back, forth):
    J, v, t = np.array([[2.0, 1.0], [-3.0, 4.0]]), np.array([5.0, -1.0]), np.array([1.0, 2.0])
    other_way = {
        "back": "that is J times v; v has a number for each output, and rows are outputs",
        "forth": "that is Jᵀ times t; t has a number for each input, and columns are inputs",
    }
    for name, yours, M, u in (("back", back, J.T, v), ("forth", forth, J, t)):
        mistakes = [
            Mistake("J and Jᵀ exchanged", other_way[name], M.T @ u),
            Mistake("only the diagonal", "every output depends on both inputs", np.diag(M) * u),
            Mistake("signal left out", "this is what J alone adds up to", M.sum(axis=1)),
            Mistake("not added up", "four products, and two of them belong to each entry", M * u),
        ]
        yield compare(name, yours, M @ u, mistakes, show=False)


@question(
    "Softmax with the shares (0.1, 0.3, 0.6)",
    "Everything follows from the shares: J[i, j] = y[i] ([i = j] − y[j]).",
    "On the diagonal y (1 − y), beside it minus the product of two shares.",
    "J[1, 1] = 0.3 · 0.7 and J[1, 2] = −0.3 · 0.6. v picks the first output: back is the first row of J.",
)
def softmax(on, beside, back):
    y, v = np.array([0.1, 0.3, 0.6]), np.array([1.0, 0.0, 0.0])
    J = np.array([numerical_gradient(lambda x, i=i: _softmax(x)[i], np.log(y)) for i in range(3)])
    losing = "the shares add up to 1: when one score rises, what must the others do?"
    yield compare(
        "on",
        on,
        J[1, 1],
        [
            Mistake("share for slope", "this is the share itself; how fast does it move?", y[1]),
            Mistake("another entry", "counting from 0, index 1 belongs to the share 0.3", y[0] * (1 - y[0])),
            Mistake("own share left out", "a share moves in proportion to its own size too", 1 - y[1]),
            Mistake("sign", "a share grows with its own score", -J[1, 1]),
        ],
        show=False,
    )
    yield compare(
        "beside",
        beside,
        J[1, 2],
        [
            Mistake("always diagonal", losing, 0),
            Mistake("sign", losing, -J[1, 2]),
            Mistake("another entry", "counting from 0, these are the shares 0.3 and 0.6", -y[0] * y[1]),
            Mistake("slope at the other", "y (1 − y) stands on the diagonal only", y[1] * (1 - y[2])),
        ],
        show=False,
    )
    yield compare(
        "back",
        back,
        J.T @ v,
        [
            Mistake("always diagonal", losing, np.diag(J) * v),
            Mistake("average left out", "subtract from v its average, weighted by the shares", y * v),
            Mistake("own share left out", "each difference is multiplied by a share", v - y @ v),
        ],
        show=False,
    )


def _softmax(x):
    return np.exp(x) / np.exp(x).sum()


@question(
    "The Jacobian of one layer, in GiB",
    "How many numbers does the relu take in, for the whole batch? As many come out.",
    "409 600 inputs and as many outputs. J has an entry for each pair.",
    "409 600 · 409 600 entries of 4 bytes each; a GiB has 1024 · 1024 · 1024 bytes.",
)
def gibibytes(guess):
    GiB, numbers = 2.0**30, 100 * 4096
    wanted = jacobian_size((100, 4096), (100, 4096), np.float32).bytes / GiB
    mistakes = [
        Mistake("one sample", "that is J for a single sample, not for a hundred", 4 * 4096**2 / GiB),
        Mistake("a J for each sample", "one J for each sample leaves out all pairs across samples: J has"
                " an entry for every output and every input of the batch", 100 * 4 * 4096**2 / GiB),
        Mistake("the inputs alone", "that is what the inputs take; J has an entry for each pair",
                4 * numbers / GiB),
        Mistake("entries for bytes", "a float32 takes 4 bytes", wanted / 4),
        Mistake("float64", "right for float64; in float32 a number takes 4 bytes", 2 * wanted),
        Mistake("GB for GiB", "that is in units of 1000³ bytes; a GiB has 1024³", wanted * GiB / 1e9),
    ]  # fmt: skip
    yield compare("guess", guess, wanted, mistakes, rtol=5e-3, show=False)


@question(
    "The Jacobian of a relu on a batch of 10 samples with 20 entries",
    "200 numbers go in and 200 come out.",
    "J has 200 rows and 200 columns. Each output depends on one input only.",
    "200 · 200 entries, of which the 200 on the diagonal may be other than 0; 4 bytes each.",
)
def sizes(entries, not_zero, size_in_bytes):
    size = jacobian_size((10, 20), (10, 20), np.float32)
    yield compare("entries", entries, size.entries, list(_miscounted(1)), show=False)
    away_from_kinks = np.random.default_rng(3).uniform(1, 2, (10, 20))
    J = jacobian(lambda x: np.maximum(x, 0), away_from_kinks)
    mistakes = [
        Mistake("full", "can the first output feel the second input at all?", size.entries),
        Mistake("one sample", "each of the ten samples has its own", 20),
        Mistake("blocks", "within a sample too, each output looks at one input only", 10 * 20**2),
    ]
    yield compare("not_zero", not_zero, np.count_nonzero(J), mistakes, show=False)
    mistakes = [
        *_miscounted(size.itemsize),
        Mistake("entries for bytes", "a float32 takes 4 bytes", size.entries),
        Mistake("float64", "in float32 a number takes 4 bytes", size.entries * 8),
    ]
    yield compare("size_in_bytes", size_in_bytes, size.bytes, mistakes, show=False)


def _miscounted(itemsize):
    alone = "J has an entry for every pair of an output and an input"
    across = "outputs of one sample and inputs of another are pairs too"
    yield Mistake("one sample", "that is J for a single sample; this one has all ten", 20**2 * itemsize)
    yield Mistake("a J for each sample", across, 10 * 20**2 * itemsize)
    yield Mistake("the inputs alone", alone, 200 * itemsize)


@question(
    "f = ‖Wx‖² with other numbers",
    "Forward first: q = Wx. Then the signal at q, which is 2q.",
    "dW[i, j] = signal[i] · x[j]. And dx[j] adds up signal[i] · W[i, j] over i: the columns of W.",
    "q = (4, 5) and the signal is (8, 10). dx = (8 · 2 + 10 · (−1), 8 · 1 + 10 · 3).",
)
def squared_length(dW, dx):
    W, x = np.array([[2.0, 1.0], [-1.0, 3.0]]), np.array([1.0, 2.0])
    yield from gradients_of_squared_length(W, x, dW, dx, show=False)


def gradients_of_squared_length(W, x, dW, dx, compare=compare, **options):
    """Findings about the two gradients of ‖Wx‖², judged by nudging; compare makes them."""
    wanted_W, wanted_x = numerical_gradient(lambda W, x: float(np.sum((W @ x) ** 2)), (W, x))
    q = W @ x
    two = "the square brings a factor 2"
    mistakes = [
        Mistake("transposed", "a row of dW for each row of W: the signal runs down, x across", wanted_W.T),
        Mistake("factor 2", two, wanted_W / 2),
        Mistake("signal for x", "W multiplies x, so x belongs into its gradient", np.outer(2 * q, q)),
        Mistake("upstream ignored", "each row has to be multiplied by its signal", np.array([x] * len(W))),
        another_shape(wanted_W),
    ]
    yield compare("dW", dW, wanted_W, mistakes, **options)
    mistakes = [
        *_square_only(W, q),
        Mistake("factor 2", two, wanted_x / 2),
        Mistake("upstream ignored", "these are sums of W alone; the signal belongs in them", W.sum(axis=0)),
        Mistake("stopped at q", "this is the signal at q; one more gate, and you are at x", 2 * q),
        another_shape(wanted_x),
    ]
    yield compare("dx", dx, wanted_x, mistakes, **options)


def _square_only(W, q):
    if W.shape[0] == W.shape[1]:
        advice = "that is W times the signal; which entries of W does x[0] meet?"
        yield Mistake("W for Wᵀ", advice, W @ (2 * q))


def another_shape(wanted, rule="a gradient has the shape of its variable"):
    """The right numbers, in an array of another shape."""
    advice = f"the right numbers in another shape: {rule}"
    return Mistake("another shape", advice, lambda yours: _like(wanted, yours))


def _like(wanted, yours):
    return wanted.reshape(yours.shape) if yours.size == wanted.size else wanted
