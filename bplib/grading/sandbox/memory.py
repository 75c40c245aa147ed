"""The memory of one student: that of all processes in this namespace but this one, and what escapes them.

A page that several processes share counts once, and so does one that none of them maps: a file in memory, a
segment of System V, a message in a queue.
"""

import os
from contextlib import suppress
from pathlib import Path

from .walls import HOME

GONE = OSError, IndexError, ValueError  # what reading about a process raises when it ends meanwhile
FOLDERS = HOME, "/tmp", "/dev/shm"
SYSTEM_V = {"shm": "rss", "msg": "cbytes"}


def uses_more_than(limit):
    """Whether it is more than so many bytes. How pages are shared, which takes time, is asked at the end."""
    held = in_folders() + in_system_v() + in_open_files()
    return held + sum(map(resident, others())) > limit and held + sum(map(fair_share, others())) > limit


def others():
    own = str(os.getpid())
    return [process for process in os.listdir("/proc") if process.isdecimal() and process != own]


def resident(process):
    """Bytes of a process, those that it shares too."""
    try:
        return int(Path("/proc", process, "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except GONE:
        return 0


def fair_share(process):
    """Bytes of a process; of a page that n processes have, an nth."""
    try:
        lines = Path("/proc", process, "smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    except (*GONE, StopIteration):
        return resident(process)


def in_folders():
    sizes = map(os.statvfs, FOLDERS)
    return sum((size.f_blocks - size.f_bfree) * size.f_frsize for size in sizes)


def in_system_v():
    total = 0
    for kind, column in SYSTEM_V.items():
        with suppress(*GONE):
            head, *rows = (line.split() for line in Path("/proc/sysvipc", kind).read_text().splitlines())
            total += sum(int(row[head.index(column)]) for row in rows)
    return total


def in_open_files():
    """Bytes of files in memory that have no name in a folder."""
    found = {}
    for process in others():
        with suppress(*GONE):
            for file in os.scandir(f"/proc/{process}/fd"):
                with suppress(*GONE):
                    if os.readlink(file.path).startswith("/memfd:"):
                        status = os.stat(file.path)
                        found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())
