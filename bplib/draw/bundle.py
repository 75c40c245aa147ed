"""A picture in all the forms that a notebook shows and keeps."""

from base64 import b64encode
from html import escape

from .png import png_of
from .svg import svg_of


def bundle_of(picture, title, words):
    """A scene with its title and its words, which are the plain text as well."""
    return bundled(svg_of(picture, title, words), png_of(picture), words, f"{title}: {words}")


def bundled(svg, png, text, spoken):
    """HTML, SVG, PNG where matplotlib is installed, and plain text.

    The HTML is the SVG with ``spoken`` for those who hear a picture: of an SVG alone JupyterLab makes a
    picture without a name. Nothing runs in it, so that a notebook that is not trusted shows it, too.
    """
    bundle = {
        "text/plain": text,
        "text/html": picture_of("svg+xml", svg.encode(), spoken),
        "image/svg+xml": svg,
        "image/png": png,
    }
    return {kind: content for kind, content in bundle.items() if content is not None}


def picture_of(kind, content, spoken):
    """A picture that stands in the page itself, with what a screen reader says of it."""
    source = f"data:image/{kind};base64,{b64encode(content).decode()}"
    return f'<img alt="{escape(spoken)}" src="{source}" style="max-width: 100%">'
