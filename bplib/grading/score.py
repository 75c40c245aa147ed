"""What the last line of a test cell is worth.

nbgrader gives full marks to every value it cannot read, and none to a test that prints a warning. Here it is
the other way round: a plain Python number from 0 to the points of the cell counts, all else scores 0.
"""

import ast

from IPython.core.inputtransformer2 import TransformerManager
from nbgrader.preprocessors import NbGraderPreprocessor

from .execute import error
from .repair import is_test


class EndsInScore(NbGraderPreprocessor):
    """Runs in generate_assignment, so that no test which can only score 0 is given out."""

    def preprocess_cell(self, cell, resources, index):
        if is_test(cell) and not shows_value(cell.source):
            grade_id = cell.metadata.nbgrader["grade_id"]
            raise ValueError(
                f"The test cell '{grade_id}' must end in its score, a line such as: check.score()"
            )
        return cell, resources


def shows_value(source):
    """Whether the last line of a cell is an expression, and not kept quiet by a semicolon."""
    statements = ast.parse(TransformerManager().transform_cell(source)).body
    return bool(statements) and isinstance(statements[-1], ast.Expr) and not source.rstrip().endswith(";")


class FailClosed(NbGraderPreprocessor):
    """Runs between Execute and SaveAutoGrades."""

    def preprocess_cell(self, cell, resources, index):
        if is_test(cell):
            cell.outputs = [calm(output) for output in cell.outputs]
            decide(cell)
        return cell, resources


def calm(output):
    """A warning is a message like any other; nbgrader would take it for a failure."""
    if output.output_type == "stream":
        output.name = "stdout"
    return output


def decide(cell):
    """Leave exactly one output that decides the score: one result, or the errors."""
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    errors = [output for output in cell.outputs if output.output_type == "error"]
    points = float(cell.metadata.nbgrader["points"])
    shown = [output.data.get("text/plain", "") for output in results]
    if errors or len(shown) != 1 or not is_score(shown[0], points):
        # nbgrader stops at the first result, even if an error follows
        cell.outputs = [output for output in cell.outputs if output not in results]
        if not errors:
            cell.outputs.append(no_score(shown, points))


def is_score(text, points):
    """Whether a result reads as a Python int or float, not a bool, in [0, points]."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return type(value) in (int, float) and 0 <= value <= points


def no_score(shown, points):
    got = " and ".join(f"{text:.60}" for text in shown) or "nothing"
    expected = f"a test ends in its score, a Python number from 0 to {points:g}"
    return error("NoScore", f"{expected}; this one gave {got}, so it scores 0")
