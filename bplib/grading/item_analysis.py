"""How a task worked in a class: was it hard, and did those who do well elsewhere also do well here?

The classical figures of test theory. Each row of scores belongs to one hand-in, one column to each task.
"""

from math import ceil
from statistics import StatisticsError, correlation, fmean

FEWEST = 5  # hand-ins; with fewer, a correlation says nothing
BARS = 10


def difficulty(scores, points):
    """The mean share of the points: mean(x) / points, 1 for a task that everybody solved.

    Returns None without scores or without points.
    Source: Crocker and Algina, Introduction to Classical and Modern Test Theory, ch. 14.
    """
    return fmean(scores) / points if scores and points else None


def discrimination(rows, column):
    """The corrected item-total correlation of a task: r = cov(x, T − x) / (s_x · s_{T−x}).

    x is the score in this task and T the sum of all. The task's own points are taken out of T: they would
    correlate with themselves. For a task that is right or wrong, r is the point-biserial correlation.

    Returns None for fewer than FEWEST rows, or where x or T − x is the same in all of them.
    Source: Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28 (1963).
    """
    if len(rows) < FEWEST:
        return None
    own = [row[column] for row in rows]
    rest = [round(sum(row) - row[column], 6) for row in rows]  # equal sums stay equal
    try:
        return correlation(own, rest)
    except StatisticsError:
        return None


def histogram(scores, points):
    """Pairs (least score, how many), for bars of a whole number of points; the last bar takes its end in."""
    width = max(1, ceil(points / BARS))
    starts = range(0, max(1, ceil(points)), width)
    counts = dict.fromkeys(starts, 0)
    for score in scores:
        counts[min(int(score // width) * width, starts[-1])] += 1
    return list(counts.items())
