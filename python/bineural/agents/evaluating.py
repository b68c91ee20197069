"""Episodes played now and then while nets learn: they say which weights to keep, and when it is enough."""

from bineural.agents.playing_through import play_through

_TIMES, _EPISODES = 50, 20
_LONGEST = 500  # steps of a watched episode without a limit, which an untrained net may never end


class Watch:
    """Plays episodes without exploring, from the same starts each time.

    Parameters
    ----------
    environment : Environment
    seeds : list of int
        Their own starts, which are those of no episode trained on or judged by later.
    steps : int
        After each 50th part of them episodes are played.
    """

    def __init__(self, environment, seeds, steps):
        self.environment, self.seeds = environment, seeds
        self.every, self.last, self.steps, self.rows = max(1, steps // _TIMES), 0, steps, []

    def is_due(self, done):
        """Say whether it is time again."""
        return done - self.last >= self.every or done >= self.steps

    def play(self, act, done):
        """Play episodes; return the mean return of each seed.

        Parameters
        ----------
        act : callable (encoded observations (n_seeds, n, n_inputs)) -> actions (n_seeds, n)
        done : int
            Steps learnt from.
        """
        self.last = done
        played = play_through(
            lambda seen, _: act(self.environment.encode(seen)),
            self.environment,
            self.seeds,
            _EPISODES,
            "watched episode",
            _LONGEST,
        )
        returns = played.returns.mean(axis=1)
        self.rows.append((done, returns))
        return returns

    def is_enough(self, returns):
        """Say whether no seed can do better, where that is known."""
        most = self.environment.best_return
        return most is not None and self.environment.n_states != 1 and bool((returns >= most).all())

    def table(self):
        """Return the mean returns: a data frame with a row for each seed and time."""
        import pandas as pd

        parts = [pd.DataFrame({"seed": self.seeds, "step": done, "return": r}) for done, r in self.rows]
        if not parts:
            return pd.DataFrame({"seed": [], "step": [], "return": []})
        return pd.concat(parts, ignore_index=True).sort_values(["seed", "step"], ignore_index=True)
