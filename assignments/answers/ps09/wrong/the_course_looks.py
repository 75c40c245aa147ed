"""
mistake: library used
cell: test_look
points: 0
"""


# %% look
def look(prepare, pixels, labels, train):
    from bplib.course.bugs import catalogue

    return "fine" if catalogue() else "labels moved"
