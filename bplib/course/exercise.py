"""Asking and answering: the self-checks of the lessons and the graded cells of the assignments.

A question is a function that looks at an answer and yields findings. A lesson calls it and sees a card with
a hint; a graded cell passes it to Checks and ends in a score. Neither ever raises because of an answer.
"""

import contextlib
import os
import sys
import warnings
from dataclasses import replace
from functools import update_wrapper

import numpy as np

from ..check.raised import in_plain_words, mistake_of_an_error
from ..check.report import NOT_ANSWERED, Finding, Report, card
from ..errors import InputError
from . import diary
from .watch import look_at, watching


class Unusable(Exception):
    """Raised by a question when an answer cannot be judged any further; the student reads its text."""


def question(title, *hints, parts=1, bans=(), asked="the task asks for your own", exact=None):
    """Make a Question of a function that yields the findings about an answer.

    parts    how many findings a whole answer brings; in a score, those that an early end leaves out are wrong
    bans     dotted names, as of "bplib.networks.layers.Affine" or a whole module, that an answer may not use;
             one that does is not right, whatever it returns
    asked    what is asked for instead: "the task asks for …"
    exact    a function that is given the answer and yields pairs, a derivative by it and the exact one, by
             which a numerical derivative is recognised and not counted; see nudged
    """
    return lambda judge: Question(judge, title, hints, parts, tuple(bans), asked, exact)


class Question:
    """Called with an answer it returns a Report; each wrong attempt brings the next hint, the last stays."""

    def __init__(self, judge, title, hints, parts, bans=(), asked="", exact=None):
        update_wrapper(self, judge)
        self.judge = judge
        self.title = title
        self.hints = hints
        self.parts = parts
        self.attempts = 0
        self.bans = bans
        self.asked = asked
        self.exact = exact

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
        with contextlib.suppress(RecursionError), self._watching() as seen:
            look_at(*answer)
            found, error = self._tried(*answer, **named)
            if isinstance(error, RecursionError):
                raise error  # who watches has to know: Python has taken the profile function off by itself
        if not any(each is None or each is Ellipsis for each in answer):
            found = tuple(map(_came_to_nothing, found))
        if seen.used:
            did = f"{' and '.join(sorted(seen.used))} did the work here"
            return self._does_not_count(_LIBRARY, f"{did}; {self.asked}")
        if error:  # named only now that nobody watches: the table of mistakes is ours and may be banned
            return (*found, self._raised(error))
        if self.exact and any(finding.ok for finding in found) and self._by_nudging(*answer):
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
        """What the judge finds, and the error that the answer raises when it is tried, or None."""
        found = []
        with _quiet():
            try:
                found.extend(self.judge(*answer, **named))
            except NotImplementedError:
                found.append(Finding(self.title, False, NOT_ANSWERED))
            except Unusable as problem:
                found.append(Finding(self.title, False, str(problem)))
            except (Exception, SystemExit) as error:
                return tuple(found), error
        return tuple(found), None

    def _raised(self, error):
        with _quiet():
            return Finding(self.title, False, in_plain_words(error), *mistake_of_an_error(error))

    @property
    def tells(self):
        """The names of the ways to an answer that do not count here."""
        return tuple(name for name, told in ((_LIBRARY, self.bans), (_NUDGED, self.exact)) if told)

    def done(self):
        """Note in the student's diary that this has been answered right, if it is one of the course's own."""
        package, _, name = self.__module__.rpartition(".")
        if package == "bplib.course.questions":
            diary.note(f"{name}.{self.__name__}")

    def _hints(self):
        """The hint for this attempt, and those for the attempts before it."""
        if not self.hints:
            return "", ()
        n = min(self.attempts, len(self.hints))
        return f"{self.hints[n - 1]} ({n} of {len(self.hints)})", self.hints[: n - 1]


def _came_to_nothing(finding):
    """The same, where it says of an answer that there is none: not answered is what has not been written."""
    if not finding.missing:
        return finding
    return replace(finding, says="is nothing", mistake=_NOTHING[0], advice=_NOTHING[1], missing=False)


_NOTHING = (
    "left at None",
    "None stands where a value belongs: was it never filled in, or does a way through your lines end without "
    "a return? (print only shows a value)",
)


_LIBRARY, _NUDGED = "library used", "numerical derivative"
_DIFFERENCES = (
    "these are differences of nearby values, right to some digits only; the task asks for the rule itself"
)
# Relative errors, from small to large.
ROUNDING = 2e-14  # more than computing in float64 leaves: all right answers to the assignments, at most 8e-16
SINGLE = 3e-9  # less than computing in float32 leaves, some 1e-8; answers by nudging: 6e-13 to 1e-8
WRONG = 1e-5  # more than differences leave: another mistake
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
    if not ROUNDING < error < WRONG:
        return False
    honest_is_exact = all(_fits_float32(exact) for _, exact in pairs)
    between_precisions = error < SINGLE
    entries = max((exact.size for _, exact in pairs), default=0)
    a_call_for_each_entry = calls >= entries >= MANY
    return honest_is_exact or between_precisions or a_call_for_each_entry


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
        self.points = float(points)
        self.earned = 0.0
        self.asked = 0.0  # the sum of all weights
        self.reports = []
        self.task = None  # the question that opens the cell
        self.broken = ""  # why the cell has stopped

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
        """The points as a plain float, which nbgrader reads as the value; what was found is printed.

        Where a student looks on, the same words are cards, and the number below them is left out.
        """
        whole = not self.broken and self.asked > 0
        score = round(float(self.points * self.earned / self.asked), 4) if whole else 0.0
        if score == self.points:
            self.task.done()
        if _seen_by_a_student():
            return _Shown(score, self._cards(score))
        words = "\n".join([*map(_in_short, self.reports), *self._stopped(), self._in_words(score)])
        print(words)
        if score < self.points and os.environ.get("NBGRADER_VALIDATING"):
            print(words, file=sys.stderr)  # what Validate shows of a cell is its errors
        return score

    def _stopped(self):
        """Why there is no score, if so."""
        return [] if self.asked and not self.broken else [f"not yet  {self.broken or 'nothing was asked'}"]

    def _in_words(self, score):
        """ "2.7 of 4 points in this cell": one decimal, and never all points where one is missing."""
        near = round(score, 1)
        near = near if near < self.points or score == self.points else self.points - 0.1
        return f"{near:g} of {self.points:g} points in this cell"

    def _cards(self, score):
        shown = [card("right", each.title) if each.ok else each._repr_html_() for each in self.reports]
        shown += [card("not yet", why.removeprefix("not yet  ")) for why in self._stopped()]
        verdict = "right" if score == self.points else "not yet"
        return "".join([*shown, card(verdict, self._in_words(score))])


class _Shown(float):
    """A score that is a number to nbgrader, and cards to whoever looks at it in a notebook."""

    def __new__(cls, score, cards):
        shown = super().__new__(cls, score)
        shown._cards = cards
        return shown

    def _repr_html_(self):
        return self._cards


def _seen_by_a_student():
    """Whether this is a notebook at work, and not one that is being graded, validated or tested."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None and diary.place() is not None


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
