"""Pictures of a trace, and the trace in words. Each function takes a Trace, or the dict of its to_dict."""

from . import figures
from .bundle import bundled
from .describe import describe, sentences
from .layout import layout
from .png import png
from .svg import svg
from .wording import as_dict

__all__ = ["describe", "figures", "layout", "mimebundle", "png", "svg"]


def mimebundle(trace):
    """What a notebook shows and keeps: a picture in several forms (see bundle.py), a table as plain text."""
    trace = as_dict(trace)
    return bundled(svg(trace), png(trace), describe(trace), sentences(trace))
