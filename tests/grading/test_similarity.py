"""Which hand-ins are called similar: copies, however disguised; and nobody who wrote alone."""

import random
import re
import time
import tracemalloc

import pytest

from bplib.grading.similarity import LONGEST, PROSE, Passage, Similarities, prints
from bplib.rehearsal import Assignment, read_answer

ASSIGNMENTS = [f"ps0{n}" for n in range(1, 8)]
ONE_LINER = "def relu(x):\n    return np.maximum(x, 0)"
STUB = "def relu(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


@pytest.fixture(scope="module")
def answers_to(root):
    """name -> (what is handed out, the right answers), as Passages."""

    def read(name):
        assignment = Assignment(root / "assignments", name)
        right = [code(*read_answer(path)[1].values()) for path in assignment.known("right")]
        texts = [path.read_text("utf-8") for path in sorted((assignment.answers / "explain").glob("*.md"))]
        release = [
            Passage("python" if cell.cell_type == "code" else PROSE, cell.source)
            for cell in assignment.release().cells
        ]
        return release, [[*each, prose(texts[n])] if n < len(texts) else each for n, each in enumerate(right)]

    return read


def code(*sources):
    return [Passage("python", source) for source in sources]


def prose(source):
    return Passage(PROSE, source)


def pairs(hand_ins, given=()):
    return {(pair.one, pair.other) for pair in Similarities(hand_ins, given).pairs}


def shares(hand_ins, given=()):
    return {(pair.one, pair.other): pair.shares for pair in Similarities(hand_ins, given).pairs}


VOCABULARY = [f"word{n}" for n in range(400)]
TERMS = ["np.sum(a)", "b @ c", "d.T", "np.exp(-e)", "f[0]", "len(g)", "(h > 0)", "i ** 2"]


def generated(rng, size):
    """A hand-in like no other: functions of eight statements each, and an explanation."""
    terms = [f"{rng.randrange(10**6)} * {rng.choice(TERMS)}" for _ in range(3 * size)]
    lines = [f"    v{n} = {' + '.join(terms[3 * n : 3 * n + 3])}\n" for n in range(size)]
    functions = ["def f(x):\n" + "".join(lines[n : n + 8]) for n in range(0, size, 8)]
    return [*code(*functions), prose(" ".join(rng.choices(VOCABULARY, k=150)))]


# ------------------------------------------------------------------------------------------- who is not named


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_right_answers_written_apart_are_no_pair(answers_to, name):
    given, right = answers_to(name)
    assert len(right) >= 5
    assert pairs(right, given) == set()
    assert [two for n in range(len(right) - 1) for two in pairs(right[n : n + 2], given)] == []


@pytest.mark.parametrize("n", [2, 3, 10, 200])
def test_a_class_in_which_everybody_writes_the_same_line_has_no_pair(n):
    assert pairs([code(ONE_LINER)] * n, code(STUB)) == set()


@pytest.mark.parametrize("n", [3, 10, 200])
def test_what_everybody_wrote_accuses_nobody_however_long_it_is(answers_to, n):
    _, (one, *_) = answers_to("ps02")
    assert pairs([one] * n) == set()


def test_what_was_handed_out_accuses_nobody(answers_to):
    given, _ = answers_to("ps02")
    assert pairs([given, given]) == {(0, 1)}
    assert pairs([given, given], given) == set()


def test_empty_and_unreadable_hand_ins_are_no_pair():
    assert pairs([]) == pairs([[]]) == pairs([[], []]) == pairs([code("", "'''", "if:\n  (")] * 2) == set()


# ----------------------------------------------------------------------------------------------- who is named


def renamed(passages):
    """The same code with other names and comments: what one does who has copied."""
    names = {"upstream": "up", "x": "eingabe", "W": "gewichte", "b": "t", "out": "result", "self": "this"}
    for language, source in passages:
        other = re.sub(r"(?<!\.)\b(?:upstream|x|W|b|out)\b", lambda name: names[name[0]], source)
        other = re.sub(r"#.*", "", other).replace(":\n", ":   # all my own work\n\n")
        yield Passage(language, f'"""Mine."""\n{other}')


def with_a_line_more(passages):
    yield from passages
    yield Passage("python", "print('a line of my own')\nprint(1 + 1 == 2, 'and another one')")


DISGUISES = {
    "exact": list,
    "renamed": lambda passages: list(renamed(passages)),
    "reordered": lambda passages: passages[::-1],
    "with a line more": lambda passages: list(with_a_line_more(passages)),
    "in one cell": lambda passages: code("\n\n".join(source for _, source in passages)),
}


@pytest.mark.parametrize("name", ASSIGNMENTS)
@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_a_copy_is_found_under_its_disguise(answers_to, name, disguise):
    given, right = answers_to(name)
    own = [passage for passage in right[2] if passage.kind == "code"]
    found = shares([*right, disguise(own)], given)
    assert found.keys() == {(2, len(right))}
    assert found[2, len(right)]["code"] > 0.8


def test_names_docstrings_comments_and_spacing_leave_no_trace():
    one = 'def f(x):\n    """Double it."""\n    return np.sum(2*x)  # twice\n'
    other = "def twice(value):\n\n  return numpy.sum( 2 * value )"
    assert prints(code(one)) == prints(code(other))
    assert prints(code(one)) != prints(code(other.replace("sum", "max")))


def test_three_who_copied_from_one_another_are_three_pairs(answers_to):
    given, right = answers_to("ps05")
    n = len(right)
    one, other = DISGUISES["renamed"](right[4]), DISGUISES["reordered"](right[4])
    assert pairs([*right, one, other], given) == {(4, n), (4, n + 1), (n, n + 1)}


def test_a_copied_explanation_is_found_beside_code_of_ones_own(answers_to):
    given, right = answers_to("ps03")
    text = right[0][-1]
    theirs = prose("My thoughts.\n\n" + text.source.replace(". ", ".\n\n").upper())
    found = shares([*right, [*right[4], theirs]], given)
    assert found.keys() == {(0, len(right)), (4, len(right))}  # its text, and the code it came with
    assert found[0, len(right)].keys() == {"text"}


def test_a_copy_of_four_cells_of_six_shares_two_thirds():
    rng = random.Random(2)
    copied, *others = (generated(rng, 48) for _ in range(6))
    found = shares([copied, [*copied[:4], *others[0][4:]], *others[1:]])
    assert found == {(0, 1): {"code": pytest.approx(2 / 3, abs=0.04)}}


def test_a_rare_passage_counts_more_than_a_common_one(answers_to):
    """log((n+1)/k) / log((n+1)/2), by hand for n = 7 and k = 3: log(8/3) / log 4 = 0.7075."""
    _, right = answers_to("ps04")
    one = [Passage("python", "\n".join(f"print({n}, 'a' + str({n} * 3.5))" for n in range(50)))]
    found = shares([one, one, one, *right[:4]])
    assert set(found) == {(0, 1), (0, 2), (1, 2)}
    assert found[0, 1] == pytest.approx({"code": 0.7075}, abs=1e-4)


def test_code_of_another_language_is_compared_as_it_stands():
    lines = "\n".join(f"f{n} <- function(x) x %*% {n}" for n in range(12))
    julia = [Passage("julia", "x = 1")]
    assert pairs([[Passage("R", lines)], julia, [Passage("R", lines.replace(" ", "  "))]]) == {(0, 2)}


# --------------------------------------------------------------------------------------------------- excerpts


def test_excerpts_show_the_lines_that_both_have_and_no_others():
    shared = [f"total_{n} = sum(x**{n} for x in range({n} + 2)) - {n}" for n in range(8)]
    one = ["own = 1", "thing = [own, 'abc', {}]", *shared, "own, thing = thing, own"]
    other = [*(line.replace("total", "t") for line in shared), "while False: pass  # another end"]
    others = code("import math"), code("print([n for n in 'abc' if n])")
    class_ = [code("print(1)", "\n".join(one)), *others, code("\n".join(other))]
    similar = Similarities(class_)
    ((here, there),) = similar.excerpts(similar.pairs[0])
    assert here == "\n".join(["…", *shared, "…"])
    assert there.startswith("t_0 = sum(x**0 for x in range(0 + 2)) - 0\nt_1 =")
    assert there.endswith("…")


# --------------------------------------------------------------------------------------- many, large, hostile


def test_a_class_of_300_is_compared_in_seconds_and_little_memory():
    """A tenth of the pairs of 1000 hand-ins; the bounds leave room for a busy machine."""
    rng = random.Random(0)
    class_ = [generated(rng, 48) for _ in range(300)]
    class_[250] = DISGUISES["reordered"](class_[7])
    begin = time.perf_counter()
    assert pairs(class_) == {(7, 250)}
    assert time.perf_counter() - begin < 20
    tracemalloc.start()
    Similarities(class_[:100])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50e6


@pytest.mark.parametrize("source", ["(" * 10**6, "'%" + "0" * 10**6, '"""' * 10**6, "a = 1\n" * 10**6])
def test_a_hostile_hand_in_takes_no_time(source):
    begin = time.perf_counter()
    Similarities([code(source, source), code("x = 1")])
    assert time.perf_counter() - begin < 10


def test_of_a_huge_hand_in_the_first_part_is_read():
    rng = random.Random(1)
    copied = generated(rng, 48)
    filler = Passage("python", "# nothing\n" * (LONGEST // 10))
    others = [generated(rng, 48) for _ in range(4)]
    assert pairs([copied, [*copied, filler], *others]) == {(0, 1)}
    assert pairs([copied, [filler, *copied], *others]) == set()
