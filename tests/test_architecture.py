"""The house keeps its order: who may import whom, and how much `import bplib` costs."""

import ast
import json
import shutil
import statistics
import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage

import pytest

import bplib

# The tower, from the ground up: a room imports rooms of lower floors alone. A new one states its place here.
FLOORS = (
    ("errors", "files", "names"),
    ("values", "draw"),
    ("gates",),
    ("graph",),
    ("networks", "check"),
    ("widgets", "course"),
    ("authoring", "doctor"),
    ("grading",),
    ("cli",),
)
CORE = ("errors", "names", "values", "gates", "graph", "networks", "check")  # import numpy and nothing else
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def imports_of(path, package):
    """Every module that a file imports, at its top or inside a function, as a full dotted name."""
    inside = path.relative_to(package.parent).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = inside[: len(inside) - node.level + 1] if node.level else ()
            module = ".".join([*here, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def imports_by_room(package):
    """(file, its room, a room of bplib that it imports), and (file, its room, "") for what is not ours."""
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).with_suffix("").parts[0]
        for module in imports_of(path, package) if room != "__init__" else ():
            first, *rest = module.split(".")
            yield path, room, rest[0] if first == package.name else ""


def upward(package):
    """What imports a room that is not below its own."""
    return [
        f"{path.relative_to(package)} imports {other}"
        for path, room, other in imports_by_room(package)
        if other in FLOOR and other != room and FLOOR[other] >= FLOOR[room]
    ]


@pytest.fixture
def package(root):
    return root / "bplib"


def test_every_room_has_stated_its_place(package):
    rooms = {path.stem for path in package.iterdir() if path.name != "__pycache__"} - {"__init__"}
    assert rooms == set(FLOOR)


def test_a_room_imports_only_what_lies_below_it(package):
    assert upward(package) == []


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("graph/passes.py", "from ..grading import x"),
        ("graph/passes.py", "from .. import grading"),
        ("graph/passes.py", "def late():\n    from bplib.check.gate import check_gate"),
        ("gates/base.py", "import bplib.graph.node"),
        ("check/gate.py", "from bplib import networks"),
        ("values.py", "from .gates import exp"),
    ],
)
def test_an_import_of_a_room_above_is_seen(room, line, package, tmp_path):
    copy = tmp_path / "bplib"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__", "static"))
    with open(copy / room, "a") as file:
        file.write(f"\n{line}\n")
    assert len(upward(copy)) == 1


def test_nothing_but_the_command_imports_grading(package):
    assert {room for _, room, other in imports_by_room(package) if other == "grading"} == {"grading", "cli"}


@pytest.mark.parametrize("room", CORE)
def test_the_core_imports_numpy_and_the_standard_library_alone(room, package):
    files = sorted((package / room).rglob("*.py")) or [package / f"{room}.py"]
    imported = {module.split(".")[0] for path in files for module in imports_of(path, package)}
    bar = {"tqdm"} if room == "networks" else set()  # shown while training, where it is installed
    assert imported <= {"bplib", "numpy"} | bar | sys.stdlib_module_names


def test_no_file_is_longer_than_one_reads_in_a_sitting(package):
    """400 lines; a table of questions may be long, because it is a table."""
    files = [path for kind in ("*.py", "*.js", "*.css") for path in package.rglob(kind)]
    lines = {path.relative_to(package): len(path.read_text("utf-8").splitlines()) for path in files}
    long = {str(path) for path, n in lines.items() if n > 400 and path.parent.name != "questions"}
    assert long == set()


def in_a_fresh_process(code, root):
    return subprocess.run(
        [sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize(
    "use",
    ["pass", "bplib.check_gate(bplib.exp, 1.0); bplib.record(lambda x: x * x, x=2).to_dict()"],
    ids=["import", "use"],
)
def test_import_bplib_pulls_in_nothing_but_numpy_and_the_standard_library(use, root):
    loaded = in_a_fresh_process(
        f"import json, sys, numpy.random; before = set(sys.modules); import bplib; {use}; "
        "print(json.dumps([name for name in sys.modules if name not in before]))",
        root,
    )
    packages = {name.split(".")[0] for name in json.loads(loaded)}
    assert packages - sys.stdlib_module_names == {"bplib"}


def test_every_public_name_can_be_reached():
    assert [name for name in bplib.__all__ if not hasattr(bplib, name)] == []


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"bplib has no 'backprop'; see dir\(bplib\)"):
        _ = bplib.backprop
    assert set(dir(bplib)) == set(bplib.__all__)


def test_importing_bplib_costs_little_more_than_numpy(root):
    """What the engine costs on top is in `python -m tests.benchmarks imports`."""

    def seconds(code):
        """Of a processor's time: it does not depend on what else the machine does."""
        before = getrusage(RUSAGE_CHILDREN)
        in_a_fresh_process(code, root)
        after = getrusage(RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    seconds("import bplib"), seconds("import numpy")  # compiled and in the cache
    ratios = [seconds("import bplib") / seconds("import numpy") for _ in range(15)]
    assert statistics.median(ratios) <= 1.25
