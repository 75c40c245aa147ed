"""The card of a check: what it says, how it is built for ears as well as for eyes, and its colours."""

import re
import xml.etree.ElementTree as ET

import pytest

from bplib.check.report import Finding, Report
from bplib.course.exercise import question

RIGHT = Finding("dx", True, "agrees")
WRONG = Finding("d<y>", False, "differs: yours 3 & more", "sign", "turn <it> round")
OPEN = Finding("dz", False, "not answered yet")
UNSURE = Finding("dw", False, "cannot tell here: it is on an edge", unsure=True)


def card(*findings, **options):
    return ET.fromstring(Report("Exp.backward", findings, **options)._repr_html_())


def text_of(element):
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize(
    "findings, verdict, words",
    [
        ((RIGHT, RIGHT), "right", ["ok", "ok"]),
        ((RIGHT, WRONG), "not yet", ["ok", "not yet"]),
        ((RIGHT, OPEN), "your turn", ["ok", "open"]),
        ((RIGHT, UNSURE), "cannot tell", ["ok", "unsure"]),
        ((RIGHT, UNSURE, WRONG), "not yet", ["ok", "unsure", "not yet"]),
        ((RIGHT, UNSURE, OPEN), "your turn", ["ok", "unsure", "open"]),
    ],
    ids=["right", "wrong", "open", "unsure", "unsure and wrong", "unsure and open"],
)
def test_the_verdict_stands_in_words_before_the_title_and_before_every_finding(findings, verdict, words):
    shown = card(*findings)
    head, rows = shown.find("div"), shown.findall("ul/li")
    assert text_of(head) == f"{verdict} Exp.backward"
    assert [row.find("span").text for row in rows] == words
    assert text_of(rows[0]) == "ok dx agrees"


def test_where_it_cannot_tell_a_report_neither_passes_nor_counts_an_attempt():
    @question("is it four?", "count", "more than three")
    def four(n):
        yield UNSURE if n is None else Finding("n", n == 4, f"{n} it is")

    report = four(None)
    assert not report and report.mistakes == () and report.hint == "" and four.attempts == 0
    assert "unsure   dw: cannot tell here" in str(report)


def test_a_diagnosis_names_the_mistake_in_bold_and_says_what_to_do():
    row = card(WRONG).find("ul/li")
    assert row.find("div/b").text == "sign"
    assert text_of(row) == "not yet d<y> differs: yours 3 & moresign: turn <it> round"


def test_hints_wait_to_be_opened_the_newest_last():
    hints = card(WRONG, hint="third (3 of 3)", earlier_hints=("first", "second")).find("details")
    assert hints.get("open") is None
    assert text_of(hints.find("summary")) == "Hint."
    assert [hint.text for hint in hints.findall("ol/li")] == ["first", "second", "third (3 of 3)"]
    assert card(RIGHT).find("details") is None


def test_a_card_is_spoken_when_it_appears_and_has_its_title_for_a_name():
    shown = card(WRONG)
    assert (shown.get("role"), shown.get("aria-label")) == ("status", "Exp.backward")


def test_a_title_cannot_leave_its_place():
    html = Report('a" onclick="b', (RIGHT,))._repr_html_()
    assert ET.fromstring(html).get("aria-label") == 'a" onclick="b'
    assert ET.fromstring(html).get("onclick") is None


def test_the_text_of_a_report_has_the_present_hint_only():
    assert (
        str(Report("t", (RIGHT,), "second", ("first",))) == "t: right\n  ok       dx: agrees\n  Hint: second"
    )


def contrast(a, b):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_words_can_be_read_and_stand_out_from_a_light_and_from_a_dark_page():
    grounds = re.findall(r"--card: (#\w{6})", Report("t", (RIGHT,))._repr_html_())
    assert len(set(grounds)) == 3
    for ground in grounds:
        assert contrast("#ffffff", ground) >= 4.5
        assert min(contrast(ground, page) for page in ("#ffffff", "#111111")) >= 3


def test_a_question_brings_one_hint_more_with_every_wrong_attempt():
    @question("is it four?", "count", "more than three", "2 + 2")
    def four(n):
        yield Finding("n", n == 4, f"{n} it is")

    steps = [re.findall("<li>([^<]+)</li>", four(3)._repr_html_()) for _ in range(4)]
    assert steps == [
        ["count (1 of 3)"],
        ["count", "more than three (2 of 3)"],
        ["count", "more than three", "2 + 2 (3 of 3)"],
        ["count", "more than three", "2 + 2 (3 of 3)"],
    ]
