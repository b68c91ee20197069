"""What the state in a checkpoint must be, before a training goes on from it."""

import numpy as np

from bineural.bundles.schema import (
    array,
    check_attributes,
    dict_of,
    list_of,
    number,
    optional,
    require,
    text,
    truth,
    whole,
)

_arrays = list_of(array("fiubV", ndim=None))

TRAINED = {
    "weights": _arrays,
    "history": dict_of(text, list_of(number())),
    "epochs_run": whole(),
    "best_epoch": whole(),
    "stopped": truth,
    "how": text,
    "why": text,
}
_trained = list_of(optional(lambda value: type(value).__name__ == "Trained"))

ALONE = {"progress": _arrays, "history": array("f", ndim=2), "done": whole()}
PARTS = {"begun": whole(), "results": _trained, "done": whole(), "run": optional(lambda v: type(v) is dict)}
STACK = {
    "progress": _arrays,
    "histories": list_of(array("f", ndim=2)),
    "done": whole(),
    "here": list_of(whole(-1)),
    "finished": _trained,
    "round_epochs": whole(1),
    "way": text,
}
ONE_BY_ONE = {"whole": _trained, "way": text}


def check_alone(state, n_columns):
    """Check the state of one training, whose history has so many columns."""
    check_attributes(state, ALONE, "state")
    whole = state["history"].shape == (state["done"], n_columns)
    require(whole, "the history has not one row for each epoch")


def check_best(progress, done):
    """Check the best epoch (or one of each replica) of a training of `done` epochs."""
    best = progress.best_epoch.numpy()
    require(bool(((best >= -1) & (best < max(1, done))).all()), "the best epoch is not among the epochs")


def check_parts(state, parts, plans):
    """Check the state of a stack in parts.

    Parameters
    ----------
    state : dict
    parts : list of ndarray of int
        The numbers of the replicas in each part.
    plans : list of Blueprint
        One for each replica.
    """
    check_attributes(state, PARTS, "state")
    results, begun = state["results"], state["begun"]
    require(len(results) == len(plans) and begun <= len(parts), "it is of another number of nets")
    finished = {int(i) for part in parts[:begun] for i in part}
    for i, (trained, plan) in enumerate(zip(results, plans)):
        require((trained is not None) == (i in finished), "a net is finished that has not begun")
        check_trained(trained, plan)


def check_stack(state, plans, n_columns):
    """Check the state of one stack under way, whose histories have so many columns."""
    check_attributes(state, STACK, "state")
    n, here, done = len(plans), state["here"], state["done"]
    require(len(state["histories"]) == len(state["finished"]) == n, "it is of another number of nets")
    own = [i for i in here if i >= 0]
    require(len(set(own)) == len(own) and len(here) != 1, "a net is there twice")
    require(all(i < n for i in own) and bool(own) == bool(here), "a net is there that is none")
    require(all(a.ndim > 0 and len(a) == len(here) for a in state["progress"]), "it is of other nets")
    require(bool(here) == bool(state["progress"]), "nets go on from nothing")
    for i, (history, trained, plan) in enumerate(zip(state["histories"], state["finished"], plans)):
        require(
            history.shape[1] == n_columns and len(history) <= done, "a history is longer than the training"
        )
        require((trained is None) == (i in own), "a net has both ended and not")
        require(i not in own or len(history) == done, "a history is shorter than the training")
        check_trained(trained, plan)


def check_one_by_one(state, plans):
    """Check the nets that are done."""
    check_attributes(state, ONE_BY_ONE, "state")
    require(len(state["whole"]) == len(plans), "it is of another number of nets")
    for trained, plan in zip(state["whole"], plans):
        check_trained(trained, plan)


def check_trained(trained, plan):
    """Check one finished net (or None) against the layers it is of."""
    if trained is None:
        return
    require(weights_fit(trained.weights, plan.model), "weights have other shapes than the layers")
    curves = trained.history
    require("loss" in curves, "a net has no history")
    require({len(c) for c in curves.values()} == {trained.epochs_run}, "a history has not one loss an epoch")
    require(trained.best_epoch <= trained.epochs_run, "the best epoch is not among the epochs")


def weights_fit(weights, model):
    """Say whether weights have the shapes and types of a Keras model's, in the order of `model.weights`."""
    wanted = [(tuple(v.shape), str(v.dtype)) for v in model.weights]
    return wanted == [(np.shape(w), str(w.dtype)) for w in weights]
