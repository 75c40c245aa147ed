"""A network of two layers and its training as a program of lines, any of which can be exchanged.

Every line is one assignment in numpy, and computes what its name says from what the lines above it have made.
"""

import ast
from functools import cache

import numpy as np

from ..errors import InputError

BEGIN, DATA = ("W1", "b1", "W2", "b2"), ("x", "t")
FORTH, READ = ("z1", "h1", "d1", "scores", "e", "p", "loss"), ("read",)
BACK = ("delta2", "dW2", "db2", "dd1", "dh1", "dz1", "dW1", "db1")


def sound_lines():
    """{name: what it becomes}, in the order in which they run."""
    return {
        "W1": "rng.normal(0, np.sqrt(2 / D), (D, H))",
        "b1": "np.zeros(H)",
        "W2": "rng.normal(0, 0.1, (H, C))",
        "b2": "np.zeros(C)",
        "x": "(pixels - train.mean(axis=0)) / (train.std(axis=0) + 0.1)",
        "t": "labels",
        "z1": "x @ W1 + b1",
        "h1": "np.maximum(z1, 0)",
        "d1": "h1 * mask if training else h1",
        "scores": "d1 @ W2 + b2",
        "e": "np.exp(scores - scores.max(axis=1, keepdims=True))",
        "p": "e / e.sum(axis=1, keepdims=True)",
        "loss": "-np.mean(np.log(p[np.arange(len(t)), t]))",
        "delta2": "(p - np.eye(C)[t]) / len(t)",
        "dW2": "d1.T @ delta2",
        "db2": "delta2.sum(axis=0)",
        "dd1": "delta2 @ W2.T",
        "dh1": "dd1 * mask if training else dd1",
        "dz1": "dh1 * (z1 > 0)",
        "dW1": "x.T @ dz1",
        "db1": "dz1.sum(axis=0)",
        "moved": "q - rate * dq",
        "read": "scores.argmax(axis=1)",
    }


class Program:
    """A network D → H → C with relu and dropout, its data and its training, as lines of text.

    lines    {name: expression}: exchanged for the sound ones, as in Program({"dz1": "dh1"})
    sizes    (D, H, C);  keep: the share of hidden neurons that training keeps;  rng: a Generator or a seed

    It has params, loss(x, t) and gradient(x, t), as bp.check_network asks for, and listing(), its text.
    Every step draws a mask of dropout; loss and gradient, asked alone, take one that stays the same.
    Raises InputError for a name that is no line.
    """

    def __init__(self, lines=None, sizes=(64, 30, 10), keep=0.8, rng=0):
        sound = sound_lines()
        if unknown := set(lines or {}) - set(sound):
            raise InputError(f"Program: there is no line {', '.join(sorted(unknown))}; see print(listing())")
        self.lines, self.sizes, self.keep, self.seed = sound | (lines or {}), sizes, keep, rng
        self.rng = np.random.default_rng(rng)
        values = dict(zip("DHC", sizes, strict=True)) | {"rng": self.rng}
        self.params = self._run(BEGIN, values)

    def mended(self, **lines):
        """A new program, begun afresh, with other lines: ``mended(dz1="dh1 * (z1 > 0)")``."""
        return type(self)(self.lines | lines, self.sizes, self.keep, self.seed)

    def prepare(self, pixels, labels, train):
        """x and t as the network sees them; train: the pixels to learn from."""
        return tuple(self._run(DATA, {"pixels": pixels, "labels": labels, "train": train}).values())

    def loss(self, x, t):
        return float(self._forth(x, t)["loss"])

    def scores(self, x):
        """As it answers when it is used: without dropout, if all is well."""
        return self._forth(x, np.zeros(len(x), int), training=False)["scores"]

    def accuracy(self, x, t):
        read = self._run(READ, {"scores": self.scores(x)})["read"]
        return float(np.mean(read == t))

    def gradient(self, x, t):
        """{"W1": dW1, …}: what a step of rate 0 works out on its way."""
        return self._back(self._forth(x, t), rate=0.0)[0]

    def step(self, x, t, rate):
        """One step of training; returns the loss before it."""
        values = self._forth(x, t, mask=_mask(len(x), self.sizes[1], self.keep, self.rng))
        self.params = self._back(values, rate)[1]
        return float(values["loss"])

    def listing(self):
        """The whole text."""
        wide = max(map(len, self.lines))
        return "\n".join(f"{name:{wide}} = {text}" for name, text in self.lines.items())

    def _forth(self, x, t, training=True, mask=None):
        if mask is None:
            shape = len(x), self.sizes[1], self.keep
            mask = _standing_mask(*shape) if training else _mask(*shape, self.rng)
        sizes = dict(zip("DHC", self.sizes, strict=True))
        given = sizes | {"x": x, "t": t, "training": training, "mask": mask}
        return given | self.params | self._run(FORTH, given | self.params)

    def _back(self, values, rate):
        """The gradient, and the parameters after a step; those of the upper layer are moved first."""
        values, moved = dict(values), {}
        for names in (BACK[:3], BACK[3:]):
            values |= self._run(names, values)
            for name in (name[1:] for name in names if name[1:] in BEGIN):
                step = {"q": values[name], "dq": values["d" + name], "rate": rate}
                moved[name] = values["moved_" + name] = self._run(("moved",), step)["moved"]
        return {name: values["d" + name] for name in BEGIN}, {name: moved[name] for name in BEGIN}

    def _run(self, names, values):
        known = dict(values)
        for name in names:
            known[name] = value_of(self.lines[name], known)
        return {name: known[name] for name in names}


def _mask(N, H, keep, rng):
    return (rng.random((N, H)) < keep) / keep


@cache
def _standing_mask(N, H, keep):
    return _mask(N, H, keep, np.random.default_rng(N))


_KNOWN = {"np": np, "len": len}


@cache
def _code(text):
    return compile(text, "<a line>", "eval")


def reads(text):
    """The names that a line needs, in the order of the alphabet."""
    tree = ast.parse(text, mode="eval")
    return tuple(sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - {"np", "len"}))


def value_of(text, values):
    """What a line becomes for these values of the names that it reads."""
    return eval(_code(text), _KNOWN, values)  # noqa: S307
