"""`bplib lite`: what goes into the site, and what stops it."""

import io
import json
import tarfile
import tomllib

import pytest

from bplib.authoring import lite
from bplib.errors import BplibError, MissingExtra


def package(name, *depends):
    return {"name": name, "file_name": f"{name}-1.whl", "depends": list(depends), "imports": [name]}


THERE = [
    package("numpy", "openblas"), package("openblas"), package("matplotlib", "numpy", "prompt_toolkit"),
    package("prompt-toolkit"), package("scikit-learn", "numpy"), package("traitlets"),
    package("pandas", "numpy"),
    *(package(name) for name in lite.OF_THE_KERNEL),
]  # fmt: skip


def archive(path, *without, version=lite.PYODIDE, packages=THERE):
    """An archive of Pyodide in small."""
    lock = {"info": {"version": version}, "packages": {each["name"]: each for each in packages}}
    files = {"pyodide-lock.json": json.dumps(lock), "pyodide.mjs": "core", "python_stdlib.zip": "library"}
    files |= {each["file_name"]: each["name"] for each in packages if each["name"] not in without}
    with tarfile.open(path, "w:bz2") as made:
        for name, text in files.items():
            member = tarfile.TarInfo(f"pyodide/{name}")
            member.size = len(text)
            made.addfile(member, io.BytesIO(text.encode()))
    return path


@pytest.fixture
def ours(tmp_path):
    """Wheels of the right names, with nothing in them."""
    made = {name: tmp_path / f"{name.replace('-', '_')}-3.1-py3-none-any.whl" for name in lite.WHEELS}
    for path in made.values():
        path.write_text(path.name)
    return made


def written(path):
    with tarfile.open(path) as made:
        files = {member.name: made.extractfile(member).read() for member in made.getmembers()}
    return json.loads(files["pyodide/pyodide-lock.json"])["packages"], files


def test_an_import_of_bplib_finds_its_wheel_and_all_that_it_needs(tmp_path, ours):
    missing = lite.write_archive(archive(tmp_path / "given"), ours, tmp_path / "out")
    packages, files = written(tmp_path / "out")
    assert missing == []
    assert packages["bplib-course"]["imports"] == ["bplib"]
    assert packages["bplib-course"]["version"] == "3.1"
    assert {"numpy", "openblas", "prompt-toolkit", *lite.WHEELS, *lite.OF_THE_KERNEL} < packages.keys()
    assert {f"pyodide/{each['file_name']}" for each in packages.values()} < files.keys()
    assert files["pyodide/pyodide.mjs"] == b"core"


def test_what_no_lesson_needs_stays_out(tmp_path, ours):
    lite.write_archive(archive(tmp_path / "given"), ours, tmp_path / "out")
    packages, files = written(tmp_path / "out")
    assert "pandas" not in packages
    assert "pyodide/pandas-1.whl" not in files


def test_what_the_archive_lacks_comes_from_the_public_address(tmp_path, ours):
    given = archive(tmp_path / "given", "numpy", "scikit-learn")
    assert sorted(lite.write_archive(given, ours, tmp_path / "out")) == ["numpy", "scikit-learn"]
    packages, files = written(tmp_path / "out")
    assert (
        packages["numpy"]["file_name"] == f"https://cdn.jsdelivr.net/pyodide/v{lite.PYODIDE}/full/numpy-1.whl"
    )
    assert packages["openblas"]["file_name"] == "openblas-1.whl"
    assert "pyodide/numpy-1.whl" not in files


def test_the_same_parts_give_the_same_bytes(tmp_path, ours):
    given = archive(tmp_path / "given")
    for name in ("one", "two"):
        lite.write_archive(given, ours, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_another_pyodide_is_refused_and_named(tmp_path, ours):
    with pytest.raises(BplibError, match=rf"is Pyodide 0\.26\.1; what fits here is {lite.PYODIDE}"):
        lite.write_archive(archive(tmp_path / "given", version="0.26.1"), ours, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", ["no archive", ""])
def test_what_is_no_archive_is_refused(tmp_path, ours, content):
    (tmp_path / "given").write_text(content)
    with pytest.raises(BplibError, match="cannot be read as an archive of Pyodide"):
        lite.write_archive(tmp_path / "given", ours, tmp_path / "out")


def test_an_archive_of_something_else_is_refused(tmp_path, ours):
    with tarfile.open(tmp_path / "given", "w") as made:
        made.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    with pytest.raises(BplibError, match="it has no pyodide-lock"):
        lite.write_archive(tmp_path / "given", ours, tmp_path / "out")


def test_a_package_that_pyodide_does_not_have_is_named(tmp_path, ours):
    given = archive(tmp_path / "given", packages=[each for each in THERE if each["name"] != "openblas"])
    with pytest.raises(BplibError, match="does not know openblas"):
        lite.write_archive(given, ours, tmp_path / "out")


@pytest.fixture
def tools(monkeypatch):
    """tools(version, …): those that lite asks for, in this order, are there in these versions."""

    def there(*versions):
        found = dict(zip(lite.TOOLS, versions, strict=True))
        monkeypatch.setattr(lite, "version", found.__getitem__)

    return there


def test_a_tool_of_another_version_is_named_with_what_to_install(tools):
    tools("0.9", "0.6.1")
    with pytest.raises(
        MissingExtra, match=r"needs jupyterlite-core 0\.6\.4, .*; found is 0\.9\. .*==0\.6\.4 "
    ):
        lite.expect_tools()


def test_a_tool_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(lite, "TOOLS", {"no-such-tool": "1.0"})
    with pytest.raises(MissingExtra, match=r"needs no-such-tool 1\.0, .*; there is none\. Install it with"):
        lite.expect_tools()


def test_the_tools_that_are_asked_for_are_those_of_the_extra(root, tools):
    asked = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {f"{name}=={number}" for name, number in lite.TOOLS.items()} < set(asked["lite"])
    tools(*lite.TOOLS.values())
    lite.expect_tools()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path, tools):
    tools(*lite.TOOLS.values())
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(BplibError, match="name another folder"):
        lite.lite(tmp_path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_without_a_network_it_says_what_to_name(tmp_path, monkeypatch, tools):
    tools(*lite.TOOLS.values())
    monkeypatch.setattr(lite, "CORE", (tmp_path / "nothing").as_uri())
    with pytest.raises(BplibError, match="--pyodide ARCHIVE"):
        lite.lite(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
