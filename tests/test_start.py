"""start.py on a tiny course: real environments, made by the real pip and uv, and a Jupyter that reports."""

import ast
import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]

TINY_COURSE = {
    # A project without dependencies that builds itself: pip installs it without a network.
    "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    "constraints.txt": "",
    "backend.py": """
import os, time, zipfile

METADATA = "Metadata-Version: 2.1\\nName: bplib\\nVersion: 0\\n"
EXTRAS = "".join("Provides-Extra: %s\\n" % extra for extra in ("course", "test", "instructor"))
WHEEL = "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def build_editable(folder, config_settings=None, metadata_directory=None):
    open("building", "w").close()
    while os.path.exists("stuck"):
        time.sleep(0.1)
    with zipfile.ZipFile(os.path.join(folder, "bplib-0-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("bplib-0.dist-info/METADATA", METADATA + EXTRAS)
        wheel.writestr("bplib-0.dist-info/WHEEL", WHEEL)
        wheel.writestr("bplib-0.dist-info/RECORD", "")
    return "bplib-0-py3-none-any.whl"
""",
    # Programs that start.py runs; each says that it was run. `broken` names the ones that fail.
    "jupyterlab.py": "import sys; print('jupyterlab', *sys.argv[1:])",
    "ruff.py": "import sys; print('ruff', *sys.argv[1:]); exit(sys.argv[1] in open('broken').read())",
    "codespell_lib.py": "print('codespell')",
    "pytest.py": "import sys; print('pytest', *sys.argv[1:]); exit(sys.argv[-1] in open('broken').read())",
    "bplib/cli.py": "import sys; print('bplib', *sys.argv[1:])",
    "broken": "",
}


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "a course"  # with a space, as in many a home folder
    for name, text in TINY_COURSE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    shutil.copy(ROOT / "start.py", folder)
    return folder


@pytest.fixture(scope="module")
def ready_course(tmp_path_factory):
    """A course that has been started once; its tests leave .venv as it is."""
    folder = course.__wrapped__(tmp_path_factory.mktemp("ready"))
    assert start(folder, "test").returncode == 0
    return folder


def environment(uv=False, **changes):
    """The variables of a machine with pip alone, or with uv as well."""
    path = [folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "uv").exists()]
    if uv:
        path.insert(0, str(Path(sys.executable).parent))
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return kept | {"PATH": os.pathsep.join(path)} | changes


def start(folder, *arguments, before=(), **machine):
    """Call start.py in a folder, as a reader would."""
    command = [*before, sys.executable, "start.py", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(**machine), capture_output=True, encoding="utf-8"
    )


def stamp(folder):
    return json.loads((folder / ".venv" / "bplib-stamp.json").read_text())


def sentence(run):
    """The one line that a failed call ends with."""
    assert run.returncode == 1, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    [line] = run.stderr.splitlines()
    return line


# ---- what works


def test_lab_installs_the_course_builds_the_assignments_and_opens_the_first_lesson(course):
    run = start(course, "lab", "--no-browser", "--", "--debug")
    assert run.returncode == 0, run.stderr
    assert stamp(course)["extras"] == ["course"]
    said = run.stdout.splitlines()
    assert said[-2] == "bplib build-release"
    assert said[-1].startswith("jupyterlab ") and f"--ServerApp.root_dir={course}" in said[-1]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in said[-1]
    assert "--no-browser" in said[-1] and said[-1].endswith("--debug")


def test_a_second_call_installs_nothing_and_is_quick(ready_course):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = start(ready_course, "lab")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 3  # seconds of a processor, however busy the machine is
    assert "Installing" not in run.stdout and "jupyterlab" in run.stdout


def test_the_whole_suite_runs_though_a_part_of_it_fails(ready_course):
    (ready_course / "broken").write_text("format notebooks")
    run = start(ready_course, "test")
    (ready_course / "broken").write_text("")
    assert run.returncode == 1
    assert run.stdout.splitlines()[-1] == "Failed: format, notebooks"
    ran = [
        line.split()[0]
        for line in run.stdout.splitlines()
        if line.startswith(("ruff ", "codespell", "pytest "))
    ]
    assert ran == ["ruff", "ruff", "codespell", "pytest", "pytest"]


def test_the_suite_passes_when_every_part_passes(ready_course):
    run = start(ready_course, "test")
    assert run.returncode == 0
    assert run.stdout.splitlines()[-1] == "All passed: lint, format, spelling, tests, notebooks"


def test_arguments_of_test_go_to_pytest_alone(ready_course):
    run = start(ready_course, "test", "-k", "a or b", "tests/test_start.py")
    assert run.stdout.splitlines() == ["pytest -k a or b tests/test_start.py"]


def test_the_suite_runs_with_one_blas_thread_and_the_programs_of_the_environment(ready_course):
    (ready_course / "show.py").write_text(
        "import os; print(os.environ['OPENBLAS_NUM_THREADS'], os.environ['PATH'])"
    )
    shutil.copy(ready_course / "show.py", ready_course / "pytest.py")
    run = start(ready_course, "test", "anything")
    (ready_course / "pytest.py").write_text(TINY_COURSE["pytest.py"])
    threads, path = run.stdout.strip().split(" ", 1)
    assert threads == "1" and path.split(os.pathsep)[0] == str(ready_course / ".venv" / "bin")


def test_changed_pins_are_installed_without_making_the_environment_anew(course):
    start(course, "test", uv=True)
    (course / ".venv" / "mine").touch()
    (course / "constraints.txt").write_text("numpy==2.0.0\n")
    run = start(course, "lab", uv=True)
    assert "Installing" in run.stdout and (course / ".venv" / "mine").exists()
    assert stamp(course)["extras"] == ["course", "instructor", "test"]  # lab takes nothing away


def test_a_readers_own_environment_is_used_and_kept(course):
    subprocess.run([sys.executable, "-m", "venv", course / ".venv"], check=True)
    (course / ".venv" / "mine").touch()
    assert start(course, "lab").returncode == 0
    assert (course / ".venv" / "mine").exists() and stamp(course)["extras"] == ["course"]


def test_uv_is_used_when_it_is_there(course):
    run = start(course, "lab", uv=True)
    assert run.returncode == 0, run.stderr
    assert "uv = " in (course / ".venv" / "pyvenv.cfg").read_text()
    [about] = (course / ".venv").glob("lib/*/site-packages/bplib-0.dist-info")
    assert (about / "INSTALLER").read_text() == "uv"
    assert "Installing" not in start(course, "lab").stdout  # a machine without uv finds it complete


def test_jupyterlab_itself_serves_the_course(tmp_path):
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    here = "import sys, start; start.PYTHON = sys.executable; start.set_up = lambda extras: None"
    command = [sys.executable, "-c", f"{here}; sys.exit(start.main(sys.argv[1:]))"]
    arguments = ["lab", "--no-browser", "--port", str(port), "--", "--IdentityProvider.token=t"]
    with running([*command, *arguments], ROOT, log=tmp_path / "log"):
        page = answer(f"http://localhost:{port}/lab/tree/notebooks/00_start_here.ipynb?token=t")
        listing = json.loads(answer(f"http://localhost:{port}/api/contents/?token=t"))
    assert "jupyter-config-data" in page
    assert "start.py" in {entry["name"] for entry in listing["content"]}


# ---- what goes wrong: one sentence with the cure, and the next call works


def test_an_old_python_gets_one_sentence():
    pretend = "import sys, runpy; sys.version_info = (3, 8, 0); runpy.run_path('start.py')"
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    old = [
        *versions.glob("2.7*/bin/python"),
        *versions.glob("3.[6-9].*/bin/python"),
        *versions.glob("3.10.*/bin/python"),
    ]
    for command in ([sys.executable, "-c", pretend], *([str(python), "start.py", "lab"] for python in old)):
        run = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
        line = sentence(run)
        assert "needs Python 3.11 or newer and this is Python" in line
        assert "https://www.python.org/downloads/" in line


def test_an_old_python_can_read_start_py():
    ast.parse((ROOT / "start.py").read_text("ascii"), feature_version=(3, 7))


def test_a_missing_venv_module_is_named_with_its_package(course):
    hide = course.parent / "hide"
    hide.mkdir()
    (hide / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None")
    line = sentence(start(course, "lab", PYTHONPATH=str(hide)))
    assert "sudo apt install python{}.{}-venv".format(*sys.version_info) in line
    assert start(course, "lab", uv=True).returncode == 0


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_without_a_network_the_sentence_says_so(course, installer):
    needy = TINY_COURSE["pyproject.toml"].replace("[]", '["hatchling==1.33.0"]')
    (course / "pyproject.toml").write_text(needy)
    offline = ["bwrap", "--dev-bind", "/", "/", "--unshare-net"]
    settings = {"PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
    settings |= {"UV_HTTP_RETRIES": "0", "UV_NO_CACHE": "1"}
    line = sentence(start(course, "lab", before=offline, uv=installer == "uv", **settings))
    assert "could not be downloaded: check the network connection" in line
    (course / "pyproject.toml").write_text(TINY_COURSE["pyproject.toml"])
    assert start(course, "lab").returncode == 0


def test_a_full_disk_is_named_and_the_next_call_works_when_there_is_space(course):
    call = f"{sys.executable} start.py lab; echo exit $?"
    script = f"cp -r * /disk && cd /disk && head -c 95M /dev/zero > ballast; {call}; rm ballast; {call}"
    disk = ["--size", str(100 * 2**20), "--tmpfs", "/disk", "--bind", str(course), str(course)]
    command = ["bwrap", "--dev-bind", "/", "/", *disk, "sh", "-c", script]
    run = subprocess.run(command, cwd=course, env=environment(), capture_output=True, encoding="utf-8")
    assert run.stderr.splitlines() == ["start.py: The disk is full: free about 2 GB and call start.py again."]
    assert [line for line in run.stdout.splitlines() if line.startswith("exit")] == ["exit 1", "exit 0"]


def test_an_interrupted_installation_is_made_anew(course):
    (course / "stuck").touch()
    with running([sys.executable, "start.py", "lab"], course, end=signal.SIGKILL, uv=True):
        wait_for((course / "building").exists)
    (course / "stuck").unlink()
    (course / ".venv" / "half made").touch()
    assert start(course, "lab", uv=True).returncode == 0
    assert not (course / ".venv" / "half made").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(course):
    start(course, "lab", uv=True)
    (course / ".venv" / "bin" / "python").unlink()
    assert start(course, "lab", uv=True).returncode == 0


def test_a_stamp_cut_short_counts_as_an_unfinished_installation(course):
    start(course, "lab", uv=True)
    (course / ".venv" / "bplib-stamp.json").write_text('{"place": "')
    run = start(course, "lab", uv=True)
    assert run.returncode == 0 and "Installing" in run.stdout


def test_a_moved_course_is_set_up_where_it_is_now(course):
    start(course, "lab", uv=True)
    moved = course.rename(course.with_name("moved"))
    assert start(moved, "lab", uv=True).returncode == 0
    pip = subprocess.run([moved / ".venv" / "bin" / "pip", "--version"], capture_output=True, text=True)
    assert str(moved) in pip.stdout


def test_ctrl_c_during_the_installation_ends_with_a_sentence(course):
    (course / "stuck").touch()
    with running([sys.executable, "start.py", "lab"], course, end=signal.SIGINT) as process:
        wait_for((course / "building").exists)
    assert process.returncode == 1
    assert (course / "log").read_text().splitlines()[-1].startswith("start.py: Interrupted")


def test_a_busy_port_is_refused_before_anything_is_installed(course):
    with socket.create_server(("localhost", 0)) as busy:
        port = str(busy.getsockname()[1])
        line = sentence(start(course, "lab", "--port", port))
    assert f"Port {port} cannot be used" in line and "leave out --port" in line
    assert not (course / ".venv").exists()
    assert f"--port={port}" in start(course, "lab", "--port", port, uv=True).stdout


def test_an_unknown_failure_shows_what_the_installer_said(course):
    (course / "backend.py").write_text("raise RuntimeError('the backend is ill')")
    run = start(course, "lab", uv=True)
    assert run.returncode == 1 and "RuntimeError: the backend is ill" in run.stderr


def test_an_unknown_option_of_lab_is_refused(course):
    run = start(course, "lab", "--no-brwser")
    assert run.returncode == 2 and "unknown: --no-brwser" in run.stderr


# ---- helpers


@contextlib.contextmanager
def running(command, folder, end=signal.SIGTERM, log="log", **machine):
    """A program with all it starts, ended when the block is left: by a signal, or killed if it heeds none."""
    with (folder / log).open("w") as said:
        streams = {"stdout": subprocess.DEVNULL, "stderr": said}
        with subprocess.Popen(
            command, cwd=folder, env=environment(**machine), start_new_session=True, **streams
        ) as process:
            try:
                yield process
            finally:
                os.killpg(process.pid, end)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(60)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def wait_for(condition, seconds=300):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def answer(address):
    """The page at an address, as soon as its server is up."""

    def get():
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=10) as response:
            pages.append(response.read().decode())
        return pages

    pages = []
    wait_for(get)
    return pages[0]
