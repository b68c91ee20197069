"""A fitted model as a service: `bineural serve`, and what MLflow and vetiver need to know of it."""
