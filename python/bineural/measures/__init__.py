"""Measures of predictions, their intervals and comparison, and the evaluation of a fitted model."""

from bineural.lazy import lazily

HOMES = {
    "evaluating": ["evaluate_model"],
    "measures": ["auroc", "average_precision", "brier", "log_loss"],
    "delong": ["auroc_interval", "compare_aurocs"],
    "bootstrap": ["bootstrap_interval"],
    "curve_points": ["partial_auroc", "roc_points", "pr_points"],
    "calibrating": ["calibration"],
    "thresholds": ["threshold"],
    "decision": ["net_benefit"],
    "multiclass": ["hand_till"],
    "distances": ["rmse", "mae", "r_squared", "mean_deviance"],
    "evaluation": ["Evaluation"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
