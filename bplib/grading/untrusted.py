"""Reading what others wrote: plain files and zips of a sensible size, nothing else.

No link is followed, no pipe waited for. What a zip says about itself is not believed: its names are looked
at part by part, and its sizes are counted while it is read.
"""

import os
import re
import stat
import struct
import unicodedata
import zlib
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from ..files import (
    LARGEST_FILE,
    LARGEST_HAND_IN,
    LITTER,
    LONGEST_NAME,
    MEGABYTE,
    MOST_FILES,
    is_one_of,
    portable,
)

DEEPEST_FOLDER = 20
MOST_MEMBERS = 10_000  # that a zip may list, wanted or not: each costs memory before it is looked at
DAMAGED = (BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
MEMBER, ENCRYPTED, UTF_8 = b"PK\x01\x02", 0x1, 0x800  # the zip format's signature and flags


class NotGraded(Exception):
    """A file or folder that cannot be taken in; the message ends a sentence that begins with its name."""


def shown(name):
    """A student's file name, harmless in Markdown."""
    letters = (letter if letter.isprintable() and letter not in "`<>|*[]" else "?" for letter in str(name))
    return f"'{''.join(letters):.80}'"


def folded(name):
    """What two names have in common that Windows, macOS or a person takes for the same."""
    return unicodedata.normalize("NFC", str(name)).casefold()


# ------------------------------------------------------------------------------------------- plain files


def read_plain_file(path, limit):
    """The bytes of a regular file. Neither follows a link nor waits for a pipe."""
    content = read_start(path, limit + 1)
    if len(content) > limit:
        raise NotGraded(f"is larger than {limit // MEGABYTE} MB")
    return content


def read_start(path, size):
    """The first bytes of a regular file, `size` at most."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # not every system has all three
        flags |= getattr(os, name, 0)
    if path.is_symlink():
        raise NotGraded("is a link")
    try:
        with open(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NotGraded("is not a plain file")
            return file.read(size)
    except OSError as problem:
        raise NotGraded(f"cannot be read ({problem.strerror})") from None


def files_below(folder, ignore=()):
    """Every file below a folder, in order; links and too deep folders too, to be refused when read."""
    patterns = (*ignore, *LITTER)
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_one_of(name, patterns))
        links = [name for name in folders if Path(here, name).is_symlink()]
        if len(Path(here).relative_to(folder).parts) >= DEEPEST_FOLDER:
            links, folders[:] = list(folders), []  # refused too: no hand-in needs folders as deep as these
        wanted = sorted(name for name in files if not is_one_of(name, patterns))
        yield from (Path(here, name) for name in wanted + links)


def write_files(files, folder, largest=LARGEST_FILE):
    """Write files below a folder of ours; yield a note for each that is left out.

    files    (name, read): read(size) gives the first bytes of the file or raises NotGraded
    largest  bytes of one file; all together must keep to the limits of a hand-in
    """
    room = LARGEST_HAND_IN
    for count, (name, read) in enumerate(files, start=1):
        try:
            content = read(largest + 1)
            room -= len(content)  # also of a file that is too large: reading it has cost time
            if room < 0 or count > MOST_FILES:
                limit = f"{MOST_FILES} files or {LARGEST_HAND_IN // MEGABYTE} MB"
                yield f"More than {limit} were handed in: the rest was left out."
                return
            if len(content) > largest:
                raise NotGraded(f"is larger than {largest // MEGABYTE} MB")
            write_file(folder / name, content)
        except NotGraded as problem:
            yield f"The file {shown(name)} {problem}: it was left out."


def write_file(path, content):
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as problem:
        raise NotGraded(f"cannot be written ({problem.strerror})") from None


# -------------------------------------------------------------------------------------------------- zips


def unpack(path, folder, ignore=()):
    """Write a zip's plain files below a folder of ours, notebooks first; yield a note for each left out.

    A zip in the zip stays a file. Raises NotGraded if the zip as a whole cannot be used.
    """
    with opened_zip(BytesIO(read_plain_file(path, LARGEST_HAND_IN))) as file:
        members, notes = members_of(file, ignore)
        members.sort(key=lambda member: member[0].suffix.lower() != ".ipynb")
        yield from notes
        yield from write_files(((name, reader(file, entry)) for name, entry in members), folder)


@contextmanager
def opened_zip(content, most=MOST_MEMBERS):
    """A ZipFile over the bytes in a file. Raises NotGraded if they are no zip, locked, or list too much."""
    if sum(block.count(MEMBER) for block in iter(lambda: content.read(MEGABYTE), b"")) > most:
        raise NotGraded(f"holds more than {most} files")
    try:
        file = ZipFile(content)
    except DAMAGED:
        raise NotGraded("is damaged or is not a zip") from None
    with file:
        if any(entry.flag_bits & ENCRYPTED for entry in file.infolist()):
            raise NotGraded("is protected by a password")
        yield file


def members_of(file, ignore=()):
    """[(path, entry)] of the files in a zip, and notes on what is no file that could be written.

    Names that differ in capitals only are one: Windows and macOS unpack the later over the earlier.
    """
    members, notes = {}, []
    for entry in file.infolist():
        name = name_of(entry)
        if name.endswith("/") or any(is_one_of(part, (*ignore, *LITTER)) for part in name.split("/")):
            continue
        try:
            path = safe_path(name)
            check_kind(entry)
        except NotGraded as problem:
            notes.append(f"The file {shown(name)} {problem}: it was left out.")
            continue
        if members.pop(folded(path), None):
            notes.append(f"The file {shown(name)} is there more than once: the last was taken.")
        members[folded(path)] = path, entry
    return list(members.values()), cut(notes)


def cut(notes, most=20):
    """The first of many notes, and how many there are more."""
    return notes if len(notes) <= most else [*notes[:most], f"The same goes for {len(notes) - most} more."]


def name_of(entry):
    """The name of a zip's member, with / between folders.

    Windows tools write a backslash there, and macOS writes UTF-8 without saying so.
    """
    name = entry.filename
    if not entry.flag_bits & UTF_8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass  # it is cp437, as the format says
    return name.replace("\\", "/")


def safe_path(name):
    """The relative path of a name from a zip or another system. Raises NotGraded if it leads elsewhere."""
    if name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in name.split("/"):
        raise NotGraded("has a name that leads out of the hand-in")
    if len(name) > LONGEST_NAME:
        raise NotGraded(f"has a name of more than {LONGEST_NAME} characters")
    return PurePosixPath(*map(portable, PurePosixPath(name).parts or ("",)))


def check_kind(entry):
    kind = stat.S_IFMT(entry.external_attr >> 16)  # 0 where the zip was not made on Unix
    if kind not in (0, stat.S_IFREG):
        raise NotGraded("is a link" if kind == stat.S_IFLNK else "is not a plain file")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others unpack without a bound
        raise NotGraded("is packed in a way that is not known here")


def reader(file, entry):
    """A function that gives the first bytes of a zip's member, for write_files."""

    def read(size):
        try:
            with file.open(entry) as member:
                return member.read(size)
        except DAMAGED:
            raise NotGraded("is damaged") from None

    return read
