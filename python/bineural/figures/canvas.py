"""Making a figure without pyplot, and writing it to a file whole or not at all."""

import sys
import textwrap

from bineural.checks import writable
from bineural.files import write_atomically

FORMATS = (".png", ".svg")
# Okabe and Ito's colours, which the colour-blind can tell apart; yellow is left out as too pale for lines
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
FIGURE_FILE = writable(*FORMATS).or_none()  # what a door takes for `path`
DASHES = ("--", "-.", (0, (1, 1.5)), (0, (5, 1, 1, 1, 1, 1)))  # for all but the first curve


def new_figure(width, height):
    """Make an empty figure of so many inches, which notebooks and knitr show."""
    from matplotlib.figure import Figure

    class _Figure(Figure):
        """A figure that notebooks show although pyplot does not know it."""

        def _repr_png_(self):
            from io import BytesIO

            buffer = BytesIO()
            self.savefig(buffer, format="png")
            return buffer.getvalue()

        def __repr__(self):
            _show_where_knitted(self)
            return super().__repr__()

    figure = _Figure(figsize=(width, height), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.07, h_pad=0.07)  # inches
    return figure


def _show_where_knitted(figure):
    """Hand a figure displayed in a `{python}` chunk of R Markdown to reticulate, which asks pyplot."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or pyplot.show.__module__ == "matplotlib.pyplot":  # reticulate puts its own in place
        return
    from matplotlib._pylab_helpers import Gcf
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    Gcf.set_active(FigureCanvasAgg.new_manager(figure, max(pyplot.get_fignums(), default=0) + 1))
    pyplot.show()


def write_figure(figure, path):
    """Write the figure to a file, the same bytes for the same figure."""
    if path is None:
        return figure
    from io import BytesIO

    from matplotlib import rc_context

    kind, content = path.suffix.lower()[1:], BytesIO()
    with rc_context({"svg.hashsalt": "bineural"}):
        figure.savefig(content, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else None)
    write_atomically(path, content.getbuffer())
    return figure


def curve_look(i):
    """Return the look of the i-th curve; the first shows beneath those that coincide with it."""
    return {
        "color": COLOURS[i % len(COLOURS)],
        "linestyle": "-" if i == 0 else DASHES[(i - 1) % len(DASHES)],
        "linewidth": 3 if i == 0 else 2,
        "zorder": 3 + i,
    }


def plain_text(text):
    """Return text that matplotlib draws as it is: dollar signs are no formula, and a legend keeps "_name"."""
    text = text.replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text


def plain_axes(axes):
    """Leave out the frame above and on the right, and draw a pale grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="0.92", linewidth=0.8)
    axes.set_axisbelow(True)


def name_levels(axes, levels, wrap, most=6):
    """Name levels below an axis, at whole numbers; many stand upright, and of very many every k-th.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    levels : sequence
    wrap : int
        Letters in a line.
    most : int
        Levels that fit side by side; four times as many fit upright.
    """
    upright = len(levels) > most
    shown = range(0, len(levels), -(-len(levels) // (4 * most)))
    names = [plain_text(textwrap.fill(str(levels[i]), 24 if upright else wrap)) for i in shown]
    axes.set_xticks(shown, names, **({"rotation": 90, "fontsize": 7} if upright else {}))


def legend_below(figure, title, ncols=1):
    """Put the legend below the axes, where it hides nothing."""
    figure.legend(
        loc="outside lower center",
        ncols=ncols,
        title=title,
        frameon=False,
        fontsize=9,
        title_fontsize=9,
        handlelength=3,
    )
