"""What students may see of a graded notebook: every message, but no hidden test, mark scheme or private code.

The page needs no network: formulas stay as they were typed.
"""

import re

from nbconvert.exporters import HTMLExporter
from nbconvert.filters import strip_ansi
from nbformat.v4 import new_output
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, NbGraderPreprocessor
from nbgrader.utils import is_task
from traitlets import List
from traitlets.config import Config

from .repair import is_test

SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL)
POLICY = """
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file: data:; \
style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
<meta name="referrer" content="no-referrer"/>"""
TOLD = "[not shown here: without the tests, this cell shows something else]\n"


class StudentView(NbGraderPreprocessor):
    """Takes out of the autograded notebook what only the instructor may see."""

    display_data_priority = List(config=True)  # the exporter sets it on every preprocessor

    def preprocess_cell(self, cell, resources, index):
        if is_task(cell):
            self.clear(ClearMarkScheme, cell)
        elif is_test(cell):
            whole = cell.source
            self.clear(ClearHiddenTests, cell)
            hide_tests(cell, hidden=lines(whole) - lines(cell.source))
        elif cell.metadata.get("told_by_tests"):
            cell.outputs = [new_output("stream", name="stdout", text=TOLD)] if cell.outputs else []
        elif cell.cell_type == "code":
            hide_library_frames(cell)
        return cell, resources

    def clear(self, preprocessor, cell):
        """Let nbgrader remove a region between the markers that the course has set."""
        name = preprocessor.__name__
        preprocessor(config=Config({name: self.config[name]})).preprocess_cell(cell, {}, 0)


def lines(source):
    return {line.strip() for line in source.splitlines() if line.strip()}


def hide_tests(cell, hidden):
    """Errors keep their message only, and no output repeats a hidden line, as Python's warnings do."""
    for output in cell.outputs:
        if output.output_type == "error":
            output.traceback = [f"{output.ename}: {output.evalue}"]
        elif output.output_type == "stream":
            kept = [line for line in output.text.splitlines(keepends=True) if line.strip() not in hidden]
            output.text = "".join(kept)


def hide_library_frames(cell):
    """The traceback of a student's own cell shows cells only, no file of the instructor."""
    for output in cell.outputs:
        if output.output_type == "error":
            output.traceback = [part for part in output.traceback if not strip_ansi(part).startswith("File ")]


class OfflineHTML(HTMLExporter):
    """nbgrader's feedback page without its scripts; the browser is told to run none and ask for nothing."""

    def from_notebook_node(self, nb, resources=None, **options):
        page, resources = super().from_notebook_node(nb, resources, **options)
        return SCRIPT.sub("", page).replace("<head>", f"<head>{POLICY}", 1), resources
