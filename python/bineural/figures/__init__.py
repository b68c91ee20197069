"""Figures of records, one a file: the table of what is drawn (R draws it too) and the figure."""

from bineural.lazy import lazily

HOMES = {
    "plots": [
        "plot_comparison",
        "plot_roc",
        "plot_precision_recall",
        "plot_calibration",
        "plot_net_benefit",
        "plot_history",
    ],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
