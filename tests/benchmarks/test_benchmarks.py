"""The benchmark command runs. What it measures is not tested: that is a matter of the machine."""

import re
import subprocess
import sys
import tomllib

from packaging.requirements import Requirement


def benchmarks(root, *arguments):
    command = [sys.executable, "-m", "tests.benchmarks", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=200)


def test_a_table_is_measured_where_no_peer_is_installed(root):
    done = benchmarks(root, "training", "--quick", "--without-peers")
    assert done.returncode == 0 and done.stderr == ""
    table = done.stdout.split("Training step, 784-50-10, batch 100, float32\n")[1].split("\nbar:")[0]
    rows = dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in table.splitlines()[1:])
    assert rows["MLP"].endswith(" 1.00")  # in times itself, the last column
    assert rows["PyTorch"] == rows["autograd"] == "not installed"
    assert "784-50-10, batch 100: MLP, in times PyTorch, ≤ 0.650: –, not measured" in done.stdout


def test_an_unknown_table_is_refused_by_name(root):
    done = benchmarks(root, "speed")
    assert done.returncode == 2 and done.stdout == ""
    assert "no table named speed; there are imports, scalars, training" in done.stderr


def test_the_library_imports_no_peer(root):
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    peers = [Requirement(line).name for line in project["optional-dependencies"]["benchmark"]]
    importing = re.compile(rf"^\s*(import|from)\s+({'|'.join(peers)})\b", re.MULTILINE)
    assert importing.search("    from torch import nn")
    sources = list((root / "bplib").rglob("*.py"))
    assert sources and [path.name for path in sources if importing.search(path.read_text("utf-8"))] == []
