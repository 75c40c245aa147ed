"""Which hand-ins are called similar: copies, however disguised; and nobody who wrote alone."""

import random
import re
import time
import tracemalloc

import pytest

from bplib.authoring.rehearsal import Assignment, read_answer
from bplib.grading.similarity import LONGEST, PROSE, Passage, Similarities, prints
from tests.grading.course import ASSIGNMENTS

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


def copies(hand_ins, given=()):
    return {(group.places, group.kind) for group in Similarities(hand_ins, given).copies}


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


@pytest.mark.parametrize("n", [10, 40, 200])
def test_what_everybody_wrote_accuses_nobody_however_long_it_is(answers_to, n):
    _, (one, *_) = answers_to("ps02")
    class_ = [[*own_code(one), *code(f"mine_{k} = {k} ** {k + 1} - {k}")] for k in range(n)]
    assert pairs(class_) == copies(class_) == set()


def test_what_was_handed_out_accuses_nobody(answers_to):
    given, _ = answers_to("ps02")
    assert copies([given, given]) == {((0, 1), "code"), ((0, 1), "text")}
    assert copies([given, given], given) == pairs([given, given], given) == set()


@pytest.mark.parametrize("hand_ins", [[], [[]], [[], []], [code("", "'''", "if:\n  (")] * 2])
def test_empty_and_unreadable_hand_ins_resemble_nobody(hand_ins):
    assert pairs(hand_ins) == copies(hand_ins) == set()


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


SAME = {key: DISGUISES[key] for key in ("exact", "renamed", "reordered")}
ALIKE = {key: DISGUISES[key] for key in ("with a line more", "in one cell")}


def own_code(passages):
    return [passage for passage in passages if passage.kind == "code"]


@pytest.mark.parametrize("name", ASSIGNMENTS)
@pytest.mark.parametrize("disguise", SAME.values(), ids=SAME)
def test_a_copy_is_known_as_one_under_its_disguise(answers_to, name, disguise):
    given, right = answers_to(name)
    class_ = [*right, disguise(own_code(right[2]))]
    assert copies(class_, given) == {((2, len(right)), "code")}
    assert pairs(class_, given) == set()


@pytest.mark.parametrize("name", ASSIGNMENTS)
@pytest.mark.parametrize("disguise", ALIKE.values(), ids=ALIKE)
def test_a_copy_that_was_worked_over_is_a_pair(answers_to, name, disguise):
    given, right = answers_to(name)
    class_ = [*right, disguise(own_code(right[2]))]
    found = shares(class_, given)
    assert copies(class_, given) == set()
    assert found.keys() == {(2, len(right))}
    assert found[2, len(right)]["code"] > 0.8


@pytest.mark.parametrize("several", [2, 6, 150])
def test_however_many_have_the_same_they_are_one_group(answers_to, several):
    given, right = answers_to("ps03")
    class_ = [*right, *[right[1]] * (several - 1)]
    places = (1, *range(len(right), len(right) + several - 1))
    assert copies(class_, given) == {(places, "code"), (places, "text")}
    assert pairs(class_, given) == set()


def test_the_same_code_under_another_text_is_a_copy_of_code_alone():
    rng = random.Random(3)
    one, other = generated(rng, 24), generated(rng, 24)
    class_ = [one, [*one[:-1], other[-1]], generated(rng, 24)]
    assert copies(class_) == {((0, 1), "code")}
    assert pairs(class_) == set()
    similar = Similarities(class_)
    functions = sorted(passage.source.strip() for passage in one[:-1])
    assert sorted(here.removesuffix("\n…") for here, _ in similar.copied(similar.copies[0])) == functions


def test_names_docstrings_comments_and_spacing_leave_no_trace():
    one = 'def f(x):\n    """Double it."""\n    return np.sum(2*x)  # twice\n'
    other = "def twice(value):\n\n  return numpy.sum( 2 * value )"
    assert prints(code(one)) == prints(code(other))
    assert prints(code(one)) != prints(code(other.replace("sum", "max")))


def test_three_who_copied_from_one_another_are_one_group(answers_to):
    given, right = answers_to("ps05")
    n = len(right)
    class_ = [*right, DISGUISES["renamed"](right[4]), DISGUISES["reordered"](right[4])]
    assert ((4, n, n + 1), "code") in copies(class_, given)
    assert pairs(class_, given) == set()


def test_a_copied_explanation_is_found_beside_code_of_ones_own(answers_to):
    given, right = answers_to("ps03")
    text = right[0][-1]
    theirs = prose("My thoughts.\n\n" + text.source.replace(". ", ".\n\n").upper())
    class_ = [*right, [*own_code(right[4]), theirs]]
    assert copies(class_, given) == {((4, len(right)), "code")}
    assert shares(class_, given)[0, len(right)].keys() == {"text"}


def test_a_copy_of_four_cells_of_six_shares_two_thirds():
    rng = random.Random(2)
    copied, *others = (generated(rng, 48) for _ in range(6))
    found = shares([copied, [*copied[:4], *others[0][4:]], *others[1:]])
    assert found == {(0, 1): {"code": pytest.approx(2 / 3, abs=0.04)}}


def test_a_rare_passage_counts_more_than_a_common_one(answers_to):
    """log((n+1)/k) / log((n+1)/2), by hand for n = 7 and k = 3: log(8/3) / log 4 = 0.7075."""
    _, right = answers_to("ps04")
    common = [f"print({n}, 'a' + str({n} * 3.5))" for n in range(50)]
    rare = [f"print([{n}] * len('b'), {n} / 2)" for n in range(50, 80)]
    class_ = [code("\n".join(lines)) for lines in (common, common + rare, common + rare[:15])]
    one, other, third = (prints(each) for each in class_)
    expected = (0.7075 * len(one) + len((other & third) - one)) / (0.7075 * len(one) + len(third - one))
    found = shares([*class_, *right[:4]])
    assert set(found) == {(0, 1), (0, 2), (1, 2)}
    assert found[1, 2] == pytest.approx({"code": expected}, abs=1e-4)


def test_code_of_another_language_is_compared_as_it_stands():
    lines = "\n".join(f"f{n} <- function(x) x %*% {n}" for n in range(12))
    julia = [Passage("julia", "x = 1")]
    assert copies([[Passage("R", lines)], julia, [Passage("R", lines.replace(" ", "  "))]]) == {
        ((0, 2), "code")
    }


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
    class_[250] = DISGUISES["with a line more"](class_[7])
    begin = time.process_time()
    assert pairs(class_) == {(7, 250)}
    assert time.process_time() - begin < 20
    tracemalloc.start()
    Similarities(class_[:100])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50e6


@pytest.mark.parametrize("source", ["(" * 10**6, "'%" + "0" * 10**6, '"""' * 10**6, "a = 1\n" * 10**6])
def test_a_hostile_hand_in_takes_no_time(source):
    begin = time.process_time()
    Similarities([code(source, source), code("x = 1")])
    assert time.process_time() - begin < 10


def test_of_a_huge_hand_in_the_first_part_is_read():
    rng = random.Random(1)
    copied = generated(rng, 48)
    filler = Passage("python", "# nothing\n" * (LONGEST // 10))
    others = [generated(rng, 48) for _ in range(4)]
    assert copies([copied, [*copied, filler], *others]) == {((0, 1), "code"), ((0, 1), "text")}
    cut_off = [copied, [filler, *copied], *others]
    assert copies(cut_off) == pairs(cut_off) == set()
