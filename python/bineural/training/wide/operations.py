"""Operations outside of layers: those that keep rows apart take the rows of all replicas at once."""

from bineural._tensorflow import keras, tf
from bineural.training.operations import KNOWN, keeps_rows_apart
from bineural.training.wide.call import fold, unfold
from bineural.training.wide.registry import wide

tree = keras.tree


@wide(*KNOWN, when=keeps_rows_apart)
def operate(operation, call, *inputs, **options):
    """Call the operation on the rows of all replicas."""

    def folded(part):
        return fold(part) if tf.is_tensor(part) else part

    inputs, options = tree.map_structure(folded, (list(inputs), options))
    return unfold(call, operation.call(*inputs, **options))
