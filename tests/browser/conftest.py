"""A real JupyterLab and a real Chromium for the tests in this folder.

A test opens a notebook by its path, ``page = lab.open("notebooks/01_chain_rule.ipynb")`` (a copy: the file
stays as it is), runs it, ``page.run_all()``, and asks ``page.widget()``, ``page.errors`` or playwright's own
``page.page``. The numbers of a widget's picture are in ``page.widget().locator(".picture svg")``.
"""

import base64
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from bplib.widgets import Widget
from bplib.widgets.base import module as one_module

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "bplib/widgets/static"
PAGE = "http://static.test"
CHROMIUM_FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync""".split()
NO_CHROMIUM = """The browser tests need Chromium, and none was found.
Install it (Debian, Ubuntu: sudo apt-get install chromium; macOS: brew install --cask chromium),
or name one: BPLIB_CHROMIUM=/path/to/chrome"""


def chromium_path():
    """The browser that BPLIB_CHROMIUM names, else the first one on the PATH."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("BPLIB_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return found or pytest.fail(NO_CHROMIUM, pytrace=False)


@pytest.fixture(scope="session")
def chromium():
    executable = chromium_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield Patient(browser)
        browser.close()


class Patient:
    """A browser whose pages wait as long as a busy machine needs: no test depends on the load."""

    MILLISECONDS = 150_000

    def __init__(self, browser):
        self.browser = browser

    def new_page(self, **options):
        return self.patient(self.browser.new_page(**options))

    def new_context(self, **options):
        return self.patient(self.browser.new_context(**options))

    def patient(self, opened):
        opened.set_default_timeout(self.MILLISECONDS)
        return opened


@pytest.fixture(scope="session")
def module(chromium):
    """Ask a file of bplib/widgets/static, imports as they stand: module("gates")("run(...xs)", trace, xs)."""
    page = chromium.new_page()
    page.route(f"{PAGE}/*.js", lambda route: route.fulfill(path=STATIC / Path(route.request.url).name))
    page.route(f"{PAGE}/", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto(f"{PAGE}/")

    def load(name):
        names = page.evaluate("async (url) => Object.keys(await import(url))", f"./{name}.js")
        exported = f"const {{ {', '.join(set(names) - {'default'})} }} = await import('./{name}.js')"
        return lambda code, *xs: page.evaluate(f"async (xs) => {{ {exported}; return {code} }}", list(xs))

    yield load
    page.close()


@pytest.fixture
def view(chromium):
    """Show a widget on a plain page, neither JupyterLab nor Python behind it: view(widget) -> locator.

    Its element has the ``model`` (``model.sent`` is what it has sent, ``model.receive(content)`` answers) and
    ``cleanUp``, which ends the view.
    """
    page = chromium.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def show(widget):
        page.add_style_tag(content=str(widget._css))
        page.evaluate(SHOW, [as_url(widget._esm), as_url(one_module("page")), state_of(widget)])
        return page.locator(".bplib-widget")

    yield show
    page.close()
    assert errors == []


def state_of(widget):
    """What a widget tells the browser, without what ipywidgets tells of every widget."""
    own = set(widget.keys) - set(Widget.class_trait_names(sync=True)) | {"data"}
    return {name: getattr(widget, name) for name in own if not name.startswith("_")}


def keeps_its_keys(element):
    """Whether JupyterLab is told to leave the keys to this element, once it has the focus."""
    element.focus()
    return element.get_attribute("data-lm-suppress-shortcuts") == "true"


def as_url(javascript):
    """A module that the browser can import as it stands."""
    return "data:text/javascript;base64," + base64.b64encode(str(javascript).encode()).decode()


SHOW = """async ([url, pageUrl, state]) => {
    const { render } = (await import(url)).default;
    const { modelOf } = await import(pageUrl);
    const model = modelOf(state);
    Object.assign(model, {
        sent: [],
        send: (content) => model.sent.push(content),
        receive: (content, buffers = []) => model.tell("msg:custom", content, buffers),
    });
    const cleanUp = render({ model, el: document.body });
    Object.assign(document.querySelector(".bplib-widget"), { model, cleanUp });
}"""


@pytest.fixture(scope="session")
def lab(chromium, tmp_path_factory):
    """A JupyterLab of its own: its own folder, settings and port; gone after the tests."""
    with JupyterLab(tmp_path_factory.mktemp("jupyterlab")) as server:
        yield Lab(server, chromium)


@pytest.fixture(scope="session")
def jupyter_server():
    """The class of a server, for a test that needs one with settings of its own."""
    return JupyterLab


class JupyterLab:
    """A JupyterLab server in ``folder``, as a context manager."""

    def __init__(self, folder):
        self.notebooks, self.log = folder / "notebooks", folder / "server.log"
        self.notebooks.mkdir()
        write_settings(folder / "config/lab/user-settings")
        self.token, self.port = secrets.token_hex(16), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "IPYTHONDIR": str(folder / "ipython"),
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
        }

    def __enter__(self):
        command = [sys.executable, "-m", "jupyterlab"]
        command += ["--no-browser", "--expose-app-in-browser", "--allow-root"]
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.root_dir": self.notebooks,
            "IdentityProvider.token": self.token,
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        }
        command += [f"--{name}={value}" for name, value in options.items()]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_ready()
        return self

    def __exit__(self, *_):
        self.process.terminate()  # the server ends its kernels first
        try:
            self.process.wait(timeout=100)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wait_until_ready(self, seconds=300):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/api/status?token={self.token}", timeout=20).close()
                return
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        pytest.fail(f"JupyterLab did not start:\n{self.log.read_text()[-3000:]}", pytrace=False)


def write_settings(folder):
    """No question about news: it would cover the page."""
    settings = folder / "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text('{"fetchNews": "false"}')


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


NOTEBOOK = "window.jupyterapp.shell.currentWidget"
PRINTED = f"""async (code) => {{
    const request = {NOTEBOOK}.sessionContext.session.kernel.requestExecute({{ code }});
    let printed = "";
    request.onIOPub = (message) => (printed += message.content.text ?? "");
    await request.done;
    return printed;
}}"""


class Lab:
    """Opens notebooks in JupyterLab."""

    def __init__(self, server, chromium):
        self.server, self.chromium = server, chromium

    def open(self, notebook, theme="light", width=1280):
        """A page with a copy of ``notebook`` (a path, relative to the repository or absolute)."""
        folder = secrets.token_hex(4)  # its own, so that no kernel or tab of an earlier test comes back
        copy = self.server.notebooks / folder / Path(notebook).name
        copy.parent.mkdir()
        shutil.copy(ROOT / notebook, copy)
        page = self.chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
        return NotebookPage(page, self.server, f"{folder}/{copy.name}", theme)

    def open_again(self, closed):
        """The same file as a page that has been closed showed it, with a new kernel: the next day."""
        page = self.chromium.new_page(viewport={"width": 1280, "height": 900})
        return NotebookPage(page, self.server, closed.path, "light")


OF_JUPYTERLAB = "Could not restore the debugger state"  # its own complaint about a page that closes early


class NotebookPage:
    """One notebook in JupyterLab. ``page`` is playwright's; ``errors`` what the console complained about."""

    def __init__(self, page, server, path, theme):
        self.page, self.path, self.errors = page, path, []
        page.on("console", self.note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{server.url}/lab/workspaces/{Path(path).parent}/tree/{path}?token={server.token}")
        page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 0")
        self.set_theme(theme)

    def note(self, message):
        if message.type == "error" and not message.text.startswith(OF_JUPYTERLAB):
            self.errors.append(message.text)

    def set_theme(self, theme):
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
            f"JupyterLab {theme.capitalize()}",
        )
        is_light = str(theme == "light").lower()
        self.page.wait_for_selector(f"body[data-jp-theme-light='{is_light}']", state="attached")

    def run_all(self):
        """Run every cell and wait until the kernel rests; a cell that raises fails the test."""
        self.rest()
        ran = self.page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        assert ran, f"a cell failed: {self.page.locator('.jp-OutputArea-output').last.inner_text()}"
        self.rest()

    def rest(self):
        """Wait until the kernel is there and has nothing to do."""
        idle = f"{NOTEBOOK}.sessionContext.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(idle, timeout=300_000)

    def python(self, code):
        """What the notebook's kernel prints when it runs this code."""
        return self.page.evaluate(PRINTED, code).strip()

    def widget(self, number=0):
        """The nth widget of the notebook."""
        return self.page.locator(".bplib-widget").nth(number)

    def save(self):
        self.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
        self.page.wait_for_function(f"!{NOTEBOOK}.context.model.dirty")

    def screenshot(self, path):
        self.page.screenshot(path=path)

    def close(self):
        self.page.evaluate(f"{NOTEBOOK}.sessionContext.shutdown()")
        self.page.close()
