"""What crosses between a student's process and the checker, and what both go on sharing."""

import math
import tracemalloc
from collections import OrderedDict, defaultdict, namedtuple
from enum import IntEnum

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bplib.grading.sandbox.link import Lost, Peer
from bplib.grading.sandbox.sharing import Sharing
from bplib.grading.sandbox.values import DEEPEST, LARGEST, NotPlain, Values, packed, unpacked


def cross(x):
    """What arrives on the other side."""
    return Sharing(1).read(unpacked(packed(Sharing(0).write(x))))


def form(x, seen=None):
    """All that can be told of a value: types, bits, order, and which parts are the same object."""
    seen = {} if seen is None else seen
    kind = type(x)
    if kind in (list, dict, set) or isinstance(x, np.ndarray | np.random.Generator | np.random.RandomState):
        if id(x) in seen:
            return "again", seen[id(x)]
        seen[id(x)] = len(seen)
    if kind is list or isinstance(x, tuple):
        return kind.__name__, getattr(kind, "_fields", None), [form(each, seen) for each in x]
    if kind is dict:
        return "dict", [(form(key, seen), form(each, seen)) for key, each in x.items()]
    if kind in (set, frozenset):
        return kind.__name__, sorted(map(form, x), key=repr)
    if kind is np.ndarray and x.dtype.kind == "O":
        return "objects", x.shape, [form(x[place], seen) for place in np.ndindex(x.shape)]
    if kind is np.ndarray:
        order = "F" if x.flags.f_contiguous and not x.flags.c_contiguous else "C"
        return x.dtype.str, x.shape, order, x.flags.writeable, x.tobytes()
    if isinstance(x, np.generic):
        return kind.__name__, x.dtype.str, x.tobytes()
    if kind is np.random.Generator:
        return kind.__name__, repr(x.bit_generator.state)
    if kind is np.random.RandomState:
        return kind.__name__, repr(x.get_state())
    return kind.__name__, repr(x)


# -------------------------------------------------------------------------------------------- the codec

numbers = st.one_of(
    st.integers(), st.integers(-(2**70), 2**70), st.floats(), st.complex_numbers(), st.booleans(), st.none()
)
dtypes = st.one_of(
    npst.boolean_dtypes(), npst.integer_dtypes(), npst.unsigned_integer_dtypes(), npst.floating_dtypes(),
    npst.complex_number_dtypes(), npst.unicode_string_dtypes(), npst.byte_string_dtypes(),
)  # fmt: skip
scalars = (
    dtypes.flatmap(lambda dtype: npst.arrays(dtype, ()))
    .map(lambda array: array[()])
    .filter(lambda x: x.nbytes)
)
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
hashable = st.one_of(numbers, texts, st.binary(max_size=20))
ranges = st.builds(range, st.integers(), st.integers(), st.integers(min_value=1))
slices = st.builds(slice, st.none() | st.integers(), st.none() | st.integers(), st.none() | st.integers())
views = st.sampled_from((
    lambda x: x, np.transpose, np.asfortranarray, lambda x: x[..., None], lambda x: x[::-2] if x.ndim else x,
    lambda x: np.broadcast_to(x, (2, *x.shape)),
))  # fmt: skip
shapes = npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
arrays = st.builds(lambda x, view: view(x), npst.arrays(dtypes, shapes), views)


def objects(*items):
    """An array of objects; numpy would make more of lists and ranges."""
    array = np.empty(len(items), dtype=object)
    for place, each in enumerate(items):
        array[place] = each
    return array


plain = st.recursive(
    st.one_of(hashable, scalars, ranges, slices, arrays, st.just(Ellipsis), st.frozensets(hashable)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(hashable, inner, max_size=5),
        st.sets(hashable, max_size=5),
        st.lists(inner, max_size=4).map(lambda items: objects(*items)),
    ),
    max_leaves=12,
)


@given(plain)
@example(-0.0)
@example([math.nan, -math.inf, 2**63, 2**64, -(2**63) - 1, complex(-0.0, math.nan)])
@example({"a": {1: (None, {b"x"}), 2: np.float32("nan")}})
@example(np.array([], dtype="<c16").reshape(3, 0, 2))
@example(np.zeros((1,) * 40))
@example(np.array([[1, [2, 3]], [None, {"x": 1}]], dtype=object))
@example(np.array({}, dtype=object))
@example("\ud800 half a pair")
def test_every_plain_value_arrives_as_it_was(x):
    assert form(cross(x)) == form(x)


@pytest.mark.parametrize("x", [np.str_(""), np.bytes_(b"")])
def test_an_empty_text_of_numpy_arrives_as_text(x):
    assert cross(x) == x and type(cross(x)) in (str, bytes)


@pytest.mark.parametrize("digits", [20, 4299, 4301, 20_000])
def test_an_integer_may_be_longer_than_python_prints(digits):
    assert cross(-(10**digits)) == -(10**digits)


def test_the_parts_of_a_named_tuple_keep_their_names():
    Point = namedtuple("Point", "x y")
    got = cross(Point(1.5, [2]))
    assert got == (1.5, [2]) and (got.x, got.y) == (1.5, [2]) and got._fields == ("x", "y")
    assert type(cross(Point(1, 2))) is type(cross(Point(3, 4)))


@pytest.mark.parametrize("fields", [["__class__", "for"], ["x", "x"], ["a b", "print()"], [["x"], 7]])
def test_no_name_of_a_part_is_more_than_a_name(fields):
    got = Values().read(["tuple", [1, 2], fields])
    assert got == (1, 2) and type(got).__class__ is type and type(got).__mro__[1] is tuple


class Colour(IntEnum):
    RED = 3


class Lies(float):
    def __float__(self):
        return 1.0

    def __repr__(self):
        return "1.0"

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


@pytest.mark.parametrize(
    ("x", "plain"),
    [
        (Colour.RED, 3),
        (Lies(0.25), 0.25),
        (type("S", (str,), {"__str__": lambda self: "no"})("yes"), "yes"),
        (type("B", (bytes,), {"__bytes__": lambda self: b"no"})(b"yes"), b"yes"),
        (type("T", (tuple,), {"__iter__": lambda self: iter("no")})((1, 2)), (1, 2)),
        (type("L", (list,), {"__iter__": lambda self: iter("no")})([1, 2]), [1, 2]),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (defaultdict(list, {1: [2]}), {1: [2]}),
    ],
)
def test_of_a_subclass_crosses_what_it_is_and_not_what_it_says(x, plain):
    assert form(cross(x)) == form(plain)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_a_matrix_and_a_masked_array_arrive_as_arrays():
    assert form(cross(np.asmatrix([[1, 2]]))) == form(np.array([[1, 2]]))
    assert form(cross(np.ma.array([1, 2], mask=[0, 1]))) == form(np.array([1, 2]))


@pytest.mark.parametrize(
    ("x", "what"),
    [
        (object(), "object"),
        (print, "builtin_function_or_method"),
        (np.datetime64("2020-01-01"), "datetime64"),
        (np.zeros(2, "i4,f4"), "ndarray"),
        (np.zeros(1, "i4,f4")[0], "void"),
        (np.array(["2020-01-01"], "M8[D]"), "ndarray"),
        (iter([]), "list_iterator"),
        (bytearray(b"x"), "bytearray"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [1, (x,)], lambda x: {1: {2: x}}])
def test_what_is_not_plain_is_refused_by_its_type(x, what, wrap):
    with pytest.raises(NotPlain, match=f"^a value of type {what}$"):
        Sharing(0).write(wrap(x))


WRAPS = [lambda x: [x], lambda x: (x,), lambda x: {0: x}, lambda x: frozenset([x])]


@pytest.mark.parametrize("wrap", WRAPS)
def test_what_is_not_nested_too_deeply_to_be_written_can_be_read(wrap):
    x = 0
    for depth in range(1, 10_000):
        x = wrap(x)
        if depth <= DEEPEST:
            assert form(cross(x)) == form(x)
        elif depth < DEEPEST + 5 or (depth == 9_999 and wrap in WRAPS[:3]):  # hash() of the other is deep
            with pytest.raises(NotPlain, match="nested too deeply"):
                Sharing(0).write(x)
    while isinstance(x, list | tuple):  # Python itself would take it apart with a call for each level
        (x,) = x


def test_more_than_64_mb_do_not_cross():
    with pytest.raises(NotPlain, match="more than 64 MB"):
        packed(Sharing(0).write(bytes(LARGEST)))


@pytest.mark.parametrize("many", [list, tuple])
def test_more_than_a_million_values_do_not_cross(many):
    data = packed(Sharing(0).write([many([None]) * 1000] * 1001 if many is list else [(None,) * 1000] * 1001))
    if many is list:  # one list, a thousand and one times
        assert len(Sharing(1).read(unpacked(data))) == 1001
    else:
        with pytest.raises(NotPlain):
            Sharing(1).read(unpacked(data))


# ---------------------------------------------------------------------------------------------- forgeries


def memory_of(function, *arguments):
    """Bytes at the peak of a call that may raise NotPlain or Lost, and nothing else."""
    tracemalloc.start()
    try:
        function(*arguments)
    except (NotPlain, Lost):
        pass
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return peak


class Tape:
    """A channel that keeps what is sent, for the other side to receive."""

    def __init__(self):
        self.data = []

    def send(self, message):
        self.data.append(packed(message))

    def receive(self, deadline=None):
        return unpacked(self.data.pop(0))


class End(Peer):
    """An end that takes things of the other side for text."""

    def __init__(self, first, forgets=False):
        super().__init__(None, first, forgets)

    def read_theirs(self, number, about):
        return f"thing {number}"


def peers():
    """Two ends of a link in one process, the first one as in the checker, the second as a student's."""
    ends = [End(0, forgets=True), End(1)]
    ends[0].channel = ends[1].channel = Tape()
    return ends


def hear(data):
    """Hear it where two things are shared already."""
    ours, theirs = peers()
    ours.tell({"value": [np.arange(3.0), {"a": [1]}]})
    kept = theirs.hear()
    theirs.channel.data.append(data)
    theirs.hear()
    return kept


REAL = st.builds(
    lambda x: packed({"value": Sharing(1).write(x), "changes": [[0, "list", [[1]]]], "forget": [4]}), plain
)
edits = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255), st.sampled_from("=+-")), max_size=6)


def edited(data, edits):
    data = bytearray(data)
    for place, byte, how in edits:
        place %= len(data) + 1
        data[place : place + (how != "+")] = b"" if how == "-" else bytes([byte])
    return bytes(data)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.binary(max_size=200), st.builds(edited, REAL, edits)))
@example(b"\x81\x90\xc0")  # a list as a key
@example(b"\xdd\x00\x0f\x00\x00" * 1000)  # lists in lists, each said to be long
@example(b"\xdf\x7f\xff\xff\xff")
@example(b"\xd6\xff\0\0\0\0")  # a timestamp
@example(b"\x91" * 100_000)
def test_no_bytes_do_more_than_be_refused(data):
    assert memory_of(unpacked, data) < 500_000 + 200 * len(data)
    assert memory_of(hear, data) < 500_000 + 200 * len(data)


tags = [*End(1).readers]
junk = st.recursive(
    st.one_of(
        st.none(), st.integers(-3, 9), st.sampled_from((2**40, 2**63, -(2**63), 1.5, math.nan)),
        st.binary(max_size=16), st.sampled_from((*tags, "<f8", "|b1", "<U9999999", "<c16", "C", "F")),
        st.sampled_from(("PCG64", "MT19937", "RandomState", "bit_generator")),
        st.lists(st.sampled_from((0, 1, 2, 2**31, 2**62)), max_size=4),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.builds(lambda tag, rest: [tag, *rest], st.sampled_from(tags), st.lists(inner, max_size=6)),
        st.builds(lambda key, each: {key: each}, st.sampled_from(tags), inner),
        st.builds(
            lambda number, *rest: ["array", number, *rest],
            st.integers(1, 99), st.sampled_from(("<f8", "|S9", "<U1", "|b1")),
            st.lists(st.sampled_from((0, 1, 3, 2**31, 2**62)), max_size=4), st.sampled_from("CF"), inner,
            st.binary(),
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(value=junk, changes=st.lists(st.lists(junk, max_size=6), max_size=2) | junk, forget=junk)
def test_no_well_formed_forgery_does_more_than_be_refused(value, changes, forget):
    data = packed({"value": value, "changes": changes, "forget": forget})
    assert memory_of(hear, data) < 500_000 + 200 * len(data)


@pytest.mark.parametrize("count", [1, 100])
def test_names_for_very_many_parts_cost_little(count):
    parts = 100_000 // count
    written = [
        "tuple",
        [["tuple", [0] * parts, [f"{n}_{m}" for m in range(parts)]] for n in range(count)],
        None,
    ]
    assert memory_of(Values().read, written) < 20_000_000


# ------------------------------------------------------------------------------------------------ sharing


def reachable(x, found):
    """The mutable objects in a value, in an order that is the same wherever the value is."""
    if isinstance(x, list | dict | set | np.ndarray | np.random.Generator | np.random.RandomState):
        if any(x is each for each in found):
            return found
        found.append(x)
    items = ()
    if isinstance(x, list | tuple):
        items = x
    elif isinstance(x, dict):
        items = list(x.values())
    elif isinstance(x, np.ndarray) and x.dtype.kind == "O":
        items = [x[place] for place in np.ndindex(x.shape)]
    for each in items:
        reachable(each, found)
    return found


small = st.one_of(
    st.integers(0, 3), st.sampled_from((0.0, -0.0, math.nan, True, "a", 1j, None)),
    st.frozensets(st.integers(0, 3)), st.builds(range, st.integers(0, 3)),
)  # fmt: skip
MAKERS = {
    "list": lambda x: [x],
    "dict": lambda x: {"first": x},
    "set": lambda x: {x},
    "tuple": lambda x: (x, [x]),
    "array": lambda x: np.arange(4.0),
    "fortran": lambda x: np.asfortranarray(np.ones((2, 2), "f4")),
    "view": lambda x: np.arange(6)[::2],
    "objects": lambda x: objects(x, None),
    "generator": lambda x: np.random.default_rng(3),
    "old generator": lambda x: np.random.RandomState(3),
}


def too_deep():
    x = 0
    for _ in range(DEEPEST + 1):
        x = [x]
    return x


class World:
    """One side, or the one process that both sides shall look like."""

    def __init__(self):
        self.root, self.held = [], []

    def at(self, place):
        found = reachable([self.root, self.held], [])[2:]
        return ([self.root, *found])[place % (len(found) + 1)]


def change(world, place, key, value):
    """Change the object at a place, in a way that depends on its kind."""
    x = world.at(place)
    if isinstance(x, list):
        if value is None and x:
            del x[key % len(x)]
        elif key % 2 and x:
            x[key % len(x)] = None  # what was there is gone, and its place in memory is free
            x[key % len(x)] = value
        else:
            x.append(value)
    elif isinstance(x, dict):
        if value is None:
            x.pop(key, None)
        else:
            x[key] = value
    elif isinstance(x, set):
        x.symmetric_difference_update([key])
    elif isinstance(x, np.ndarray):
        if not x.flags.writeable:
            return
        if x.dtype.kind == "O":
            x[key % len(x)] = value
        elif key == 7:
            x.flags.writeable = False
        else:
            x += key
    elif isinstance(x, np.random.RandomState):
        x.normal()
    else:
        x.random(key)


class TwoSides(RuleBasedStateMachine):
    """Whatever the side does whose turn it is, after the next message both look like the one process."""

    def __init__(self):
        super().__init__()
        self.ends, self.worlds, self.turn = peers(), (World(), World()), 0
        self.model, self.in_model = World(), ([], [])
        self.ends[0].tell({"value": self.worlds[0].root})
        self.worlds[1].root = self.ends[1].hear()["value"]

    def both(self):
        """The side whose turn it is, and the model as that side knows it."""
        self.model.held = self.in_model[self.turn]
        return self.worlds[self.turn], self.model

    @rule(place=st.integers(0, 20), key=st.integers(0, 7), value=small)
    def put_a_value(self, place, key, value):
        for world in self.both():
            change(world, place, key, value)

    @rule(place=st.integers(0, 20), key=st.integers(0, 7), kind=st.sampled_from([*MAKERS]), value=small)
    def put_something_new(self, place, key, kind, value):
        for world in self.both():
            change(world, place, key, MAKERS[kind](value))

    @rule(place=st.integers(0, 20), key=st.integers(0, 7), which=st.integers(0, 20))
    def put_something_known(self, place, key, which):
        for world in self.both():
            change(world, place, key, world.at(which))

    @rule(which=st.integers(0, 20))
    def hold(self, which):
        for world in self.both():
            world.held.append(world.at(which))

    @rule()
    def let_go(self):
        for world in self.both():
            world.held.clear()

    @rule()
    def fail_to_send(self):
        with pytest.raises(NotPlain):
            self.ends[self.turn].tell({"value": [self.worlds[self.turn].root, too_deep()]})

    @rule()
    def hand_over(self):
        here, there = self.worlds[self.turn], self.worlds[1 - self.turn]
        self.ends[self.turn].tell({"value": here.root})
        assert self.ends[1 - self.turn].hear()["value"] is there.root
        self.turn = 1 - self.turn
        assert form(there.root) == form(here.root)

    @invariant()
    def the_side_that_runs_looks_like_one_process(self):
        world, model = self.both()
        assert form([world.root, world.held]) == form([model.root, model.held])


TestTwoSides = TwoSides.TestCase
TestTwoSides.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def handed_over(x):
    """Two ends that share x, and the other end's x."""
    ours, theirs = peers()
    ours.tell({"value": x})
    return ours, theirs, theirs.hear()["value"]


def agree(ours, theirs):
    ours.tell({})
    theirs.hear()


def test_an_array_that_is_released_again_goes_on_being_shared():
    x = np.zeros(2)
    x.flags.writeable = False
    ours, theirs, (y,) = handed_over([x])
    x.flags.writeable = True
    x += 1
    agree(ours, theirs)
    y[0] += 1
    agree(theirs, ours)
    assert x.tolist() == [2, 1]


def test_a_change_behind_a_read_only_view_arrives():
    x = np.zeros(2)
    view = np.broadcast_to(x, (3, 2))
    ours, theirs, (y,) = handed_over([view])
    x += 5
    agree(ours, theirs)
    assert (y == 5).all() and not y.flags.writeable


def test_nobody_over_there_changes_an_array_that_is_read_only_here():
    x = np.zeros(2)
    x.flags.writeable = False
    ours, theirs, (y,) = handed_over([x])
    y.flags.writeable = True
    y += 1
    agree(theirs, ours)
    assert x.tolist() == [0, 0] and not x.flags.writeable


def test_an_object_array_may_hold_itself():
    x = np.array([None, [1]], dtype=object)
    x[0] = [x]
    _, _, y = handed_over(x)
    assert y[0][0] is y and y[1] == [1]


def test_a_list_may_hold_itself():
    x = []
    x.append({"me": x})
    _, _, y = handed_over(x)
    assert y[0]["me"] is y


def test_what_nobody_holds_any_more_is_forgotten_on_both_sides():
    x = [np.zeros(10) for _ in range(50)]
    ours, theirs, y = handed_over(x)
    x.clear()
    for _ in range(3):
        agree(ours, theirs)
    assert y == [] and len(ours.objects) == len(theirs.objects) == 1
    del x
    agree(ours, theirs)
    assert len(theirs.objects) == len(theirs.numbers) == len(theirs.marks) == 0


def test_another_object_in_the_same_place_of_memory_is_another_object():
    x = [None]
    ours, theirs, y = handed_over(x)
    for number in range(100):
        x[0] = None
        x[0] = frozenset([number])
        agree(ours, theirs)
        assert y == [{number}]


def test_the_last_change_before_something_is_let_go_reaches_whoever_still_holds_it():
    x = [np.zeros(2)]
    ours, theirs, (y,) = handed_over(x)
    x[0] += 1
    x.clear()
    agree(ours, theirs)
    assert y.tolist() == [1, 1]


def test_what_is_let_go_while_a_message_fails_is_not_lost():
    x = [[1]]
    ours, theirs, (y,) = handed_over(x)
    x.clear()
    with pytest.raises(NotPlain):
        ours.tell({"value": too_deep()})
    theirs.tell({"value": y})
    assert ours.hear()["value"] == [1]


def test_what_changed_while_a_message_failed_is_told_with_the_next():
    x = [1]
    ours, theirs, y = handed_over(x)
    x.append(2)
    with pytest.raises(NotPlain):
        ours.tell({"value": too_deep()})
    agree(ours, theirs)
    assert y == [1, 2]


def test_a_change_that_cannot_cross_costs_an_answer_and_not_the_link():
    x = [1]
    ours, theirs, y = handed_over([x])
    theirs.perform = lambda message: y[0].append(too_deep())
    theirs.reply_for = lambda error: {"error": str(error)}
    theirs.answer({"do": "grow"})
    assert ours.hear()["error"] == "an answer that cannot be checked: something nested too deeply"
    del y[0][1]
    agree(theirs, ours)
    assert x == [1]
