"""
mistake: always healthy
cell: test_diagnose
points: 1.25
"""


# %% diagnose
def diagnose(activation, answers, gradients):
    sizes = [np.linalg.norm(g) for g in gradients]
    return "healthy"
