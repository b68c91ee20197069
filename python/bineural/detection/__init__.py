"""Boxes around objects in images: one format, how two of them overlap, which to keep, and how good they are.

Boxes are a data frame, a row for each object: `image` (which image it is in), `x1`, `y1`, `x2`, `y2` (its
edges in pixels, from the top left corner of the image, x to the right and y down), `label`, and `score`
where they are predictions. Images may have no box, or many.
"""

from bineural.lazy import lazily

HOMES = {
    "scenes": ["make_scenes"],
    "overlap": ["box_iou"],
    "suppression": ["suppress_boxes"],
    "mean_precision": ["mean_average_precision"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
