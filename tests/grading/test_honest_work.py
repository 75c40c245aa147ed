"""Right, wrong and odd hand-ins without malice: each has its points, and honest ones raise no eyebrow."""

from tests.grading.corpus import benign, false_alarms
from tests.grading.corpus.graded import Corpus


class TestHonestWork(Corpus):
    members = (*benign.MEMBERS, *false_alarms.MEMBERS)
