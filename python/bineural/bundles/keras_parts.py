"""Keras objects that a bundle may hold: which classes, of what configuration, and how large.

A configuration is data from a file, and Keras would look up any name in it. So every part of it that names a
class must name one of the list below, which only compute; nothing in it may be anything but a JSON value; and
whole numbers in it are bound by what is stored. While the model is built, each variable is counted before it
is made, and what flows through the layers is measured: a model can't be larger than the weights that came
with it.
"""

import contextlib
import math
import warnings

import numpy as np

from bineural.bundles.schema import Mismatch, require
from bineural.errors import SavingError

# By module, as Keras writes it. Left out: what runs functions, graphs or other libraries (Lambda, TFSMLayer,
# JaxLayer, FlaxLayer, TorchModuleWrapper, Map, Scan, ...) and what reads files (StringLookup,
# TextVectorization).
_LAYERS = """
    Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D
    AdaptiveAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add
    AdditiveAttention AlphaDropout Attention AutoContrast Average AveragePooling1D AveragePooling2D
    AveragePooling3D BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D
    Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D
    Cropping2D Cropping3D Dense DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense
    Embedding Equalization Flatten GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D
    GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
    GroupNormalization GroupQueryAttention HashedCrossing Hashing Identity InputLayer IntegerLookup LSTM
    LSTMCell LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum
    MelSpectrogram Minimum MultiHeadAttention Multiply Normalization PReLU Permute RMSNormalization RNN
    RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop
    RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue RandomInvert
    RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
    RandomTranslation RandomZoom ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding
    STFTSpectrogram SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax Solarization
    SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells Subtract
    TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D
    ZeroPadding3D
"""
_NUMPY = """
    Abs Absolute Add All Amax Amin Any Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh Argmax Argmin
    Argsort Average BroadcastTo Cbrt Ceil Clip Concatenate Copy Cos Cosh CountNonzero Cumprod Cumsum Deg2rad
    Diagonal Diff Divide DivideNoNan Dot Einsum Equal Exp Exp2 ExpandDims Expm1 Flip Floor FloorDivide
    FullLike GetItem Greater GreaterEqual Hstack Hypot Inner Isfinite Isinf Isnan Less LessEqual Log Log10
    Log1p Log2 Logaddexp LogicalAnd LogicalNot LogicalOr LogicalXor Matmul Max Maximum Mean Median Min Minimum
    Mod Moveaxis Multiply NanToNum Negative NotEqual OnesLike Outer Pad Power Prod Quantile Rad2deg Ravel
    Reciprocal Repeat Reshape Roll Round Sign Sin Sinc Sinh Sort Split Sqrt Square Squeeze Stack Std Subtract
    Sum Swapaxes Take TakeAlongAxis Tan Tanh Tensordot Tile Trace Transpose Tril Triu TrueDivide Trunc Var
    Vdot Vstack Where ZerosLike
"""
_NN = """
    AveragePool Celu Elu Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu LogSigmoid
    LogSoftmax MaxPool Moments Normalize OneHot RMSNorm Relu Relu6 Selu Sigmoid Silu SoftShrink Softmax
    Softplus Softsign SparsePlus SparseSigmoid Sparsemax Squareplus TanhShrink Threshold
"""
_INITIALIZERS = """
    Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones Orthogonal
    RandomNormal RandomUniform STFT TruncatedNormal VarianceScaling Zeros
"""
_OPTIMIZERS = (
    "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer Muon Nadam RMSprop SGD"
)
_SCHEDULES = (
    "CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay PiecewiseConstantDecay PolynomialDecay"
)
_LOSSES = """
    BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy
    CosineSimilarity Dice Hinge CategoricalHinge SquaredHinge Huber KLDivergence LogCosh MeanAbsoluteError
    MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson
    SparseCategoricalCrossentropy Tversky
"""
_METRICS = """
    AUC Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy CategoricalCrossentropy
    CosineSimilarity F1Score FBetaScore FalseNegatives FalsePositives KLDivergence LogCoshError Mean
    MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson
    Precision PrecisionAtRecall R2Score Recall RecallAtPrecision RootMeanSquaredError SensitivityAtSpecificity
    SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy
    SpecificityAtSensitivity TopKCategoricalAccuracy TrueNegatives TruePositives
"""
_OURS = {  # layers of the zoo that a net tuned to another outcome may have kept; they only compute
    "bineural.zoo.parts.local_response": ["LocalResponse"],
    "bineural.zoo.parts.new_logits": ["NewLogits"],
    "bineural.zoo.parts.shortcut": ["Shortcut"],
}
_CLASSES = {
    "keras": ["DTypePolicy", "DTypePolicyMap", "Sequential"],
    "keras.models": ["Sequential"],
    "keras.src.models.functional": ["Functional"],
    "keras.dtype_policies": ["DTypePolicy", "DTypePolicyMap"],
    "keras.layers": _LAYERS.split(),
    "keras.src.ops.numpy": _NUMPY.split(),
    "keras.src.ops.nn": _NN.split(),
    "keras.src.ops.core": ["Cast", "Slice", "StopGradient", "Unstack"],
    "keras.src.ops.math": ["Erf", "Logsumexp", "Rsqrt", "TopK"],
    "keras.initializers": _INITIALIZERS.split(),
    "keras.regularizers": ["L1", "L1L2", "L2", "OrthogonalRegularizer"],
    "keras.constraints": ["MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"],
    "keras.optimizers": _OPTIMIZERS.split(),
    "keras.optimizers.schedules": _SCHEDULES.split(),
    "keras.losses": _LOSSES.split(),
    "keras.metrics": _METRICS.split(),
    **_OURS,
}
_MARKS = {
    "__keras_tensor__": {"shape", "dtype", "keras_history"},
    "__tensor__": {"value", "dtype"},
    "__numpy__": {"value", "dtype"},
    "__slice__": {"start", "stop", "step"},
    "__ellipsis__": None,
    "__tuple__": None,
}
_KEYS = {"module", "class_name", "config", "registered_name", "build_config", "compile_config", "name"}
_KEYS |= {"inbound_nodes", "shared_object_id"}
_FREE = {"seed", "shared_object_id"}  # whole numbers that are no sizes
_SMALLEST = 2**20  # whole numbers up to this are taken anywhere
_FEW = 1_000_000  # numbers of one row that may flow between any two layers


def refuse_foreign(config, where):
    """Raise `SavingError` when a Keras configuration names what a bundle can't hold."""
    try:
        _check_part(config, where)
    except Mismatch as error:
        raise SavingError(
            "A bundle can't hold layers or functions of your own, since a file carries no code.",
            f"{where} has {error}.",
            "Build the net from Keras' own layers, or keep the model as a .keras file with its code.",
        ) from error


def _check_part(part, where):
    if isinstance(part, dict):
        _check_dict(part, where)
        for value in part.values():
            _check_part(value, where)
    elif isinstance(part, (list, tuple)):
        for value in part:
            _check_part(value, where)


def _check_dict(part, where):
    """Check one dict of a configuration: if it names a class, then one of the list."""
    name = part.get("class_name")
    if set(part) == {"value"} and isinstance(part["value"], (list, tuple)):
        raise Mismatch("a lambda")
    if name is None:
        require(not {"module", "registered_name", "inbound_nodes"} & set(part), "a part without a class")
        _check_layers(part)
        return
    require(isinstance(name, str), "a class without a name")
    require(name not in ("Lambda", "__lambda__"), "a lambda")
    if name == "function":
        raise Mismatch(f"the function {str(part.get('config'))[:60]!r}")
    config, module = part.get("config"), part.get("module")
    if name in _MARKS:
        require(module is None and set(part) <= {"class_name", "config"}, f"{name!r} of a module")
        known = _MARKS[name]
        require(known is None or isinstance(config, dict) and set(config) == known, f"a strange {name!r}")
        return
    own = f"{name!r} of the module {str(module)[:60]!r}" if module else f"{name!r}"
    known = isinstance(module, str) and name in _CLASSES.get(module, ())
    registered = f"bineural>{name}" if module in _OURS else name
    require(known and part.get("registered_name") in (None, registered), own[:160])
    require(set(part) <= _KEYS and isinstance(config, dict), f"a strange {name!r}")
    if name in ("IntegerLookup", "Discretization", "CategoryEncoding"):
        require(not isinstance(config.get("vocabulary"), str), f"{name!r} of a file")


def _check_layers(config):
    """Each layer of a model must say its module: Keras reads others by an older, looser way."""
    layers = config.get("layers")
    if isinstance(layers, (list, tuple)):
        for layer in layers:
            require(
                isinstance(layer, dict) and {"module", "class_name"} <= set(layer), "a layer of no module"
            )


# ---- building ----


def build_keras(config, weights):
    """Build the Keras object of a configuration from a file.

    Parameters
    ----------
    config : dict
        Decoded; it is changed.
    weights : list of ndarray or None
        Of a model.

    Returns
    -------
    keras.Model, keras.Optimizer or keras.losses.Loss

    Raises
    ------
    SavingError, Mismatch
        If it names another class, or would be larger than its weights.
    """
    config = _plain(config)
    require(isinstance(config, dict) and "class_name" in config, "a Keras object has no configuration")
    refuse_foreign(config, "the bundle")
    is_model = config["class_name"] in ("Sequential", "Functional")
    require(is_model == (weights is not None), "a Keras object has weights that it can't have")
    compiling = config.pop("compile_config", None) or None
    _without_compiling(config)
    weights = weights or []
    n_weights = sum(w.size for w in weights)
    largest = max(_SMALLEST, n_weights)
    few_parts = _count(config, "class_name") <= 2000 + 50 * len(weights)
    require(few_parts, "a Keras model has too many parts for its weights")
    steps = 4096 if _unrolls(config) else largest
    _check_numbers(config, min(steps, largest))
    with warnings.catch_warnings(), metered(n_weights):
        warnings.simplefilter("ignore")
        value = _deserialize(config)
    if is_model:
        _set_weights(value, weights)
        _check_flow(value, n_weights)
        if compiling is not None:
            _check_numbers(compiling, largest)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value.compile_from_config(compiling)
    return value


def _deserialize(config):
    from bineural._tensorflow import keras
    from bineural.keras_building import keep_random

    with keep_random():
        value = keras.saving.deserialize_keras_object(config, safe_mode=True)
    kinds = (keras.Model, keras.optimizers.Optimizer, keras.losses.Loss)
    require(isinstance(value, kinds), f"a Keras object is of type {type(value).__name__}")
    for layer in value._flatten_layers() if isinstance(value, keras.Model) else []:
        module = type(layer).__module__  # whatever the process has registered by that name
        ours = type(layer).__name__ in _OURS.get(module, ())
        require(module.startswith("keras.") or ours, f"a layer is of type {type(layer).__name__}")
    return value


def _set_weights(model, weights):
    shapes = [tuple(v.shape) for v in model.weights]
    require(shapes == [w.shape for w in weights], "a Keras model has weights of other shapes than its layers")
    require(all(w.dtype.kind in "fiub" for w in weights), "a Keras model has weights that are no numbers")
    model.set_weights(weights)


def _plain(part):
    """Return a configuration of JSON values alone (and tuples), single numbers of numpy as Python's."""
    if isinstance(part, dict):
        require(all(isinstance(key, str) for key in part), "a Keras configuration has a key that is no text")
        return {key: _plain(value) for key, value in part.items()}
    if type(part) is list:
        return [_plain(value) for value in part]
    if type(part) is tuple:
        return tuple(_plain(value) for value in part)
    if isinstance(part, np.ndarray) and part.dtype.kind in "fiubU":
        return part.tolist()
    if isinstance(part, np.generic) and part.dtype.kind in "fiubU":
        return part.item()
    known = part is None or type(part) in (bool, int, float, str)
    require(known, f"a Keras configuration holds a value of type {type(part).__name__}")
    return part


def _without_compiling(part):
    """Leave out how nested models were compiled; only the whole is trained."""
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, (list, tuple)) else ():
        if isinstance(value, dict):
            value.pop("compile_config", None)
        _without_compiling(value)


def _check_numbers(part, largest):
    """Refuse whole numbers beyond what is stored: sizes of layers, kernels, paddings and repeats."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in _FREE:
                _check_numbers(value, largest)
    elif isinstance(part, (list, tuple)):
        for value in part:
            _check_numbers(value, largest)
    elif type(part) is int:
        require(abs(part) <= largest, f"a Keras model has a size of {str(part)[:30]} and fewer weights")


def _count(part, key):
    if isinstance(part, dict):
        return (key in part) + sum(_count(value, key) for value in part.values())
    return sum(_count(value, key) for value in part) if isinstance(part, (list, tuple)) else 0


def _unrolls(part):
    if isinstance(part, dict):
        return part.get("unroll") is True or any(map(_unrolls, part.values()))
    return isinstance(part, (list, tuple)) and any(map(_unrolls, part))


@contextlib.contextmanager
def metered(n_weights):
    """Count the numbers of each variable before it is made; more than are stored are refused."""
    from bineural.keras_building import watching_variables

    left = [n_weights + 100_000]  # random states, counters, step numbers

    def count(variable, initializer):
        left[0] -= math.prod(d or 0 for d in variable._shape)
        require(left[0] >= 0, "a Keras model is larger than its weights")

    with watching_variables(count):
        yield


def _check_flow(model, n_weights):
    """Refuse a model that makes much more of a row than a row and the weights hold."""
    inputs = sum(_row_size(t.shape) for t in getattr(model, "inputs", None) or [])
    most = max(_FEW, 1000 * inputs + 10 * n_weights)
    for layer in model._flatten_layers():
        for node in getattr(layer, "_inbound_nodes", ()):
            for tensor in node.output_tensors:
                size = _row_size(getattr(tensor, "shape", ()))
                require(size <= most, f"a layer {layer.name[:40]!r} makes {size:,} numbers of a row")


def _row_size(shape):
    """Count the numbers of one row; axes of any length count as 1."""
    first, *others = tuple(shape) or (None,)
    return math.prod(d or 1 for d in (first, *others))
