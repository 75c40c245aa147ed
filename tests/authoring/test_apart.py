"""In twenty courses no mistake gives by chance what another one gives, or what is right."""

from collections import defaultdict
from functools import cache

import pytest

from bplib.authoring.apart import comparisons
from bplib.authoring.rehearsal import Assignment
from bplib.course.questions.common import OR, compared

NAMES = [f"ps0{number}" for number in range(1, 9)]
TRAINS = {"test_train"}  # takes its time, and compares no numbers
LONGEST = 60  # characters of a name, as the instructor's table of mistakes reads them

each_assignment = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def met(root):
    """met(name): {test cell: for each of twenty seeds what its questions compare}."""

    @cache
    def of(name):
        assignment = Assignment(root / "assignments", name)
        tests = [test for test in assignment.points if test not in TRAINS]
        return {test: [comparisons(assignment, seed, [test]) for seed in range(1, 21)] for test in tests}

    return of


def in_some_courses_only(courses, names_at):
    """{what is compared: the names that are there with some numbers and not with others}."""
    seen, what = defaultdict(list), {}
    for each in (comparison for course in courses for comparison in course):
        seen[each.place].append(set(names_at(each)))
        what[each.place] = each.what
    chance = {place: set.union(*names) - set.intersection(*names) for place, names in seen.items()}
    return {what[place]: names for place, names in chance.items() if names}


@each_assignment
def test_no_two_mistakes_give_the_same_by_chance(met, name):
    for courses in met(name).values():
        pairs = in_some_courses_only(courses, lambda each: [(a.name, b.name) for a, b in each.alike()])
        assert pairs == {}


@each_assignment
def test_no_mistake_gives_the_right_answer_by_chance(met, name):
    for courses in met(name).values():
        names = in_some_courses_only(
            courses, lambda each: [slip.name for slip in each.mistakes if each.is_right(slip)]
        )
        assert names == {}


@each_assignment
def test_every_mistake_is_wrong_somewhere_in_its_test_cell(met, name):
    for course in (course for courses in met(name).values() for course in courses):
        known = {slip.name for each in course for slip in each.mistakes}
        assert known == {slip.name for each in course for slip in each.mistakes if not each.is_right(slip)}


@each_assignment
def test_mistakes_that_no_numbers_tell_apart_are_named_together(met, name):
    first = [each for courses in met(name).values() for each in courses[0]]
    assert len(first) > 20
    for each in first:
        for one, other in each.alike():
            found = compared(each.what, one.gives, each.wanted, each.mistakes, rtol=each.rtol)
            assert {one.name, other.name} <= set(found.mistake.split(OR))
            assert found.advice.startswith("either ") and other.advice in found.advice
            assert len(found.mistake) <= LONGEST
