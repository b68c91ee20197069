"""What a test registers stays with it: the tables that `register_...()` adds to are put back."""

from contextlib import contextmanager

import bineural as bn
from bineural.comparing.entrant_kinds import kind as entrant_kinds
from bineural.inputs import kinds
from bineural.measures import registry
from bineural.nets.objectives import objective as objectives
from bineural.zoo import architecture


@contextmanager
def put_back():
    """Put every table back as it was."""
    (
        bn.list_architectures(),
        bn.list_measures(),
        objectives.registered_objectives(),
        entrant_kinds.entrant_kind_of_task("regression"),
    )  # bineural's own are there from the start
    for kind in {*kinds._OURS, *kinds.list_inputs()}:
        kinds.find_input(kind)
    tables = (
        architecture._registered,
        registry._registry,
        objectives.REGISTERED,
        kinds._KINDS,
        entrant_kinds._KINDS,
    )
    before = [dict(table) for table in tables]
    try:
        yield
    finally:
        for table, names in zip(tables, before, strict=True):
            table.clear()
            table.update(names)
