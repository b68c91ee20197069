"""Text or a function as a computation of tensors by name."""

import ast
import operator
import re

from bineural._tensorflow import tf
from bineural.checks import calling
from bineural.errors import InputError
from bineural.messages import listed, near_names

OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
}
FUNCTIONS = {
    "add": tf.add,
    "subtract": tf.subtract,
    "multiply": tf.multiply,
    "divide": tf.divide,
    "pow": tf.pow,
    "maximum": tf.maximum,
    "minimum": tf.minimum,
    "matmul": tf.matmul,
    "transpose": tf.transpose,
    "abs": tf.abs,
    "exp": tf.exp,
    "log": tf.math.log,
    "sqrt": tf.sqrt,
    "square": tf.square,
    "tanh": tf.tanh,
    "sigmoid": tf.sigmoid,
    "relu": tf.nn.relu,
    "reduce_sum": tf.reduce_sum,
    "reduce_mean": tf.reduce_mean,
}
RENAMED = {"mul": "multiply", "sub": "subtract", "div": "divide"}  # since TensorFlow 1.0


def read_expression(expression):
    """Return the text of an expression, and what computes it: a callable of one dict of tensors by name.

    Raises
    ------
    InputError
        If it is neither text that holds arithmetic nor a callable.
    """
    if callable(expression):
        return getattr(expression, "__name__", "function"), lambda named: _call(expression, named)
    text = str(expression).strip().removeprefix("~").strip()
    try:
        plain = re.sub(r"(?<=[0-9])L\b", "", text.replace("^", "**"))  # R writes the whole number 4 as 4L
        tree = ast.parse(plain, mode="eval").body
    except SyntaxError:
        raise InputError(
            "`expression` must be arithmetic of names.",
            f"Found {text!r}.",
            "Write e.g. matmul(x, w) + b.",
        ) from None
    _check(tree)
    return text, lambda named: tf.convert_to_tensor(_compute(tree, named))


def _call(function, named):
    with calling("expression", "the variables by name"):
        return tf.convert_to_tensor(function(**named))


def _check(part):
    """Refuse what is no arithmetic, before anything is computed."""
    match part:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return
        case ast.Name():
            return
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in OPERATIONS:
            return _check(left), _check(right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _check(operand)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return [_check(argument) for argument in arguments]
        case ast.Call(func=ast.Name(id=name)) if name in RENAMED:
            hint = f"Since TensorFlow 1.0 it is called {RENAMED[name]!r}."
        case ast.Call(func=ast.Name(id=name)):
            hint = near_names(name, list(FUNCTIONS))
        case _:
            hint = "Write it with these."
    raise InputError(
        f"`expression` must hold only numbers, names, + - * / ^ and {listed(FUNCTIONS, most=30)}.",
        f"Found {ast.unparse(part)!r}.",
        hint,
    )


def _compute(part, named):
    match part:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            if name not in named:
                raise InputError(
                    f"`values` must hold a value for {name!r}.",
                    f"They hold {listed(named) or 'nothing'}.",
                    near_names(name, list(named)),
                )
            return named[name]
        case ast.BinOp(left=left, op=operation, right=right):
            return OPERATIONS[type(operation)](_compute(left, named), _compute(right, named))
        case ast.UnaryOp(operand=operand):
            return -_compute(operand, named)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*(_compute(argument, named) for argument in arguments))
