"""A cell that runs again makes fresh widgets, and those of its earlier run are closed: nobody sees them any
more, but ipywidgets would keep them, in the kernel and in the page, until the notebook is shut down.

A fresh widget that begins as its forerunner did goes on where the reader left that one.
"""

from weakref import ref

from IPython import get_ipython

_made = {}  # by the id of a cell: its last run, the widgets made in it, and what those of the run before left


def follow_earlier_run(widget):
    """Close what an earlier run of the running cell has made, and take over what the reader had set there."""
    cell, run = _running()
    if not cell:
        return
    last, widgets, left = _made.get(cell, (run, [], []))
    if last != run:
        left, widgets = [_close(earlier()) for earlier in widgets if earlier()], []
    began, set_by_reader = left.pop(0) if left else (None, {})
    if began == widget.began:
        with widget.hold_sync():
            for name, value in set_by_reader.items():
                setattr(widget, name, value)
    _made[cell] = run, [*widgets, ref(widget)], left


def _close(widget):
    """How the widget began, and what the reader had set in it."""
    left = widget.began, {name: getattr(widget, name) for name in widget.remembers}
    widget.close()
    return left


def _running():
    """The running cell, as far as the front end names it, and the id of this run."""
    request = getattr(get_ipython(), "get_parent", dict)()
    return request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id")
