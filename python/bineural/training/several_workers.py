"""One net on several processes: each takes its part of every batch, and what they found is summed.

The processes are those that the environment variable TF_CONFIG names, under TensorFlow's
`MultiWorkerMirroredStrategy`. All run the same program with the same rows; the state of the net is the same
in all of them after each step. What could differ by chance (seeds that are drawn, how many epochs come before
the next look, Ctrl-C, the state in a checkpoint) is the first one's word.
"""

import contextlib
import json
import os

from bineural._tensorflow import tf
from bineural.errors import InputError
from bineural.workers import in_a_worker

NAME = "workers"
_EXAMPLE = '{"cluster": {"worker": ["host1:12345", "host2:12345"]}, "task": {"type": "worker", "index": 0}}'
_made = []


class WorkerLostError(InputError):
    """Another worker has ended."""


class Workers:
    """The processes that train one net, as one of them sees them.

    Attributes
    ----------
    count : int
    rank : int
        Number of this one; the first is 0.
    """

    def __init__(self, strategy):
        self._strategy, self._graphs = strategy, {}
        self.count, self.rank = strategy.num_replicas_in_sync, strategy.cluster_resolver.task_id

    @property
    def is_first(self):
        """Whether this is the process whose word counts, and that writes checkpoints."""
        return self.rank == 0

    def own_part(self, rows):
        """Return those of a batch's row numbers that are this process's: every `count`-th."""
        return rows[self.rank :: self.count]

    def run(self, function, *arguments):
        """Run a function of tensors such that `sum_over_workers` works in it."""
        return self._strategy.run(function, args=arguments)

    def agree(self, values):
        """Return what the first process has: a list of tensors of equal shapes in all of them."""
        return self.run(lambda *own: sum_over_workers([self._said(value) for value in own]), *values)

    def _said(self, value):
        return value if self.is_first else tf.zeros_like(value)

    def _in_graph(self, function, *values):
        """Run in a graph: TensorFlow 2.21 crashes where eager tensors are summed over workers."""
        graph = self._graphs.setdefault(function.__name__, tf.function(function, autograph=False))
        with failing_together():
            return tf.nest.map_structure(lambda tensor: tensor.numpy(), graph(*values))

    def _sum(self, values):
        return self.run(lambda *own: sum_over_workers(list(own)), *values)

    def agreed(self, *numbers):
        """Return whole numbers as the first process has them."""
        return self._in_graph(self.agree, [tf.constant(numbers, tf.int64)])[0].tolist()

    def any(self, truth):
        """Say whether something is true in any of them."""
        return int(self._in_graph(self._sum, [tf.constant(int(truth), tf.int64)])[0]) > 0

    def agreed_arrays(self, arrays):
        """Return arrays (others give some of equal shapes and types) as the first's."""
        sent = [tf.constant(array, tf.float64) for array in arrays]  # of one type, as sums are taken together
        said = self._in_graph(self.agree, sent)
        return [told.astype(array.dtype) for told, array in zip(said, arrays)]


def sum_over_workers(values):
    """Return tensors summed over the workers of `Workers.run`; as they are in a net that is trained alone."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync < 2 or not values:
        return values
    placed = [tf.identity(value) for value in values]  # an argument of a graph has no place yet
    return context.all_reduce(tf.distribute.ReduceOp.SUM, placed)


@contextlib.contextmanager
def failing_together():
    """Say in words that another worker has ended."""
    errors = tf.errors
    try:
        yield
    except (
        errors.UnavailableError,
        errors.AbortedError,
        errors.CancelledError,
        errors.InternalError,
        errors.DeadlineExceededError,
        errors.FailedPreconditionError,
    ) as error:
        text = " ".join(str(error).split())
        text = text.rpartition("aborted by: ")[2] or text
        raise WorkerLostError(
            "All workers must live until the net is fitted.",
            f"One has ended: {text[:200].rstrip('. ')}.",
            "Start all of them again; with checkpoint= they go on from what the first had written.",
        ) from error


def refuse_workers(workers, found):
    """Refuse what is no training of one net in memory.

    Parameters
    ----------
    workers : Workers or None
    found : str
        What was found, as a sentence.
    """
    if workers is not None:
        raise InputError(
            f"device={NAME!r} trains one net on rows in memory.",
            found,
            "Read rows whole, and set `ensemble` to 1; many nets go to other processes by n_jobs.",
        )


def find_workers():
    """Return the workers of this process, made when first asked for.

    Raises
    ------
    InputError
        If TF_CONFIG does not name several processes, or TensorFlow is up already.
    """
    if in_a_worker():
        raise InputError(
            f"device={NAME!r} can't be used by workers of n_jobs: it takes all processes for one net.",
            "Found both.",
            "Leave out one of them.",
        )
    if not _made:
        _check_configuration()
        try:
            strategy = tf.distribute.MultiWorkerMirroredStrategy()
        except RuntimeError as error:
            raise InputError(
                f"device={NAME!r} must be asked for before TensorFlow has begun to compute.",
                f"It has: {' '.join(str(error).split())[:200]}.",
                "Fit this net first, and give a model of your own as a function that builds it.",
            ) from error
        _made.append(Workers(strategy))
    return _made[0]


def _check_configuration():
    given = os.environ.get("TF_CONFIG", "")
    try:
        read = json.loads(given)
        hosts, task = read["cluster"]["worker"], read["task"]
        good = len(hosts) > 1 and task["type"] == "worker" and 0 <= int(task["index"]) < len(hosts)
    except (ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise InputError(
            f"device={NAME!r} needs the environment variable TF_CONFIG, which names two or more workers.",
            f"It is {given!r}." if given else "It is not set.",
            f"Set it before Python starts, for example to {_EXAMPLE}.",
        )
