"""Formulas without a network: the TeX of a lesson as MathML, which a browser shows by itself."""

import re

from ...errors import InputError, need

try:
    from latex2mathml.converter import convert
except ImportError as error:
    raise need(error) from None

# What latex2mathml does not read, and how to say it otherwise.
REWORDED = [
    (r"\{aligned\}", r"{align*}"),
    (r"\\tag\{(.*?)\}", r"\\qquad\\text{(\1)}"),
]
# What it writes, and what browsers without a mathematical font show as it is meant.
MENDED = [
    # f′ is not a power: a prime that is raised once more can no longer be seen
    (r"<msup>(<mi[^>]*>[^<]*</mi>)<mi>(&#x0203[2-4];)</mi></msup>", r"<mrow>\1<mo>\2</mo></mrow>"),
    # sin x, not sinx
    (r"(<mi>(?:cos|sin|tan|tanh|exp|log|ln|max|min)</mi>)(?=<mi>)", r'\1<mspace width="0.17em"/>'),
    # the word above an arrow stands above its middle
    (r"<mpadded[^>]*>(.*?)<mspace depth[^>]*/></mpadded>", r"<mrow>\1</mrow>"),
]
NOT_READ = re.compile(r"<m[io]>(?:\\\w+|[&{}])<")


def mathml(tex, display="inline"):
    r"""The formula as a <math> element; ``display`` is "inline" or "block".

    Raises InputError for what cannot be shown: a misspelt command, an alignment that is not closed.
    """
    try:
        shown = convert(_replace(REWORDED, tex.strip()), display=display)
    except Exception as error:  # whatever its parser trips over
        raise InputError(f"mathml: cannot read ${tex}$ ({type(error).__name__})") from error
    if unread := NOT_READ.search(shown):
        raise InputError(
            f"mathml: cannot show {unread[0].split('>')[1][:-1]} in ${tex}$; write it differently"
        )
    return _replace(MENDED, shown)


def _replace(table, text):
    for pattern, replacement in table:
        text = re.sub(pattern, replacement, text)
    return text
