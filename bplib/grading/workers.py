"""Who runs the trials of a batch: threads of this process, or the workers of a Dask cluster.

Workers see no gradebook: a trial is plain data, and so is what it shows.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from ..errors import InputError
from .sandbox.link import Lost
from .trial import ground_for


class Here:
    """Runs trials in threads of this process; the work is done in the sandboxes that they start."""

    def __init__(self, limits, readable):
        self.limits, self.readable = limits, readable
        self.ground, self.lock, self.closed = None, Lock(), False

    def run(self, trial):
        for last_try in (False, True):
            ground = self.alive(trial)
            try:
                return trial.run(ground)
            except (Lost, OSError):
                if last_try or self.closed or ground.is_alive():
                    raise

    def alive(self, trial):
        """The ground; a new one if somebody has killed its servers."""
        with self.lock:
            if self.closed:
                raise Lost("was stopped")
            if self.ground is None or not self.ground.is_alive():
                if self.ground:
                    self.ground.close()
                self.ground = ground_for(trial, self.limits, self.readable)
            return self.ground

    def close(self):
        """End what still runs."""
        self.closed = True
        if self.ground:
            self.ground.close()


ON_THIS_WORKER = {}


def run_on_worker(trial, limits, readable):
    """On a Dask worker: run a trial in the sandbox of its machine."""
    return ON_THIS_WORKER.setdefault((limits, readable), Here(limits, readable)).run(trial)


@dataclass
class Pool:
    """submit(trial) gives a future of what the trial shows; `size` of them are kept on their way."""

    submit: callable
    size: int


@contextmanager
def workers_for(limits, readable, workers, scheduler):
    if scheduler:
        with on_cluster(scheduler) as client:
            executor = client.get_executor(pure=False, retries=2)
            size = 2 * max(1, sum(client.nthreads().values()))
            yield Pool(lambda trial: executor.submit(run_on_worker, trial, limits, readable), size)
        return
    here = Here(limits, readable)
    threads = ThreadPoolExecutor(workers)
    try:
        yield Pool(lambda trial: threads.submit(here.run, trial), workers + 1)
    finally:
        here.close()
        threads.shutdown(cancel_futures=True)


@contextmanager
def on_cluster(address):
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            "a cluster needs Dask: pip install distributed, on this machine and on every worker"
        ) from None
    try:
        client = Client(address, timeout=10)
    except OSError as error:
        raise InputError(f"there is no Dask scheduler at {address} ({error})") from None
    with client:
        yield client
