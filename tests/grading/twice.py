"""Known answers run twice, in this process and in the sandbox: a test cell scores and says the same."""

import os
import re
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from itertools import zip_longest
from unittest.mock import patch

from bplib.authoring.rehearsal import answered, in_a_course, read_answer, read_wrong_answer, run
from bplib.course import exercise
from bplib.grading.sandbox.walls import Limits
from bplib.grading.trial import as_trial
from bplib.grading.workers import workers_for

TRAIN = {"ps07", "ps10"}


def known_answers(assignment):
    """{name: cells}, the instructor's own version among them."""
    return by_name([*assignment.known("right"), *assignment.known("wrong")])


def a_few(assignment):
    """Right answers, two where networks are trained and else all; and one wrong answer for each test cell."""
    right = assignment.known("right")[: 2 if assignment.name in TRAIN else None]
    wrong = {read_wrong_answer(path)[0].cell: path for path in assignment.known("wrong")}
    return by_name([*right, *wrong.values()])


def by_name(paths):
    return {"instructor": {}} | {f"{path.parent.name}/{path.stem}": read_answer(path)[1] for path in paths}


def disagreements(assignment, answers):
    """A sentence for each test cell that the sandbox makes something else of."""
    notebooks = {name: answered(assignment.notebook, cells) for name, cells in answers.items()}
    with in_a_course(1), workers_for(Limits(), (), os.cpu_count(), None) as pool:
        futures = [pool.submit(as_trial(each, {}, {}, timeout=60)) for each in notebooks.values()]
        shown = [future.result() for future in futures]
    for (name, notebook), cells in zip(notebooks.items(), shown, strict=True):
        with patch.object(exercise, "_quiet", unheard):
            here = run(notebook)
        for cell, there in zip(notebook.cells, cells, strict=True):
            if cell.id in assignment.points:
                for problem in compare(here[cell.id], there["outputs"]):
                    yield f"{assignment.name}, {name}, {cell.id}: {problem}"


@contextmanager
def unheard(quiet=exercise._quiet):
    """What an answer says while it is asked, which in the sandbox nobody hears."""
    nowhere = StringIO()
    with quiet(), redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def compare(here, outputs):
    """Sentences about the score, and about the first line that is not the same."""
    scores = [output["data"]["text/plain"] for output in outputs if output["output_type"] == "execute_result"]
    if scores != [repr(here.value)]:
        yield f"{scores} there, {here.value!r} here"
    there = without_measures("".join(output.get("text", "") for output in outputs))
    for mine, theirs in zip_longest(without_measures(here.stdout), there):
        if mine != theirs:
            yield f"{theirs!r} there, {mine!r} here"
            return


def without_measures(text):
    """The lines without what was measured, which is never twice the same."""
    return re.sub(r"took \d+ times the memory", "took … times the memory", text).splitlines()
