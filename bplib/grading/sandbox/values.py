"""What may cross between a student's process and the checker, as bytes that run nothing when they are read.

None, numbers, text, tuples, frozen sets, numpy's numbers. Lists, dicts, sets, arrays and random generators
cross too, but both sides go on sharing them: see sharing. All else stays where it is and is asked from
afar: see link.

msgpack writes None, bool, float, str, bytes and most integers. Everything else is a list that opens with a
tag. What is read is checked: its size, its depth, and every tag.
"""

import re
import sys
from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

import msgpack

LARGEST = 64_000_000  # bytes of one message
MOST = 1_000_000  # values in one message
DEEPEST = 100  # values within values: whoever reads them still has room on the stack
DTYPE = re.compile(r"[<>|=][biufcSU][1-9]\d{0,8}")
AS_IT_IS = (bool, float, str, bytes, type(None))
UNREADABLE = (
    TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError, MemoryError,
)  # fmt: skip
EXACT = {  # the plain value in an instance of a subclass, whatever the subclass says of itself
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    bytes: lambda x: bytes.__getitem__(x, slice(None)),
}


class NotPlain(Exception):
    """Something cannot cross; the message says what it is, after "got"."""


def packed(message):
    """A message, made of what Values.write returns, as bytes."""
    try:
        data = msgpack.packb(message, unicode_errors="surrogatepass")
    except (TypeError, ValueError, RecursionError, MemoryError, OverflowError):
        raise NotPlain("something that cannot be written down") from None
    if len(data) > LARGEST:
        raise NotPlain(f"more than {LARGEST // 1_000_000} MB")
    return data


def unpacked(data):
    left = MOST

    def counted(values):
        nonlocal left
        left -= 1 + len(values)
        if left < 0:
            raise ValueError("too many values")
        return values

    try:
        return msgpack.unpackb(
            data,
            strict_map_key=False,
            unicode_errors="surrogatepass",
            list_hook=counted,
            object_hook=counted,
            max_array_len=min(MOST, len(data)),  # room for it is made before it is read
            max_map_len=min(MOST, len(data)),
        )
    except (*UNREADABLE, msgpack.UnpackException):
        raise NotPlain("a message that cannot be read") from None


def numpy():
    """numpy, if anybody has imported it: without it, no value is an array."""
    return sys.modules.get("numpy")


class Values:
    """Writes values as messages and reads them back. What is not plain is left to `write_other`."""

    def __init__(self):
        self.depth = 0
        self.readers = {
            "int": lambda digits: int(digits, 16),
            "complex": complex,
            "tuple": self.read_tuple,
            "frozenset": lambda items: frozenset(map(self.value, items)),
            "range": lambda *ends: range(*map(self.value, ends)),
            "slice": lambda *ends: slice(*map(self.value, ends)),
            "ellipsis": lambda: Ellipsis,
            "Fraction": lambda up, down: Fraction(self.value(up), self.value(down)),
            "Decimal": lambda text: Decimal(str(text)),
            "scalar": self.read_scalar,
        }

    def write(self, x):
        """The value as a message. Raises NotPlain for what cannot cross."""
        kind = type(x)
        if kind in AS_IT_IS:
            return x
        if kind is int:
            return x if -(2**63) <= x < 2**64 else ["int", hex(x)]
        if numpy() and isinstance(x, numpy().generic) and DTYPE.fullmatch(x.dtype.str):
            return ["scalar", x.dtype.str, x.tobytes()]
        if kind is complex:
            return ["complex", x.real, x.imag]
        if self.depth == DEEPEST:
            raise NotPlain("something nested too deeply")
        self.depth += 1
        try:
            return self.write_parts(kind, x)
        finally:
            self.depth -= 1

    def write_parts(self, kind, x):
        if kind is frozenset:
            return ["frozenset", [self.write(each) for each in x]]
        if kind in (range, slice):
            return [kind.__name__, *map(self.write, (x.start, x.stop, x.step))]
        if isinstance(x, tuple):
            return ["tuple", [self.write(each) for each in tuple.__iter__(x)], field_names(kind)]
        if kind is Fraction:
            return ["Fraction", self.write(x.numerator), self.write(x.denominator)]
        if kind is Decimal:
            return ["Decimal", str(x)]
        if x is Ellipsis:
            return ["ellipsis"]
        for base, exact in EXACT.items():
            if isinstance(x, base):
                return self.write(exact(x))
        return self.write_other(x)

    def write_other(self, x):
        raise NotPlain(f"a value of type {type(x).__name__}")

    def read(self, written):
        """The value that was written. Raises NotPlain for anything that `write` does not write."""
        self.left = MOST
        try:
            return self.value(written)
        except UNREADABLE:
            raise NotPlain("a value that cannot be read") from None

    def value(self, written):
        self.left -= 1
        if self.left < 0:
            raise NotPlain(f"more than {MOST} values")
        if type(written) in AS_IT_IS or type(written) is int:
            return written
        tag, *rest = written
        return self.readers[tag](*rest)

    def read_tuple(self, items, fields):
        values = tuple(map(self.value, items))
        return kind_of_tuple(tuple(str(field)[:80] for field in fields))(values) if fields else values

    def read_scalar(self, dtype, data):
        kind = checked_dtype(dtype)
        return numpy().frombuffer(data, kind, count=1)[0]


def field_names(kind):
    fields = getattr(kind, "_fields", None) if kind is not tuple else None
    return list(map(str, fields)) if isinstance(fields, tuple) else None


KINDS = {}
MOST_FIELDS = 100


def kind_of_tuple(fields):
    """Makes tuples whose parts have these names; plain ones if somebody wants very many names."""
    if len(fields) > MOST_FIELDS or len(KINDS) > 1000:
        return tuple
    if fields not in KINDS:
        KINDS[fields] = namedtuple("answer", fields, rename=True)._make
    return KINDS[fields]


def checked_dtype(dtype):
    if not DTYPE.fullmatch(dtype):
        raise NotPlain("an array of a kind that cannot be read")
    import numpy

    return numpy.dtype(dtype)
