"""One call of a backward rule, and what each known mistake would have made of it.

No formula of any gate is needed: all of it follows from the Jacobian, worked out by differences.
"""

from functools import cached_property
from itertools import product

import numpy as np

from ..graph.numerical import far_slope
from .differences import careful_vjp, columns_of_jacobian, slope_of_vjp, stacked

LARGEST_JACOBIAN = 1_000_000  # entries; beyond it only mistakes that need no Jacobian are looked for


class RuleCall:
    """One call of a backward rule: what it was given, and what follows for input number i, by differences.

    targets    the names of inputs that are labels: they are never nudged
    earlier    the upstream of the call before this one; None in the first
    before     the inputs of an earlier forward
    jacobians  {i: its columns}, shared by all calls at these xs: another upstream has the same Jacobian
    """

    def __init__(self, gate, upstream, out, xs, i, targets=(), earlier=None, before=(), jacobians=None):
        self.gate, self.upstream, self.out, self.xs, self.i = gate, upstream, out, xs, i
        self.targets, self.earlier, self.before = targets, earlier, before
        self.jacobians = {} if jacobians is None else jacobians

    @property
    def name(self):
        return self.gate.inputs[self.i]

    @property
    def x(self):
        return self.xs[self.i]

    @property
    def alike(self):
        """Whether x and out have the same shape."""
        return np.shape(self.x) == np.shape(self.out)

    @cached_property
    def wanted(self):
        """The right downstream of input i."""
        return self.slope.value

    @cached_property
    def slope(self):
        """The same, with what may be wrong with it: a Slope."""
        if self.columns is None:
            exact = _exact(self.xs)
            return slope_of_vjp(self.gate.forward, exact, self.i, self.upstream, self.xs)
        return self.columns.back(self.upstream).of_shape(np.shape(self.x))

    def far_slope(self):
        return far_slope(self.gate.forward, _exact(self.xs), self.i, self.upstream)

    @property
    def columns(self):
        """The Slope of out for each entry of x, along the first axis; None when that would be too much."""
        if self.i not in self.jacobians:
            self.jacobians[self.i] = self._columns()
        return self.jacobians[self.i]

    def _columns(self):
        if np.size(self.out) * np.size(self.x) > LARGEST_JACOBIAN:
            return None
        columns = columns_of_jacobian(self.gate.forward, _exact(self.xs), self.i, self.xs)
        return stacked([column for _, column in columns], (np.size(self.x), *np.shape(self.out)))

    @cached_property
    def jacobian(self):
        """∂out[j]/∂x[k], one row for each entry of out; None when it would be too large."""
        if self.columns is None:
            return None
        return np.reshape(self.columns.value, (np.size(self.x), np.size(self.out))).T

    def downstream(self, upstream=None, xs=None, i=None):
        """Jᵀ · upstream for input i, in float64; the upstream and the inputs may be others."""
        upstream = self.upstream if upstream is None else upstream
        if xs is None and i is None and self.jacobian is not None:
            return (self.jacobian.T @ np.ravel(upstream)).reshape(np.shape(self.x))
        xs = _exact(self.xs if xs is None else xs)
        return careful_vjp(self.gate.forward, xs, self.i if i is None else i, upstream)

    def with_x(self, x):
        return (*self.xs[: self.i], x, *self.xs[self.i + 1 :])

    # What each mistake gives here is a list of results; it is empty where the mistake cannot be made.

    # --------------------------------------------------------------------------------- upstream × local

    def local(self):
        return [self.downstream(upstream=np.ones(np.shape(self.out)))]

    def remembered(self):
        return [] if self.earlier is None else [self.downstream(upstream=self.earlier)]

    def stale(self):
        return [self.downstream(xs=self.before)] if self.before else []

    def upstream_summed(self):
        u = self.upstream
        return [self.local()[0] * total for total in (np.sum(u), np.mean(u))] if np.size(u) > 1 else []

    def upstream_added(self):
        return [self.upstream + self.local()[0]] if self.alike else []

    def upstream_twice(self):
        return [self.wanted * self.upstream] if self.alike or not np.shape(self.out) else []

    def divided(self):
        return [self.upstream / self.local()[0]] if self.alike else []

    def others(self):
        js = [j for j, name in enumerate(self.gate.inputs) if j != self.i and name not in self.targets]
        return [self.downstream(i=j) for j in js]

    def at_out(self):
        return [self.downstream(xs=(self.out,))] if self.alike and len(self.xs) == 1 else []

    def at_minus_x(self):
        return [self.downstream(xs=(-np.asarray(self.x),))] if len(self.xs) == 1 else []

    def slope_of_sigmoid(self):
        s = 1 / (1 + np.exp(-np.asarray(self.x, dtype=float)))
        return [self.wanted * s * (1 - s), self.wanted / (s * (1 - s))]

    def a_factor_of(self, what):
        if what is self.x or self.alike or not np.shape(what):
            return [self.wanted * what, self.wanted / what]
        return []

    # ----------------------------------------------------------------------------------------- switches

    def switches(self):
        """Whether every entry of out equals its x or does not depend on it: relu, max, clip."""
        slopes = self.local()[0]
        return self.alike and np.allclose(slopes * (slopes - 1), 0, atol=1e-6) and not slopes.all()

    def switch_ignored(self):
        return [self.upstream] if self.switches() else []

    def switch_inverted(self):
        return [self.upstream - self.wanted] if self.switches() else []

    def switched_by_upstream(self):
        return [np.where(np.asarray(self.upstream) > 0, self.upstream, 0)] if self.switches() else []

    # ------------------------------------------------------------------------------------- broadcasting

    @cached_property
    def unsummed(self):
        """For an input that was broadcast: its gradient before the sum over the repeats; else None."""
        shape = np.shape(self.out)
        if self.alike or not shape or self.jacobian is None or not _broadcasts(np.shape(self.x), shape):
            return None
        return self.upstream * self.jacobian.sum(axis=1).reshape(shape)

    def sum_forgotten(self):
        return [] if self.unsummed is None else [self.unsummed]

    def averaged(self):
        summed_up = not np.shape(self.out) and not self.targets
        ratio = np.size(self.x) / np.size(self.out)
        return [self.wanted * min(ratio, 1 / ratio)] if summed_up or self.unsummed is not None else []

    def wrong_axis(self):
        if self.unsummed is None:
            return []
        axes = range(self.unsummed.ndim)
        return [self.unsummed.sum(axis=axis, keepdims=k) for axis, k in product(axes, (False, True))]

    def over_all_axes(self):
        if self.unsummed is None or np.size(self.x) == 1:
            return []
        return [self.unsummed.sum(), self.unsummed.sum(keepdims=True)]

    # --------------------------------------------------------------------- the Jacobian, entry by entry

    def one_use_alone(self):
        """Only the first or only the last of the contributions to each entry of x."""
        if self.jacobian is None:
            return []
        parts = self.jacobian * np.reshape(self.upstream, (-1, 1))
        used, columns = np.abs(parts) > 1e-9 * np.abs(parts).max(initial=0), np.arange(parts.shape[1])
        last = len(parts) - 1 - used[::-1].argmax(axis=0)
        return [parts[row, columns].reshape(np.shape(self.x)) for row in (last, used.argmax(axis=0))]

    def diagonal(self):
        if not self.alike or self.jacobian is None:
            return []
        return [self.upstream * np.diag(self.jacobian).reshape(np.shape(self.x))]

    def forward_product(self):
        if not self.alike or self.jacobian is None:
            return []
        return [(self.jacobian @ np.ravel(self.upstream)).reshape(np.shape(self.x))]

    # ----------------------------------------------------------------------------------------- matrices

    def before_transposed(self):
        return self._transposed(range(self.i))

    def behind_transposed(self):
        return self._transposed(range(self.i + 1, len(self.xs)))

    def _transposed(self, places):
        """With another square matrix among the inputs transposed."""
        for j in places:
            if _square(self.xs[j]):
                yield self.downstream(xs=[x.T if k == j else x for k, x in enumerate(self.xs)])

    def upstream_transposed(self):
        return [self.downstream(upstream=self.upstream.T)] if _square(self.upstream) else []

    def factors_exchanged(self):
        """upstream · Wᵀ with its factors the other way round, and such."""
        for j, other in enumerate(self.xs):
            if j != self.i and _square(other) and _square(self.upstream):
                others = [x.T if k == j else x for k, x in enumerate(self.xs)]
                for upstream, xs in product((self.upstream, self.upstream.T), (self.xs, others)):
                    yield self.downstream(upstream=upstream, xs=xs).T

    # ------------------------------------------------------------------------------ losses with targets

    def _loss_of_rows(self):
        """The targets as rows of probabilities beside x (N, C), for a loss; else None."""
        targets = [
            np.asarray(x) for name, x in zip(self.gate.inputs, self.xs, strict=True) if name in self.targets
        ]
        if np.ndim(self.x) != 2 or np.ndim(self.out) or not targets:
            return None
        t, classes = targets[0], np.shape(self.x)[1]
        if t.shape == np.shape(self.x):
            return t
        return np.eye(classes)[t.astype(int)] if t.shape == np.shape(self.x)[:1] else None

    def target_not_subtracted(self):
        rows = self._loss_of_rows()
        return [] if rows is None else [self.wanted + self.upstream * rows / len(rows)]

    def softmax_of_columns(self):
        rows = self._loss_of_rows()
        if rows is None:
            return []
        e = np.exp(self.x - np.max(self.x))
        return [self.upstream * (e / total - rows) / len(rows) for total in (e.sum(axis=0), e.sum())]

    def next_class(self):
        """With the classes counted from 1 and from 0 mixed up."""
        rows = self._loss_of_rows()
        if rows is None:
            return []
        shifts = (np.roll(rows, k, axis=1) - rows for k in (-1, 1))
        return [self.wanted - self.upstream * shift / len(rows) for shift in shifts]


def _exact(xs):
    """xs in float64, targets of whole numbers as they are."""
    return [x if np.asarray(x).dtype.kind in "iu" else np.asarray(x, dtype=float) for x in xs]


def _square(x):
    return np.ndim(x) == 2 and len(x) == len(x[0]) > 1


def _broadcasts(shape, to):
    return len(shape) <= len(to) and all(a in (1, b) for a, b in zip(shape[::-1], to[::-1], strict=False))
