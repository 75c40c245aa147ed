"""In the Python of a web page (Pyodide, as `bplib lite` has it) a few things are elsewhere."""

import logging
import os
import sys
from pathlib import Path

KEPT = Path("/drive")  # what lies here is there again the next day


def at_home_in_a_page():
    """Keep the diary where the browser keeps the notebooks, and matplotlib's note on fonts off the page."""
    if sys.platform == "emscripten":
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        if KEPT.is_dir():
            os.environ.setdefault("BPLIB_PROGRESS", str(KEPT / "progress.json"))
