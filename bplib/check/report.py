"""How a check speaks: findings, the report that lists them, and the one look they have everywhere."""

from dataclasses import dataclass, replace
from html import escape

from ..errors import GradientMismatch

NOT_ANSWERED = "not answered yet"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it was, whether it is right, and a sentence about it.

    mistake    the name of the likely mistake, where one was recognised
    advice     what that mistake is and how to mend it
    unsure     whether nothing can be told here, neither that it is right nor that it is wrong
    missing    whether there is nothing to look at: None, or still the dots
    """

    what: str
    ok: bool
    says: str
    mistake: str = ""
    advice: str = ""
    unsure: bool = False
    missing: bool = False

    @property
    def verdict(self):
        """ "ok", "not yet", "unsure", or "open" as long as the answer is missing."""
        if self.says == NOT_ANSWERED:
            return "open"
        return "ok" if self.ok else "unsure" if self.unsure else "not yet"

    def __str__(self):
        word = "not yet" if self.verdict == "open" else self.verdict
        lines = [f"{word:7}  {self.what}: {self.says}"]
        if self.advice:
            lines.append(f"         {self.mistake}: {self.advice}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Report:
    """What a check found. True when something was looked at and all is right; not where it cannot tell.

    Prints as text, shows as a card in a notebook, where the hints wait to be opened.
    hint, earlier_hints    for this attempt, and for those before it
    """

    title: str
    findings: tuple
    hint: str = ""
    earlier_hints: tuple = ()

    @property
    def ok(self):
        return bool(self.findings) and all(finding.ok for finding in self.findings)

    @property
    def verdict(self):
        """ "right", "not yet", "cannot tell" where nothing is wrong that can be seen, or "your turn"
        as long as an answer is missing."""
        verdicts = {finding.verdict for finding in self.findings}
        if "open" in verdicts:
            return "your turn"
        if self.ok or "unsure" not in verdicts or "not yet" in verdicts:
            return "right" if self.ok else "not yet"
        return "cannot tell"

    @property
    def mistakes(self):
        """The names of the mistakes that were recognised."""
        return tuple(f.mistake for f in self.findings if f.mistake)

    def __bool__(self):
        return self.ok

    def __str__(self):
        lines = [f"{self.title}: {self.verdict}"]
        for first, *others in _by_diagnosis(self.findings):
            lines += [f"  {first}", *(f"  {replace(each, mistake='', advice='')}" for each in others)]
        text = "\n".join(lines + ([f"  Hint: {self.hint}"] if self.hint else []))
        return text.replace("\n         ", "\n           ")

    __repr__ = __str__

    def raise_unless_ok(self):
        """Raise GradientMismatch with the whole report as its message, unless all is right."""
        if not self.ok:
            raise GradientMismatch(str(self))

    def _repr_html_(self):
        rows = "".join(map(_rows, _by_diagnosis(self.findings)))
        return card(self.verdict, self.title, f'<ul style="{_PLAIN}">{rows}</ul>{self._hints()}')

    def _hints(self):
        if not self.hint:
            return ""
        steps = "".join(f"<li>{escape(hint)}</li>" for hint in (*self.earlier_hints, self.hint))
        return f"<details><summary {_KEEPS_ITS_KEYS}>Hint.</summary><ol>{steps}</ol></details>"


def card(verdict, title, content=""):
    """A card: a verdict, a title, and below them the HTML of its content."""
    title = escape(title)
    return (
        f'<div class="bplib-card {_kind(verdict)}" role="status" aria-label="{title}">{STYLE}'
        f"<div>{_word(verdict)} <b>{title}</b></div>{content}</div>"
    )


# White on these colours reaches a contrast of 4.5, and they stand out by 3 from a white and from a dark page.
# All else takes the colours of the page that it stands on.
STYLE = """<style>
.bplib-card {border-left: 5px solid var(--card); padding: 6px 12px; margin: 4px 0; line-height: 1.6}
.bplib-card.right, .bplib-card .right, .bplib-card .ok {--card: #0b7a6f}
.bplib-card.not-yet, .bplib-card .not-yet {--card: #b94a12}
.bplib-card.your-turn, .bplib-card .your-turn, .bplib-card .open,
.bplib-card.cannot-tell, .bplib-card .cannot-tell, .bplib-card .unsure {--card: #3d6fb0}
.bplib-card span {background: var(--card); color: #ffffff; border-radius: 3px; padding: 0 6px}
.bplib-card span, .bplib-card summary {font-weight: 600}
.bplib-card li {margin-top: 4px; white-space: pre-line}
.bplib-card li div {margin-left: 12px}
.bplib-card details {margin-top: 6px}
.bplib-card summary {cursor: pointer}
.bplib-card ol {margin: 0}
</style>"""


_KEEPS_ITS_KEYS = 'data-lm-suppress-shortcuts="true"'  # else x on a focused hint cuts JupyterLab's cell
_PLAIN = (
    "list-style: none; margin: 0; padding: 0"  # in its place: notebooks have rules of their own for lists
)


def _word(word):
    return f'<span class="{_kind(word)}">{word}</span>'


def _kind(word):
    return word.replace(" ", "-")


def _by_diagnosis(findings):
    """The findings in their order, as lists: those to which the same sentence applies are one list."""
    groups = {}
    for k, finding in enumerate(findings):
        groups.setdefault((finding.mistake, finding.advice) if finding.advice else k, []).append(finding)
    return list(groups.values())


def _rows(findings):
    """A row; behind it, folded, the other cases of the same diagnosis."""
    first, *others = findings
    if not others:
        return _row(first)
    cases = "".join(_row(replace(each, mistake="", advice="")) for each in others)
    more = f"<summary>The same in {len(others)} more.</summary>"
    return _row(first, f'<details>{more}<ul style="{_PLAIN}">{cases}</ul></details>')


def _row(finding, folded=""):
    advice = (
        f"<div><b>{escape(finding.mistake)}</b>: {escape(finding.advice)}</div>" if finding.advice else ""
    )
    said = f"<code>{escape(finding.what)}</code> {escape(finding.says)}"
    return f"<li>{_word(finding.verdict)} {said}{advice}{folded}</li>"
