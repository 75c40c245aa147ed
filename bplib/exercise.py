"""Asking and answering: the self-checks of the lessons and the graded cells of the assignments.

A question is a function that looks at an answer and yields findings. A lesson calls it and sees a card with
a hint; a graded cell passes it to Checks and ends in a score. Neither ever raises because of an answer.
"""

import contextlib
import os
import sys
import warnings
from functools import update_wrapper

import numpy as np

from . import diary
from .errors import InputError
from .misconceptions import mistake_of_an_error
from .report import NOT_ANSWERED, Finding, Report
from .watch import look_at, watching


class Unusable(Exception):
    """Raised by a question when an answer cannot be judged any further; the student reads its text."""


def question(title, *hints, parts=1, bans=(), asked="the task asks for your own", exact=None):
    """Make a Question of a function that yields the findings about an answer.

    parts    how many findings a whole answer brings; in a score, those that an early end leaves out are wrong
    bans     dotted names, as of "bplib.layers.Affine" or a whole module, that an answer may not use; one that
             does is not right, whatever it returns
    asked    what is asked for instead: "the task asks for …"
    exact    a function that is given the answer and yields pairs, a derivative by it and the exact one, by
             which a numerical derivative is recognised and not counted; see nudged
    """
    return lambda judge: Question(judge, title, hints, parts, tuple(bans), asked, exact)


class Question:
    """Called with an answer it returns a Report; each wrong attempt brings the next hint, the last stays."""

    def __init__(self, judge, title, hints, parts, bans=(), asked="", exact=None):
        update_wrapper(self, judge)
        self.judge, self.title, self.hints, self.parts, self.attempts = judge, title, hints, parts, 0
        self.bans, self.asked, self.exact = bans, asked, exact

    def __call__(self, *answer, **named):
        findings = self.findings(*answer, **named)
        report = Report(self.title, findings)
        if report.ok:
            self.done()
        if report.verdict != "not yet":
            return report
        self.attempts += 1
        return Report(self.title, findings, *self._hints())

    def findings(self, *answer, **named):
        """The findings about an answer, or a single one: that how it came about does not count."""
        with self._watching() as seen:
            look_at(*answer)
            found = self._tried(*answer, **named)
        if seen.used:
            did = f"{' and '.join(sorted(seen.used))} did the work here"
            return self._does_not_count(_LIBRARY, f"{did}; {self.asked}")
        if self.exact and all(finding.ok for finding in found) and self._by_nudging(*answer):
            return self._does_not_count(_NUDGED, _DIFFERENCES)
        return found

    def _by_nudging(self, *answer):
        with self._watching() as seen, _quiet():
            try:
                pairs = [(np.asarray(yours, float), exact) for yours, exact in self.exact(*answer)]
            except (Exception, SystemExit):  # what goes wrong here is for the judge to find
                return False
        return nudged(pairs, seen.calls)

    def _watching(self):
        return watching(self.bans, asker=self.judge.__code__.co_filename)

    def _does_not_count(self, mistake, advice):
        return (Finding(self.title, False, "does not count", mistake, advice),)

    def _tried(self, *answer, **named):
        """What the judge finds; what the answer raises when it is tried is a finding, too."""
        found = []
        with _quiet():
            try:
                found.extend(self.judge(*answer, **named))
            except NotImplementedError:
                found.append(Finding(self.title, False, NOT_ANSWERED))
            except Unusable as problem:
                found.append(Finding(self.title, False, str(problem)))
            except (Exception, SystemExit) as error:
                says = f"raised {type(error).__name__}: {error}"
                found.append(Finding(self.title, False, says, *mistake_of_an_error(error)))
        return tuple(found)

    @property
    def tells(self):
        """The names of the ways to an answer that do not count here."""
        return tuple(name for name, told in ((_LIBRARY, self.bans), (_NUDGED, self.exact)) if told)

    def done(self):
        """Note in the student's diary that this has been answered right, if it is one of the course's own."""
        package, _, name = self.__module__.rpartition(".")
        if package == "bplib.questions":
            diary.note(f"{name}.{self.__name__}")

    def _hints(self):
        """The hint for this attempt, and those for the attempts before it."""
        if not self.hints:
            return "", ()
        n = min(self.attempts, len(self.hints))
        return f"{self.hints[n - 1]} ({n} of {len(self.hints)})", self.hints[: n - 1]


_LIBRARY, _NUDGED = "library used", "numerical derivative"
_DIFFERENCES = (
    "these are differences of nearby values, right to some digits only; the task asks for the rule itself"
)
# Relative errors: of float64 (all right answers to the assignments: at most 8e-16), of differences (all those
# by nudging: 6e-13 to 1e-8), of float32 (some 1e-8), and of some other mistake.
ROUNDING, SINGLE, WRONG = 2e-14, 3e-9, 1e-5
MANY = 8  # entries; a helper of an honest answer may well run twice or four times


def nudged(pairs, calls=0):
    """Whether derivatives, each in a pair with the exact one, come from differences of nearby values.

    Their precision tells. Where the exact numbers fit into float32, an honest answer is exact whatever it
    was computed in; elsewhere none lies between the rounding of float64 and that of float32. What could be
    float32 is told by its calls, where entries are many: differences want a value of the function for each.
    calls    how often a function ran to find the derivatives
    """
    pairs = [(np.asarray(yours), np.asarray(exact)) for yours, exact in pairs]
    if any(yours.shape != exact.shape for yours, exact in pairs):
        return False
    error = max((_relative_error(*pair) for pair in pairs), default=0.0)
    in_single = all(_fits_float32(exact) for _, exact in pairs)
    entries = max((exact.size for _, exact in pairs), default=0)
    return ROUNDING < error < WRONG and (in_single or error < SINGLE or calls >= entries >= MANY)


def _relative_error(yours, exact):
    """On the scale of the array; 0 for numbers of float32, which cannot be closer."""
    return 0.0 if _fits_float32(yours) else float(np.abs(yours - exact).max() / np.abs(exact).max())


def _fits_float32(x):
    return np.array_equal(x, x.astype(np.float32))


class Checks:
    """The score of a graded cell: ``with Checks(points=3) as check: check(question, answer, weight=2)``.

    Each question earns its weight times the share of its findings that are right. The score is in proportion
    to the questions asked, so that a cell whose hidden questions have been taken out can still reach all its
    points.
    """

    def __init__(self, points):
        self.points, self.earned, self.asked = float(points), 0.0, 0.0
        self.task, self.reports, self.broken = None, [], ""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if kind is not None and issubclass(kind, NameError):
            self.broken = f"{error.name} is not there: has its cell been run, and without an error?"
        elif kind is not None and issubclass(kind, Exception):
            self.broken = f"the cell stopped with {kind.__name__}: {error}"
        return bool(self.broken)

    def __call__(self, question, *answer, weight=1, **options):
        """Ask one question about an answer, and count it."""
        self.task = self.task or question  # a task is known by the question that opens its cell
        findings = question.findings(*answer, **options)
        self.reports.append(Report(question.title, findings))
        self.asked += weight
        self.earned += weight * sum(f.ok for f in findings) / max(len(findings), question.parts)

    def score(self):
        """Print what was found; return the points as a plain float, which nbgrader reads as the value."""
        for report in self.reports:
            print(_in_short(report))
        if self.broken or not self.asked:
            print(f"not yet  {self.broken or 'nothing was asked'}")
            return 0.0
        score = round(float(self.points * self.earned / self.asked), 4)
        if score == self.points:
            self.task.done()
        print(f"{score:g} of {self.points:g} points in this cell")
        return score


def _in_short(report):
    if report.ok:
        return f"{report.title}: right"
    about_the_whole = [finding.what for finding in report.findings] == [report.title]
    return str(report.findings[0] if about_the_whole else report)


def course_seed():
    """The seed of hidden questions: 1, or BPLIB_COURSE_SEED, set for a whole course so that cohorts differ.

    Raises InputError unless it is a whole number above 0; with 0 the hidden numbers were the visible ones.
    """
    seed = os.environ.get("BPLIB_COURSE_SEED", "1")
    if not seed.isdecimal() or int(seed) == 0:
        raise InputError(f"BPLIB_COURSE_SEED: needs a whole number above 0; got {seed!r}")
    return int(seed)


@contextlib.contextmanager
def _quiet():
    """Keep the warnings and messages of an answer off stderr, where nbgrader takes them for a failure."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.redirect_stderr(sys.stdout):
        warnings.simplefilter("ignore")
        yield
