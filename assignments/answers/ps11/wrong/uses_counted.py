"""
mistake: upstream ignored
cell: test_slide
points: 1
"""


# %% slide
def slide(x, w, stride):
    count = (len(x) - len(w)) // stride + 1
    return np.array([np.dot(w, x[place * stride : place * stride + len(w)]) for place in range(count)])


def slide_back(upstream, x, w, stride):
    to_x, to_w = np.zeros(len(x)), np.zeros(len(w))
    for place in range(len(upstream)):
        for k in range(len(w)):
            to_x[place * stride + k] += w[k]
            to_w[k] += x[place * stride + k]
    return to_x, to_w
