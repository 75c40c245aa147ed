"""Which test cells can be kept apart from a student's code, and what they need of each other.

A test runs in the checker, where no line of a student's runs. What it asks of the student's functions goes
across; but a few things do not: a file that the student's code has written, a picture on its way, a table
of pandas, a class of errors of the student's own. Such a cell runs beside the student's code, inside the
sandbox, where that code could change what it finds; `generate_assignment` says which one, and why.

Only the instructor's text decides: nothing that is handed in can move a test.
"""

import ast
import builtins
from importlib.util import find_spec

from .sandbox.names import names_read, parsed

SCOPES = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
IMPORTS = ast.Import | ast.ImportFrom
ALIASES = {"plt": "matplotlib", "pd": "pandas", "sns": "seaborn", "nx": "networkx", "tf": "tensorflow"}
STAYS = {  # libraries whose objects do not cross
    "matplotlib", "pandas", "seaborn", "networkx", "tensorflow", "torch", "sympy", "PIL", "polars", "xarray",
}  # fmt: skip
FILES = """
    open exists isfile isdir listdir glob iglob Path load loadtxt genfromtxt fromfile read_csv read_table
    read_excel read_json read_text getsize stat remove connect imread save savetxt savez to_csv
""".split()
SHELL = {"system", "getoutput", "run_line_magic", "run_cell_magic"}
HARMLESS = {"time", "timeit", "capture", "matplotlib", "config", "precision"}
HISTORY = {"In", "Out", "_ih", "_oh", "_i"}
CATCHING = {"raises", "assertRaises", "assert_raises", "assertRaisesRegex"}


def names_bound(node):
    """Pairs (name, whether by def, class or import) of what a cell binds, but not within its functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, SCOPES):
            yield child.name, True
        elif isinstance(child, IMPORTS):
            yield from ((alias.asname or alias.name.split(".")[0], True) for alias in child.names)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id, False
        elif not isinstance(child, ast.Lambda):
            yield from names_bound(child)


def made_by(source):
    return {name for name, _ in names_bound(parsed(source))}


def names_made(cells):
    """The names that the instructor's cells make: all of given cells; of tests, what they define."""
    made = set()
    for kind, source in cells:
        if kind in ("given", "test"):
            made.update(each for each, defined in names_bound(parsed(source)) if defined or kind == "given")
    return sorted(made)


def classes_made(source):
    return {node.name for node in ast.walk(parsed(source)) if isinstance(node, ast.ClassDef)}


def classes_asked_for(sources, made):
    """Names of the classes that students are asked to write, by the instructor's text alone.

    sources    of the tests: what they call by a name with a capital is one
    made       {name: whether it is a class} of what the instructor's own answers make
    """
    read = {name for source in sources for name in names_read(source) if name[:1].isupper()}
    return sorted((read - made.keys()) | {name for name, is_class in made.items() if is_class})


# ----------------------------------------------------------------------------- beside the student's code


def reason(source, given=(), known=()):
    """Why a test cell cannot be kept apart from the student's code: the end of a sentence, or "".

    given    paths of the files that are given out with the assignment
    known    names that the instructor's cells make
    """
    known = {*known, *made_by(source)}
    for node in ast.walk(parsed(source)):
        if why := of_library(node) or of_file(node, given) or of_shell(node) or of_error(node, known):
            return why
    return ""


def of_library(node):
    modules = []
    if isinstance(node, ast.Import):
        modules = [top(each.name) for each in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        modules = [top(node.module)]
    elif isinstance(node, ast.Name) and node.id in ALIASES:
        return f"it uses {ALIASES[node.id]}, whose objects cannot be asked from afar"
    for module in modules:
        if module in STAYS:
            return f"it uses {module}, whose objects cannot be asked from afar"
        if not can_be_imported(module):
            return f"it imports {module}, which is not installed: it could be a file of the student's"
    return ""


def top(module):
    return module.split(".")[0]


def can_be_imported(module):
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def of_file(node, given):
    if not (isinstance(node, ast.Call) and node.args and called(node) in FILES):
        return ""
    path = node.args[0]
    if (
        isinstance(path, ast.Constant)
        and isinstance(path.value, str)
        and path.value.removeprefix("./") not in given
    ):
        return f"it uses the file {path.value!r:.60}, which is not given out with the assignment"
    return ""


def called(call):
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def of_shell(node):
    if isinstance(node, ast.Name) and node.id in HISTORY:
        return f"it looks at {node.id}, what the student's cells have shown"
    if isinstance(node, ast.Call) and called(node) in SHELL:
        said = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if called(node) in ("system", "getoutput") or (said and said[0] not in HARMLESS):
            return "it runs a command of the shell"
    return ""


def of_error(node, known):
    """A class of errors that only the student's cells can have made."""
    kinds = []
    if isinstance(node, ast.ExceptHandler) and node.type:
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    elif isinstance(node, ast.Call) and called(node) in CATCHING:
        kinds = node.args[:1]
    for kind in kinds:
        if isinstance(kind, ast.Name) and kind.id not in known and not hasattr(builtins, kind.id):
            return f"it catches {kind.id}, an error of the student's own"
    return ""


def prelude(source, earlier):
    """What of the earlier tests a cell needs that runs where these have not run.

    earlier    sources of these tests, in their order
    """
    needed, chosen = names_read(source), []
    for cell in reversed(earlier):
        for statement in reversed(parsed(cell).body):
            bound = {name for name, _ in names_bound(ast.Module([statement], []))}
            if isinstance(statement, IMPORTS) or (bound & needed and not isinstance(statement, ast.Expr)):
                chosen.append(ast.unparse(statement))
                needed |= names_read(chosen[-1])
    return "\n".join(reversed(chosen))


def imports_in(source):
    """The statements of a cell that import, as a cell."""
    return "\n".join(ast.unparse(each) for each in parsed(source).body if isinstance(each, IMPORTS))
