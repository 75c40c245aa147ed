import json, shutil, time
from pathlib import Path
def test_probe(lab):
    p = lab.open("notebooks/glossary.ipynb")
    folder = max(lab.server.notebooks.iterdir(), key=lambda f: f.stat().st_mtime)
    for f in Path("notebooks").glob("*.ipynb"):
        if not (folder/f.name).exists(): shutil.copy(f, folder/f.name)
    for word, want in [("log-softmax", "5.9"), ("U-curve","1.2"), ("saturated","6.6"), ("kink", "7.7")]:
        p.page.evaluate("window.jupyterapp.commands.execute('docmanager:open', {path: '%s/glossary.ipynb'})" % folder.name)
        p.page.wait_for_timeout(2500)
        row = p.page.locator("tr:visible").filter(has_text=word).first
        row.get_by_role("link").last.scroll_into_view_if_needed()
        row.get_by_role("link").last.click()
        p.page.wait_for_timeout(8000)
        h = p.page.evaluate("""() => [...document.querySelectorAll('h2')].filter(e => {const r=e.getBoundingClientRect(); return r.top>=0 && r.top<900 && r.width>0}).map(e => [e.textContent, Math.round(e.getBoundingClientRect().top), e.id, e.getAttribute('data-jupyter-id')])""")
        print(word, want, h)
        p.page.screenshot(path=f"/tmp/l01/link-{want}.png")
    print(p.errors); p.close()
