"""The report of a net of rows: what its codes keep, or what the rows that it makes are worth."""

import numpy as np

from bineural.errors import BineuralWarning, InputError
from bineural.markup import wrap
from bineural.reporting import net_sections
from bineural.reporting.page import heading, picture, section, table

_Z = 1.959964


def is_of_rows(model):
    """Say whether a model is a net of rows: an autoencoder, a GAN or a Boltzmann machine."""
    return getattr(model, "outcome_kind", None) == "rows"


def title_of(model):
    """Return the title of its page."""
    name = {"Autoencoder": "Autoencoder", "GAN": "Adversarial net", "RBM": "Boltzmann machine"}
    kind = name.get(type(model).__name__, type(model).__name__)
    kind = f"Variational {kind.lower()}" if getattr(model, "variational", False) else kind
    return f"{kind} ({model.fitted_.architecture.name})"


def sections_of(model, title, source, data, labels, run):
    """Return the parts of its page.

    Parameters
    ----------
    model : Autoencoder, GAN or RBM
    title : str
    source : str or None
    data : rows or None
        That it has not seen.
    labels : array_like or None
        What each of these rows is.
    run : dict
    """
    facts = [] if data is None else _facts(model, data)
    return [
        _head(model, facts, title, run),
        _measures(facts),
        _figures(model, data, labels),
        net_sections.as_fitted(model),
        net_sections.layers(model),
        net_sections.repeat(model, source),
        net_sections.run_record(run),
    ]


def _head(model, facts, title, run):
    lines = [line for line in str(model.summary()).splitlines()[:2] if line]
    if facts:
        return heading(title, ". ".join(lines), facts[0][3], (), run)
    words = "No rows were given to ask it about, so nothing here says what it is worth."
    return heading(title, ". ".join(lines), None, [words], run)


def _measures(facts):
    if not facts:
        return ""
    rows = [[name, f"{value:.4f}", held] for name, value, held, _ in facts]
    caption = "On the rows given here; intervals are of a mean over rows, or of an area."
    return section("What it is worth", table(["measure", "estimate", "95% interval"], rows, caption))


def _facts(model, data):
    """Return (name, value, interval as text, sentence) of each measure, the most important first."""
    facts = _of_codes(model, data) if hasattr(model, "reconstruction_errors") else []
    facts += _of_likelihood(model, data) if hasattr(model, "log_likelihood") else []
    return facts + (_of_samples(model, data) if model.generates_ else [])


def _of_codes(model, data):
    net, pca = model.errors_beside(data)
    kept = np.isfinite(net)
    net, pca = net[kept], pca[kept]
    gap, held = _mean(net - pca)
    n = model.baseline_.n_components_
    which = "less" if held[1] < 0 else "more" if held[0] > 0 else "no clear difference"
    judged = f"{abs(gap):.4f} {which}" if which in ("less", "more") else which
    words = (
        f"Mean squared error of scaled values {net.mean():.4f}, PCA of {n} components {pca.mean():.4f}, on "
        f"{len(net):,} rows: {judged} (95% interval of the difference {held[0]:.4f} to {held[1]:.4f})."
    )
    return [
        ("mean squared error", net.mean(), _text(_mean(net)[1]), words),
        (f"the same, PCA of {n} components", pca.mean(), _text(_mean(pca)[1]), ""),
        ("difference from PCA", gap, _text(held), ""),
    ]


def _of_likelihood(model, data):
    try:
        exact = model.log_likelihood(data)
    except InputError:  # of a machine whose states can't be counted out
        return []
    gain, held = _mean(exact - model.baseline_log_likelihood(data))
    words = (
        f"Exact log likelihood {np.nanmean(exact):.3f} nats a row, {gain:+.3f} from independent columns "
        f"(95% interval {held[0]:.3f} to {held[1]:.3f})."
    )
    return [
        ("log likelihood, nats a row", float(np.nanmean(exact)), _text(_mean(exact)[1]), words),
        ("gain over independent columns", gain, _text(held), ""),
    ]


def _of_samples(model, data):
    from bineural.representations.two_sample import two_sample_auroc

    real = model.prepared_values(data)
    real = real[np.isfinite(real).all(axis=1)]
    try:
        t = two_sample_auroc(real, model.draw_values(len(real), np.random.default_rng(1)), seed=1)
    except InputError:  # of too few rows
        return []
    words = (
        f"A classifier tells made rows from real ones with an AUROC of {t.auroc:.3f} (95% interval "
        f"{t.lower:.3f} to {t.upper:.3f}); 0.5 is perfect."
    )
    return [("two-sample AUROC", t.auroc, _text((t.lower, t.upper)), words)]


def _mean(values):
    values = values[np.isfinite(values)]
    middle = float(np.mean(values))
    half = _Z * float(np.std(values, ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return middle, (middle - half, middle + half)


def _text(held):
    return f"{held[0]:.4f} to {held[1]:.4f}"


def _figures(model, data, labels):
    held = [net_sections.losses(model)] if model.history_ else []
    for draw, alt, caption in _drawn(model, data, labels):
        try:
            held.append(picture(draw(), alt, caption))
        except (InputError, BineuralWarning):  # of rows that this figure is not for
            continue
    return section("Figures", wrap("div", "\n".join(held), class_="figures")) if held else ""


def _drawn(model, data, labels):
    """Yield (function that draws, alternative text, caption)."""
    from bineural.figures.codes import plot_codes
    from bineural.figures.samples import plot_samples

    if hasattr(model, "reconstruction_errors"):
        if data is not None:
            yield (
                lambda: plot_codes(model, data),
                "Rows, and what is made of their codes",
                "The first rows, and what is made of their codes.",
            )
        if data is not None and model.n_codes > 1:
            yield (
                lambda: plot_codes(model, data, "map", labels=labels),
                "Map of the rows by two codes",
                "Rows by two of their codes.",
            )
        if model.n_codes > 1 and (data is not None or model.variational):
            yield (
                lambda: plot_codes(model, data, "decoded"),
                "Rows made of a grid of codes",
                "Rows that are made of a grid of codes.",
            )
    if model.generates_:
        yield (
            lambda: plot_samples(model, data),
            "Rows that were made" + (" beside real ones" if data is not None else ""),
            "Rows that were made, beside real ones." if data is not None else "Rows that were made.",
        )
