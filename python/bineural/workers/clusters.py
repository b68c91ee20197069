"""Jobs on a cluster that joblib's backend is of: Dask's or Ray's own futures.

joblib says which cluster and how many workers. Its bridges are not used for the work itself: that to Dask
(joblib 1.6) waits for ever where a worker dies, and that to Ray starts all processes anew in each call and
waits for ever for one that finds no place.
"""

import os
import time
from collections import deque

from bineural.errors import BineuralWarning, InputError
from bineural.messages import warn
from bineural.workers.by_joblib import died_of
from bineural.workers.calls import call

LOOK = 0.02  # seconds between two looks at what is done
PATIENCE = 60.0  # seconds that a cluster may be without any worker


class WorkerDiedError(Exception):
    """The worker of a job died; `final` where the cluster has tried others already."""

    def __init__(self, how, final=False):
        super().__init__(how)
        self.final = final


def each(cluster, n_workers, jobs, names):
    """Yield what is heard of each job, in order.

    A job whose worker died is done again alone, as what it had may have gone with another's worker.

    Parameters
    ----------
    cluster : DaskCluster or RayCluster
    n_workers : int
        Jobs that are under way at the same time.
    jobs : list
    names : list of str
        What an error calls each job.

    Raises
    ------
    InputError
        If a worker dies of a job that is alone too, or the cluster has had no worker for a minute.
    """
    todo, under_way, heard = deque(range(len(jobs))), {}, {}
    again, alone = deque(), set()
    n_given, seen = 0, time.monotonic()
    try:
        while n_given < len(jobs):
            if again and not under_way:
                alone = {place := again.popleft()}
                under_way[cluster.submit(jobs[place])] = place
            while todo and not again and not alone and len(under_way) < n_workers:
                place = todo.popleft()
                under_way[cluster.submit(jobs[place])] = place
            for handle in cluster.done(list(under_way)):
                place = under_way.pop(handle)
                try:
                    heard[place] = cluster.result(handle)
                except WorkerDiedError as died:
                    if died.final or place in alone:
                        raise died_of(names[place], f" ({died})") from died
                    if not again:
                        warn(
                            BineuralWarning, "A worker process died, and fits were done again, one at a time."
                        )
                    again.append(place)
                alone.discard(place)
            if cluster.has_workers():
                seen = time.monotonic()
            elif time.monotonic() - seen > PATIENCE:
                raise no_workers(
                    cluster.name, f"for {PATIENCE:.0f} seconds; {len(jobs) - n_given} jobs are left"
                )
            while n_given in heard:
                yield heard.pop(n_given)
                n_given += 1
    finally:
        cluster.cancel(list(under_way))


def no_workers(name, how_long):
    """Return the error of a cluster that nobody works in."""
    return InputError(
        f"{name} must have a worker.",
        f"It has had none {how_long}.",
        "Start workers again, or leave out n_jobs and the backend.",
    )


class DaskCluster:
    """The cluster of joblib's Dask backend."""

    name = "The Dask cluster"

    def __init__(self, backend, function, shared):
        self.client, self.options = backend.client, dict(getattr(backend, "submit_kwargs", {}))
        self.function, self.shared, self.sent = function, shared, None

    def submit(self, job):
        """Hand out a job; data go to all workers once."""
        if self.sent is None or self.sent.status != "finished":
            try:
                self.sent = self.client.scatter(self.shared, broadcast=True, hash=False)
            except TimeoutError as error:
                raise no_workers(self.name, "while the data waited to be sent") from error
        options = {"pure": False, **self.options}
        return self.client.submit(call, os.getpid(), self.function, self.sent, job, **options)

    def done(self, handles):
        """Return the handles of jobs that are over, after at most a short while."""
        over = [handle for handle in handles if handle.done()]
        if not over:
            time.sleep(LOOK)
        return over

    def result(self, handle):
        """Return what was heard."""
        from distributed import CancelledError, KilledWorker

        if handle.status in ("cancelled", "lost"):
            self.sent = None  # the data went with the workers that held them
            raise WorkerDiedError("the cluster has lost it")
        error = handle.exception() if handle.status == "error" else None
        if isinstance(error, KilledWorker):  # dask has tried several workers by then
            raise WorkerDiedError("KilledWorker", final=True)
        if error is not None:
            raise _failed(self, error) from error
        try:
            return handle.result(timeout=PATIENCE)
        except (CancelledError, TimeoutError) as error:  # its worker died before it was asked
            self.sent = None
            raise WorkerDiedError("the cluster has lost its answer") from error

    def has_workers(self):
        """Say whether any worker is there, as the client was last told."""
        return bool(self.client.scheduler_info()["workers"])

    def cancel(self, handles):
        """Take back jobs that are not over, and the data."""
        if handles:
            self.client.cancel(handles, force=True)
        self.sent = None


_OF_TASKS = "num_cpus", "num_gpus", "resources", "memory", "runtime_env", "scheduling_strategy"


class RayCluster:
    """The cluster of joblib's Ray backend; Ray's workers stay for the next call."""

    name = "The Ray cluster"

    def __init__(self, backend, function, shared):
        import ray

        self.ray = ray
        given = getattr(backend, "ray_remote_args", None) or {}
        options = {"num_cpus": 1, **{name: given[name] for name in _OF_TASKS if name in given}}
        self.remote = ray.remote(max_retries=0, **options)(call)
        self.function, self.shared, self.looked, self.has = function, ray.put(shared), 0.0, True

    def submit(self, job):
        """Hand out a job; data are in Ray's store."""
        return self.remote.remote(os.getpid(), self.function, self.shared, job)

    def done(self, handles):
        """Return the handles of jobs that are over, after at most a short while."""
        return self.ray.wait(handles, num_returns=1, timeout=10 * LOOK)[0]

    def result(self, handle):
        """Return what was heard."""
        errors = self.ray.exceptions
        try:
            return self.ray.get(handle)
        except (errors.RayTaskError, errors.RuntimeEnvSetupError) as error:
            raise _failed(self, getattr(error, "cause", None) or error) from error
        except errors.RayError as error:
            raise WorkerDiedError(type(error).__name__) from error

    def has_workers(self):
        """Say whether any processor is there; looked at once in a second."""
        if time.monotonic() - self.looked > 1:
            self.looked, self.has = time.monotonic(), self.ray.cluster_resources().get("CPU", 0) >= 1
        return self.has

    def cancel(self, handles):
        """Take back jobs that are not over."""
        for handle in handles:
            self.ray.cancel(handle, force=True)


def _failed(cluster, error):
    """Return the error of a worker that could not even begin."""
    return InputError(
        f"{cluster.name}'s workers must have bineural and all packages that models and data need.",
        f"One failed: {type(error).__name__}: {' '.join(str(error).split())[:300]}.",
        "Install the same versions on every machine.",
    )
