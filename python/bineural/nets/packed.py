"""Copies of nets whose architecture is a compiled Keras model: how they are pickled.

Keras can't unpickle a compiled model that it has not trained, or that was compiled with a function, and its
configuration of a loss may leave settings out. So a model travels uncompiled, with what `compile` was given.
"""


def packs(architecture):
    """Say whether an architecture must be packed: it is a compiled Keras model."""
    return getattr(architecture, "compiled", False) and hasattr(architecture, "compile_from_config")


class Packed:
    """An uncompiled copy of a Keras model and the arguments of its `compile`, as plain values."""

    def __init__(self, model):
        from bineural.training.blueprint import rebuild

        copied = rebuild(model)[0]
        if copied is not model:
            copied.set_weights(model.get_weights())
        self.model, self.whole = (
            copied,
            copied is model,
        )  # Keras has to do it by itself where it can't be built
        optimizer, losses = model.optimizer, model._compile_loss
        self.optimizer = type(optimizer), optimizer.get_config()
        self.loss = pack_loss(model.loss)
        self.weights = None if losses is None else losses._user_loss_weights
        metrics = model._compile_metrics
        self.metrics = None if metrics is None else metrics._user_metrics

    def unpack(self):
        """Return the model, compiled."""
        if not self.whole:
            kind, config = self.optimizer
            self.model.compile(
                kind.from_config(config),
                unpack_loss(self.loss),
                loss_weights=self.weights,
                metrics=self.metrics,
            )
        return self.model


def pack_loss(loss):
    """Write a Keras loss as (class, configuration with all its settings); others as they are."""
    from bineural._tensorflow import keras

    if isinstance(loss, keras.Loss) and type(loss).__module__.startswith("keras."):
        return type(loss), {**loss.get_config(), **getattr(loss, "_fn_kwargs", {})}
    return loss


def unpack_loss(packed):
    """Make the loss that `pack_loss` wrote."""
    is_loss = isinstance(packed, tuple) and len(packed) == 2 and isinstance(packed[0], type)
    return packed[0].from_config(packed[1]) if is_loss else packed
