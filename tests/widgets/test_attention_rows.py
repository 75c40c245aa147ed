"""AttentionRows: its matrices against the library's attention, its messages, and its picture on paper."""

import numpy as np
import pytest

import bplib as bp
from bplib.widgets.attention import attended, attention_data

Q = np.array([[4.0, 0.0], [0.0, 4.0], [0.0, 0.0]])
K = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
V = np.array([[10.0, 0.0, 1.0], [0.0, 10.0, 2.0], [5.0, 5.0, 3.0]])
DO = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 1.0], [1.0, 1.0, 0.0]])


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("sharpness", [1.0, 0.0, 2.5])
def test_both_ways_are_those_of_the_gate(causal, sharpness, rng):
    Q, K, V, dO = (rng.normal(size=shape) for shape in ((4, 3), (4, 3), (4, 2), (4, 2)))
    gate = bp.gates.Attention(np.tri(4) > 0 if causal else None)
    found = attended(Q, K, V, dO, causal, sharpness)
    np.testing.assert_allclose(found["O"], gate(sharpness * Q, K, V), rtol=1e-12)
    dQ, dK, dV = bp.vjp(lambda Q, K, V: gate(sharpness * Q, K, V), (Q, K, V), dO)
    for name, wanted in {"dQ": dQ, "dK": dK, "dV": dV}.items():
        np.testing.assert_allclose(found[name], wanted, rtol=1e-10, atol=1e-12, err_msg=name)


def test_a_query_that_asks_nothing_gets_the_plain_mean_and_one_that_sees_itself_only_its_own_value():
    assert attended(Q, K, V, DO, False, 1.0)["O"][2].tolist() == [5, 5, 2]
    assert attended(Q, K, V, DO, True, 1.0)["O"][0].tolist() == [10, 0, 1]


def test_what_is_hidden_has_minus_infinity_for_a_score_and_no_gradient():
    found, above = attended(Q, K, V, DO, True, 1.0), np.triu_indices(3, 1)
    assert np.all(found["S"][above] == -np.inf)
    assert not found["A"][above].any() and not found["dS"][above].any()


@pytest.mark.parametrize(
    "arguments, said",
    [
        ((Q[0], K, V), "Q (T, d)"),
        ((Q, K[:, :1], V), "Q (T, d)"),
        ((Q, K, V[:2]), "Q (T, d)"),
        ((np.ones((13, 2)), K, V), "do not suit a screen"),
        ((np.ones((3, 17)), np.ones((3, 17)), V), "do not suit a screen"),
        ((Q, K, V, DO[:2]), "(3, 3)"),
        ((Q, K, V, DO, ["one"]), "3 queries"),
        ((Q, K, V, DO, None, ["one"]), "3 keys"),
        ((Q, K, V, DO, None, None, False, 5.0), "sharpness"),
        ((Q, K, V, DO, None, None, False, 1.0, 3), "query"),
        ((np.where(Q == 4.0, np.inf, Q), K, V), "not finite"),
    ],
)
def test_what_cannot_be_shown_is_said_in_its_place(arguments, said):
    widget = bp.AttentionRows(*arguments)
    data, _ = widget._repr_mimebundle_()
    assert said in widget.data["message"] and data["text/plain"] == widget.data["message"]


def test_keys_bear_the_names_of_queries_where_a_sequence_asks_itself():
    assert attention_data(Q, K, V)["keys"] == ["k0", "k1", "k2"]
    assert attention_data(Q, K, V, queries="abc")["keys"] == ["a", "b", "c"]
    assert attention_data(Q[:2], K, V, queries="ab")["keys"] == ["k0", "k1", "k2"]
    assert attention_data(Q, K, V, queries="abc", keys="xyz")["keys"] == ["x", "y", "z"]


def test_the_picture_on_paper_shows_the_chosen_way_and_who_is_seen():
    forth = bp.AttentionRows(Q, K, V, DO, queries="abc", causal=True, query=1).still()["text/plain"]
    assert "−∞" in forth and "b looks most at b, with the weight 0.94" in forth
    back = bp.AttentionRows(Q, K, V, DO, back=True).still()["text/plain"]
    assert "dS" in back and "adds up to 0" in back and "−∞" not in back


def test_what_is_given_is_not_written_into():
    before = [each.copy() for each in (Q, K, V, DO)]
    bp.AttentionRows(Q, K, V, DO, causal=True, back=True).still()
    assert all(map(np.array_equal, before, (Q, K, V, DO)))
