"""Pictures of a trace, and the trace in words. Each function takes a Trace, or the dict of its to_dict."""

from . import figures
from .describe import describe
from .layout import layout
from .png import png
from .svg import svg
from .wording import as_dict

__all__ = ["describe", "figures", "layout", "mimebundle", "png", "svg"]


def mimebundle(trace):
    """What a notebook shows and keeps: SVG, PNG where matplotlib is installed, and a table in plain text."""
    trace = as_dict(trace)
    bundle = {"text/plain": describe(trace), "image/svg+xml": svg(trace), "image/png": png(trace)}
    return {kind: content for kind, content in bundle.items() if content is not None}
