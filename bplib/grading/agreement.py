"""Whether source, release and gradebook tell of the same assignment.

nbgrader reads tests and points from the gradebook, the number to reach from the release, and a change in
source/ arrives in both through generate_assignment alone. Where they differ, right answers score 0.
"""

from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry
from nbgrader.utils import is_grade, is_task

from ..errors import InputError
from .gradebook import opened
from .repair import grade_id_of, is_test


def changes(course, release):
    """Sentences about what has changed in source/ since the assignment was generated.

    Raises InputError where release and gradebook differ in points.
    """
    name = course.assignment_id
    try:
        with opened(course) as gradebook:
            notebooks = gradebook.find_assignment(name).notebooks
            recorded = {
                (n.name, c.name): c.max_score for n in notebooks for c in [*n.grade_cells, *n.task_cells]
            }
            tests = {(n.name, c.name): c.source for n in notebooks for c in n.source_cells}
    except MissingEntry:
        return []
    again = f"`nbgrader generate_assignment {name} --force`"
    if differing := list(differences(points_in(release), recorded, "release", "the gradebook")):
        raise InputError(
            f"{name} is not graded, for its points differ: {'; '.join(differing)}. {again} ends that"
        )
    source = source_of(course)
    found = [*differences(points_in(source), recorded, "source", "the gradebook")] if source else []
    found += [
        f"the test {grade_id_of(cell)} has another text in source"
        for notebook, cells in source.items()
        for cell in filter(is_test, cells.cells)
        if is_other(cell.source, tests.get((notebook, grade_id_of(cell))))
    ]
    return (
        [f"{name} has changed since it was generated: {'; '.join(found)}. {again} lets it count."]
        if found
        else []
    )


def differences(points, others, here, there):
    """The ends of a sentence about each graded cell whose points are not the same in two places."""
    for cell in sorted(points.keys() | others.keys()):
        one, other = points.get(cell), others.get(cell)
        if one != other:
            yield f"{cell[1]} {said(one)} in {here}, {said(other)} in {there}"


def said(points):
    return "is not there" if points is None else f"has {points:g} points"


def points_in(notebooks):
    """{(notebook, grade_id): points} of the graded cells."""
    return {
        (name, grade_id_of(cell)): float(cell.metadata.nbgrader["points"])
        for name, notebook in notebooks.items()
        for cell in notebook.cells
        if is_grade(cell) or is_task(cell)
    }


def source_of(course):
    folder = Path(course.format_path(course.source_directory, ".", course.assignment_id))
    return {path.stem: nbformat.read(path, as_version=4) for path in sorted(folder.glob("*.ipynb"))}


def is_other(source, recorded):
    """Whether a test is not the one that is recorded. nbgrader writes those that say AUTOTEST itself."""
    return recorded is not None and "AUTOTEST" not in source and source.strip() != recorded.strip()
