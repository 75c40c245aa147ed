"""Accidents: what never ends, ends too early or is no notebook costs only itself."""

from tests.grading.corpus import broken
from tests.grading.corpus.graded import Corpus


class TestAccidents(Corpus):
    members = broken.MEMBERS
