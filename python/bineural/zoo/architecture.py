"""Architectures as records, registered by name in the files that build them.

A file of this folder holds the builders of one family and registers them at its end::

    register_architecture(Architecture("mlp", build_mlp, reads=COMMON, learning_rate=0.01, ...))

Nothing else lists them: all files of the folder are imported when a name is first looked up.
"""

from dataclasses import dataclass

from bineural.errors import InputError
from bineural.lazy import import_files
from bineural.messages import listed, near_names, shown
from bineural.zoo.record_checks import (
    COMMON,
    check_builder,
    check_plain,
    check_record,
    count_reserved,
    is_keras,
    name_of,
    reserve_option_names,
)

__all__ = [
    "COMMON",
    "SMALL_TABLE",
    "Architecture",
    "architecture_names",
    "as_architecture",
    "default_architecture",
    "register_architecture",
    "registered_architectures",
    "reserve_option_names",
]

# Up to how many rows a table is small; benchmarks/bench_tables.py says what speaks for an ensemble there.
SMALL_TABLE = 20_000

_registered = {}
_checked = {}  # name to (record, number of reserved names when it was checked)


@dataclass(frozen=True)
class Architecture:
    """How a net is built, and what a net takes from its architecture.

    Attributes
    ----------
    name : str
        As `architecture=` has it.
    build : callable
        `(input_shape, n_outputs, **options) -> keras.Model`, uncompiled, with logits.
    inputs : tuple of str
        Kinds of input that it takes, as `inputs/` names them: "table", "image", ...; empty for any kind.
        With "text" `build` takes `vocabulary`: how many numbers words have; None for rows that are no texts.
    reads : tuple of str
        The options of a net that `build` takes, among `COMMON`. With "numbers" it takes `number_columns` too:
        positions of the columns that are numbers, not levels; None for all.
    options : tuple of bineural.options.Option
        Options of its own, which `build` takes as well. Their values are plain data.
    learning_rate : float, optional
        Default with an optimizer by name; None: the optimizer's own.
    prior_precision : float, optional
        The default penalty is that of normal weights of this precision a priori; None: no penalty.
    precisions : tuple of float
        Precisions, the one above among them, that an ensemble chooses among by the rows it watches.
    units_by_rows : tuple of (int, tuple of int)
        Default hidden layers: those of the last pair whose first number is at most the rows trained on.
    batch_by_rows : tuple of (int, int)
        Default rows in a step, likewise.
    numbers : str
        Default of the option of that name.
    members : int
        Nets of the default ensemble on a table of up to `SMALL_TABLE` rows; otherwise it is one net.
    several_heads : bool
        Whether the output is (batch, n_heads, n_outputs): heads that are trained by themselves, and the mean
        of whose predictions predicts.
    hidden_weights : tuple of str
        Paths of the weights without which (at 0) the net is additive in its columns.
    default_for : tuple of str
        Kinds of input whose nets are built so where no architecture is named.
    learns : {"outcome", "rows", "samples", "hidden", "sequences"}
        What it is for: an outcome, the rows themselves (see `fit_autoencoder`), to make up rows like them
        (see `fit_gan`), hidden units of them (see `fit_rbm`), or to predict sequences (see `fit_sequence`).
    takes_codes : bool
        Whether categories may come as codes: `build` takes `level_counts`, levels of each category.
    title, paper : str
        What it is, in a few words, and where it is described.
    year : int, optional
    given : keras.Model or callable, optional
        The user's own model or builder, where it is one.

    See Also
    --------
    register_architecture : give it a name that `fit_net` knows.

    Notes
    -----
    Nets of one layout (members, folds, seeds) are trained together, as one net with an axis of replicas in
    front of every array; what Keras' own layers do with that axis is known. A layer of a class of one's own
    is converted operation by operation, which takes longer to begin with (or if it can't be, its nets are
    trained one by one), unless its class has a method for it beside `call`::

        class Scaled(keras.layers.Layer):
            def build(self, shape):
                self.factor = self.add_weight(shape=(shape[-1],))

            def call(self, x):  # (batch, ..., n)
                return x * self.factor

            def call_replicas(self, call, x):  # (n_replicas, batch, ..., n)
                return x * call.along(self.factor, x.shape.rank)

    `call_replicas(call, *inputs, **options)` gets what `call` gets, and returns what `call` returns, with one
    more axis in front; each replica's part must be what `call` makes of it. It takes the named arguments that
    models give the layer, but for `training`, and the masks that `call` takes. Of the object `call`:

    ``call[variable]``
        The value of a variable of the layer in each replica: its shape with n_replicas in front.
    ``call.along(variable, rank)``
        The same, with axes of 1 before its shape, to go with tensors of this rank.
    ``call.assign(variable, value)``
        Change a variable that is not trained.
    ``call.training``
        Whether the nets are being trained.
    ``call.draw(seed_generator, shape)``
        Uniform random numbers, n_replicas in front of the shape: those each net would draw alone.
    ``call.n_replicas``
        Their number, a scalar tensor.

    Random numbers come from a `keras.random.SeedGenerator` of the layer. A fitted net says in `why_alone_`
    which layer kept it from such a stack.
    """

    name: str
    build: object
    inputs: tuple = ("table",)
    reads: tuple = ()
    options: tuple = ()
    learning_rate: float | None = None
    prior_precision: float | None = None
    precisions: tuple = ()
    units_by_rows: tuple = ((0, (16, 8)),)
    batch_by_rows: tuple = ((0, 32),)
    numbers: str = "plain"
    members: int = 1
    hidden_weights: tuple = ()
    default_for: tuple = ()
    learns: str = "outcome"
    takes_codes: bool = False
    several_heads: bool = False
    title: str = ""
    paper: str = ""
    year: int | None = None
    given: object = None

    @property
    def kind(self):
        """ "own" for the user's model or builder, else "registered"."""
        return "registered" if self.given is None else "own"

    @property
    def model(self):
        """The user's Keras model, or None where the net is built by a function."""
        return self.given if is_keras(self.given, "Model") else None

    def default_l2(self, n_rows):
        """Return the penalty on the mean loss of `n_rows` rows, `prior_precision / (2 n_rows)`."""
        return 0.0 if self.prior_precision is None else self.prior_precision / (2 * n_rows)

    def default_units(self, n_rows):
        """Return the hidden layers of a net that is trained on `n_rows` rows, a tuple of int."""
        return [units for least, units in self.units_by_rows if least <= n_rows][-1]

    def default_batch(self, n_rows):
        """Return how many rows are in a step of a net that is trained on `n_rows` rows."""
        return [size for least, size in self.batch_by_rows if least <= n_rows][-1]

    def default_members(self, n_rows):
        """Return how many nets the default ensemble on a table of `n_rows` rows has."""
        return self.members if n_rows <= SMALL_TABLE else 1

    def own_options(self, given):
        """Check values of its own options.

        Parameters
        ----------
        given : dict of str to object

        Returns
        -------
        dict of str to object
            A value for each of its own options, the default where none is given.

        Raises
        ------
        InputError
            If a name is none of its own options, or a value will not do.
        """
        names = [option.name for option in self.options]
        for name in given:
            if name not in names:
                raise InputError(
                    f"The architecture {self.name!r} must be given options that it has.",
                    f"Found `{name}`.",
                    near_names(name, [*self.reads, *names], mark="`"),
                )
        values = {o.name: o.check(given.get(o.name, o.default), o.name) for o in self.options}
        for name, value in values.items():
            check_plain(value, name)
        return values


def register_architecture(architecture):
    """Register an architecture under its name, for `fit_net(architecture=)` and every other door.

    Parameters
    ----------
    architecture : Architecture

    Returns
    -------
    Architecture
        The same.

    Raises
    ------
    InputError
        If the name is taken or no identifier, an option of its own has the name of an option of every net, or
        the builder does not take what the record says.

    Notes
    -----
    A process of its own, such as a worker or a new session that loads a saved net, must register it too.

    Examples
    --------
    >>> import bineural as bn
    >>> from bineural.checks import whole
    >>> from bineural.options import Option
    >>> def build_twins(input_shape, n_outputs, *, width):
    ...     import keras
    ...     columns = keras.Input(input_shape)
    ...     twins = [keras.layers.Dense(width, activation="tanh")(columns) for _ in range(2)]
    ...     return keras.Model(columns, keras.layers.Dense(n_outputs)(keras.layers.add(twins)))
    >>> width = Option("width", 4, whole(1), "int", "Units of each twin.", in_r="count")
    >>> twins = bn.zoo.Architecture("twins", build_twins, options=(width,), title="Two added layers")
    >>> bn.zoo.register_architecture(twins).name
    'twins'
    """
    _check(architecture)
    if not str(getattr(architecture.build, "__module__", "")).startswith(f"{__package__}."):
        import_files(__package__)
    if architecture.name in _registered:
        raise InputError(
            "The name of an architecture must not be taken.",
            f"There is an architecture {architecture.name!r} already.",
            "Choose another name.",
        )
    _registered[architecture.name] = architecture
    return architecture


def as_architecture(given):
    """Make the record of what a user gave as `architecture`.

    Parameters
    ----------
    given : str, Architecture, keras.Model or callable
        A registered name, a record, a Keras model, or a builder `(input_shape, n_outputs) -> keras.Model`.

    Returns
    -------
    Architecture

    Raises
    ------
    InputError
        If it is none of these.
    """
    if isinstance(given, str):
        return _look_up(given)
    if isinstance(given, Architecture):
        return given if given.kind == "own" else _check(given)
    if is_keras(given, "Model"):
        return _own(given, given.name, lambda input_shape, n_outputs: given)
    if callable(given) and not is_keras(given, "Layer"):
        check_builder(given, "architecture")
        return _own(given, name_of(given), given, getattr(given, "input_kinds", ()))
    raise InputError(
        "`architecture` must be a name in the zoo, a Keras model or a function that builds one.",
        f"Found {shown(given)}.",
        f"The zoo has {listed(architecture_names(), 30)}.",
    )


def default_architecture(kind):
    """Return the name of the architecture for a kind of input where none is named; None if there is none."""
    return next((r.name for r in registered_architectures() if kind in r.default_for), None)


def architecture_names():
    """Return the names of all registered architectures, in alphabetical order."""
    return [record.name for record in registered_architectures()]


def registered_architectures():
    """Return the records of all registered architectures, in alphabetical order of their names."""
    import_files(__package__)
    return [_registered[name] for name in sorted(_registered)]


def _own(given, name, build, inputs=()):
    return Architecture(name, build, inputs=inputs, given=given)


def _look_up(name):
    import_files(__package__)
    if name not in _registered:
        raise InputError(
            "`architecture` must be a name in the zoo, a Keras model or a function that builds one.",
            f"Found {str(name)!r}.",
            f"The zoo has {listed(architecture_names(), 30)}. {_nearest(name)}".rstrip(),
        )
    return _check(_registered[name])  # names may have been reserved since


def _nearest(name):
    hint = near_names(name, architecture_names())
    return hint if hint.startswith("Did you mean") else ""


def _check(architecture):
    """Refuse what is no record, and a record that contradicts itself or can't be registered."""
    name = getattr(architecture, "name", None)
    if isinstance(name, str) and _checked.get(name) == (architecture, count_reserved()):
        return architecture
    if not isinstance(architecture, Architecture):
        raise InputError(
            "An architecture must be registered as a record.",
            f"Found {architecture!r}.",
            "Make it by bineural.zoo.Architecture(name, build).",
        )
    if architecture.kind == "own":
        raise InputError(
            "An architecture must be registered with a builder.",
            f"Found the record of {architecture.given!r}, which is used as it is.",
            "Give a function (input_shape, n_outputs) -> keras.Model as `build`, and nothing as `given`.",
        )
    check_record(architecture)
    architecture.own_options({})  # the defaults must do
    _checked[name] = architecture, count_reserved()
    return architecture
