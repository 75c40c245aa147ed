"""What README, INSTRUCTORS and CONTRIBUTING tell is true: commands, messages, settings, links."""

import ast
import pkgutil
import re
import shlex
from functools import cache
from pathlib import Path
from unittest.mock import patch

import nbgrader
import pytest
from jupyter_server.serverapp import ServerApp  # noqa: F401  for the settings that it has
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


# ------------------------------------------------------------------------------------------ what is where


def texts(root):
    """(path, text) of all that somebody reads: documents, lessons, assignments, the library and its files."""
    patterns = ("*.md", "*.toml", "*.py", "notebooks/src/*.py", "assignments/**/*.py", "bplib/**/*")
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        if path.suffix in (".md", ".toml", ".py", ".js", ".css", ".j2"):
            yield path.relative_to(root), path.read_text("utf-8")


def not_there(root, text):
    """What a text names of bplib, as a module path or as a file, and is not there."""
    for name in re.findall(r"(?<![\w./~-])bplib(?:\.[A-Za-z_]\w*)+", text):
        try:
            pkgutil.resolve_name(name)
        except (AttributeError, ImportError):
            yield name
    for name in re.findall(r"(?<![\w./~-])bplib/[\w/.*-]*\w", text):
        if not any(root.glob(re.sub(r"\bname\b|NN", "*", name))):  # name.py, psNN.py: any of them
            yield name


def test_every_module_and_file_of_bplib_that_a_text_names_is_there(root):
    assert {str(path): found for path, text in texts(root) if (found := {*not_there(root, text)})} == {}


@pytest.mark.parametrize("old", ["bplib.layers.Affine", "bplib/questions/ps01.py", "bplib.course.ps01"])
def test_an_old_path_is_noticed(root, old):
    assert [
        *not_there(root, f"see {old}, or `bplib.networks.layers.Affine` in bplib/networks/layers.py")
    ] == [old]


def test_no_text_tells_anyone_to_install_what_is_not_ours(root):
    """On PyPI, bplib is another project's; the course is installed from its folder."""
    installs = re.compile(r"(?:pip|uv|conda|mamba) (?:\w+ )?install\b[^\n`]*")
    told = [line for _, text in texts(root) for line in installs.findall(text)]
    assert len(told) > 10
    assert [line for line in told if re.search(r"(?<![/.\w])bplib(?![/\w])", line)] == []


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


NEEDS_MORE = ("autograde", "collect", "report", "hand-in", "forget", "backup", "restore")


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


HUB = {  # of JupyterHub, which is not installed here: jupyterhub.readthedocs.io, reference/config-reference
    "JupyterHub": ["bind_url"],
    "Spawner": ["default_url", "environment"],
    "Authenticator": ["allowed_users"],
}


def test_every_setting_in_a_document_exists(text):
    known = {each.__name__: each.class_trait_names() for each in descendants(Configurable)}
    for name, trait in re.findall(r"\bc\.([A-Z]\w+)\.(\w+)", text):
        assert trait in [*known.get(name, ()), *HUB.get(name, ())], f"c.{name}.{trait}"


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


def rates(text):
    """What a text says a late day costs, in per cent, as words or as a setting."""
    words = " ".join(text.split())
    yield from map(float, re.findall(r"started day costs (\S+) %", words))
    yield from (100 * float(rate) for rate in re.findall(r"PerDay\.fraction = (\S+)", words))


def test_a_late_day_costs_what_the_course_says_in_every_text(root, guide):
    (rate,) = rates((root / "assignments" / "nbgrader_config.py").read_text("utf-8"))
    assert set(rates(guide)) == {rate}
    for path, text in texts(root):
        assert set(rates(text)) <= {rate}, path
        assert not re.search(r"day costs (?!\S+ %)", " ".join(text.split())), f"{path}: say it in per cent"


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
