"""What a net of images looks for and where it looks, drawn beside the image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bineural._typing import ArrayLike, DataFrame, Figure, Label, PathLike
from bineural.checks import checked, choice, either, text, whole
from bineural.errors import InputError
from bineural.figures.canvas import FIGURE_FILE
from bineural.figures.pictures import draw_pictures, picture_rows

if TYPE_CHECKING:
    from bineural.nets.estimators import NetClassifier, NetRegressor

KINDS = ("filters", "maps", "occlusion", "gradient")
_LOOKS = {
    "kind": choice(*KINDS),
    "layer": either(whole(1), text(), hint="Number 1 is the layer next to the image."),
    "most": whole(1, 400),
}


@checked(**_LOOKS, path=FIGURE_FILE)
def plot_features(
    net: NetClassifier | NetRegressor,
    x: ArrayLike | None = None,
    kind: str = "maps",
    *,
    layer: int | str = 1,
    label: Label | None = None,
    most: int = 16,
    path: PathLike | None = None,
) -> Figure:
    """Draw what a net of images looks for, and where it looks.

    Parameters
    ----------
    net : NetClassifier or NetRegressor
        Fitted to images; of an ensemble the first member is drawn.
    x : array_like, shape (height, width) or (height, width, n_channels), optional
        One image; filters need none.
    kind : {"filters", "maps", "occlusion", "gradient"}
        - "filters": the weights of a convolutional layer (the mean over the channels that they read), from
          blue, negative, to red, positive;
        - "maps": what these filters make of the image, behind the activation, white where it is large;
        - "occlusion": how much less probable the class becomes where a square of the mean colour covers the
          image (red: the pixels speak for the class; blue: against it), of an ensemble all members;
        - "gradient": how fast the output for the class changes with each pixel, white where it is fast.
    layer : int or str
        Convolutional layer, by its number from 1 or its name, of filters and maps.
    label : label, optional
        Class of occlusion and gradient; by default the one that the net predicts.
    most : int
        Filters or maps that are drawn, from the first on.
    path : str or path, optional
        PNG or SVG file to write.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the net takes no images, has no such layer, or `x` is not one image of its size.

    References
    ----------
    Zeiler and Fergus (2014). Visualizing and understanding convolutional networks. *ECCV*, 818-833; Simonyan,
    Vedaldi and Zisserman (2014). Deep inside convolutional networks. *ICLR workshop*.

    Examples
    --------
    >>> import bineural as bn
    >>> images, boxes = bn.make_scenes(20, size=16, seed=1)
    >>> net = bn.fit_net(images, boxes, epochs=1, seed=1)
    >>> len(bn.plot_features(net, images[0], "maps", most=3).axes)  # the image and three maps
    4
    """
    return draw_pictures(features_data(net, x, kind, layer=layer, label=label, most=most), path)


@checked(**_LOOKS)
def features_data(net, x=None, kind="maps", *, layer=1, label=None, most=16) -> DataFrame:
    """Make the table behind `plot_features`.

    Returns
    -------
    pandas.DataFrame
        label (of the panel), row, column, value, colour; `attrs["title"]` and `attrs["caption"]`.
    """
    import pandas as pd

    from bineural.explaining import pictures as inside

    image = inside.read_image(net, x)
    if image is None and kind != "filters":
        raise InputError(f"kind={kind!r} must be given an image.", "`x` is None.", "Pass one, `images[0]`.")
    if label is not None and kind in ("filters", "maps"):
        raise InputError(
            "`label` can be named for kind='occlusion' and 'gradient' only.",
            f"Found {label!r}.",
            "Leave it out.",
        )
    panels = [] if image is None or kind == "filters" else [picture_rows("image", _visible(image[0]))]
    if kind in ("filters", "maps"):
        filters = kind == "filters"
        stack = inside.filters_of(net, layer) if filters else inside.maps_of(net, image, layer)
        name = inside.choose_layer(net, layer).name
        panels += [picture_rows(str(i + 1), part, signed=filters) for i, part in enumerate(stack[:most])]
        title = f"{'Filters' if filters else 'Feature maps'} of layer {name!r}"
        how = (
            "blue: negative weights, red: positive" if filters else "white: large, each map in its own range"
        )
        caption = f"{min(most, len(stack))} of {len(stack)}; {how}"
    else:
        choose = inside.chooser_of(net, label)
        position = None if choose is None else choose(image)
        what = "the prediction" if position is None else f"{net.classes_[position]}"
        measure = inside.occlusion_of if kind == "occlusion" else inside.gradient_of
        values = measure(net, image, position)
        panels.append(picture_rows(f"{kind}: {what}", values, signed=kind == "occlusion"))
        title = {"occlusion": "Covering parts of the image", "gradient": "Gradient of the output"}[kind]
        scale = "probability" if position is not None else "prediction"
        caption = {
            "occlusion": f"red: covering lowers the {scale}, by up to {values.max():.3g}",
            "gradient": f"white: up to {values.max():.3g} an SD of the pixel",
        }[kind]
    table = pd.concat(panels, ignore_index=True)
    table.attrs = {"title": title, "caption": caption}
    return table


def _visible(image):
    """Return an image of one or three channels; of others their mean."""
    return image if image.shape[-1] in (1, 3) else image.mean(axis=-1)
