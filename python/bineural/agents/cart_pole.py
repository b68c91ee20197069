"""A pole on a cart, to be kept upright by pushes to the left and right; many carts at once.

Equations and constants are those of Barto, Sutton and Anderson (1983), IEEE Transactions on Systems, Man, and
Cybernetics 13(5), 834-846, without friction, in Euler steps of 0.02 s, as gymnasium's CartPole has them.
"""

import numpy as np

from bineural.agents.environment import Environment
from bineural.checks import choice

CART_POLE = {"version": choice("v1", "v0")}
_LIMITS = {"v1": (500, 475.0), "v0": (200, 195.0)}  # steps, mean return from which it is solved
_GRAVITY, _CART, _POLE, _HALF_LENGTH, _FORCE, _SECONDS = 9.8, 1.0, 0.1, 0.5, 10.0, 0.02
_FAR, _STEEP = 2.4, 12 * 2 * np.pi / 360  # m, rad


class CartPole(Environment):
    """A pole on a cart: 1 for each step until the pole falls or the cart leaves its track.

    An observation is the place of the cart (m), its speed (m/s), the angle of the pole (rad), and its angular
    speed (rad/s), as float32.

    Parameters
    ----------
    version : {"v1", "v0"}
        Of gymnasium's: truncated after 500 steps and solved from a mean return of 475, or 200 and 195.
    """

    name, n_actions, actions = "cart_pole", 2, ("left", "right")
    observation_shape = (4,)
    n_draws, n_start_draws = 0, 4

    def __init__(self, version="v1"):
        super().__init__({"version": version})
        self.step_limit, self.threshold = _LIMITS[version]
        self.best_return = float(self.step_limit)

    def starting(self):
        """Return (name, options) from which it can be made again."""
        return self.name, self.options

    def begin(self, uniforms):
        """Return states to begin in: all four numbers uniform from -0.05 to 0.05."""
        return 0.1 * uniforms - 0.05

    def advance(self, states, actions, uniforms):
        """Return (states, rewards, terminated) after one step."""
        place, speed, angle, turning = states.T
        force = np.where(actions == 1, _FORCE, -_FORCE)
        cosine, sine, total = np.cos(angle), np.sin(angle), _CART + _POLE
        push = (force + _POLE * _HALF_LENGTH * turning**2 * sine) / total
        angular = (_GRAVITY * sine - cosine * push) / (_HALF_LENGTH * (4.0 / 3.0 - _POLE * cosine**2 / total))
        linear = push - _POLE * _HALF_LENGTH * angular * cosine / total
        states = np.stack(
            [
                place + _SECONDS * speed,
                speed + _SECONDS * linear,
                angle + _SECONDS * turning,
                turning + _SECONDS * angular,
            ],
            axis=1,
        )
        terminated = (np.abs(states[:, 0]) > _FAR) | (np.abs(states[:, 2]) > _STEEP)
        return states, np.ones(len(states)), terminated

    def observe(self, states):
        """Return the states as float32."""
        return states.astype(np.float32)
