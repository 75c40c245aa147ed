"""AttentionRows: who looks at whom, query by query, forth and back.

The browser computes at once what Python computes here (static/attention.js). A test keeps the two equal.
"""

import numpy as np
import traitlets

from ..draw.tables import Table, mimebundle_of_tables
from ..errors import GraphError, InputError, expect_shapes, shapes
from ..gates import softmax
from ..graph.trace import plain
from ..values import as_input
from .base import Widget, can_be_sent, module, or_message, style

MOST_ROWS, MOST_COLUMNS, SHARPEST = 12, 16, 4.0

# What each way shows: name, role, whose names its rows and its columns bear.
FORTH = {
    "S": ("value", "queries", "keys"),
    "A": ("value", "queries", "keys"),
    "V": ("value", "keys", None),
    "O": ("value", "queries", None),
}
BACK = {
    "dO": ("gradient", "queries", None),
    "dV": ("gradient", "keys", None),
    "dA": ("gradient", "queries", "keys"),
    "dS": ("gradient", "queries", "keys"),
    "dQ": ("gradient", "queries", None),
    "dK": ("gradient", "keys", None),
}


class AttentionRows(Widget):
    """Attention, a row for each query: ``AttentionRows(Q, K, V, dO, queries=["who", "asks"], causal=True)``.

    Q (T, d), K (S, d), V (S, e)    T and S up to 12, d and e up to 16
    dO               the upstream, ∂loss/∂O, by default ones
    queries, keys    their names; where there are as many keys as queries, they bear the same
    causal           query i sees the keys 0 to i
    sharpness        from 0 to 4: what all scores are multiplied by
    query            the one whose row is chosen, counted from 0
    back             whether the way back is shown

    The last four follow the reader and can be set. What cannot be shown is said in its place.
    """

    _esm = module("attention")
    _css = style("choice", "table", "attention")
    remembers = ("causal", "sharpness", "query", "back")
    causal = traitlets.Bool().tag(sync=True)
    sharpness = traitlets.Float(1.0, min=0.0, max=SHARPEST).tag(sync=True)
    query = traitlets.Int(0, min=0).tag(sync=True)
    back = traitlets.Bool().tag(sync=True)

    def __init__(
        self, Q, K, V, dO=None, queries=None, keys=None, causal=False, sharpness=1.0, query=0, back=False
    ):
        data = or_message(lambda: attention_data(Q, K, V, dO, queries, keys, sharpness, query))
        state = {"causal": causal, "sharpness": sharpness, "query": query, "back": back}
        super().__init__(data=data, **({} if data["message"] else state))

    def still(self):
        found = attended(*(self.data[name] for name in ("Q", "K", "V", "dO")), self.causal, self.sharpness)
        names = {"queries": self.data["queries"], "keys": self.data["keys"], None: ()}
        shown = BACK if self.back else FORTH
        tables = [
            Table(name, role, plain(found[name]), names[rows], names[columns])
            for name, (role, rows, columns) in shown.items()
        ]
        title = f"Attention, {'the way back' if self.back else 'a row for each query'}"
        return mimebundle_of_tables(title, [tables[:2], tables[2:]], list(self._in_words(found)))

    def _in_words(self, found):
        query, weights = self.data["queries"][self.query], found["A"][self.query]
        most = self.data["keys"][weights.argmax()]
        yield f"{query} looks most at {most}, with the weight {weights.max():.2f}; its weights add up to 1."
        if self.back:
            yield f"dS = A ∘ (dA − Σ dA ∘ A): the row of {query} adds up to 0."


def attention_data(Q, K, V, dO=None, queries=None, keys=None, sharpness=1.0, query=0):
    """What the browser needs: the matrices, the names, and how sharp it may get.

    {"Q", "K", "V", "dO", "queries": ["q0", …], "keys": ["k0", …], "sharpest": 4.0}

    Raises ShapeError, InputError, or GraphError for what is too large or not finite.
    """
    Q, K, V = as_input(Q, "Q"), as_input(K, "K"), as_input(V, "V")
    fits = np.ndim(Q) == np.ndim(K) == np.ndim(V) == 2 and Q.shape[1] == K.shape[1] and len(K) == len(V)
    expect_shapes(fits, "AttentionRows", "Q (T, d), K (S, d) and V (S, e) are needed", Q=Q, K=K, V=V)
    T, S = len(Q), len(K)
    dO = np.ones((T, V.shape[1])) if dO is None else as_input(dO, "dO")
    shape = T, V.shape[1]
    expect_shapes(np.shape(dO) == shape, "AttentionRows", f"dO needs the shape of O, {shape}", dO=dO)
    columns = Q.shape[1], V.shape[1]
    if not (0 < min(T, S, *columns) and max(T, S) <= MOST_ROWS and max(columns) <= MOST_COLUMNS):
        limits = f"up to {MOST_ROWS} queries and keys, of up to {MOST_COLUMNS} numbers"
        raise GraphError(
            f"AttentionRows: {shapes(Q=Q, K=K, V=V)} do not suit a screen; it shows 1 and {limits}"
        )
    queries = _names(queries, "q", T, "queries")
    keys = _names(keys, "k", S, "keys") if keys or T != S or queries[0] == "q0" else queries
    if not 0 <= sharpness <= SHARPEST:
        raise InputError(f"AttentionRows: sharpness lies between 0 and {SHARPEST:g}; got {sharpness!r}")
    if not isinstance(query, int | np.integer) or not 0 <= query < T:
        raise InputError(f"AttentionRows: query is a whole number from 0 to {T - 1}; got {query!r}")
    data = {"Q": plain(Q), "K": plain(K), "V": plain(V), "dO": plain(dO)}
    if not can_be_sent(data):
        raise GraphError("AttentionRows: a number is not finite here; choose others")
    return data | {"queries": queries, "keys": keys, "sharpest": SHARPEST}


def _names(given, letter, count, what):
    names = [str(name) for name in given] if given is not None else [f"{letter}{k}" for k in range(count)]
    if len(names) != count:
        raise InputError(f"AttentionRows: {count} {what} have {count} names; got {len(names)}")
    return names


def attended(Q, K, V, dO, causal, sharpness):
    """All matrices of both ways, {"S", "A", "V", "O", "dO", "dV", "dA", "dS", "dQ", "dK"}: arrays."""
    Q, K, V, dO = map(np.array, (Q, K, V, dO))
    factor = sharpness / np.sqrt(Q.shape[1])
    S = factor * Q @ K.T
    S = np.where(np.tri(*S.shape, dtype=bool), S, -np.inf) if causal else S
    A = softmax.forward(S)
    dA = dO @ V.T
    (dS,) = softmax.backward(dA, A, S)
    way_back = {"dO": dO, "dV": A.T @ dO, "dA": dA, "dS": dS}
    return {"S": S, "A": A, "V": V, "O": A @ V} | way_back | {"dQ": factor * dS @ K, "dK": factor * dS.T @ Q}
