"""Run a hand-in so that one bad cell costs only itself.

A cell that ends Python, never ends or prints without end gets a plain message. If its kernel is lost, a fresh
one runs the earlier cells again, without it, and the later cells are still tried.
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
    largest_print = Integer(200_000, help="Characters one cell may print; the rest is cut.").tag(config=True)

    @default("iopub_timeout")
    def _patient(self):
        return 10  # seconds for the last output to arrive; 4 are too few on a busy machine

    @default("coalesce_streams")
    def _joined(self):
        return True  # LimitOutput says that it has cut only within one output

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
        if self.out_of_time():
            message = f"the cells before this one used up the {self.budget} s of a notebook"
            cell.outputs = [error("NotRun", message)]
            return cell, resources
        self.room = self.largest_print
        try:
            super().preprocess_cell(cell, resources, index)
        except (DeadKernelError, CellTimeoutError) as problem:
            cell.outputs.append(self.plain(problem))
            self.start_again()
        else:
            self.survived.append(cell.source)
        return cell, resources

    def out_of_time(self):
        return monotonic() > self.deadline

    def plain(self, problem):
        """What a student reads about a lost kernel."""
        if isinstance(problem, CellTimeoutError):
            return new_output("error", **self.error_on_timeout)
        return error("KernelDied", "this cell ended Python: an exit, a crash or not enough memory")

    def start_again(self):
        """A fresh kernel in which every earlier cell has run, except those that cost a kernel."""
        self.shutdown_kernel = "immediate"  # a kernel that hangs does not answer a polite request
        caught_up = False
        while not caught_up:
            self._cleanup_kernel()
            self.km = self.create_kernel_manager()
            self.start_new_kernel()
            self.start_new_kernel_client()
            caught_up = self.catch_up()

    def catch_up(self):
        """Run the earlier cells again; False, and one fewer, if one of them costs this kernel too."""
        for source in list(self.survived):
            if self.out_of_time():
                break
            try:
                self.run_unseen(source)
            except (DeadKernelError, CellTimeoutError):
                self.survived.remove(source)
                return False
        return True

    def run_unseen(self, source):
        """Run a cell that is not part of the notebook."""
        cell = new_code_cell(source)
        cells, self.nb.cells = self.nb.cells, [cell]
        self.room = self.largest_print
        try:
            self.execute_cell(cell, 0)
        finally:
            self.nb.cells = cells

    def output(self, outs, msg, display_id, cell_index):
        """Keep what a cell prints up to a limit; pictures, results and errors always."""
        if msg["msg_type"] == "stream":
            room, text = self.room, msg["content"]["text"]
            self.room -= len(text)
            if room < 0:
                return None
            if len(text) > room:
                msg["content"]["text"] = text[:room] + "\n... the rest was cut ...\n"
        return super().output(outs, msg, display_id, cell_index)
