"""How far you are: the self-checks of the lessons and the tasks of the assignments, done and still open.

What there is to do is read off the questions modules and, for tasks, off the assignments' notebooks. What is
done stands in the diary.
"""

import importlib
import json
import os
import pkgutil
import re
import textwrap
from dataclasses import dataclass
from html import escape
from pathlib import Path

from ..errors import InputError
from . import diary, questions
from .exercise import Question

COURSE = Path(__file__).parents[2]  # a clone has the assignments beside the package


@dataclass(frozen=True)
class Unit:
    """A lesson or an assignment: titles of what is done and of what is open, and the day of the last step."""

    name: str
    kind: str
    done: tuple
    open: tuple
    last: str

    @property
    def count(self):
        return f"{len(self.done)} of {len(self.done + self.open)} {self.kind}"

    @property
    def remark(self):
        """What is open once it has been begun, and when all of it was done."""
        if not self.done:
            return ""
        return f"open: {'; '.join(self.open)}" if self.open else f"all done on {self.last}"


@dataclass(frozen=True)
class Progress:
    """The whole course as a table: text in a terminal, rich in a notebook."""

    units: tuple
    remark: str

    def __str__(self):
        name, count = (max(len(getattr(unit, part)) for unit in self.units) for part in ("name", "count"))
        rows = (f"{unit.name:<{name}}   {unit.count:<{count}}   {unit.remark}" for unit in self.units)
        folded = (textwrap.fill(row, 100, subsequent_indent=" " * (name + count + 6)) for row in rows)
        return "\n".join([*folded, "", self.remark])

    __repr__ = __str__

    def _repr_html_(self):
        rows = "".join(_ROW.format(*map(escape, (unit.name, unit.count, unit.remark))) for unit in self.units)
        return f"<table>{rows}</table><p>{escape(self.remark)}</p>"


_ROW = (
    '<tr><th scope="row" style="text-align:left">{}</th><td style="white-space:nowrap">{}</td>'
    '<td style="text-align:left">{}</td></tr>'
)


def progress():
    """What you have done so far: shows itself at the end of a cell, and prints as text."""
    try:
        done, remark = diary.read(), _where(diary.place())
    except (InputError, RuntimeError) as problem:  # RuntimeError: there is no home folder
        done, remark = {}, str(problem)
    return Progress(tuple(_unit(*part, done) for part in _course() if part[-1]), remark)


def _where(path):
    """Where it is remembered, or that it is not."""
    if path is None:
        return "Nothing is remembered here."
    folder = next(folder for folder in path.parents if folder.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return f"{path} cannot be written, so what you do now is not remembered."
    return f"Remembered in {path}, on this computer only. Delete the file to start anew."


def _unit(name, kind, titles, done):
    days = [done[question] for question in titles if question in done]
    finished = tuple(title for question, title in titles.items() if question in done)
    still_open = tuple(title for question, title in titles.items() if question not in done)
    return Unit(name, kind, finished, still_open, max(days, default=""))


def _course():
    """(name, kind, {question: title} of what there is to do) of each lesson and assignment, in order."""
    for number, is_assignment, name in sorted(_headings()):
        if is_assignment:
            yield f"Assignment {number}", "tasks", _tasks(name)
        else:
            yield f"Lesson {number} · {name.replace('_', ' ')}", "self-checks", _self_checks(name)


def _headings():
    """(number, whether it is an assignment, name), as the docstrings of the questions modules say."""
    for found in pkgutil.iter_modules(questions.__path__):
        if heading := re.match(r"(Lesson|Assignment) (\d+):", _module(found.name).__doc__ or ""):
            yield int(heading[2]), heading[1] == "Assignment", found.name


def _module(name):
    return importlib.import_module(f"{questions.__name__}.{name}")


def _self_checks(name):
    asked = [each for each in vars(_module(name)).values() if isinstance(each, Question)]
    return {f"{name}.{question.__name__}": question.title for question in asked}


def _tasks(name):
    """The tasks of an assignment: their headings, by the question that opens the test cell below."""
    notebook = COURSE / "assignments" / "source" / name / f"{name}.ipynb"
    cells = json.loads(notebook.read_text("utf-8"))["cells"] if notebook.exists() else []
    titles, heading = {}, ""
    for source in ("".join(cell["source"]) for cell in cells):
        heading = source.splitlines()[0].lstrip("# ") if source.startswith("## ") else heading
        if opens := re.match(r"with bp\.Checks\(.*\n +check\(ask\.(\w+)", source):
            titles[f"{name}.{opens[1]}"] = heading
    return titles
