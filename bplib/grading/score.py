"""What a test cell is worth: as nbgrader has it, but nothing that cannot be read counts.

An error scores 0. A plain Python number from 0 to the points of the cell, on its last line, is the score. A
cell that runs to its end and neither raises nor ends in a value earns all points, for it asserts. All else
scores 0: nbgrader gives full marks to every value that it cannot read, and none to a warning beside a score.
"""

import ast

from nbgrader.preprocessors import NbGraderPreprocessor

from .apart import names_made, parsed, reason
from .execute import error, given_files
from .repair import grade_id_of, is_test
from .trial import kind_of


class CanScore(NbGraderPreprocessor):
    """Runs in generate_assignment, so that no test is given out that cannot give its points; and says which
    tests cannot be kept apart from the students' code."""

    def preprocess(self, nb, resources):
        course = self.parent.parent.coursedir
        given = given_files(course, course.assignment_id)
        known = names_made([(kind_of(cell), cell.source) for cell in nb.cells])
        for cell in filter(is_test, nb.cells):
            if problem := flaw(cell.source, float(cell.metadata.nbgrader["points"])):
                raise ValueError(f"The test cell '{grade_id_of(cell)}' {problem}")
            if why := reason(cell.source, given, known):
                self.log.warning(BESIDE, grade_id_of(cell), why)
        return nb, resources


BESIDE = (
    "The test cell '%s' will run beside the student's code, which could change what it finds: %s. "
    "Inside the sandbox it harms nobody. Rewrite it if its points shall be safe."
)
NEEDS_SCORE = "must end in its score, a line such as: check.score()"


def flaw(source, points):
    """Why a test cell cannot give its points: the end of a sentence, or ""."""
    tree = parsed(source)
    last = tree.body[-1].value if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    quiet = source.rstrip().endswith(";")
    checks = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) == "Checks"]
    if (checks and (last is None or quiet)) or (quiet and is_number_or_score(last)):
        return NEEDS_SCORE
    for call in checks:
        told = [*call.args[:1], *(each.value for each in call.keywords if each.arg == "points")]
        if told and isinstance(told[0], ast.Constant) and told[0].value != points:
            return f"has {points:g} points in nbgrader, and {told[0].value} in Checks(points=…)"
    if last and not quiet and not is_docstring(tree) and is_no_number(last):
        return f"ends in {ast.unparse(last):.60}, which is no number: assert it, or end in the score"
    return ""


def is_docstring(tree):
    return len(tree.body) == 1 and ast.get_docstring(tree) is not None


def name_of(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def is_number_or_score(value):
    if isinstance(value, ast.Constant):
        return type(value.value) in (int, float)
    return isinstance(value, ast.Call) and name_of(value) == "score"


def is_no_number(value):
    """Whether an expression can have no value that counts as a score."""
    if isinstance(value, ast.Constant):
        return value.value is not None and type(value.value) not in (int, float)
    return isinstance(value, ast.Compare | ast.JoinedStr | ast.List | ast.Tuple | ast.Dict | ast.Set) or (
        isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not)
    )


class FailClosed(NbGraderPreprocessor):
    """Runs between Execute and SaveAutoGrades."""

    def preprocess_cell(self, cell, resources, index):
        if is_test(cell):
            decide(cell)
            cell.outputs = [calm(output) for output in cell.outputs]
        return cell, resources


def calm(output):
    """A warning is a message like any other; nbgrader would take it for a failure."""
    if output.output_type == "stream":
        output.name = "stdout"
    return output


def decide(cell):
    """Leave at most one output that decides the score: one result, or the errors."""
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    errors = [output for output in cell.outputs if output.output_type == "error"]
    points = float(cell.metadata.nbgrader["points"])
    shown = [output.data.get("text/plain", "") for output in results]
    if errors or not counts(cell, shown, points):
        # nbgrader stops at the first result, even if an error follows
        cell.outputs = [output for output in cell.outputs if output not in results]
        if not errors:
            cell.outputs.append(no_score(cell, shown, points))


def counts(cell, shown, points):
    """Whether a cell without an error has earned what nbgrader will read."""
    if shown:
        return len(shown) == 1 and is_score(shown[0], points)
    return has_run(cell) and not on_stderr(cell)


def has_run(cell):
    return cell.execution_count is not None


def on_stderr(cell):
    return any(each.output_type == "stream" and each.name == "stderr" for each in cell.outputs)


def is_score(text, points):
    """Whether a result reads as a Python int or float, not a bool, in [0, points]."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return type(value) in (int, float) and 0 <= value <= points


def no_score(cell, shown, points):
    got = " and ".join(f"{text:.60}" for text in shown) or "no value, and a message on stderr"
    if not (shown or has_run(cell)):
        return error("NotRun", "this test has not run, so it scores 0")
    expected = f"a test ends in its score, a Python number from 0 to {points:g}"
    return error("NoScore", f"{expected}; this one gave {got}, so it scores 0")
