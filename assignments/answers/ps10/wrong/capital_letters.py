"""
mistake: another word
cell: test_diagnose
points: 1.25
"""


# %% diagnose
def diagnose(activation, answers, gradients):
    sizes = [np.linalg.norm(g) for g in gradients]
    if activation == "relu" and any((h == 0).all(axis=0).mean() >= 0.5 for h in answers):
        return "Dead"
    if activation == "tanh" and any((np.abs(h) > 0.99).mean() >= 0.5 for h in answers):
        return "Saturated"
    if any((h == h[:, :1]).all() for h in answers):
        return "Symmetric"
    if max(sizes) > 1000:
        return "Exploding"
    if min(sizes) < max(sizes) / 1000 or max(sizes) < 1e-6:
        return "Vanishing"
    return "healthy"
