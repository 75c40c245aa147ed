"""`bplib collect`: the hand-ins of a download, sorted into submitted/<student>/<assignment>/.

A download is a folder or a zip, as a learning platform gives it or as somebody has made it:

    doejane_LATE_12345_67890_ps01-1.ipynb                          Canvas, Download Submissions
    Jane Doe_1234567_assignsubmission_file_/ps01.ipynb             Moodle, Download all submissions
    Jane Doe_1234567_assignsubmission_file_ps01.zip                the same, without folders
    jane/ps01.ipynb   jane/ps01/ps01.ipynb                         a folder for each student
    jane.ipynb   jane.zip   jane_ps01.ipynb                        a file for each student

**Who it is**: a student of the gradebook, by id, lms_user_id, e-mail or name. As long as the gradebook has
no students, the id is made from the name. What could be two people is nobody's.

**When it was**: a zip notes a time for each file. It counts as the time of the hand-in unless all are nearly
the same, or come from Canvas: then it is when the zip was made. A time without a zone is taken in the zone of
this computer; timestamp.txt has it in UTC. Without a time there is no timestamp.txt, and nobody is late.

**Nothing is lost**: a hand-in that differs from one that is there takes its place, unless it is known to be
older. The one that was there stays beside it, as ps01-kept-<time>. Zips are placed as they are: intake opens
them, and it knows how.

nbgrader's zip_collect is not wrapped. It follows no link and leaves no folder, but one damaged zip, or one
made on Windows with backslashes, stops the whole collection with a traceback, and so does a name that comes
twice without a time; zips, and zips in zips, are unpacked without a limit; helper files are dropped; --force
deletes a hand-in before its successor is copied; and its pattern sees whole paths, which differ on Windows.
Its plug-ins do not reach most of this.
"""

import re
import struct
import unicodedata
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from nbgrader.utils import parse_utc

from ..errors import InputError
from ..files import LARGEST_FILE, LARGEST_HAND_IN, is_portable
from .gradebook import address_of, is_missing, opened
from .hand_ins import course_in
from .safe_pages import is_safe_id
from .untrusted import (
    NotGraded,
    files_below,
    folded,
    members_of,
    opened_zip,
    read_plain_file,
    read_start,
    reader,
    safe_path,
    shown,
    write_files,
)

CANVAS = re.compile(r"(?s)(?P<name>\w*?)_((?P<late>LATE)_)?(?P<person>\d+)_\d+_(?P<file>.+)")
MOODLE = re.compile(r"(?s)(?P<name>.+?)_(?P<person>\d+)_assignsubmission_(?P<kind>[a-z]+)(_(?P<file>.*))?")
NUMBERED = re.compile(r"(?s)(?P<stem>.+?)(-(?P<canvas>\d+)| ?\((?P<browser>\d+)\))?")
MOST_UPLOADS = 100_000  # files in a download
PACKED_WITHIN = timedelta(minutes=10)  # files of a download that are all this close were dated by its packing
TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Upload:
    """One file of a download.

    path  where it is in there
    read  read(size) gives its first bytes, or raises NotGraded
    time  when it was handed in; None if that is not known
    """

    path: PurePosixPath
    read: object
    time: datetime | None = None


@dataclass(frozen=True)
class Claim:
    """What the path of an upload says.

    names   what may be the student's name or id
    file    its path in the hand-in
    number  of several files of one name, the highest is the newest
    person  the platform's number for the person
    canvas  whether Canvas has named it; then `person` is the lms_user_id, and the file's time says nothing
    """

    names: tuple
    file: PurePosixPath
    number: int = 0
    person: str = ""
    canvas: bool = False
    late: bool = False


def collect(assignments, name, download, names=None):
    """Sort a download into submitted/ of the course in the folder `assignments`; 0 if all found its place.

    names  a regular expression with the group `student`, and perhaps `file`, for paths in the download

    Prints a line for each file that did not. Raises InputError if the download, the course or the
    assignment cannot be read.
    """
    course, pattern = course_in(assignments), compiled(names)
    wanted, known = notebooks_of(course, name), students_of(course)
    with uploads_in(Path(download)) as (uploads, left):
        hand_ins, unclaimed, remarks = sort(uploads, name, wanted, known, pattern)
        left += unclaimed
        counts = defaultdict(int)
        for student, files in sorted(hand_ins.items()):
            outcome, said = place(Path(course.format_path(course.submitted_directory, student, name)), files)
            counts[outcome] += 1
            remarks += [f"{student}: {line}" for line in said]
    for line in [*remarks, *(f"Not placed: {line}" for line in left)]:
        print(line)
    print(summary(name, counts, len(left)))
    return int(bool(left or counts[FAILED]))


PLACED, REPLACED, SAME, OLDER, FAILED = (
    "new",
    "replaced",
    "there already",
    "older than what is there",
    "failed",
)


def summary(name, counts, left):
    parts = [f"{counts[outcome]} {outcome}" for outcome in (PLACED, REPLACED, SAME, OLDER, FAILED)]
    shown_parts = [part for part in parts if not part.startswith("0 ")] or ["none"]
    return f"Hand-ins of {name}: {', '.join(shown_parts)}. Files that could not be placed: {left}."


def compiled(names):
    if names is None:
        return None
    try:
        pattern = re.compile(names)
    except re.error as problem:
        raise InputError(f"--names is not a regular expression: {problem}") from None
    if "student" not in pattern.groupindex:
        raise InputError("--names needs a group called student, as in '(?P<student>[^/]+)/'")
    return pattern


def notebooks_of(course, name):
    """The names of an assignment's notebooks. Raises InputError if there is no such assignment."""
    steps = (course.release_directory, course.source_directory)
    folders = [Path(course.format_path(step, ".", name)) for step in steps]
    notebooks = {path.stem for folder in folders for path in folder.glob("*.ipynb")}
    if not notebooks:
        raise InputError(f"there is no assignment {name!r}: no notebook in {folders[0]} or {folders[1]}")
    return notebooks


# ------------------------------------------------------------------------------------------ the download


@contextmanager
def uploads_in(download):
    """The Uploads in a folder or a zip, and a list of lines on what in there is no plain file."""
    try:
        if download.is_dir():
            paths = ((path.relative_to(download), path) for path in files_below(download))
            yield [Upload(PurePosixPath(*name.parts), partial(read_start, path)) for name, path in paths], []
        else:
            with open(download, "rb") as file, opened_zip(file, MOST_UPLOADS) as opened:
                members, notes = members_of(opened)
                yield dated([Upload(path, reader(opened, e), time_of(e)) for path, e in members]), notes
    except NotGraded as problem:
        raise InputError(f"{download} {problem}") from None
    except OSError as problem:
        raise InputError(f"{problem.filename or download}: {problem.strerror}") from None


def dated(uploads):
    """The same uploads, without their times if these can only be that of the packing."""
    times = [upload.time for upload in uploads if upload.time]
    if times and max(times) - min(times) > PACKED_WITHIN:
        return uploads
    return [replace(upload, time=None) for upload in uploads]


def time_of(entry):
    """When a zip's member was last changed, by its own account; None if it does not say."""
    try:
        time = exact_time(entry.extra) or datetime(*entry.date_time).astimezone(UTC)
    except (ValueError, OverflowError, OSError, struct.error):
        return None
    return time if 1980 < time.year and time < datetime.now(UTC) + timedelta(days=1) else None


def exact_time(extra):
    """The time in UTC that Unix tools add to a member, in the format's extra field 0x5455; None without."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 0x5455 and len(field) >= 5 and field[0] & 1:
            return datetime.fromtimestamp(struct.unpack("<i", field[1:5])[0], UTC)
    return None


# --------------------------------------------------------------------------------------------- whose it is


class Students:
    """Who is in the gradebook, by everything that a platform may call them."""

    def __init__(self, students):
        self.ids, self.by_lms, self.called = set(), {}, defaultdict(set)
        for student in students:
            self.ids.add(student.id)
            if student.lms_user_id:
                self.by_lms[student.lms_user_id] = student.id
            first, last = student.first_name or "", student.last_name or ""
            for name in (student.id, student.lms_user_id, student.email, last + first, first + last):
                if key := letters(name or ""):
                    self.called[key].add(student.id)

    def has(self, name):
        return letters(PurePosixPath(name).stem) in self.called

    def find(self, claim, also_unknown=False):
        """The id of a claim's student. Raises NotGraded if nobody, or not one alone, can be meant."""
        if claim.canvas and claim.person in self.by_lms:
            return self.by_lms[claim.person]
        for name in claim.names:
            found = {name} if name in self.ids else self.called.get(letters(name), set())
            if len(found) > 1:
                raise NotGraded(f"could be of {' or '.join(sorted(found))}")
            if found:
                return min(found)
        if self.ids and not also_unknown:
            raise NotGraded(f"names {shown(claim.names[0])}, whom the gradebook does not know")
        return made_id(claim.names[0])


def letters(name):
    """The letters and digits of a name: no accents, no capitals."""
    return "".join(each for each in unicodedata.normalize("NFKD", name).casefold() if each.isalnum())


def made_id(name):
    """A name as an id, which is also the name of a folder."""
    name = re.sub(r"\s+", "_", name.strip())
    if not (is_safe_id(name) and is_portable(name)):
        raise NotGraded(f"names {shown(name)}, which cannot be an id")
    return name


def students_of(course):
    """The Students of the gradebook; none where there is no gradebook yet."""
    if is_missing(address_of(course)):
        return Students([])
    with opened(course, reading=True) as gradebook:
        return Students(gradebook.students)


def sort(uploads, assignment, wanted, known, pattern):
    """{student: [(Claim, Upload)]}, lines on what is nobody's, and remarks."""
    hand_ins, left, remarks = defaultdict(list), [], []
    top = top_folder(uploads, known)
    for upload in uploads:
        try:
            claim = (
                by_pattern(upload.path, pattern)
                if pattern
                else by_form(upload.path.parts[top:], assignment, wanted)
            )
            hand_ins[known.find(claim, also_unknown=bool(pattern))].append((claim, upload))
        except NotGraded as problem:
            left.append(f"{shown(upload.path)} {problem}.")
    for student, files in list(hand_ins.items()):
        if len({claim.person for claim, _ in files} - {""}) > 1:
            people = "several people of that name: tell them apart with --names"
            left += [f"{shown(upload.path)} could be of {people}." for _, upload in hand_ins.pop(student)]
        elif any(claim.late for claim, _ in files):
            remarks.append(
                f"{student}: late, says Canvas, but not by how much: write the time to {TIMESTAMP}."
            )
    return hand_ins, left, remarks


def top_folder(uploads, known):
    """1 if all of a download is in one folder that is no student's, as what is in it shows; else 0."""
    tops = {upload.path.parts[0] for upload in uploads}
    inner = [upload.path.parts[1:] for upload in uploads]
    if len(tops) != 1 or not all(inner) or MOODLE.fullmatch(min(tops)) or known.has(min(tops)):
        return 0
    return int(all(map(is_from_platform, inner)) or any(known.has(parts[0]) for parts in inner))


def is_from_platform(parts):
    return bool(MOODLE.fullmatch(parts[0]) or (len(parts) == 1 and CANVAS.fullmatch(parts[0])))


def by_pattern(path, pattern):
    found = pattern.search(str(path))
    if not found or not found["student"]:
        raise NotGraded("does not fit --names")
    rest = path.parts[str(path)[: found.end("student")].count("/") + 1 :]
    file = found.groupdict().get("file") or "/".join(rest) or path.name
    return Claim((found["student"],), safe_path(file))


def by_form(parts, assignment, wanted):
    """What a path says by the forms above."""
    claim = by_platform(parts) or by_student(parts, assignment, wanted)
    return renamed(claim, wanted | {assignment}) if len(parts) == 1 else claim


def by_platform(parts):
    """The claim of a path as Canvas or Moodle writes it; None if neither does."""
    if found := MOODLE.fullmatch(parts[0]):
        if found["kind"] != "file":
            raise NotGraded("was typed in Moodle, and is no file")
        file = PurePosixPath(*(parts[1:] or (found["file"] or parts[0],)))
        words = found["name"].split("-")  # a group may stand before the name: Group A-Anne-Marie Doe
        names = tuple("-".join(words[start:]) for start in range(len(words)))
        return Claim(names, file, person=found["person"])
    if len(parts) == 1 and (found := CANVAS.fullmatch(parts[0])):
        file, person = PurePosixPath(found["file"]), found["person"]
        names = tuple(filter(None, (found["name"], person)))
        return Claim(names, file, person=person, canvas=True, late=bool(found["late"]))
    return None


def by_student(parts, assignment, wanted):
    """The claim of a path whose folder, or whose file, bears the student's name."""
    if len(parts) > 1:
        inner = parts[2:] if len(parts) > 2 and folded(parts[1]) == folded(assignment) else parts[1:]
        return Claim((parts[0],), PurePosixPath(*inner))
    file = PurePosixPath(parts[0])
    if file.suffix.lower() not in (".ipynb", ".zip"):
        raise NotGraded("is neither a notebook nor a zip")
    titles = "|".join(map(re.escape, sorted(wanted | {assignment})))
    title = rf"(^|[-_. ])(?P<title>({titles})(-\d+| ?\(\d+\))?)"
    found = re.fullmatch(rf"(?si)(?P<student>.*?)({title})?", file.stem)
    if not found["student"]:
        raise NotGraded("does not say whose it is")
    title = found["title"] or (min(wanted) if len(wanted) == 1 else assignment)
    return Claim((found["student"],), PurePosixPath(title + file.suffix))


def renamed(claim, wanted):
    """The claim with ps01-1.ipynb, or PS01 (1).ipynb, as number 1 of ps01.ipynb."""
    found = NUMBERED.fullmatch(claim.file.stem)
    for name in sorted(wanted):
        if folded(found["stem"]) == folded(name):
            number = int(found["canvas"] or found["browser"] or 0)
            file = claim.file.with_name(name + claim.file.suffix.lower())
            return replace(claim, file=file, number=number)
    return claim


# ------------------------------------------------------------------------------------------- to its place


def place(folder, files):
    """Write a hand-in, all of it or nothing; what has become of it, and lines on what to know about it."""
    chosen, said = newest(files)
    if folder.parent.is_symlink():
        return FAILED, [f"{folder.parent} is a link: it was left as it is."]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
            fresh = Path(temporary, folder.name)
            fresh.mkdir()
            said += write_files(((c.file, u.read) for c, u in chosen), fresh, largest=LARGEST_HAND_IN)
            if not any(fresh.iterdir()):
                return FAILED, said
            write_time(fresh, chosen)
            return put(fresh, folder, said)
    except OSError as problem:
        return FAILED, [*said, f"{folder} cannot be written ({problem.strerror})."]


def newest(files):
    """Of files with one name the newest, and a line on each of the others."""
    chosen, said = {}, []
    for claim, upload in sorted(files, key=age):
        if str(claim.file) == TIMESTAMP:
            said.append(f"{shown(upload.path)} was left out: a student could have written it.")
            continue
        if older := chosen.get(folded(claim.file)):
            said.append(f"{shown(older[1].path)} was left out: {shown(upload.path)} is newer.")
        chosen[folded(claim.file)] = claim, upload
    return list(chosen.values()), said


def age(file):
    claim, upload = file
    return claim.number, when(file).timestamp() if when(file) else 0.0, upload.path


def when(file):
    claim, upload = file
    return None if claim.canvas else upload.time


def write_time(folder, files):
    if times := [when(file) for file in files if when(file)]:
        (folder / TIMESTAMP).write_text(f"{max(times):%Y-%m-%d %H:%M:%S} UTC\n", encoding="ascii")


def put(fresh, folder, said):
    """Move a hand-in that is all written to its place, beside what was there."""
    if not folder.is_symlink() and not folder.exists():
        fresh.rename(folder)
        return PLACED, said
    if not folder.is_symlink() and contents(fresh) == contents(folder):
        return SAME, said
    ours, theirs = noted_time(fresh), noted_time(folder)
    if ours and theirs and ours < theirs:
        return OLDER, [
            *said,
            f"the hand-in of {theirs} UTC stays, for that in the download is of {ours} UTC.",
        ]
    kept = folder.with_name(f"{folder.name}-kept-{datetime.now():%Y%m%d-%H%M%S-%f}")
    folder.rename(kept)
    try:
        fresh.rename(folder)
    except OSError:
        kept.rename(folder)
        raise
    again = f"if it was graded, grade again with --student={folder.parent.name} --force"
    return REPLACED, [*said, f"what was there is now {kept.name}; {again}."]


def contents(folder):
    """{path: bytes} of a hand-in without its time; what cannot be read is equal to nothing."""
    try:
        paths = [path for path in files_below(folder) if path != folder / TIMESTAMP]
        return {path.relative_to(folder): read_plain_file(path, LARGEST_HAND_IN) for path in paths}
    except NotGraded:
        return object()


def noted_time(folder):
    try:
        return parse_utc(read_plain_file(folder / TIMESTAMP, LARGEST_FILE).decode("ascii").strip())
    except (NotGraded, ValueError, TypeError, OverflowError):
        return None
