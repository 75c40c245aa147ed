"""What README, INSTRUCTORS and CONTRIBUTING tell is true: commands, messages, settings, links."""

import ast
import re
import shlex
from functools import cache
from pathlib import Path
from unittest.mock import patch

import nbgrader
import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp
from traitlets.config import Configurable

import bplib
from bplib import cli
from bplib.grading import execute, late  # noqa: F401  for the settings that they have

DOCUMENTS = ["README.md", "INSTRUCTORS.md", "CONTRIBUTING.md"]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)(`{1,2})(?!`)(.+?)\1(?!`)")


@pytest.fixture(params=DOCUMENTS)
def text(root, request):
    return (root / request.param).read_text("utf-8")


@pytest.fixture
def guide(root):
    return (root / "INSTRUCTORS.md").read_text("utf-8")


# --------------------------------------------------------------------------------------------- commands


def commands(text, program):
    """The arguments of each call of a program, in blocks of code and in the prose, where it takes any."""
    blocks = [block for language, block in BLOCK.findall(text) if not language]
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    for line in [*lines, *(span for _, span in SPAN.findall(BLOCK.sub("", text)))]:
        for call in line.split("&&"):
            if re.match(rf" *{program} \S", call):
                yield shlex.split(call, comments=True)[1:]


def test_every_bplib_command_in_a_document_is_one(text):
    for arguments in commands(text, "bplib"):
        if len(arguments) == 1 and arguments[0] in NEEDS_MORE:
            arguments.append("ps01")  # the prose speaks of the verb
        arguments += ["downloads"] * (arguments == ["collect", "ps01"])
        try:
            cli.parser().parse_args(arguments)
        except SystemExit:
            pytest.fail(f"bplib {' '.join(arguments)}")


NEEDS_MORE = ("autograde", "collect", "report", "hand-in")


def test_every_nbgrader_command_in_a_document_is_one(text):
    for first, *arguments in commands(text, "nbgrader"):
        app = NbGraderApp.subcommands[first][0]()
        while app.subcommands:
            app = app.subcommands[arguments.pop(0)][0]()
        options = {each.lstrip("-").partition("=")[0] for each in arguments if each.startswith("-")}
        assert options <= {*app.aliases, *app.flags}, app.name


def test_the_documents_do_call_both_programs(guide):
    assert len(list(commands(guide, "bplib"))) > 10
    assert len(list(commands(guide, "nbgrader"))) > 10


def test_bplib_finds_the_course_from_its_folder_and_from_the_one_above(root):
    with patch("pathlib.Path.is_file", lambda path: False):
        assert cli.course() == Path("assignments")
    with pytest.MonkeyPatch.context() as moved:
        moved.chdir(root / "assignments")
        assert cli.course() == Path()


# --------------------------------------------------------------------------------------------- messages


@cache
def said():
    """What bplib and nbgrader may say: all texts of their sources, with … for what is put in."""
    files = [*Path(bplib.__file__).parent.rglob("*.py"), *nbgraders("apps"), *nbgraders("converters")]
    files += nbgraders("exchange")
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
                found.add(plain("".join(parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(plain(re.sub(r"%[sr]|\{\w*\}", "…", node.value)))
    return found


def nbgraders(part):
    return Path(nbgrader.__file__).parent.joinpath(part).rglob("*.py")


def plain(words):
    return " ".join(words.split())


def quoted(text):
    """The messages that a document quotes: the first column of its tables with the head "What it says"."""
    for table in re.findall(r"^\| What it says .*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE):
        for row in table.splitlines():
            yield from (span for _, span in SPAN.findall(row.split(" | ")[0]))


def is_said(message):
    parts = [part for part in map(str.strip, message.split("…")) if part.strip("'")]
    pattern = re.compile(".*".join(map(re.escape, parts)))
    return any(pattern.search(each) for each in said())


def test_every_message_that_the_guide_quotes_is_in_the_source(guide):
    messages = list(quoted(guide))
    assert len(messages) > 30
    assert [message for message in messages if not is_said(message)] == []


def test_a_message_that_nobody_says_is_noticed():
    assert is_said("The cell '…' was missing: it was put back.")
    assert not is_said("The cell '…' was missing: it was put forward.")


# -------------------------------------------------------------------------------------------- settings


def test_every_setting_in_a_document_exists(text):
    known = {each.__name__: each.class_trait_names() for each in descendants(Configurable)}
    for name, trait in re.findall(r"\bc\.([A-Z]\w+)\.(\w+)", text):
        assert trait in known[name], f"c.{name}.{trait}"


def descendants(cls):
    for each in cls.__subclasses__():
        yield each
        yield from descendants(each)


def test_limits_stand_in_the_guide_with_their_defaults(guide):
    defaults = execute.SandboxedExecute()
    stated = re.findall(r"^c\.SandboxedExecute\.(\w+) = (\S+)", guide, re.MULTILINE)
    assert {name for name, _ in stated} >= {"timeout", "budget", "memory", "largest_print", "readable"}
    for name, value in stated:
        assert ast.literal_eval(value) == getattr(defaults, name), name


# ----------------------------------------------------------------------------------------------- links


def test_every_link_leads_somewhere(root, text):
    for target in re.findall(r"\]\((?!https://)([^)]*)\)", text):
        file, _, heading = target.partition("#")
        there = (root / file).read_text("utf-8") if file else text
        headings = re.findall(r"^#+ (.*)", there, re.MULTILINE)
        assert not heading or heading in map(anchor, headings), target


def anchor(heading):
    """What GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
