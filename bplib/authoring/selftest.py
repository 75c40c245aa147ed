"""`bplib selftest`: does every known answer to an assignment get what it should?

Each check below yields the problems it finds, as sentences; none is the good news. What an assignment and its
answers look like stands in CONTRIBUTING.md, "Assignments".
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from ..check.report import Finding
from ..course.questions.common import OR
from .apart import alike
from .declared import in_cells, known_to_the_checks
from .mutants import NAMED, excused, survey
from .notebooks import read_text
from .promises import broken, in_numbers
from .rehearsal import (
    Assignment,
    answered,
    in_a_course,
    is_test,
    mark,
    read_answer,
    read_wrong_answer,
    run,
    tests_that_may_notice,
)

NUMBERS = {4: "Four", 5: "Five", 6: "Six", 7: "Seven"}
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(.*?)### END HIDDEN TESTS\n", re.DOTALL)


def selftest(course, names, seeds=20, quick=False, mutants=False):
    """Print a table of all checks on these assignments, or on all; 0 when nothing is wrong, else 1.

    course    the folder with source/ and answers/
    seeds     courses to try right answers in; wrong ones are tried in a fifth as many
    quick     two courses, and nothing that needs a kernel
    mutants   whether slips made by machine are tried, too
    """
    findings = []
    for name in names or sorted(path.parent.name for path in Path(course).glob("source/*/*.ipynb")):
        print(name)
        for finding in examine(Assignment(course, name), 2 if quick else seeds, not quick, mutants):
            print(f"  {'ok' if finding.ok else 'WRONG':<7}{finding.what:<38}  {finding.says}", flush=True)
            findings.append(finding)
    wrong = [finding for finding in findings if not finding.ok]
    print(f"{len(wrong)} of {len(findings)} are wrong." if wrong else "Every answer gets what it should.")
    return int(bool(wrong) or not findings)


def examine(assignment, seeds=20, kernel=True, mutants=False):
    """Every check on an assignment, as Findings."""
    tasks, points = len(assignment.points), f"{sum(assignment.points.values()):g}"
    yield _finding("notebook", document(assignment), f"{tasks} tasks, {points} points by tests")
    full = f"{points} of {points} points, {seeds} seeds"
    all_courses, some = range(1, seeds + 1), range(1, max(1, seeds // 5) + 1)
    yield _finding("instructor version", instructor_version(assignment, all_courses), full)
    yield _finding("release", release(assignment), f"0 of {points} points")
    for path in assignment.known("right"):
        yield _finding(f"right/{path.stem}", right_answer(assignment, path, all_courses), full)
    for path in assignment.known("wrong"):
        yield _wrong_answer(assignment, path, some)
    yield _finding("styles and mistakes", mistakes(assignment), "every mistake is made and named")
    yield _promised(assignment)
    yield _finding("explanations", explanations(assignment), "full marks and half marks")
    if mutants:
        yield mutated(assignment)
        yield _told_apart(assignment, len(some))
    if kernel:
        yield _finding("Validate", validate(assignment), "nbgrader fails the same cells")


def _wrong_answer(assignment, path, courses):
    problems = list(_with_what_stops_it(wrong_answer(assignment, path, courses)))
    if problems:
        return _finding(f"wrong/{path.stem}", problems, "")
    stated, _ = read_wrong_answer(path)
    says = f"{stated.points:g} points in {stated.cell}: {stated.mistake}"
    return _finding(f"wrong/{path.stem}", (), says)


def _with_what_stops_it(problems):
    """The problems, and one more when the check cannot be finished: a bad file ends its own row alone."""
    try:
        yield from problems
    except Exception as error:
        yield f"stopped with {type(error).__name__}: {error}"


def _finding(what, problems, says):
    problems = list(_with_what_stops_it(problems))
    return Finding(what, not problems, "; ".join(problems[:3]) or says)


# ------------------------------------------------------------------------------------------ known answers


def instructor_version(assignment, courses=range(1, 21)):
    for seed in courses:
        ran = run(assignment.notebook, seed)
        yield from _unexpected(assignment, ran, assignment.points, seed)
        yield from _trouble(ran, ran, seed)


def release(assignment):
    """A blank hand-in scores 0, asked by the visible questions or by all of them."""
    blank, nothing = assignment.release(), dict.fromkeys(assignment.points, 0.0)
    stubs = {cell.id: cell.source for cell in blank.cells if mark(cell).get("solution")}
    for notebook in (blank, answered(assignment.notebook, stubs)):
        ran = run(notebook)
        yield from _unexpected(assignment, ran, nothing)
        yield from _trouble(ran, ran)
        for test in assignment.points:
            if "not answered yet" not in ran[test].stdout:
                yield f"{test} does not say what is not answered yet"


def right_answer(assignment, path, courses=range(1, 21)):
    """Full marks in these courses, and before the hidden tests are known; no test writes on stderr."""
    _, cells = read_answer(path)
    if missing := _tasks(assignment) - set(cells):
        yield f"does not answer {', '.join(sorted(missing))}"
    tried = [(assignment.release(), 1), *((assignment.notebook, seed) for seed in courses)]
    for notebook, seed in tried:
        ran = run(answered(notebook, cells), seed)
        yield from _unexpected(assignment, ran, assignment.points, seed)
        yield from _trouble(ran, assignment.points, seed)


def wrong_answer(assignment, path, courses=range(1, 5)):
    """The score it states and no other loss, its mistake named, nothing on stderr."""
    stated, cells = read_wrong_answer(path)
    notebook = answered(assignment.notebook, cells)
    wanted = assignment.points | {stated.cell: stated.points}
    if stated.points >= assignment.points.get(stated.cell, 0):
        yield f"{stated.cell} has to be a test cell that gives more than {stated.points:g} points"
        return
    for seed in courses:
        tests = [stated.cell]
        if seed == courses[0]:  # what it does to the others shows at once
            tests += tests_that_may_notice(notebook, cells)
        ran = run(notebook, seed, tests)
        assignment.heard.setdefault(path, ran[stated.cell].stdout)
        yield from _unexpected(assignment, ran, {test: wanted[test] for test in tests}, seed)
        yield from _trouble(ran, tests, seed)
        if stated.mistake not in ran[stated.cell].stdout:
            yield f"seed {seed}: {stated.cell} does not say {stated.mistake!r}"


def mistakes(assignment):
    """Right answers in five styles; in each test cell every mistake that its questions declare, no other."""
    styles = [read_answer(path)[0] for path in assignment.known("right")]
    if len(set(styles)) < max(5, len(styles)):
        yield f"{len(styles)} right answers in {len(set(styles))} styles; there should be five, no two alike"
    for test, names in in_cells(assignment).items():
        said = feedback(assignment, test)
        if not said:
            yield f"{test} has no wrong answer"
        heard = {name for names in NAMED.findall("".join(said)) for name in names.split(OR)}
        yield from (f"no wrong answer hears {name!r} in {test}" for name in sorted(names - heard))
        for name in sorted(heard - names - known_to_the_checks()):
            yield f"{test} speaks of {name!r}, which none of its questions declares"


def feedback(assignment, test):
    """What each of the wrong answers to a task hears in its test cell."""
    said = []
    for path in assignment.known("wrong"):
        stated, cells = read_wrong_answer(path)
        if stated.cell == test:
            if path not in assignment.heard:
                ran = run(answered(assignment.notebook, cells), tests=[test])
                assignment.heard[path] = ran[test].stdout
            said.append(assignment.heard[path])
    return said


def _unexpected(assignment, ran, wanted, seed=1):
    for test, points in wanted.items():
        if (value := ran[test].value) != points or type(value) is not float:
            got = ran[test].error or value
            yield f"seed {seed}: {test} gives {got!r}, not {points:g} of {assignment.points[test]:g}"


def _trouble(ran, cells, seed=1):
    for cell in cells:
        if ran[cell].error:
            yield f"seed {seed}: {cell} raises {ran[cell].error!r}"
        if ran[cell].stderr:
            yield f"seed {seed}: {cell} leaves on stderr {ran[cell].stderr!r}"


def mutated(assignment):
    """A Finding: do all slips made by machine lose points, but those that are known to be right?"""
    found, known = survey(assignment), excused(assignment)
    says = f"{found.made} made, {found.caught} caught, {found.named} named, {len(known)} are right"
    unknown = [f"full marks for {each}" for each in found.survivors if each not in known]
    unknown += [f"no survivor: {each}" for each in known if each not in found.survivors]
    return Finding("mutants", not unknown, "; ".join([*unknown[:3], says]))


def _promised(assignment):
    problems = list(_with_what_stops_it(broken(assignment)))
    return _finding("promised and asked", problems, "" if problems else f"{in_numbers(assignment)} promises")


def _told_apart(assignment, seeds):
    """A Finding that is no blame: which mistakes give the same somewhere, and are named together there."""
    pairs = {pair: what for what, *names in alike(assignment, seeds) for pair in [" = ".join(names)]}
    says = "; ".join(f"{pair} in {what}" for pair, what in pairs.items())
    return Finding("told apart", True, f"{len(pairs)} pairs are not: {says}" if pairs else "all mistakes")


def _tasks(assignment):
    cells = assignment.notebook.cells
    return {cell.id for cell in cells if cell.cell_type == "code" and mark(cell).get("solution")}


# ------------------------------------------------------------------------------ the notebook as a document


def document(assignment):
    """Text and notebook in step, marks that nbgrader accepts, tests of one form, nothing given away."""
    import nbformat
    from nbgrader.nbgraderformat import MetadataValidator

    notebook, text = assignment.notebook, read_text(assignment.file.with_suffix(".py"))
    if nbformat.reads(nbformat.writes(text), 4) != notebook:
        yield f"the notebook is not what its text says: bplib build-notebooks {assignment.name}"
    try:
        MetadataValidator().validate_nb(notebook)
    except Exception as problem:  # whatever nbgrader does not accept is the finding
        yield f"nbgrader: {problem}"
    grade_ids = [mark(cell)["grade_id"] for cell in notebook.cells if mark(cell)]
    for grade_id in sorted({each for each in grade_ids if grade_ids.count(each) > 1}):
        yield f"two cells have the grade_id {grade_id}"
    if not 4 <= len(assignment.points) <= 7:
        yield f"{len(assignment.points)} tasks graded by tests; there should be 4 to 7"
    yield from _promises(assignment)
    for cell in filter(is_test, notebook.cells):
        yield from _form(cell)
    yield from _given_away(assignment)


def _promises(assignment):
    """The introduction states what the cells add up to, and each task what its test cell gives."""
    cells = assignment.notebook.cells
    text = {cell.id: " ".join(cell.source.split()) for cell in cells}
    read = sum(mark(cell)["points"] for cell in cells if mark(cell).get("grade") and not is_test(cell))
    n, tested = len(assignment.points), sum(assignment.points.values())
    many = NUMBERS.get(n, n)
    for says in (
        f"{many} tasks for the computer to grade ({tested:g} points) and one",
        f"that a person reads ({read:g} points)",
    ):
        if says not in text["intro"]:
            yield f"intro has to say {says!r}"
    for number, (test, points) in enumerate(assignment.points.items(), start=1):
        task = test.replace("test_", "task_")
        if not re.match(rf"## Task {number} · [^()]+ \({points:g} points?\)", text[task]):
            yield f"{task} has to open with '## Task {number} · … ({points:g} points)'"


def _form(cell):
    opening = f"with bp.Checks(points={mark(cell)['points']}) as check:\n    check(ask."
    if not cell.source.startswith(opening) or not cell.source.endswith("\ncheck.score()"):
        yield f"{cell.id} has to open with {opening!r} and end in 'check.score()'"
    hidden = HIDDEN.findall(cell.source)
    if len(hidden) != 1 or "bp.course_seed()" not in hidden[0]:
        yield f"{cell.id} needs one block of hidden tests, with numbers from bp.course_seed()"


def _given_away(assignment):
    released = "\n".join(cell.source for cell in assignment.release().cells)
    tests = "\n".join(cell.source for cell in assignment.notebook.cells if is_test(cell))
    asked, visible = (set(re.findall(r"ask\.\w+", text)) for text in (tests, HIDDEN.sub("", tests)))
    for secret in ("SOLUTION", "HIDDEN TESTS", "bp.course_seed()", *sorted(asked - visible)):
        if secret in released:
            yield f"the release gives away {secret!r}"


def explanations(assignment):
    """One explanation read by a person, a rubric that adds up, and two answers: full marks and half."""
    cells = assignment.notebook.cells
    by_hand = [i for i, cell in enumerate(cells) if mark(cell).get("grade") and not is_test(cell)]
    if [cells[i].id for i in by_hand] != ["explain"]:
        yield "exactly one Markdown cell, 'explain', has to be graded by a person"
        return
    task, points = cells[by_hand[0] - 1].source, mark(cells[by_hand[0]])["points"]
    rubric = sum(map(float, re.findall(r"^\| *([\d.]+) *\|", task, re.MULTILINE)))
    if rubric != points:
        yield f"the rubric adds up to {rubric:g}, not to {points:g}"
    for name, worth in (("full", points), ("half", points / 2)):
        yield from _explanation(assignment.answers / "explain" / f"{name}.md", worth, points, task)


def _explanation(path, worth, points, task):
    if not path.exists():
        yield f"there is no explain/{path.name}"
        return
    first, answer = path.read_text("utf-8").split("\n", 1)
    if not re.fullmatch(rf"<!-- {worth:g} of {points:g}: .+ -->", first):
        yield f"explain/{path.name} has to open with '<!-- {worth:g} of {points:g}: … -->'"
    if asked := re.search(r"(\d+) to (\d+) words", task):
        words = len(answer.split())
        if not int(asked[1]) <= words <= int(asked[2]):
            yield f"explain/{path.name} has {words} words; asked are {asked[0]}"


# ---------------------------------------------------------------------------------------- nbgrader's Validate


def validate(assignment):
    """nbgrader, with a kernel, fails just the cells that our own run finds short of full marks."""
    wrong = {}
    for path in assignment.known("wrong"):
        stated, cells = read_wrong_answer(path)
        wrong.setdefault(stated.cell, cells)
    every_other = [wrong[test] for test in list(assignment.points)[::2] if test in wrong]
    mistaken = answered(assignment.notebook, {k: v for cells in every_other for k, v in cells.items()})
    for what, notebook, also in (
        ("the release", assignment.release(), {"explain"}),
        ("a wrong answer to every other task", mistaken, set()),
    ):
        ran = run(notebook)
        ours = {test for test, points in assignment.points.items() if ran[test].value != points} | also
        if (theirs := failed_by_nbgrader(notebook)) != ours:
            yield f"{what}: nbgrader fails {sorted(theirs)}, we fail {sorted(ours)}"


def failed_by_nbgrader(notebook):
    """The ids of the cells that Validate fails."""
    import nbformat
    from nbgrader.validator import Validator
    from traitlets.config import Config

    validator = Validator(config=Config(KernelManager={"transport_encryption": "auto"}))
    with TemporaryDirectory() as folder, in_a_course(1):
        path = Path(folder, "notebook.ipynb")
        nbformat.write(notebook, path)
        failed = {each["source"] for each in validator.validate(str(path)).get("failed", ())}
    return {cell.id for cell in notebook.cells if cell.source.strip() in failed}
