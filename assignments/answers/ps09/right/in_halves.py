"""All in two halves: the samples, the nudge, the words, and the right lines by divide and conquer."""


# %% look
def look(prepare, pixels, labels, train):
    whole, halves = prepare(pixels, labels, train), []
    for first in (0, 1):
        halves.append(prepare(pixels[first::2], labels[first::2], train)[0])
    even, odd = halves
    zipped = np.empty_like(whole[0])
    zipped[0::2], zipped[1::2] = even, odd
    stayed = all(a == b for a, b in zip(whole[1], labels))
    return ("fine" if np.allclose(zipped, whole[0]) else "own statistics") if stayed else "labels moved"


# %% before
from contextlib import contextmanager


@contextmanager
def emptied(params):
    old = {key: value.tobytes() for key, value in params.items()}
    try:
        for value in params.values():
            np.multiply(value, 0, out=value)
        yield
    finally:
        for key, value in params.items():
            value.flat = np.frombuffer(old[key], value.dtype)


def before(loss, params, x, t):
    *_, C = params["W2"].shape
    with emptied(params):
        ignorant = loss(params, x, t)
    if round(abs(ignorant - np.log(C)), 9) > 1e-6:
        return "wrong at zero"
    return {True: "sure too early", False: "healthy"}[bool(loss(params, x, t) > 1 + np.log(C))]


# %% gradient
from contextlib import contextmanager


@contextmanager
def instead(array, index, number):
    before = array[index]
    array[index] = number
    try:
        yield
    finally:
        array[index] = before


def wrong_gradients(loss, gradient, params, x, t):
    def half(side, array, index):
        with instead(array, index, array[index] + side * 1e-5):
            return side * loss(params, x, t) / 2e-5

    def is_wrong(name, array):
        theirs = gradient(params, x, t)[name]
        ours = np.zeros_like(theirs)
        for index, _ in np.ndenumerate(array):
            ours[index] = half(1, array, index) + half(-1, array, index)
        room = max(-theirs.min(), theirs.max(), -ours.min(), ours.max()) * 1e-3
        return not np.allclose(theirs, ours, rtol=0, atol=room)

    return [name for name, array in params.items() if is_wrong(name, array)]


# %% hunt
def conquered(one, join):
    """A line for many samples, from what it does for one and how two halves are joined."""

    def line(*given):
        middle = len(given[0]) // 2
        if not middle:
            return one(*(array[0] for array in given))
        return join(line(*(array[:middle] for array in given)), line(*(array[middle:] for array in given)))

    return line


def under(a, b):
    return np.concatenate((a, b))


def probabilities(row):
    e = np.exp(row - np.amax(row))
    return (e / np.sum(e))[None]


def gap(row, k):
    out = row.copy()
    out[k] -= 1
    return out[None]


total = conquered(lambda row, k: np.log(1 / row[k]), np.add)
gaps = conquered(gap, under)
MENDED = {
    "softmax": conquered(probabilities, under),
    "loss": lambda p, t: total(p, t) / len(p),
    "dscores": lambda p, t: gaps(p, t) / len(p),
    "dW": conquered(np.outer, np.add),
    "db": conquered(np.copy, np.add),
    "dh": lambda delta, W: conquered(lambda d: W.dot(d)[None], under)(delta),
    "dz": conquered(lambda up, z: np.select([z > 0], [up])[None], under),
    "moved": lambda q, dq, rate: conquered(lambda a, da: (a - rate * da)[None], under)(q, dq),
    "read": conquered(lambda row: [list(row).index(max(row))], under),
}


def example(name):
    angle = np.arange(1, 13).reshape(4, 3)
    scores, hidden = 2 * np.sin(angle), np.cos(3 * angle[:, :2])
    p, t = MENDED["softmax"](scores), np.array([0, 1, 2, 2])
    match name:
        case "softmax" | "read" | "db":
            return (scores,)
        case "loss" | "dscores":
            return p, t
        case "dW":
            return hidden, scores
        case "dh":
            return scores, p[:2]
        case "dz":
            return hidden, hidden[:, ::-1]
        case "moved":
            return scores, p, 0.4


def diagnosed(name, f, inputs):
    """The kind, from what the line gives for all and for either half."""
    top, bottom = ([a[half] for a in inputs if np.ndim(a)] for half in (slice(2), slice(2, 4)))
    match name:
        case "loss":
            return "summed" if np.isclose(f(*inputs), f(*top) + f(*bottom)) else "cushioned"
        case "dscores":
            return "mean forgotten" if np.allclose(f(*inputs)[:2], f(*top)) else "target forgotten"
        case "dW":
            return "reshaped" if np.allclose(f(*inputs), f(*top) + f(*bottom)) else "averaged"
        case "dz":
            below = np.minimum(inputs[0], 0)
            return "walked past" if f(below, inputs[1]).any() else "asked about the signal"
        case "moved":
            q, dq, rate = inputs
            twice = f(f(q, dq, rate / 2), dq, rate / 2)
            return "uphill" if np.allclose(twice, f(*inputs)) else "rate squared"
        case "softmax":
            return "over the samples"
        case "read":
            return "least for largest"
        case "dh":
            return "reshaped"
        case _:
            return "averaged"


def hunt(lines):
    for name, mended in MENDED.items():
        inputs = example(name)
        if not np.allclose(lines[name](*inputs), mended(*inputs)):
            return name, diagnosed(name, lines[name], inputs), inputs, mended
    beyond = (np.array([[0.0, 1000.0]]),)
    return "softmax", "not shifted", beyond, MENDED["softmax"]
