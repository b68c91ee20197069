"""Which operations of functional models, as x + y or `keras.ops.mean(x, axis=1)`, keep the rows apart.

Masks of layers are made of them too. One that is not here may let the rows of a batch meet.
"""

from bineural._tensorflow import keras

_ops = keras.src.ops
_MODULES = _ops.numpy, _ops.nn, _ops.core, _ops.math


def _named(names):
    """Return Keras' classes of operations by name."""
    kinds = (getattr(module, name, None) for name in names.split() for module in _MODULES)
    return tuple(kind for kind in kinds if isinstance(kind, type))


BY_NUMBER = _named(
    "Absolute Add Arctan Cast Ceil Clip ConvertToTensor Cos Cosh Divide DivideNoNan Elu Equal Erf Exp Expm1 "
    "Floor Gelu Greater GreaterEqual HardSigmoid HardSilu Isfinite Isnan LeakyRelu Less LessEqual "
    "Log Log10 Log1p Log2 LogSigmoid Logaddexp LogicalAnd LogicalNot LogicalOr LogicalXor Maximum Minimum "
    "Mod Multiply Negative NotEqual OnesLike Power Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Silu "
    "Sin Sinh Softplus Softsign Sqrt Square StopGradient Subtract Tan Tanh TrueDivide Where ZerosLike"
)
ALONG_AXES = _named(
    "All Amax Amin Any Argmax Argmin Argsort Concatenate Cumprod Cumsum Flip Glu LogSoftmax Logsumexp Max "
    "Mean Median Min Normalize Prod Softmax Sort Squeeze Std Sum Var"
)
_WITH_A_NEW_AXIS = _named("ExpandDims Stack")


def _takes_all_rows(operation, arguments):
    """Say whether a key begins with all rows, as in x[:, 0]."""
    key = arguments.kwargs.get("key", arguments.args[-1])
    first = key[0] if isinstance(key, (tuple, list)) and key else key
    return first is Ellipsis or (isinstance(first, slice) and first == slice(None))


OTHERS = {  # kind: callable (operation, arguments) -> whether rows stay apart
    _ops.numpy.GetItem: _takes_all_rows,
    _ops.numpy.Matmul: lambda operation, arguments: len(arguments.keras_tensors[0].shape) > 2,
    _ops.numpy.Transpose: lambda operation, arguments: operation.axes is not None and operation.axes[0] == 0,
}
KNOWN = (*BY_NUMBER, *ALONG_AXES, *_WITH_A_NEW_AXIS, *OTHERS)


def keeps_rows_apart(operation):
    """Say whether an operation gives each row of a batch what it would give it alone.

    Parameters
    ----------
    operation : keras.Operation
        In a functional model; no layer.
    """
    (node, *_) = operation._inbound_nodes
    ranks = {len(x.shape) for x in node.input_tensors}
    if type(operation) not in KNOWN or len(ranks) != 1:  # of several ranks, rows could be laid along others
        return False
    if check := OTHERS.get(type(operation)):
        return check(operation, node.arguments)
    if type(operation) in BY_NUMBER:
        return True
    rank = ranks.pop() + (type(operation) in _WITH_A_NEW_AXIS)
    axes = operation.axis if isinstance(operation.axis, (tuple, list)) else [operation.axis]
    return all(axis is not None and axis % rank for axis in axes)
