"""Promised and asked: the words of a task, side by side with what its test cell asks.

answers/psNN/promises.toml has a table for each test cell. A line of it quotes words from the task or from the
introduction, and names what asks for them: beginnings of lines that the test cell writes, with # for each
number but 0, or the mistake that a wrong answer hears which breaks the promise.

    [test_relu]
    'in the shape of `x`' = ["downstream (#"]
    'leave the arguments as they are' = ["arguments"]
"""

import re
import tomllib
from unittest.mock import patch

from ..course.exercise import Question
from .declared import in_cells
from .rehearsal import is_test, read_wrong_answer, run

NUMBER = re.compile(r"[-−]?\d[\d.]*(e[-−+]?\d+)?")


def asked(assignment, seed=1):
    """{test cell: what its lines are about, visible and hidden ones, with # for each number but 0}."""
    findings, lines = Question.findings, set()

    def listen(question, *answer, **options):
        found = findings(question, *answer, **options)
        lines.update(NUMBER.sub(_but_zero, each.what) for each in found)
        return found

    tests = {}
    for cell in filter(is_test, assignment.notebook.cells):
        lines.clear()
        with patch.object(Question, "findings", listen):
            run(assignment.notebook, seed, [cell.id])
        tests[cell.id] = set(lines)
    return tests


def _but_zero(number):
    return "0" if re.fullmatch(r"0(\.0*)?", number[0]) else "#"


def heard(assignment):
    """{test cell: the mistakes that its questions declare, or that a wrong answer hears in it}."""
    names = in_cells(assignment)
    for stated, _ in map(read_wrong_answer, assignment.known("wrong")):
        names.get(stated.cell, set()).add(stated.mistake)
    return names


def read_promises(assignment):
    """{test cell: {words: what asks for them}}."""
    file = assignment.answers / "promises.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}


def broken(assignment):
    """What is promised and not asked, and what is asked and not promised: sentences."""
    promised, tests, mistakes = read_promises(assignment), asked(assignment), heard(assignment)
    text = {cell.id: _one_line(cell.source) for cell in assignment.notebook.cells}
    yield from (f"promises.toml speaks of {test}, which is no test cell" for test in promised.keys() - tests)
    for test, lines in tests.items():
        told = f"{text['intro']} {text[test.replace('test_', 'task_')]}"
        kept = promised.get(test, {})
        for words, asks in kept.items():
            if _one_line(words) not in told:
                yield f"{test}: {words!r} does not stand in its task"
            for each in asks:
                if each not in mistakes[test] and not _begun_by(lines, [each]):
                    yield f"{test}: nothing asks for {words!r}, no line begins with {each!r}"
        covered = _begun_by(lines, [each for asks in kept.values() for each in asks])
        yield from (f"{test} asks for {line!r}, which no promise tells" for line in sorted(lines - covered))


def in_numbers(assignment):
    """How many promises there are."""
    return sum(map(len, read_promises(assignment).values()))


def _one_line(text):
    return " ".join(text.split())


def _begun_by(lines, beginnings):
    return {line for line in lines if line.startswith(tuple(beginnings))}
