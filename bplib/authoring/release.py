"""The student version of the assignments, built by nbgrader from source/ into release/."""

import hashlib
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path


def build_stale_releases(assignments):
    """Build each assignment whose release is missing or older than its source; 0 when all went well."""
    failed = [name for name in stale_releases(assignments) if not build_release(assignments, name)]
    return int(bool(failed))


def stale_releases(assignments, releases=None):
    """Names of the assignments to build, in order.

    releases  the folder with what was built; release/ of the course when left out
    """
    releases = releases or Path(assignments, "release")
    sources = sorted({notebook.parent for notebook in Path(assignments, "source").glob("*/*.ipynb")})
    return [source.name for source in sources if newest(source) > built(releases, source.name)]


def newest(folder):
    """Time of the last change below a folder: of its files, and of the folder itself when one went away."""
    return max(path.stat().st_mtime for path in [folder, *folder.rglob("*")])


def built(releases, name):
    """Time at which a release was built; before all time when there is none."""
    notebooks = Path(releases, name).glob("*.ipynb")
    return min((path.stat().st_mtime for path in notebooks), default=0.0)


def build_release(assignments, name, releases=None):
    """One assignment through `nbgrader generate_assignment`; says so when it fails.

    releases  a folder to build in; the course's own release/ and its gradebook then stay as they are
    """
    print(f"Building the student version of {name}.", flush=True)
    release = Path(releases or Path(assignments, "release"), name)
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--force"]
    if releases:
        releases = releases.resolve()
        releases.mkdir(parents=True, exist_ok=True)
        command += [
            f"--CourseDirectory.release_directory={releases}",
            f"--db=sqlite:///{releases}/scratch.db",
        ]
    else:
        keep_work(release)
    # nbgrader calls alembic by name: it is found beside this Python, wherever PATH points
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    run = subprocess.run(
        command, cwd=assignments, env=os.environ | {"PATH": path}, capture_output=True, encoding="utf-8"
    )
    if run.returncode:
        print(f"nbgrader could not build {name}:\n{run.stderr.strip()}", file=sys.stderr)
        return False
    fingerprint_file(release).write_text(fingerprint(release))
    return True


def keep_work(release):
    """Move a release in which somebody has worked out of the way: nbgrader would delete it."""
    noted = fingerprint_file(release)
    if not release.exists() or (noted.exists() and noted.read_text() == fingerprint(release)):
        return
    kept = release.with_name(f"{release.name}-kept-{datetime.now():%Y%m%d-%H%M%S}")
    release.rename(kept)
    print(f"There is work of yours in release/{release.name}: it is now release/{kept.name}.", flush=True)


def fingerprint_file(release):
    """Where the fingerprint of a release, as it was built, is written down."""
    return release.with_name(f".{release.name}.sha256")


def fingerprint(release):
    """A hash of the notebooks of a release."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(release.glob("*.ipynb")))).hexdigest()
