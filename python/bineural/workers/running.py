"""`in_workers`: one function on many jobs, wherever joblib says."""

import warnings

from bineural.errors import InputError
from bineural.messages import sentence
from bineural.workers import by_joblib, clusters
from bineural.workers.calls import Here, Shared, in_a_worker

_CLUSTERS = {"DaskDistributedBackend": clusters.DaskCluster, "RayBackend": clusters.RayCluster}


def count_workers(n_jobs, own_start=False):
    """Return in how many processes or threads jobs would run; 1 is here, one after the other.

    Parameters
    ----------
    n_jobs : int or None
        As joblib takes it; None is what `joblib.parallel_config` says, and 1 where it says nothing.
    own_start : bool
        Only count processes that start by themselves: not threads, nor copies of this process, in which
        TensorFlow could not run.
    """
    if in_a_worker():
        return 1
    backend, n_jobs, cluster = _backend(n_jobs, None if own_start else by_joblib.preferred())
    if n_jobs == 1:
        return 1
    if own_start and cluster is None and not _starts_afresh(backend):
        return 1
    if cluster is clusters.RayCluster:
        return _count_in_ray(n_jobs)
    try:
        n_workers = backend.effective_n_jobs(n_jobs)
    except TimeoutError as error:
        raise clusters.no_workers("The Dask cluster", "since it was asked how many it has") from error
    return min(n_workers, n_jobs) if cluster is not None and n_jobs > 0 else n_workers


def in_workers(n_jobs, function, shared, jobs, names, what, own_start=False):
    """Yield what a function says of each job, in the order of the jobs; its warnings are given here.

    Parameters
    ----------
    n_jobs : int or None
        See `count_workers`.
    function : callable (*shared, job)
        Of a file that workers can import.
    shared : tuple
        What every job gets; it travels once.
    jobs : list
    names : list of str
        What an error calls each job.
    what : str
        What an error calls that which can't travel.
    own_start : bool
        See `count_workers`.

    Raises
    ------
    InputError
        If a worker dies, has not what it needs, or something can't be given to it.
    """
    prefer = None if own_start else by_joblib.preferred()
    backend, n_given, cluster = _backend(n_jobs, prefer)
    if getattr(backend, "supports_sharedmem", False):
        packed = Here(shared)
    else:
        packed = _packed(shared, what)
    if cluster is None:
        heard = by_joblib.each(n_given, function, packed, jobs, names, prefer)
    else:
        heard = clusters.each(
            cluster(backend, function, packed), count_workers(n_jobs, own_start), jobs, names
        )
    try:
        for answer, error, warned in heard:
            for category, text, n_fits in warned:
                message = _as_warning(category, text)
                message.n_fits = n_fits  # a comparison counts them
                warnings.warn(message, category, stacklevel=2)
            if error is not None:
                raise error
            yield answer
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # joblib's, of what was done and is not asked for any more
            heard.close()


def _backend(n_jobs, prefer=None):
    """Return joblib's active backend, how many jobs it is asked for, and what cluster it is of, or None."""
    from joblib.parallel import get_active_backend

    backend, configured = get_active_backend(prefer=prefer)
    n_jobs = configured if n_jobs is None else n_jobs
    if n_jobs is None:
        n_jobs = getattr(backend, "default_n_jobs", 1)
    names = [cls.__name__ for cls in type(backend).__mro__]
    cluster = next((_CLUSTERS[name] for name in names if name in _CLUSTERS), None)
    return backend, n_jobs, cluster


def _starts_afresh(backend):
    return any(cls.__name__ == "LokyBackend" for cls in type(backend).__mro__)


def _count_in_ray(n_jobs):
    import ray

    if not ray.is_initialized():
        ray.init()  # the cluster of RAY_ADDRESS, or one here
    if n_jobs > 0:
        return n_jobs
    return max(1, int(ray.cluster_resources().get("CPU", 1)) + 1 + n_jobs)


def _packed(shared, what):
    try:
        return Shared(shared)
    except Exception as error:
        raise InputError(
            "A model that is fitted in other processes must be one that these can be given.",
            f"{what} can't: {sentence(error)}",
            "Leave out n_jobs, or define it at the top of a file.",
        ) from error


def _as_warning(category, text):
    try:
        return category(text)
    except TypeError:  # a warning that is made of something else than its text
        return UserWarning(text)
