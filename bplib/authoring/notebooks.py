"""From the text of a lesson to the notebook that students open: ids that stay, outputs that are real."""

import hashlib
import os
from pathlib import Path

from ..errors import InputError, need

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_PYTHON = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}

# What a word behind the %% of a cell does to it: nothing stands there before the reader has run the cell.
_MARKS = {
    "reveal": {"outputs_hidden": True},
    "answer": {"outputs_hidden": True, "source_hidden": True},
}
_FOLD = """<details><summary>Read on when you have your own answer</summary>

{}

</details>"""


def build_notebook(text, notebook, execute=True):
    """Write ``notebook`` from ``text`` (jupytext percent), run from top to bottom in a fresh kernel.

    Cells keep their ids as long as their source stays the same. Raises what a cell raises; then nothing
    is written.
    """
    import nbformat

    nb = read_text(text)
    if execute:
        run_notebook(nb, Path(notebook).parent)
        _leave_pictures(nb)
        _show_no_first_line(nb)
    half_made = Path(notebook).with_suffix(".half-made")
    nbformat.write(nb, half_made)
    half_made.replace(notebook)


def build_course(root, names=()):
    """Build the notebooks of lessons (with outputs) and assignments (without): all, or those named."""
    lessons = {text: root / "notebooks" / f"{text.stem}.ipynb" for text in root.glob("notebooks/src/*.py")}
    assignments = {text: text.with_suffix(".ipynb") for text in root.glob("assignments/source/*/ps*.py")}
    for text, notebook in sorted((lessons | assignments).items()):
        if not names or text.stem in names:
            print(notebook.relative_to(root))
            build_notebook(text, notebook, execute=text in lessons)


def read_text(text):
    """The notebook that a percent file describes, with stable cell ids and no outputs.

    Raises InputError for a word behind %% that marks nothing.
    """
    try:
        import jupytext
    except ImportError as error:
        raise need("jupytext") from error
    nb = jupytext.read(text, fmt="py:percent")
    nb.metadata = {"kernelspec": nb.metadata.get("kernelspec", _KERNEL), "language_info": _PYTHON}
    nb.nbformat, nb.nbformat_minor = 4, 5
    for cell in nb.cells:
        if mark := cell.metadata.pop("title", None):
            _fold(cell, mark, text)
    _name_cells(nb)
    return nb


def _fold(cell, mark, text):
    """Fold what gives an answer away: words by hand, an output until the cell runs."""
    if mark not in _MARKS:
        raise InputError(f"{Path(text).name}: a cell is marked {mark}; marks are {', '.join(_MARKS)}")
    if cell.cell_type == "markdown":
        cell.source = _FOLD.format(cell.source)
    else:
        cell.metadata["jupyter"] = dict(_MARKS[mark])


def _name_cells(nb):
    """A graded cell is called by its grade_id, any other by the hash of its source."""
    seen = {}
    for cell in nb.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        name = grade_id or hashlib.sha256(cell.source.encode()).hexdigest()[:10]
        seen[name] = seen.get(name, 0) + 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"


def run_notebook(nb, folder, widget_state=False):
    """Run every cell in a fresh kernel, in ``folder``.

    widget_state    keep, in the metadata, what each widget shows
    """
    try:
        from nbclient import NotebookClient
    except ImportError as error:
        raise need("nbclient") from error
    from traitlets.config import Config

    # Two threads on a busy machine are slower than one, and no author's progress belongs into a lesson.
    env = {"OPENBLAS_NUM_THREADS": "1"} | os.environ | {"BPLIB_PROGRESS": "off"}
    config = Config(KernelManager={"transport_encryption": "auto"})
    here = {"metadata": {"path": folder}}
    client = NotebookClient(
        nb, timeout=120, store_widget_state=widget_state, coalesce_streams=True, resources=here, config=config
    )
    client.execute(env=env)
    nb.metadata["language_info"] = _PYTHON  # not this machine's version of it
    for cell in nb.cells:
        cell.metadata.pop("execution", None)


def _leave_pictures(nb):
    """No kernel knows a stored widget: JupyterLab would show an error in the place of its picture."""
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def _show_no_first_line(nb):
    """Beside a collapsed output's three dots JupyterLab writes its first line: here it has none."""
    from nbformat.v4 import new_output

    for cell in nb.cells:
        if cell.metadata.get("jupyter", {}).get("outputs_hidden") and cell.outputs:
            cell.outputs.insert(0, new_output("display_data"))
