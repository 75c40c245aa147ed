"""Who runs the trials of a batch: threads of this process, or the workers of a Dask cluster.

Workers see no gradebook: a trial is plain data, and so is what it shows.
"""

import asyncio
import os
import warnings
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from .. import DISTRIBUTION
from ..errors import BplibError, InputError, need
from .sandbox.bubblewrap import NoSandbox, command
from .sandbox.link import Lost
from .trial import ground_for


class Here:
    """Runs trials in threads of this process; the work is done in the sandboxes that they start.

    environment    what tests find in it beside what this process has
    """

    def __init__(self, limits, readable, environment=()):
        self.limits, self.readable = limits, readable
        self.environment = os.environ | dict(environment)  # now: nbgrader changes it meanwhile
        self.ground, self.lock, self.closed = None, Lock(), False

    def run(self, trial):
        """What the trial shows. If the ground goes down meanwhile, the trial runs again, alone: only the one
        that did it does it again. Raises Lost then."""
        ground = self.common(trial)
        try:
            return trial.run(ground)
        except (Lost, OSError):
            if self.closed or ground.is_alive():
                raise
        with self.lock:
            if ground is self.ground:
                self.ground = None
                ground.close()
        with self.new(trial) as ground:
            try:
                return trial.run(ground)
            except (Lost, OSError) as problem:
                if self.closed or ground.is_alive():
                    raise
                raise Lost(f"it ended the sandbox twice, the second time alone in it ({problem})") from None

    def common(self, trial):
        """The ground that all trials run on."""
        with self.lock:
            if self.closed:
                raise Lost("was stopped")
            if self.ground is None:
                self.ground = self.new(trial)
            return self.ground

    def new(self, trial):
        return ground_for(trial, self.limits, self.readable, self.environment)

    def close(self):
        """End what still runs."""
        self.closed = True
        if self.ground:
            self.ground.close()


@dataclass
class Pool:
    """submit(trial) gives a future of what the trial shows; `size` of them are kept on their way."""

    submit: callable
    size: int


@contextmanager
def workers_for(limits, readable, workers, scheduler):
    """A Pool. Raises InputError or NoSandbox if the cluster behind the address `scheduler` cannot do it."""
    if scheduler:
        with on_cluster(scheduler) as client:
            cluster = Cluster(client, scheduler, (limits, readable, of_the_course()))
            yield Pool(cluster.submit, 2 * sum(client.nthreads().values()))
        return
    here = Here(limits, readable)
    threads = ThreadPoolExecutor(workers)
    try:
        yield Pool(lambda trial: threads.submit(here.run, trial), workers + 1)
    finally:
        here.close()
        threads.shutdown(cancel_futures=True)


# ------------------------------------------------------------------------------------------------ a cluster

CONNECT = 5  # seconds that a scheduler has to answer
PATIENCE = 30  # seconds to wait for a worker when there is none
DECIDE = ("python", "numpy", DISTRIBUTION)  # what a notebook shows
GOES_ON = (
    "What was finished is kept: the same command goes on from there, without --scheduler on this machine."
)


class ClusterLost(BplibError):
    """The cluster went away in the middle of a batch."""


class Cluster:
    """Has the workers of a cluster run trials.

    settings    what run_on_worker takes beside a trial
    """

    def __init__(self, client, address, settings):
        self.client, self.address, self.settings = client, address, settings

    def submit(self, trial):
        return asyncio.run_coroutine_threadsafe(self.shown(trial), self.client.loop.asyncio_loop)

    async def shown(self, trial):
        """What a trial shows, whichever worker runs it: Dask gives it to another one when the first dies."""
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        task = self.client.submit(run_on_worker, trial, *self.settings, pure=False, retries=2)
        result = asyncio.ensure_future(task.result())
        try:
            while not (await asyncio.wait([result], timeout=PATIENCE))[0]:
                await self.client.wait_for_workers(1, PATIENCE)
        except TimeoutError:
            raise ClusterLost(f"no worker is left at {self.address}. {GOES_ON}") from None
        except OSError:
            raise self.gone() from None
        finally:
            result.cancel()
        try:
            return result.result()
        except KilledWorker as problem:
            tried = problem.allowed_failures + 1
            raise Lost(f"the workers that took it died, {tried} of {tried}; their logs may say why") from None
        except (CancelledError, CommClosedError):
            raise self.gone() from None

    def gone(self):
        return ClusterLost(f"the Dask scheduler at {self.address} has gone away. {GOES_ON}")


@contextmanager
def on_cluster(address):
    """A client of the scheduler, when all its workers are fit for the work."""
    try:
        import dask
    except ImportError:
        raise need("distributed") from None
    silent = dict.fromkeys(("distributed", "distributed.client", "tornado.application"), "critical")
    dask.config.update_defaults({"logging": silent})  # what matters is said here, in a sentence
    from distributed import Client

    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})  # some hand-ins are large
    try:
        with ThreadPoolExecutor(1) as apart:  # from an event loop of the caller's, as in a notebook
            apart.submit(lambda: asyncio.run(asyncio.wait_for(call(address), CONNECT))).result()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared below
            client = Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, TypeError, ValueError) as problem:
        why = str(problem) or f"no answer in {CONNECT} s"
        raise InputError(f"there is no Dask scheduler at {address} ({why})") from None
    with client:
        expect_workers(client, address)
        yield client


async def call(address):
    """Ask whether a scheduler is there. A Client that nobody answers may wait for ever."""
    from distributed import Security, rpc

    async with rpc(address, connection_args=Security().get_connection_args("client")) as scheduler:
        await scheduler.identity()


def expect_workers(client, address):
    """Raise InputError without workers or with other versions than here, NoSandbox if one has no sandbox."""
    try:
        client.wait_for_workers(1, PATIENCE)
    except TimeoutError:
        start = f"dask worker {address}"
        raise InputError(f"no worker has come to {address} in {PATIENCE} s; start one: {start}") from None
    expect_same_versions(client.get_versions(packages=[DISTRIBUTION]))
    for worker, problem in client.run(command, [], on_error="return").items():
        if isinstance(problem, NoSandbox):
            raise NoSandbox(f"The worker at {worker} says:\n{problem}")


def expect_same_versions(versions):
    """Whoever runs a notebook, it gets the same score."""
    mine = versions["client"]["packages"]
    others = {}
    for place, found in {"the scheduler": versions["scheduler"], **versions["workers"]}.items():
        for package in DECIDE:
            if found["packages"][package] != mine[package]:
                others.setdefault((package, found["packages"][package]), []).append(place)
    if others:
        found = "; ".join(
            f"{package} is {mine[package]} here, {theirs or 'missing'} at {', '.join(places)}"
            for (package, theirs), places in others.items()
        )
        raise InputError(f"{found}. Scores would depend on who runs a notebook: install the same everywhere.")


def of_the_course():
    """What nbgrader_config.py has told the tests, for the environment of the workers."""
    return tuple((name, os.environ[name]) for name in ("BPLIB_COURSE_SEED",) if name in os.environ)


ON_THIS_WORKER = {}


def run_on_worker(trial, *settings):
    """On a Dask worker: run a trial in the sandbox of its machine. Raises NoSandbox, or Lost for all else.

    Dask's client waits for ever for an exception with a traceback that it cannot rebuild, a long one for
    example. So these two are made anew, outside of `except`, and bring no other with them.
    """
    try:
        return ON_THIS_WORKER.setdefault(settings, Here(*settings)).run(trial)
    except NoSandbox as problem:
        from distributed import get_worker

        told = NoSandbox(f"The worker at {get_worker().address} says:\n{problem}")
    except Exception as problem:
        told = Lost(str(problem) or type(problem).__name__)
    raise told
