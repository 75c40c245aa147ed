"""The programs of the bug hunt: the sound one against the library, each bug seen by its measurement."""

import numpy as np
import pytest

import bplib as bp
from bplib.course import method
from bplib.course.bugs import catalogue, ill, patients
from bplib.course.program import Program, reads, sound_lines, value_of
from bplib.networks.data import Data

SIZES, N = (7, 5, 4), 60


def clouds(seed):
    """Samples of four kinds, whole numbers of pixels, in two sets."""
    rng = np.random.default_rng(seed)
    t = rng.integers(0, 4, 2 * N)
    x = rng.normal(size=(4, 7))[t] * 2 + rng.normal(0, 0.6, (2 * N, 7))
    return Data(x[:N], t[:N], x[N:], t[N:])


def prepared(program, seed=0):
    data = clouds(seed)
    return *program.prepare(data.x_train, data.t_train, data.x_train), data


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_sound_program_agrees_with_the_graph_of_the_library(seed):
    program = Program(sizes=SIZES, keep=1.0, rng=seed)
    x, t, _ = prepared(program, seed)
    net = bp.MLP(SIZES)
    for name, array in program.params.items():
        net.params[name] = array
    assert program.loss(x, t) == pytest.approx(net.loss(x, t), rel=1e-12)
    for name, gradient in net.gradient(x, t).items():
        assert program.gradient(x, t)[name] == pytest.approx(gradient, rel=1e-10, abs=1e-14)
    before = {name: array.copy() for name, array in program.params.items()}
    program.step(x, t, 0.3)
    for name, gradient in net.gradient(x, t).items():
        assert program.params[name] == pytest.approx(before[name] - 0.3 * gradient, rel=1e-10, abs=1e-14)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_gradient_with_a_mask_is_the_one_that_differences_measure(seed):
    program = Program(sizes=SIZES, rng=seed)
    x, t, _ = prepared(program, seed)
    assert bp.check_network(program, x[:9], t[:9]).ok
    assert max(method.gradient_error(program, x[:9], t[:9]).values()) < 1e-6


def test_measuring_leaves_the_program_and_the_data_as_they_were():
    program = Program(sizes=SIZES)
    x, t, data = prepared(program)
    before = [array.copy() for array in (*program.params.values(), x, t, *data)]
    method.symptoms(program, data, epochs=2)
    method.loss_at_zero(program, x, t)
    method.gradient_error(program, x[:4], t[:4])
    method.rate_sweep(program, x, t)
    after = [*program.params.values(), x, t, *data]
    assert all(map(np.array_equal, before, after))


# What each measurement says of a program; a bug is seen first by the one beside its name.
SEES = {
    "data": lambda p, x, t, data: (lambda found: found["moved"] > 0.1 or found["own"] > 1e-9)(
        method.look_at_the_data(p, data)
    ),
    "first loss": lambda p, x, t, data: abs(p.loss(x, t) - np.log(p.sizes[2])) > 1.0,
    "zero": lambda p, x, t, data: abs(method.loss_at_zero(p, x, t)["loss"] - np.log(p.sizes[2])) > 1e-9,
    "five": lambda p, x, t, data: not method.by_heart(p, x[:5], t[:5], 300, 0.3)[-1] < 0.3,
    "gradient": lambda p, x, t, data: max(method.gradient_error(p, x[:9], t[:9]).values()) > 1e-4,
    "norms": lambda p, x, t, data: (lambda n: n["W1"] < 0.01 * n["W2"])(method.norms(p, x, t)),
    "rates": lambda p, x, t, data: max(method.rate_sweep(p, x, t).values()) > 1e-3,
    "use": lambda p, x, t, data: (
        not np.array_equal(p.scores(x), p.scores(x)) or method.trained(p, data)["accuracy"][-1] < 0.5
    ),
}
FIRST_SEEN = {
    "labels shifted": "data",
    "scaled by its own statistics": "data",
    "begins too wide": "first loss",
    "softmax over the samples": "first loss",
    "logarithm cushioned": "zero",
    "uphill": "five",
    "bias averaged": "gradient",
    "relu walked past": "gradient",
    "mask forgotten on the way back": "gradient",
    "begins too narrow": "norms",
    "moved too early": "rates",
    "rate squared": "rates",
    "dropout left on": "use",
    "least for largest": "use",
}


@pytest.mark.parametrize("bug", catalogue(), ids=lambda bug: bug.name)
def test_every_bug_is_seen_by_the_method_and_by_no_earlier_step_where_one_is_named(bug):
    with np.errstate(all="ignore"):
        program = ill(bug, sizes=SIZES, rng=3)
        x, t, data = prepared(program)
        seen = [step for step, sees in SEES.items() if sees(program, x, t, data)]
    assert seen
    assert seen[0] == FIRST_SEEN.get(bug.name, seen[0])


PAGE = {
    "data": {"look at the data"},
    "first loss": {"first loss"},
    "zero": {"loss at zero"},
    "five": {"five samples by heart"},
    "gradient": {"gradient check"},
    "norms": {"norms by layer"},
    "rates": {"a step is off by"},
    "use": {"known and new samples", "asked twice"},
}


@pytest.mark.parametrize("bug", [bug for bug in catalogue() if bug.name in FIRST_SEEN], ids=lambda b: b.name)
def test_the_page_of_a_patient_differs_from_the_sound_one_where_its_bug_is_seen(bug):
    pages = [
        {line[:22].rstrip(): line[22:] for line in bp.examine(program, clouds(0)).splitlines()}
        for program in (Program(sizes=SIZES, rng=3), ill(bug, sizes=SIZES, rng=3))
    ]
    assert set(pages[0]) == set.union(*PAGE.values())
    assert any(pages[0][line] != pages[1][line] for line in PAGE[FIRST_SEEN[bug.name]])


def test_a_sound_program_is_seen_by_none():
    program = Program(sizes=SIZES, rng=3)
    x, t, data = prepared(program)
    assert not [step for step, sees in SEES.items() if sees(program, x, t, data)]


def test_four_bugs_and_more_pass_a_gradient_check():
    passing = set()
    for bug in catalogue():
        program = ill(bug, sizes=SIZES, rng=3)
        x, t, _ = prepared(program)
        with np.errstate(all="ignore"):
            if max(method.gradient_error(program, x[:9], t[:9]).values()) < 1e-4:
                passing.add(bug.name)
    first_four = {bug.name for bug in catalogue()[:4]}
    assert first_four == {
        "labels shifted",
        "scaled by its own statistics",
        "dropout left on",
        "moved too early",
    }
    assert first_four <= passing


@pytest.mark.parametrize("bug", catalogue(), ids=lambda bug: bug.name)
def test_the_mended_line_makes_the_program_sound_again(bug):
    program = ill(bug, sizes=SIZES, rng=1)
    mended, sound = program.mended(**{bug.line: sound_lines()[bug.line]}), Program(sizes=SIZES, rng=1)
    assert mended.listing() == sound.listing() != program.listing()
    assert all(map(np.array_equal, mended.params.values(), sound.params.values()))


def test_every_seed_draws_ten_others_and_no_two_alike():
    drawn = {seed: [p.listing() for p in patients(seed).values()] for seed in range(4)}
    assert all(len(set(texts)) == 10 for texts in drawn.values())
    assert len({tuple(texts) for texts in drawn.values()}) == 4
    assert drawn[2] == [p.listing() for p in patients(2).values()]


@pytest.mark.parametrize("count", [0, 18, -1])
def test_more_patients_than_bugs_are_refused(count):
    with pytest.raises(bp.InputError, match="from 1 to 17"):
        patients(0, count)


def test_a_line_that_is_not_there_is_named():
    with pytest.raises(bp.InputError, match="no line dz7"):
        Program({"dz7": "1"})


def test_a_line_says_what_it_reads_and_becomes_a_value():
    assert reads("dh1 * (z1 > 0)") == ("dh1", "z1")
    assert reads("-np.mean(np.log(p[np.arange(len(t)), t]))") == ("p", "t")
    assert value_of("dh1 * (z1 > 0)", {"dh1": np.array([2.0, 3.0]), "z1": np.array([-1.0, 1.0])}) == (
        pytest.approx([0.0, 3.0])
    )
