"""A watch on a student's code: banned code under any name, memory, and a numerical derivative's precision."""

import json
import subprocess
import sys
from contextlib import suppress

import numpy as np
import pytest

import bplib as bp
from bplib.check.report import Finding
from bplib.course.exercise import nudged, question
from bplib.course.questions import ps01, ps03, ps04, ps05, ps06, ps07
from bplib.course.watch import look_at, note, wanted, watching
from bplib.errors import InputError

AFFINE = ("bplib.networks.layers.Affine", "bplib.gates.affine")


def answer(source, name="answer"):
    """What a student's cell has under a name."""
    namespace = {"np": np}
    exec(compile(source, "<cell>", "exec"), namespace)  # noqa: S102  it is our own
    return namespace[name]


USES = {
    "by its name": "import bplib as bp\nanswer = lambda x, W, b: bp.Affine(W, b).forward(x)",
    "under another name": "from bplib.networks.layers import Affine as A\n"
    "answer = lambda x, W, b: A(W, b).forward(x)",
    "by the gate behind it": "from bplib import affine\nanswer = lambda x, W, b: affine(x, W, b)",
    "by a layer of it": "import bplib as B\nanswer = lambda x, W, b: B.Layer(B.affine, W=W, b=b).forward(x)",
    "as a subclass": """
import bplib as bp
class Mine(bp.Affine):
    def forward(self, x): return super().forward(x)
answer = lambda x, W, b: Mine(W, b).forward(x)""",
    "as a partial": """
import bplib as bp
from functools import partial
make = partial(bp.Affine, of_data=True)
answer = lambda x, W, b: make(W, b).forward(x)""",
    "inside another part of the library": """
import bplib as bp
answer = lambda x, W, b: bp.MLP([2, 3, 1]).predict(x)""",
}
NUMBERS = np.ones((4, 2)), np.ones((2, 3)), np.ones(3)


@pytest.mark.parametrize("use", USES)
def test_what_is_banned_is_seen(use):
    function = answer(USES[use])
    with watching(AFFINE) as seen:
        function(*NUMBERS)
    assert seen.used and seen.used <= set(AFFINE)


def test_what_is_not_banned_is_not_seen():
    function = answer("import bplib as bp\nanswer = lambda x, W, b: bp.relu(x @ W + b)")
    with watching(AFFINE) as seen:
        function(*NUMBERS)
    assert seen.plain() == {"used": [], "peak": 0, "calls": 1}


@pytest.mark.parametrize(
    ("handed_in", "name"),
    [
        (bp.Affine, "bplib.networks.layers.Affine"),
        (answer("import bplib\nclass answer(bplib.Affine): pass"), "bplib.networks.layers.Affine"),
        (bp.affine.backward, "bplib.gates.affine"),
    ],
)
def test_an_answer_that_is_the_library_itself_is_seen_when_it_is_handed_in(handed_in, name):
    with watching(AFFINE) as seen:
        look_at(handed_in)
    assert seen.used == {name}


def test_of_a_banned_module_the_part_is_named_that_the_student_called():
    calls = answer("import bplib as bp\ndef answer(): bp.vjp(bp.exp, 1.0, 1.0), bp.softmax(np.ones(3))")
    with watching(["bplib.graph.derivatives", "bplib.gates"]) as seen:
        calls()
    assert seen.used == {"bplib.graph.derivatives.vjp", "bplib.gates.losses.Softmax"}


FIRST_USE = """
from bplib.course.watch import watching
def answer(use):
    import bplib.graph.derivatives
    return bplib.graph.derivatives.grad(lambda x: x * x)(3.0) if use else None
for use in (False, True):
    with watching(["bplib.graph"]) as seen:
        answer(use)
    print(sorted(seen.used))
"""


def test_a_banned_module_that_is_only_imported_is_not_used(root):
    run = subprocess.run(
        [sys.executable, "-c", FIRST_USE], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines() == ["[]", "['bplib.graph.derivatives.grad']"]


def test_code_that_says_of_itself_that_it_is_a_library_is_the_students():
    disguised = compile("out = bp.affine(x, W, b)", np.__file__, "exec")
    x, W, b = np.ones((2, 3)), np.ones((3, 4)), np.ones(4)
    with watching(AFFINE) as seen:
        answer("def answer(code, names):\n    exec(code, names)")(
            disguised, {"bp": bp, "x": x, "W": W, "b": b}
        )
    assert seen.used == {"bplib.gates.affine"}


def test_a_function_of_any_package_can_be_banned():
    with watching(["numpy.convolve"]) as seen:
        answer("answer = lambda: np.convolve([1, 2], [3, 4])")()
    assert seen.used == {"numpy.convolve"}


def slope(x):
    """Ours, handed to the student."""
    return bp.grad(lambda x: x * x)(x)


def test_what_the_question_itself_uses_does_not_count_even_when_the_student_calls_it():
    with watching(["bplib.graph.derivatives", "bplib.graph.node"], asker=__file__) as seen:
        bp.check_gate(bp.exp, 1.0)
        answer("answer = lambda slope: slope(3.0)")(slope)
    assert seen.used == set()
    assert seen.calls == 1


@pytest.mark.parametrize(
    "name", ["bplib.networks.layers.Afine", "no_such_package.f", "numpy.add", "math.sqrt"]
)
def test_a_ban_that_nobody_could_see_broken_is_refused(name):
    with pytest.raises(InputError, match="cannot be banned"), watching([name]):
        pass


def test_an_inner_watch_looks_for_what_the_outer_one_bans_and_tells_it():
    function = answer(USES["by its name"])
    with watching(AFFINE) as outer:
        with watching(["numpy.convolve"]) as inner:
            assert wanted()["bans"] == ["numpy.convolve", *AFFINE]
            function(*NUMBERS)
        assert wanted()["bans"] == list(AFFINE)
    assert inner.used == outer.used == {"bplib.networks.layers.Affine", "bplib.gates.affine"}
    assert wanted() is None


def test_another_profile_function_goes_on_seeing_and_is_there_again_afterwards():
    events, function = [], answer("def answer(): pass")
    profile = lambda frame, event, arg: events.append(frame.f_code.co_name)  # noqa: E731
    sys.setprofile(profile)
    try:
        with pytest.raises(ZeroDivisionError), watching(AFFINE):
            function()
            raise ZeroDivisionError
        assert sys.getprofile() is profile
    finally:
        sys.setprofile(None)
    assert "answer" in events


def test_the_peak_of_the_memory_is_what_the_call_has_taken():
    with watching(memory=True) as seen:
        np.ones((500, 500)).sum()
    assert 2_000_000 <= seen.peak < 2_100_000


IN_ANOTHER_PROCESS = """
import json, sys
import numpy as np
from bplib.course.watch import watching
task = json.loads(sys.stdin.read())
namespace = {"np": np}
exec(compile(task["source"], "<cell>", "exec"), namespace)
with watching(**task["wanted"]) as seen:
    namespace["answer"](np.ones(2000), np.ones(2000))
print(json.dumps(seen.plain()))
"""


@pytest.mark.parametrize(
    ("source", "mistake"),
    [
        ("def answer(upstream, x): return upstream * (x > 0)", ""),
        ("def answer(upstream, x): return upstream @ np.diag(1.0 * (x > 0))", "J formed"),
        ("import bplib as bp\ndef answer(upstream, x): return bp.vjp(bp.relu, x, upstream)", "library used"),
        (
            "import bplib as bp\nfrom functools import partial\nanswer = partial(bp.vjp, bp.relu)",
            "library used",
        ),
    ],
)
def test_the_verdict_is_the_same_when_the_answer_runs_in_another_process(source, mistake, root):
    def link(upstream, x):
        task = json.dumps({"source": source, "wanted": wanted()})
        code = [sys.executable, "-c", IN_ANOTHER_PROCESS]
        ran = subprocess.run(code, input=task, cwd=root, capture_output=True, text=True, check=True)
        note(json.loads(ran.stdout))
        return upstream * (x > 0)

    for asked in (link, answer(source)):
        (finding,) = ps03.relu_backward_is_small.findings(asked)
        assert (finding.ok, finding.mistake) == (not mistake, mistake)


def test_only_names_that_were_banned_can_be_noted():
    with watching(AFFINE) as seen:
        note({"used": ["bplib.gates.affine", "<b>anything</b>"], "peak": 3, "calls": 4})
    assert seen.plain() == {"used": ["bplib.gates.affine"], "peak": 3, "calls": 4}


# ------------------------------------------------------------------------------- numerical derivatives


def by_differences(f, x, h, sides):
    slopes = np.zeros(x.shape)
    for k in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[k] = h
        below = f(x - step) if sides == 2 else f(x)
        slopes[k] = (f(x + step) - below) / (sides * h)
    return slopes


@pytest.mark.parametrize(("sides", "h"), [(2, 1e-4), (2, 1e-5), (2, 1e-6), (2, 6e-6), (1, 1e-6), (1, 1e-7)])
def test_differences_with_any_usual_step_are_told_from_the_product_rule(sides, h):
    def product(dY, X, W):
        f = lambda X, W: np.sum(dY * (X @ W))  # noqa: E731
        return by_differences(lambda X: f(X, W), X, h, sides), by_differences(lambda W: f(X, W), W, h, sides)

    (finding,) = ps04.product_backward.findings(product, sizes=(3, 3, 3))
    assert finding.mistake == "numerical derivative"


def loops(dY, X, W):
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for i, k, j in np.ndindex(*X.shape, W.shape[1]):
        dX[i, k] += dY[i, j] * W[k, j]
        dW[k, j] += dY[i, j] * X[i, k]
    return dX, dW


def complex_step(dY, X, W):
    """A numerical derivative, and an exact one: it is let through."""
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for x, slopes, f in ((X, dX, lambda X: X @ W), (W, dW, lambda W: X @ W)):
        for k in np.ndindex(x.shape):
            moved = x.astype(complex)
            moved[k] += 1e-20j
            slopes[k] = np.sum(dY * f(moved).imag) / 1e-20
    return dX, dW


def in_dtype(dtype, back=np.float64):
    def product(*given):
        dY, X, W = (each.astype(dtype) for each in given)
        return (dY @ W.T).astype(back), (X.T @ dY).astype(back)

    return product


HONEST = {
    "loops": loops,
    "einsum": lambda dY, X, W: (np.einsum("ij,kj->ik", dY, W), np.einsum("ik,ij->kj", X, dY)),
    "float32": in_dtype(np.float32, np.float32),
    "float32, then float64": in_dtype(np.float32),
    "longdouble": in_dtype(np.longdouble, np.longdouble),
    "float32 and float64 mixed": lambda dY, X, W: (dY @ W.T.astype(np.float32), X.T.astype(np.float32) @ dY),
    "complex step": complex_step,
}


@pytest.mark.parametrize("style", HONEST)
@pytest.mark.parametrize("seed", range(20))
def test_an_honest_product_is_never_blamed(style, seed):
    findings = ps04.product_backward.findings(HONEST[style], sizes=(5, 2, 3), seed=seed)
    assert all(finding.ok for finding in findings)


def softmax_backward(upstream, y):
    y = y.astype(np.float32)
    return np.array([(np.diag(row) - np.outer(row, row)) @ u for row, u in zip(y, upstream, strict=True)])


def bp1(cost_gradient, z):
    a = 1 / (1 + np.exp(-z.astype(np.float32)))
    return cost_gradient * a * (1 - a)


def gradient(params, x, t):
    """Probabilities by way of their logarithms in float32, the rest in float64."""
    h = np.maximum(x @ params["W1"] + params["b1"], 0)
    s = (h @ params["W2"] + params["b2"]).astype(np.float32)
    s -= s.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    delta2 = (np.exp(log_p) - np.eye(s.shape[1])[t]) / len(t)
    delta1 = (delta2 @ params["W2"].T) * (h > 0)
    return {"W1": x.T @ delta1, "b1": delta1.sum(axis=0), "W2": h.T @ delta2, "b2": delta2.sum(axis=0)}


def wave(x):
    y = np.float32(3 * x - 1)
    w = np.exp(-y * y)
    return float(w), -6.0 * float(w) * float(y)


class Layer:
    def __init__(self, log_softmax):
        self.log_softmax = log_softmax

    def forward(self, z, t):
        log_y = self.log_softmax(z).astype(np.float32)
        self.y, self.t = np.exp(log_y), np.eye(z.shape[1])[t] if t.ndim == 1 else t
        return -np.sum(self.t * log_y) / len(z)

    def backward(self, upstream=1.0):
        return upstream * (self.y - self.t) / len(self.y)


@pytest.mark.parametrize("seed", range(1, 21))
@pytest.mark.parametrize(
    ("asked", "single"),
    [
        (ps03.softmax_backward, softmax_backward),
        (ps05.layer_backward, Layer),
        (ps06.bp1, bp1),
        (ps07.backprop, gradient),
        (ps01.wave_anywhere, wave),
    ],
)
def test_an_answer_worked_out_in_float32_is_never_called_numerical(asked, single, seed):
    mistakes = {finding.mistake for finding in asked.findings(single, seed=seed)}
    assert "numerical derivative" not in mistakes


@pytest.mark.parametrize(
    ("error", "calls", "told"),
    [
        (0, 99, False),
        (1e-15, 99, False),
        (1e-12, 0, True),
        (3e-8, 1, False),
        (3e-8, 8, True),
        (1e-3, 99, False),
    ],
)
def test_between_float64_and_float32_precision_tells_and_beyond_it_the_calls(error, calls, told):
    exact = np.array([0.1, 0.2, 0.3, 1.1] * 2)  # none of these fits into float32
    assert nudged([(exact + error, exact)], calls) is told


def test_where_float32_is_exact_any_small_error_tells():
    exact = np.array([1.0, -2.0, 3.0])
    assert nudged([(exact + 3e-8, exact)])
    assert not nudged([(exact, exact)])


def test_what_does_not_count_is_a_single_finding_with_its_reason():
    @question("the bias", parts=2, bans=AFFINE, asked="the task asks for x @ W + b")
    def layer(function):
        yield Finding("shape", function(*NUMBERS).shape == (4, 3), "is right")
        yield Finding("values", bool((function(*NUMBERS) == 3).all()), "are right")

    (finding,) = layer.findings(answer(USES["by the gate behind it"]))
    assert not finding.ok
    assert finding.mistake == "library used"
    assert finding.advice == "bplib.gates.affine did the work here; the task asks for x @ W + b"
    assert all(f.ok for f in layer.findings(answer("answer = lambda x, W, b: x @ W + b")))


def test_a_watch_that_is_switched_off_is_seen_and_a_full_stack_is_not_taken_for_it():
    with watching(AFFINE) as seen:
        sys.setprofile(None)
    assert seen.used == {"sys.setprofile"}

    def endless():
        return endless()

    with suppress(RecursionError), watching(AFFINE) as seen:
        endless()
    assert seen.used == set()


def test_an_answer_that_calls_itself_without_end_is_not_taken_for_one_that_switches_the_watch_off():
    @question("the end", bans=AFFINE)
    def ask(function):
        yield Finding("the end", function() == 1, "is there")

    def endless():
        return endless()

    for _ in range(2):
        (finding,) = ask.findings(endless)
        assert not finding.ok and finding.mistake != "library used"
        assert "RecursionError" in finding.says
