"""Traces to touch. Each widget is a pure function that makes its data, and a thin class that shows it."""

from .base import Widget
from .jacobian import JacobianExplorer, jacobian_data
from .matrices import MatrixBackprop, matrices_data
from .nudge import Nudge, nudge_data
from .playground import Playground, playground_data
from .softmax import SoftmaxLoss, softmax_data
from .splitter import BranchSplitter, splitter_data
from .stepper import Stepper, stepper_data
from .training import TrainingView, training_data
from .walker import MLPWalker, walker_data

__all__ = [
    "BranchSplitter",
    "JacobianExplorer",
    "MLPWalker",
    "MatrixBackprop",
    "Nudge",
    "Playground",
    "SoftmaxLoss",
    "Stepper",
    "TrainingView",
    "Widget",
    "jacobian_data",
    "matrices_data",
    "nudge_data",
    "playground_data",
    "softmax_data",
    "splitter_data",
    "stepper_data",
    "training_data",
    "walker_data",
]
