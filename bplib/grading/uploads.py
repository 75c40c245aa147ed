"""The files of a download, in a folder or a zip, and when each was made."""

import struct
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import PurePosixPath

from ..errors import InputError
from .untrusted import (
    NotGraded,
    files_below,
    members_of,
    opened_zip,
    read_start,
    reader,
)

TIMESTAMP = "timestamp.txt"
MOST_UPLOADS = 100_000  # files in a download


PACKED_WITHIN = timedelta(minutes=10)  # files of a download that are all this close were dated by its packing


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
