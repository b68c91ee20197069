"""Multi-armed bandits: one state, a reward from the arm that is pulled, and the episode is over.

References
----------
Lai and Robbins (1985). Advances in Applied Mathematics 6(1), 4-22: the regret of any policy that is good for
all bandits grows at least as `sum(gap / divergence) * log(n)`.
"""

import numpy as np

from bineural.agents.finite import FiniteEnvironment
from bineural.checks import choice, list_of, number
from bineural.errors import InputError

BANDIT = {
    "means": list_of(number(), hint="Give the mean reward of each arm, such as [0.2, 0.5]."),
    "reward": choice("bernoulli", "normal"),
    "sd": number(0, above=True),
}


class Bandit(FiniteEnvironment):
    """Arms of unknown mean; each pull is an episode.

    Parameters
    ----------
    means : sequence of float
        Mean reward of each arm: from 0 to 1 of rewards that are 0 or 1.
    reward : {"bernoulli", "normal"}
    sd : float
        Of normal rewards.

    Attributes
    ----------
    means : ndarray of float64, shape (n_actions,)
    """

    def __init__(self, means=(0.2, 0.5, 0.7), reward="bernoulli", sd=1.0):
        means, binary = [float(mean) for mean in means], reward == "bernoulli"
        if len(means) < 1 or (binary and not all(0 <= mean <= 1 for mean in means)):
            raise InputError(
                "`means` must hold a mean for each arm" + (", from 0 to 1." if binary else "."),
                f"Found {means}.",
                "Use reward='normal' for other numbers."
                if means and binary
                else "Use for example [0.2, 0.5].",
            )
        arms = [
            [(1 - mean, 0, 0.0, True), (mean, 0, 1.0, True)] if binary else [(1.0, 0, mean, True)]
            for mean in means
        ]
        super().__init__(
            "bandit",
            {"means": means, "reward": reward, "sd": sd},
            [arms],
            [1.0],
            [f"arm {k + 1}" for k in range(len(means))],
            reward_sd=None if binary else np.full(len(means), float(sd)),
            remake=("bandit", {"means": means, "reward": reward, "sd": sd}),
            best_return=max(means),
        )
        self.means, self.binary, self.sd = np.array(means), binary, float(sd)

    def lai_robbins(self):
        """Return the Lai-Robbins constant: regret after n pulls grows at least as it times log n.

        Returns
        -------
        float
            Sum over the worse arms of gap / Kullback-Leibler divergence from the best one; 0 where all are
            equally good, or telling an arm apart takes a single pull.
        """
        best, total = self.means.max(), 0.0
        for mean in self.means[self.means < best]:
            divergence = _bernoulli_kl(mean, best) if self.binary else (best - mean) ** 2 / (2 * self.sd**2)
            total += (best - mean) / divergence
        return float(total)


def _bernoulli_kl(p, q):
    """Return the divergence of a coin of chance p from one of chance q, in nats."""
    total = 0.0
    for a, b in ((p, q), (1 - p, 1 - q)):
        if a > 0:
            total += np.inf if b == 0 else a * np.log(a / b)
    return total
