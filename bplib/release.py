"""The student version of the assignments, built by nbgrader from source/ into release/."""

import os
import subprocess
import sys
from pathlib import Path


def build_stale_releases(assignments):
    """Build each assignment whose release is missing or older than its source; 0 when all went well."""
    failed = [name for name in stale_releases(assignments) if not build_release(assignments, name)]
    return int(bool(failed))


def stale_releases(assignments):
    """Names of the assignments to build, in order."""
    sources = sorted(folder for folder in Path(assignments, "source").glob("*") if folder.is_dir())
    return [folder.name for folder in sources if newest(folder) > built_at(assignments, folder.name)]


def newest(folder):
    """Time of the last change below a folder: of its files, and of the folder itself when one went away."""
    return max(path.stat().st_mtime for path in [folder, *folder.rglob("*")])


def built_at(assignments, name):
    """Time at which a release was built; before all time when there is none."""
    notebooks = list(Path(assignments, "release", name).glob("*.ipynb"))
    return min((path.stat().st_mtime for path in notebooks), default=0.0)


def build_release(assignments, name):
    """One assignment through `nbgrader generate_assignment`; says so when it fails."""
    print(f"Building the student version of {name}.", flush=True)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--force"]
    # nbgrader calls alembic by name: it is found beside this Python, wherever PATH points
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    run = subprocess.run(
        command, cwd=assignments, env=os.environ | {"PATH": path}, capture_output=True, encoding="utf-8"
    )
    if run.returncode:
        print(f"nbgrader could not build {name}:\n{run.stderr.strip()}", file=sys.stderr)
    return run.returncode == 0
