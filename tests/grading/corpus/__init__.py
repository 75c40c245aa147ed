"""Hand-ins that a grader meets sooner or later, each with the score that it deserves.

    benign          right, wrong and empty answers
    broken          accidents: loops that never end, cells lost, files that are no notebooks
    hostile         attacks on the grade, on the others and on the machine
    false_alarms    odd and honest work, which deserves full marks and raises no eyebrow

A member starts from right answers to every task, and says what it does differently. Most are written down as
text, see `table`. In it <course>, <other>, <home>, <port> and <token> stand for what is there when the corpus is
handed in: see `Surroundings` in graded.py.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from nbformat.v4 import new_code_cell

from tests.grading.course import cell_of

ANYTHING = None  # what is said does not matter
NOTHING = ""  # nobody needs to look at this hand-in
ALL = ...  # every task loses all of its points


@dataclass(frozen=True)
class Member:
    """One hand-in.

    answers    {grade_id: source} in place of the right answers; None leaves a cell as it was given out
    cells      {grade_id: source} of own cells, each behind the marked cell with this grade_id
    files      {name: text or bytes} beside the notebook
    loses      {test cell: its score}, or ALL; every other test cell earns its points
    told       a text that the instructor's notes or the outputs must hold; or NOTHING, or ANYTHING
    change     called with the notebook, which it may change; returns it, or text, bytes or None to hand in instead
    on_disk    called at the end with the folder and a function that fills in <course> and so on
    attacks    what a hostile member is after
    """

    kind: str
    name: str
    answers: dict = field(default_factory=dict)
    loses: dict = field(default_factory=dict)
    cells: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    told: str | None = ANYTHING
    change: Callable = lambda notebook: notebook
    on_disk: Callable = lambda folder, fill: None
    attacks: str = ""
    assignment: str = "ps01"

    def __str__(self):
        return self.name

    def fair(self, points):
        """{test cell: the score that this hand-in deserves} out of {test cell: points}."""
        return dict.fromkeys(points, 0.0) if self.loses is ALL else points | self.loses

    def hand_in(self, course, student, right, fill):
        """Into submitted/.

        right    {grade_id: source}: an answer to every task
        fill     puts into a text what <course> and so on stand for
        """
        answers = {name: source for name, source in (right | self.answers).items() if source is not None}
        notebook = course.answered(**{name: fill(source) for name, source in answers.items()})
        for grade_id, source in self.cells.items():
            insert(notebook, grade_id, new_code_cell(fill(source)))
        content = self.change(notebook)
        if isinstance(content, dict):
            content = json.dumps(content)
        files = {name: fill(text) if isinstance(text, str) else text for name, text in self.files.items()}
        if content is not None:
            files[f"{self.assignment}.ipynb"] = content
        self.on_disk(course.submit(student, **files), fill)


BLANK = dict.fromkeys(("gradient", "wave", "layers", "fruits", "agree", "explain"))  # of ps01


def insert(notebook, after, *cells):
    """Put cells behind the cell with this grade_id."""
    place = notebook.cells.index(cell_of(notebook, after)) + 1
    notebook.cells[place:place] = cells
    return notebook


def table(text, kind, prelude="", **common):
    """Members written down as text: a line `## name`, facts, cells.

    facts    `loses: test_wave 0.5, test_agree 0` or `loses: all`; `told: …`; `attacks: …`; `assignment: …`
    cells    `# %% wave` answers a task; `# %% behind wave` is an own cell, and opens with the prelude;
             `# %% file a.csv` is a file
    """
    return [_member(each, kind, prelude, common) for each in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]


def _member(text, kind, prelude, common):
    head, *parts = re.split(r"^# %% (.+)\n", text, flags=re.MULTILINE)
    name, *facts = head.strip().splitlines()
    told = dict(fact.split(": ", 1) for fact in facts)
    if "loses" in told:
        told["loses"] = _scores(told["loses"])
    cells = {"": {}, "behind": {}, "file": {}}
    for title, source in zip(parts[::2], parts[1::2], strict=True):
        *what, where = title.split()
        cells["".join(what)][where] = source.rstrip("\n")
    own = {place: prelude + source for place, source in cells["behind"].items()}
    return Member(kind, name, cells[""], cells=own, files=cells["file"], **(common | told))


def _scores(text):
    if text == "all":
        return ALL
    return {cell: float(score) for cell, score in (each.split() for each in text.split(", "))}
