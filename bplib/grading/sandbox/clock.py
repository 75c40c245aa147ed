"""Limits of time that do not depend on what else the machine does.

While a process stands ready and other processes run, its time stands still: an answer that is right on an
idle machine is right on a busy one. The kernel counts these seconds, in /proc/PID/schedstat; where it does
not, all seconds count.
"""

import os
from mmap import mmap
from pathlib import Path
from time import monotonic

MOST = 20  # times its seconds a limit lasts, however busy the machine is
TICK = os.sysconf("SC_CLK_TCK")


def waited(process):
    """Seconds that the main thread of a process has stood ready while others ran."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def kept_waiting(process, began):
    """Seconds since it began that a process has waited because of others; not of those it has started itself.

    What all the processes that can be seen from here have used of the processors is their own time.
    """
    own = used_by(filter(str.isdecimal, os.listdir("/proc"))) / os.cpu_count()
    return min(waited(process), max(0.0, monotonic() - began - own))


def used_by(processes):
    """Seconds that these processes, and those of their children that have ended, have used a processor."""
    return sum(map(_used, processes))


def _used(process):
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return 0.0  # it has just ended
    return sum(map(int, after_name[11:15])) / TICK


class Clock:
    """The seconds that the processes of one student have waited, as their guards write them down.

    file    the number of an open file, by which other processes are handed the same clock
    """

    def __init__(self, file=None):
        self.file = os.memfd_create("clock") if file is None else file
        if file is None:
            os.ftruncate(self.file, 8)
        self.page = mmap(self.file, 8)
        self.seconds = memoryview(self.page).cast("d")

    def __call__(self):
        return self.seconds[0]

    def fileno(self):
        return self.file

    def close(self):
        self.seconds.release()
        self.page.close()
        os.close(self.file)


class Deadline:
    """A number of seconds from now on, without those in which somebody has waited.

    waited    functions that give these seconds, counted from any moment
    """

    def __init__(self, seconds, *waited):
        now = monotonic()
        self.end, self.last, self.waited = now + seconds, now + MOST * seconds, waited
        self.before = self.sum()

    def sum(self):
        return sum(each() for each in self.waited)

    def left(self):
        """Seconds until it has passed; 0 then."""
        if monotonic() >= self.end:
            now = self.sum()
            self.end = min(self.end + max(0.0, now - self.before), self.last)
            self.before = now
        return max(0.0, self.end - monotonic())
