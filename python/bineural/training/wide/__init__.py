"""Wide nets: many nets of one layout as one computation, each tensor with an axis of replicas in front.

`tf.vectorized_map` turns any step into one for many nets by converting each of its operations, which takes
longer than all the training of small nets. Where what a layer does with one more axis is known, it is written
here: an entry for each kind of layer, a short file for each family. A step is wide when its loss is of one
model and each layer of the model has an entry; else it is vectorised as a whole.
"""
