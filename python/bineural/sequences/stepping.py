"""One symbol after another from a recurrent net, whose states are kept from step to step.

The net as it was trained reads a whole sequence at once. To go on from a prefix by one symbol needs no more
than its states after the prefix and the last symbol, so that a sequence of n symbols costs n steps of the
cells, and not the n (n + 1) / 2 of reading each prefix anew. Numbers are the same to rounding. A transformer
has no such state; it reads its prefixes anew.
"""

import numpy as np

from bineural.nets.fitted import keras_model_of


def stepper_of(model, sources=None):
    """Return a function (which, prefixes) -> answers, see `beams.search`, for one search or drawing.

    Parameters
    ----------
    model : SequenceModel or NGram
        Fitted.
    sources : ndarray of int32, shape (n, steps), optional
    """
    fitted = getattr(model, "fitted_", None)
    layers = {} if fitted is None else {layer.name: layer for layer in keras_model_of(fitted).layers}
    if "decoder_0" not in layers or not hasattr(layers["decoder_0"], "get_initial_state"):
        more = () if sources is None else (sources,)
        return lambda which, prefixes: model.step_each(which, prefixes, *more)
    return Stepper(model, layers, sources)


class Stepper:
    """Goes on from prefixes by a symbol; those of the step before are known with their states.

    Parameters
    ----------
    model : SequenceModel
        Of a recurrent net.
    layers : dict of str to layer
    sources : ndarray of int32, shape (n, steps), or None
    """

    def __init__(self, model, layers, sources):
        from bineural._tensorflow import tf

        self.model, self.layers, self.sources = model, layers, sources
        self.tokens = range(1, len(model.symbols_) + 1)
        self.places, self.states = {}, None  # (which, prefix) -> row of the states after it
        self._start = None
        if sources is not None:
            self._start = [part.numpy() for part in tf.nest.flatten(self._encode(tf.constant(sources)))]
        fitted = model.fitted_
        if getattr(fitted, "_stepping", None) is None:  # as its Keras model, made when it is first needed
            fitted._stepping = self._compiled()
        self._run = fitted._stepping

    def __call__(self, which, prefixes):
        """Return (tokens, log probabilities of what may follow) for each prefix, a tuple of numbers."""
        keys = list(zip(np.asarray(which).tolist(), prefixes))
        lengths = {len(prefix) for prefix in prefixes}
        if len(lengths) > 1:
            raise AssertionError("prefixes of one step have one length")
        parents = [(row, prefix[:-1]) for row, prefix in keys]
        known = prefixes and prefixes[0] and all(parent in self.places for parent in parents)
        if known:
            rows = [self.places[parent] for parent in parents]
            states, first = [state[rows] for state in self.states], len(prefixes[0])
        else:
            states, first = None, 0
        read = self._read(which)
        for k in range(first, len(prefixes[0]) + 1):
            before = np.array([[prefix[k - 1] if k else 0] for prefix in prefixes], np.int32)
            logits, states = self._ask(which, before, states, read)
        self.states, self.places = states, {key: i for i, key in enumerate(keys)}
        return [(self.tokens, values) for values in log_softmax(logits)]

    def _read(self, which):
        """Return what was read of the source of each prefix: its symbols, and the encoder's states; or []."""
        return [] if self.sources is None else [self.sources[which], self._start[0][which]]

    def _ask(self, which, before, states, read):
        """Take one step of all prefixes; return logits (n, n_symbols), float64, and states."""
        from bineural._tensorflow import tf

        if states is None:
            states = self._first_states(which)
        logits, states = self._run(
            tf.constant(before),
            [tf.constant(state) for state in states],
            [tf.constant(part) for part in read],
        )
        return logits.numpy().astype(np.float64), [state.numpy() for state in states]

    # ---- the net, a step at a time ----

    def _decoders(self):
        return [
            layer for name, layer in self.layers.items() if name.startswith("decoder_") and _is_cell(layer)
        ]

    def _first_states(self, which):
        """Return the states before the first symbol: zeros, or the last ones of the encoder."""
        if self._start is not None:
            return [state[which] for state in self._start[1:]]
        first = [layer.get_initial_state(len(which)) for layer in self._decoders()]
        return [np.asarray(state) for states in first for state in states]

    def _encode(self, source):
        """Return what the encoder's last layer puts out, and the last states of all its layers."""
        x, states, there = self.layers["source_symbols"](source), [], source > 0
        for name, layer in self.layers.items():
            if name.startswith("encoder_") and _is_cell(layer):
                x, *own = layer(x, mask=there)
                states += own
        return [x, *states]

    def _compiled(self):
        """Return `_step` as one graph for any number of prefixes."""
        from bineural._tensorflow import tf

        first = [tf.convert_to_tensor(s) for layer in self._decoders() for s in layer.get_initial_state(1)]
        states = [tf.TensorSpec((None, *state.shape[1:]), state.dtype) for state in first]
        read = []
        if self.sources is not None:
            seen = self._start[0]
            read = [
                tf.TensorSpec((None, None), tf.int32),
                tf.TensorSpec((None, None, seen.shape[-1]), seen.dtype),
            ]
        before = tf.TensorSpec((None, 1), tf.int32)
        return tf.function(self._step, autograph=False).get_concrete_function(before, states, read)

    def _step(self, before, states, read):
        """Return logits (n, n_symbols) of what follows the symbols before (n, 1), and the states then."""
        from bineural._tensorflow import keras

        x, after, held = self.layers["symbols"](before), [], iter(states)
        for layer in self._decoders():
            n_own = len(layer.get_initial_state(1))
            x, *own = layer(x, initial_state=[next(held) for _ in range(n_own)])
            after += own
        if "look" in self.layers:
            source, states_read = read
            seen = self.layers["look"](self.layers["query"](x), states_read, states_read, source)
            x = self.layers["attended"](keras.ops.concatenate([x, seen], axis=-1))
        return self.layers["logits"](x)[:, 0], after


def _is_cell(layer):
    return hasattr(layer, "get_initial_state")


def log_softmax(logits):
    """Return log probabilities along the last axis."""
    logits = logits - logits.max(axis=-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
