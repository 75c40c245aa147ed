"""`bplib doctor`: is everything the course needs in order, and what to do if not, in plain words."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from . import DISTRIBUTION
from .files import open_to_others

CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"  # beside the package in a clone, absent elsewhere
REINSTALL = (
    "Run `python start.py lab` in a clone of the course, or `python -m pip install -r requirements.txt` "
    "in the unpacked zip."
)


@dataclass
class Finding:
    """What one examination found; ``grade`` is fine, note (the course still works) or broken."""

    topic: str
    grade: str
    says: str
    cure: str = ""


def examine():
    """Examine everything, one finding after the other."""
    for examination in (python, packages, kernel, widgets, commands, sandbox, privacy):
        try:
            yield examination()
        except ImportError as error:
            topic = examination.__name__.capitalize()
            yield Finding(topic, "broken", f"cannot be examined without {error.name}", REINSTALL)


def report(findings):
    """Print the findings; 1 if something that a student needs is broken, else 0."""
    broken = 0
    for finding in findings:
        print(f"{finding.topic:<10}{finding.grade:<8}{finding.says}", flush=True)
        if finding.cure:
            print(textwrap.fill(finding.cure, 100, initial_indent=" " * 18, subsequent_indent=" " * 18))
        broken += finding.grade == "broken"
    print(
        "\n" + ("Something a student needs is broken." if broken else "All that a student needs is in order.")
    )
    return int(broken > 0)


def python(version=sys.version_info):
    name = ".".join(map(str, version[:3]))
    if version >= (3, 11):
        return Finding("Python", "fine", name)
    cure = "Install a newer one from https://www.python.org/downloads/ and run `python start.py lab` with it."
    return Finding("Python", "broken", f"{name}; the course needs 3.11 or newer", cure)


def packages():
    """The packages of the course, against what bplib asks for and against the tested versions."""
    from packaging.requirements import Requirement

    requirements = [Requirement(line) for line in metadata.requires(DISTRIBUTION)]
    needed = [r for r in requirements if r.marker is None or r.marker.evaluate({"extra": "course"})]
    missing = [str(r.name) for r in needed if not satisfied(r)]
    if missing:
        return Finding("Packages", "broken", f"missing or too old: {', '.join(missing)}", REINSTALL)
    if is_installed("bplib"):
        says = f"a package called bplib is installed beside {DISTRIBUTION}: an old copy, or another project's"
        cure = f"`python -m pip uninstall bplib {DISTRIBUTION}`. {REINSTALL}"
        return Finding("Packages", "note", says, cure)
    tested = tested_versions()
    others = [
        f"{r.name} {metadata.version(r.name)} (tested: {tested[r.name]})"
        for r in needed
        if metadata.version(r.name) != tested.get(r.name, metadata.version(r.name))
    ]
    if others:
        cure = "Most likely all is well; if not, `python start.py lab` installs the tested versions."
        return Finding("Packages", "note", "other versions than the tested ones: " + ", ".join(others), cure)
    return Finding("Packages", "fine", ", ".join(f"{r.name} {metadata.version(r.name)}" for r in needed))


def satisfied(requirement):
    try:
        return requirement.specifier.contains(metadata.version(requirement.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return False


def is_installed(name):
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


def tested_versions():
    """{name: version} for this machine, from constraints.txt; empty where the file is not at hand."""
    from packaging.requirements import Requirement

    lines = CONSTRAINTS.read_text("utf-8").splitlines() if CONSTRAINTS.exists() else []
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    return {pin.name: re.sub("^==", "", str(pin.specifier)) for pin in here}


def kernel():
    """Start the kernel that notebooks use and let it compute 1 + 1."""
    from jupyter_client.manager import run_kernel

    cure = f"`{sys.executable} -m ipykernel install --sys-prefix` registers this Python's kernel again."
    asked = {"sum": "1 + 1", "python": "__import__('sys').prefix"}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        with run_kernel(kernel_name="python3", startup_timeout=30, **silent) as client:
            reply = client.execute("", user_expressions=asked, reply=True, timeout=30)
    except Exception as error:  # whatever keeps a kernel from starting and answering is the finding
        return Finding("Kernel", "broken", f"does not start: {error}", cure)
    answers = reply["content"]["user_expressions"]
    said = {name: answer["data"]["text/plain"] for name, answer in answers.items()}
    if said != {"sum": "2", "python": repr(sys.prefix)}:
        return Finding("Kernel", "broken", f"notebooks run in another Python: {said['python']}", cure)
    return Finding("Kernel", "fine", "starts, and knows that 1 + 1 is 2")


def widgets():
    """Whether JupyterLab finds the browser half of ipywidgets and anywidget, and has it switched on."""
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_federated_extensions, get_page_config

    folders = jupyter_path("labextensions")
    found = get_federated_extensions(folders)
    disabled = get_page_config(folders).get("disabledExtensions", [])
    needed = ["@jupyter-widgets/jupyterlab-manager", "anywidget"]
    missing = [name for name in needed if name not in found]
    off = [name for name in needed if any(entry.split(":")[0] == name for entry in disabled)]
    if missing:
        return Finding("Widgets", "broken", f"JupyterLab does not find {', '.join(missing)}", REINSTALL)
    if off:
        cure = f"`jupyter labextension enable {off[0]}` switches it on."
        return Finding("Widgets", "broken", f"switched off in JupyterLab: {', '.join(off)}", cure)
    return Finding("Widgets", "fine", "JupyterLab finds anywidget, and it is switched on")


def commands():
    """For instructors: nbgrader, and alembic, which nbgrader calls by name when it makes a gradebook."""
    missing = [name for name in ("nbgrader", "alembic") if shutil.which(name) is None]
    if not missing:
        return Finding("Grading", "fine", "nbgrader and alembic are on PATH")
    folder = Path(sys.executable).parent
    activate = str(folder / "activate") if os.name == "nt" else f"source {folder / 'activate'}"
    cure = f"Activate the environment: `{activate}`."
    return Finding("Grading", "note", f"instructors: not on PATH: {', '.join(missing)}", cure)


def sandbox():
    """For instructors: can bubblewrap lock up the code of a submission here?"""
    cure = "Grade on Linux, or in a Linux virtual machine; nothing else needs the sandbox."
    if sys.platform != "linux":
        return Finding("Sandbox", "note", "instructors: needs Linux", cure)
    if shutil.which("bwrap") is None:
        cure = "Install bubblewrap; on Debian and Ubuntu `sudo apt install bubblewrap`."
        return Finding("Sandbox", "note", "instructors: bubblewrap is not installed", cure)
    attempt = ["bwrap", "--ro-bind", "/", "/", "--unshare-all", "--die-with-parent", "true"]
    run = subprocess.run(attempt, capture_output=True, text=True)
    if run.returncode:
        says = f"instructors: bubblewrap may not make one here ({run.stderr.strip()})"
        cure = "Allow user namespaces on this system, or grade outside this container."
        return Finding("Sandbox", "note", says, cure)
    return Finding("Sandbox", "fine", "bubblewrap can lock up submissions")


def privacy():
    """For instructors: can every user of this machine read the course that stands here?"""
    places = (Path(), Path("assignments"))
    course = next((place for place in places if (place / "nbgrader_config.py").is_file()), None)
    if course is None:
        return Finding("Privacy", "fine", "no course is graded in this folder")
    if says := open_to_others(course):
        says, cure = says.split(": ", 1)
        return Finding(
            "Privacy",
            "note",
            f"instructors: {says}",
            f"On a machine of your own it is no matter. Else {cure}",
        )
    return Finding("Privacy", "fine", "no other user of this machine can read the course")
