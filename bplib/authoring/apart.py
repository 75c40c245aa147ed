"""Are the mistakes of a question told apart by its numbers? Looked up while a right answer is judged."""

import importlib
from contextlib import ExitStack
from itertools import combinations
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from ..check.compare import close
from ..course.exercise import Question
from ..course.questions import common
from .rehearsal import run


class Comparison(NamedTuple):
    """A comparison with a right answer, and the mistakes that it knows.

    place    how many questions, and of this one how many comparisons, came before it: alike for all seeds
    """

    place: tuple[int, int]
    what: str
    wanted: Any
    mistakes: list
    rtol: float
    floor: float

    def alike(self):
        """Pairs of mistakes that give the same, and that is not right: a slip may let some results be."""
        wrong = [each for each in self.mistakes if not self.is_right(each)]
        return [pair for pair in combinations(wrong, 2) if common.alike(*pair, self.rtol)]

    def is_right(self, mistake):
        """Whether a mistake gives the right answer here, as far as that is judged."""
        gives = np.nan if callable(mistake.gives) else mistake.gives
        return close(np.asarray(gives, float), self.wanted, 10 * self.rtol, self.floor)


def comparisons(assignment, seed, tests=None):
    """Every Comparison that the questions make for the instructor version, in these test cells or in all."""
    ask = importlib.import_module(f"bplib.course.questions.{assignment.name}")
    met, made, findings = [], [], Question.findings  # made: for each question, how many

    def asked(question, *answer, **options):
        made.append(0)
        return findings(question, *answer, **options)

    def compared(what, yours, wanted, mistakes=(), **options):
        mistakes, right = list(mistakes), np.array(wanted, dtype=float)
        within = options.get("rtol", 1e-6), options.get("floor", 0.0)
        met.append(Comparison((len(made), made[-1]), what, right, mistakes, *within))
        made[-1] += 1
        return common.compared(what, yours, wanted, mistakes, **options)

    with ExitStack() as stack:
        stack.enter_context(patch.object(Question, "findings", asked))
        stack.enter_context(patch.object(ask, "compared", compared))
        run(assignment.notebook, seed, tests)
    return met


def alike(assignment, seeds=20):
    """Which mistakes give the same, and are named together: (what was compared, one, the other)."""
    met = [each for seed in range(1, seeds + 1) for each in comparisons(assignment, seed)]
    return sorted({(each.what, one.name, other.name) for each in met for one, other in each.alike()})
