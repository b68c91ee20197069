"""The parts of a stack, one after the other: results, progress, checkpoint and Ctrl-C between rounds."""

from bineural.errors import InputError
from bineural.training.checkpoint import damaged_state
from bineural.training.interrupts import Abandoned
from bineural.training.one_by_one import OneByOne, reason
from bineural.training.run import TrainingInterrupted


def run_parts(parts, ways, n_replicas, progress, look, checkpoint=None, state=None):
    """Run all parts; return a list of `Trained`.

    Parameters
    ----------
    parts : list of ndarray of int
        The numbers of the replicas in each part.
    ways : callable
        Yields the runs that may train a part, `StackRun` or `OneByOne`; the next where one can't.
    n_replicas : int
    progress : callable or None
    look : callable
        Raises KeyboardInterrupt when Ctrl-C came.
    checkpoint : Checkpoint, optional
    state : dict, optional
        What the checkpoint held.
    """
    state = state or {"begun": 0, "results": [None] * n_replicas, "done": 0, "run": None}
    results, done, begun, run = state["results"], state["done"], state["begun"], None

    def whole_state():
        return {"begun": begun, "results": results, "done": done, "run": None if run is None else run.state()}

    def tell(new_epochs, finished=0):
        nonlocal done
        done += new_epochs
        if progress is not None:
            progress(done, finished + sum(r is not None for r in results))
        if checkpoint is not None:
            checkpoint.write_sometimes(whole_state)
        look()

    while begun < len(parts):
        failed = []
        for run in ways(parts[begun]):
            if state["run"] is not None:
                if state["run"].get("way") != run.way:
                    continue
                run.restore(state["run"])
                state = {"run": None}
            try:
                trained = run.go(tell)
                break
            except Abandoned:
                raise
            except KeyboardInterrupt:
                if checkpoint is not None:
                    checkpoint.write(whole_state())
                partial = list(results)
                for i, one in zip(parts[begun], run.results()):
                    partial[i] = one
                raise TrainingInterrupted(partial) from None
            except InputError:
                raise
            except Exception as error:
                if run.done or isinstance(run, OneByOne):
                    for stack in failed:
                        stack.why = ""
                    raise  # also an error of the user's own: one net alone shows it as it is
                run.stack.why = reason(error, run.stack.step.model)
                failed.append(run.stack)
        if state["run"] is not None:
            raise damaged_state("nets on a way that does not exist")
        for i, one in zip(parts[begun], trained):
            results[i] = one
        begun, run = begun + 1, None
    if checkpoint is not None:
        checkpoint.write(whole_state())
    return results
