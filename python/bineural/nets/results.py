"""What a fitted net says: its summary, its curve, and the Keras model inside it."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from bineural.drawn import Drawn
from bineural.tables.labels import counted_labels, shown_label


class NetResults(Drawn):
    """Results of a fitted net, read from `history_`, `weights_` and `classes_`."""

    @property
    def n_weights_(self):
        """Number of trained and untrained weights."""
        return int(sum(np.size(w) for w in self.weights_))

    @property
    def keras_model_(self):
        """The fitted net as a Keras model of its own, built when first asked for.

        Its input is the prepared matrix (`preparation_.transform`); changing it leaves the estimator alone.
        """
        check_is_fitted(self)
        if getattr(self, "_keras_model", None) is None:
            self._keras_model = self._model_with(self.weights_)
        return self._keras_model

    def _model_with(self, weights):
        """Make a Keras model of its own with given weights."""
        from bineural.nets.plan import make_model

        options = self._builder_options()
        if options:
            options["l2"] = self.l2_
        given = self.architecture, self.input_shape_, self.n_outputs_, options, weights
        return make_model(*given, precision=self._precision())

    def summary(self):
        """Write what was trained, on how much, for how long and how well.

        Returns
        -------
        str
        """
        from bineural.nets.progress import way

        check_is_fitted(self)
        trained = f"{self.n_rows_ - self.n_validation_rows_} rows trained on"
        if self.n_validation_rows_:
            trained += f", {self.n_validation_rows_} watched (best epoch kept)"
        lines = [
            self._title(),
            *self._formula_line(),
            "",
            f"Architecture: {self._architecture_text()}",
            *self._ensemble_line(),
        ]
        lines += [
            f"Weights:      {self.n_weights_}",
            *self._scaling_line(),
            f"Rows:         {trained}",
            f"Epochs:       {self.n_epochs_} run of at most {self.epochs}, best {self.best_epoch_}; "
            f"batches of {int(self.batch_size)}, seed {self.seed_}",
            f"Training:     {way(self.how_, self.why_alone_)}",
            *self._interrupted_line(),
            f"Loss:         {self._loss_text()}",
        ]
        return "\n".join(lines)

    def glance(self):
        """Return the fit in one row of numbers.

        Returns
        -------
        dict
            n_rows, n_weights, n_epochs, best_epoch, loss, validation_loss (None without validation), seed.
        """
        check_is_fitted(self)
        return {
            "n_rows": self.n_rows_,
            "n_weights": self.n_weights_,
            "n_epochs": self.n_epochs_,
            "best_epoch": self.best_epoch_,
            "loss": self._best("loss"),
            "validation_loss": self._best("validation_loss"),
            "seed": self.seed_,
        }

    def _best(self, name):
        losses = self.history_.get(name)
        return losses[self.best_epoch_ - 1] if losses else None

    def _loss_text(self):
        text = f"{self._best('loss'):.4f} in training"
        if self.n_validation_rows_:
            text += f", {self._best('validation_loss'):.4f} in validation"
        return f"{text} ({self._loss_unit()}, at the best epoch)"

    def _loss_unit(self):
        if getattr(self, "loss_", "").startswith("own "):  # older files have none
            return f"the model's {self.loss_}"
        if hasattr(self, "classes_"):
            return "nats a row"
        standardised = (self.outcome_center_, self.outcome_scale_) != (0, 1)
        return f"mean squared error of the {'standardised ' if standardised else ''}outcome"

    def _scaling_line(self):
        what = "Channels:    " if self.preparation_ is None else "Columns:     "
        if getattr(self, "scaled_", self.preparation_ is not None):  # older files do not say
            return [f"{what} standardised"]
        why = getattr(self, "why_unscaled_", "")
        return [f"{what} as they are{f', because {why}' if why else ''}"]

    def _title(self):
        n = f"n = {self.n_rows_}"
        if not hasattr(self, "classes_"):
            return f"Net: regression ({n})"
        counts = dict(zip(self.classes_.tolist(), self.n_class_rows_.tolist()))
        if len(counts) > 2:
            event = "" if self.event_ is None else f"; event {shown_label(self.event_)} against the others"
            return f"Net: {len(counts)} classes{event} ({n}; {counted_labels(counts)})"
        label = self.classes_.tolist()[self.event_position_]
        events = f"events = {counts[label]}; {counted_labels(counts, but=label)}"
        return f"Net: two classes; event {shown_label(label)} ({n}, {events})"

    def _formula_line(self):
        text = getattr(self, "formula_", None) or (f"~ {self.formula}" if self.formula else None)
        return [] if text is None else [text]

    def _ensemble_line(self):
        members = getattr(self, "members_", None)
        return [f"Ensemble:     {len(members)} members; what follows is the first's"] if members else []

    def _interrupted_line(self):
        return ["Interrupted:  training was not over"] if getattr(self, "interrupted_", False) else []

    def _architecture_text(self):
        if not isinstance(self.architecture, str):
            return f"{name_of(self.architecture)} (own)"
        from bineural.nets.option_checks import unit_counts

        widths = "-".join(str(u) for u in (*self.input_shape_, *unit_counts(self.units), self.n_outputs_))
        extras = [f"{self.activation}", f"l2 {self.l2_:.3g}"]
        extras += [f"l1 {self.l1:.3g}"] if self.l1 else []
        extras += [f"dropout {self.dropout:g}"] if self.dropout else []
        extras += ["batch normalisation"] if self.batch_normalization else []
        return f"{self.architecture} {widths}, {', '.join(extras)}"


def name_of(architecture):
    """Return the name of a model or builder."""
    return getattr(architecture, "name", None) or getattr(architecture, "__name__", "own builder")
