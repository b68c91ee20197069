"""How models are compared: differences over resamples, tests that hold their level, and what they say."""
