"""What a fitted net says of itself: its summary and its numbers in one row."""

import numpy as np

from bineural.inputs.problem import offset_beside
from bineural.messages import number_of
from bineural.printable import printable
from bineural.tables.labels import counted_labels, shown_label

_SCALED = {
    "standard": "standardised",
    "robust": "scaled by median and quartiles, outliers bent",
    "quantile": "as normal quantiles of the training rows",
}


def count_weights(fitted):
    """Return the number of trained and untrained weights of a member."""
    return int(sum(np.size(weights) for weights in fitted.members[0].weights))


def glance(fitted):
    """Return the fit in one row of numbers; see `NetEstimator.glance`."""
    first = fitted.members[0]
    return {
        "n_rows": fitted.n_rows,
        "n_weights": count_weights(fitted),
        "n_epochs": first.epochs_run,
        "best_epoch": first.best_epoch,
        "loss": _at_best(first, "loss"),
        "validation_loss": _at_best(first, "validation_loss"),
        "seed": fitted.seed,
    }


def write_summary(net):
    """Write the summary of a fitted estimator.

    Parameters
    ----------
    net : NetClassifier or NetRegressor

    Returns
    -------
    str
    """
    from bineural.nets.progress import way

    fitted, first = net.fitted_, net.fitted_.members[0]
    trained = f"{number_of(fitted.n_rows - fitted.n_validation_rows, 'row')} trained on"
    if fitted.n_validation_rows:
        trained += f", {fitted.n_validation_rows} watched (best epoch kept)"
    n_members = len(fitted.members)
    lines = [_title(fitted), *_formula_lines(net), "", f"Architecture: {_architecture_text(net)}"]
    lines += [f"Ensemble:     {n_members} members; what follows is the first's"] * (n_members > 1)
    lines += [
        f"Weights:      {count_weights(fitted)}",
        *_penalty_lines(fitted),
        *_scaling_lines(fitted),
        f"Rows:         {trained}",
        f"Epochs:       {first.epochs_run} run of at most {net.epochs}, best {first.best_epoch}; "
        f"batches of {int(fitted.batch_size)}, seed {fitted.seed}",
        f"Training:     {way(first.how, first.why)}",
        *["Interrupted:  training was not over"] * fitted.interrupted,
        f"Loss:         {_loss_text(fitted)}",
    ]
    return printable("\n".join(lines))


def _at_best(member, name):
    losses = member.history.get(name)
    return losses[member.best_epoch - 1] if losses else None


def _loss_text(fitted):
    first = fitted.members[0]
    text = f"{_at_best(first, 'loss'):.4f} in training"
    if fitted.n_validation_rows:
        text += f", {_at_best(first, 'validation_loss'):.4f} in validation"
    return f"{text} ({_loss_unit(fitted)}, at the best epoch)"


def _loss_unit(fitted):
    if fitted.loss.startswith("own "):
        return f"the model's {fitted.loss}"
    return fitted.objective.written_unit(fitted.state)


def _scaling_lines(fitted):
    what = f"{fitted.input.parts.capitalize()}:".ljust(13)
    if not fitted.input.parts:
        return []
    if fitted.scaling:
        return [f"{what} {_SCALED[fitted.scaling]}"]
    return [f"{what} as they are{f', because {fitted.why_unscaled}' if fitted.why_unscaled else ''}"]


def _title(fitted):
    n, outcome = f"n = {fitted.n_rows}", fitted.outcome
    if not outcome.is_classes:
        settings = [f"{name} {_value_text(value)}" for name, value in fitted.objective.settings.items()]
        return f"Net: {', '.join([fitted.objective.title, *settings])} ({n})"
    counts = dict(zip(outcome.classes.tolist(), outcome.n_class_rows.tolist()))
    counts = {label: counts[label] for label in outcome.levels}
    if fitted.objective.ordered:
        return f"Net: {len(counts)} {fitted.objective.title} ({n}; {counted_labels(counts)})"
    if len(counts) > 2:
        event = "" if outcome.event is None else f"; event {shown_label(outcome.event)} against the others"
        return f"Net: {len(counts)} classes{event} ({n}; {counted_labels(counts)})"
    label = outcome.classes.tolist()[outcome.event_position]
    events = f"events = {counts[label]}; {counted_labels(counts, but=label)}"
    return f"Net: two classes; event {shown_label(label)} ({n}, {events})"


def _value_text(value):
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _formula_lines(net):
    text = net.formula_ or (f"~ {net.formula}" if net.formula else None)
    offset = offset_beside(net)
    return [] if text is None else [text if offset is None else f"{text}, offset `{offset}`"]


def _penalty_lines(fitted):
    if fitted.penalties is None:
        return []
    tried = ", ".join(f"{penalty:.3g} ({loss:.4f})" for penalty, loss in fitted.penalties)
    return [f"Penalty:      l2 chosen by the loss on the rows watched: {tried}"]


def _architecture_text(net):
    fitted, record = net.fitted_, net.fitted_.architecture
    if record.given is not None:
        return f"{record.name} (own)"
    shape = " x ".join("any length" if size is None else str(size) for size in fitted.input_shape)
    n_outputs = fitted.input.builder_options.get("symbols", fitted.n_outputs)
    widths = (shape, *fitted.layout.get("units", ()), n_outputs)
    arrow = "-" if shape.isdigit() else " -> "
    text = f"{record.name} {arrow.join(map(str, widths))}"
    numbers = fitted.layout.get("numbers", "plain")
    extras = {
        "activation": f"{net.activation}",
        "l2": f"l2 {fitted.l2:.3g}",
        "l1": f"l1 {net.l1:.3g}" if net.l1 else "",
        "dropout": f"dropout {net.dropout:g}" if net.dropout else "",
        "batch_normalization": "batch normalisation" if net.batch_normalization else "",
        "numbers": f"{numbers} numbers" if numbers != "plain" else "",
    }
    parts = [extra for name, extra in extras.items() if name in record.reads and extra]
    parts += [f"{option.name} {fitted.layout[option.name]}" for option in record.options]
    return ", ".join([text, *parts])
