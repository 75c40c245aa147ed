"""The `bplib` command: thin verbs over functions."""

import argparse
import sys
from pathlib import Path

from bplib.errors import BplibError


def course():
    """The folder with nbgrader_config.py: this one, or assignments in it."""
    return Path() if Path("nbgrader_config.py").is_file() else Path("assignments")


def doctor(options):
    """say whether everything the course needs is in order, and what to do if not"""
    from bplib.doctor import examine, report

    return report(examine())


def build_release(options):
    """build the student version of every assignment whose source is newer"""
    from bplib.authoring.release import build_stale_releases

    return build_stale_releases(options.assignments)


def build_notebooks(options):
    """for authors: write the notebooks of lessons and assignments from their texts, and run the lessons"""
    from bplib.authoring.notebooks import build_course

    return build_course(Path.cwd(), options.names)


def site(options):
    """write the lessons as web pages that work without Python and without a network"""
    from bplib.authoring.site import build_site

    return build_site(Path("notebooks"), options.out, options.lite)


def lite(options):
    """write the course as a site in which every lesson runs in the page, without an installation"""
    from bplib.authoring.lite import lite

    return lite(Path.cwd(), options.out, options.pyodide)


def bundle(options):
    """write the course as a zip for students, after a proof that it holds no solution and no hidden test"""
    from bplib.authoring.bundle import bundle

    return bundle(Path.cwd(), options.out)


def selftest(options):
    """for authors: prove that every known answer to an assignment gets the score and the words it should"""
    from bplib.authoring.selftest import selftest

    return selftest(course(), options.names, options.seeds, options.quick, options.mutants)


def autograde(options):
    """for instructors: grade the hand-ins to an assignment, many at once, their code locked up"""
    from bplib.errors import need
    from bplib.grading import skip_slow_grammars

    skip_slow_grammars()
    try:
        from bplib.grading.batch import autograde
    except ImportError as error:
        raise need(error) from None
    return autograde(
        course(), options.assignment, options.workers, options.scheduler,
        options.student, options.force, options.unsafe_no_sandbox,
    )  # fmt: skip


def report(options):
    """for instructors: write how the class did in an assignment, as a web page and as a table"""
    from bplib.grading.report import report

    return report(course(), options.assignment, options.out or course() / "reports")


def collect(options):
    """for instructors: sort the hand-ins that were downloaded from a learning platform into submitted/"""
    from bplib.grading.collect import collect

    return collect(course(), options.assignment, options.downloads, options.names, options.corrections)


def forget(options):
    """for instructors: remove a student from the gradebook, and every folder and table with them in it"""
    from bplib.grading.forgetting import forget

    return forget(course(), options.student)


def backup(options):
    """for instructors: save what a term has made, gradebook and hand-ins, as a zip that is verified"""
    from bplib.grading.backup import backup

    return backup(course(), options.file)


def restore(options):
    """for instructors: bring back what a backup holds; what is in its place is kept beside it"""
    from bplib.grading.backup import restore

    return restore(course(), options.file)


def hand_in(options):
    """make the zip with which you hand in an assignment, and say what is not done in it"""
    from bplib.course.hand_in import hand_in

    hand_in(options.assignment, options.folder)


def progress(options):
    """show which self-checks and tasks are done"""
    from bplib.course.progress import progress

    print(progress())


class Version(argparse.Action):
    """Print the version, with the mark of its content, and end."""

    def __call__(self, parser, *_):
        from bplib.authoring.version import in_use

        print(in_use())
        parser.exit()


def parser():
    parser = argparse.ArgumentParser(prog="bplib", description="Tools of the backpropagation course.")
    parser.add_argument("--version", action=Version, nargs=0, help="show the version and exit")
    verbs = parser.add_subparsers(required=True, metavar="verb")
    for verb in (
        doctor, build_release, build_notebooks, site, lite, bundle, selftest, collect, autograde, report,
        forget, backup, restore, hand_in, progress
    ):  # fmt: skip
        name = verb.__name__.replace("_", "-")
        verbs.add_parser(name, help=verb.__doc__, description=verb.__doc__).set_defaults(verb=verb)
    folder = verbs.choices["build-release"].add_argument("assignments", nargs="?", type=Path)
    folder.default, folder.help = Path("assignments"), "the folder with nbgrader_config.py"
    verbs.choices["build-notebooks"].add_argument(
        "names", nargs="*", help="such as 01_chain_rule; all when left out"
    )
    out = verbs.choices["site"].add_argument("--out", type=Path, metavar="folder")
    out.default, out.help = Path("site"), "where to write; site when left out"
    lite_at = verbs.choices["site"].add_argument("--lite", metavar="address", default="")
    lite_at.help = "where the pages find what `bplib lite` has written, to lead there"
    page = verbs.choices["lite"]
    page.add_argument(
        "out", nargs="?", type=Path, default=Path("lite"), help="where to write; lite when left out"
    )
    page.add_argument(
        "--pyodide", type=Path, metavar="archive", help="of the Python in the page; fetched when left out"
    )
    out = verbs.choices["bundle"].add_argument("--out", type=Path, metavar="file")
    out.default, out.help = (
        Path("dist/bplib-course.zip"),
        "where to write; dist/bplib-course.zip when left out",
    )
    proof = verbs.choices["selftest"]
    proof.add_argument("names", nargs="*", help="such as ps01; all when left out")
    proof.add_argument(
        "--seeds", type=int, default=20, metavar="N", help="courses to try right answers in: 20"
    )
    proof.add_argument("--quick", action="store_true", help="two courses, and nothing that needs a kernel")
    proof.add_argument("--mutants", action="store_true", help="slips made by machine, too: takes minutes")
    grade = verbs.choices["autograde"]
    grade.add_argument("assignment", help="such as ps01")
    grade.add_argument("--workers", type=int, metavar="N", help="how many at once; one for each processor")
    grade.add_argument("--scheduler", metavar="ADDRESS", help="run the notebooks on a Dask cluster")
    grade.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this one; may be repeated"
    )
    grade.add_argument("--force", action="store_true", help="also what was graded before and has not changed")
    grade.add_argument(
        "--unsafe-no-sandbox", action="store_true", help="run student code as you, with no walls"
    )
    verbs.choices["report"].add_argument("assignment", help="such as ps01")
    out = verbs.choices["report"].add_argument("--out", type=Path, metavar="folder")
    out.help = "where to write; reports beside nbgrader_config.py when left out"
    hand_ins = verbs.choices["collect"]
    hand_ins.add_argument("assignment", help="such as ps01")
    hand_ins.add_argument("downloads", type=Path, help="the zip or the folder with the hand-ins")
    hand_ins.add_argument(
        "--names",
        metavar="regex",
        help="whose a file is, by its path in the download: '(?P<student>[^/]+)/'; by its form when left out",
    )
    hand_ins.add_argument(
        "--corrections",
        type=Path,
        metavar="file",
        help="a table, file,student,time: who handed in what, and when, where no name in the download tells",
    )
    verbs.choices["forget"].add_argument("student", help="the id, as in students.csv")
    for verb, where in (("backup", "where to write"), ("restore", "what to bring back")):
        verbs.choices[verb].add_argument("file", type=Path, help=f"{where}, such as term.zip")
    packing = verbs.choices["hand-in"]
    packing.add_argument("assignment", help="such as ps01")
    packing.add_argument(
        "folder", nargs="?", type=Path, help="with your work; ps01 or assignments/release/ps01 when left out"
    )
    return parser


def main(arguments=None):
    options = parser().parse_args(arguments)
    try:
        return options.verb(options)
    except BplibError as error:
        print(f"bplib: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            "bplib: stopped. What was finished is kept; the same command goes on from there.", file=sys.stderr
        )
        return 130


if __name__ == "__main__":
    sys.exit(main())
