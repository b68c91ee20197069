"""Any Keras optimizer as a pure function of its state, which Keras itself refuses on TensorFlow.

Keras' TensorFlow optimizers assign through `tf.distribute`, so their `stateless_apply` raises. The parent
class they share with the other backends has no such tie. `_Stateless` puts the parent's methods back; placed
after the concrete optimizer and before the TensorFlow one in the method order, it leaves every update rule as
it is. These are Keras' private names (3.13 to 3.15): nothing outside this file uses them, and
`test_optimizers.py` compares each optimizer with Keras' own steps.
"""

import functools
import json
from typing import NamedTuple

import numpy as np
from keras.src.backend.tensorflow.optimizer import TFOptimizer
from keras.src.optimizers.base_optimizer import BaseOptimizer

from bineural._tensorflow import keras, tf
from bineural.errors import InputError
from bineural.training.device import on_device


class _Stateless(TFOptimizer):
    stateless_apply = BaseOptimizer.stateless_apply
    assign = BaseOptimizer.assign
    assign_add = BaseOptimizer.assign_add
    assign_sub = BaseOptimizer.assign_sub
    _var_key = BaseOptimizer._var_key
    _backend_update_step = BaseOptimizer._backend_update_step
    _apply_weight_decay = BaseOptimizer._apply_weight_decay
    _overwrite_model_variables_with_average_value = (
        BaseOptimizer._overwrite_model_variables_with_average_value
    )


class PureOptimizer:
    """An optimizer whose state is handed in and out.

    Parameters
    ----------
    optimizer : str or keras.Optimizer
        Its settings are copied; the object given is never changed.
    variables : list of keras.Variable
        The trainable variables of the model it will update.

    Attributes
    ----------
    kind : type
        Class of the optimizer given.
    """

    def __init__(self, optimizer, variables):
        optimizer = read_optimizer(optimizer)
        self.kind = type(optimizer)
        self._optimizer = _stateless_kind(self.kind).from_config(optimizer.get_config())
        with on_device(None):  # only their shapes and starting values are used
            self._optimizer.build(variables)
        known = {id(v) for v in self._optimizer.variables}
        for value in list(vars(self._optimizer).values()):  # Nadam keeps a running product to itself
            if isinstance(value, keras.Variable) and id(value) not in known:
                self._optimizer._track_variable(value)

    @property
    def built(self):
        """The Keras optimizer with the settings and variables: to be read."""
        return self._optimizer

    def initial_state(self):
        """Return (the optimizer's variables before the first step as arrays, where its learning rate stands).

        The place is None where the rate follows a schedule.
        """
        variables, rate = self._optimizer.variables, self._optimizer._learning_rate
        places = [i for i, v in enumerate(variables) if v is rate]
        return [np.asarray(v) for v in variables], places[0] if places else None

    def apply(self, state, gradients, trainable):
        """Return (trainable, state) after one step; tensors in, tensors out."""
        trainable, state = self._optimizer.stateless_apply(list(state), gradients, list(trainable))
        return [tf.convert_to_tensor(v) for v in trainable], [tf.convert_to_tensor(v) for v in state]

    def averaged(self, state, trainable):
        """Return the weights to predict with: their moving average where the optimizer keeps one."""
        if not self._optimizer.use_ema:
            return trainable
        place = {id(v): i for i, v in enumerate(self._optimizer.variables)}
        averages = self._optimizer._model_variables_moving_average
        return [t if a is None else state[place[id(a)]] for t, a in zip(trainable, averages)]


def read_optimizer(optimizer):
    """Return a Keras optimizer from its name or itself.

    Parameters
    ----------
    optimizer : str or keras.Optimizer
        Names as in Keras: "adam", "sgd", "rmsprop", "adamw", "nadam", ...

    Returns
    -------
    keras.Optimizer

    Raises
    ------
    InputError
        If there is no such optimizer, or it gathers gradients over several steps or scales its loss, which
        the engine can't do.
    """
    try:
        made = keras.optimizers.get(optimizer)
    except (ValueError, TypeError, KeyError):  # Keras reads a dict as a configuration
        made = None
    if not isinstance(made, keras.Optimizer):
        raise InputError(
            "`optimizer` must be a Keras optimizer or its name.",
            f"Found {optimizer!r}.",
            "Use for example 'adam', 'sgd', 'rmsprop', 'adamw' or keras.optimizers.SGD(0.01, momentum=0.9).",
        )
    if isinstance(made, keras.optimizers.LossScaleOptimizer) or made.loss_scale_factor is not None:
        raise InputError(
            "`optimizer` can't scale its loss here.",
            f"Found {type(made).__name__} with loss scaling.",
            "Give the inner optimizer without it.",
        )
    if made.gradient_accumulation_steps:
        raise InputError(
            "`optimizer` can't gather gradients over several steps here.",
            f"Found gradient_accumulation_steps={made.gradient_accumulation_steps}.",
            "Use a larger batch_size instead.",
        )
    return made


def optimizer_key(optimizer):
    """Return text that is equal for optimizers with equal settings, whatever their starting learning rate."""
    return describe_optimizer(optimizer).key


def default_learning_rate(optimizer):
    """Return the learning rate an optimizer starts with, or None when it follows a schedule."""
    return describe_optimizer(optimizer).learning_rate


class Description(NamedTuple):
    """What is known of an optimizer from its settings: `schedule` is the class of one, or ""."""

    key: tuple
    learning_rate: float
    schedule: str


def describe_optimizer(optimizer):
    """Return the `Description` of an optimizer or its name."""
    if isinstance(optimizer, str):
        return described_by_name(optimizer)
    optimizer = read_optimizer(optimizer)
    config = {k: v for k, v in optimizer.get_config().items() if k != "name"}
    rate = config.get("learning_rate")
    rate = float(config.pop("learning_rate")) if isinstance(rate, (int, float)) else None
    kind = f"{type(optimizer).__module__}.{type(optimizer).__qualname__}"
    key = kind, json.dumps(config, sort_keys=True, default=repr)
    scheduled = isinstance(optimizer._learning_rate, keras.optimizers.schedules.LearningRateSchedule)
    return Description(key, rate, type(optimizer._learning_rate).__name__ if scheduled else "")


@functools.cache  # TensorFlow keeps something of every variable made
def described_by_name(name):
    """Return the `Description` of an optimizer with Keras' own settings."""
    return describe_optimizer(read_optimizer(name))


@functools.cache
def _stateless_kind(kind):
    return type(f"Stateless{kind.__name__}", (kind, _Stateless), {})
