"""Mechanisms worked by hand, one a file, in NumPy; the tests let Keras, R and published figures judge."""

from bineural.lazy import lazily

HOMES = {
    "neuron": ["fire_neuron", "list_gates", "apply_gate", "add_bits"],
    "separator": ["find_separator", "Separator"],
    "perceptron": ["fit_perceptron", "PerceptronFit"],
    "retina": ["make_retina", "Retina"],
    "activation": ["activate", "list_activations", "plot_activation"],
    "gradient_descent": ["fit_neuron", "NeuronFit"],
    "double_neuron": ["make_band", "fit_double_neuron", "DoubleNeuronFit"],
    "gradient_noise": ["measure_gradient_noise", "GradientNoise"],
    "optimizers": ["descend_gradient", "Descent"],
    "node": ["Node"],
    "computation_graph": ["build_graph", "ComputationGraph"],
    "network": ["build_network", "run_network", "Network"],
    "backpropagation": ["backpropagate", "Gradients"],
    "two_layers": ["make_pattern", "fit_two_layers", "TwoLayerFit"],
    "vanishing_gradient": ["gradient_by_layer", "LayerGradients"],
    "response_surfaces": ["response_surface", "ResponseSurface"],
    "linear_regions": ["count_linear_regions", "region_bounds", "LinearRegions"],
    "approximation": ["raise_bump", "raise_tower", "approximate_function", "Approximation"],
    "regularisation": ["shrink_weights", "soft_threshold", "Shrinkage"],
    "dropout": ["drop_units"],
    "batch_norm": ["normalise_batch", "NormalisedBatch"],
    "early_stopping": ["stop_early", "EarlyStop"],
    "overfitting": ["ten_points", "fit_curve", "CurveFit"],
    "affine": ["map_letter", "MappedLetter"],
    "representation": ["make_spirals", "warp_points", "fit_warp", "Warp"],
    "clustering": ["cluster_features", "FeatureClusters"],
    "convolution": ["convolve_image", "list_kernels"],
    "tensors": ["trace_graph", "TracedGraph"],
    "tensor_regression": ["fit_tensors", "TensorRegression"],
    "dense_layer": ["draw_weights", "DenseLayer"],
    "layers": ["fit_layers", "LayersFit"],
    "checkpoints": ["restore_layers", "list_checkpoint"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
