"""
mistake: numerical derivative
cell: test_slide
points: 1
"""


# %% slide
def slide(x, w, stride):
    count = (len(x) - len(w)) // stride + 1
    return np.array([np.dot(w, x[place * stride : place * stride + len(w)]) for place in range(count)])


def slide_back(upstream, x, w, stride):
    def nudged(f, at, h=1e-6):
        found = np.zeros(len(at))
        for k in range(len(at)):
            step = np.zeros(len(at))
            step[k] = h
            found[k] = upstream @ (f(at + step) - f(at - step)) / (2 * h)
        return found

    return nudged(lambda x: slide(x, w, stride), x), nudged(lambda w: slide(x, w, stride), w)
