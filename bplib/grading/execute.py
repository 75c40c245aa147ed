"""Run a hand-in so that one bad cell costs only itself.

A cell that ends Python, never ends or prints without end gets a plain message. If its kernel is lost, a fresh one
runs the earlier cells again, without it, and the later cells are still tried.
"""

import os
from time import monotonic

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import Execute
from traitlets import Integer, default

from .repair import is_test

ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}  # two threads on a busy machine can be a thousand times slower


def error(name, message):
    """An error output that says no more than its message."""
    return new_output("error", ename=name, evalue=message, traceback=[f"{name}: {message}"])


class RobustExecute(Execute):
    """nbgrader's Execute, for notebooks that may end, hang or flood the kernel."""

    budget = Integer(600, help="Seconds for one whole notebook; later cells are not run.").tag(config=True)
    largest_output = Integer(200_000, help="Characters that one cell may print; the rest is cut.").tag(
        config=True
    )

    @default("error_on_timeout")
    def _plain_timeout(self):
        message = f"this cell did not finish within {self.timeout} s; is there a loop that never ends?"
        return dict(ename="Timeout", evalue=message, traceback=[f"Timeout: {message}"])

    def preprocess(self, nb, resources, km=None):
        if "not_graded" in nb.metadata:
            for cell in filter(is_test, nb.cells):
                cell.outputs = [error("NotGraded", nb.metadata["not_graded"])]
            return nb, resources
        self.survived = []  # sources of the cells that a fresh kernel runs again
        self.deadline = monotonic() + self.budget
        return super().preprocess(nb, resources, km)

    def start_new_kernel(self, **options):
        super().start_new_kernel(env=os.environ | ENVIRONMENT, **options)

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type != "code":
            return cell, resources
        if monotonic() > self.deadline:
            cell.outputs = [
                error("NotRun", f"the cells before this one used up the {self.budget} s of a notebook")
            ]
            return cell, resources
        self.printed = 0
        try:
            super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            self.lost_kernel(
                cell, "KernelDied", "this cell ended Python: an exit, a crash or not enough memory"
            )
        except CellTimeoutError:
            self.lost_kernel(cell, **self.error_on_timeout)
        else:
            self.survived.append(cell.source)
        return cell, resources

    def lost_kernel(self, cell, ename, evalue, **_):
        cell.outputs.append(error(ename, evalue))
        self.start_again()

    def start_again(self):
        """A fresh kernel in which every earlier cell has run, except those that cost a kernel."""
        self.shutdown_kernel = "immediate"  # a kernel that hangs does not answer a polite request
        self._cleanup_kernel()
        self.km = self.create_kernel_manager()
        self.start_new_kernel()
        self.start_new_kernel_client()
        for source in list(self.survived):
            try:
                self.run_unseen(source)
            except (DeadKernelError, CellTimeoutError):
                self.survived.remove(source)
                return self.start_again()

    def run_unseen(self, source):
        """Run a cell that is not part of the notebook."""
        cell = new_code_cell(source)
        cells, self.nb.cells = self.nb.cells, [cell]
        self.printed = 0
        try:
            self.execute_cell(cell, 0)
        finally:
            self.nb.cells = cells

    def output(self, outs, msg, display_id, cell_index):
        """Keep what a cell prints up to a limit; results and errors always."""
        if msg["msg_type"] not in ("stream", "display_data"):
            return super().output(outs, msg, display_id, cell_index)
        before, size = self.printed, len(str(msg["content"]))
        self.printed += size
        if self.printed <= self.largest_output:
            return super().output(outs, msg, display_id, cell_index)
        if before <= self.largest_output:
            outs.append(
                new_output("stream", name="stdout", text="\n... the rest of the output was cut ...\n")
            )
