"""Figures of records: a file draws a figure, and makes the table of what is drawn, from which R draws it too.

A file says by `add_figure` (see `bineural.drawn`) which records it draws: their `plot` is its function.
"""

from bineural.lazy import lazily

HOMES = {
    "comparison": ["plot_comparison"],
    "curves": ["plot_roc", "plot_precision_recall"],
    "reliability": ["plot_calibration"],
    "decision": ["plot_net_benefit"],
    "history": ["plot_history"],
    "features": ["plot_features"],
    "boxes": ["plot_boxes"],
    "codes": ["plot_codes"],
    "samples": ["plot_samples"],
    "forecasts": ["plot_forecast"],
    "search_tree": ["plot_search_tree"],
    "attention": ["plot_attention"],
    "agents": ["plot_agent", "plot_episodes", "animate_episode"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
