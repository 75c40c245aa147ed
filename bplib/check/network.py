"""Is the gradient of a network right? Every entry of every parameter, or all of them along one direction."""

import copy
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from ..graph.numerical import far_slope
from .asking import attempt, copies, in_order, plain, same, what_changed
from .compare import Mistake, compare
from .differences import FINE, differentiate, stacked
from .judge import cannot_tell, judge
from .mistakes import mistakes_of_a_result
from .report import Finding, Report
from .rounding import eps_of


def check_network(net, x, t, *, directional=False, seed=0):
    """Is net.gradient(x, t) right for every parameter? A Report with one finding for each.

    net          has params (a dict of arrays), loss(x, t) and gradient(x, t), a dict of the same names
    directional  False compares every single entry: four calls of loss for each. True compares along two
                 random directions of ±1 through all parameters at once, for the price of a few gradients;
                 when they differ, halving the direction again and again finds an entry to blame
    On a kink, such as a relu of 0 under a blank sample, two slopes meet, and any slope between them is right:
    a gradient that lies there passes with a note. The directional check then looks at a point beside it.
    Parameters are moved in place and put back, also when loss raises. A network in float32 is checked as
    a copy in float64. Raises InputError when a parameter is not an array of floats.
    """
    title, names = f"gradient of {type(net).__name__}", tuple(net.params)
    for name in names:
        if np.asarray(net.params[name]).dtype.kind != "f" or not isinstance(net.params[name], np.ndarray):
            raise InputError(f"check_network: params[{name!r}] must be an array of floats")
    given = net
    if any(array.dtype != np.float64 for array in net.params.values()):
        net, x = _in_float64(net), np.array(x, dtype=float)
    params = [net.params[name] for name in names]
    before = copies(x, t, *params)
    got = attempt(lambda: in_order(names, net.gradient(x, t)), title)
    got = what_changed(("x", "t", *names), before, (x, t, *params)) or got
    if isinstance(got, Finding):
        return Report(title, (got,))
    judge = _along_directions if directional else _entry_by_entry
    found = attempt(lambda: tuple(judge(net, x, t, got, seed)), title)
    found = found if isinstance(found, tuple) else (found,)
    return Report(
        title, found if all(finding.ok for finding in found) else _no_trap(net, given, x, t) or found
    )


def _in_float64(net):
    """A copy of net in which parameters are float64, wherever they are shared, and what it computes too."""
    copied = {id(array): array.astype(float) for array in net.params.values() if array.dtype != np.float64}
    copied[id(np.dtype(np.float32))] = np.dtype(np.float64)  # what the network converts its inputs to
    return copy.deepcopy(net, copied)  # deepcopy takes what it finds here for the copies it has made already


def _no_trap(net, given, x, t):
    """Where net, the network given or its copy in float64, could not be measured: a Finding that says why."""
    try:
        loss = _loss(net, x, t)
        if not same(loss, _loss(net, x, t)):
            return (cannot_tell("the loss", _RANDOM),)
        if net is not given and _follows(given, lambda: _loss(net, x, t)):
            return (cannot_tell("the loss", _LOOKS_BACK),)
    except Exception:  # what it raises has been told
        return None


def _follows(net, loss):
    """Whether loss() moves when the parameters of net do, which are put back."""
    before, here = copies(*net.params.values()), loss()
    try:
        for array in net.params.values():
            array += np.cos(np.arange(array.size)).reshape(array.shape)
        return not same(loss(), here)
    finally:
        for array, start in zip(net.params.values(), before, strict=True):
            array[...] = start


_RANDOM = (
    "the loss is random, another one each time it is asked; take net.evaluate(), or dropout with a fixed mask"
)
_LOOKS_BACK = (
    "a network in float32 is checked as a copy in float64, and this loss looks at the first one's arrays, "
    "as a function does that was made with them; let loss be a method that looks at self, or check in float64"
)


# --------------------------------------------------------------------------------------- every single entry


def _entry_by_entry(net, x, t, got, seed):
    """One finding for each parameter, from the slope of the loss along every entry."""
    loss, names = partial(_loss, net, x, t), tuple(net.params)
    slopes = {name: _slopes(net.params[name], loss) for name in names}
    shapes = [(len(x), *net.params[names[-1]].shape[-1:])]
    steepest = max(_steepest(slope.value) for slope in slopes.values())
    for name, yours in zip(names, got, strict=True):
        slope, kinks = _kinks_allowed(slopes[name], yours)
        wanted = {key: each.value for key, each in slopes.items()} | {name: slope.value}
        mistakes = chain(
            _stale(name, slope.value),
            _of_another(name, wanted),
            mistakes_of_a_result(name, slope.value, shapes),
        )
        far = partial(_far_slope, net.params[name], loss)
        finding = judge(f"d{name}", yours, slope, mistakes, eps=eps_of(yours), far=far, beside=steepest)
        yield replace(finding, says=f"{finding.says}; {_note(kinks)}") if kinks and finding.ok else finding


def _steepest(slopes):
    return np.abs(slopes).max(initial=0.0, where=np.isfinite(slopes))


def _of_another(name, wanted):
    advice = f"d{name} is the gradient of another parameter: look at the names under which they are returned"
    return [Mistake("inputs swapped", advice, other) for key, other in wanted.items() if key != name]


def _stale(name, wanted):
    advice = (
        f"the loss does not move when {name} does: does its layer still hold an older array? "
        f"params[{name!r}] -= step changes the array that both share, params[{name!r}] = … makes another one"
    )
    return [] if np.any(wanted) else [Mistake("stale parameters", advice, lambda yours: yours)]


def _loss(net, x, t):
    return np.asarray(plain(net.loss(x, t)), dtype=float)


def _slopes(parameter, loss):
    """The Slope of loss() for every entry of the parameter."""
    here = loss()
    return stacked(
        [_slope_of_entry(parameter, k, loss, here) for k in np.ndindex(parameter.shape)], parameter.shape
    )


def _slope_of_entry(parameter, k, loss, here):
    """The Slope of loss() for entry k of the parameter, which is moved and put back."""
    middle = parameter[k]

    def moved(step):
        parameter[k] = middle + step
        return loss()

    try:
        return differentiate(moved, max(1.0, abs(middle)), abs(middle), here)
    finally:
        parameter[k] = middle


def _far_slope(parameter, loss):
    """How steeply the loss moves when the parameter goes far, and is put back."""
    before = parameter.copy()

    def loss_at(values):
        parameter[...] = values
        return loss()

    try:
        return far_slope(loss_at, (before,), 0)
    finally:
        parameter[...] = before


# -------------------------------------------------------------------------------------------------- on a kink


def _kinks_allowed(slope, yours):
    """slope with your value wherever it is one of those that a kink allows, and {k: (low, high)} of these.

    A slope that the kink does not allow is wrong like any other, and the kink is no excuse.
    """
    smooth = slope._replace(bend=np.zeros_like(slope.bend))
    if np.shape(yours) != slope.value.shape or not isinstance(yours, np.ndarray):
        return smooth, {}
    kinks = {k: _sides(slope, k) for k in map(tuple, np.argwhere(_on_a_kink(slope, yours)))}
    value = slope.value.copy()
    for k in kinks:
        value[k] = yours[k]
    return smooth._replace(value=value), kinks


def _on_a_kink(slope, yours):
    """Where yours is one of the slopes of a kink, and not the one in the middle that was measured."""
    away, room = np.abs(yours - slope.value), 1e-4 * (np.abs(slope.value) + slope.bend)
    return (room < away) & (away <= slope.bend + room)


def _sides(slope, k):
    return float(slope.value[k] - slope.bend[k]), float(slope.value[k] + slope.bend[k])


def _note(kinks):
    k, (low, high) = next(iter(kinks.items()))
    where = [int(i) for i in k]
    return f"{where} is on a kink, such as a relu of 0: any slope from {low:.3g} to {high:.3g} is right"


# ------------------------------------------------------------------------------------ along random directions


def _along_directions(net, x, t, got, seed):
    """One finding for each parameter, from slopes along random directions here; on a kink, beside it."""
    params, loss, rng = net.params, partial(_loss, net, x, t), np.random.default_rng(seed)
    found = _directional(params, got, len(x), loss, rng)
    if all(finding.mistake != "kink" for finding in found):
        return found
    with _moved_a_little(params, rng):
        beside = _directional(params, in_order(tuple(params), net.gradient(x, t)), len(x), loss, rng)
    beside = [replace(finding, says=f"{finding.says}; {_SEEN_FROM_BESIDE}") for finding in beside]
    both = zip(found, beside, strict=False)  # beside may end with a finding for all parameters together
    return [there if here.mistake == "kink" else here for here, there in both] + beside[len(params) :]


_SEEN_FROM_BESIDE = "seen from beside a kink, such as a relu of 0"


@contextmanager
def _moved_a_little(params, rng):
    """Every parameter moved a little at random, away from a kink, and put back afterwards."""
    before = copies(*params.values())
    try:
        for array in params.values():
            array += rng.normal(0.0, 1e-3, array.shape)
        yield
    finally:
        for array, start in zip(params.values(), before, strict=True):
            array[...] = start


def _directional(params, got, N, loss, rng):
    """One finding for each parameter, from the slope of the loss along a random direction of ±1.

    An error of any entry shifts that slope by its full size, whatever the sizes of the others: yours and the
    numerical one may differ by rounding alone, not by a part of the slope.
    """
    malformed = [_malformed(name, yours, params[name]) for name, yours in zip(params, got, strict=True)]
    if any(malformed):
        return [
            finding or Finding(f"d{name}", True, "has its shape")
            for name, finding in zip(params, malformed, strict=True)
        ]
    arrays, got = list(params.values()), [np.asarray(yours) for yours in got]
    along = _along(arrays, got, [_signs(rng, p) for p in arrays], loss)
    if not along.differ:
        agrees = cannot_tell("", _LOST) if along.hidden else Finding("", True, _ALONG)
        return [replace(agrees, what=f"d{name}") for name in params]
    shape = (N, *arrays[-1].shape[-1:])
    blamed = [
        _blame(name, p, yours, loss, rng, shape) for name, p, yours in zip(params, arrays, got, strict=True)
    ]
    if any(not finding.ok for finding in blamed):
        return blamed
    return [
        *blamed,
        Finding("all parameters together", False, "differ along a random direction; check every entry"),
    ]


_ALONG = "agrees along a random direction"
_LOST = (
    "the slope of the loss along a random direction is lost in rounding; choose other parameters or another "
    "batch, leave out a large constant, and draw random numbers once, outside"
)


def _signs(rng, parameter):
    """±1 at random, neither all alike nor half and half: an error that sums to 0, or is even, would hide."""
    signs = rng.integers(0, 2, parameter.shape, dtype=bool) * 2.0
    signs -= 1.0
    if abs(signs.sum()) in (0, signs.size):
        signs.flat[0] *= -1
    return signs


def _malformed(name, yours, parameter):
    """A Finding when yours is no gradient of the parameter's shape, else None."""
    if isinstance(yours, np.ndarray) and yours.shape == parameter.shape and np.isfinite(yours).all():
        return None
    return compare(f"d{name}", yours, np.zeros(parameter.shape))


class Along(NamedTuple):
    """The slope of the loss along a direction: yours, the measured one, and how far apart they may be.

    steepest    what an error must be small beside
    """

    yours: float
    numerical: float
    room: float
    steepest: float

    @property
    def differ(self):
        return abs(self.yours - self.numerical) > self.room

    @property
    def hidden(self):
        """Whether an error could hide."""
        return not (self.room <= FINE * (self.steepest or np.inf))


def _along(arrays, got, direction, loss):
    """The slopes along direction through the arrays, which are moved and put back."""
    starts = copies(*arrays)

    def moved(step):
        for array, start, d in zip(arrays, starts, direction, strict=True):
            np.multiply(d, step, out=array)
            array += start
        return loss()

    length = np.sqrt(sum(np.vdot(d, d) for d in direction))
    try:
        slope = differentiate(moved, 1 / (16 * length))  # so short that few relus switch
        still = not (slope.value or any(map(np.any, got)))
        far = far_slope(moved, (0.0,), 0) if still else 0.0
    finally:
        for array, start in zip(arrays, starts, strict=True):
            array[...] = start
    yours = sum(np.vdot(d, g) for d, g in zip(direction, got, strict=True))
    norms = [np.linalg.norm(g) for g in got]
    rounding = sum(eps_of(g) * norm for g, norm in zip(got, norms, strict=True))
    return Along(yours, slope.value, 2 * slope.doubt + 100 * rounding, max(far, *norms))


def _blame(name, parameter, yours, loss, rng, shape):
    """The Finding for one parameter: where its gradient is wrong and which mistake it looks like."""
    directions = [_signs(rng, parameter) for _ in range(2)]
    both = [_along([parameter], [yours], [direction], loss) for direction in directions]
    if not any(along.differ for along in both):
        return Finding(f"d{name}", True, _ALONG)
    mine, numerical, rooms, _ = np.array(both).T
    worst = directions[int(np.argmax(np.abs(mine - numerical)))]
    k = _worst_entry(parameter, yours, worst, loss)
    slope = _slope_of_entry(parameter, k, loss, loss())
    wanted = float(slope.value)
    relative = abs(yours[k] - wanted) / max(np.abs(yours).max(), abs(wanted))
    says = f"yours {yours[k]:.6g}, numerical {wanted:.6g} (relative error {relative:.1e})"
    if _on_a_kink(slope, yours[k]):
        mistake, advice = "kink", _KINK.format(name)
    else:
        mistakes = chain(_stale(name, numerical), mistakes_of_a_result(name, numerical, [shape]))
        likely = compare("", mine, numerical, mistakes, floor=rooms.max())
        mistake, advice = likely.mistake, likely.advice
    return Finding(f"d{name}", False, f"differs at {list(k)}: {says}", mistake, advice)


_KINK = (
    "a value inside the network sits on a kink, such as a relu of 0: moving {} shows two slopes there; "
    "check with another batch, or with biases other than 0"
)


def _worst_entry(parameter, yours, direction, loss):
    """An entry where yours is wrong: the half that differs more is kept, until one entry is left."""

    def gap(entries):
        part = np.zeros(parameter.size)
        part[entries] = direction.flat[entries]
        along = _along([parameter], [yours], [part.reshape(parameter.shape)], loss)
        return abs(along.yours - along.numerical)

    entries = np.arange(parameter.size)
    while len(entries) > 1:
        entries = max(np.array_split(entries, 2), key=gap)
    return tuple(int(index) for index in np.unravel_index(entries[0], parameter.shape))
