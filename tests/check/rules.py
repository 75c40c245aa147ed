"""Rules to check the checks with: right ones in many styles, wrong ones with the name of their mistake."""

import math

import numpy as np

from bplib import gates


def away_from_zero(rng, *shape):
    """Numbers between 0.1 and 2 in size."""
    x = rng.uniform(0.1, 2, size=shape) * rng.choice([-1, 1], size=shape)
    return x if shape else float(x)


# ------------------------------------------------------------------- right rules in many styles


class Product:
    def forward(self, x, y):
        return x * y

    def backward(self, upstream, out, x, y):
        return upstream * y, upstream * x


class ProductOfTheBook:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout=1):
        return [dout * self.y, dout * self.x]


class ProductWithSum:
    def forward(self, X, b):
        return X * b

    def backward(self, upstream, out, X, b):
        return upstream * b, np.einsum("nd,nd->d", upstream, X)


class TanhByLoops:
    def forward(self, x):
        return np.array([[np.tanh(entry) for entry in row] for row in x])

    def backward(self, upstream, out, x):
        dx = np.zeros(x.shape)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                dx[i, j] = upstream[i, j] * (1 - out[i, j] ** 2)
        return dx


class ReluWithMask:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx


class ReluByWhere:
    def forward(self, x):
        return np.where(x > 0, x, 0)

    def backward(self, upstream, out, x):
        return (np.where(x > 0, upstream, 0),)


class SigmoidOfTheBook:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


class MatrixProduct:
    def forward(self, X, W):
        return X @ W

    def backward(self, upstream, out, X, W):
        return upstream @ W.T, X.T @ upstream


class Affine:
    def forward(self, X, W, b):
        self.X, self.W = X, W
        return X @ W + b

    def backward(self, dout):
        return dout @ self.W.T, self.X.T @ dout, dout.sum(axis=0)


class AffineByElement:
    def forward(self, X, W, b):
        return X @ W + b

    def backward(self, upstream, out, X, W, b):
        dX, dW, db = np.zeros_like(X), np.zeros_like(W), np.zeros_like(b)
        for n, m in np.ndindex(out.shape):
            dX[n] += upstream[n, m] * W[:, m]
            dW[:, m] += upstream[n, m] * X[n]
            db[m] += upstream[n, m]
        return dX, dW, db


class TransposeByView:
    def forward(self, x):
        return x.T

    def backward(self, upstream, out, x):
        return upstream.T


class FlatView:
    def forward(self, x):
        return x.reshape(-1)

    def backward(self, upstream, out, x):
        return upstream.reshape(x.shape)


class Identity:
    def forward(self, x):
        return x

    def backward(self, upstream, out, x):
        return upstream


class SumByReadOnlyView:
    def forward(self, x):
        return x.sum()

    def backward(self, upstream, out, x):
        return np.broadcast_to(upstream, x.shape)


class Tail:
    def forward(self, x):
        return x[1:]

    def backward(self, upstream, out, x):
        dx = np.zeros_like(x)
        dx[1:] = upstream
        return dx


class SoftmaxOfRows:
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def backward(self, upstream, out, x):
        return out * (upstream - (upstream * out).sum(axis=1, keepdims=True))


class Static:
    @staticmethod
    def forward(x):
        return x**3

    @staticmethod
    def backward(upstream, out, x):
        return 3 * x**2 * upstream


class MinusLog(gates.Gate):
    """A subclass of the library's Gate."""

    def forward(self, x):
        return -np.log(x)

    def backward(self, upstream, out, x):
        return (-upstream / x,)


class Cosh(gates.Elementwise):
    """A subclass that states its local derivative alone."""

    def forward(self, x):
        return np.cosh(x)

    def local(self, out, x):
        return (np.sinh(x),)


class Distance:
    def forward(self, y, label):
        return ((y - np.round(label)) ** 2).sum()

    def backward(self, upstream, out, y, label):
        return 2 * upstream * (y - np.round(label)), None


def labels(rng):
    """Four classes out of three."""
    return rng.integers(0, 3, size=4)


def one_hot(rng):
    return np.eye(3)[labels(rng)]


def soft(rng):
    return rng.dirichlet(np.ones(3), size=4)


def positive(rng):
    return rng.uniform(0.1, 2, size=(2, 3))


def tiny(rng):
    """Numbers of all sizes down to 1e-6."""
    return 10.0 ** rng.uniform(-6, -2, size=(2, 3))


def tiny_of_both_signs(rng):
    return tiny(rng) * rng.choice([-1, 1], size=(2, 3))


def huge(rng):
    return rng.normal(size=(4, 3)) * 1000


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class SoftmaxLoss:
    """With labels as numbers."""

    def forward(self, z, t):
        return -np.log(softmax(z)[np.arange(len(t)), t]).mean()

    def backward(self, upstream, out, z, t):
        dz = softmax(z)
        dz[np.arange(len(t)), t] -= 1
        return upstream * dz / len(t), None


class SoftmaxLossOfTheBook:
    """With one-hot or soft labels, and with what it needs kept in self."""

    def forward(self, z, t):
        self.y, self.t = softmax(z), t
        return -np.sum(t * np.log(self.y)) / len(t)

    def backward(self, dout=1):
        return dout * (self.y - self.t) / self.t.shape[0], None


class StableSoftmaxLoss:
    def forward(self, z, t):
        z = z - z.max(axis=1, keepdims=True)
        return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(t)), t]).mean()

    backward = SoftmaxLoss.backward


class SoftmaxLossByLoops:
    forward = SoftmaxLoss.forward

    def backward(self, upstream, out, z, t):
        dz = []
        for row, label in zip(z, t, strict=True):
            total = sum(math.exp(s) for s in row)
            dz.append([upstream * (math.exp(s) / total - (j == label)) / len(z) for j, s in enumerate(row)])
        return dz, None


class LogSoftmax:
    def forward(self, z):
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    def backward(self, upstream, out, z):
        return upstream - np.exp(out) * upstream.sum(axis=1, keepdims=True)


class YesOrNo:
    def forward(self, z, t):
        return np.mean(np.logaddexp(0, z) - z * t)

    def backward(self, upstream, out, z, t):
        return upstream * (1 / (1 + np.exp(-z)) - t) / z.size, None


class Quadratic:
    def forward(self, a, t):
        return 0.5 * np.sum((a - t) ** 2) / len(a)

    def backward(self, upstream, out, a, t):
        return upstream * (a - t) / len(a), None


class HingeByLoops:
    def forward(self, s, t):
        self.ds, total = np.zeros_like(s), 0.0
        for n, label in enumerate(t):
            for j in range(s.shape[1]):
                margin = s[n, j] - s[n, label] + 1
                if j != label and margin > 0:
                    total += margin
                    self.ds[n, j] += 1 / len(t)
                    self.ds[n, label] -= 1 / len(t)
        return total / len(t)

    def backward(self, dout):
        return dout * self.ds, None


class HingeByArrays:
    def forward(self, s, t):
        rows = np.arange(len(t))
        margins = np.maximum(0, s - s[rows, t][:, None] + 1)
        return (margins.sum() - len(t)) / len(t)

    def backward(self, upstream, out, s, t):
        rows = np.arange(len(t))
        ds = (s - s[rows, t][:, None] + 1 > 0).astype(float)
        ds[rows, t] -= ds.sum(axis=1)
        return upstream * ds / len(t), None


class AffineByEinsum:
    def forward(self, X, W, b):
        return np.einsum("nd,dm->nm", X, W) + b

    def backward(self, upstream, out, X, W, b):
        return (
            np.einsum("nm,dm->nd", upstream, W),
            np.einsum("nd,nm->dm", X, upstream),
            np.einsum("nm->m", upstream),
        )


class AffineOfColumns:
    """Nielsen's form: one column a sample."""

    def forward(self, w, a, b):
        return np.dot(w, a) + b

    def backward(self, upstream, out, w, a, b):
        return np.dot(upstream, a.T), np.dot(w.T, upstream), upstream.sum(axis=1, keepdims=True)


class AffineInFortranOrder(Affine):
    def backward(self, dout):
        dX, dW, db = super().backward(dout)
        return np.asfortranarray(dX), np.asfortranarray(dW), db


class AffineWithParams:
    """A layer with params of its own."""

    def __init__(self):
        self.W, self.b = np.arange(6.0).reshape(3, 2) / 5, np.ones(2)

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.X.T @ dout, dout.sum(0)
        return dout @ self.W.T


class AffineOfTensors:
    def forward(self, X, W):
        self.X, self.W = X.reshape(len(X), -1), W
        self.shape = X.shape
        return self.X @ W

    def backward(self, dout):
        return (dout @ self.W.T).reshape(self.shape), self.X.T @ dout


class ManyProducts:
    """A stack of matrix products."""

    def forward(self, A, B):
        return A @ B

    def backward(self, upstream, out, A, B):
        return upstream @ B.swapaxes(1, 2), A.swapaxes(1, 2) @ upstream


class Router:
    def forward(self, x, y):
        return np.maximum(x, y)

    def backward(self, upstream, out, x, y):
        return upstream * (x >= y), upstream * (x < y)


class RowMaximum:
    def forward(self, x):
        return x.max(axis=1)

    def backward(self, upstream, out, x):
        dx = np.zeros_like(x)
        dx[np.arange(len(x)), x.argmax(axis=1)] = upstream
        return dx


class Rows:
    """Rows picked by their numbers, one of them twice: an embedding."""

    picked = (2, 0, 2)

    def forward(self, x):
        return x[list(self.picked)]

    def backward(self, upstream, out, x):
        dx = np.zeros_like(x)
        np.add.at(dx, list(self.picked), upstream)
        return dx


class RowsByLoops(Rows):
    def backward(self, upstream, out, x):
        dx = x * 0
        for row, n in zip(upstream, self.picked, strict=True):
            dx[n] += row
        return dx


class Joined:
    def forward(self, x, y):
        return np.concatenate([x, y])

    def backward(self, upstream, out, x, y):
        return np.split(upstream, [len(x)])


class MeanOfColumns:
    def forward(self, x):
        return x.mean(axis=0)

    def backward(self, upstream, out, x):
        return np.tile(upstream / len(x), (len(x), 1))


class Norm:
    def forward(self, x):
        return np.sqrt((x * x).sum())

    def backward(self, upstream, out, x):
        return upstream * x / out


class RunningSum:
    def forward(self, x):
        return np.cumsum(x)

    def backward(self, upstream, out, x):
        return np.cumsum(upstream[::-1])[::-1]


class OneOver:
    def forward(self, x):
        return 1 / x

    def backward(self, upstream, out, x):
        return -upstream / x**2


class Logarithm:
    def forward(self, x):
        return np.log(x)

    def backward(self, upstream, out, x):
        return upstream / x


class Root:
    def forward(self, x):
        return np.sqrt(x)

    def backward(self, upstream, out, x):
        return upstream / (2 * out)


class LeakyInPlaceOnACopy:
    def forward(self, x):
        self.low = x < 0
        out = np.array(x)
        out[self.low] *= 0.1
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.low] *= 0.1
        return dx


class OneBuffer:
    """Writes every result into the same array of its own."""

    buffer = None

    def forward(self, x):
        if self.buffer is None or self.buffer.dtype != x.dtype:
            self.buffer, self.dx = np.empty_like(x), np.empty_like(x)
        self.x = x
        return np.multiply(x, x, out=self.buffer)

    def backward(self, dout):
        return np.multiply(dout, 2 * self.x, out=self.dx)


class Float32Inside:
    def forward(self, x):
        return np.sin(x.astype(np.float32))

    def backward(self, upstream, out, x):
        return (upstream * np.cos(x)).astype(np.float32)


class Float32ByLoops:
    def forward(self, x):
        out = np.zeros(x.shape, dtype=np.float32)
        for k in np.ndindex(x.shape):
            out[k] = x[k] ** 2
        return out

    def backward(self, upstream, out, x):
        return 2 * x * upstream


class PlainPython:
    def forward(self, x):
        return math.exp(-x) if x > -700 else math.inf

    def backward(self, upstream, out, x):
        return -float(upstream) * math.exp(-float(x))


class LayerNorm:
    def forward(self, x):
        self.std = x.std(axis=1, keepdims=True)
        self.y = (x - x.mean(axis=1, keepdims=True)) / self.std
        return self.y.copy()

    def backward(self, dout):
        inner = dout - dout.mean(axis=1, keepdims=True)
        return (inner - self.y * (dout * self.y).mean(axis=1, keepdims=True)) / self.std


class Convolution:
    def forward(self, x, w):
        return np.array([x[i : i + len(w)] @ w for i in range(len(x) - len(w) + 1)])

    def backward(self, upstream, out, x, w):
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for i, u in enumerate(upstream):
            dx[i : i + len(w)] += u * w
            dw += u * x[i : i + len(w)]
        return dx, dw


class Clip:
    def forward(self, x):
        return np.clip(x, -1, 1)

    def backward(self, upstream, out, x):
        return np.where(np.abs(x) < 1, upstream, 0)


class Softplus:
    def forward(self, x):
        return np.logaddexp(0, x)

    def backward(self, upstream, out, x):
        return upstream * (1 - np.exp(-out))


RIGHT = {
    "product of numbers": (Product, [(), ()]),
    "product of arrays": (Product, [(2, 3), (2, 3)]),
    "product of the book": (ProductOfTheBook, [(), ()]),
    "an object, arrays": (ProductOfTheBook(), [(4,), (4,)]),
    "broadcast, summed by einsum": (ProductWithSum, [(4, 3), (3,)]),
    "tanh by loops": (TanhByLoops, [(2, 3)]),
    "relu with a mask": (ReluWithMask, [(4, 3)]),
    "relu by where": (ReluByWhere, [(4, 3)]),
    "sigmoid of the book": (SigmoidOfTheBook, [(2, 3)]),
    "sigmoid of a number": (SigmoidOfTheBook, [()]),
    "matrix product": (MatrixProduct, [(4, 3), (3, 2)]),
    "affine of the book": (Affine, [(4, 3), (3, 2), (2,)]),
    "affine by element": (AffineByElement, [(4, 3), (3, 2), (2,)]),
    "transpose, a view": (TransposeByView, [(2, 3)]),
    "flatten, a view": (FlatView, [(2, 3)]),
    "identity, upstream itself": (Identity, [(2, 3)]),
    "sum, a read-only view": (SumByReadOnlyView, [(2, 3)]),
    "slice": (Tail, [(4,)]),
    "softmax, a full Jacobian": (SoftmaxOfRows, [(2, 3)]),
    "static methods": (Static, [()]),
    "subclass of Elementwise": (Cosh, [(2, 3)]),
    "a label without gradient": (Distance, [(4,), lambda rng: rng.integers(-2, 3, size=4).astype(float)]),
    "softmax loss, labels": (SoftmaxLoss, [(4, 3), labels]),
    "softmax loss, one-hot": (SoftmaxLossOfTheBook, [(4, 3), one_hot]),
    "softmax loss, soft labels": (SoftmaxLossOfTheBook, [(4, 3), soft]),
    "softmax loss by loops": (SoftmaxLossByLoops, [(4, 3), labels]),
    "softmax loss of large scores": (StableSoftmaxLoss, [huge, labels]),
    "log-softmax": (LogSoftmax, [(4, 3)]),
    "yes or no": (YesOrNo, [(4, 3), one_hot]),
    "quadratic cost": (Quadratic, [(4, 3), soft]),
    "hinge by loops": (HingeByLoops, [(4, 3), labels]),
    "hinge by arrays": (HingeByArrays, [(4, 3), labels]),
    "affine by einsum": (AffineByEinsum, [(4, 3), (3, 2), (2,)]),
    "affine of columns": (AffineOfColumns, [(2, 3), (3, 4), (2, 1)]),
    "affine in Fortran order": (AffineInFortranOrder, [(4, 3), (3, 2), (2,)]),
    "affine with params of its own": (AffineWithParams, [(4, 3)]),
    "affine of tensors": (AffineOfTensors, [(2, 3, 2), (6, 4)]),
    "a stack of products": (ManyProducts, [(2, 4, 3), (2, 3, 2)]),
    "maximum of two": (Router, [(2, 3), (2, 3)]),
    "maximum of rows": (RowMaximum, [(4, 3)]),
    "rows picked twice": (Rows, [(4, 3)]),
    "rows picked twice, by loops": (RowsByLoops, [(4, 3)]),
    "joined": (Joined, [(2, 3), (4, 3)]),
    "mean of columns": (MeanOfColumns, [(4, 3)]),
    "norm": (Norm, [(2, 3)]),
    "running sum, a reversed view": (RunningSum, [(5,)]),
    "one over x": (OneOver, [(2, 3)]),
    "one over a tiny x": (OneOver, [tiny_of_both_signs]),
    "logarithm": (Logarithm, [positive]),
    "logarithm of a tiny x": (Logarithm, [tiny]),
    "root of a tiny x": (Root, [tiny]),
    "relu beside its kink": (ReluByWhere, [tiny_of_both_signs]),
    "leaky relu in place on a copy": (LeakyInPlaceOnACopy, [(4, 3)]),
    "one buffer for all results": (OneBuffer, [(2, 3)]),
    "float32 inside": (Float32Inside, [(2, 3)]),
    "float32 inside, a number": (Float32ByLoops, [(2, 3)]),
    "plain Python": (PlainPython, [()]),
    "layer norm": (LayerNorm, [(2, 5)]),
    "convolution": (Convolution, [(5,), (3,)]),
    "clip": (Clip, [(2, 3)]),
    "softplus": (Softplus, [(2, 3)]),
    "minus log": (MinusLog, [positive]),
}

# ----------------------------------------------------------------- wrong rules, each with its name


def rule(forward, backward):
    """A gate with these two functions, in the pure style, without their self."""

    class Mine:
        pass

    Mine.forward, Mine.backward = staticmethod(forward), staticmethod(backward)
    return Mine


def tanh(x):
    return np.tanh(x)


def tanh_rule(backward):
    return rule(tanh, lambda upstream, out, x: backward(upstream, 1 - out**2))


def plus_bias(X, b):
    return X + b


class RemembersItsFirstUpstream:
    def __init__(self):
        self.upstream = None

    def forward(self, x):
        self.x = x
        return np.sin(x)

    def backward(self, dout):
        if self.upstream is None:
            self.upstream = dout
        return self.upstream * np.cos(self.x)


def product(X, W):
    return X @ W


def affine(X, W, b):
    return X @ W + b


def affine_db(db):
    """Affine with this db(upstream), and all else right."""
    return rule(affine, lambda u, out, X, W, b: (u @ W.T, X.T @ u, db(u)))


def affine_dW(dW):
    """Affine with this dW(upstream, X), and all else right."""
    return rule(affine, lambda u, out, X, W, b: (u @ W.T, dW(u, X), u.sum(axis=0)))


def loss_rule(dz):
    """The softmax loss with this dz(upstream, y, one-hot t)."""
    return rule(
        lambda z, t: SoftmaxLoss().forward(z, t),
        lambda u, out, z, t: (dz(u, softmax(z), np.eye(3)[t]), None),
    )


def last_sample_alone(u, X):
    for x, upstream in zip(X, u, strict=True):
        dW = np.outer(x, upstream)
    return dW


def first_column_alone(u, X):
    dW = np.zeros((X.shape[1], u.shape[1]))
    dW[:, 0] = X.T @ u[:, 0]
    return dW


class CacheUsedUp(SoftmaxLossOfTheBook):
    def backward(self, dout=1):
        self.y -= self.t
        return dout * self.y / len(self.t), None


class CacheOfLabelsUsedUp:
    def forward(self, z, t):
        self.y, self.t = softmax(z), t
        return -np.log(self.y[np.arange(len(t)), t]).mean()

    def backward(self, dout=1):
        dz = self.y
        dz[np.arange(len(self.t)), self.t] -= 1
        return dout * dz / len(self.t), None


class GradientsPileUp:
    def __init__(self):
        self.dW = 0.0

    def forward(self, X, W):
        self.X, self.W = X, W
        return X @ W

    def backward(self, dout):
        self.dW = self.dW + self.X.T @ dout
        return dout @ self.W.T, self.dW


class KeepsItsFirstInput:
    def __init__(self):
        self.x = None

    def forward(self, x):
        if self.x is None:
            self.x = x
        return np.sin(x)

    def backward(self, dout):
        return dout * np.cos(self.x)


class ForgetsToRemember:
    def forward(self, X, W):
        return X @ W

    def backward(self, dout):
        return dout @ self.W.T, self.X.T @ dout


class ScalesItsUpstream:
    def forward(self, X, W):
        self.X, self.W = X, W
        return X @ W

    def backward(self, dout):
        dout /= len(dout)
        return dout @ self.W.T, self.X.T @ dout


class Dropout:
    def __init__(self):
        self.rng = np.random.default_rng(0)

    def forward(self, x):
        self.mask = self.rng.random(x.shape) > 0.5
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask


def softmax_of_columns(z, t):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0) - np.eye(3)[t]


def logistic(x):
    return 1 / (1 + np.exp(-x))


M, Q, V = (2, 3), (3, 3), (3,)
WRONG = (
    ("all zero", tanh_rule(lambda u, local: 0 * u), [M]),
    ("all zero", rule(lambda x, y: x * y, lambda u, out, x, y: (u * y, 0.0)), [(), ()]),
    ("sum forgotten", rule(plus_bias, lambda u, out, X, b: (u, u)), [M, V]),
    ("sum forgotten", rule(np.multiply, lambda u, out, X, b: (u * b, u * X)), [(4, 3), V]),
    ("upstream ignored", tanh_rule(lambda u, local: local), [M]),
    ("upstream ignored", rule(lambda x, y: x * y, lambda u, out, x, y: (y, x)), [(), ()]),
    ("upstream remembered", RemembersItsFirstUpstream, [M]),
    ("upstream remembered", RemembersItsFirstUpstream, [()]),
    ("sign", tanh_rule(lambda u, local: -u * local), [M]),
    ("sign", rule(lambda x, y: x - y, lambda u, out, x, y: (u, u)), [M, M]),
    ("local derivative left out", tanh_rule(lambda u, local: u), [M]),
    ("local derivative left out", rule(lambda x: 3 * x, lambda u, out, x: u), [()]),
    ("upstream added", tanh_rule(lambda u, local: u + local), [M]),
    ("upstream added", tanh_rule(lambda u, local: u + local), [()]),
    ("inputs swapped", rule(lambda x, y: x * y, lambda u, out, x, y: (u * x, u * y)), [(), ()]),
    ("inputs swapped", rule(lambda x, y: x * y, lambda u, out, x, y: (u * x, u * y)), [M, M]),
    ("local derivative taken at the output", rule(np.sin, lambda u, out, x: u * np.cos(out)), [M]),
    ("local derivative taken at the output", rule(np.exp, lambda u, out, x: u * np.exp(out)), [()]),
    ("averaged instead of summed", rule(plus_bias, lambda u, out, X, b: (u, u.mean(axis=0))), [(4, 3), V]),
    ("averaged instead of summed", rule(plus_bias, lambda u, out, X, b: (u, u.mean(axis=0))), [M, V]),
    ("averaged instead of summed", rule(lambda x: x.sum(), lambda u, out, x: u / x.size + 0 * x), [M]),
    ("factor 2", rule(lambda x: x * x, lambda u, out, x: u * x), [M]),
    ("factor 2", rule(lambda x: x * x / 2, lambda u, out, x: 2 * u * x), [(2,)]),
    ("transposed", tanh_rule(lambda u, local: (u * local).T), [M]),
    ("transposed", tanh_rule(lambda u, local: (u * local).T), [(3, 3)]),
    # switches
    ("switch ignored", rule(lambda x: np.maximum(x, 0), lambda u, out, x: u), [(4, 3)]),
    ("switch inverted", rule(lambda x: np.maximum(x, 0), lambda u, out, x: u * (x < 0)), [(4, 3)]),
    ("switched by the upstream", rule(lambda x: np.maximum(x, 0), lambda u, out, x: u * (u > 0)), [(4, 3)]),
    ("switch ignored", rule(np.maximum, lambda u, out, x, y: (u, u)), [(4, 3), (4, 3)]),
    ("inputs swapped", rule(np.maximum, lambda u, out, x, y: (u * (x < y), u * (x >= y))), [(4, 3), (4, 3)]),
    ("switch ignored", rule(lambda x: np.clip(x, -1, 1), lambda u, out, x: u), [(4, 3)]),
    # functions of one number
    (
        "local derivative taken at −x",
        rule(lambda x: np.exp(-x), lambda u, out, x: -u * np.exp(x)),
        [M],
    ),
    (
        "local derivative taken at the output",
        rule(logistic, lambda u, out, x: u * (s := logistic(out)) * (1 - s)),
        [M],
    ),
    ("a power of out", rule(logistic, lambda u, out, x: u * (1 - out)), [M]),
    ("a power of x", rule(lambda x: x**3, lambda u, out, x: 3 * u * x**3), [M]),
    ("a power of out", rule(lambda x: 1 / x, lambda u, out, x: -u / x), [M]),
    ("sign", rule(lambda x: 1 / x, lambda u, out, x: u / x**2), [M]),
    ("factor 2", rule(np.sqrt, lambda u, out, x: u / out), [positive]),
    ("divided instead of multiplied", rule(np.log, lambda u, out, x: u * x), [positive]),
    ("sign", rule(np.cos, lambda u, out, x: u * np.sin(x)), [M]),
    ("sign", rule(np.divide, lambda u, out, x, y: (u / y, u * x / y**2)), [M, M]),
    ("sign in some entries", rule(lambda x: x * abs(x), lambda u, out, x: 2 * u * x), [(4, 3)]),
    ("local derivative left out", rule(abs, lambda u, out, x: u), [(4, 3)]),
    ("upstream used twice", tanh_rule(lambda u, local: u * u * local), [M]),
    ("upstream summed up", tanh_rule(lambda u, local: u.sum() * local), [M]),
    ("upstream summed up", tanh_rule(lambda u, local: u.mean() * local), [M]),
    ("integer truncation", rule(lambda x: 5 * x * x, lambda u, out, x: (10 * u * x).astype(int)), [(4, 3)]),
    ("constant factor", rule(lambda x: 7 * np.sin(x), lambda u, out, x: u * np.cos(x)), [M]),
    ("transposed", rule(np.transpose, lambda u, out, x: u), [M]),
    ("shape not undone", rule(np.ravel, lambda u, out, x: u), [M]),
    ("entries in another order", rule(np.ravel, lambda u, out, x: u.reshape(x.shape, order="F")), [M]),
    ("overwritten at a fork", rule(Rows().forward, lambda u, out, x: _assigned(x, Rows.picked, u)), [(4, 3)]),
    ("inputs swapped", rule(Joined().forward, lambda u, out, x, y: (u[len(x) :], u[: len(x)])), [M, M]),
    # sums, means, repeats, norms
    ("overwritten at a fork", rule(plus_bias, lambda u, out, X, b: (u, u[0])), [(4, 3), V]),
    ("overwritten at a fork", rule(plus_bias, lambda u, out, X, b: (u, u[-1])), [(4, 3), V]),
    ("keepdims", rule(plus_bias, lambda u, out, X, b: (u, u.sum(axis=1))), [(4, 3), (4, 1)]),
    ("wrong axis", rule(plus_bias, lambda u, out, X, b: (u, u.sum(axis=0))), [(4, 3), (4, 1)]),
    ("summed over all axes", rule(plus_bias, lambda u, out, X, b: (u, u.sum())), [(4, 3), V]),
    ("1/N missing", rule(lambda x: x.mean(axis=0), lambda u, out, x: u + 0 * x), [(4, 3)]),
    ("divided by C", rule(lambda x: x.mean(axis=0), lambda u, out, x: u / 3 + 0 * x), [(4, 3)]),
    ("a power of out", rule(Norm().forward, lambda u, out, x: u * x), [M]),
    ("factor 2", rule(lambda x: (x * x).sum(), lambda u, out, x: u * x), [M]),
    ("constant factor", rule(lambda W: 0.05 * (W * W).sum(), lambda u, out, W: u * W), [M]),
    (
        "averaged instead of summed",
        rule(lambda x: np.stack([x, x, x]), lambda u, out, x: u.mean(axis=0)),
        [M],
    ),
    ("J for Jᵀ", rule(np.cumsum, lambda u, out, x: np.cumsum(u)), [(5,)]),
    ("only the diagonal", rule(softmax, lambda u, out, x: u * out * (1 - out)), [(4, 3)]),
    ("one decision for many entries", rule(abs, lambda u, out, x: u if x > 0 else -u), [M]),
    # matrices
    ("W for Wᵀ", rule(product, lambda u, out, X, W: (u @ W, X.T @ u)), [Q, Q]),
    ("X for Xᵀ", rule(product, lambda u, out, X, W: (u @ W.T, X @ u)), [Q, Q]),
    ("shapes do not fit", rule(product, lambda u, out, X, W: (u @ W, X.T @ u)), [(4, 3), (3, 2)]),
    ("shapes do not fit", rule(product, lambda u, out, X, W: (np.dot(u, W), X.T @ u)), [(4, 3), (3, 2)]),
    ("shapes do not fit", rule(product, lambda u, out, X, W: (u * W.T, X.T @ u)), [(4, 3), (3, 2)]),
    ("upstream transposed", rule(product, lambda u, out, X, W: (u.T @ W.T, X.T @ u)), [Q, Q]),
    ("factors exchanged", rule(product, lambda u, out, X, W: (W.T @ u, X.T @ u)), [Q, Q]),
    ("factors exchanged", rule(product, lambda u, out, X, W: (u @ W.T, u @ X.T)), [Q, Q]),
    ("inputs swapped", rule(product, lambda u, out, X, W: (X.T @ u, u @ W.T)), [Q, Q]),
    ("transposed", affine_dW(lambda u, X: u.T @ X), [(4, 3), (3, 2), (2,)]),
    ("extra 1/N", affine_dW(lambda u, X: X.T @ u / len(X)), [(4, 3), (3, 2), (2,)]),
    ("upstream ignored", affine_dW(lambda u, X: X.T @ np.ones_like(u)), [(4, 3), (3, 2), (2,)]),
    ("overwritten at a fork", affine_dW(last_sample_alone), [(4, 3), (3, 2), (2,)]),
    ("entries left at 0", affine_dW(first_column_alone), [(4, 3), (3, 2), (2,)]),
    ("integer truncation", affine_dW(lambda u, X: (X.T @ u).astype(int)), [(4, 3), (3, 2), (2,)]),
    ("averaged instead of summed", affine_db(lambda u: u.mean(axis=0)), [(4, 3), (3, 2), (2,)]),
    ("wrong axis", affine_db(lambda u: u.sum(axis=1)), [(4, 3), (3, 2), (2,)]),
    ("wrong axis", affine_db(lambda u: u.sum(axis=1)), [Q, Q, V]),
    ("keepdims", affine_db(lambda u: u.sum(axis=0, keepdims=True)), [(4, 3), (3, 2), (2,)]),
    ("sum forgotten", affine_db(lambda u: u), [(4, 3), (3, 2), (2,)]),
    ("upstream ignored", affine_db(lambda u: np.ones_like(u).sum(axis=0)), [(4, 3), (3, 2), (2,)]),
    ("all zero", affine_db(lambda u: np.zeros(2)), [(4, 3), (3, 2), (2,)]),
    ("local derivative left out", rule(product, lambda u, out, X, W: (u, X.T @ u)), [(4, 3), Q]),
    # losses
    ("1/N missing", loss_rule(lambda u, y, t: u * (y - t)), [(4, 3), labels]),
    ("divided by C", loss_rule(lambda u, y, t: u * (y - t) / 3), [(4, 3), labels]),
    ("divided by C", loss_rule(lambda u, y, t: u * (y - t) / y.size), [(4, 3), labels]),
    ("extra 1/N", loss_rule(lambda u, y, t: u * (y - t) / 16), [(4, 3), labels]),
    ("upstream ignored", loss_rule(lambda u, y, t: (y - t) / 4), [(4, 3), labels]),
    ("sign", loss_rule(lambda u, y, t: u * (t - y) / 4), [(4, 3), labels]),
    ("target not subtracted", loss_rule(lambda u, y, t: u * y / 4), [(4, 3), labels]),
    (
        "classes counted from 1",
        loss_rule(lambda u, y, t: u * (y - np.roll(t, -1, axis=1)) / 4),
        [(4, 3), labels],
    ),
    (
        "softmax over the wrong axis",
        rule(SoftmaxLoss().forward, lambda u, out, z, t: (u * softmax_of_columns(z, t) / 4, None)),
        [(4, 3), labels],
    ),
    (
        "a slope too many or too few",
        rule(
            YesOrNo().forward,
            lambda u, out, z, t: (u * (logistic(z) - t) * logistic(z) * (1 - logistic(z)) / z.size, None),
        ),
        [(4, 3), one_hot],
    ),
    (
        "factor 2",
        rule(Quadratic().forward, lambda u, out, a, t: (2 * u * (a - t) / len(a), None)),
        [(4, 3), soft],
    ),
    ("1/N missing", rule(Quadratic().forward, lambda u, out, a, t: (u * (a - t), None)), [(4, 3), soft]),
    (
        "entries left at 0",
        rule(
            HingeByArrays().forward,
            lambda u, out, s, t: (np.maximum(HingeByArrays().backward(u, out, s, t)[0] / u, 0) * u, None),
        ),
        [(4, 3), labels],
    ),
    # what a rule does beside its answer
    ("cache changed", CacheUsedUp, [(4, 3), one_hot]),
    ("cache changed", CacheOfLabelsUsedUp, [(4, 3), labels]),
    ("cache changed", GradientsPileUp, [(4, 3), (3, 2)]),
    ("value remembered", KeepsItsFirstInput, [M]),
    ("value remembered", KeepsItsFirstInput, [()]),
    ("nothing remembered", ForgetsToRemember, [(4, 3), (3, 2)]),
    ("name for thing", rule(abs, lambda u, out, x: [signs.astype(float) for signs in {"x": u}]), [M]),
    ("argument changed in place", ScalesItsUpstream, [(4, 3), (3, 2)]),
    ("random forward", Dropout, [(4, 3)]),
    (
        "overflow",
        rule(lambda z: np.log(np.exp(z).sum()), lambda u, out, z: u * np.exp(z) / np.exp(z).sum()),
        [huge],
    ),
    (
        "not finite",
        rule(lambda z: np.logaddexp(0, z), lambda u, out, z: u * np.exp(z) / (1 + np.exp(z))),
        [huge],
    ),
    # wrong in a way that no table foresees: rejected all the same
    ("", tanh_rule(lambda u, local: u * local + 0.01), [M]),
    ("", rule(np.tanh, lambda u, out, x: u * (1 - out)), [M]),
    ("", rule(LogSoftmax().forward, lambda u, out, z: u - np.exp(out)), [(4, 3)]),
    ("", tanh_rule(lambda u, local: u * local * (1 + 1e-5 * np.arange(6).reshape(M))), [M]),
)


def _assigned(x, picked, upstream):
    dx = np.zeros_like(x)
    dx[list(picked)] = upstream
    return dx


def draw(inputs, rng, dtype=np.float64):
    """A value for each input, given as a shape or as a function of rng."""
    for given in inputs:
        if not callable(given):
            yield np.asarray(away_from_zero(rng, *given), dtype)[()]
        elif (x := given(rng)).dtype == np.float64:
            yield x.astype(dtype)
        else:
            yield x
