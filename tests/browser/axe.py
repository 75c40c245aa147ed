"""What axe-core, the checker of web pages, has against one: WCAG 2.2, levels A and AA."""

from importlib.util import find_spec

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
NO_AXE = "The accessibility tests need axe-core: python -m pip install --editable '.[test]'"


def violations(page):
    """What axe-core has against a page, in words: which rule, what it asks, where."""
    if not find_spec("axe_playwright_python"):
        pytest.fail(NO_AXE, pytrace=False)
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
