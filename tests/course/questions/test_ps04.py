"""The feedback of assignment 4, where the known answers in assignments/answers/ps04 do not look."""

import pytest

from bplib.course.questions import ps04


class AffineThatReturns:
    """A layer with a right forward pass and this answer on the way back."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, W, b):
        self.W, self.b, self.dW, self.db = W, b, None, None
        return self

    def forward(self, x):
        return x @ self.W + self.b

    def backward(self, dout):
        return self.answer


@pytest.mark.parametrize(
    ("ask", "answer", "says"),
    [
        (ps04.product_backward, lambda dY, X, W: None, "product_backward returned nothing"),
        (ps04.product_backward, lambda dY, X, W: dY @ W.T, "has to return two arrays, dX and dW"),
        (ps04.affine_batch, AffineThatReturns(None), "backward returned nothing"),
        (ps04.affine_batch, AffineThatReturns((1, 2, 3)), "backward has to return dx alone; got tuple"),
    ],
    ids=["no product", "one product", "no dx", "all three"],
)
def test_an_answer_of_another_kind_is_told_so_in_the_words_of_the_task(ask, answer, says):
    *_, finding = ask.findings(answer, sizes=(4, 3, 2))
    assert not finding.ok
    assert finding.what == ask.title
    assert says in finding.says


def test_a_product_without_its_upstream_is_named_with_unequal_sizes_too():
    findings = ps04.product_backward.findings(lambda dY, X, W: (W.T, X.T), sizes=(4, 3, 2))
    assert [finding.mistake for finding in findings] == ["upstream ignored", "upstream ignored"]


def test_one_over_n_is_not_taken_for_a_half():
    findings = ps04.product_backward.findings(lambda dY, X, W: (dY @ W.T, X.T @ dY / len(X)), sizes=(4, 3, 2))
    assert [finding.mistake for finding in findings] == ["", "extra 1/N"]
