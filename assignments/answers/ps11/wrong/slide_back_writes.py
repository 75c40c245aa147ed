"""
mistake: argument changed in place
cell: test_slide
points: 2.8462
"""


# %% slide
def slide(x, w, stride):
    count = (len(x) - len(w)) // stride + 1
    return np.array([np.dot(w, x[place * stride : place * stride + len(w)]) for place in range(count)])


def slide_back(upstream, x, w, stride):
    to_x, to_w = np.zeros(len(x)), np.zeros(len(w))
    for place in range(len(upstream)):
        upstream[place] *= 2.0
    for place in range(len(upstream)):
        for k in range(len(w)):
            to_x[place * stride + k] += upstream[place] * w[k] / 2.0
            to_w[k] += upstream[place] * x[place * stride + k] / 2.0
    return to_x, to_w
