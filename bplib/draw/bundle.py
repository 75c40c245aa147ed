"""A scene in all the forms that a notebook shows and keeps."""

from .png import png_of
from .svg import svg_of


def bundle_of(picture, title, words):
    """SVG, PNG where matplotlib is installed, and the words as plain text."""
    bundle = {
        "text/plain": words,
        "image/svg+xml": svg_of(picture, title, words),
        "image/png": png_of(picture),
    }
    return {kind: content for kind, content in bundle.items() if content is not None}
