"""A cell that runs again makes fresh widgets, and those of its earlier run are closed: nobody sees them any
more, but ipywidgets would keep them, in the kernel and in the page, until the notebook is shut down.
"""

from weakref import WeakSet

from IPython import get_ipython

_made = {}  # by the id of the cell: the id of its last run, and the widgets that this run has made


def close_earlier_run(widget):
    """Close what an earlier run of the running cell has made, and remember this widget for the next."""
    cell, run = _running()
    if not cell:
        return
    last, widgets = _made.get(cell, (run, WeakSet()))
    if last != run:
        for earlier in list(widgets):
            earlier.close()
        widgets = WeakSet()
    widgets.add(widget)
    _made[cell] = run, widgets


def _running():
    """The running cell, as far as the front end names it, and the id of this run."""
    request = getattr(get_ipython(), "get_parent", dict)()
    return request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id")
