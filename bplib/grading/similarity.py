"""Which hand-ins resemble one another more than their class explains.

A hand-in is cut into overlapping passages of a few words, its fingerprints, as in S. Schleimer, D. Wilkerson,
A. Aiken, Winnowing: Local Algorithms for Document Fingerprinting, SIGMOD 2003. Hand-ins are short, so every
fingerprint is kept. In Python code the student's own names, comments, docstrings and spacing make no
difference, and neither does the order of cells. What was handed out does not count. Who has the same
fingerprints, and enough of them, is one of a group of copies. In what is alike in part, what many wrote
counts little. A resemblance is a reason to look, never a proof.
"""

import builtins
import io
import re
import tokenize
from collections import Counter, defaultdict
from heapq import nlargest
from itertools import chain, groupby
from keyword import iskeyword
from math import log
from typing import NamedTuple

import numpy as np
from sklearn.preprocessing import MultiLabelBinarizer

PROSE = "markdown"
WORDS = {"code": 6, "text": 4}  # of a fingerprint
ENOUGH = 0.5  # share at which a pair is named: independent right answers stay below 0.2
LEAST = 30  # weight that it must share: about five lines of code that nobody else has
LONGEST = 100_000  # characters read of a hand-in
EXCERPTS = 8  # shown for a pair
ROWS = 256  # hand-ins compared with all others at a time
KEPT = frozenset(dir(builtins))


class Passage(NamedTuple):
    """What a student wrote in one cell."""

    language: str
    source: str

    @property
    def kind(self):
        return "text" if self.language == PROSE else "code"


class Pair(NamedTuple):
    """Two hand-ins, by their places in the class, and what they share: {"code" or "text": share}."""

    one: int
    other: int
    shares: dict

    @property
    def share(self):
        return max(self.shares.values())


class Copies(NamedTuple):
    """Hand-ins, by their places in the class, and what is the same in them: "code" or "text"."""

    places: tuple
    kind: str


class Similarities:
    """The `copies` in a class, and the `pairs` that share much and are none, the most similar first."""

    def __init__(self, hand_ins, given=()):
        """hand_ins    for each, the Passages that the student wrote
        given       Passages that were handed out
        """
        self.hand_ins = [list(first_of(passages)) for passages in hand_ins]
        self.telling, self.copies, shares = set(), [], {}
        for kind in WORDS:
            known = prints(given, kind)
            class_prints = [prints(passages, kind) - known for passages in self.hand_ins]
            rarities = rarities_in(class_prints)
            self.telling |= {each for each, rarity in rarities.items() if rarity >= ENOUGH}
            groups = same(class_prints)
            self.copies += [Copies(places, kind) for places in groups]
            group_of = {place: n for n, places in enumerate(groups) for place in places}
            for one, other, share in alike(class_prints, rarities):
                if one not in group_of or group_of[one] != group_of.get(other):
                    shares.setdefault((one, other), {})[kind] = share
        pairs = [Pair(*places, found) for places, found in shares.items()]
        self.pairs = sorted(pairs, key=lambda pair: (-pair.share, pair.one, pair.other))

    def copied(self, copies):
        """Pairs of texts: what all of a group have, as the first two wrote it."""
        one, other, *_ = copies.places
        return self.side_by_side(one, other, prints(self.hand_ins[one], copies.kind))

    def excerpts(self, pair):
        """Pairs of texts: what both have and few others, as the two wrote it."""
        return self.side_by_side(pair.one, pair.other, self.telling)

    def side_by_side(self, one, other, telling):
        """What passages of `one` share with the passages of `other` most like them, the longest first."""
        theirs = [(passage, prints([passage]) & telling) for passage in self.hand_ins[other]]
        found = []
        for passage in self.hand_ins[one]:
            own = prints([passage])
            nearest, shared = max(
                ((each, own & those) for each, those in theirs), key=lambda match: len(match[1])
            )
            found.append((len(shared), lines_of(passage, shared), lines_of(nearest, shared)))
        best = nlargest(EXCERPTS, found, key=lambda match: match[0])
        return [(here, there) for count, here, there in best if count]


def same(class_prints):
    """The places of those whose fingerprints are the same, in groups of two or more."""
    groups = defaultdict(list)
    for place, own in enumerate(class_prints):
        if len(own) >= LEAST:
            groups[frozenset(own)].append(place)
    return [tuple(places) for places in groups.values() if len(places) > 1]


def rarities_in(class_prints):
    """{fingerprint: weight} of those that at least two of the n hand-ins have: log((n+1)/k) / log((n+1)/2).

    k is how many have it. The weight is 1 where just two have it and near 0 where all do.
    """
    n = len(class_prints)
    count = Counter(chain.from_iterable(class_prints))
    return {each: log((n + 1) / k) / log((n + 1) / 2) for each, k in count.items() if k > 1}


def alike(class_prints, rarities):
    """Triples (i, j, share), i < j: the weight that two hand-ins share, over that of the lighter one.

    A fingerprint that nobody else has weighs 1, so that the share of a copy is 1.
    """
    if not rarities:
        return
    one_hot = MultiLabelBinarizer(classes=list(rarities), sparse_output=True)
    has = one_hot.fit_transform([each & rarities.keys() for each in class_prints]).astype(float).tocsr()
    weighed = has.multiply(list(rarities.values())).tocsr()
    weights = np.array([sum(rarities.get(each, 1.0) for each in own) for own in class_prints])
    for start in range(0, len(weights), ROWS):
        rows = slice(start, start + ROWS)
        weight = (weighed[rows] @ has.T).toarray()
        share = weight / np.maximum(1, np.minimum(weights[rows, None], weights))
        for i, j in np.argwhere((share >= ENOUGH) & (weight >= LEAST)):
            if start + i < j:
                yield int(start + i), int(j), float(share[i, j])


def first_of(passages):
    """The passages as far as LONGEST characters reach."""
    room = LONGEST
    for language, source in passages:
        yield Passage(language, source[:room])
        room -= min(room, len(source))


def prints(passages, kind=None):
    """The fingerprints of passages, of one kind if it is given."""
    wanted = [passage for passage in passages if kind in (None, passage.kind)]
    return {each for passage in wanted for each, _, _ in fingerprints(passage)}


def fingerprints(passage):
    """Triples (fingerprint, its first line, its last line)."""
    found = list(words(passage))
    size = WORDS[passage.kind]
    for start in range(len(found) - size + 1):
        some = found[start : start + size]
        yield hash((passage.kind, *(word for word, _ in some))), some[0][1], some[-1][1]


def lines_of(passage, shared):
    """The lines of a passage that the fingerprints `shared` cover, with … for what is left out."""
    spans = (range(first, last + 1) for each, first, last in fingerprints(passage) if each in shared)
    covered = set(chain.from_iterable(spans))
    lines = [line if n in covered else "…" for n, line in enumerate(passage.source.split("\n"), start=1)]
    return "\n".join(line for line, _ in groupby(lines))


def words(passage):
    """Pairs (word, line), in a form that is the same for all who mean the same."""
    if passage.language == "python":
        return python_words(passage.source)
    pattern = r"\w+" if passage.kind == "text" else r"\w+|[^\w\s]"
    lines = enumerate(passage.source.split("\n"), start=1)
    return ((word.lower(), number) for number, line in lines for word in re.findall(pattern, line))


def python_words(source):
    """Pairs (word, line) of Python code; what follows upon a broken line that cannot be read is left out.

    Own names become "name" and strings "text". Keywords, builtins and attributes stay, but not those of self.
    """
    before, statement = ("", ""), []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            kind = tokenize.tok_name[token.type]
            if kind == "NEWLINE":
                yield from code_in(statement)
                statement = []
            elif kind == "STRING" or kind.endswith("STRING_START"):  # f-strings have one from 3.12 on
                statement.append(("text", token.start[0]))
            elif kind in ("NAME", "NUMBER", "OP", "ERRORTOKEN") and not token.string.isspace():
                kept = kind != "NAME" or iskeyword(token.string) or token.string in KEPT
                attribute = before[1] == "." and before[0] != "self"
                statement.append((token.string if kept or attribute else "name", token.start[0]))
                before = (before[1], token.string)
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    yield from code_in(statement)


def code_in(statement):
    """The words of a statement, unless it is a docstring."""
    return [] if all(word == "text" for word, _ in statement) else statement
