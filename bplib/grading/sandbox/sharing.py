"""Lists, dicts, sets, arrays and random generators that both processes hold, and that stay the same in both.

A test hands over an array and looks afterwards whether it was changed; a layer keeps an array that the test
changes later; an optimiser moves the arrays in a dict, or puts others in their place. All of that has to
come out as in one process. So both sides number what they share, and whoever hands over says what has
changed since: only one of them runs at a time.
"""

import sys

from .values import DTYPE, NotPlain, Values, checked_dtype, numpy

GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


class Sharing(Values):
    """The values that are shared with the other side, by number: even ones come from here, odd from there.

    forgets    whether what nobody here uses any more is given up, on both sides: one side decides for both
    """

    def __init__(self, first, forgets=False):
        super().__init__()
        self.objects, self.numbers, self.marks = {}, {}, {}
        self.next, self.forgets = first, forgets
        self.readers |= {
            "shared": self.objects.__getitem__,
            "list": self.read_list,
            "dict": self.read_dict,
            "set": self.read_set,
            "array": self.read_array,
            "objects": self.read_objects,
            "generator": self.read_generator,
        }

    # what crosses for the first time, and what is known

    def write_other(self, x):
        if id(x) in self.numbers:
            return ["shared", self.numbers[id(x)]]
        kind = kind_of(x)
        if kind is None:
            return self.write_foreign(x)
        if kind == "copy":  # a matrix or a masked array crosses as the array that it is
            return self.write_other(numpy().array(x, subok=False))
        number, self.next = self.next, self.next + 2
        self.keep(number, x)
        return [kind, number, *self.content(kind, x)]

    def write_foreign(self, x):
        raise NotPlain(f"a value of type {type(x).__name__}")

    def keep(self, number, x):
        if type(number) is not int or number in self.objects:
            raise NotPlain("a value that cannot be read")
        self.objects[number], self.numbers[id(x)] = x, number
        return x

    def has_come(self, x):
        """Whether the other side has made it."""
        number = self.numbers.get(id(x), self.next)
        return number % 2 != self.next % 2

    def content(self, kind, x):
        if kind == "list":
            return [[self.write(each) for each in list.__iter__(x)]]
        if kind == "dict":
            return [[[self.write(key), self.write(each)] for key, each in dict.items(x)]]
        if kind == "set":
            return [[self.write(each) for each in set.__iter__(x)]]
        if kind == "generator":
            return [type(x).__name__, self.write(state_of(x))]
        if kind == "objects":
            return [list(x.shape), [self.write(each) for each in x.ravel().tolist()]]
        order = "F" if x.flags.f_contiguous and not x.flags.c_contiguous else "C"
        return [x.dtype.str, list(x.shape), order, bool(x.flags.writeable), x.tobytes(order)]

    def read_list(self, number, items):
        x = self.keep(number, [])
        x.extend(map(self.value, items))
        return x

    def read_dict(self, number, items):
        x = self.keep(number, {})
        x.update((self.value(key), self.value(each)) for key, each in items)
        return x

    def read_set(self, number, items):
        x = self.keep(number, set())
        x.update(map(self.value, items))
        return x

    def read_array(self, number, dtype, shape, order, writeable, data):
        array = as_array(dtype, shape, order, data)
        array.flags.writeable = writeable
        return self.keep(number, array)

    def read_objects(self, number, shape, items):
        array = self.keep(number, numpy().array([None] * len(items), dtype=object).reshape(shape))
        set_objects(self, array, shape, items)
        return array

    def read_generator(self, number, kind, state):
        return self.keep(number, generator(kind, self.value(state)))

    # what has changed

    def changes(self):
        """[[number, kind, content …]] of what has changed since both sides last agreed, and its new marks."""
        changed, marks = [], {}
        for number, x in list(self.objects.items()):
            if number in self.marks and self.marks[number] != (now := mark(x)):
                marks[number] = now
                changed.append([number, kind_of(x), *self.content(kind_of(x), x)])
        return changed, marks

    def agree(self, changed=()):
        """Remember how things are, when both sides have the same: what is new or was changed there."""
        for number, x in self.objects.items():
            if number not in self.marks or number in changed:
                self.marks[number] = mark(x)

    def apply(self, changes):
        for number, kind, *content in changes:
            x = self.objects[number]
            if kind_of(x) != kind:
                raise NotPlain("a change that cannot be made")
            APPLY[kind](self, x, *content)

    def unused(self):
        """Numbers of what nobody here holds any more: both sides drop it when its last change is told."""
        if not self.forgets:
            return []
        # one reference is ours, one is getrefcount's own
        return [number for number in self.objects if sys.getrefcount(self.objects[number]) <= 2]

    def drop(self, numbers):
        for number in numbers:
            x = self.objects.pop(number, None)
            self.numbers.pop(id(x), None)
            self.marks.pop(number, None)


def kind_of(x):
    """The tag of a value that can be shared; "copy" if only a copy can; None if it stays here."""
    for base in (list, dict, set):
        if isinstance(x, base):
            return base.__name__
    np = numpy()
    if np is None:
        return None
    if isinstance(x, np.ndarray):
        if type(x) is not np.ndarray:
            return "copy"
        return "array" if DTYPE.fullmatch(x.dtype.str) else "objects" if x.dtype.kind == "O" else None
    return "generator" if type(x) in (np.random.Generator, np.random.RandomState) else None


def mark(x):
    """Something that differs as soon as the content does; what is shared itself counts by its identity."""
    kind = kind_of(x)
    if kind == "array":
        return x.shape, x.dtype.str, x.flags.writeable, hash(x.tobytes())
    if kind == "dict":
        return tuple((mark_of_item(key), mark_of_item(each)) for key, each in dict.items(x))
    if kind == "generator":
        return repr(state_of(x))
    items = {"list": list.__iter__, "set": set.__iter__, "objects": lambda x: x.ravel().tolist()}[kind](x)
    return tuple(map(mark_of_item, items))


def mark_of_item(x):
    if isinstance(x, tuple):
        return tuple(map(mark_of_item, tuple.__iter__(x)))
    if type(x) in (int, str, bytes, bool, type(None)):
        return type(x).__name__, x
    if type(x) in (float, complex):
        return type(x).__name__, repr(x)
    if numpy() and isinstance(x, numpy().generic):
        return x.dtype.str, x.tobytes()
    return Same(x) if kind_of(x) in (None, "copy") else id(x)  # what is shared is held already


class Same:
    """Equals the mark of the same object only, and holds it: no other can come to have its id."""

    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return isinstance(other, Same) and self.x is other.x

    __hash__ = None


def state_of(random):
    return random.bit_generator.state if hasattr(random, "bit_generator") else random.get_state(legacy=False)


def generator(kind, state):
    from numpy import random

    if kind == "RandomState":
        made = random.RandomState()
        made.set_state(state)
        return made
    name = state["bit_generator"]
    if name not in GENERATORS:
        raise NotPlain("a random generator of a kind that cannot be read")
    made = random.Generator(getattr(random, name)())
    made.bit_generator.state = state
    return made


def as_array(dtype, shape, order, data):
    if not all(type(size) is int and size >= 0 for size in shape):
        raise NotPlain("an array of a shape that cannot be read")
    kind = checked_dtype(dtype)
    return numpy().ndarray(shape, kind, data, order="F" if order == "F" else "C").copy("K")


def set_list(sharing, x, items):
    x[:] = map(sharing.value, items)


def set_dict(sharing, x, items):
    new = {sharing.value(key): sharing.value(each) for key, each in items}
    x.clear()
    x.update(new)


def set_set(sharing, x, items):
    new = set(map(sharing.value, items))
    x.clear()
    x.update(new)


def set_array(sharing, x, dtype, shape, order, writeable, data):
    new = as_array(dtype, shape, order, data)
    if new.dtype != x.dtype or new.size != x.size:
        raise NotPlain("an array that has changed its size")
    if not sharing.has_come(x) and not x.flags.writeable:
        return  # whose array it is says whether it may be changed
    if x.shape != new.shape:
        x.shape = new.shape
    if not x.flags.writeable:
        x.flags.writeable = True
    x[...] = new
    if not writeable:
        x.flags.writeable = False


def set_objects(sharing, x, shape, items):
    for place, each in enumerate(items):
        x.flat[place] = sharing.value(each)


def set_generator(sharing, x, kind, state):
    new = generator(kind, sharing.value(state))
    if kind == "RandomState":
        x.set_state(new.get_state(legacy=False))
    else:
        x.bit_generator.state = new.bit_generator.state


APPLY = {
    "list": set_list,
    "dict": set_dict,
    "set": set_set,
    "array": set_array,
    "objects": set_objects,
    "generator": set_generator,
}
