"""A late policy: a share of the score for every started day; how much is for nbgrader_config.py to say."""

from math import ceil

from nbgrader.plugins import BasePlugin
from traitlets import Float

DAY = 24 * 60 * 60


def started_days(seconds):
    """How many days have begun since something was due."""
    return ceil(seconds / DAY)


class PerDay(BasePlugin):
    """Choose it with `c.AssignLatePenalties.plugin_class = "bplib.grading.late.PerDay"`."""

    fraction = Float(0.0, help="Share of the score lost per started day.").tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return min(score, score * self.fraction * started_days(total_seconds_late))
