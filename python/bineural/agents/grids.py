"""Worlds on a grid: a frozen lake, a walk along a cliff, a taxi. Their chances are gymnasium's.

Sources: gymnasium's FrozenLake-v1, CliffWalking-v1 (Sutton and Barto 2018, example 6.6) and Taxi-v4
(Dietterich 2000, Journal of Artificial Intelligence Research 13, 227-303).
"""

import numpy as np

from bineural.agents.finite import FiniteEnvironment
from bineural.checks import choice, flag, list_of, number, share, text
from bineural.errors import InputError
from bineural.messages import shown

LAKES = {
    "4x4": ("SFFF", "FHFH", "FFFH", "HFFG"),
    "8x8": (
        "SFFFFFFF",
        "FFFFFFFF",
        "FFFHFFFF",
        "FFFFFHFF",
        "FFFHFFFF",
        "FHHFFFHF",
        "FHFFHFHF",
        "FFFHFFFG",
    ),
}
_SOLVED = {"4x4": (100, 0.70), "8x8": (200, 0.85)}  # steps, mean return
_LAKE_MOVES = ((0, -1), (1, 0), (0, 1), (-1, 0))  # left, down, right, up
_CLIFF_MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))  # up, right, down, left

FROZEN_LAKE = {
    "map": choice(*LAKES),
    "desc": list_of(text("Write a row of the lake in the letters S, F, H and G, such as 'SFHG'.")).or_none(),
    "is_slippery": flag(),
    "success_rate": share(),
    "reward_schedule": list_of(number()),
}
CLIFF_WALKING = {"is_slippery": flag()}
TAXI = {"is_rainy": flag(), "rainy_probability": share()}


def make_frozen_lake(
    map="4x4", desc=None, is_slippery=True, success_rate=1 / 3, reward_schedule=(1.0, 0.0, 0.0)
):
    """Make a frozen lake: from S to G without falling into a hole H; ice may slip to the side.

    Parameters
    ----------
    map : {"4x4", "8x8"}
    desc : list of str, optional
        A lake of one's own, a row of letters each.
    is_slippery : bool
    success_rate : float
        Chance to go where one wants on slippery ice; the rest is shared by the two sides.
    reward_schedule : sequence of 3 numbers
        For reaching the goal, for falling into a hole, and for any other step.
    """
    grid = LAKES[map] if desc is None else tuple(row.upper() for row in desc)
    _check_lake(grid)
    if len(reward_schedule) != 3:
        raise InputError(
            "`reward_schedule` must hold 3 numbers: for the goal, a hole, and any other step.",
            f"Found {len(reward_schedule)}.",
            "Use for example (1, 0, 0).",
        )
    n_rows, n_columns = len(grid), len(grid[0])
    rewards = dict(zip("GHF", map_floats(reward_schedule)))

    def outcome(probability, row, column, move):
        row = min(max(row + move[0], 0), n_rows - 1)
        column = min(max(column + move[1], 0), n_columns - 1)
        letter = grid[row][column]
        return probability, row * n_columns + column, rewards.get(letter, rewards["F"]), letter in "GH"

    def follows(row, column, action):
        if grid[row][column] in "GH":
            return [(1.0, row * n_columns + column, 0.0, True)]
        if not is_slippery:
            return [outcome(1.0, row, column, _LAKE_MOVES[action])]
        side = (1.0 - success_rate) / 2.0
        ways = ((action - 1) % 4, side), (action, success_rate), ((action + 1) % 4, side)
        return [outcome(chance, row, column, _LAKE_MOVES[way]) for way, chance in ways]

    outcomes = [[follows(r, c, a) for a in range(4)] for r in range(n_rows) for c in range(n_columns)]
    start = np.array([letter == "S" for row in grid for letter in row], float)
    limit, solved = _SOLVED[map] if desc is None else (100 * max(1, n_rows * n_columns // 16), None)
    return {
        "outcomes": outcomes,
        "start": start / start.sum(),
        "actions": ("left", "down", "right", "up"),
        "grid": grid,
        "step_limit": limit,
        "threshold": solved,
    }


def map_floats(values):
    """Return numbers as floats."""
    return [float(value) for value in values]


def _check_lake(grid):
    widths = {len(row) for row in grid}
    strange = sorted({letter for row in grid for letter in row} - set("SFHG"))
    letters = "".join(grid)
    if len(widths) != 1 or not letters or strange or "S" not in letters or "G" not in letters:
        what = f"the letters {', '.join(strange)}" if strange else shown(list(grid))
        raise InputError(
            "`desc` must be rows of one length in the letters S (start), F (frozen), H (hole) and G (goal).",
            f"Found {what}.",
            "There must be an S and a G, as in ['SFF', 'FHF', 'FFG'].",
        )


def make_cliff_walking(is_slippery=False):
    """Make a walk along a cliff: -1 a step, -100 and back to the start for a step over the edge.

    Parameters
    ----------
    is_slippery : bool
        Whether a step goes to either side with a chance of a third each.
    """
    n_rows, n_columns = 4, 12
    start, goal = 36, 47
    grid = ("F" * 12,) * 3 + ("S" + "C" * 10 + "G",)

    def outcome(probability, row, column, move):
        row = min(max(row + move[0], 0), n_rows - 1)
        column = min(max(column + move[1], 0), n_columns - 1)
        if grid[row][column] == "C":
            return probability, start, -100.0, False
        return probability, row * n_columns + column, -1.0, row * n_columns + column == goal

    def follows(row, column, action):
        if not is_slippery:
            return [outcome(1.0, row, column, _CLIFF_MOVES[action])]
        return [outcome(1 / 3, row, column, _CLIFF_MOVES[(action + turn) % 4]) for turn in (-1, 0, 1)]

    outcomes = [[follows(r, c, a) for a in range(4)] for r in range(n_rows) for c in range(n_columns)]
    return {
        "outcomes": outcomes,
        "start": np.eye(n_rows * n_columns)[start],
        "actions": ("up", "right", "down", "left"),
        "grid": grid,
        "step_limit": None,
        "threshold": None,
    }


# ---- the taxi ----

_STANDS = ((0, 0), (0, 4), (4, 0), (4, 3))  # red, green, yellow, blue
# walls to the east of (row, column)
_WALLS = {(0, 1), (1, 1), (3, 0), (4, 0), (3, 2), (4, 2)}
_TAXI_MOVES = ((1, 0), (-1, 0), (0, 1), (0, -1))  # south, north, east, west


def make_taxi(is_rainy=False, rainy_probability=0.8):
    """Make a taxi that picks a passenger up and sets them down: 500 states.

    A state is ((row * 5 + column) * 5 + passenger) * 4 + destination, the passenger at one of four stands (0
    to 3) or in the taxi (4). A step costs 1, delivery brings 20, and picking up or setting down in the wrong
    place costs 10.

    Parameters
    ----------
    is_rainy : bool
        Whether a move may go astray to either side.
    rainy_probability : float
        Chance to go where one wants in the rain.
    """
    outcomes, start = [], np.zeros(500)
    side = (1.0 - rainy_probability) / 2
    for state in range(500):
        place, destination = divmod(state, 4)
        place, passenger = divmod(place, 5)
        row, column = divmod(place, 5)
        start[state] = passenger < 4 and passenger != destination

        def code(row, column, passenger=passenger, destination=destination):
            return ((row * 5 + column) * 5 + passenger) * 4 + destination

        def moved(action, row=row, column=column, code=code):
            return code(*_drive(row, column, action))

        each = []
        for action in range(4):
            if is_rainy:
                wanted = _drive(row, column, action)
                # gymnasium lets the taxi slide only where the way that it wants is free
                ways = _sideways(action) if wanted != (row, column) else (action, action)
                each.append(
                    [
                        (rainy_probability, code(*wanted), -1.0, False),
                        *((side, moved(way), -1.0, False) for way in ways),
                    ]
                )
            else:
                each.append([(1.0, moved(action), -1.0, False)])
        at = (row, column)
        fits = passenger < 4 and at == _STANDS[passenger]
        each.append([(1.0, code(row, column, 4), -1.0, False)] if fits else [(1.0, state, -10.0, False)])
        if passenger == 4 and at == _STANDS[destination]:
            each.append([(1.0, code(row, column, destination), 20.0, True)])
        elif passenger == 4 and at in _STANDS:
            each.append([(1.0, code(row, column, _STANDS.index(at)), -1.0, False)])
        else:
            each.append([(1.0, state, -10.0, False)])
        outcomes.append(each)
    return {
        "outcomes": outcomes,
        "start": start / start.sum(),
        "actions": ("south", "north", "east", "west", "pick up", "set down"),
        "grid": None,
        "step_limit": 200,
        "threshold": 8.0,
    }


def _drive(row, column, action):
    """Return where the taxi is after a move."""
    if action == 2 and (row, column) in _WALLS or action == 3 and (row, column - 1) in _WALLS:
        return row, column
    down, right = _TAXI_MOVES[action]
    return min(max(row + down, 0), 4), min(max(column + right, 0), 4)


def _sideways(action):
    """Return the moves to either side of a move."""
    return (2, 3) if action < 2 else (0, 1)


WORLDS = {
    "frozen_lake": (make_frozen_lake, FROZEN_LAKE),
    "cliff_walking": (make_cliff_walking, CLIFF_WALKING),
    "taxi": (make_taxi, TAXI),
}


def make_grid(name, options):
    """Return a `FiniteEnvironment` by its name, from checked options."""
    return FiniteEnvironment(name, options, **WORLDS[name][0](**options), remake=(name, options))
