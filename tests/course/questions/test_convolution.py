"""Right and wrong answers to the self-checks of lesson 11; the rules they obey stand in test_questions.py."""

import numpy as np

from bplib.course.questions import convolution as ask


def by_loops(X, h, w):
    H, W = X.shape
    rows = []
    for i in range(H - h + 1):
        for j in range(W - w + 1):
            rows.append([X[i + k, j + m] for k in range(h) for m in range(w)])
    return rows


def by_view(X, h, w):
    return np.lib.stride_tricks.sliding_window_view(X, (h, w)).reshape(-1, h * w)


def by_shifts(X, h, w):
    P, Q = X.shape[0] - h + 1, X.shape[1] - w + 1
    return np.stack([X[k : k + P, m : m + Q].ravel() for k in range(h) for m in range(w)], axis=1)


def by_columns(X, h, w):
    P, Q = X.shape[0] - h + 1, X.shape[1] - w + 1
    return np.array([X[i : i + h, j : j + w].ravel() for j in range(Q) for i in range(P)])


def apart(X, h, w):
    P, Q = X.shape[0] - h + 1, X.shape[1] - w + 1
    return np.array([X[i : i + h, j : j + w].ravel() for i in range(0, P, h) for j in range(0, Q, w)])


RIGHT = [
    (ask.slides, ([-3, 12, -8],)),
    (ask.slides, (np.correlate(ask.X, ask.W, "valid"),)),
    (ask.shared_weights, ([-11, 19, -10],)),
    (ask.shared_weights, (np.correlate(ask.X, ask.UPSTREAM, "valid"),)),
    (ask.back_to_x, ([2, -5, 9, -5, 3],)),
    (ask.back_to_x, (np.convolve(ask.UPSTREAM, ask.W),)),
    (ask.places, (55, 27)),
    (ask.windows, (by_loops,)),
    (ask.windows, (by_view,)),
    (ask.windows, (by_shifts,)),
    (ask.pooled_back, ([[0, 7, -3, 0], [0, 0, 0, 0]],)),
    (ask.first_layer, (34944,)),
    (ask.first_layer, (96 * (3 * 11**2 + 1),)),
]

WRONG = [
    (ask.slides, (np.convolve(ask.X, ask.W, "valid"),), "weights turned round"),
    (ask.slides, ([-3, 8],), "weights do not meet"),
    (ask.slides, ([2, 5, 2],), "sums of the windows"),
    (ask.shared_weights, (np.array([-11, 19, -10]) / 3,), "mean for sum"),
    (ask.shared_weights, ([1, 3, -2],), "one window only"),
    (ask.shared_weights, ([-6, 12, 0],), "one window only"),
    (ask.shared_weights, ([2, 5, 2],), "upstream ignored"),
    (ask.shared_weights, ([-10, 19, -11],), "turned round"),
    (ask.shared_weights, ([-2, -2, -2],), "all in one"),
    (ask.shared_weights, ([-22, -19, -10],), "times the weights"),
    (ask.back_to_x, ([2, -4, 6, -3, 3],), "overwritten"),
    (ask.back_to_x, ([2, -1, 1, -2, 3],), "overwritten"),
    (ask.back_to_x, (np.convolve(ask.UPSTREAM, ask.W[::-1]),), "weights turned round"),
    (ask.back_to_x, ([2, 1, 2, 0, 1],), "upstream ignored"),
    (ask.back_to_x, ([2, -2.5, 3, -2.5, 3],), "mean for sum"),
    (ask.places, (54, 26), "first place forgotten"),
    (ask.places, (217, 27), "stride ignored"),
    (ask.places, (55, 23), "padding left out"),
    (ask.places, (55, 25), "padding on one side"),
    (ask.places, (57, 27), "kernel left out"),
    (ask.windows, (lambda X, h, w: by_view(X, h, w).T,), "lies on its side"),
    (ask.windows, (by_columns,), "places in another order"),
    (
        ask.windows,
        (lambda X, h, w: by_view(X, h, w).reshape(-1, h, w).swapaxes(1, 2).reshape(-1, h * w),),
        "windows read by columns",
    ),
    (ask.windows, (apart,), "windows side by side"),
    (ask.windows, (lambda X, h, w: by_view(X, h, w).reshape(-1, h, w),), "windows not flat"),
    (ask.pooled_back, ([[7, 7, -3, -3], [7, 7, -3, -3]],), "sent to all"),
    (ask.pooled_back, ([[1.75, 1.75, -0.75, -0.75]] * 2,), "shared by all"),
    (ask.pooled_back, ([[0, 7, -3, -3], [0, 0, -3, -3]],), "all at a tie"),
    (ask.pooled_back, ([[0, 7, -0.75, -0.75], [0, 0, -0.75, -0.75]],), "shared at a tie"),
    (ask.pooled_back, ([[0, 7, 0, 0], [0, 0, 0, -3]],), "last at a tie"),
    (ask.pooled_back, ([[0, 5, 2, 0], [0, 0, 0, 0]],), "values sent"),
    (ask.pooled_back, ([[0, 35, -6, 0], [0, 0, 0, 0]],), "times the value"),
    (ask.first_layer, (34848,), "biases left out"),
    (ask.first_layer, (96 * 122,), "channels left out"),
    (ask.first_layer, (34944 * 55**2,), "counted at every place"),
    (ask.first_layer, (364,), "one kernel only"),
    (ask.first_layer, (96 * 3 * 122,), "a bias for each channel"),
]
