"""`bplib lite`: the course as a static site in which every lesson runs, without an installation or a server.

It is JupyterLite: JupyterLab in the page, and Pyodide as its Python. What a cell imports, Pyodide loads from
the list in its lock file. Here that list has bplib, its widgets and what they need as well, so that
`import bplib` is enough. What the archive of Pyodide holds lies in the site; the rest comes from Pyodide's
public address when it is imported.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from shutil import move, rmtree
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from ..errors import BplibError, MissingExtra
from .bundle import build_wheel, released

# What fits together: another Pyodide has another Python, and needs another kernel.
PYODIDE = "0.27.7"
TOOLS = {"jupyterlite-core": "0.6.4", "jupyterlite-pyodide-kernel": "0.6.1"}
CORE = f"https://github.com/pyodide/pyodide/releases/download/{PYODIDE}/pyodide-core-{PYODIDE}.tar.bz2"
ADDRESS = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE}/full/"

# distribution -> (what is imported of it, what has to be there for that)
WHEELS = {
    "psygnal": (["psygnal"], []),
    "typing-extensions": (["typing_extensions"], []),
    "comm": (["comm"], ["traitlets"]),
    "widgetsnbextension": ([], []),
    "jupyterlab-widgets": ([], []),
    "ipywidgets": (
        ["ipywidgets"],
        ["comm", "ipython", "traitlets", "widgetsnbextension", "jupyterlab-widgets"],
    ),
    "anywidget": (["anywidget"], ["ipywidgets", "psygnal", "typing-extensions"]),
    "bplib-course": (["bplib"], ["numpy", "anywidget", "matplotlib", "scikit-learn"]),
}
OF_THE_KERNEL = ["ipython", "jedi", "micropip", "sqlite3", "ssl"]  # loaded whatever a lesson imports
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "anywidget", "@jupyterlite/pyodide-kernel-extension"]


def lite(root, out, pyodide=None):
    """Write the site for the course in the folder `root` into `out`, in place of the site that was there.

    pyodide    an archive of Pyodide, as its releases have them; its core is fetched when left out
    The same course gives the same bytes.
    Raises BplibError, and leaves `out` as it was, where a tool is missing or of another version, the archive
    is of another Pyodide, something cannot be fetched, or `out` holds something else.
    """
    expect_tools()
    expect_site(out)
    with TemporaryDirectory() as folder:
        work, archive = Path(folder), pyodide or fetched(CORE)
        missing = write_archive(archive, wheels(root, work / "wheels"), work / "pyodide.tar.bz2")
        gather(root, work / "contents")
        configure(work)
        build(work, work / "site")
        out.parent.mkdir(parents=True, exist_ok=True)
        rmtree(out, ignore_errors=True)
        move(work / "site", out)
    print(f"{out}: {sum(path.is_file() for path in out.rglob('*'))} files, {size_of(out) / 1e6:.0f} MB")
    if missing:
        print(f"{len(missing)} packages come from {ADDRESS} when a lesson imports them.")
    print(f"Open it through a server, for example: python -m http.server --directory {out}")


def expect_tools():
    for name, wanted in TOOLS.items():
        try:
            there = version(name)
        except PackageNotFoundError:
            there = None
        if there != wanted:
            every = " ".join(f"{name}=={number}" for name, number in TOOLS.items())
            found = f"found is {there}" if there else "there is none"
            raise MissingExtra(
                f"bplib lite needs {name} {wanted}, which fits Pyodide {PYODIDE}; {found}. "
                f"Install it with: python -m pip install {every}"
            )


def expect_site(out):
    if out.exists() and not (out / "jupyter-lite.json").exists() and (out.is_file() or any(out.iterdir())):
        raise BplibError(f"{out} holds something else than a site of bplib lite: name another folder")


# ---------------------------------------------------------------------------------------- Python in a page


def wheels(root, folder):
    """{distribution: its wheel} of all that the archive gets: ours, and the pinned ones from PyPI."""
    folder.mkdir()
    name, content = build_wheel(root)
    (folder / name).write_bytes(content)
    others = [name for name in WHEELS if name != "bplib-course"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version=3.12", "--platform=any", "--constraint", root / "constraints.txt"]
    run = subprocess.run([*command, "--dest", folder, *others], capture_output=True, text=True)
    if run.returncode:
        raise BplibError(f"wheels could not be fetched:\n{run.stderr.strip()[-1000:]}")
    return {each: next(folder.glob(f"{each.replace('-', '_')}-*.whl")) for each in WHEELS}


def fetched(address):
    """What is at an address, as a file in memory."""
    try:
        with urlopen(address, timeout=60) as answer:
            return BytesIO(answer.read())
    except OSError as problem:
        raise BplibError(
            f"Pyodide could not be fetched from {address}: {problem}. Without a network, name an archive of "
            f"Pyodide {PYODIDE} that you have: bplib lite --pyodide ARCHIVE"
        ) from None


def write_archive(given, ours, out):
    """Write an archive with our wheels in the list of what can be loaded; the names of what it lacks."""
    with opened(given) as archive:
        members = {Path(each.name).name: each for each in archive.getmembers() if each.isfile()}
        if "pyodide-lock.json" not in members:
            raise BplibError(f"{given} is no archive of Pyodide: it has no pyodide-lock.json")
        lock = json.load(archive.extractfile(members["pyodide-lock.json"]))
        if lock["info"]["version"] != PYODIDE:
            raise BplibError(f"{given} is Pyodide {lock['info']['version']}; what fits here is {PYODIDE}")
        packages = lock["packages"]
        packages |= {name: entry(name, wheel) for name, wheel in ours.items()}
        lock["packages"] = {name: packages[name] for name in sorted(needed(packages))}
        files = {each["file_name"] for each in lock["packages"].values()}
        core = {name for name in members if name.startswith(("pyodide.", "python_stdlib"))}
        there = {name: archive.extractfile(members[name]).read() for name in (core | files) & members.keys()}
    there |= {wheel.name: wheel.read_bytes() for wheel in ours.values()}
    missing = [each for each in lock["packages"].values() if each["file_name"] not in there]
    for each in missing:
        each["file_name"] = ADDRESS + each["file_name"]
    there["pyodide-lock.json"] = json.dumps(lock, indent=1, sort_keys=True).encode()
    with tarfile.open(out, "w:bz2", compresslevel=1) as archive:
        for name, content in sorted(there.items()):
            member = tarfile.TarInfo(f"pyodide/{name}")
            member.size, member.mode = len(content), 0o644
            archive.addfile(member, BytesIO(content))
    return [each["name"] for each in missing]


def opened(given):
    try:
        return tarfile.open(fileobj=given) if isinstance(given, BytesIO) else tarfile.open(given)
    except (OSError, tarfile.TarError) as problem:
        raise BplibError(f"{given} cannot be read as an archive of Pyodide: {problem}") from None


def entry(name, wheel):
    """A wheel in the list of what can be loaded."""
    imports, depends = WHEELS[name]
    return {
        "name": name,
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "imports": imports,
        "depends": depends,
        "install_dir": "site",
        "package_type": "package",
        "shared_library": False,
        "unvendored_tests": False,
    }


def needed(packages):
    """The names of all that ours and the kernel's packages need, and of what those need."""
    found, waiting = set(), [*WHEELS, *OF_THE_KERNEL]
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in packages:
            raise BplibError(f"the archive of Pyodide does not know {name}")
        if name not in found:
            found.add(name)
            waiting += packages[name]["depends"]
    return found


# ------------------------------------------------------------------------------------------------ the site


def gather(root, contents):
    """What a reader finds: the lessons, and the student versions of the assignments."""
    lessons = {f"notebooks/{path.name}": path for path in sorted(root.glob("notebooks/*.ipynb"))}
    assignments = {f"assignments/{name}": path for name, path in released(root)}
    for name, path in (lessons | assignments).items():
        place = contents / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())


def configure(work):
    """The settings that every installation of the course has, and where Python is."""
    lab = Path(__file__).parents[1] / "course/lab"
    (work / "overrides.json").write_text((lab / "settings.json").read_text("utf-8"), "utf-8")
    shown = {"appName": "Backpropagation, gate by gate", "exposeAppInBrowser": True}
    shown |= json.loads((lab / "page.json").read_text("utf-8"))
    settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": shown}
    (work / "jupyter-lite.json").write_text(json.dumps(settings), "utf-8")


def build(work, out):
    config = {
        "apps": ["lab"],
        "contents": [work / "contents"],
        "federated_extensions": list(extensions()),
        "ignore_sys_prefix": True,
        "lite_dir": work,
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": out,
        "source_date_epoch": 1_580_602_000,  # no clock in the site
    }
    tools = {"LiteBuildConfig": config, "PyodideAddon": {"pyodide_url": work / "pyodide.tar.bz2"}}
    (work / "jupyter_lite_config.json").write_text(json.dumps(tools, default=str), "utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    run = subprocess.run(command, cwd=work, capture_output=True, text=True)
    if run.returncode:
        raise BplibError(
            f"JupyterLite could not build the site:\n{(run.stderr or run.stdout).strip()[-2000:]}"
        )


def extensions():
    """The parts of JupyterLab that show widgets, and the one that starts Python in the page."""
    folder = Path(sys.prefix, "share/jupyter/labextensions")
    for name in EXTENSIONS:
        if not (folder / name).exists():
            raise MissingExtra(f"bplib lite needs JupyterLab's extension {name}; it is not in {folder}")
        yield folder / name


def size_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
