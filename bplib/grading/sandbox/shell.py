"""Runs the cells of a notebook in this process, as a kernel would, and collects what they show."""

import base64
import builtins
import getpass
import io
import os
import sys
import warnings
from datetime import UTC, datetime

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any, Type
from traitlets.config import Config

QUIET = Config(HistoryManager={"enabled": False}, InteractiveShell={"xmode": "Context", "cache_size": 100})
MOST_OUTPUTS = 100  # of one cell, streams joined
LARGEST_OUTPUT = 5_000_000  # characters of all that one cell shows
LARGEST_LINE = 20_000  # characters of what an error says, and of each part of its traceback
SHOWN = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/svg+xml")


class Outputs(list):
    """What one cell has shown so far, as nbformat writes it.

    largest_print    characters that it may print; the rest is cut
    """

    def __init__(self, largest_print):
        super().__init__()
        self.room, self.room_for_data = largest_print, LARGEST_OUTPUT

    def print(self, name, text):
        if self.room < 0:
            return
        text, self.room = cut(text, self.room), self.room - len(text)
        if self and self[-1].get("name") == name:
            self[-1]["text"] += text
        elif len(self) < MOST_OUTPUTS:
            self.append({"output_type": "stream", "name": name, "text": text})

    def show(self, kind, data, **more):
        shown = {}
        for mime in SHOWN:
            value = data.get(mime)
            if isinstance(value, bytes):
                value = base64.b64encode(value).decode()
            if isinstance(value, str) and len(value) <= self.room_for_data:
                shown[mime] = value
                self.room_for_data -= len(value)
        if len(self) < MOST_OUTPUTS and shown:
            self.append({"output_type": kind, "data": shown, "metadata": {}, **more})

    def has_error(self):
        return any(each["output_type"] == "error" for each in self)

    def fail(self, name, says, traceback):
        lines = [cut(line, LARGEST_LINE) for line in traceback[:MOST_OUTPUTS]]
        self.append(
            {"output_type": "error", "ename": name, "evalue": cut(says, LARGEST_LINE), "traceback": lines}
        )


def cut(text, room):
    return text if len(text) <= room else text[:room] + "\n... the rest was cut ...\n"


def checked(outputs, room=LARGEST_OUTPUT + 1_000_000):
    """Those of a list of outputs that are what Outputs makes: a student's process may send anything.

    room    characters that all together may have; an output for which there is none is left out, and so are
            those behind it
    """
    kept = []
    for each in outputs[: 2 * MOST_OUTPUTS] if isinstance(outputs, list) else []:
        if output := checked_output(each):
            room -= size(output)
            if room < 0:
                text = "... the rest was cut ...\n"
                return [*kept, {"output_type": "stream", "name": "stdout", "text": text}]
            kept.append(output)
    return kept


def size(output):
    """Characters of an output, as checked_output makes it."""
    parts = (*output.values(), *output.get("traceback", ()), *output.get("data", {}).values())
    return sum(len(part) for part in parts if isinstance(part, str))


def checked_output(output):
    match output:
        case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": str(text)}:
            return {"output_type": "stream", "name": name, "text": writable(text)}
        case {"output_type": "error", "ename": str(name), "evalue": str(says), "traceback": list(lines)}:
            lines = [
                cut(writable(line), LARGEST_LINE) for line in lines[:MOST_OUTPUTS] if isinstance(line, str)
            ]
            says = cut(writable(says), LARGEST_LINE)
            error = {"output_type": "error", "ename": cut(writable(name), 200), "evalue": says}
            return error | {"traceback": lines}
        case {"output_type": "display_data" | "execute_result" as kind, "data": dict(data)}:
            data = {mime: writable(data[mime]) for mime in SHOWN if isinstance(data.get(mime), str)}
            counted = {"execution_count": None} if kind == "execute_result" else {}
            return {"output_type": kind, "data": data, "metadata": {}} | counted
    return None


def writable(text):
    """The text without halves of surrogate pairs, which no file takes."""
    return text.encode("utf-8", "replace").decode()


class Stream(io.TextIOBase):
    """stdout or stderr of the cells."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, shell, name):
        self.shell, self.name = shell, name

    def write(self, text):
        self.shell.outputs.print(self.name, str(text))
        return len(text)

    def writable(self):
        return True


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, *, transient=None, update=False, **more):
        if not update:
            self.shell.outputs.show("display_data", data)

    def clear_output(self, wait=False):
        self.shell.outputs.clear()


class Hook(DisplayHook):
    def start_displayhook(self):
        """Nothing stands before a result."""

    write_output_prompt = finish_displayhook = start_displayhook

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.outputs.show("execute_result", format_dict, execution_count=self.prompt_count - 1)

    def log_output(self, format_dict):
        """No history is kept."""


class NotebookShell(InteractiveShell):
    """IPython without a terminal and without a kernel."""

    displayhook_class, display_pub_class = Type(Hook), Type(Publisher)
    outputs = Any()

    def _showtraceback(self, etype, evalue, stb):
        self.outputs.fail(etype.__name__, text_of(evalue), [str(line) for line in stb])

    def showsyntaxerror(self, filename=None, running_compiled_code=False):
        etype, value, _ = self._get_exc_info()
        self._showtraceback(etype, value, self.SyntaxTB.structured_traceback(etype, value, []))

    def system(self, command):
        self.system_piped(command)

    def init_io(self):
        """stdout and stderr are ours from the first cell on."""

    def ask_exit(self):
        print("exit() does nothing when a notebook is graded")

    def enable_gui(self, gui=None):
        """There is no window to wait for."""


def text_of(error):
    try:
        return str(error)
    except BaseException:
        return "an error that cannot say what it is"


def no_input(*question, **more):
    raise RuntimeError("nobody is there to answer: input() does not work when a notebook is graded")


class Cells:
    """A shell, and the cells that are run in it.

    Make it once in a process, before the fork: its children begin with a shell that is ready.
    """

    def __init__(self):
        os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
        self.shell = NotebookShell.instance(config=QUIET)
        self.shell.outputs = Outputs(0)
        self.count = 0
        self.streams = Stream(self.shell, "stdout"), Stream(self.shell, "stderr")
        sys.stdout, sys.stderr = self.streams
        builtins.input = getpass.getpass = no_input
        warnings.filterwarnings("ignore", message="To exit: use")  # there is no such key here

    @property
    def namespace(self):
        return self.shell.user_ns

    def run(self, source, largest_print=200_000):
        """What the cell showed, when it began and ended, and whether it raised."""
        self.shell.outputs = outputs = Outputs(largest_print)
        self.count += 1
        sys.stdout, sys.stderr = self.streams  # whatever an earlier cell has made of them
        began = now()
        try:
            done = self.shell.run_cell(source, store_history=True)
            if not (done.success or outputs.has_error()):
                outputs.fail("Stopped", "this cell did not come to its end", [])
        except BaseException as error:  # what a hook of the cell's own raises
            name, says = type(error).__name__, text_of(error)
            outputs.fail(name, says, [f"{name}: {says}"])
        self.shell.outputs = Outputs(0)
        return {"outputs": list(outputs), "began": began, "ended": now(), "count": self.count}


def now():
    return datetime.now(UTC).isoformat()
