"""
mistake: library used
cell: test_classifier
points: 0
"""

# %% classifier
import bplib as bp


def classifier(x, W, right, strength):
    def loss(W):
        scores = x @ W
        return bp.hinge(scores, right) + strength * bp.squared_norm(W)

    trace = bp.record(loss, W=W)
    return trace.output, trace.gradient["scores"], trace.gradient["W"]
