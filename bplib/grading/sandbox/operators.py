"""What operators do with a student's objects in a test.

They are the student's code, and run in the student's process; so what a test expects must not come to them
by the way: `abs(y - want) < 1e-6` is about numbers, and where y is an object that only behaves like one, it
has no value. Objects of the student's meet each other; and what the test has made, numbers say, they meet if
the task asks for their class: then `vector * 2` is what is tested.
"""

from .values import numpy

IN_OPERATOR = {"and": "and_", "or": "or_"}  # names that differ there
OPERATORS = {
    f"__{name}__": IN_OPERATOR.get(name, name)
    for name in """
        add sub mul truediv matmul floordiv mod pow and or xor neg pos abs iadd isub imul itruediv imatmul
    """.split()
}
REFLECTED = {f"__r{name}__": name for name in "add sub mul truediv matmul floordiv mod pow".split()}
COMPARISONS = {f"__{name}__": name for name in "eq ne lt le gt ge".split()}


def add_operators(kind):
    """Give them to the class of stand-ins."""
    for method, name in OPERATORS.items():
        setattr(kind, method, operation(name))
    for method, name in REFLECTED.items():
        setattr(kind, method, operation(name, reflected=True))
    for method, name in COMPARISONS.items():
        setattr(kind, method, comparison(name, kind))


def operation(name, reflected=False):
    def operate(self, *others):
        operands = (*others, self) if reflected else (self, *others)
        if not all(may_meet(self, each) for each in others):
            raise no_number(self)
        result = end_of(self).ask("operate", name, *operands)
        if is_number(result) and any(map(is_number, others)):
            raise no_number(self)
        return result

    return operate


def comparison(name, kind):
    def compare(self, other):
        if not isinstance(other, kind):
            return NotImplemented
        return end_of(self).ask("operate", name, self, other)

    return compare


def end_of(stand_in):
    return object.__getattribute__(stand_in, "_at")[0]


def may_meet(stand_in, x):
    """Whether the student's operators may see x: it is theirs, or the task asks for a class of this name."""
    end = end_of(stand_in)
    return end.has_come(x) or type(stand_in).__name__ in end.classes


def no_number(stand_in):
    return TypeError(f"{type(stand_in).__name__} is no number: a test computes with numbers only")


def is_number(x):
    """Whether x is one, or made of them: an object that says what it likes could pass for any."""
    return isinstance(x, int | float | complex) or bool(
        numpy() and isinstance(x, (numpy().generic, numpy().ndarray))
    )
