"""The gradebook, wherever `c.CourseDirectory.db_url` has it: a file of sqlite, or a server.

    c.CourseDirectory.db_url = "postgresql+psycopg://user@host/database"

What is wrong with it becomes a sentence in which no password stands.
"""

from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from nbgrader.api import Gradebook
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError, SQLAlchemyError

from ..errors import InputError, MissingExtra, need

DB_URL = "db_url in nbgrader_config.py"
EXAMPLE = "postgresql+psycopg://user@host/database"


class NoGradebook(InputError):
    """The gradebook is not there, does not answer, or is none."""


@contextmanager
def opened(course, reading=False):
    """nbgrader's Gradebook of a course, closed at the end.

    reading    a file must be there and is opened for reading only, and no course is added to it
    Raises NoGradebook for what goes wrong with the database meanwhile, InputError or MissingExtra if its
    address cannot be used here.
    """
    url = address_of(course)
    try:
        with Gradebook(for_reading(url), "") if reading else Gradebook(url, course.course_id) as gradebook:
            yield gradebook
    except SQLAlchemyError as problem:
        raise NoGradebook(in_plain_words(url, problem)) from None


def address_of(course):
    """db_url, as far as it can be judged without a connection."""
    try:
        url = make_url(course.db_url)
        dialect = url.get_dialect()
    except (ArgumentError, ValueError):
        raise InputError(f"{DB_URL} is no address of a database; one looks like {EXAMPLE}") from None
    if "@" in (url.host or ""):  # the end of a password, which every message would show
        raise InputError(f"{DB_URL}: write an @ in the password as %40")
    try:
        dialect.import_dbapi()
    except ImportError:
        raise no_driver(url.get_driver_name()) from None
    return url


def no_driver(name):
    if name == "psycopg":
        return need("psycopg[binary]")
    return MissingExtra(
        f"{DB_URL} asks for the driver {name}, which is not installed. Install it; for PostgreSQL "
        f'write {EXAMPLE}, whose driver is: python -m pip install "psycopg[binary]"'
    )


def for_reading(url):
    """The address with which nothing can be written into a file, or make one."""
    if is_missing(url):
        raise NoGradebook(f"there is no gradebook {url.database}: run `nbgrader generate_assignment` first")
    if not is_file(url):
        return url
    return url.set(database=f"file:{quote(url.database)}", query={"mode": "ro", "uri": "true"})


def is_file(url):
    return url.get_backend_name() == "sqlite"


def is_missing(url):
    return is_file(url) and not Path(url.database).is_file()


def in_plain_words(url, problem):
    reason = " ".join(str(getattr(problem, "orig", problem)).split())
    if is_file(url) or not isinstance(problem, OperationalError | InterfaceError):
        return f"{url.database} cannot be read as a gradebook ({reason})"
    return f"the gradebook {url.database} cannot be reached ({reason}): see to its server, or to {DB_URL}"
