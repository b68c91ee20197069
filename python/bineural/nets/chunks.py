"""Many nets in chunks, each a stack of its own: what workers train at the same time, if they are asked to.

A net's numbers depend on its own rows, seed and settings. But products of a wide stack are summed in
another order, and so is the last net of any (vectorised sums end differently): chunks and one stack agree to
float32 rounding. It is enlarged where a row lies within rounding of the kink of a ReLU: of 40 nets 64-32 on
18,000 rows 8 ended elsewhere after two epochs (weights by .1, the mean loss by .00001), as beside nets alone.
"""

import math

from bineural.workers import count_workers, in_workers

RATES = frozenset({"learning_rate", "l1", "l2", "dropout"})  # settings that nets of one graph may differ in


def fit_in_chunks(n_jobs, function, shared, items, settings, what, here=False, tell=None):
    """Return what a function says of many nets, in the order of the nets.

    Parameters
    ----------
    n_jobs : int or None
        See `count_workers`. Threads and copies of this process count as one: TensorFlow has its own threads,
        and can't run in a copy.
    function : callable (*shared, items) -> list with an entry for each item
        Of a file that workers can import.
    shared : tuple
    items : list
        One for each net.
    settings : list of dict
        Of each net, where they differ.
    what : str
        What errors call the nets.
    here : bool
        Train them in this process, whatever `n_jobs` says.
    tell : callable, optional
        Called with the number of nets of each chunk that is done.

    Raises
    ------
    KeyboardInterrupt
        On Ctrl-C; its `answers` are those of the chunks that were done, None for other nets.
    """
    n_workers = count_chunk_workers(n_jobs, len(items), here)
    if n_workers == 1:
        return function(*shared, items)
    parts = cut_chunks(settings, n_workers)
    jobs = [[items[i] for i in part] for part in parts]
    names = [name_of_chunk(what, part, len(items)) for part in parts]
    answers = [None] * len(items)
    registered = registered_by_users()
    given = function, registered, shared
    try:
        for part, of_part in zip(parts, in_workers(n_jobs, _work, given, jobs, names, what, own_start=True)):
            for i, answer in zip(part, of_part):
                answers[i] = answer
            if tell is not None:
                tell(len(part))
    except KeyboardInterrupt as stop:
        stop.answers = answers
        raise
    return answers


def count_chunk_workers(n_jobs, n_nets, here=False):
    """Return how many workers train so many nets; 1 is this process. See `fit_in_chunks`."""
    return 1 if here or n_nets < 2 else count_workers(n_jobs, own_start=True)


def cut_chunks(settings, n_workers):
    """Cut nets into chunks: nets of one graph together, and no more than each worker's share in one chunk.

    Parameters
    ----------
    settings : list of dict
    n_workers : int

    Returns
    -------
    list of list of int
        Places of the nets, at least as many lists as workers where there are so many nets.
    """
    groups = {}
    for i, setting in enumerate(settings):
        key = repr(sorted((name, value) for name, value in setting.items() if name not in RATES))
        groups.setdefault(key, []).append(i)
    parts = []
    for group in groups.values():
        n_parts = min(len(group), math.ceil(len(group) * n_workers / len(settings)))
        ends = [len(group) * k // n_parts for k in range(n_parts + 1)]
        parts += [group[start:end] for start, end in zip(ends, ends[1:])]
    return parts


def name_of_chunk(what, part, n_nets):
    """Name a chunk as errors do: "net, nets 1 to 50 of 100"."""
    where = f"{part[0] + 1} to {part[-1] + 1}" if len(part) > 1 else str(part[0] + 1)
    return f"{what}, net{'s' * (len(part) > 1)} {where} of {n_nets}"


def _work(function, registered, shared, items):
    """Train a chunk in a worker."""
    register_there(registered)
    return function(*shared, items)


# ---- what a user registered, which a process of its own must know too ----


def registered_by_users():
    """Return the architectures, objectives, kinds of input and changes of images that are not bineural's."""
    from bineural.inputs.kinds import find_input, list_inputs
    from bineural.nets.objectives.objective import registered_objectives
    from bineural.training.augmenting.registry import find_changes
    from bineural.zoo.architecture import registered_architectures

    architectures = [record for record in registered_architectures() if _is_foreign(record.build)]
    objectives = [record for record in registered_objectives().values() if _is_foreign(record.predict)]
    inputs = [kind for kind in map(find_input, list_inputs()) if _is_foreign(kind)]
    changes = [change for change in find_changes().values() if _is_foreign(change.paint or change.place)]
    return architectures, objectives, inputs, changes


def register_there(registered):
    """Register in a worker what it does not know."""
    from bineural.inputs.kinds import list_inputs, register_input
    from bineural.nets.objectives.objective import register_objective, registered_objectives
    from bineural.training.augmenting.registry import find_changes, register_change
    from bineural.zoo.architecture import architecture_names, register_architecture

    architectures, objectives, inputs, changes = registered
    for record in architectures:
        if record.name not in architecture_names():
            register_architecture(record)
    for record in objectives:
        if record.name not in registered_objectives():
            register_objective(record)
    for kind in inputs:
        if kind.kind not in list_inputs():
            register_input(kind)
    for change in changes:
        if change.name not in find_changes():
            register_change(change)


def _is_foreign(thing):
    return not str(getattr(thing, "__module__", "bineural.")).startswith("bineural.")
