"""Assignment 3: how the answers are judged, by nudging, by shapes, and by the memory that they take."""

from functools import partial
from itertools import product
from math import prod

import numpy as np

from ...check.compare import Mistake
from ...check.report import Finding
from ...graph.numerical import numerical_gradient
from ..exercise import Unusable
from ..watch import watching
from .common import and_then, compared, in_numpy, in_pairs, leaves_alone, returned, tell_apart, whole
from .vector_jacobians import (
    another_shape,
    back_through_relu,
    gradients_of_squared_length,
    slips_of_relu,
)


def _forms_no_jacobian(function, upstream, x, entries):
    """Stays below a twentieth of what J, with so many entries, would take in float64."""
    with watching(memory=True) as seen:
        returned(function(upstream.copy(), x.copy()), "the function")
    says = f"took {seen.peak / upstream.nbytes:.0f} times the memory of upstream"
    if seen.peak < entries * 8 / 20:
        return Finding("memory", True, says)
    return Finding("memory", False, says, *_FORMED)


_FORMED = (
    "J formed",
    "somewhere a table of size × size numbers is made: what does its product with upstream come to?",
)


# ------------------------------------------------------------------------- task 1: a Jacobian by nudging


class _Mixed:
    """y = A x³ + c (Σx)², m outputs and n inputs, whose differences are known exactly.

    The last term ties the inputs together: one that stays nudged spoils the columns of the others.
    """

    def __init__(self, m, n, seed):
        rng = np.random.default_rng((m, n, seed))
        self.A, self.c = rng.uniform(1, 2, (m, n)), rng.uniform(1, 2, m)
        self.x = rng.uniform(0.5, 2, n)

    def __call__(self, x):
        return self.A @ x**3 + self.c * np.sum(x) ** 2

    def one_sided(self, h):
        """(f(x + h eⱼ) − f(x)) / h in column j; to the left with a negative h, J itself with h = 0."""
        x = self.x
        return self.A * (3 * x**2 + 3 * x * h + h**2) + np.outer(self.c, 2 * x.sum() + h + 0 * x)

    def central(self, h):
        return (self.one_sided(h) + self.one_sided(-h)) / 2


@in_numpy("nudged_jacobian: a row for each output, a column for each input", parts=2)
def nudged_jacobian(nudged_jacobian, seed=0, sizes=((3, 3), (4, 2))):
    h = 0.01
    for m, n in sizes:
        f = _Mixed(m, n, seed)
        yours = returned(nudged_jacobian(f, f.x.copy(), h=h), "nudged_jacobian")
        yield compared(
            f"J for {m} outputs, {n} inputs",
            yours,
            f.central(h),
            _slips(f, h),
            rtol=1e-7,
            step=h,
            values=_other_nudges(f, h),
        )


def _slips(f, h):
    right = f.central(h)
    yield Mistake("transposed", "rows are outputs: nudging one input tells a column", right.T)
    one_side = "this looks to one side of x only; the central difference looks to both"
    stays = "put an entry back before the next one is nudged"
    nudged_before = np.outer(f.c, np.arange(len(f.x)))
    for side in (h, -h):
        yield Mistake("forward difference", one_side, f.one_sided(side))
        yield Mistake("x not restored", stays, right + 2 * side * nudged_before)
    yield Mistake("h ignored", "the nudge has to be the argument h", f.one_sided(0))
    yield Mistake("divided by h", "how far apart are the two points at which f is taken?", 2 * right)
    yield Mistake("not divided", "a slope is a difference for each unit of the way", 2 * h * right)
    yield Mistake("sign", "the slopes have the right size and the opposite sign", -right)
    yield Mistake("summed over the outputs", "each output has slopes of its own, in a row", right.sum(axis=0))
    yield Mistake("all nudged at once", "nudge one input, leave the others alone", _all_at_once(f, h))


def _other_nudges(f, h):
    """Tables that come out when inputs are nudged otherwise, or the two values are put together otherwise."""
    steps = h * np.eye(len(f.x))
    growing = np.cumsum(steps, axis=0)
    up, down = (np.array([f(f.x + side * e) for e in steps]).T for side in (1, -1))
    on, back = (np.array([f(f.x + side * e) for e in growing]).T for side in (1, -1))
    return {
        "the sum of the two values for their difference": (up + down) / (2 * h),
        "a nudge that is added to the ones before": (on - back) / (2 * h),
        "all inputs nudged in every column": np.tile(_all_at_once(f, h)[:, np.newaxis], len(f.x)),
        "a nudge by a share of each input": f.central(h * f.x) * f.x,
    }


def _all_at_once(f, h):
    return (f(f.x + h) - f(f.x - h)) / (2 * h)


@in_numpy("nudged_jacobian: x after the call")
def nudged_jacobian_leaves_x(nudged_jacobian, seed=0):
    f = _Mixed(3, 12, seed)
    yield leaves_alone(lambda x: returned(nudged_jacobian(f, x), "nudged_jacobian"), f.x)


# -------------------------------------------------------------------------------- task 2: two products


@in_numpy("pull_back: Jᵀv in the shape of x", parts=2)
def pull_back(pull_back, seed=0, shapes=(((3,), (3,)), ((2,), (4,)))):
    J, v, _ = _jacobian_with_vectors(seed, *shapes[0])
    yield from and_then(_pulled_back(pull_back, seed, shapes), lambda: [leaves_alone(pull_back, J, v)])


def _pulled_back(pull_back, seed, shapes):
    for y_shape, x_shape in shapes:
        J, v, _ = _jacobian_with_vectors(seed, y_shape, x_shape)
        wanted = np.einsum("ij,i->j", _matrix(J, y_shape), v.ravel()).reshape(x_shape)
        yours = returned(pull_back(J.copy(), v.copy()), "pull_back")
        mistakes = [
            *_slips_of_a_product(_matrix(J, y_shape).T, v, wanted, "v lives at the outputs, the rows of J"),
            another_shape(wanted),
            _axes_left_over(wanted),
        ]
        other = _other_products(_matrix(J, y_shape).T, v, wanted)
        yield compared(f"y {y_shape}, x {x_shape}", yours, wanted, mistakes, values=other)


@in_numpy("push_forward: J t in the shape of y", parts=2)
def push_forward(push_forward, seed=0, shapes=(((3,), (3,)), ((2,), (4,)))):
    J, _, t = _jacobian_with_vectors(seed, *shapes[0])
    yield from and_then(
        _pushed_forward(push_forward, seed, shapes), lambda: [leaves_alone(push_forward, J, t)]
    )


def _pushed_forward(push_forward, seed, shapes):
    for y_shape, x_shape in shapes:
        J, _, t = _jacobian_with_vectors(seed, y_shape, x_shape)
        wanted = np.einsum("ij,j->i", _matrix(J, y_shape), t.ravel()).reshape(y_shape)
        yours = returned(push_forward(J.copy(), t.copy()), "push_forward")
        mistakes = [
            *_slips_of_a_product(_matrix(J, y_shape), t, wanted, "t lives at the inputs, the columns of J"),
            another_shape(wanted, "a movement of y has the shape of y"),
            _axes_left_over(wanted),
        ]
        other = _other_products(_matrix(J, y_shape), t, wanted)
        yield compared(f"y {y_shape}, x {x_shape}", yours, wanted, mistakes, values=other)


def _other_products(M, signal, wanted):
    """The product with the signal as it is not, and with its entries in the order of columns."""
    flat, shape = signal.ravel(), wanted.shape
    made = {"the product with |signal|": np.abs(flat), "the product with 1 for the signal": 1 + 0 * flat}
    made |= {"the product with a signal of columns": signal.ravel(order="F")}
    columns = np.transpose(np.arange(wanted.size).reshape(shape)).ravel()
    rows = np.transpose(np.arange(flat.size).reshape(signal.shape)).ravel()
    both = (M[:, rows] @ flat)[np.argsort(columns)].reshape(shape)
    mixed = {
        f"{what}, in the order of columns": (M @ each).reshape(shape, order="F")
        for what, each in made.items()
    }
    plain = {what: (M @ each).reshape(shape) for what, each in made.items()}
    return plain | mixed | {"the product with entries in the order of columns": both}


def _jacobian_with_vectors(seed, y_shape, x_shape):
    rng = np.random.default_rng((seed, *y_shape, *x_shape))
    return rng.normal(size=y_shape + x_shape), rng.normal(size=y_shape), rng.normal(size=x_shape)


def _matrix(J, y_shape):
    return J.reshape(prod(y_shape), -1)


def _slips_of_a_product(M, signal, wanted, lives):
    """What goes wrong with M · signal, M being J or Jᵀ."""
    flat = signal.ravel()
    if M.shape[0] == M.shape[1]:
        yield Mistake("J and Jᵀ exchanged", lives, (M.T @ flat).reshape(wanted.shape))
        only = "every output may depend on every input; the diagonal is not all"
        yield Mistake("only the diagonal", only, (np.diag(M) * flat).reshape(wanted.shape))
    yield Mistake("signal left out", "this is what J alone adds up to", M.sum(axis=1).reshape(wanted.shape))
    yield Mistake("not added up", "many ways lead to one entry: add what they bring", M * flat)
    yield Mistake("not added up", "many ways lead to one entry: add what they bring", (M * flat).T)


def _axes_left_over(wanted):
    partners = "each axis of the signal has a partner in J; along every such pair the products are added up"
    return Mistake("axes left over", partners, lambda yours: yours if yours.shape != wanted.shape else wanted)


# --------------------------------------------------------------------------------- task 3: back through relu


def _exact_relu(relu_backward):
    upstream, x = whole((2, 4), (2, 4))
    yield relu_backward(upstream, x), np.where(x > 0, upstream, 0)


@in_numpy("relu_backward: the signal for x", parts=2, exact=_exact_relu)
def relu_backward(relu_backward, seed=0):
    for shape in ((7,), (3, 4)):
        upstream, x = _signal_and_input(seed, shape)
        yours = returned(relu_backward(upstream.copy(), x.copy()), "relu_backward")
        wanted = back_through_relu(x, upstream)
        mistakes = [*slips_of_relu(x, upstream), another_shape(wanted)]
        other = {
            "relu of upstream · x": np.maximum(0, upstream * x),
            "upstream · relu(x)": upstream * np.maximum(x, 0),
        }
        other |= {"x itself": x, "relu of x": np.maximum(x, 0), "relu of upstream": np.maximum(upstream, 0)}
        other |= {
            "what passes where both are positive": np.maximum(upstream, 0) * (x > 0),
            "|upstream|": np.abs(upstream),
        }
        other |= {"upstream with the sign of x": upstream * np.sign(x), "the slopes alone": (x > 0) * 1.0}
        yield compared(f"downstream {shape}", yours, wanted, mistakes, values=other)


def _signal_and_input(seed, shape):
    """Upstream and x, away from the kink at 0, with each of the four pairs of signs."""
    rng = np.random.default_rng((seed, *shape))
    sizes, signs = rng.uniform(0.05, 2, (2, *shape)), np.arange(prod(shape)).reshape(shape)
    upstream, x = sizes * np.where([signs % 2, signs // 2 % 2], 1, -1)
    return upstream, x


@in_numpy("relu_backward: upstream and x after the call", exact=_exact_relu)
def relu_backward_leaves_alone(relu_backward, seed=0):
    upstream, x = _signal_and_input(seed, (6,))
    yield leaves_alone(relu_backward, upstream, x)


@in_numpy("relu_backward: 2000 numbers at once", exact=_exact_relu)
def relu_backward_is_small(relu_backward):
    upstream, x = _signal_and_input(0, (2000,))
    yield _forms_no_jacobian(relu_backward, upstream, x, entries=2000**2)


# ----------------------------------------------------------------------------------- task 4: f = ‖Wx‖²

_W, _X = ((0.1, 0.5), (-0.3, 0.8)), (0.2, 0.4)


def _exact_length(squared_length):
    W, x = whole((3, 2), (2,))
    q = W @ x
    yield from in_pairs(squared_length(W, x), (q @ q, np.outer(2 * q, x), W.T @ (2 * q)))


@in_numpy("squared_length: f and its two gradients", parts=3, exact=_exact_length)
def squared_length(squared_length, W=_W, x=_X):
    W, x = np.array(W), np.array(x)
    try:
        f, dW, dx = returned(squared_length(W.copy(), x.copy()), "squared_length")
    except (TypeError, ValueError) as error:
        if "unpack" not in str(error):
            raise
        raise Unusable("squared_length has to return three values: f, dW, dx") from None
    q = W @ x
    mistakes = [
        Mistake("norm for squared norm", "the square is asked: no root", np.sqrt(q @ q)),
        Mistake("q for f", "f is one number: the squares of q, added up", q),
        Mistake("squares not added up", "f is one number", q**2),
        Mistake("numbers of the example", "compute f from the arguments", np.sum((np.array(_W) @ _X) ** 2)),
    ]
    others = {
        "the sum of q": q.sum(),
        "the mean of the squares": np.mean(q**2),
        "‖x‖²": x @ x,
        "the sum of |q|": np.abs(q).sum(),
    }
    yield compared("f", f, q @ q, mistakes, values=others)
    yield from gradients_of_squared_length(
        W, x, dW, dx, compare=partial(compared, values=_other_lengths(W, x))
    )


def _other_lengths(W, x):
    """What the gradients are with another signal at q, or with the two in each other's place."""
    q = W @ x
    signals = {
        "2 for the signal": 2 + 0 * q,
        "1 for the signal": 1 + 0 * q,
        "q² for q": q**2,
        "2q² for 2q": 2 * q**2,
    }
    signals |= {
        "|q| for q": 2 * np.abs(q),
        "4q for 2q": 4 * q,
        "3q for 2q": 3 * q,
        "the sum of the signals": 0 * q + 2 * q.sum(),
    }
    gradients = {f"dW with {what}": np.outer(signal, x) for what, signal in signals.items()}
    gradients |= {f"dx with {what}": W.T @ signal for what, signal in signals.items()}
    gradients |= {"the gradient of the other variable": W.T @ (2 * q), "dW as it is": np.outer(2 * q, x)}
    gradients |= {"the sums of W times the sum of the signal": W.sum(axis=0) * 2 * q.sum()}
    gradients |= {"dW with W for x": 2 * W * x**2, "dW with W in it": 2 * q[:, np.newaxis] * W}
    return gradients | {"sums for products": 2 * q[:, np.newaxis] + x}


@in_numpy("squared_length: with other numbers", parts=6, exact=_exact_length)
def squared_length_anywhere(student_squared_length, seed=0):
    for m, n in ((3, 3), (4, 2)):
        rng = np.random.default_rng((m, n, seed))
        yield from squared_length.judge(student_squared_length, rng.normal(size=(m, n)), rng.normal(size=n))


@in_numpy("squared_length: W and x after the call", exact=_exact_length)
def squared_length_leaves_alone(squared_length, seed=0):
    rng = np.random.default_rng(seed)
    yield leaves_alone(squared_length, rng.normal(size=(3, 2)), rng.normal(size=2))


# ----------------------------------------------------------------------------- task 5: softmax, all of J


def _exact_slopes_of_softmax(softmax_jacobian):
    """With equal scores the shares are 1/4."""
    yield softmax_jacobian(np.zeros(4)), np.eye(4) / 4 - 1 / 16


@in_numpy("softmax_jacobian: all slopes", parts=2, exact=_exact_slopes_of_softmax)
def softmax_jacobian(softmax_jacobian, seed=0):
    x = np.random.default_rng(seed).normal(size=4)
    yield from and_then(
        _softmax_jacobians(softmax_jacobian, seed), lambda: [leaves_alone(softmax_jacobian, x)]
    )


def _softmax_jacobians(softmax_jacobian, seed):
    for C in (3, 5):
        x = np.random.default_rng((C, seed)).normal(size=C)
        yours = returned(softmax_jacobian(x.copy()), "softmax_jacobian")
        J = np.array([numerical_gradient(lambda x, i=i: float(_softmax(x)[i]), x) for i in range(C)])
        yield compared(f"{C} scores", yours, J, _slips_of_softmax(_softmax(x)), **_around_softmax(x))


def _softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _around_softmax(x):
    """The two parts of the slopes, and what comes of other numbers in the place of the shares."""
    y, e = _softmax(x), np.exp(x)
    shares = {"powers that were not divided": e, "powers of shifted scores": e / e.max(), "the scores": x}
    shares |= {"powers divided by their mean": e / e.mean(), "shares of another sum": _softmax(y)}
    made = {f"slopes made of {what}": np.diag(each) - np.outer(each, each) for what, each in shares.items()}
    made |= {f"yᵢyⱼ made of {what}": np.diag(y) - np.outer(each, each) for what, each in shares.items()}
    made |= {
        "1 on the diagonal for y": np.eye(len(y)) - np.outer(y, y),
        "y² along the columns": np.diag(y) - y * y,
    }
    made |= {
        "y² taken away twice": np.diag(y * (1 - y)) - np.outer(y, y),
        "the squares of yᵢyⱼ": np.diag(y) - np.outer(y, y) ** 2,
    }
    made |= {"the slopes of the logarithms": np.eye(len(y)) - y, "the shares themselves": y}
    return {"values": made, "terms": {"the part on the diagonal": np.diag(y), "−yᵢyⱼ": -np.outer(y, y)}}


def _slips_of_softmax(y):
    J, ones = np.diag(y) - np.outer(y, y), np.eye(len(y))
    falling = "the shares add up to 1: when one score rises, what must the other shares do?"
    yield Mistake("always diagonal", falling, np.diag(np.diag(J)))
    yield Mistake("always diagonal", "a table is asked: each share depends on every score", np.diag(J))
    yield Mistake("sign beside the diagonal", falling, np.abs(J))
    yield Mistake("sign", "every slope has the opposite sign", -J)
    yield Mistake("own share left out", "each row has to be multiplied by the share it belongs to", ones - y)
    yield Mistake("[i = j] left out", "on the diagonal a share grows with its own score", J - np.diag(y))
    everywhere = "y (1 − y) is a slope along the own score; along another score it is a different one"
    yield Mistake("1 everywhere", everywhere, np.outer(y, 1 - y))


@in_numpy("softmax_jacobian: large scores", exact=_exact_slopes_of_softmax)
def softmax_jacobian_of_large_scores(softmax_jacobian):
    x = np.array([1000.0, 1001.0, 999.5])
    y = _softmax(x)
    yours = returned(softmax_jacobian(x.copy()), "softmax_jacobian")
    if not np.isfinite(np.asarray(yours, dtype=float)).all():
        yield Finding("scores near 1000", False, "the slopes are not finite", *_OVERFLOW)
    else:
        equal = {"the slopes at equal scores: were large ones cut off?": np.eye(3) / 3 - 1 / 9}
        wanted = np.diag(y) - np.outer(y, y)
        yield compared("scores near 1000", yours, wanted, _slips_of_softmax(y), values=equal)


_OVERFLOW = (
    "overflow",
    "exp of 1000 is too large for a float: which common factor may be taken out of the shares?",
)


# ------------------------------------------------------------------------- task 6: back through a softmax


def _exact_softmax_backward(softmax_backward):
    y, (upstream,) = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]]), whole((2, 3))
    yield softmax_backward(upstream, y), y * (upstream - (upstream * y).sum(axis=1, keepdims=True))


@in_numpy(
    "softmax_backward: the signal for the scores",
    parts=2,
    exact=_exact_softmax_backward,
)
def softmax_backward(softmax_backward, seed=0, shapes=((3, 3), (2, 4))):
    for shape in shapes:
        upstream, x, y = _signal_and_shares(seed, shape)
        yours = returned(softmax_backward(upstream.copy(), y.copy()), "softmax_backward")
        wanted = numerical_gradient(lambda x, u=upstream: float(np.sum(u * _softmax(x))), x)
        around = _around_the_rows(upstream, y)
        yield compared(
            f"N, C = {shape}", yours, wanted, _slips_of_the_rows(upstream, y), shapes=[shape], **around
        )


def _signal_and_shares(seed, shape):
    rng = np.random.default_rng((seed, *shape))
    upstream, x = rng.normal(size=(2, *shape))
    return upstream, x, _softmax(x)


def _around_the_rows(upstream, y):
    rows = (upstream * y).sum(axis=1, keepdims=True)
    wanted = y * (upstream - rows)
    values = {
        "the sum of upstream for the weighted sum": y * (upstream - upstream.sum(axis=1, keepdims=True)),
        "the weighted sum without its share": y * upstream - rows,
        "the share twice in the weighted sum": y * (upstream - y * rows),
        "y minus upstream": y - upstream,
        "a slope more than is there": wanted * (1 - y),
        "the first row for all rows": np.broadcast_to(wanted[0], wanted.shape),
        "a softmax of upstream": _softmax(upstream),
    }
    return {
        "terms": {"upstream · y": y * upstream, "the weighted sum": -y * rows},
        "factors": {"y": y},
        "values": values,
    }


def _slips_of_the_rows(upstream, y):
    weighted = upstream * y
    rows, columns = weighted.sum(axis=1, keepdims=True), weighted.sum(axis=0)
    yield Mistake("average left out", "a share falls when another rises: upstream · y is only half", weighted)
    diagonal = "this multiplies entry by entry, but each share depends on all scores of its row"
    yield Mistake("always diagonal", diagonal, weighted * (1 - y))
    yield Mistake("own share left out", "each difference has to be multiplied by a share", upstream - rows)
    plain = "the average is weighted by the shares, and the shares add up to 1"
    mean = upstream.mean(axis=1, keepdims=True)
    yield Mistake("plain average", plain, y * (upstream - mean))
    yield Mistake("plain average", plain, y * (upstream - rows / y.shape[1]))
    own = "every row is a sample with an average of its own; look at the axis of the sum"
    yield Mistake("samples mixed", own, y * (upstream - columns))
    yield Mistake("samples mixed", own, y * (upstream - weighted.sum()))
    if upstream.shape[0] == upstream.shape[1]:
        advice = "averages of shape (N,) are laid along the columns, so that each row gets those of all rows"
        yield Mistake("averages beside the wrong rows", advice, y * (upstream - weighted.sum(axis=1)))
    yield Mistake("softmax of the shares", "y has been through the softmax already", _again(upstream, y))
    yield Mistake("sign", "every entry has the right size and the opposite sign", y * (rows - upstream))


def _again(upstream, y):
    shares = _softmax(y)
    return shares * (upstream - (upstream * shares).sum(axis=1, keepdims=True))


@in_numpy("softmax_backward: upstream and y after the call", exact=_exact_softmax_backward)
def softmax_backward_leaves_alone(softmax_backward, seed=0):
    upstream, _, y = _signal_and_shares(seed, (3, 4))
    yield leaves_alone(softmax_backward, upstream, y)


@in_numpy("softmax_backward: 2 samples with 1500 classes", exact=_exact_softmax_backward)
def softmax_backward_is_small(softmax_backward):
    upstream, _, y = _signal_and_shares(0, (2, 1500))
    yield _forms_no_jacobian(softmax_backward, upstream, y, entries=1500**2)


# ------------------------------------------------------------------------------- task 7: how large it is


@in_numpy("jacobian_bytes: one gate", parts=2)
def jacobian_bytes(jacobian_bytes, y_shape=(4096,), x_shape=(4096,)):
    yield from and_then(
        _counted(jacobian_bytes, y_shape, x_shape), lambda: [_by_default(jacobian_bytes, y_shape, x_shape)]
    )


def _by_default(jacobian_bytes, y_shape, x_shape):
    yours, wanted = jacobian_bytes(y_shape, x_shape), prod(y_shape) * prod(x_shape) * 4
    other = [Mistake("another default", "who gives no itemsize means 4 bytes", lambda yours: yours)]
    return compared(f"y {y_shape}, x {x_shape}, no itemsize given", yours, wanted, other, rtol=1e-12)


def _counted(jacobian_bytes, y_shape, x_shape):
    for itemsize in (4, 8):
        yours = returned(jacobian_bytes(y_shape, x_shape, itemsize), "jacobian_bytes")
        what = f"y {y_shape}, x {x_shape}, {itemsize} bytes each"
        wanted = prod(y_shape) * prod(x_shape) * itemsize
        mistakes = _miscounted(y_shape, x_shape, itemsize)
        yield compared(what, yours, wanted, mistakes, rtol=1e-12, **_other_counts(y_shape, x_shape, itemsize))


def _other_counts(y_shape, x_shape, itemsize):
    wanted, units = prod(y_shape) * prod(x_shape) * itemsize, {"KB": 1e3, "MB": 1e6, "GB": 1e9}
    units |= {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "bits": 1 / 8}
    values = {f"the size in {unit}, and not in bytes": wanted / size for unit, size in units.items()}
    values |= {"what is left when a whole number of 32 bits runs over": (wanted + 2**31) % 2**32 - 2**31}
    values |= {
        "what is left when the number of entries runs over": ((wanted // itemsize + 2**31) % 2**32 - 2**31)
        * itemsize
    }
    values |= {
        "a product of sums of axes": sum(y_shape) * sum(x_shape) * itemsize,
        "a sum of axes": sum(y_shape + x_shape) * itemsize,
    }
    values |= {
        "an itemsize that divides": wanted / itemsize**2,
        "the larger side alone": max(prod(y_shape), prod(x_shape)) * itemsize,
    }
    return {"values": values}


def _miscounted(y_shape, x_shape, itemsize):
    y, x = prod(y_shape), prod(x_shape)
    pairs = "each output meets each input: how many pairs are there?"
    yield Mistake("added", pairs, (y + x) * itemsize)
    for size in (x, y):
        yield Mistake(
            "one side only", "J has an entry for each pair of an output and an input", size * itemsize
        )
    for wrong in (1, 4, 8):
        yield Mistake("itemsize ignored", "how many bytes an entry takes is an argument", y * x * wrong)
    if len(y_shape) > 1:
        samples = "every axis counts, the samples of a batch too"
        yield Mistake("one sample", samples, y_shape[-1] * x_shape[-1] * itemsize)
        yield Mistake("one sample", samples, y * x * itemsize / y_shape[0])
    for square in (y * y, x * x):
        yield Mistake("taken as square", "outputs and inputs may differ in number", square * itemsize)


@in_numpy("jacobian_bytes: shapes of its own choice", parts=6)
def jacobian_bytes_anywhere(student_jacobian_bytes, seed=0):
    for y_shape, x_shape in tell_apart(_shapes, _counts, np.random.default_rng(seed)):
        yield from jacobian_bytes.judge(student_jacobian_bytes, y_shape, x_shape)


def _shapes(rng):
    N, D, M = (int(n) for n in rng.permutation(np.arange(5, 60))[:3])
    return ((N, M), (N, D)), ((N, M), (D, M)), ((N, 100 * M), (100 * D, 100 * M))


def _counts(*shapes):
    for (y_shape, x_shape), itemsize in product(shapes, (4, 8)):
        wanted = prod(y_shape) * prod(x_shape) * itemsize
        miscounted = _miscounted(y_shape, x_shape, itemsize)
        yield wanted, [each for each in miscounted if each.gives != wanted]
