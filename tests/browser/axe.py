"""What axe-core, the checker of web pages, has against one: WCAG 2.2, levels A and AA."""

from importlib.util import find_spec

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
NO_AXE = "The accessibility tests need axe-core: python -m pip install --editable '.[test]'"

# Words of code and letters of formulas are thousands in a lesson: of those that look the same, on the same
# ground, all but the first are marked, and their contrast is not measured again.
MARK_WHAT_LOOKS_ALIKE = """() => {
    const seen = new Set();
    const ground = (part) => {
        const { backgroundColor } = getComputedStyle(part);
        const clear = backgroundColor === "rgba(0, 0, 0, 0)" && part.parentElement;
        return clear ? ground(part.parentElement) : backgroundColor;
    };
    for (const part of document.querySelectorAll(":is(pre, math) :not(:has(*))")) {
        const { color, fontSize, fontWeight, opacity } = getComputedStyle(part);
        const look = [color, fontSize, fontWeight, opacity, ground(part)].join();
        part.toggleAttribute("data-alike", seen.has(look));
        seen.add(look);
    }
}"""


def violations(page):
    """What axe-core has against a page, in words: which rule, what it asks, where."""
    if not find_spec("axe_playwright_python"):
        pytest.fail(NO_AXE, pytrace=False)
    page.evaluate(MARK_WHAT_LOOKS_ALIKE)
    found = [
        *asked(page, runOnly=TAGS, rules={"color-contrast": {"enabled": False}}),
        *asked(page, {"exclude": [["[data-alike]"]]}, runOnly=["color-contrast"]),
    ]
    return [f"{rule['id']}: {rule['help']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def asked(page, context=None, **options):
    from axe_playwright_python.sync_playwright import Axe

    return Axe().run(page, context, options | {"resultTypes": ["violations"]}).response["violations"]
