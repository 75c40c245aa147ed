"""`nbgrader collect`, which takes what is newer and loses nothing.

Plain nbgrader leaves an older hand-in where it is unless it hears --update, and then deletes it.
"""

from datetime import datetime
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect
from traitlets import Bool


class Collect(ExchangeCollect):
    update = Bool(True, help="Let a newer hand-in take the place of an older one.").tag(config=True)

    def copy_files(self):
        for record in self.src_records:
            self.make_room(record)
        super().copy_files()

    def make_room(self, record):
        """Put what a newer hand-in is about to replace beside it."""
        student, course = record["username"], self.coursedir
        folder = Path(course.format_path(course.submitted_directory, student, course.assignment_id))
        if not self.update or not folder.is_dir() or folder.is_symlink():
            return
        there = course.get_existing_timestamp(str(folder))
        if there is None or record["timestamp"] > there:
            kept = set_aside(folder)
            self.log.warning(
                "%s: a newer hand-in was collected; what was there is now %s.", student, kept.name
            )


def set_aside(folder):
    """Rename a hand-in, so that another can take its place; its new path."""
    return folder.rename(folder.with_name(f"{folder.name}-kept-{datetime.now():%Y%m%d-%H%M%S-%f}"))
