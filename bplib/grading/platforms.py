"""The forms in which learning platforms name what students handed in, each read into a Claim.

    doejane_LATE_12345_67890_ps01-1.ipynb                          Canvas, Download Submissions
    Jane Doe_1234567_assignsubmission_file_/ps01.ipynb             Moodle, Download all submissions
    10234-55321 - Jane Doe - Nov 26, 2026 937 AM/ps01.ipynb        Brightspace, Download
    ps01_jdoe_attempt_2026-11-26-09-37-12_ps01.ipynb               Blackboard, Assignment File Download
    ps01-submissions/ps01-octocat/ps01.ipynb                       GitHub Classroom, gh classroom clone
    Jane Doe - ps01.ipynb                                          Google Classroom, one copy for each

A time in a name is one of the platform's, taken in the zone of this computer.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from .untrusted import NotGraded

CANVAS = re.compile(r"(?s)(?P<name>\w*?)_((?P<late>LATE)_)?(?P<person>\d+)_\d+_(?P<file>.+)")
MOODLE = re.compile(r"(?s)(?P<name>.+?)_(?P<person>\d+)_assignsubmission_(?P<kind>[a-z]+)(_(?P<file>.*))?")
BRIGHTSPACE = re.compile(
    r"(?P<person>\d+)-\d+ - (?P<name>.+?) ?- "
    r"(?P<day>[^\W\d]+ \d{1,2}, \d{4}) (?P<hour>\d{1,2}):?(?P<minute>\d\d) (?P<half>[AP]M)"
    r"( - (?P<file>.+))?"
)
BLACKBOARD = re.compile(r"(?s)(?P<name>.+)_attempt_(?P<time>\d{4}(-\d\d){5})(_(?P<file>.+)|\.txt)")


class NoHandIn(Exception):
    """A file that a platform adds of its own."""


@dataclass(frozen=True)
class Claim:
    """What the path of an upload says.

    names   what may be the student's name or id
    file    its path in the hand-in
    number  of several files of one name, the highest is the newest
    person  the platform's number for the person
    canvas  whether Canvas has named it; then `person` is the lms_user_id, and the file's time says nothing
    time    when it was handed in, if the name says so
    """

    names: tuple
    file: PurePosixPath
    number: int = 0
    person: str = ""
    canvas: bool = False
    late: bool = False
    time: datetime | None = None


def is_from_platform(parts):
    """Whether a path begins a hand-in as a platform writes it."""
    if MOODLE.fullmatch(parts[0]) or BRIGHTSPACE.fullmatch(parts[0]):
        return True
    return len(parts) == 1 and bool(CANVAS.fullmatch(parts[0]) or BLACKBOARD.fullmatch(parts[0]))


def by_platform(parts, assignment):
    """The claim of a path as a platform writes it; None if none does.

    Raises NotGraded for what is no file of the student's, NoHandIn for what is the platform's own.
    """
    if found := MOODLE.fullmatch(parts[0]):
        return of_moodle(found, parts)
    if found := BRIGHTSPACE.fullmatch(parts[0]):
        return of_brightspace(found, parts)
    if len(parts) > 1:
        return None
    if found := BLACKBOARD.fullmatch(parts[0]):
        return of_blackboard(found, assignment)
    if found := CANVAS.fullmatch(parts[0]):
        file, person = PurePosixPath(found["file"]), found["person"]
        names = tuple(filter(None, (found["name"], person)))
        return Claim(names, file, person=person, canvas=True, late=bool(found["late"]))
    if parts[0] == "index.html":  # Brightspace's list of a download
        raise NoHandIn
    return None


def of_moodle(found, parts):
    if found["kind"] != "file":
        raise NotGraded("was typed in Moodle, and is no file")
    file = PurePosixPath(*(parts[1:] or (found["file"] or parts[0],)))
    words = found["name"].split("-")  # a group may stand before the name: Group A-Anne-Marie Doe
    names = tuple("-".join(words[start:]) for start in range(len(words)))
    return Claim(names, file, person=found["person"])


def of_brightspace(found, parts):
    if len(parts) == 1 and not found["file"]:
        raise NotGraded("says no more than whose it is")
    words = found["name"].split(" - ")  # an id of the school may stand before the name
    names = (found["name"], *words[::-1]) if len(words) > 1 else (found["name"],)
    time = clock(found["day"], found["hour"], found["minute"], found["half"])
    return Claim(names, PurePosixPath(*(parts[1:] or (found["file"],))), person=found["person"], time=time)


def of_blackboard(found, assignment):
    """The name of the column stands before the student's, and in both there may be a _."""
    if not found["file"]:
        raise NoHandIn
    before = found["name"]
    if before.casefold().startswith(f"{assignment}_".casefold()):
        names = (before[len(assignment) + 1 :],)
    else:
        words = before.split("_")
        names = tuple("_".join(words[start:]) for start in range(1, len(words))) or (before,)
    time = local(lambda: datetime.strptime(found["time"], "%Y-%m-%d-%H-%M-%S"))
    return Claim(names, PurePosixPath(found["file"]), time=time)


def clock(day, hour, minute, half):
    """937 AM is 9:37; strptime would read 105 as 10:5."""
    text = f"{day[:3]} {day.split(' ', 1)[1]} {hour}:{minute} {half}"
    return local(lambda: datetime.strptime(text, "%b %d, %Y %I:%M %p"))


def local(read):
    """The time in UTC that a platform has written in the zone of this computer; None for what is no time."""
    try:
        return read().astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
