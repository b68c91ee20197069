"""Models on the same rows and folds: comparison, tuning, validation, averages."""

from bineural.lazy import lazily

HOMES = {
    "compare": ["compare_models", "r_model"],
    "comparison": ["Comparison"],
    "forecast_comparison": ["ForecastComparison"],
    "agent_comparison": ["AgentComparison"],
    "tuning": ["tune_net"],
    "tuned": ["TunedNet"],
    "validating": ["permutation_test", "optimism_bootstrap"],
    "averaging": ["average_models", "AverageModel"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
