"""Grading with nbgrader, made safe: plug-ins at nbgrader's own extension points, for any course.

    from bplib.grading import configure
    configure(get_config())

in nbgrader_config.py, and `nbgrader autograde`, `generate_feedback` and `export` take any hand-in as it
comes. In the order of their work:

    untrusted  reads what others wrote: plain files and zips of a sensible size, nothing else
    intake     finds the notebook in what was handed in, and makes a safe copy
    repair     puts copied, split, deleted and moved cells back in order
    gradebook  opens it, in a file or on a server
    agreement  whether source, release and gradebook tell of the same assignment
    autograde  joins both to nbgrader's command
    execute    has a notebook run that may end, hang or flood its kernel
    trial      student cells and test cells, each in a process of their own
    sandbox    those processes, the walls around the student's and what crosses between them
    score      decides what counts as a score
    apart      which tests can be kept apart from the students' code
    late       a late policy
    feedback   what students may see
    safe_pages what a page shows of a hand-in, and that none of it acts
    export     the table of grades
    exchange   takes newer hand-ins from nbgrader's exchange

before it, for `bplib collect`:

    uploads      the files of a download, and when each was made
    platforms    the forms in which learning platforms name them
    corrections  a table of who and when, for what no name can tell
    whose        whose a file is
    collect      sorts what was downloaded into submitted/

many at once, for `bplib autograde`:

    batch      runs them, a few at a time, and saves one after the other
    to_grade   the hand-ins of an assignment, and all that is the same for them
    keeping    what is kept when a batch is stopped
    workers    who runs the trials: threads of this process, or a Dask cluster

    roll       who is missing, late, or was stopped

and for `bplib report`:

    hand_ins       what was graded, as plain data
    item_analysis  how a task worked in a class
    similarity     which answers are alike
    report         the page and the table for the instructor

and for the care of what is kept:

    forgetting     a student leaves the course
    backup         what a term has made, saved and brought back
"""

import os
import sys
import sysconfig
import warnings
from importlib import import_module


def configure(c):
    """Set the plug-ins in a configuration of nbgrader. Doing it twice changes nothing."""
    from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
    from nbgrader import preprocessors as nbgrader
    from nbgrader.converters import GenerateAssignment
    from sqlalchemy.exc import SAWarning

    from . import autograde, execute, export, feedback, repair, safe_pages, score

    keep_private(c)
    autograde.install()
    find_alembic()
    warnings.filterwarnings("ignore", category=SAWarning)  # about how nbgrader uses its database
    c.GenerateAssignment.preprocessors = [score.CanScore, *GenerateAssignment().preprocessors]
    c.Autograde.sanitize_preprocessors = [
        nbgrader.ClearOutput,
        nbgrader.OverwriteKernelspec,
        repair.RestoreTests,
        nbgrader.CheckCellMetadata,
    ]
    c.Autograde.autograde_preprocessors = [
        execute.SandboxedExecute,
        score.FailClosed,
        nbgrader.LimitOutput,
        nbgrader.SaveAutoGrades,
        nbgrader.AssignLatePenalties,
        nbgrader.CheckCellMetadata,
    ]
    c.GenerateFeedback.preprocessors = [nbgrader.GetGrades, feedback.StudentView, CSSHTMLHeaderPreprocessor]
    c.GenerateFeedback.exporter_class = feedback.OfflineHTML
    safe_pages.configure(c)
    c.ExchangeFactory.collect = "bplib.grading.exchange.Collect"
    c.ExportApp.plugin_class = export.CsvExport
    c.KernelManager.transport_encryption = "auto"  # else the kernel warns about its plain connection


def keep_private(c):
    """What this process writes from now on is its user's, and its group's where the course is groupshared."""
    shared = c.CourseDirectory.get("groupshared") is True
    os.umask(os.umask(0o077) | (0o007 if shared else 0o077))


def skip_slow_grammars():
    """Import jsonschema without its check of IRIs: its parser takes a second, notebooks have none."""
    checker = "rfc3987_syntax"
    if "jsonschema" not in sys.modules and checker not in sys.modules:
        sys.modules[checker] = None  # as if it were not installed
        try:
            import_module("jsonschema")
        finally:
            del sys.modules[checker]


def find_alembic():
    """nbgrader runs `alembic` by name: the one installed beside it must come first on PATH."""
    scripts, path = sysconfig.get_path("scripts"), os.environ.get("PATH", "")
    if path.split(os.pathsep)[0] != scripts:
        os.environ["PATH"] = os.pathsep.join([scripts, path])
