"""A neuron that fires or does not, and the logic that such neurons compute.

One unit fires where `w . x + b > 0`. It computes 14 of the 16 gates of two inputs; XOR and XNOR need a layer
before. Reference: McCulloch and Pitts (1943). Bulletin of Mathematical Biophysics 5, 115-133.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from bineural._typing import ArrayLike, DataFrame, Integers
from bineural.checks import checked, choice, number
from bineural.errors import InputError
from bineural.fundamentals.checking import check_array, check_inputs, check_vector

# gate: (what it gives for the inputs 00, 01, 10, 11, weights and bias of one unit)
GATES = {
    "FALSE": ("0000", (0, 0, 0)),
    "AND": ("0001", (0.5, 0.5, -0.5)),
    "A AND NOT B": ("0010", (0.5, -0.5, 0)),
    "A": ("0011", (0.5, 0, 0)),
    "B AND NOT A": ("0100", (-0.5, 0.5, 0)),
    "B": ("0101", (0, 0.5, 0)),
    "XOR": ("0110", None),
    "OR": ("0111", (0.5, 0.5, 0)),
    "NOR": ("1000", (-0.5, -0.5, 0.5)),
    "XNOR": ("1001", None),
    "NOT B": ("1010", (0, -0.5, 0.5)),
    "B IMPLIES A": ("1011", (0.5, -0.5, 0.5)),
    "NOT A": ("1100", (-0.5, 0, 0.5)),
    "A IMPLIES B": ("1101", (-0.5, 0.5, 0.5)),
    "NAND": ("1110", (-0.5, -0.5, 1)),
    "TRUE": ("1111", (0, 0, 0.5)),
}
# Two layers: both hidden gates see the inputs, and AND sees the hidden gates.
HIDDEN = {"XOR": ("OR", "NAND"), "XNOR": ("A IMPLIES B", "B IMPLIES A")}


@checked(x=partial(check_inputs, vector="row"), bias=number())
def fire_neuron(x: ArrayLike, weights: ArrayLike, bias: float = 0.0) -> Integers:
    """Fire where the weighted sum of the inputs is above 0: 1 if `w . x + b > 0`, else 0 [1]_.

    Parameters
    ----------
    x : array_like of float64, shape (n_rows, n_inputs) or (n_inputs,)
        Inputs; a vector is one row.
    weights : array_like of float64, shape (n_inputs,)
        How much each input counts.
    bias : float
        Minus the threshold; a sum of exactly 0 does not fire.

    Returns
    -------
    ndarray of int64, shape (n_rows,)

    Raises
    ------
    InputError
        If `weights` has not one number for each input.

    References
    ----------
    .. [1] Rosenblatt (1958). *Psychological Review* 65(6), 386-408.

    Examples
    --------
    >>> fire_neuron([[0, 0], [0, 1], [1, 0], [1, 1]], weights=[0.5, 0.5], bias=-0.5)  # AND
    array([0, 0, 0, 1])
    """
    weights = check_vector(weights, x.shape[1], "weights", "one for each input")
    return (x @ weights + bias > 0).astype(np.int64)


def list_gates() -> DataFrame:
    """List the 16 gates of two inputs, with weights for the 14 that one unit computes.

    Returns
    -------
    pandas.DataFrame
        Columns gate; f00, f01, f10, f11 (what it gives for each pair of inputs); one_unit (bool); weight_a,
        weight_b, bias (NaN where one unit cannot compute it); hidden (the two gates of the layer before,
        whose AND it is).

    Examples
    --------
    >>> gates = list_gates()
    >>> int(gates["one_unit"].sum())
    14
    >>> gates.loc[~gates["one_unit"], ["gate", "hidden"]].values.tolist()
    [['XOR', 'OR, NAND'], ['XNOR', 'A IMPLIES B, B IMPLIES A']]
    """
    import pandas as pd

    rows = []
    for gate, (outputs, unit) in GATES.items():
        row = {"gate": gate, **{f"f{i:02b}": int(value) for i, value in enumerate(outputs)}}
        row["one_unit"] = unit is not None
        row |= dict(zip(("weight_a", "weight_b", "bias"), map(float, unit or [np.nan] * 3)))
        rows.append(row | {"hidden": ", ".join(HIDDEN.get(gate, ()))})
    return pd.DataFrame(rows)


@checked(gate=choice(*GATES))
def apply_gate(gate: str, a: ArrayLike, b: ArrayLike) -> Integers:
    """Compute a gate of two inputs by threshold units, by one where one suffices, else by two layers.

    Parameters
    ----------
    gate : str
        A name from `list_gates`, such as "AND" or "XOR".
    a, b : array_like of int, shape (n_rows,)
        0 and 1.

    Returns
    -------
    ndarray of int64, shape (n_rows,)

    Raises
    ------
    InputError
        If there is no such gate, or the inputs are not 0 and 1.

    Examples
    --------
    >>> apply_gate("XOR", [0, 0, 1, 1], [0, 1, 0, 1])
    array([0, 1, 1, 0])
    """
    inputs = np.column_stack(_check_bits(a=a, b=b))
    if gate in HIDDEN:
        inputs = np.column_stack([_fire(hidden, inputs) for hidden in HIDDEN[gate]])
        gate = "AND"
    return _fire(gate, inputs)


def add_bits(a: ArrayLike, b: ArrayLike, carry: ArrayLike = 0) -> DataFrame:
    """Add two bits and a carry by five gates: a full adder.

    Parameters
    ----------
    a, b : array_like of int, shape (n_rows,)
        0 and 1.
    carry : array_like of int, shape (n_rows,) or one number
        What the place to the right carries.

    Returns
    -------
    pandas.DataFrame
        Columns sum and carry: `a + b + carry == sum + 2 * carry`.

    Raises
    ------
    InputError
        If the inputs are not 0 and 1.

    Examples
    --------
    >>> add_bits([0, 0, 1, 1], [0, 1, 0, 1], carry=1)
       sum  carry
    0    1      0
    1    0      1
    2    0      1
    3    1      1
    """
    import pandas as pd

    a, b, carry = _check_bits(a=a, b=b, carry=carry)
    half = apply_gate("XOR", a, b)
    from_inputs, from_carry = apply_gate("AND", a, b), apply_gate("AND", half, carry)
    return pd.DataFrame(
        {"sum": apply_gate("XOR", half, carry), "carry": apply_gate("OR", from_inputs, from_carry)}
    )


def _fire(gate, inputs):
    first, second, bias = GATES[gate][1]
    return fire_neuron(inputs, [first, second], bias)


def _check_bits(**bits):
    arrays = [np.atleast_1d(check_array(values, name)) for name, values in bits.items()]
    for name, values in zip(bits, arrays):
        if values.ndim > 1 or not np.isin(values, [0, 1]).all():
            raise InputError(
                f"`{name}` must hold 0 and 1.", f"It holds {np.unique(values)[:4].tolist()}.", "Pass bits."
            )
    try:
        return [np.array(values) for values in np.broadcast_arrays(*arrays)]
    except ValueError:
        raise InputError(
            f"{' and '.join(f'`{name}`' for name in bits)} must be of one length.",
            f"Their lengths are {[values.size for values in arrays]}.",
            "Pass one bit each for every row.",
        ) from None
