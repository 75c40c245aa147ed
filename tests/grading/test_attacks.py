"""Hostile hand-ins: none comes through, and none costs anybody else a point."""

from tests.grading.corpus import hostile
from tests.grading.corpus.graded import Corpus


class TestAttacks(Corpus):
    members = hostile.MEMBERS
