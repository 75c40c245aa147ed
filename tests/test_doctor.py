"""bplib doctor on machines where something is wrong, made so for real, through files and variables."""

import json
import os
import subprocess
import sys

import pytest

from bplib import doctor

pytestmark = pytest.mark.slow


def call(**changes):
    """`bplib doctor` in a process of its own; its exit code and what it says of each topic."""
    run = subprocess.run(
        [sys.executable, "-m", "bplib.cli", "doctor"],
        env=os.environ | changes,
        capture_output=True,
        encoding="utf-8",
    )
    assert run.stderr == ""
    return run.returncode, run.stdout


def line(report, topic):
    [line] = [line for line in report.splitlines() if line.startswith(topic)]
    return line.removeprefix(topic).strip()


def without(name):
    """PATH without the folders that hold a program."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if not os.path.exists(os.path.join(folder, name)))


def test_a_sound_machine_is_called_sound():
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    code, report = call(PATH=path)
    assert code == 0
    for topic in ("Python", "Kernel", "Widgets", "Grading", "Sandbox"):
        assert line(report, topic).startswith("fine")
    assert line(report, "Packages").startswith(("fine", "note"))
    assert report.endswith("All that a student needs is in order.\n")


def test_a_kernel_that_cannot_start_is_broken(tmp_path):
    write_kernel(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])
    code, report = call(JUPYTER_PATH=str(tmp_path))
    assert code == 1
    assert line(report, "Kernel").startswith("broken  does not start")
    assert "-m ipykernel install --sys-prefix" in report


def test_a_kernel_of_another_python_is_broken(tmp_path):
    lies = "import sys; sys.prefix = '/elsewhere'; from ipykernel.kernelapp import main; main()"
    write_kernel(tmp_path, [sys.executable, "-c", lies, "-f", "{connection_file}"])
    code, report = call(JUPYTER_PATH=str(tmp_path))
    assert code == 1
    assert line(report, "Kernel") == "broken  notebooks run in another Python: '/elsewhere'"


def write_kernel(folder, argv):
    (folder / "kernels" / "python3").mkdir(parents=True)
    kernel = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (folder / "kernels" / "python3" / "kernel.json").write_text(json.dumps(kernel))


def test_a_widget_extension_that_is_switched_off_is_broken(tmp_path):
    (tmp_path / "labconfig").mkdir()
    (tmp_path / "labconfig" / "page_config.json").write_text('{"disabledExtensions": {"anywidget": true}}')
    code, report = call(JUPYTER_CONFIG_PATH=str(tmp_path))
    assert code == 1
    assert line(report, "Widgets") == "broken  switched off in JupyterLab: anywidget"


def test_programs_that_only_instructors_need_are_noted_not_broken(tmp_path):
    code, report = call(PATH=str(tmp_path))
    assert code == 0
    assert line(report, "Grading") == "note    instructors: not on PATH: nbgrader, alembic"
    assert line(report, "Sandbox") == "note    instructors: bubblewrap is not installed"


def test_a_system_that_forbids_sandboxes_is_told_apart_from_a_missing_bubblewrap(tmp_path):
    (tmp_path / "bwrap").write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    (tmp_path / "bwrap").chmod(0o755)
    code, report = call(PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert code == 0
    assert "No permissions to create new namespace" in line(report, "Sandbox")
    assert "Allow user namespaces" in report


def test_a_package_of_another_version_than_the_tested_one_is_noted(tmp_path, monkeypatch):
    pins = tmp_path / "constraints.txt"
    pins.write_text("# made by hand\nnumpy==1.0.0\nnumpy==0.9 ; python_version < '3'\n")
    monkeypatch.setattr(doctor, "CONSTRAINTS", pins)
    finding = doctor.packages()
    assert finding.grade == "note"
    assert "(tested: 1.0.0)" in finding.says and "jupyterlab" not in finding.says


def test_a_missing_package_is_broken_and_the_cure_installs_it(monkeypatch):
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: ["numpy", "gone>=2; extra == 'course'"])
    finding = doctor.packages()
    assert finding.grade == "broken" and finding.says == "missing or too old: gone"
    assert "pip install -r requirements.txt" in finding.cure


def test_another_package_called_bplib_is_noted_with_the_way_to_be_rid_of_it(monkeypatch):
    versions = {"bplib": "0.1.0"}
    real = doctor.metadata.version
    monkeypatch.setattr(doctor.metadata, "version", lambda name: versions.get(name) or real(name))
    finding = doctor.packages()
    assert finding.grade == "note" and "another project's" in finding.says
    assert "pip uninstall bplib bplib-course" in finding.cure


def test_an_examination_that_lacks_its_own_package_is_a_finding(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_client.manager", None)
    findings = {finding.topic: finding for finding in doctor.examine()}
    assert findings["Kernel"].grade == "broken"
    assert findings["Kernel"].cure == doctor.REINSTALL


@pytest.mark.parametrize(
    ("version", "grade"), [((3, 10, 13), "broken"), ((3, 11, 0), "fine"), ((4, 0, 0), "fine")]
)
def test_only_pythons_before_3_11_are_too_old(version, grade):
    assert doctor.python(version).grade == grade
