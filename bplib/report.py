"""How a check speaks: findings, the report that lists them, and the one look they have everywhere."""

from dataclasses import dataclass
from html import escape

from .errors import GradientMismatch

NOT_ANSWERED = "not answered yet"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it was, whether it is right, and a sentence about it.

    mistake    the name of the likely mistake, where one was recognised
    advice     what that mistake is and how to mend it
    """

    what: str
    ok: bool
    says: str
    mistake: str = ""
    advice: str = ""

    def __str__(self):
        lines = [f"{'ok     ' if self.ok else 'not yet'}  {self.what}: {self.says}"]
        if self.advice:
            lines.append(f"         {self.mistake}: {self.advice}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Report:
    """What a check found. True when something was looked at and all is right.

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
        """ "right", "not yet", or "your turn" as long as an answer is missing."""
        if any(finding.says == NOT_ANSWERED for finding in self.findings):
            return "your turn"
        return "right" if self.ok else "not yet"

    @property
    def mistakes(self):
        """The names of the mistakes that were recognised."""
        return tuple(f.mistake for f in self.findings if f.mistake)

    def __bool__(self):
        return self.ok

    def __str__(self):
        lines = [f"{self.title}: {self.verdict}", *(f"  {f}" for f in self.findings)]
        text = "\n".join(lines + ([f"  Hint: {self.hint}"] if self.hint else []))
        return text.replace("\n         ", "\n           ")

    __repr__ = __str__

    def raise_unless_ok(self):
        """Raise GradientMismatch with the whole report as its message, unless all is right."""
        if not self.ok:
            raise GradientMismatch(str(self))

    def _repr_html_(self):
        title, findings = escape(self.title), "".join(map(_row, self.findings))
        return (
            f'<div class="bplib-card {_kind(self.verdict)}" role="status" aria-label="{title}">{STYLE}'
            f"<div>{_word(self.verdict)} <b>{title}</b></div>"
            f'<ul style="{_PLAIN}">{findings}</ul>{self._hints()}</div>'
        )

    def _hints(self):
        if not self.hint:
            return ""
        steps = "".join(f"<li>{escape(hint)}</li>" for hint in (*self.earlier_hints, self.hint))
        return f"<details><summary>Hint.</summary><ol>{steps}</ol></details>"


# White on these colours reaches a contrast of 4.5, and they stand out by 3 from a white and from a dark page.
# All else takes the colours of the page that it stands on.
STYLE = """<style>
.bplib-card {border-left: 5px solid var(--card); padding: 6px 12px; margin: 4px 0; line-height: 1.6}
.bplib-card.right, .bplib-card .right, .bplib-card .ok {--card: #0b7a6f}
.bplib-card.not-yet, .bplib-card .not-yet {--card: #b94a12}
.bplib-card.your-turn, .bplib-card .your-turn, .bplib-card .open {--card: #3d6fb0}
.bplib-card span {background: var(--card); color: #ffffff; border-radius: 3px; padding: 0 6px}
.bplib-card span, .bplib-card summary {font-weight: 600}
.bplib-card li {margin-top: 4px; white-space: pre-line}
.bplib-card li div {margin-left: 12px}
.bplib-card details {margin-top: 6px}
.bplib-card summary {cursor: pointer}
.bplib-card ol {margin: 0}
</style>"""


_PLAIN = (
    "list-style: none; margin: 0; padding: 0"  # in its place: notebooks have rules of their own for lists
)


def _word(word):
    return f'<span class="{_kind(word)}">{word}</span>'


def _kind(word):
    return word.replace(" ", "-")


def _row(finding):
    word = "ok" if finding.ok else "open" if finding.says == NOT_ANSWERED else "not yet"
    advice = (
        f"<div><b>{escape(finding.mistake)}</b>: {escape(finding.advice)}</div>" if finding.advice else ""
    )
    return f"<li>{_word(word)} <code>{escape(finding.what)}</code> {escape(finding.says)}{advice}</li>"
