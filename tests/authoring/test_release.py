"""bplib build-release: what is stale, and building it with the real nbgrader."""

import os
import shutil

import nbformat
import pytest

from bplib.authoring.release import stale_releases
from bplib.cli import main


@pytest.fixture
def assignments(root, tmp_path):
    """Two assignments of one solved task each, in a course with our nbgrader_config.py."""
    shutil.copy(root / "assignments" / "nbgrader_config.py", tmp_path)
    for name in ("ps1", "ps2"):
        folder = tmp_path / "source" / name
        folder.mkdir(parents=True)
        nbformat.write(notebook(), folder / f"{name}.ipynb")
    return tmp_path


def notebook():
    solved = nbformat.v4.new_code_cell("### BEGIN SOLUTION\nanswer = forty_two\n### END SOLUTION")
    grading = {"schema_version": 3, "grade": False, "solution": True, "locked": False, "task": False}
    solved.metadata["nbgrader"] = grading | {"grade_id": "task", "cell_type": "code"}
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=[solved], metadata={"kernelspec": kernel})


def test_each_release_is_built_once_without_its_solution(assignments, capfd):
    assert main(["build-release", str(assignments)]) == 0
    for name in ("ps1", "ps2"):
        text = (assignments / "release" / name / f"{name}.ipynb").read_text("utf-8")
        assert "forty_two" not in text and "YOUR CODE HERE" in text
    assert stale_releases(assignments) == []
    capfd.readouterr()
    assert main(["build-release", str(assignments)]) == 0
    assert capfd.readouterr().out == ""


def test_a_release_is_stale_when_it_is_missing_or_older_than_a_file_of_its_source(assignments):
    assert stale_releases(assignments) == ["ps1", "ps2"]
    for name in ("ps1", "ps2"):
        built = assignments / "release" / name / f"{name}.ipynb"
        built.parent.mkdir(parents=True)
        built.touch()
    assert stale_releases(assignments) == []
    helper = assignments / "source" / "ps2" / "data.csv"
    helper.touch()
    newer = built.stat().st_mtime + 10
    os.utime(helper, (newer, newer))
    assert stale_releases(assignments) == ["ps2"]


def test_work_in_a_release_is_kept_when_a_newer_source_replaces_it(assignments, capfd):
    shutil.rmtree(assignments / "source" / "ps2")
    source, release = (
        assignments / "source" / "ps1" / "ps1.ipynb",
        assignments / "release" / "ps1" / "ps1.ipynb",
    )
    main(["build-release", str(assignments)])
    renew(source, release)
    main(["build-release", str(assignments)])
    assert [folder.name for folder in (assignments / "release").iterdir() if folder.is_dir()] == ["ps1"]
    release.write_text(release.read_text("utf-8").replace("YOUR CODE HERE", "hours of work"), "utf-8")
    renew(source, release)
    assert main(["build-release", str(assignments)]) == 0
    [kept] = (assignments / "release").glob("ps1-kept-*/ps1.ipynb")
    assert "hours of work" in kept.read_text("utf-8")
    assert "hours of work" not in release.read_text("utf-8")
    assert kept.parent.name in capfd.readouterr().out


def renew(source, release):
    """A source that changed after its release was built."""
    later = release.stat().st_mtime + 10
    os.utime(source, (later, later))


def test_one_broken_assignment_is_named_and_the_other_is_built(assignments, capfd):
    (assignments / "source" / "ps1" / "ps1.ipynb").write_text("no notebook")
    assert main(["build-release", str(assignments)]) == 1
    assert "nbgrader could not build ps1" in capfd.readouterr().err
    assert (assignments / "release" / "ps2" / "ps2.ipynb").exists()


def test_a_course_without_assignments_has_nothing_to_build(tmp_path, capfd):
    assert main(["build-release", str(tmp_path)]) == 0
    assert capfd.readouterr() == ("", "")
