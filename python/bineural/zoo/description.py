"""What an architecture is made of: a table of its layers, and the graph of their calls."""

from dataclasses import dataclass

from bineural.drawn import Drawn
from bineural.notebook import Shown


@dataclass(frozen=True, eq=False, repr=False)
class ArchitectureDescription(Shown, Drawn):
    """What `describe_architecture` returns; printing it shows the table and the totals.

    Attributes
    ----------
    name, title : str
    inputs, outputs : str
        Shapes, "(batch, 3)"; several with commas between, empty where they can't be told.
    table : pandas.DataFrame
        A row for each layer: `layer` (its name; "model/layer" inside a model that is a layer), `kind` (its
        class), `output_shape` (text; several for a layer that is used on several shapes), `receptive_field`
        (text: "5 x 5" pixels of the image, height by width, that a place of the output sees, which may be
        more than the image has; "image" for all of it; empty where that can't be told or rows are no
        images), `trainable` and `parameters` (int64). Parameters that two layers share are counted at the
        first.
    parameters, trainable : int
        All parameters, and those that training changes.
    boxes : pandas.DataFrame
        What `plot` draws, a row for each call of a layer: `layer`, `kind`, `output_shape`, `parameters`.
    arrows : pandas.DataFrame
        `from_box` and `to_box`, int64, rows of `boxes` counted from 1.
    notes : list of str
        What can't be told, and counts by another convention: of recurrent layers with one or two biases.

    Examples
    --------
    >>> import bineural as bn
    >>> described = bn.describe_architecture("skip", input_shape=3)
    >>> described.parameters
    212
    """

    name: str
    title: str
    inputs: str
    outputs: str
    table: object
    parameters: int
    trainable: int
    boxes: object
    arrows: object
    notes: list

    def __str__(self):
        """Write what it is, the table and the totals."""
        title = f": {self.title}" if self.title else ""
        shapes = f"{self.inputs} -> {self.outputs}" if self.inputs and self.outputs else ""
        parts = [f"{self.name}{title}", shapes, "", *self._table_lines(), "", self.totals, *self.notes]
        return "\n".join(part for i, part in enumerate(parts) if part or i != 1)

    __repr__ = __str__

    def _table_lines(self):
        shown = (
            self.table if self.table["receptive_field"].any() else self.table.drop(columns="receptive_field")
        )
        shown = shown.rename(columns={"output_shape": "output shape", "receptive_field": "sees"})
        for column in ("trainable", "parameters"):
            shown[column] = [f"{number:,}" for number in shown[column]]
        return _left_aligned(shown)

    @property
    def totals(self):
        """The numbers of parameters in words."""
        if self.trainable == self.parameters:
            return f"{self.parameters:,} parameters, all trainable"
        return f"{self.parameters:,} parameters, {self.trainable:,} of them trainable"

    def to_dict(self):
        """Return everything as plain values and data frames; `text` is what print shows."""
        names = ("name", "title", "inputs", "outputs", "table", "parameters", "trainable", "notes")
        return {**{name: getattr(self, name) for name in names}, "text": str(self)}


def _left_aligned(table):
    """List the lines of a table with its text on the left and its numbers on the right."""
    texts = {name: max(len(str(v)) for v in [name, *table[name]]) for name in table.columns[:-2]}
    lines = []
    for row in [list(table.columns), *table.to_numpy(dtype=object).tolist()]:
        left = [str(value).ljust(width) for value, width in zip(row, texts.values())]
        lines.append("  ".join([*left, str(row[-2]).rjust(9), str(row[-1]).rjust(10)]))
    return lines
