"""Whose a file of a download is: by the form that a platform gives to names, or by a student of a course."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import replace
from pathlib import PurePosixPath

from ..files import is_portable
from .corrections import corrected
from .gradebook import address_of, is_missing, opened
from .platforms import Claim, NoHandIn, by_platform, is_from_platform
from .safe_pages import is_safe_id
from .untrusted import (
    NotGraded,
    folded,
    safe_path,
    shown,
)
from .uploads import TIMESTAMP

NUMBERED = re.compile(r"(?s)(?P<stem>.+?)(-(?P<canvas>\d+)| ?\((?P<browser>\d+)\))?")


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

    def finds(self, parts, assignment, wanted):
        """Whether a path is that of a student of the gradebook."""
        try:
            return bool(self.ids and self.find(by_form(parts, assignment, wanted)))
        except (NotGraded, NoHandIn):
            return False

    def find(self, claim):
        """The id of a claim's student. Raises NotGraded if nobody, or not one alone, can be meant."""
        if claim.canvas and claim.person in self.by_lms:
            return self.by_lms[claim.person]
        for name in claim.names:
            found = {name} if name in self.ids else self.called.get(letters(name), set())
            if len(found) > 1:
                raise NotGraded(f"could be of {' or '.join(sorted(found))}")
            if found:
                return min(found)
        if self.ids:
            raise NotGraded(f"names {shown(claim.names[0])}, whom the gradebook does not know")
        return made_id(claim.names[0])


def letters(name):
    """The letters and digits of a name: no accents, no capitals."""
    return "".join(each for each in unicodedata.normalize("NFKD", name).casefold() if each.isalnum())


def made_id(name):
    """A name as an id, which is also the name of a folder."""
    name = unicodedata.normalize("NFC", re.sub(r"\s+", "_", name.strip()))
    if not (is_safe_id(name) and is_portable(name)):
        raise NotGraded(f"names {shown(name)}, which cannot be an id")
    return name


def students_of(course):
    """The Students of the gradebook; none where there is no gradebook yet."""
    if is_missing(address_of(course)):
        return Students([])
    with opened(course, reading=True) as gradebook:
        return Students(gradebook.students)


def sort(uploads, assignment, wanted, known, pattern, corrections):
    """{student: [(Claim, Upload)]}, lines on what is nobody's, and remarks."""
    hand_ins, left, remarks = defaultdict(list), [], []
    top = top_folder(uploads, known, assignment, wanted)

    def claim_of(path):
        if pattern:
            return by_pattern(path, pattern)
        return by_form(path.parts[top:], assignment, wanted)

    for upload in uploads:
        try:
            claim = with_correction(claim_of, upload.path, corrections.of(upload.path, top))
            hand_ins[known.find(claim)].append((claim, upload))
        except NoHandIn:
            continue
        except NotGraded as problem:
            left.append(f"{shown(upload.path)} {problem}.")
    for student, files in list(hand_ins.items()):
        if len({claim.person for claim, _ in files} - {""}) > 1:
            people = "several people of that name: say who in the file of --corrections"
            left += [f"{shown(upload.path)} could be of {people}." for _, upload in hand_ins.pop(student)]
        elif any(claim.late for claim, _ in files) and not any(claim.time for claim, _ in files):
            remarks.append(
                f"{student}: late, says Canvas, but not by how much: write the time to {TIMESTAMP}, "
                "or into the file of --corrections."
            )
    return hand_ins, left, remarks + corrections.unused()


def with_correction(claim_of, path, correction):
    """The claim of a path; what its name does not tell may stand in the correction."""
    if correction is None:
        return claim_of(path)
    try:
        claim = claim_of(path)
    except NotGraded:
        if not correction.student:
            raise
        claim = None
    return corrected(claim, correction, path)


def top_folder(uploads, known, assignment, wanted):
    """1 if all of a download is in one folder that is no student's, as what is in it shows; else 0."""
    tops = {upload.path.parts[0] for upload in uploads}
    inner = [upload.path.parts[1:] for upload in uploads]
    if len(tops) != 1 or not all(inner) or is_from_platform((min(tops), "")) or known.has(min(tops)):
        return 0
    if folded(min(tops)) == folded(f"{assignment}-submissions"):  # as gh classroom clones
        return 1
    own = [parts for parts in inner if parts != ("index.html",)]  # Brightspace adds a list
    return int(
        all(map(is_from_platform, own)) or any(known.finds(parts, assignment, wanted) for parts in inner)
    )


def by_pattern(path, pattern):
    found = pattern.search(str(path))
    if not found or not found["student"]:
        raise NotGraded("does not fit --names")
    rest = path.parts[str(path)[: found.end("student")].count("/") + 1 :]
    file = found.groupdict().get("file") or "/".join(rest) or path.name
    return Claim((found["student"],), safe_path(file))


def by_form(parts, assignment, wanted):
    """What a path says by the forms above."""
    claim = by_platform(parts, assignment) or by_student(parts, assignment, wanted)
    return renamed(claim, wanted | {assignment}) if len(parts) == 1 else claim


def by_student(parts, assignment, wanted):
    """The claim of a path whose folder, or whose file, bears the student's name."""
    if len(parts) > 1:
        inner = parts[2:] if len(parts) > 2 and folded(parts[1]) == folded(assignment) else parts[1:]
        return Claim(without_title(parts[0], assignment), PurePosixPath(*inner))
    file = PurePosixPath(parts[0])
    if file.suffix.lower() not in (".ipynb", ".zip"):
        raise NotGraded("is neither a notebook nor a zip")
    titles = "|".join(map(re.escape, sorted(wanted | {assignment})))
    title = rf"(^|[-_. ])(?P<title>({titles})(-\d+| ?\(\d+\))?)"
    found = re.fullmatch(rf"(?si)(?P<student>.*?)({title})?", file.stem)
    first = re.fullmatch(rf"(?si)(?P<title>{titles})[-_. ]+(?P<student>.*[^\W\d_].*)", file.stem)
    found = first if first and not found["title"] else found
    if not found["student"].strip(" -_."):
        raise NotGraded("does not say whose it is")
    title = found["title"] or (min(wanted) if len(wanted) == 1 else assignment)
    return Claim((found["student"].rstrip(" -_."),), PurePosixPath(title + file.suffix))


def without_title(folder, assignment):
    """What may be the name of a student in that of a folder: GitHub Classroom writes the title before it."""
    if folded(folder).startswith(f"{folded(assignment)}-"):
        return folder, folder[len(assignment) + 1 :]
    return (folder,)


def renamed(claim, wanted):
    """The claim with ps01-1.ipynb, or PS01 (1).ipynb, as number 1 of ps01.ipynb."""
    found = NUMBERED.fullmatch(claim.file.stem)
    for name in sorted(wanted):
        if folded(found["stem"]) == folded(name):
            number = int(found["canvas"] or found["browser"] or 0)
            file = claim.file.with_name(name + claim.file.suffix.lower())
            return replace(claim, file=file, number=number)
    return claim
