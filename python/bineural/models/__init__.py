"""What fitted models share: outcome, event, preparation, results."""
