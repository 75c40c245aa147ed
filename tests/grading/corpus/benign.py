"""What most students hand in: right answers of every style, known mistakes, and work that is not finished."""

from functools import partial

from bplib.authoring.rehearsal import Assignment, read_answer, read_wrong_answer
from tests.grading.course import CONFIG

from . import ALL, BLANK, NOTHING, Member, table

member = partial(Member, "benign", told=NOTHING)
ASSIGNMENTS = [Assignment(CONFIG.parent, f"ps0{number}") for number in (1, 3, 4, 6, 7)]
SOME = slice(4, None, 40)  # a sample: `bplib selftest` asks all of them
TWO = slice(2)  # test_sandbox.py asks all that are right
TOO_LONG = {"sample_by_sample"}  # each of its 14 370 steps crosses, longer than a call here may last


def quick(paths):
    return [path for path in paths if path.stem not in TOO_LONG]


def by_hand(paths):
    return [path for path in paths if path.stem != "the_library"]


def right(assignment, path):
    _, cells = read_answer(path)
    return member(f"{assignment.name} right: {path.stem}", cells, assignment=assignment.name)


def wrong(assignment, path):
    claim, cells = read_wrong_answer(path)
    name, told = f"{assignment.name} wrong: {path.stem}", claim.mistake
    return member(name, cells, {claim.cell: claim.points}, told=told, assignment=assignment.name)


UNFINISHED = r"""
## an empty answer cell
loses: test_wave 0
# %% wave

## an answer of comments
loses: test_wave 0
# %% wave
# I could not do this one, sorry

## a function that prints and returns nothing
loses: test_wave 0
# %% wave
def wave(x):
    print(x)

## the value, and None for the slope
loses: test_wave 1
# %% wave
def wave(x):
    return np.exp(-((3 * x - 1) ** 2)), None

## a list in place of a tuple
# %% wave
def wave(x):
    w = np.exp(-((3 * x - 1) ** 2))
    return [w, -6 * (3 * x - 1) * w]
"""

ONE_TASK = {
    "wave": "def wave(x):\n    w = np.exp(-((3 * x - 1) ** 2))\n    return w, -6 * (3 * x - 1) * w",
}
OTHERS = dict.fromkeys(("test_gradient", "test_layers", "test_fruits", "test_agree"), 0.0)

MEMBERS = [
    *(right(each, path) for each in ASSIGNMENTS for path in by_hand(each.known("right"))[TWO]),
    *(wrong(each, path) for each in ASSIGNMENTS for path in quick(each.known("wrong"))[SOME]),
    member("nothing done", BLANK, ALL),
    member("one task done, of five", BLANK | ONE_TASK, OTHERS),
    member("only the explanation", BLANK | {"explain": "One sweep shares what lies behind a gate."}, ALL),
    *table(UNFINISHED, "benign", told=NOTHING),
]
