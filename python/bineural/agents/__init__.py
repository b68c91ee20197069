"""Agents: worlds to act in, methods that learn to act, and episodes played with what was learnt."""

from bineural.lazy import lazily

HOMES = {
    "making": ["make_environment"],
    "environment": ["Environment"],
    "exact": ["expected_return"],
    "fitting": ["fit_agent"],
    "agent": ["Agent"],
    "playing": ["play_episodes"],
    "episodes": ["Episodes"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
