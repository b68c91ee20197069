"""bineural: deep learning that is honest about its baseline.

Public names stand in the order of the flow (load, split, prepare, fit, evaluate, plot, save) and are
resolved when first used, so `import bineural` loads neither TensorFlow nor pandas.
"""

import importlib
import os

_PROCESS = os.getpid()  # a fork of it can't use the TensorFlow that ran here, see `_tensorflow.py`

__version__ = "0.1.0"

_HOMES = {
    "datasets": ["load_dataset", "list_datasets"],
    "splitting": ["split_rows", "make_folds", "save_split", "load_split", "Split", "Folds"],
    "preparation": ["model_matrix", "Preparation"],
    "glm": ["fit_glm", "GLMClassifier", "GLMRegressor"],
    "net": ["fit_net", "NetClassifier", "NetRegressor"],
    "nets": ["fit_nets", "NetFits"],
    "evaluation": [
        "evaluate_model",
        "auroc",
        "auroc_interval",
        "compare_aurocs",
        "bootstrap_interval",
        "partial_auroc",
        "roc_points",
        "pr_points",
        "average_precision",
        "brier",
        "log_loss",
        "calibration",
        "threshold",
        "net_benefit",
        "hand_till",
        "rmse",
        "mae",
        "r_squared",
        "mean_deviance",
        "Evaluation",
    ],
    "validating": ["permutation_test", "optimism_bootstrap"],
    "averaging": ["average_models", "AverageModel"],
    "comparing": ["compare_models", "r_model", "Comparison"],
    "tuning": ["tune_net", "TunedNet"],
    "plotting": [
        "plot_comparison",
        "plot_roc",
        "plot_precision_recall",
        "plot_calibration",
        "plot_net_benefit",
        "plot_history",
    ],
    "explaining": ["permutation_importance", "partial_dependence", "Importance", "Dependence"],
    "report": ["write_report"],
    "saving": ["save_model", "load_model"],
    "environment": ["sitrep"],
    "demo": ["run_demo"],
    "fundamentals.neuron": ["fire_neuron", "list_gates", "apply_gate", "add_bits"],
    "fundamentals.separator": ["find_separator", "Separator"],
    "fundamentals.perceptron": ["fit_perceptron", "PerceptronFit"],
    "fundamentals.retina": ["make_retina", "Retina"],
    "fundamentals.activation": ["activate", "list_activations", "plot_activation"],
    "fundamentals.gradient_descent": ["fit_neuron", "NeuronFit"],
    "fundamentals.double_neuron": ["make_band", "fit_double_neuron", "DoubleNeuronFit"],
    "fundamentals.gradient_noise": ["measure_gradient_noise", "GradientNoise"],
    "fundamentals.optimizers": ["descend_gradient", "Descent"],
    "fundamentals.node": ["Node"],
    "fundamentals.computation_graph": ["build_graph", "ComputationGraph"],
    "fundamentals.network": ["build_network", "run_network", "Network"],
    "fundamentals.backpropagation": ["backpropagate", "Gradients"],
    "fundamentals.two_layers": ["make_pattern", "fit_two_layers", "TwoLayerFit"],
    "fundamentals.vanishing_gradient": ["gradient_by_layer", "LayerGradients"],
    "fundamentals.response_surfaces": ["response_surface", "ResponseSurface"],
    "fundamentals.linear_regions": ["count_linear_regions", "region_bounds", "LinearRegions"],
    "fundamentals.approximation": [
        "raise_bump",
        "raise_tower",
        "approximate_function",
        "Approximation",
    ],
    "fundamentals.regularisation": ["shrink_weights", "soft_threshold", "Shrinkage"],
    "fundamentals.dropout": ["drop_units"],
    "fundamentals.batch_norm": ["normalise_batch", "NormalisedBatch"],
    "fundamentals.early_stopping": ["stop_early", "EarlyStop"],
    "fundamentals.overfitting": ["ten_points", "fit_curve", "CurveFit"],
    "fundamentals.affine": ["map_letter", "MappedLetter"],
    "fundamentals.representation": ["make_spirals", "warp_points", "fit_warp", "Warp"],
    "fundamentals.clustering": ["cluster_features", "FeatureClusters"],
    "fundamentals.tensors": ["trace_graph", "TracedGraph"],
    "fundamentals.tensor_regression": ["fit_tensors", "TensorRegression"],
    "fundamentals.dense_layer": ["draw_weights", "DenseLayer"],
    "fundamentals.layers": ["fit_layers", "LayersFit"],
    "fundamentals.checkpoints": ["restore_layers", "list_checkpoint"],
    "course.rendering": ["render_course"],
    "course.fill_in": ["FILL_IN"],
    "course.checking": ["list_exercises", "check_exercise", "add_exercise", "ExerciseCheck"],
    "errors": ["InputError", "BineuralWarning", "LeakWarning"],
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = ["__version__", *_MODULE_OF]


def __getattr__(name):
    """Import the module that holds `name` the first time it is asked for."""
    if name in _MODULE_OF:
        value = getattr(importlib.import_module(f"bineural.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value
    try:
        return importlib.import_module(f"bineural.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"bineural.{name}":
            raise
    raise AttributeError(f"module 'bineural' has no attribute {name!r}")


def __dir__():
    """List the public names without importing their modules."""
    return sorted(__all__)
