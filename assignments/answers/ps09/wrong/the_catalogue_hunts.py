"""
mistake: library used
cell: test_hunt
points: 0
"""


# %% hunt
def hunt(lines):
    from bplib.course.program import sound_lines

    return "read", "least for largest", (np.eye(3),), lambda s: s.argmax(axis=1) if sound_lines() else s
