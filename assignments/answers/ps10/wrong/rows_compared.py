"""
mistake: samples compared
cell: test_diagnose
points: 3.5
"""


# %% diagnose
def diagnose(activation, answers, gradients):
    sizes = [np.linalg.norm(g) for g in gradients]
    if activation == "relu" and any((h == 0).all(axis=0).mean() >= 0.5 for h in answers):
        return "dead"
    if activation == "tanh" and any((np.abs(h) > 0.99).mean() >= 0.5 for h in answers):
        return "saturated"
    if any((h == h[:1]).all() for h in answers):
        return "symmetric"
    if max(sizes) > 1000:
        return "exploding"
    if min(sizes) < max(sizes) / 1000 or max(sizes) < 1e-6:
        return "vanishing"
    return "healthy"
