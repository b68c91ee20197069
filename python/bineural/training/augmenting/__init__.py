"""Augmentation: training images are changed at random in each step, by the net's own seed.

`changes/` holds what can be done to images, a file each or a few of a sort, registered as records. The layers
that do it (`layers.py`) stand in front of the model that is trained (`model.py`), and in none that is kept.
"""
