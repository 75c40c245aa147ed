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

    Prints as text, shows as a card in a notebook.
    """

    title: str
    findings: tuple
    hint: str = ""

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
        return _CARD.format(
            colour=COLOUR[self.verdict],
            title=escape(self.title),
            verdict=_WORD.format(colour=COLOUR[self.verdict], word=self.verdict),
            rows="".join(_row(finding) for finding in self.findings),
            hint=f'<div style="margin-top:6px"><b>Hint.</b> {escape(self.hint)}</div>' if self.hint else "",
        )


# White on these reaches a contrast of 4.5, and they stand out from a white and from a dark page.
COLOUR = {"right": "#0b7a6f", "not yet": "#b94a12", "your turn": "#3d6fb0"}
_CARD = (
    '<div role="status" style="border-left:5px solid {colour};padding:6px 12px;margin:4px 0;line-height:1.6">'
    "{verdict}&ensp;<b>{title}</b>{rows}{hint}</div>"
)
_WORD = (
    '<span style="background:{colour};color:#ffffff;border-radius:3px;padding:0 6px;font-weight:600">'
    "{word}</span>"
)


def _row(finding):
    word, verdict = ("ok", "right") if finding.ok else ("not yet", "not yet")
    if finding.says == NOT_ANSWERED:
        word, verdict = "open", "your turn"
    advice = f"<br><b>{escape(finding.mistake)}</b>: {escape(finding.advice)}" if finding.advice else ""
    return (
        f'<div style="margin-top:4px">{_WORD.format(colour=COLOUR[verdict], word=word)}&ensp;'
        f"<code>{escape(finding.what)}</code> {escape(finding.says)}{advice}</div>"
    )
