"""Traces to touch. Each widget is a pure function that makes its data, and a thin class that shows it."""

from .stepper import Stepper, stepper_data

__all__ = ["Stepper", "stepper_data"]
