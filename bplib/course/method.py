"""The method of the bug hunt: eight measurements on a Program, from the cheapest to the dearest."""

import copy
import math

import numpy as np

RATES = 0.01, 0.1, 1.0


def look_at_the_data(program, data):
    """{"moved": the share of labels that have moved; "own": how far a sample's x depends on the others}"""
    x, t = program.prepare(data.x_test, data.t_test, data.x_train)
    some = slice(3, 40)
    alone, _ = program.prepare(data.x_test[some], data.t_test[some], data.x_train)
    return {"moved": float(np.mean(t != data.t_test)), "own": float(np.abs(alone - x[some]).max())}


def first_loss(program, x, t):
    return {"loss": program.loss(x, t), "ln C": math.log(program.sizes[2])}


def loss_at_zero(program, x, t):
    """The loss of a copy whose parameters are all 0."""
    blank = copy.deepcopy(program)
    for array in blank.params.values():
        array[...] = 0.0
    return {"loss": blank.loss(x, t), "ln C": math.log(program.sizes[2])}


def by_heart(program, x, t, steps=150, rate=0.5):
    """The losses of a copy that learns these few samples by heart."""
    pupil = copy.deepcopy(program)
    return [pupil.step(x, t, rate) for _ in range(steps)]


def gradient_error(program, x, t, h=1e-5):
    """{"W1": the relative error of its gradient, …}, by central differences, entry by entry."""
    given, found = program.gradient(x, t), {}
    for name, array in program.params.items():
        measured = np.empty_like(array)
        for k in np.ndindex(array.shape):
            middle = array[k]
            array[k] = middle + h
            up = program.loss(x, t)
            array[k] = middle - h
            measured[k] = (up - program.loss(x, t)) / (2 * h)
            array[k] = middle
        scale = max(np.abs(measured).max(), np.abs(given[name]).max(), 1e-12)
        found[name] = float(np.abs(measured - given[name]).max() / scale)
    return found


def norms(program, x, t):
    """{"W1": ‖dW1‖, …}"""
    return {name: float(np.linalg.norm(g)) for name, g in program.gradient(x, t).items() if name[0] == "W"}


def rate_sweep(program, x, t, rates=RATES):
    """{rate: how far a step is from −rate · gradient, as a share of it}; without dropout."""
    found = {}
    for rate in rates:
        walker = copy.deepcopy(program)
        walker.keep = 1.0
        wanted = walker.gradient(x, t)
        before = walker.params
        walker.step(x, t, rate)
        apart = [np.linalg.norm(walker.params[n] - before[n] + rate * g) for n, g in wanted.items()]
        found[rate] = float(math.hypot(*apart) / (rate * math.hypot(*map(np.linalg.norm, wanted.values()))))
    return found


def trained(program, data, epochs=8, batch=32, rate=0.2):
    """{"loss", "accuracy", "new", "W1", "W2"}: a number for each epoch of a copy that learns.

    W1 and W2, the norms of the gradients, are taken as the epoch begins, the accuracies as it ends.
    """
    pupil, rng = copy.deepcopy(program), np.random.default_rng(0)
    x, t = pupil.prepare(data.x_train, data.t_train, data.x_train)
    x_new, _ = pupil.prepare(data.x_test, data.t_test, data.x_train)
    history = {name: [] for name in ("loss", "accuracy", "new", "W1", "W2")}
    for _ in range(epochs):
        for name, size in norms(pupil, x, t).items():
            history[name].append(size)
        order = rng.permutation(len(x))
        losses = [pupil.step(x[k], t[k], rate) for k in np.split(order, range(batch, len(x), batch))]
        history["loss"].append(float(np.mean(losses)))
        history["accuracy"].append(pupil.accuracy(x, t))
        history["new"].append(pupil.accuracy(x_new, data.t_test))
    return history


def examine(program, data):
    """The whole method on one page: a line of text for each measurement, in their order."""
    x, t = program.prepare(data.x_train, data.t_train, data.x_train)
    with np.errstate(all="ignore"):
        data_seen, run = look_at_the_data(program, data), trained(program, data)
        five = by_heart(program, x[:5], t[:5])
        answers = [program.scores(x[:20]) for _ in range(2)]
        found = {
            "look at the data": "labels moved {moved:.0%}, one alone is off by {own:.2f}".format(**data_seen),
            "first loss": "{loss:.2f}, ln C = {ln C:.2f}".format(**first_loss(program, x, t)),
            "loss at zero": "{loss:.4f}, ln C = {ln C:.4f}".format(**loss_at_zero(program, x, t)),
            "five samples by heart": f"loss {five[0]:.2f} → {five[-1]:.3f}",
            "gradient check": _listed(gradient_error(program, x[:9], t[:9]), ".1%"),
            "norms by layer": _listed(norms(program, x, t), ".4f"),
            "a step is off by": _listed(rate_sweep(program, x, t), ".1%"),
            "known and new samples": f"{run['accuracy'][-1]:.3f} and {run['new'][-1]:.3f}",
            "asked twice": "the same" if np.array_equal(*answers) else "another answer",
        }
    return "\n".join(f"{what:22} {says}" for what, says in found.items())


def _listed(numbers, form):
    return ", ".join(f"{name}: {x:{form}}" for name, x in numbers.items())


def symptoms(program, data, epochs=8):
    """What bp.Symptoms shows of a program.

    {"first", "ln C": numbers; "five": losses; "loss", "accuracy", "new", "W1", "W2": a number for each epoch}
    """
    x, t = program.prepare(data.x_train, data.t_train, data.x_train)
    with np.errstate(all="ignore"):
        first = first_loss(program, x, t)
        return {
            "first": first["loss"],
            "ln C": first["ln C"],
            "five": by_heart(program, x[:5], t[:5], 60),
            **trained(program, data, epochs),
        }
