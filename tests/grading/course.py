"""A course in a temporary folder, worked with as an instructor does: files and the real nbgrader commands.

The commands begin in a process that has imported nbgrader, see warm.py; with `at_once = False`, in a new one.
"""

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from copy import copy
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.grading import warm

CONFIG = Path(__file__).resolve().parents[2] / "assignments" / "nbgrader_config.py"
ASSIGNMENTS = sorted(path.stem for path in CONFIG.parent.glob("source/*/ps*.py"))


class Course:
    at_once = True

    def __init__(self, root, assignment, settings=""):
        """Our nbgrader_config.py, with `settings` as further lines, and source/ still empty."""
        self.root, self.assignment = Path(root), assignment
        (self.root / "source" / assignment).mkdir(parents=True)
        shutil.copy(CONFIG, self.root)
        with open(self.root / CONFIG.name, "a") as config:
            config.write(settings)

    def run(self, *command, python=("-m", "nbgrader"), expect=0):
        """An nbgrader command, and what it wrote to the screen. PATH does not lead to this Python."""
        settings = {name: str(self.root / ".settings") for name in ("JUPYTER_CONFIG_DIR", "IPYTHONDIR")}
        environment = {**os.environ, **settings, "PATH": "/usr/bin:/bin", "OPENBLAS_NUM_THREADS": "2"}
        run = (warm.run if self.at_once else new_python)([*python, *command], self.root, environment)
        screen = run.stdout + run.stderr
        assert run.returncode == expect, screen
        return screen

    def copy(self, root):
        """The same course in another folder."""
        twin = copy(self)
        twin.root = Path(shutil.copytree(self.root, root))
        return twin

    def write_source(self, cells, name=None):
        path = self.root / "source" / self.assignment / f"{name or self.assignment}.ipynb"
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)

    def generate(self):
        return self.run("generate_assignment", self.assignment)

    def release(self, name=None):
        """The notebook that students are given."""
        path = self.root / "release" / self.assignment / f"{name or self.assignment}.ipynb"
        return nbformat.read(path, as_version=4)

    def answered(self, **answers):
        """The release with the answers of a student, by grade_id."""
        notebook = self.release()
        for grade_id, source in answers.items():
            cell_of(notebook, grade_id).source = source
        return notebook

    def submit(self, student, notebook=None, name=None, **files):
        """Hand in a notebook, if any, and files given as text or bytes; the student's folder."""
        folder = self.root / "submitted" / student / self.assignment
        folder.mkdir(parents=True, exist_ok=True)
        if notebook is not None:
            nbformat.write(notebook, folder / f"{name or self.assignment}.ipynb")
        for file, content in files.items():
            (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    def autograde(self, *options, expect=0):
        return self.run("autograde", self.assignment, *options, expect=expect)

    def scores(self, student):
        """{grade_id: score given by autograde}; None waits for the instructor."""
        query = """
            SELECT cell.name, grade.auto_score, grade.needs_manual_grade FROM grade
            JOIN base_cell AS cell ON cell.id = grade.cell_id
            JOIN submitted_notebook AS notebook ON notebook.id = grade.notebook_id
            JOIN submitted_assignment AS submission ON submission.id = notebook.assignment_id
            JOIN assignment ON assignment.id = submission.assignment_id
            WHERE submission.student_id = ? AND assignment.name = ?"""
        return {
            name: None if needs_manual_grade else score
            for name, score, needs_manual_grade in self.ask_gradebook(query, student, self.assignment)
        }

    def ask_gradebook(self, query, *values):
        gradebook = sqlite3.connect(self.root / "gradebook.db")
        try:
            with gradebook:
                return gradebook.execute(query, values).fetchall()
        finally:
            gradebook.close()

    def autograded(self, student):
        path = self.root / "autograded" / student / self.assignment / f"{self.assignment}.ipynb"
        return nbformat.read(path, as_version=4)

    def feedback(self, student):
        """The page that the student is given, as HTML."""
        path = self.root / "feedback" / student / self.assignment / f"{self.assignment}.html"
        return path.read_text(encoding="utf-8")

    def export(self, *options):
        """The table of grades: one dict per row."""
        self.run("export", "--to", "grades.csv", *options)
        with open(self.root / "grades.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def new_python(arguments, cwd, env):
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=280
    )


def cell_of(notebook, grade_id):
    (cell,) = (
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )
    return cell


def marked(cell, grade_id, **flags):
    """The cell as an instructor marks it: grade, solution, locked, task and points."""
    mark = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "cell_type": cell.cell_type,
        **mark,
    }
    return cell


def setup(grade_id, source):
    return marked(new_code_cell(source), grade_id, locked=True)


def answer(grade_id, source):
    return marked(new_code_cell(source), grade_id, solution=True)


def check(grade_id, source, points):
    return marked(new_code_cell(source), grade_id, grade=True, locked=True, points=points)


def written_answer(grade_id, source, points):
    return marked(new_markdown_cell(source), grade_id, grade=True, solution=True, points=points)


def task(grade_id, source, points):
    return marked(new_markdown_cell(source), grade_id, locked=True, task=True, points=points)
