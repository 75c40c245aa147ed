"""What an exception is called follows from its object and its place, never from its words."""

from types import FunctionType

import numpy as np
import pytest

from bplib import check_gate
from bplib.check.raised import mistake_of_an_error
from bplib.errors import InputError, ShapeError
from tests.check.rules import rule

DECISION, SHAPES = "one decision for many entries", "shapes do not fit"
CHANGED, CUT = "argument changed in place", "integer truncation"
FORGOTTEN, NAME = "nothing remembered", "name for thing"

x, w = np.arange(1.0, 7).reshape(2, 3), np.ones((2, 4))
whole, frozen = np.arange(6), np.ones((2, 3))
frozen.flags.writeable = False


def name_of(action):
    with pytest.raises(Exception) as caught:
        action()
    return mistake_of_an_error(caught.value)[0]


class Holder:
    """Methods that look in self, and elsewhere."""

    def __init__(self):
        self.kept, self.nothing = np.ones(3), None

    def forgotten(self):
        return self.mask * 2

    def forgotten_in_the_middle(self):
        return [abs(value) for value in [1, 2]] + self.cache.shape

    def of_an_array(self):
        return self.kept.masks

    def of_none(self):
        return self.nothing.shape

    def of_a_module(self):
        return np.no_such_thing

    def frozen_in_self(self):
        self.kept.flags.writeable = False
        self.kept += 1

    def never_shaped(self):
        return self.kept * np.ones(2)


def plain(array):
    return array.has_no_attribute


def while_positive(values):
    while values > 0:
        values = values - 1


def cut(values):
    values += 0.5


def write(values, others):
    values[...] = others


def step_by_name(params, grads):
    for p, g in zip(params, grads, strict=True):
        p -= 0.1 * g


def step_of_values(params, grads):
    for p, g in zip(params.values(), grads, strict=True):
        p -= 0.1 * g


def divided(params):
    return [name / 2 for name in params]


NAMED = {
    DECISION: [
        lambda: 1 if x > 0 else 2,
        lambda: (x > 0) and (x < 2),
        lambda: not x,
        lambda: max(x, 0 * x),
        lambda: min(0.0, x),
        lambda: bool(x),
        lambda: any(x > 0),
        lambda: while_positive(x),
        lambda: [k for k in [x] if k],
    ],
    SHAPES: [
        lambda: x @ w,
        lambda: np.dot(x, w),
        lambda: x.dot(w),
        lambda: np.matmul(w, x),
        lambda: np.einsum("ij,jk->ik", x, w),
        lambda: x * w,
        lambda: x.T + w,
        lambda: np.add(x, w),
        lambda: np.maximum(x, w),
        lambda: x > w,
        lambda: write(x, w),
        Holder().never_shaped,
    ],
    CHANGED: [lambda: write(frozen, 1.0), lambda: np.add(x, 1, out=frozen), Holder().frozen_in_self],
    CUT: [lambda: cut(whole), lambda: np.multiply(whole, 0.5, out=whole)],
    FORGOTTEN: [Holder().forgotten, Holder().forgotten_in_the_middle],
    NAME: [
        lambda: [each.astype(float) for each in {"x": x}],
        lambda: "W1".shape,
        lambda: step_by_name({"W": x}, {"W": x}),
        lambda: step_of_values({"W": x}, {"W": x}),
        lambda: divided({"b": x}),
    ],
}


@pytest.mark.parametrize(("name", "actions"), NAMED.items(), ids=NAMED)
def test_a_mistake_is_told_by_its_object_and_its_place(name, actions):
    assert [name_of(action) for action in actions] == [name] * len(actions)


def says(error):
    raise error


UNNAMED = [
    lambda: np.take(x, np.array([1.0])),
    lambda: plain(x),
    lambda: np.no_such_thing,
    Holder().of_an_array,
    Holder().of_none,
    Holder().of_a_module,
    lambda: x.no_such_method(),
    lambda: whole**-1,
    lambda: says(ValueError("matmul: operands could not be broadcast together, not aligned, read-only")),
    lambda: says(ValueError("The truth value of an array is ambiguous")),
    lambda: says(TypeError("Cannot cast float to int")),
    lambda: (lambda text: text / 2)("3"),
    lambda: says(TypeError("can't multiply sequence by non-int of type 'float'")),
    lambda: says(AttributeError("'str' object has no attribute 'shape'")),
    lambda: int("three"),
    lambda: x.reshape(7),
    lambda: np.concatenate([x, w[0]]),
    lambda: {}["broadcast"],
    lambda: says(ShapeError("matmul: broadcast")),
    lambda: says(InputError("read-only")),
]


@pytest.mark.parametrize("action", UNNAMED)
def test_words_alone_name_nothing(action):
    assert name_of(action) == ""


def test_an_error_that_was_never_raised_names_nothing():
    assert mistake_of_an_error(ValueError("matmul")) == ("", "")


def test_code_without_its_source_is_judged_by_its_instructions():
    code = compile("1 if x > 0 else 2", "<elsewhere>", "eval")
    assert name_of(FunctionType(code, {"x": x})) == DECISION


def test_objects_that_cannot_be_looked_at_do_no_harm():
    class Hostile:
        def __getattribute__(self, name):
            raise ZeroDivisionError

    assert name_of(lambda: says(AttributeError("no", obj=Hostile(), name="x"))) == ""


def test_a_check_names_the_mistake_of_an_exception_inside_a_rule():
    report = check_gate(rule(np.tanh, lambda u, out, x: np.take(u, np.array([1.0]))), np.ones((2, 3)))
    assert report.mistakes == () and "raised TypeError" in str(report)
    assert check_gate(rule(np.tanh, lambda u, out, x: u.sum() @ x), x).mistakes == (SHAPES,)
