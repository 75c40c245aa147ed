"""The `bplib` command: thin verbs over functions."""

import argparse
import sys
from pathlib import Path

from bplib import __version__


def doctor(options):
    """say whether everything the course needs is in order, and what to do if not"""
    from bplib.doctor import examine, report

    return report(examine())


def build_release(options):
    """build the student version of every assignment whose source is newer"""
    from bplib.release import build_stale_releases

    return build_stale_releases(options.assignments)


def build_notebooks(options):
    """for authors: write the notebooks of lessons and assignments from their texts, and run the lessons"""
    from bplib.authoring import build_course

    return build_course(Path.cwd(), options.names)


def parser():
    parser = argparse.ArgumentParser(prog="bplib", description="Tools of the backpropagation course.")
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(required=True, metavar="verb")
    for verb in (doctor, build_release, build_notebooks):
        name = verb.__name__.replace("_", "-")
        verbs.add_parser(name, help=verb.__doc__, description=verb.__doc__).set_defaults(verb=verb)
    folder = verbs.choices["build-release"].add_argument("assignments", nargs="?", type=Path)
    folder.default, folder.help = Path("assignments"), "the folder with nbgrader_config.py"
    verbs.choices["build-notebooks"].add_argument(
        "names", nargs="*", help="such as 01_chain_rule; all when left out"
    )
    return parser


def main(arguments=None):
    options = parser().parse_args(arguments)
    return options.verb(options)


if __name__ == "__main__":
    sys.exit(main())
