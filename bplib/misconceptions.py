"""The table of known mistakes in a gradient, and what each of them computes.

A wrong gradient is compared with what every mistake would have given; the first that fits is named. No
formula of any gate is needed: all of it follows from the Jacobian, worked out by differences.
"""

from collections.abc import Callable
from functools import cached_property, partial
from itertools import product
from typing import NamedTuple

import numpy as np

from .compare import Mistake
from .differences import careful_vjp, columns_of_jacobian

LARGEST_JACOBIAN = 1_000_000  # entries; beyond it only mistakes that need no Jacobian are looked for


class Seen:
    """What a backward rule was given, and what follows from it for input number i, all by differences.

    targets    the names of inputs that are labels: they are never nudged
    earlier    the upstream of the call before this one; None in the first
    before     the inputs of an earlier forward
    """

    def __init__(self, gate, upstream, out, xs, i, targets=(), earlier=None, before=()):
        self.gate, self.upstream, self.out, self.xs, self.i = gate, upstream, out, xs, i
        self.targets, self.earlier, self.before = targets, earlier, before

    @property
    def name(self):
        return self.gate.inputs[self.i]

    @property
    def x(self):
        return self.xs[self.i]

    @property
    def alike(self):
        """Whether x and out have the same shape."""
        return np.shape(self.x) == np.shape(self.out)

    @cached_property
    def wanted(self):
        """The right downstream of input i."""
        return self.downstream()

    @cached_property
    def jacobian(self):
        """∂out[j]/∂x[k], one row for each entry of out; None when it would be too large."""
        if np.size(self.out) * np.size(self.x) > LARGEST_JACOBIAN:
            return None
        columns = columns_of_jacobian(self.gate.forward, _exact(self.xs), self.i)
        return np.reshape([np.ravel(column) for _, column in columns], (np.size(self.x), -1)).T

    def downstream(self, upstream=None, xs=None, i=None):
        """Jᵀ · upstream for input i, in float64; the upstream and the inputs may be others."""
        upstream = self.upstream if upstream is None else upstream
        if xs is None and i is None and self.jacobian is not None:
            return (self.jacobian.T @ np.ravel(upstream)).reshape(np.shape(self.x))
        xs = _exact(self.xs if xs is None else xs)
        return careful_vjp(self.gate.forward, xs, self.i if i is None else i, upstream)

    def with_x(self, x):
        return (*self.xs[: self.i], x, *self.xs[self.i + 1 :])

    # ----------------------------------------------------------------- what a mistake gives here

    def one_sided(self):
        """By forward and by backward differences, where they differ: at a kink."""
        x = np.asarray(self.x, dtype=float)
        aside = 2e-5 * np.maximum(1.0, np.abs(x))
        sides = [self.downstream(xs=self.with_x(x + side)) for side in (-aside, aside)]
        return [] if np.allclose(*sides, rtol=1e-3, atol=1e-9) else sides

    def local(self):
        return [self.downstream(upstream=np.ones(np.shape(self.out)))]

    def remembered(self):
        return [] if self.earlier is None else [self.downstream(upstream=self.earlier)]

    def stale(self):
        return [self.downstream(xs=self.before)] if self.before else []

    def upstream_summed(self):
        u = self.upstream
        return [self.local()[0] * total for total in (np.sum(u), np.mean(u))] if np.size(u) > 1 else []

    def upstream_added(self):
        return [self.upstream + self.local()[0]] if self.alike else []

    def upstream_twice(self):
        return [self.wanted * self.upstream] if self.alike or not np.shape(self.out) else []

    def divided(self):
        return [self.upstream / self.local()[0]] if self.alike else []

    def others(self):
        js = [j for j, name in enumerate(self.gate.inputs) if j != self.i and name not in self.targets]
        return [self.downstream(i=j) for j in js]

    def at_out(self):
        return [self.downstream(xs=(self.out,))] if self.alike and len(self.xs) == 1 else []

    def at_minus_x(self):
        return [self.downstream(xs=(-np.asarray(self.x),))] if len(self.xs) == 1 else []

    def slope_of_sigmoid(self):
        s = 1 / (1 + np.exp(-np.asarray(self.x, dtype=float)))
        return [self.wanted * s * (1 - s), self.wanted / (s * (1 - s))]

    def a_factor_of(self, what):
        if what is self.x or self.alike or not np.shape(what):
            return [self.wanted * what, self.wanted / what]
        return []

    def switches(self):
        """Whether every entry of out equals its x or does not depend on it: relu, max, clip."""
        slopes = self.local()[0]
        return self.alike and np.allclose(slopes * (slopes - 1), 0, atol=1e-6) and not slopes.all()

    def switch_ignored(self):
        return [self.upstream] if self.switches() else []

    def switch_inverted(self):
        return [self.upstream - self.wanted] if self.switches() else []

    def switched_by_upstream(self):
        return [np.where(np.asarray(self.upstream) > 0, self.upstream, 0)] if self.switches() else []

    @cached_property
    def unsummed(self):
        """For an input that was broadcast: its gradient before the sum over the repeats; else None."""
        shape = np.shape(self.out)
        if self.alike or not shape or self.jacobian is None or not _broadcasts(np.shape(self.x), shape):
            return None
        return self.upstream * self.jacobian.sum(axis=1).reshape(shape)

    def sum_forgotten(self):
        return [] if self.unsummed is None else [self.unsummed]

    def averaged(self):
        summed_up = not np.shape(self.out) and not self.targets
        ratio = np.size(self.x) / np.size(self.out)
        return [self.wanted * min(ratio, 1 / ratio)] if summed_up or self.unsummed is not None else []

    def wrong_axis(self):
        if self.unsummed is None:
            return []
        axes = range(self.unsummed.ndim)
        return [self.unsummed.sum(axis=axis, keepdims=k) for axis, k in product((*axes, None), (False, True))]

    def one_use_alone(self):
        """Only the first or only the last of the contributions to each entry of x."""
        if self.jacobian is None:
            return []
        parts = self.jacobian * np.reshape(self.upstream, (-1, 1))
        used, columns = np.abs(parts) > 1e-9 * np.abs(parts).max(initial=0), np.arange(parts.shape[1])
        last = len(parts) - 1 - used[::-1].argmax(axis=0)
        return [parts[row, columns].reshape(np.shape(self.x)) for row in (last, used.argmax(axis=0))]

    def diagonal(self):
        if not self.alike or self.jacobian is None:
            return []
        return [self.upstream * np.diag(self.jacobian).reshape(np.shape(self.x))]

    def forward_product(self):
        if not self.alike or self.jacobian is None:
            return []
        return [(self.jacobian @ np.ravel(self.upstream)).reshape(np.shape(self.x))]

    def other_transposed(self):
        """With another square matrix among the inputs transposed."""
        for j, other in enumerate(self.xs):
            if j != self.i and _square(other):
                yield self.downstream(xs=[x.T if k == j else x for k, x in enumerate(self.xs)])

    def upstream_transposed(self):
        return [self.downstream(upstream=self.upstream.T)] if _square(self.upstream) else []

    def factors_exchanged(self):
        """upstream · Wᵀ with its factors the other way round, and such."""
        for j, other in enumerate(self.xs):
            if j != self.i and _square(other) and _square(self.upstream):
                others = [x.T if k == j else x for k, x in enumerate(self.xs)]
                for upstream, xs in product((self.upstream, self.upstream.T), (self.xs, others)):
                    yield self.downstream(upstream=upstream, xs=xs).T

    # ------------------------------------------------------------------------ losses with targets

    def _loss_of_rows(self):
        """The targets as rows of probabilities beside x (N, C), for a loss; else None."""
        targets = [
            np.asarray(x) for name, x in zip(self.gate.inputs, self.xs, strict=True) if name in self.targets
        ]
        if np.ndim(self.x) != 2 or np.ndim(self.out) or not targets:
            return None
        t, classes = targets[0], np.shape(self.x)[1]
        if t.shape == np.shape(self.x):
            return t
        return np.eye(classes)[t.astype(int)] if t.shape == np.shape(self.x)[:1] else None

    def target_not_subtracted(self):
        rows = self._loss_of_rows()
        return [] if rows is None else [self.wanted + self.upstream * rows / len(rows)]

    def softmax_of_columns(self):
        rows = self._loss_of_rows()
        if rows is None:
            return []
        e = np.exp(self.x - np.max(self.x))
        return [self.upstream * (e / total - rows) / len(rows) for total in (e.sum(axis=0), e.sum())]

    def next_class(self):
        """With the classes counted from 1 and from 0 mixed up."""
        rows = self._loss_of_rows()
        if rows is None:
            return []
        shifts = (np.roll(rows, k, axis=1) - rows for k in (-1, 1))
        return [self.wanted - self.upstream * shift / len(rows) for shift in shifts]


def _exact(xs):
    """xs in float64, targets of whole numbers as they are."""
    return [x if np.asarray(x).dtype.kind in "iu" else np.asarray(x, dtype=float) for x in xs]


def _square(x):
    return np.ndim(x) == 2 and len(x) == len(x[0]) > 1


def _broadcasts(shape, to):
    return len(shape) <= len(to) and all(a in (1, b) for a, b in zip(shape[::-1], to[::-1], strict=False))


class Entry(NamedTuple):
    """A row of the table: what the mistake is called, what to tell the student, what it computes."""

    name: str
    advice: str
    gives: Callable


def mistakes_of_a_rule(seen):
    """Every Mistake that a backward rule may make, with what it gives here, worked out one at a time."""
    for entry in OF_A_RULE:
        for value in _worked_out(entry.gives, seen):
            yield Mistake(entry.name, entry.advice.format(x=seen.name), value)
    sizes = [np.shape(x) for x in (seen.x, seen.upstream) if np.ndim(x) > 1]
    yield from mistakes_of_a_result(seen.name, seen.wanted, sizes)


def _worked_out(gives, seen):
    """What a mistake gives; nothing where it cannot even be made."""
    try:
        with np.errstate(all="ignore"):
            yield from gives(seen)
    except Exception:  # a student's forward may refuse any input but the one it was given
        return


def mistakes_of_a_result(name, wanted, shapes=()):
    """The mistakes that a result tells by itself.

    shapes    of what the gradient was made from; the first axis counts samples and the last one classes
    """
    wanted = np.asarray(wanted, dtype=float)
    for entry in OF_A_RESULT:
        with np.errstate(all="ignore"):
            for gives in entry.gives(wanted, shapes):
                yield Mistake(entry.name, entry.advice.format(x=name), gives)


def mistakes_at_a_fork(name, arrivals):
    """The mistakes of a value with several users; ``arrivals`` is what came back from each."""
    if len(arrivals) < 2:
        return
    uses = f"{name} is used {len(arrivals)} times and each use sends a gradient back"
    total = np.sum(arrivals, axis=0)
    for part in np.asarray(arrivals):
        yield Mistake("overwritten at a fork", f"{uses}: add them all, += and not =", part)
    for part in np.asarray(arrivals):
        yield Mistake("one branch missing", f"{uses}: one of them is not in d{name}", total - part)


def mistake_of_an_error(error):
    """(name, advice) for an exception that a rule raised; empty where it tells nothing more than itself."""
    for kind, words, name, advice in OF_AN_ERROR:
        if isinstance(error, kind) and words in str(error):
            return name, advice
    return "", ""


# --------------------------------------------------------------- bending the right value to yours


def _by_samples(power, wanted, shapes):
    return [wanted * float(shape[0]) ** power for shape in shapes if shape[0] > 1]


def _by_classes(wanted, shapes):
    for shape in shapes:
        yield from (wanted / shape[-1], wanted * shape[0] / shape[-1])


def _axes_of_length_1(wanted, shapes=()):
    """The right entries with an axis of length 1 too many or too few."""
    bare = np.squeeze(wanted).shape
    return [lambda yours: wanted.reshape(yours.shape) if np.squeeze(yours).shape == bare else wanted]


def _same_entries(wanted, shapes=()):
    """The right entries in the right order, in your shape."""
    return [lambda yours: wanted.reshape(yours.shape) if yours.size == wanted.size else wanted]


def _in_another_order(wanted, shapes):
    return [np.transpose(wanted).reshape(wanted.shape), wanted.reshape(wanted.shape[::-1]).T]


def _left_at_zero(wanted, shapes):
    return [lambda yours: np.where(yours == 0, 0, wanted) if yours.shape == wanted.shape else wanted]


def _some_signs(wanted, shapes):
    return [lambda yours: np.copysign(wanted, yours) if yours.shape == wanted.shape else wanted]


def _constant_factor(wanted, shapes):
    def gives(yours):
        if yours.shape != wanted.shape or np.count_nonzero(wanted) < 3:
            return wanted
        return wanted * (np.vdot(wanted, yours) / np.vdot(wanted, wanted))

    return [gives]


OF_A_RESULT = (
    Entry("all zero",
          "every entry of d{x} is 0: was it ever filled in?",
          lambda wanted, _: [np.zeros_like(wanted)]),
    Entry("sign",
          "d{x} has the right size and the opposite sign",
          lambda wanted, _: [-wanted]),
    Entry("transposed",
          "d{x} is transposed: a gradient has the shape of its variable",
          lambda wanted, _: [np.transpose(wanted)]),
    Entry("keepdims",
          "the numbers of d{x} are right and its shape is not: a gradient has the shape of its variable, "
          "without an axis of length 1 too many or too few; look at keepdims",
          _axes_of_length_1),
    Entry("shape not undone",
          "the numbers of d{x} are right and its shape is not: a gradient has the shape of its variable",
          _same_entries),
    Entry("factor 2",
          "d{x} is off by a factor of 2: look for a forgotten or an extra 2 or ½",
          lambda wanted, _: [2 * wanted, wanted / 2]),
    Entry("1/N missing",
          "d{x} is the number of samples times too large: the mean in the loss has a 1/N, and its gradient"
          " keeps it",
          partial(_by_samples, 1)),
    Entry("extra 1/N",
          "d{x} is divided by the number of samples once too often: 1/N lives in the loss and nowhere else",
          partial(_by_samples, -1)),
    Entry("divided by C",
          "d{x} is divided by the number of columns: the mean goes over the samples, and shape[0] counts "
          "those",
          _by_classes),
    Entry("integer truncation",
          "d{x} has lost its decimals: an array of integers cannot hold a gradient, so make it with dtype "
          "float",
          lambda wanted, _: [np.trunc(wanted), np.rint(wanted), np.floor(wanted)]),
    Entry("entries in another order",
          "d{x} holds the right numbers at the wrong places: undo the rearrangement of forward in the same"
          " order of axes",
          _in_another_order),
    Entry("entries left at 0",
          "d{x} is right where it is not 0: some entries were never reached by the rule",
          _left_at_zero),
    Entry("sign in some entries",
          "d{x} is right in size; in some entries the sign is the opposite",
          _some_signs),
    Entry("constant factor",
          "d{x} is off by the same factor in every entry: look for a constant that was forgotten or "
          "counted twice",
          _constant_factor),
)  # fmt: skip

ADVICE = {entry.name: entry.advice for entry in OF_A_RESULT}

OF_A_RULE = (
    Entry("kink",
          "{x} sits on a kink, where the slopes from the left and from the right differ and no number can "
          "decide; check a little to the side of it",
          Seen.one_sided),
    Entry("all zero",
          ADVICE["all zero"],
          lambda s: [np.zeros_like(s.wanted)]),
    Entry("sum forgotten",
          "d{x} has the shape of out: {x} was broadcast, so sum over the axes along which it was repeated",
          Seen.sum_forgotten),
    Entry("upstream ignored",
          "d{x} is the local derivative alone; the chain rule wants upstream × local",
          Seen.local),
    Entry("upstream remembered",
          "d{x} belongs to the upstream of an earlier call: backward gets its upstream anew each time",
          Seen.remembered),
    Entry("value remembered",
          "d{x} belongs to the inputs of an earlier forward: backward wants those of the last one",
          Seen.stale),
    Entry("sign",
          ADVICE["sign"],
          lambda s: [-s.wanted]),
    Entry("transposed",
          ADVICE["transposed"],
          lambda s: [np.transpose(s.wanted)]),
    Entry("keepdims",
          ADVICE["keepdims"],
          lambda s: _axes_of_length_1(s.wanted)),
    Entry("shape not undone",
          ADVICE["shape not undone"],
          lambda s: _same_entries(s.wanted)),
    Entry("inputs swapped",
          "d{x} is the gradient of another input: what multiplies {x} in the forward formula?",
          Seen.others),
    Entry("switch ignored",
          "d{x} is the upstream everywhere, also where out does not depend on {x}: a switch lets it "
          "through only where it let {x} through",
          Seen.switch_ignored),
    Entry("switch inverted",
          "d{x} lets the upstream through where {x} did not pass, and stops it where it did",
          Seen.switch_inverted),
    Entry("switched by the upstream",
          "d{x} is cut where upstream is negative; what counts is where {x} passed in the forward pass",
          Seen.switched_by_upstream),
    Entry("local derivative left out",
          "d{x} is the upstream itself, passed on unchanged; multiply it by the local derivative",
          lambda s: [s.upstream]),
    Entry("upstream added",
          "d{x} is upstream + local; along a path derivatives multiply, only at a fork do they add",
          Seen.upstream_added),
    Entry("upstream used twice",
          "d{x} has the upstream in it twice; each step multiplies by it once",
          Seen.upstream_twice),
    Entry("upstream summed up",
          "d{x} uses one number made of the whole upstream; each entry of out has its own",
          Seen.upstream_summed),
    Entry("local derivative taken at −x",
          "the local derivative was evaluated at −{x}; mind the sign of what goes into it",
          Seen.at_minus_x),
    Entry("divided instead of multiplied",
          "d{x} is upstream divided by the local derivative; the chain rule multiplies",
          Seen.divided),
    Entry("averaged instead of summed",
          "d{x} is a mean where a sum belongs: a value that is repeated gets the sum of what comes back",
          Seen.averaged),
    Entry("wrong axis",
          "d{x} is a sum over the wrong axis: sum over those along which {x} was repeated",
          Seen.wrong_axis),
    Entry("W for Wᵀ",
          "a matrix in d{x} should be the other way up: check the shapes with unequal sizes",
          Seen.other_transposed),
    Entry("upstream transposed",
          "d{x} has the upstream transposed; it is the other operand that is",
          Seen.upstream_transposed),
    Entry("factors exchanged",
          "the factors of d{x} stand in the wrong order: matrices do not commute",
          Seen.factors_exchanged),
    Entry("local derivative taken at the output",
          "the local derivative was evaluated at out; the formula wants it at {x}",
          Seen.at_out),
    Entry("target not subtracted",
          "d{x} knows nothing of the right answers: at the right class something is missing",
          Seen.target_not_subtracted),
    Entry("softmax over the wrong axis",
          "the probabilities in d{x} do not add up to 1 in each row: every sample has its own softmax",
          Seen.softmax_of_columns),
    Entry("classes counted from 1",
          "d{x} has its target one class beside the right one: classes count from 0",
          Seen.next_class),
    Entry("factor 2",
          ADVICE["factor 2"],
          lambda s: [2 * s.wanted, s.wanted / 2]),
    Entry("a slope too many or too few",
          "d{x} is off by the slope of a sigmoid: count once more through which functions the signal goes "
          "back",
          Seen.slope_of_sigmoid),
    Entry("a power of out",
          "d{x} has a factor out too many or too few",
          lambda s: s.a_factor_of(s.out)),
    Entry("a power of x",
          "d{x} has a factor {x} too many or too few",
          lambda s: s.a_factor_of(s.x)),
    Entry("only the diagonal",
          "d{x} uses ∂out[i]/∂{x}[i] alone, but every entry of out depends on several of {x}",
          Seen.diagonal),
    Entry("J for Jᵀ",
          "d{x} is the Jacobian times upstream; going back it is the transposed Jacobian",
          Seen.forward_product),
    Entry("overwritten at a fork",
          "an entry of {x} is used several times and only one of them is in d{x}: add them all, += and not"
          " =",
          Seen.one_use_alone),
)  # fmt: skip

_INNER_SIZES = (
    "write the shape beside each factor: the inner sizes must be equal and the result must have the shape "
    "of the variable"
)

OF_AN_ERROR = (
    (ValueError, "truth value of an array", "one decision for many entries",
     "an if decides once; an array needs a decision for each entry: np.where, or a mask"),
    (ValueError, "matmul", "shapes do not fit",
     _INNER_SIZES),
    (ValueError, "not aligned", "shapes do not fit",
     _INNER_SIZES),
    (ValueError, "broadcast", "shapes do not fit",
     "write down both shapes: aligned at the right, each pair of sizes must be equal or one of them 1"),
    (ValueError, "read-only", "argument changed in place",
     "what is given to a rule belongs to the caller; work on a copy"),
    (TypeError, "Cannot cast", "integer truncation",
     "an array of integers cannot hold a gradient, so make it with dtype float"),
    (AttributeError, "'str' object has no", "name for thing",
     "a loop over a dict gives its names; .values() gives what they stand for"),
    (AttributeError, "has no attribute", "nothing remembered",
     "it looks in self for something that no earlier method has kept there"),
)  # fmt: skip
