"""Agents: values and actions on the map, learning over seeds, episodes by frames, and compared agents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from bineural._typing import DataFrame, Figure, PathLike
from bineural.checks import checked, choice, whole, writable
from bineural.drawn import add_figure
from bineural.errors import InputError
from bineural.figures.canvas import (
    COLOURS,
    FIGURE_FILE,
    legend_below,
    new_figure,
    plain_axes,
    plain_text,
    write_figure,
)
from bineural.files import write_atomically
from bineural.messages import shown

if TYPE_CHECKING:
    from bineural.agents.agent import Agent
    from bineural.agents.episodes import Episodes
    from bineural.comparing.agent_comparison import AgentComparison

_BINS, _FRAMES, _PLAYED = 40, 8, 200  # points of a curve; frames of a strip, and of an animation
_GROUND = {"S": "#dbe9f6", "F": "#dbe9f6", "H": "#3b4a5a", "C": "#3b4a5a", "G": "#9fd39a"}
_ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
_WHAT = choice(None, "values", "learning", hint="Use 'values' or 'learning', or leave it out.")


# ---- an agent ----


@checked(path=FIGURE_FILE, what=_WHAT)
def plot_agent(
    agent: Agent, path: PathLike | None = None, *, what: Literal["values", "learning"] | None = None
) -> Figure:
    """Draw what an agent learnt: values and actions on the map of its world, or how its seeds learnt.

    Parameters
    ----------
    agent : Agent
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.
    what : {"values", "learning"}, optional
        "values" of worlds that are grids: the value of each state (mean over seeds) and the action that most
        seeds take, the paler the fewer agree. "learning": returns in training, or of bandits the regret
        beside the Lai-Robbins bound, as the mean over seeds with its 95% interval. None is the map where
        there is one.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.

    Examples
    --------
    >>> import bineural as bn
    >>> agent = bn.fit_agent(bn.make_environment("frozen_lake"), "value_iteration")
    >>> figure = bn.plot_agent(agent)
    """
    table = agent_data(agent, what)
    if "row" in table:
        return write_figure(_draw_map(table), path)
    figure = new_figure(6.4, 4.2)
    axes = figure.add_subplot()
    own = table[table["part"] == "agent"]
    axes.plot(own["step"], own["mean"], color=COLOURS[0], label="mean over seeds")
    if own["low"].notna().any():
        axes.fill_between(own["step"], own["low"], own["high"], color=COLOURS[0], alpha=0.2, linewidth=0)
    for i, part in enumerate(dict.fromkeys(table["part"])):
        if part != "agent":
            rows = table[table["part"] == part]
            axes.plot(rows["step"], rows["mean"], color=COLOURS[i], linestyle="--", label=part)
    if table.attrs["log"]:
        axes.set_xscale("log")
    axes.set(xlabel=table.attrs["x"], ylabel=table.attrs["y"])
    plain_axes(axes)
    legend_below(figure, "Band: 95% interval over seeds", ncols=3)
    return write_figure(figure, path)


@checked(what=_WHAT)
def agent_data(agent: Agent, what: Literal["values", "learning"] | None = None) -> DataFrame:
    """Make the table behind `plot_agent`.

    Parameters
    ----------
    agent : Agent
    what : str, optional

    Returns
    -------
    pandas.DataFrame
        Of a map: row, column, letter, value, action, share (of the seeds that agree; NaN where nobody acts),
        dx, dy. Of learning: part ("agent", or a line beside it), step, mean, low, high; `attrs`: "x", "y",
        "log".
    """
    if not hasattr(agent, "action_values_"):
        raise InputError(
            "`agent` must be what fit_agent() returned.",
            f"Found {shown(agent)}.",
            "Fit one with fit_agent().",
        )
    world = agent.environment
    grid = None if world is None else world.grid
    has_map = grid is not None and agent.policy_ is not None
    if what == "values" and not has_map:
        raise InputError(
            "Values are drawn on the map of a world that is a grid.",
            "This world has none, or the agent knows no states.",
            "Use what='learning'.",
        )
    if what is None:
        what = "values" if has_map else "learning"
    return _map_table(agent, grid) if what == "values" else _learning_table(agent)


def _map_table(agent, grid):
    import pandas as pd

    letters = np.array([letter for row in grid for letter in row])
    n_columns, policy = len(grid[0]), agent.policy_
    values = agent.values_
    values = np.full(len(letters), np.nan) if values is None else values.mean(axis=0)
    actions = agent.environment.actions
    counts = np.stack([(policy == a).sum(axis=0) for a in range(len(actions))])
    top, acts = counts.argmax(axis=0), ~np.isin(letters, ("H", "G", "C"))
    moves = np.array([_ARROWS[actions[a]] for a in top])
    return pd.DataFrame(
        {
            "row": np.arange(len(letters)) // n_columns + 1,
            "column": np.arange(len(letters)) % n_columns + 1,
            "letter": letters,
            "value": np.where(acts, values, np.nan),
            "action": np.array(actions, dtype=object)[top],
            "share": np.where(acts, counts.max(axis=0) / len(policy), np.nan),
            "dx": moves[:, 0],
            "dy": moves[:, 1],
        }
    )


def _draw_map(table):
    n_rows, n_columns = table["row"].max(), table["column"].max()
    figure = new_figure(min(9.0, 1.2 + 0.9 * n_columns), min(7.0, 0.6 + 0.9 * n_rows))
    axes = figure.add_subplot()
    values = table["value"].to_numpy().reshape(n_rows, n_columns)
    if np.isfinite(values).any():
        shown_values = axes.imshow(
            np.ma.masked_invalid(values), cmap="Blues", extent=(0.5, n_columns + 0.5, n_rows + 0.5, 0.5)
        )
        figure.colorbar(shown_values, ax=axes, label="Value", shrink=0.8)
    from matplotlib.patches import Rectangle

    middle = np.nanmean(values) if np.isfinite(values).any() else np.inf
    for cell in table.itertuples():
        if cell.letter in "HCG":
            corner = (cell.column - 0.5, cell.row - 0.5)
            axes.add_patch(Rectangle(corner, 1, 1, color=_GROUND[cell.letter], linewidth=0))
            dark = cell.letter != "G"
            axes.text(
                cell.column, cell.row, cell.letter, ha="center", va="center", color="0.8" if dark else "0.1"
            )
            continue
        ink = "white" if cell.value > middle else "black"
        axes.annotate(
            "",
            xy=(cell.column + 0.3 * cell.dx, cell.row + 0.3 * cell.dy),
            xytext=(cell.column - 0.1 * cell.dx, cell.row - 0.1 * cell.dy),
            arrowprops={"arrowstyle": "-|>", "color": ink, "alpha": float(max(0.25, cell.share))},
        )
        if cell.value == cell.value:
            size = 7 if n_columns > 8 else 8
            text = f"{cell.value:.2f}" if abs(cell.value) < 10 else f"{cell.value:.0f}"
            axes.text(cell.column, cell.row + 0.42, text, ha="center", va="bottom", fontsize=size, color=ink)
    axes.set(xlim=(0.5, n_columns + 0.5), ylim=(n_rows + 0.5, 0.5), xticks=[], yticks=[], aspect="equal")
    return figure


def _learning_table(agent):
    import pandas as pd

    history = agent.history_
    if history is None or not len(history):
        raise InputError(
            "An agent must have a history to be drawn.",
            f"Method {agent.method!r} has none.",
            "Draw one that learnt by acting.",
        )
    if "regret" in history:
        table = _over_seeds(history, "pull", "regret")
        bound = getattr(agent.environment, "lai_robbins", lambda: np.nan)()
        line = pd.DataFrame(
            {"part": "Lai-Robbins, for many pulls", "step": table["step"], "low": np.nan, "high": np.nan}
        )
        line["mean"] = bound * np.log(table["step"])
        table = pd.concat([table, line], ignore_index=True) if np.isfinite(bound) else table
        return _named(table, "Pull", "Regret", True)
    if "iteration" in history:
        name = history.columns[1]
        table = pd.DataFrame({"part": "agent", "step": history["iteration"], "mean": history[name]})
        return _named(table.assign(low=np.nan, high=np.nan), "Iteration", name.capitalize(), False)
    if agent.watched_ is not None and len(agent.watched_):
        table = _over_seeds(agent.watched_, "step", "return")
    else:
        edges = np.linspace(0, history["step"].max(), _BINS + 1)
        place = np.searchsorted(edges, history["step"], side="left").clip(1, _BINS)
        binned = history.assign(bin=edges[place])
        means = binned.groupby(["seed", "bin"])["return"].mean().reset_index()
        table = _over_seeds(means, "bin", "return")
    lines = [table]
    if agent.environment is not None:
        for name, value in agent.baseline_.items():
            ends = table["step"].iloc[[0, -1]]
            lines.append(
                pd.DataFrame({"part": name, "step": ends, "mean": value, "low": np.nan, "high": np.nan})
            )
    return _named(pd.concat(lines, ignore_index=True), "Step", "Return per episode", False)


def _over_seeds(table, by, of):
    import pandas as pd

    from bineural.agents.agent import interval

    rows = [(step, *interval(values.to_numpy())) for step, values in table.groupby(by)[of]]
    frame = pd.DataFrame(rows, columns=["step", "mean", "low", "high"])
    frame.insert(0, "part", "agent")
    return frame


def _named(table, x, y, log):
    table.attrs |= {"x": x, "y": y, "log": log}
    return table


# ---- episodes ----


@checked(path=FIGURE_FILE, seed=whole(1, hint="Use 1 for the first."), episode=whole(1, hint="Use 1."))
def plot_episodes(
    episodes: Episodes, path: PathLike | None = None, *, seed: int = 1, episode: int = 1
) -> Figure:
    """Draw an episode frame by frame, up to eight frames of it.

    Parameters
    ----------
    episodes : Episodes
        What `play_episodes` returned.
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.
    seed, episode : int, default 1
        Which of the agent's seeds, and which of its episodes, counted from 1; its moves must have been kept.

    Returns
    -------
    matplotlib.figure.Figure
        Worlds other than grids and the cart pole are drawn as the rewards so far.

    Examples
    --------
    >>> import bineural as bn
    >>> agent = bn.fit_agent(bn.make_environment("frozen_lake"), "value_iteration")
    >>> figure = bn.plot_episodes(bn.play_episodes(agent, episodes=1, seed=1))
    """
    table = episodes_data(episodes, seed, episode)
    frames = table["frame"].unique()
    if len(frames) == 0 or table.attrs["kind"] == "rewards":
        figure = new_figure(6.4, 3.4)
        axes = figure.add_subplot()
        axes.plot(table["frame"], table["return"], color=COLOURS[0])
        axes.set(xlabel="Step", ylabel="Return so far")
        plain_axes(axes)
        return write_figure(figure, path)
    chosen = frames[np.unique(np.linspace(0, len(frames) - 1, min(_FRAMES, len(frames))).round().astype(int))]
    n_columns = min(4, len(chosen))
    n_rows = -(-len(chosen) // n_columns)
    figure = new_figure(2.2 * n_columns, (2.3 if table.attrs["kind"] == "grid" else 1.6) * n_rows)
    for k, frame in enumerate(chosen):
        axes = figure.add_subplot(n_rows, n_columns, k + 1)
        _draw_frame(axes, table, frame, episodes.environment)
        axes.set_title(f"step {frame}", fontsize=9)
    return write_figure(figure, path)


@checked(seed=whole(1, hint="Use 1."), episode=whole(1, hint="Use 1."))
def episodes_data(episodes: Episodes, seed: int = 1, episode: int = 1) -> DataFrame:
    """Make the table behind `plot_episodes`.

    Parameters
    ----------
    episodes : Episodes
    seed, episode : int

    Returns
    -------
    pandas.DataFrame
        A row for each frame: frame (the step, 0 before the first), return (so far), and row and column on a
        map, or place (m) and angle (rad) of a cart. `attrs`: "kind" ("grid", "cart" or "rewards").
    """
    import pandas as pd

    if not hasattr(episodes, "kept"):
        raise InputError(
            "`episodes` must be what play_episodes() returned.",
            f"Found {shown(episodes)}.",
            "Play some: play_episodes(agent).",
        )
    moves = [m for m in episodes.kept if (m["seed"], m["episode"]) == (seed - 1, episode - 1)]
    if not moves:
        raise InputError(
            "The moves of an episode must have been kept to be drawn.",
            f"Those of seed {seed} and episode {episode} were not.",
            "Play with a larger `keep`.",
        )
    states = np.array([moves[0]["before"], *(m["after"] for m in moves)])
    total = np.cumsum([0.0, *(m["reward"] for m in moves)])
    table, world = pd.DataFrame({"frame": np.arange(len(states)), "return": total}), episodes.environment
    kind = "rewards"
    if world.grid is not None:
        kind, width = "grid", len(world.grid[0])
        table = table.assign(row=states // width + 1, column=states % width + 1)
    elif world.name == "cart_pole":
        kind = "cart"
        table = table.assign(place=states[:, 0].astype(float), angle=states[:, 2].astype(float))
    table.attrs["kind"] = kind
    return table


def _draw_frame(axes, table, frame, world):
    now = table[table["frame"] == frame].iloc[0]
    if table.attrs["kind"] == "cart":
        axes.plot([-2.4, 2.4], [0, 0], color="0.6", linewidth=1)
        axes.plot([now["place"] - 0.25, now["place"] + 0.25], [0, 0], color="black", linewidth=6)
        tip = now["place"] + np.sin(now["angle"]), np.cos(now["angle"])
        axes.plot([now["place"], tip[0]], [0.05, tip[1]], color=COLOURS[1], linewidth=3)
        axes.set(xlim=(-2.6, 2.6), ylim=(-0.2, 1.2), xticks=[], yticks=[], aspect="equal")
        return
    from matplotlib.patches import Rectangle

    for r, row in enumerate(world.grid, 1):
        for c, letter in enumerate(row, 1):
            axes.add_patch(Rectangle((c - 0.5, r - 0.5), 1, 1, facecolor=_GROUND[letter], edgecolor="white"))
    so_far = table[table["frame"] <= frame]
    axes.plot(so_far["column"], so_far["row"], color=COLOURS[1], alpha=0.5)
    axes.plot(now["column"], now["row"], "o", color=COLOURS[1], markersize=9)
    size = len(world.grid[0]) + 0.5, len(world.grid) + 0.5
    axes.set(xlim=(0.5, size[0]), ylim=(size[1], 0.5), xticks=[], yticks=[], aspect="equal")


@checked(
    path=writable(".gif"),
    seed=whole(1, hint="Use 1 for the first."),
    episode=whole(1, hint="Use 1."),
    frames_per_second=whole(1, 50, hint="Use for example 5."),
)
def animate_episode(
    episodes: Episodes, path: PathLike, *, seed: int = 1, episode: int = 1, frames_per_second: int = 5
) -> Path:
    """Write an episode as an animation.

    Parameters
    ----------
    episodes : Episodes
        What `play_episodes` returned, in a world that is a grid or the cart pole.
    path : str or path
        GIF file to write; it is replaced as a whole or not at all.
    seed, episode : int, default 1
        As in `plot_episodes`.
    frames_per_second : int, default 5

    Returns
    -------
    pathlib.Path
        Where it was written. Of more than 200 steps some are left out, evenly.

    Raises
    ------
    InputError
        If the moves were not kept, or the world has no picture.

    Examples
    --------
    >>> import tempfile, bineural as bn
    >>> lake = bn.make_environment("frozen_lake", is_slippery=False)
    >>> episodes = bn.play_episodes(bn.fit_agent(lake, "value_iteration"), episodes=1, seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     bn.animate_episode(episodes, f"{folder}/lake.gif").name
    'lake.gif'
    """
    from io import BytesIO

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    table = episodes_data(episodes, seed, episode)
    if table.attrs["kind"] == "rewards":
        raise InputError(
            "Only grids and the cart pole have a picture.",
            f"{episodes.environment.name} has none.",
            "Draw the rewards with plot_episodes().",
        )
    frames = table["frame"].to_numpy()
    chosen = frames[np.unique(np.linspace(0, len(frames) - 1, min(_PLAYED, len(frames))).round().astype(int))]
    pictures = []
    for frame in chosen:
        figure = new_figure(3.2, 3.4 if table.attrs["kind"] == "grid" else 2.2)
        axes = figure.add_subplot()
        _draw_frame(axes, table, frame, episodes.environment)
        now = table[table["frame"] == frame].iloc[0]
        axes.set_title(f"step {frame}, return {now['return']:g}", fontsize=9)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        pictures.append(Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3]).convert("P"))
    content: Any = BytesIO()
    pictures[0].save(
        content,
        format="GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=1000 // frames_per_second,
        loop=0,
    )
    write_atomically(path, content.getbuffer())
    return Path(path)


# ---- compared agents ----


@checked(path=FIGURE_FILE)
def plot_agents(comparison: AgentComparison, path: PathLike | None = None) -> Figure:
    """Draw the mean return of each seed of each agent, and the interval of their mean.

    Parameters
    ----------
    comparison : AgentComparison
    path : str or path, optional
        PNG or SVG file to write; it is replaced as a whole or not at all.

    Returns
    -------
    matplotlib.figure.Figure
        Not registered with pyplot: show it in a notebook, or save it with `savefig`.
    """
    table = agents_data(comparison)
    names = list(table["model"].unique())
    figure = new_figure(6.4, 1.2 + 0.55 * len(names))
    axes = figure.add_subplot()
    for k, name in enumerate(names):
        rows = table[table["model"] == name]
        axes.plot(rows["value"], np.full(len(rows), k), "|", color=COLOURS[0], alpha=0.6, markersize=12)
        low, high = rows["low"].iloc[0], rows["high"].iloc[0]
        if low == low:
            axes.plot([low, high], [k, k], color="black", linewidth=2)
        axes.plot(rows["value"].mean(), k, "o", color="black")
    axes.set(xlabel=table.attrs["x"], yticks=range(len(names)), ylim=(len(names) - 0.5, -0.5))
    axes.set_yticklabels([plain_text(name) for name in names])
    plain_axes(axes)
    return write_figure(figure, path)


def agents_data(comparison: AgentComparison) -> DataFrame:
    """Make the table behind the plot of a comparison of agents.

    Parameters
    ----------
    comparison : AgentComparison

    Returns
    -------
    pandas.DataFrame
        A row for each model and seed: model, seed, value, and the interval of the mean, low and high.
        `attrs`: "x".
    """
    import pandas as pd

    parts = []
    for name, values in comparison._values.items():
        low, high = comparison.interval(name)
        parts.append(
            pd.DataFrame(
                {"model": name, "seed": np.arange(len(values)) + 1, "value": values, "low": low, "high": high}
            )
        )
    table = pd.concat(parts, ignore_index=True)
    table.attrs["x"] = "Mean return per episode" if comparison.measure == "return" else "Regret"
    return table


add_figure("Agent", plot_agent, agent_data)
add_figure("Episodes", plot_episodes, episodes_data)
add_figure("AgentComparison", plot_agents, agents_data)
