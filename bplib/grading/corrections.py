"""One file for what no name of a download can tell: who handed it in, and when.

    file,student,time
    Wei Li_1234567_,li1,
    doejane_LATE_12345_,,2027-03-13 08:15 UTC

A line is for every path in the download that begins with its `file`; of several the longest counts. A time
without a zone is in UTC, as in timestamp.txt.
"""

import csv
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import PurePosixPath

from ..errors import InputError
from .intake import time_in
from .platforms import Claim

COLUMNS = {"file", "student", "time"}


@dataclass
class Correction:
    """A line of the file; `used` says whether anything in the download begins so."""

    file: str
    student: str
    time: object
    used: bool = False


class Corrections:
    def __init__(self, path=None):
        """Raises InputError if the file cannot be read as such."""
        self.path, self.lines = path, read(path) if path else []

    def of(self, path, top=0):
        """The Correction of a path in the download, whose first `top` folders need not be named; or None."""
        names = {str(path), str(PurePosixPath(*path.parts[top:]))}
        fitting = [line for line in self.lines if any(name.startswith(line.file) for name in names)]
        best = max(fitting, key=lambda line: len(line.file), default=None)
        if best:
            best.used = True
        return best

    def unused(self):
        lines = [line.file for line in self.lines if not line.used]
        return [f"{self.path}: nothing in the download begins with {file!r}." for file in lines]


def corrected(claim, correction, path):
    """The claim of a path, or a new one where its name says nothing, as somebody has corrected it."""
    claim = claim or Claim((), PurePosixPath(path.name))
    if correction.student:
        claim = replace(claim, names=(correction.student,), person="", canvas=False)
    return replace(claim, time=correction.time, late=False) if correction.time else claim


def read(path):
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(f"{path} cannot be read: {problem}") from None
    head = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=";" if ";" in head else ",")
    if not COLUMNS <= set(rows.fieldnames or ()):
        raise InputError(f"{path} must begin with the line file,student,time")
    return [line(path, number, row) for number, row in enumerate(rows, start=2) if any(row.values())]


def line(path, number, row):
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    if not cells["file"] or not (cells["student"] or cells["time"]):
        raise InputError(f"{path}, line {number}: needs a file, and a student or a time")
    try:
        time = time_in(cells["time"]).replace(tzinfo=UTC) if cells["time"] else None
    except (ValueError, OverflowError):
        says = f"{path}, line {number}: {cells['time']!r} is no time; one looks like 2027-03-12 20:15 UTC"
        raise InputError(says) from None
    return Correction(cells["file"], cells["student"], time)
