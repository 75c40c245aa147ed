"""The table of known mistakes in a gradient, and what each of them computes.

A wrong gradient is compared with what every mistake would have given, row by row, and the first that fits is
named. So the order of rows decides what is said where two mistakes give the same numbers: the special one
stands before the general one, the likely one before an accident. Each group of rows says why it stands there.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from .compare import Mistake
from .rule_call import RuleCall


class Entry(NamedTuple):
    """A row of the table: what the mistake is called, what to tell the student, what it computes."""

    name: str
    advice: str
    gives: Callable


def mistakes_of_a_rule(call):
    """Every Mistake that a backward rule may make, with what it gives here, worked out one at a time."""
    for entry in OF_A_RULE:
        for value in _worked_out(entry.gives, call):
            yield Mistake(entry.name, entry.advice.format(x=call.name), value)
    sizes = [np.shape(x) for x in (call.x, call.upstream) if np.ndim(x) > 1]
    yield from mistakes_of_a_result(call.name, call.wanted, sizes)


def _worked_out(gives, call):
    """What a mistake gives; nothing where it cannot even be made."""
    try:
        with np.errstate(all="ignore"):
            yield from gives(call)
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


# ------------------------------------------------------------------------------ what a result tells by itself


def _by_samples(power, wanted, shapes):
    return [wanted * float(shape[0]) ** power for shape in shapes if shape[0] > 1]


def _by_classes(wanted, shapes):
    for shape in shapes:
        yield from (wanted / shape[-1], wanted * shape[0] / shape[-1])


# A mistake that has many results bends the right value to yours, or returns it where that cannot be done.


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
    # Nothing but zeros: before everything that a zero would fit too, such as entries left at 0.
    Entry("all zero",
          "every entry of d{x} is 0: was it ever filled in?",
          lambda wanted, _: [np.zeros_like(wanted)]),
    # The right numbers, turned over: keepdims is a special case of a shape, so it comes first.
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
    # A factor that is known: 2 before 1/N, for N may be 2, and all of them before just any constant factor.
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
    # Some entries, or any factor: last, since most rows above would fit here as well.
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


# ------------------------------------------------------------------- what it takes a call of the rule to tell

ADVICE = {entry.name: entry.advice for entry in OF_A_RESULT}


OF_A_RULE = (
    # A zero is what many a rule below makes of a 0.
    Entry("all zero",
          ADVICE["all zero"],
          lambda call: [np.zeros_like(call.wanted)]),
    # The right rule with a wrong ingredient: behind +, a forgotten sum is also the upstream as it came.
    Entry("sum forgotten",
          "d{x} has the shape of out: {x} was broadcast, so sum over the axes along which it was repeated",
          RuleCall.sum_forgotten),
    Entry("upstream ignored",
          "d{x} is the local derivative alone; the chain rule wants upstream × local",
          RuleCall.local),
    Entry("upstream remembered",
          "d{x} belongs to the upstream of an earlier call: backward gets its upstream anew each time",
          RuleCall.remembered),
    Entry("value remembered",
          "d{x} belongs to the inputs of an earlier forward: backward wants those of the last one",
          RuleCall.stale),
    # The right numbers, turned over: of x − y, a wrong sign is also the other input's gradient.
    Entry("sign",
          ADVICE["sign"],
          lambda call: [-call.wanted]),
    Entry("transposed",
          ADVICE["transposed"],
          lambda call: [np.transpose(call.wanted)]),
    Entry("keepdims",
          ADVICE["keepdims"],
          lambda call: _axes_of_length_1(call.wanted)),
    Entry("shape not undone",
          ADVICE["shape not undone"],
          lambda call: _same_entries(call.wanted)),
    # The wrong way through the gate: a switch that is ignored is also a local derivative left out.
    Entry("inputs swapped",
          "d{x} is the gradient of another input: what multiplies {x} in the forward formula?",
          RuleCall.others),
    Entry("switch ignored",
          "d{x} is the upstream everywhere, also where out does not depend on {x}: a switch lets it "
          "through only where it let {x} through",
          RuleCall.switch_ignored),
    Entry("switch inverted",
          "d{x} lets the upstream through where {x} did not pass, and stops it where it did",
          RuleCall.switch_inverted),
    Entry("switched by the upstream",
          "d{x} is cut where upstream is negative; what counts is where {x} passed in the forward pass",
          RuleCall.switched_by_upstream),
    # Upstream × local, put together in a wrong way; of several that fit, the one that leaves out most.
    Entry("local derivative left out",
          "d{x} is the upstream itself, passed on unchanged; multiply it by the local derivative",
          lambda call: [call.upstream]),
    Entry("upstream added",
          "d{x} is upstream + local; along a path derivatives multiply, only at a fork do they add",
          RuleCall.upstream_added),
    Entry("upstream used twice",
          "d{x} has the upstream in it twice; each step multiplies by it once",
          RuleCall.upstream_twice),
    Entry("upstream summed up",
          "d{x} uses one number made of the whole upstream; each entry of out has its own",
          RuleCall.upstream_summed),
    Entry("local derivative taken at −x",
          "the local derivative was evaluated at −{x}; mind the sign of what goes into it",
          RuleCall.at_minus_x),
    Entry("divided instead of multiplied",
          "d{x} is upstream divided by the local derivative; the chain rule multiplies",
          RuleCall.divided),
    # What broadcasting repeated: a mean of two is also off by a factor of 2; with square sizes, a sum over
    # the wrong axis is also a transposed upstream.
    Entry("averaged instead of summed",
          "d{x} is a mean where a sum belongs: a value that is repeated gets the sum of what comes back",
          RuleCall.averaged),
    Entry("summed over all axes",
          "d{x} is a sum over everything: sum over the axes along which {x} was repeated, and no others",
          RuleCall.over_all_axes),
    Entry("wrong axis",
          "d{x} is a sum over the wrong axis: sum over those along which {x} was repeated",
          RuleCall.wrong_axis),
    # Matrices: W for Wᵀ is also J for Jᵀ, and says where to look.
    Entry("X for Xᵀ",
          "the matrix that stands before {x} in the product should be the other way up in d{x}: check the "
          "shapes with unequal sizes",
          RuleCall.before_transposed),
    Entry("W for Wᵀ",
          "a matrix in d{x} should be the other way up: check the shapes with unequal sizes",
          RuleCall.behind_transposed),
    Entry("upstream transposed",
          "d{x} has the upstream transposed; it is the other operand that is",
          RuleCall.upstream_transposed),
    Entry("factors exchanged",
          "the factors of d{x} stand in the wrong order: matrices do not commute",
          RuleCall.factors_exchanged),
    # Gates of one kind: functions of one number, then losses with targets.
    Entry("local derivative taken at the output",
          "the local derivative was evaluated at out; the formula wants it at {x}",
          RuleCall.at_out),
    Entry("target not subtracted",
          "d{x} knows nothing of the right answers: at the right class something is missing",
          RuleCall.target_not_subtracted),
    Entry("softmax over the wrong axis",
          "the probabilities in d{x} do not add up to 1 in each row: every sample has its own softmax",
          RuleCall.softmax_of_columns),
    Entry("classes counted from 1",
          "d{x} has its target one class beside the right one: classes count from 0",
          RuleCall.next_class),
    # A factor too many or too few: late, as it fits easily; 2 first, since out or x may be 2 everywhere.
    Entry("factor 2",
          ADVICE["factor 2"],
          lambda call: [2 * call.wanted, call.wanted / 2]),
    Entry("a slope too many or too few",
          "d{x} is off by the slope of a sigmoid: count once more through which functions the signal goes "
          "back",
          RuleCall.slope_of_sigmoid),
    Entry("a power of out",
          "d{x} has a factor out too many or too few",
          lambda call: call.a_factor_of(call.out)),
    Entry("a power of x",
          "d{x} has a factor {x} too many or too few",
          lambda call: call.a_factor_of(call.x)),
    # What only the whole Jacobian tells: last, as the least special; the table of results comes behind it.
    Entry("only the diagonal",
          "d{x} uses ∂out[i]/∂{x}[i] alone, but every entry of out depends on several of {x}",
          RuleCall.diagonal),
    Entry("J for Jᵀ",
          "d{x} is the Jacobian times upstream; going back it is the transposed Jacobian",
          RuleCall.forward_product),
    Entry("overwritten at a fork",
          "an entry of {x} is used several times and only one of them is in d{x}: add them all, += and not"
          " =",
          RuleCall.one_use_alone),
)  # fmt: skip
