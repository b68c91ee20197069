"""What nets share that learn rows themselves, and no outcome: autoencoders, adversarial nets, sequences."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import clone

from bineural._typing import ArrayLike, RowsLike
from bineural.errors import InputError, InterruptedWarning
from bineural.inputs import find_input
from bineural.inputs.filling import FILL
from bineural.inputs.kinds import describe
from bineural.inputs.learnt_outcome import Outcome
from bineural.messages import listed, warn
from bineural.nets import fitting
from bineural.nets.estimators import NetEstimator
from bineural.nets.rows import refuse_objects, with_channels
from bineural.nets.saved import NET, NET_NUMBERS, as_option, state_of
from bineural.tables.rows import count_rows

_LEARNT = {
    "outcome": "an outcome",
    "rows": "codes of rows",
    "samples": "to make rows up",
    "hidden": "hidden units",
    "sequences": "to predict sequences",
}


class RowsNet(NetEstimator):
    """Parent of the estimators: their options, fitting, and what files hold.

    Attributes
    ----------
    OPTIONS : tuple of Option
    FIXED : dict
        Options of every net that these settle themselves, and their values.
    SHORT : dict of str to str
        Names of architectures here to their names in the zoo; the first is the default.
    learns : str
        What their architectures learn, see `zoo.Architecture`.
    called : str
        What an error calls one.
    """

    outcome_kind = "rows"
    outcome_ = None
    FIXED, SHORT = {}, {}
    learns, called = "rows", "A net of rows"

    def __init_subclass__(cls, **options):
        """Give the class the options that it settles, as attributes."""
        super().__init_subclass__(**options)
        for name, value in cls.FIXED.items():
            setattr(cls, name, value)

    @property
    def record(self):
        """The record of its architecture."""
        from bineural.zoo.architecture import as_architecture

        named = next(iter(self.SHORT)) if self.architecture is None else self.architecture
        return as_architecture(self.SHORT.get(named, named) if isinstance(named, str) else named)

    def own_options(self):
        """Return the options of the architecture's own that not all of these nets have."""
        try:
            options = self.record.options
        except InputError:
            return []
        return [option for option in options if option.name not in vars(self)]

    def read_options(self, X: RowsLike | None = None, in_batches: bool = False) -> tuple[dict[str, Any], Any]:
        """Return the options as they are used, by name, and the architecture's record; see `NetEstimator`."""
        record = self.record
        if record.given is None and record.learns != self.learns:
            raise InputError(
                f"{self.called} must have an architecture that is made for it.",
                f"Found {record.name!r}, which learns {_LEARNT[record.learns]}.",
                f"Use one of {listed(self.SHORT)}.",
            )
        options = {
            option.name: option.check(getattr(self, option.name), option.name) for option in self.OPTIONS
        }
        if options.get("scaling", False) not in ("auto", "standard", False):
            raise InputError(
                f"`scaling` of {self.called.lower()} must be 'standard' or False, which have a way back.",
                f"Found {options['scaling']!r}.",
                "Leave it out.",
            )
        own = {option.name: options[option.name] for option in record.options if option.name in options}
        return {**self.FIXED, **options, **record.own_options({**own, **getattr(self, "_own", {})})}, record

    def learn_outcome(self, y, levels=None):
        """Return an `Outcome` that says nothing, and what stands for the outcome."""
        return Outcome(), y

    def fit_rows(self, X: RowsLike, sample_weight: ArrayLike | None = None) -> Self:
        """Fit to rows; see `fit`."""
        self._refuse_texts(X)
        record = self.record_for(X)
        X, y = X if _of_sequences(record) else with_channels(X), np.zeros(count_rows(X))
        settled = clone(self).set_params(architecture=record)
        return self.fit_by(lambda: fitting.fit(settled, X, y, sample_weight))

    def _refuse_texts(self, X):
        if find_input("text").claims(X):
            raise InputError(
                f"{self.called} must be given numbers: a table, images, or sequences of numbers.",
                f"Found {describe(X)}.",
                "Texts are read by fit_net, or by codes of numbers that you make of them.",
            )

    def record_for(self, X):
        """Return the record of its architecture, of none that is named one for rows like these."""
        if self.architecture is None and "recurrent" in self.SHORT and find_input("sequence").claims(X):
            from bineural.zoo.architecture import as_architecture

            return as_architecture(self.SHORT["recurrent"])
        return self.record

    @property
    def of_sequences(self):
        """Whether it was fitted to sequences."""
        return _of_sequences(self.fitted_.architecture)

    def laid_out(self, X):
        """Return rows as the fitted net reads them: an array of three axes is grey images, or sequences."""
        refuse_objects(X)
        return X if self.of_sequences else with_channels(X)

    def prepared_values(self, X):
        """Return the scaled values of rows, laid out: float64, (n_rows, n_values); NaN where left out.

        Of sequences also where they have no step.
        """
        lay_out = lambda rows: np.asarray(rows.inputs, np.float64).reshape(len(rows), -1)  # noqa: E731
        values = self._answer(self.laid_out(X), lay_out)
        return np.where(values == FILL, np.nan, values) if self.of_sequences else values

    def generate_rows(self, n, rng):
        """Return n rows that are made up, see `generate`."""
        return self.restored(self.draw_values(n, rng))

    def restored(self, values):
        """Return rows in their own units; grey images have no axis of channels."""
        rows = self.fitted_.input.restore(values)
        return rows[..., 0] if getattr(rows, "ndim", 0) == 4 and rows.shape[-1] == 1 else rows

    def __getstate__(self):
        """Name the architecture, which has a shorter name here."""
        state = super().__getstate__()
        if "fitted_" in vars(self) and isinstance(self.architecture, str | None):
            state["architecture"] = self.fitted_.architecture.name
        return state

    def get_state(self):
        """Return options and what was learnt as a flat dict, as files hold them."""
        state = {name: value for name, value in state_of(self).items() if name not in self.FIXED}
        if isinstance(self.architecture, str):
            state["architecture"] = self.fitted_.architecture.name
        return state


def _of_sequences(record):
    return "padded" in (record.inputs or ())


def schema_of(options, fixed):
    """Return the schema of such a net in a file: that of every net, less what it settles itself."""
    own = {option.name: as_option(option) for option in options if option.name not in NET}
    return {name: check for name, check in NET.items() if name not in fixed} | own | NET_NUMBERS


def begun_at_least(net, fit, settle=lambda: None):
    """Fit a net of rows; after Ctrl-C return it with what was reached, or let the interruption through."""
    try:
        return fit()
    except KeyboardInterrupt:
        if "fitted_" not in vars(net):
            raise
        warn(InterruptedWarning, "Training was interrupted: the weights are those reached so far.")
        settle()
        return net
