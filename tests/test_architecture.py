"""The house keeps its order: who may import whom, and how much `import bplib` costs."""

import ast
import json
import statistics
import subprocess
import sys
from time import perf_counter

import pytest

import bplib

# Each part of bplib and the parts it may import; a new one states its place here.
MAY_IMPORT = {
    "__init__": set(),
    # the engine, from the bottom up
    "errors": set(),
    "files": set(),
    "values": {"errors"},
    "report": {"errors"},
    "trace": {"draw"},  # to show itself, when it is shown
    "gates": {"errors", "values"},
    "foreign": {"errors", "values", "gates"},
    "graph": {"errors", "values", "gates", "foreign", "trace"},
    "derivatives": {"errors", "values", "gates", "foreign", "trace", "graph"},
    "tape": {"errors", "values", "gates", "graph"},
    "detail": {"errors", "gates", "graph"},
    "layers": {"errors", "values", "gates", "foreign"},
    "networks": {"errors", "values", "gates", "foreign", "derivatives", "layers"},
    "optim": {"errors", "values"},
    "data": {"errors"},
    "compare": {"errors", "report"},
    "jacobians": {"errors", "derivatives", "graph"},
    "nielsen": {"errors", "values", "gates"},
    "differences": {"derivatives"},
    "misconceptions": {"differences", "compare"},
    "check": {
        "errors",
        "values",
        "report",
        "gates",
        "foreign",
        "derivatives",
        "differences",
        "compare",
        "misconceptions",
    },
    # what students see; a picture is made of a trace's plain data alone
    "draw": {"errors"},
    "widgets": {
        "errors",
        "gates",
        "derivatives",
        "detail",
        "draw",
        "trace",
        "values",
        "jacobians",
        "graph",
        "layers",
        "networks",
        "nielsen",
        "optim",
    },
    "diary": {"errors"},
    "watch": {"errors"},
    "exercise": {"errors", "report", "misconceptions", "diary", "watch"},
    "questions": {
        "errors",
        "values",
        "gates",
        "foreign",
        "graph",
        "derivatives",
        "jacobians",
        "nielsen",
        "layers",
        "networks",
        "optim",
        "data",
        "report",
        "compare",
        "check",
        "watch",
        "exercise",
    },
    "progress": {"errors", "diary", "exercise", "questions"},
    # around the course
    "authoring": {"errors"},
    "release": {"errors"},
    "site": {"errors", "authoring", "widgets"},
    "rehearsal": {"errors"},
    "bundle": {"errors", "files", "rehearsal", "release"},
    "hand_in": {"errors", "files"},
    "selftest": {"authoring", "compare", "report", "rehearsal"},
    "doctor": {"errors"},
    "cli": {
        "__init__",
        "errors",
        "doctor",
        "release",
        "authoring",
        "site",
        "bundle",
        "selftest",
        "hand_in",
        "progress",
        "grading",
    },
    "grading": {"__init__", "errors", "files", "report", "watch", "draw"},
}
ENGINE = (
    "__init__", "errors", "values", "report", "trace", "gates", "foreign", "graph", "derivatives",
    "jacobians", "tape", "detail", "layers", "networks", "nielsen", "compare", "differences",
    "misconceptions", "check",
)  # fmt: skip


def imports_of(path, package):
    """Every module that a file imports, at its top or inside a function, as a full dotted name."""
    inside = path.relative_to(package.parent).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = inside[: len(inside) - node.level + 1] if node.level else ()
            module = ".".join([*here, *filter(None, [node.module])])
            if module == package.name:  # from bplib import x: a part of bplib, or a public name
                parts = [alias.name for alias in node.names if alias.name in MAY_IMPORT]
                yield from (f"{module}.{part}" for part in parts or ["__init__"])
            else:
                yield module


def part_of(module):
    """bplib.draw.svg -> draw."""
    return (*module.split("."), "__init__")[1]


def files_of(package, part):
    return sorted((package / part).rglob("*.py")) or [package / f"{part}.py"]


def parts_of(package):
    packages = {path.parent.name for path in package.glob("*/__init__.py")}
    return packages | {path.stem for path in package.glob("*.py")}


@pytest.fixture
def package(root):
    return root / "bplib"


def test_every_part_has_stated_its_place(package):
    assert parts_of(package) == set(MAY_IMPORT)


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_a_part_imports_only_what_lies_below_it(part, package):
    imported = {m for path in files_of(package, part) for m in imports_of(path, package)}
    ours = {part_of(module) for module in imported if module.split(".")[0] == package.name}
    assert ours - {part} <= MAY_IMPORT[part]


def test_the_table_itself_has_no_circle():
    done = set()
    while ready := {part for part in MAY_IMPORT if part not in done and MAY_IMPORT[part] <= done}:
        done |= ready
    assert done == set(MAY_IMPORT)


def test_nothing_but_the_command_imports_grading():
    assert [part for part, below in MAY_IMPORT.items() if "grading" in below] == ["cli"]


@pytest.mark.parametrize("part", ENGINE)
def test_the_engine_imports_numpy_and_the_standard_library_alone(part, package):
    imported = {m.split(".")[0] for path in files_of(package, part) for m in imports_of(path, package)}
    assert imported <= {"bplib", "numpy"} | sys.stdlib_module_names


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
        start = perf_counter()
        in_a_fresh_process(code, root)
        return perf_counter() - start

    seconds("import bplib"), seconds("import numpy")  # compiled and in the cache
    ratios = [seconds("import bplib") / seconds("import numpy") for _ in range(15)]
    assert statistics.median(ratios) <= 1.25
