"""The version of a built wheel: bplib's own, and a mark of everything in it.

A changed course has another mark, so pip installs it over an older one; the same course has the same.
pyproject.toml runs this file by itself when the wheel is built, so it imports nothing of bplib.
"""

import hashlib
import re
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def in_use():
    """The version of the bplib that runs: from its content in a clone, as pip knows it elsewhere."""
    return of_content() if (PACKAGE.parent / "pyproject.toml").exists() else metadata.version("bplib-course")


def of_content(package=PACKAGE):
    """The version of a package's folder with its pyproject.toml beside it, such as 0.2.0+5f0c1a9e."""
    init = (package / "__init__.py").read_text("utf-8")
    [version] = re.findall(r'^__version__ = "(.+)"$', init, re.MULTILINE)
    files = [path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    content = hashlib.sha256()
    for path in sorted([*files, package.parent / "pyproject.toml"]):
        content.update(path.relative_to(package.parent).as_posix().encode() + b"\0")
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{version}+{content.hexdigest()[:8]}"
