"""`bplib report`: how a class did in an assignment, as a page to read and a table to work with.

The page stands on its own and forbids itself every script and request. All that students wrote is escaped in
it; names are in its last section alone.
"""

from collections import defaultdict
from pathlib import Path
from statistics import fmean, median, stdev
from typing import NamedTuple

from ..check.report import NOT_ANSWERED
from ..draw.palette import DARK, LIGHT
from ..errors import need

try:
    import numpy as np
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from .export import after_penalty, text, write_table
    from .hand_ins import UNNAMED, read_graded
    from .similarity import Similarities
except ImportError as error:
    raise need(error) from None

from .item_analysis import difficulty, discrimination, histogram
from .late import started_days

PAGE_STYLE = Path(__file__).parents[1] / "authoring/site/page.css"
ABOUT_HONESTY = ("library used", "numerical derivative")  # mistakes that somebody should look at
LAST = {UNNAMED: 1, NOT_ANSWERED: 2}  # what is no name of a mistake stands behind those
EXAMPLES, LONGEST_EXAMPLE = 3, 4000  # answers shown for a mistake; characters of each
MOST_PAIRS = 20  # of similar hand-ins shown


def report(assignments, name, out):
    """Write <name>.html and <name>.csv into the folder `out`, about the hand-ins graded in `assignments`.

    Raises InputError if there is nothing to report on.
    """
    graded = read_graded(assignments, name)
    similar = similarities(graded)
    nearest = nearest_in(similar)
    Path(out).mkdir(parents=True, exist_ok=True)
    page, table = Path(out, f"{name}.html"), Path(out, f"{name}.csv")
    page.write_text(as_page(graded, similar), "utf-8", "xmlcharrefreplace")
    rows = [row(graded, hand_in, *nearest.get(n, ())) for n, hand_in in enumerate(graded.hand_ins)]
    rows += [absent_row(rows[0], absent) for absent in graded.missing]
    write_table(table, rows[0], rows, "utf-8-sig")  # the mark tells Excel that this is UTF-8
    print(f"Open {page} in a browser; {table} has a row for each student.")


class TaskFigures(NamedTuple):
    """A row of the table of tasks; None where a figure cannot be had."""

    title: str
    points: float
    waiting: int  # for a person
    solved: int  # with all points
    difficulty: float | None
    discrimination: float | None


class MistakeFigures(NamedTuple):
    """A mistake in a task: how many made it, of how many, and a few of their answers."""

    name: str
    task: str
    count: int
    of: int
    examples: list


class Resemblance(NamedTuple):
    """Two students whose hand-ins are similar; excerpts are pairs of texts that stand side by side."""

    one: str
    other: str
    shares: dict
    excerpts: list


class Group(NamedTuple):
    """Students whose "code" or "text" is the same; excerpts are pairs of texts, as the first two wrote it."""

    students: list
    kind: str
    excerpts: list


def as_page(graded, similar=None):
    """The page as HTML.

    similar    the Similarities of the hand-ins, if they have been looked for already
    """
    similar = similar or similarities(graded)
    judged = [hand_in for hand_in in graded.hand_ins if not hand_in.set_aside]
    scores = [hand_in.score for hand_in in judged]
    times = [hand_in.seconds for hand_in in judged if hand_in.seconds is not None]
    bars = histogram(scores, graded.points)
    pages = Environment(
        loader=PackageLoader("bplib.grading"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    return pages.get_template("report.html.j2").render(
        graded=graded,
        judged=judged,
        mean=fmean(scores) if scores else None,
        median=median(scores) if scores else None,
        spread=stdev(scores) if len(scores) > 1 else None,
        late=sum(hand_in.seconds_late > 0 for hand_in in graded.hand_ins),
        times=running_times(times),
        bars=bars,
        most=max(count for _, count in bars),
        tasks=task_figures(graded, judged),
        mistakes=mistake_figures(graded, judged),
        remarks=[(each.student, said) for each in graded.hand_ins if (said := remarks(graded, each))],
        copies=groups(graded, similar),
        similar=resemblances(graded, similar),
        more_pairs=max(0, len(similar.pairs) - MOST_PAIRS),
        style=PAGE_STYLE.read_text("utf-8"),
        light=LIGHT,
        dark=DARK,
    )


def task_figures(graded, judged):
    """One TaskFigures per task. A task that still waits for a person somewhere is left out of the total."""
    scores = {task: [each.work[task].score for each in judged if task in each.work] for task in graded.tasks}
    whole = [task for task in scores if len(scores[task]) == len(judged) and None not in scores[task]]
    rows = list(zip(*(scores[task] for task in whole), strict=True))
    return [
        TaskFigures(
            graded.title(task),
            points,
            scores[task].count(None),
            sum(score >= points for score in scores[task] if score is not None),
            difficulty([score for score in scores[task] if score is not None], points),
            discrimination(rows, whole.index(task)) if len(whole) > 1 and task in whole else None,
        )
        for task, points in graded.tasks.items()
    ]


def mistake_figures(graded, judged):
    """One MistakeFigures per task and mistake, the most frequent first, what has no name at the end."""
    answers = defaultdict(list)
    for hand_in in judged:
        for task, work in hand_in.work.items():
            for mistake in work.mistakes:
                answers[mistake, graded.title(task)].append((work.answer, work.heard))
    figures = [
        MistakeFigures(
            mistake, task, len(made), len(judged), [] if mistake == NOT_ANSWERED else examples(made)
        )
        for (mistake, task), made in answers.items()
    ]
    return sorted(figures, key=lambda each: (LAST.get(each.name, 0), -each.count, each.task, each.name))


def examples(answers):
    """Pairs (answer, heard) of different answers, the shortest first: an order that tells no author."""
    different = {cut(answer.strip()): cut(heard) for answer, heard in sorted(answers) if answer.strip()}
    return sorted(different.items(), key=lambda pair: (len(pair[0]), pair))[:EXAMPLES]


def cut(words):
    return words if len(words) <= LONGEST_EXAMPLE else f"{words[:LONGEST_EXAMPLE]} …"


def running_times(times):
    """How long the hand-ins ran: {figure: seconds}."""
    if not times:
        return {}
    return {"Median": median(times), "95th percentile": np.percentile(times, 95), "Slowest": max(times)}


def remarks(graded, hand_in):
    """What somebody should know about a hand-in: intake's notes, doubts of the tests, whether it was late."""
    doubts = [
        f"{graded.title(task)}: {mistake}."
        for task, work in hand_in.work.items()
        for mistake in work.mistakes
        if mistake in ABOUT_HONESTY
    ]
    return [*hand_in.notes, *doubts, *stops(hand_in), *lateness(hand_in)]


def stops(hand_in):
    if hand_in.stopped:
        yield f"Out of time or memory: {', '.join(hand_in.stopped)}."


def lateness(hand_in):
    if hand_in.seconds_late > 0:
        late = f"Late, in day {started_days(hand_in.seconds_late)} after the due date"
        yield f"{late}: {hand_in.late_submission_penalty:.4g} points off."


def similarities(graded):
    return Similarities([hand_in.wrote for hand_in in graded.hand_ins], graded.given)


def groups(graded, similar):
    """A Group for each set of copies, the largest first."""
    return [
        Group(
            [graded.hand_ins[place].student for place in copies.places],
            copies.kind,
            [(cut(one), cut(other)) for one, other in similar.copied(copies)],
        )
        for copies in sorted(similar.copies, key=lambda copies: -len(copies.places))
    ]


def resemblances(graded, similar):
    """A Resemblance for each of the most similar pairs."""
    return [
        Resemblance(
            graded.hand_ins[pair.one].student,
            graded.hand_ins[pair.other].student,
            pair.shares,
            [(cut(one), cut(other)) for one, other in similar.excerpts(pair)],
        )
        for pair in similar.pairs[:MOST_PAIRS]
    ]


def nearest_in(similar):
    """{place: (place of the hand-in most similar to it, share)}: a copy, or the other one of a pair."""
    nearest = {}
    for places, _ in similar.copies:
        for place, other in zip(places, [*places[1:], places[0]], strict=True):
            nearest.setdefault(place, (other, 1.0))
    for pair in similar.pairs:
        nearest.setdefault(pair.one, (pair.other, pair.share))
        nearest.setdefault(pair.other, (pair.one, pair.share))
    return nearest


def row(graded, hand_in, nearest=None, share=0.0):
    """A row of the table: the hand-in as a whole, then score and mistakes of each task.

    nearest    the place of the hand-in most similar to it, where there is one, and what they share
    """
    waits = any(work.score is None for work in hand_in.work.values())
    cells = {
        "student_id": text(hand_in.student),
        "last_name": text(hand_in.last_name),
        "first_name": text(hand_in.first_name),
        "handed_in": "yes",
        "timestamp": hand_in.timestamp,
        "days_late": started_days(hand_in.seconds_late),
        "raw_score": hand_in.score,
        "late_submission_penalty": hand_in.late_submission_penalty,
        "score": after_penalty(hand_in),
        "max_score": graded.points,
        "waits_for_a_person": "yes" if waits else "no",
        "set_aside": "yes" if hand_in.set_aside else "no",
        "seconds": "" if hand_in.seconds is None else round(hand_in.seconds, 3),
        "out_of_time_or_memory": text(", ".join(hand_in.stopped)),
        "notes": text(" ".join(hand_in.notes)),
        "most_similar_to": "" if nearest is None else text(graded.hand_ins[nearest].student),
        "similarity": "" if nearest is None else round(share, 3),
    }
    for task in graded.tasks:
        work, title = hand_in.work.get(task), graded.title(task)
        cells[text(title)] = "" if work is None or work.score is None else work.score
        cells[f"{text(title)}: mistakes"] = text("; ".join(work.mistakes) if work else "")
    return cells


def absent_row(columns, absent):
    """The row of a student who has handed in nothing: empty, so that nobody takes it for a score."""
    known = {"student_id": absent.student, "last_name": absent.last_name, "first_name": absent.first_name}
    cells = {column: text(value) for column, value in known.items()}
    return dict.fromkeys(columns, "") | cells | {"handed_in": "no"}
