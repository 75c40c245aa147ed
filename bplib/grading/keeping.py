"""What is kept of a batch that goes on: files about each hand-in, written as a whole or not at all.

<student>.shown   what its notebooks have shown, until the gradebook has it
<student>.done    the state of the hand-in whose scores the gradebook has
"""

import json
import os
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from ..errors import BplibError

FOLDER = ".grading"  # in the course


class Kept:
    """What is kept of one assignment, in .grading/<assignment>/ of the course."""

    def __init__(self, root, name):
        self.folder = Path(root, FOLDER, name)

    def read(self, student, what):
        """The content of a file, and None where there is none that can be read."""
        try:
            return json.loads(self._path(student, what).read_text("utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, student, what, content):
        path = self._path(student, what)
        part = path.with_name(path.name + ".part")
        with open(part, "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)

    def forget(self, student, what):
        self._path(student, what).unlink(missing_ok=True)

    def _path(self, student, what):
        return self.folder / f"{student}.{what}"

    @contextmanager
    def staging(self):
        """A folder for safe copies of hand-ins; what a batch that was killed has left of its own is gone."""
        for left in self.folder.glob("staging-*"):
            rmtree(left, ignore_errors=True)
        folder = mkdtemp(prefix="staging-", dir=self.folder)
        try:
            yield folder
        finally:
            rmtree(folder, ignore_errors=True)

    @contextmanager
    def locked(self):
        """Nobody else grades the assignment meanwhile. The system lifts the lock when this process ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "lock", "w") as file:
            try:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except ImportError:
                pass  # Windows, where there is no sandbox either
            except OSError:
                raise BplibError(
                    f"somebody is grading {self.folder.name} already; wait for it to end"
                ) from None
            yield
