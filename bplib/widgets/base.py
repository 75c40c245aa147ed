"""What every widget shares: its files made into one module and one style, a message, and a still picture."""

import json
import re
from pathlib import Path

from ..errors import BplibError, need

try:
    import anywidget
    import traitlets

    from .cells import follow_earlier_run
except ImportError:
    raise need("anywidget") from None

STATIC = Path(__file__).parent / "static"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)


def module(name):
    """static/name.js after all that it imports, as the one module that anywidget takes.

    Import and export keep the names as they are (no ``as``): inside the one module the imports fall away.
    """
    sources = {}

    def collect(name):
        source = (STATIC / f"{name}.js").read_text("utf-8")
        for needed in IMPORT.findall(source):
            if needed not in sources:
                collect(needed)
        sources[name] = IMPORT.sub("", source)

    collect(name)
    return "\n".join(sources.values())


def style(*names):
    """static/widget.css, which is for all, and these: ``style("graph", "stepper")`` adds two files."""
    return "\n".join((STATIC / f"{name}.css").read_text("utf-8") for name in ("widget", *names))


class Widget(anywidget.AnyWidget):
    """A widget of the course. A subclass names its files and says what stands in for it on paper:

    _esm = module("stepper"), _css = style("graph", "stepper")    files of static/
    still()                                              a mimebundle: text/plain, image/svg+xml, image/png
    remembers = ("step",)                                what a reader sets, and finds again after a re-run

    ``data`` is what the browser shows. Its "message", unless empty, is shown in the place of all else;
    "computes": "kernel" says that Python answers the reader: on a page without it the picture stays.
    """

    data = traitlets.Dict({"message": ""}).tag(sync=True)
    remembers = ()

    def __init__(self, **traits):
        super().__init__(**traits)
        self.began = {"class": type(self).__name__, **traits}
        follow_earlier_run(self)

    def close(self):
        self.layout.close()  # a model of its own, which ipywidgets would leave behind
        super().close()

    def still(self):
        """The picture for a reader without a kernel, at the state that the widget shows."""
        raise NotImplementedError(f"{type(self).__name__} defines no still()")

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        message = self.data["message"]
        return data | ({"text/plain": message} if message else self.still()), metadata


def or_message(make, errors=BplibError):
    """The data that ``make()`` returns, or the message that says why there is none.

    errors    what becomes a message: by default what bplib raises on purpose, for all else is the cell's to
              show; Exception in a callback of the browser, where nobody would see it raised
    """
    try:
        return {"message": ""} | make()
    except errors as error:
        ours = isinstance(error, BplibError)
        return {"message": str(error) if ours else f"{type(error).__name__}: {error}"}


def can_be_sent(numbers):
    """Whether all is finite: JSON has no NaN and no infinity."""
    try:
        json.dumps(numbers, allow_nan=False)
    except ValueError:
        return False
    return True
