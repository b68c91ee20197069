"""Measures of predictions, their intervals and comparison, and the evaluation of a fitted model."""

from bineural.lazy import lazily

HOMES = {
    "evaluate": ["evaluate_model"],
    "roc_area": ["auroc"],
    "precision": ["average_precision"],
    "brier_score": ["brier"],
    "cross_entropy": ["log_loss"],
    "class_areas": ["hand_till"],
    "distances": ["rmse", "mae"],
    "explained": ["r_squared"],
    "deviances": ["mean_deviance"],
    "delong": ["auroc_interval", "compare_aurocs"],
    "bootstrap": ["bootstrap_interval"],
    "curve_points": ["partial_auroc", "roc_points", "pr_points"],
    "calibrating": ["calibration"],
    "thresholds": ["threshold"],
    "decision": ["net_benefit"],
    "registry": ["Measure", "list_measures", "register_measure"],
    "evaluation": ["Evaluation"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
