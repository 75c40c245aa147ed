"""
mistake: library used
cell: test_slide
points: 2
"""


# %% slide
def slide(x, w, stride):
    return bp.convolution(x[None, None], w[None, None], stride=stride)[0, 0]


def slide_back(upstream, x, w, stride):
    to_x, to_w = np.zeros(len(x)), np.zeros(len(w))
    for place in range(len(upstream)):
        for k in range(len(w)):
            to_x[place * stride + k] += upstream[place] * w[k]
            to_w[k] += upstream[place] * x[place * stride + k]
    return to_x, to_w
