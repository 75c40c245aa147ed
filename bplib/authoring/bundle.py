"""`bplib bundle`: the course as one zip for students, and the proof that it gives nothing away.

A secret is known by its **passages**: runs of lines, spaces and comment signs left out, each long enough that
nobody writes it by chance. A zip in which any text holds a passage of a solution, of a hidden test, of a mark
scheme or of a known answer is not written. The wheel holds `bplib.course.questions` and `bplib.grading`: they
know how to mark, and what they know of solutions is under the same proof.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from html import unescape
from io import BytesIO
from itertools import accumulate, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ..errors import BplibError
from ..files import is_portable
from .rehearsal import Assignment, mark, read_answer
from .release import build_release, fingerprint, fingerprint_file, stale_releases

TOP = "bplib-course"  # the one folder that the zip unpacks to
LONGEST_NAME = 150  # Windows allows 260 for the whole path

ENOUGH = 50  # characters of a passage, spaces not counted: one line of 42 is still an idiom (softmax's e)
FEW = 22  # a secret shorter than this is said by everybody: return x + y

SECRET = re.compile(r"^.*BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME).*\n((?s:.*?))^.*END \1.*$", re.MULTILINE)
MARKER = re.compile(r"^[\s#=]*((?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME))[\s#=]*$", re.MULTILINE)

START_HERE = """\
Welcome to backpropagation, understood gate by gate

1. Unpack the whole zip to a folder of your own. On Windows: right-click, Extract All. A notebook that is
   opened inside the zip cannot be saved.

2. Install Python 3.11 or newer from https://www.python.org/downloads/ if you do not have it.

3. Open a terminal in this folder, the one with START_HERE.txt (Windows: type cmd into the address bar of the
   folder's window), and type, once. It takes a few minutes and needs the network.

   Windows:
      py -m venv .venv
      .venv\\Scripts\\python -m pip install -r requirements.txt

   macOS and Linux:
      python3 -m venv .venv
      .venv/bin/python -m pip install -r requirements.txt

   With conda: conda env create --file environment.yml, then conda activate bplib.

4. Start, today and every other day:

   Windows:          .venv\\Scripts\\python -m jupyterlab
   macOS and Linux:  .venv/bin/python -m jupyterlab
   conda:            jupyter lab

   Your browser opens. In the list on the left, open notebooks and then 00_start_here.ipynb.

If something does not work, .venv\\Scripts\\bplib doctor (macOS and Linux: .venv/bin/bplib doctor) examines
the installation and says what to do.

Update: when your instructor gives you a newer zip

   Unpack it beside the old folder, not over it: your work stays where it is. Open a terminal in the new
   folder and let the Python of the old one install what is new (put in the name of your old folder):

   Windows:          ..\\old-folder\\.venv\\Scripts\\python -m pip install -r requirements.txt
   macOS and Linux:  ../old-folder/.venv/bin/python -m pip install -r requirements.txt
   conda:            python -m pip install -r requirements.txt

   Go on in the old folder; a changed lesson or assignment you find in the new one. bplib --version says
   which course you have.

Handing in an assignment

   The assignments are in assignments/release, each in a folder: ps01, ps02 and so on. Copy the folder before
   you write in it. Before you hand in: Run, Restart Kernel and Run All Cells; then save.
   Hand in the notebook under the name it has, such as ps01.ipynb, in the way your instructor asks for. If
   that is a zip, type this in the folder with START_HERE.txt, with the place of your copy at the end:

   Windows:          .venv\\Scripts\\bplib hand-in ps01 my-work\\ps01
   macOS and Linux:  .venv/bin/bplib hand-in ps01 my-work/ps01
   conda:            bplib hand-in ps01 my-work/ps01

   It says what is not answered or not run yet, and makes ps01.zip. The test cells stay as they are: when one
   has been changed, copied or lost, it is put back and your answers count all the same.

The code is under the BSD 3-Clause License (LICENSE.txt), the text of lessons and assignments under
CC BY 4.0 (LICENSE-lessons.txt).
"""

REQUIREMENTS = """\
# bplib from the wheel in this folder, all else in the versions that the course is tested with
--constraint constraints.txt
./{wheel}[course]
"""

ENVIRONMENT = """\
name: bplib
channels:
  - conda-forge
dependencies:
  - python>=3.11
  - pip
  - pip:
      - --requirement requirements.txt
"""


def bundle(root, out):
    """Write the zip for students from the course in the folder `root`; the same course gives the same bytes.

    Raises BplibError, and writes nothing, when the zip would give something away, holds a lesson that was not
    run or a name that Windows does not take, or cannot be built.
    """
    members = gather(root)
    known = dict(secrets(root / "assignments"))
    problems = [*bad_names(members), *unfinished(members), *given_away(members, known)]
    if problems:
        raise BplibError(f"{out} was not written:\n" + "\n".join(f"  {problem}" for problem in problems))
    write(members, out)
    print(f"{out}: {len(members)} files, {out.stat().st_size / 1e6:.1f} MB; {len(known)} passages looked for")


# ------------------------------------------------------------------------------------------- what goes in


def gather(root):
    """{path in the zip: bytes} of everything that students get."""
    for needed in ("pyproject.toml", "notebooks", "assignments/source"):
        if not (root / needed).exists():
            raise BplibError(f"there is no {root / needed}: call `bplib bundle` in the folder of the course")
    wheel, content = build_wheel(root)
    lessons = sorted(root.glob("notebooks/*.ipynb"))
    files = [*lessons, root / "constraints.txt"]
    return {
        "START_HERE.txt": START_HERE.encode(),
        "requirements.txt": REQUIREMENTS.format(wheel=wheel).encode(),
        "environment.yml": ENVIRONMENT.encode(),
        "LICENSE.txt": (root / "LICENSE").read_bytes(),
        "LICENSE-lessons.txt": (root / "LICENSE-lessons").read_bytes(),
        wheel: content,
        **{path.relative_to(root).as_posix(): path.read_bytes() for path in files},
        **{f"assignments/release/{name}": path.read_bytes() for name, path in released(root)},
    }


def build_wheel(root):
    """The name and the bytes of bplib's wheel, built with the hatchling that pyproject.toml pins."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, root]
        run = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
        if run.returncode:
            said = "\n".join((run.stderr or run.stdout).strip().splitlines()[-8:])
            raise BplibError(
                f"the wheel of bplib could not be built; it needs pip, and the network for hatchling:\n{said}"
            )
        [wheel] = Path(folder).glob("*.whl")
        return wheel.name, wheel.read_bytes()


def released(root):
    """(name, path) of the files of the student versions.

    They are built in a folder of the bundle's own and kept for the next one: release/ of the course and its
    gradebook are the instructor's.
    """
    assignments, releases = root / "assignments", root / "dist" / ".release"
    stale = stale_releases(assignments, releases)
    for source in sorted({notebook.parent for notebook in assignments.glob("source/*/*.ipynb")}):
        release = releases / source.name
        is_built = source.name not in stale and not worked_in(release)
        if not is_built and not build_release(assignments, source.name, releases):
            raise BplibError(f"the student version of {source.name} could not be built: see above")
        for path in sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file()):
            if (release / path).is_file():
                yield f"{source.name}/{path.as_posix()}", release / path


def worked_in(release):
    noted = fingerprint_file(release)
    return not noted.exists() or noted.read_text() != fingerprint(release)


def write(members, out):
    """The zip, in the order of names, with neither a clock nor a system in it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    half_made = out.with_suffix(".half-made")
    with ZipFile(half_made, "w") as file:
        for name, content in sorted(members.items()):
            entry = ZipInfo(f"{TOP}/{name}", date_time=(2020, 2, 2, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            file.writestr(entry, content, ZIP_DEFLATED)
    half_made.replace(out)


# ----------------------------------------------------------------------------------- what must not go out


def bad_names(names):
    """A sentence for each name that Windows could not unpack, or would unpack onto another."""
    folded = Counter(name.casefold() for name in names)
    for name in names:
        parts = name.split("/")
        if not all(map(is_portable, parts)):
            yield f"{name} is not a name on Windows"
        if len(f"{TOP}/{name}") > LONGEST_NAME:
            yield f"{name} is longer than {LONGEST_NAME} characters"
        if folded[name.casefold()] > 1:
            yield f"{name} differs from another name in capitals only"


def unfinished(members):
    """A sentence for each lesson that was not run, or keeps widgets that no kernel knows."""
    for name in members:
        if name.startswith("notebooks/"):
            notebook = json.loads(members[name])
            cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
            shown = [kind for cell in cells for output in cell["outputs"] for kind in output.get("data", {})]
            if any(cell["execution_count"] is None for cell in cells):
                yield f"{name} has cells that were not run: bplib build-notebooks {Path(name).stem}"
            if "widgets" in notebook["metadata"] or any("widget-view" in kind for kind in shown):
                yield f"{name} keeps the state of widgets: bplib build-notebooks {Path(name).stem}"


def given_away(members, secrets):
    """A sentence for each file of the zip, and of the wheel in it, that holds something of a secret."""
    for member, content in members.items():
        for name, text in texts(member, content):
            if re.search(r"(^|/)(answers|source)/", name):
                yield f"{name} is not for students"
            if marker := MARKER.search(text):
                yield f"{name} has a line {marker[1]}"
            squeezed = squeeze(text)
            found = {whose: passage for passage, whose in secrets.items() if passage in squeezed}
            yield from (f"{name} holds {whose}: {passage}" for whose, passage in found.items())


def texts(name, content):
    """(name, text) of everything that can be read in a file, down to the outputs of notebooks."""
    if name.endswith((".whl", ".zip")):
        with ZipFile(BytesIO(content)) as inside:
            for inner in inside.namelist():
                yield from texts(f"{name}/{inner}", inside.read(inner))
    elif name.endswith(".ipynb"):
        yield name, "\n".join(strings(json.loads(content)))
    else:
        yield name, content.decode("utf-8", "replace")


def strings(value):
    """The texts in a JSON document; a notebook keeps one as a list of lines."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield "".join(value)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def secrets(assignments):
    """(passage, whose) of all that students must not see, for every assignment."""
    names = sorted(path.parent.name for path in assignments.glob("source/*/*.ipynb"))
    rehearsed = [Assignment(assignments, name) for name in names]
    given = squeeze("\n".join(text for assignment in rehearsed for text in handed_out(assignment)))
    for assignment in rehearsed:
        for whose, text in [*withheld(assignment), *answers(assignment)]:
            yield from ((p, f"{assignment.name}, {whose}") for p in passages(text) if p not in given)


def handed_out(assignment):
    """What the instructor's version gives to students."""
    return (SECRET.sub("", cell.source) for cell in assignment.notebook.cells if not by_hand(cell))


def by_hand(cell):
    """Whether all of a cell is the model answer: nbgrader empties it."""
    return bool(mark(cell).get("solution")) and not SECRET.search(cell.source)


def withheld(assignment):
    for cell in assignment.notebook.cells:
        if by_hand(cell):
            yield f"the model answer of {cell.id}", words(cell.source)
        for kind, text in SECRET.findall(cell.source):
            yield f"{kind.lower()} of {cell.id}", text


def answers(assignment):
    for path in assignment.known("right"):
        yield from ((f"right/{path.name}", text) for text in read_answer(path)[1].values())
    for path in sorted(assignment.answers.glob("explain/*.md")):
        yield f"explain/{path.name}", words(path.read_text("utf-8"))


def words(text):
    """An explanation without its formulas: they are the lesson's."""
    return re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)


def passages(text):
    """From each line on, as many lines as make a passage; a short text is one passage."""
    lines = [squeeze(line) for line in text.splitlines()]
    whole = "".join(lines)
    if FEW <= len(whole) < ENOUGH:
        yield whole
    for start in range(len(lines)):
        yield from islice((run for run in accumulate(lines[start:]) if len(run) >= ENOUGH), 1)


def squeeze(text):
    """A text without what changes when it is indented, wrapped, commented out or printed."""
    return re.sub(r"\s|#|\\n", "", unescape(text))
