"""Traces to touch. A widget is a pure function that makes its data, and a thin class that shows it.

Each has a file of its own here and two in static/, all of one name; bplib/__init__.py lists them by lesson.
Besides these there are

base         what all share: files made into one module, a message, a still picture
scalars      sliders, and graphs of single numbers: of the Stepper, the Nudge and the BranchSplitter
cells        a cell that runs again takes over from its earlier run
measuring    what the Nudge finds; nudge_still draws it on paper
learning     the training that the TrainingView shows
"""

from .base import Widget

__all__ = ["Widget"]
