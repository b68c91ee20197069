"""Means of the predictions of other models in a comparison."""

import numpy as np

from bineural.comparing.entrants import Entrant


class Average(Entrant):
    """The mean of predictions: of other entrants by name, where nothing is fitted again, or of members."""

    kind = "average"

    def __init__(self, name, names, weights=None, members=None):
        super().__init__(name)
        self.names, self.weights, self.members = list(names), weights, members or {}
        self.random = any(member.random for member in self.members.values())

    def identity(self, basis):
        """Return what the members' fits depend on, and their weights in the mean."""
        members = {name: member.identity(basis) for name, member in self.members.items()}
        return [self.kind, self.names, self.weights, members]

    def predict_out(self, basis, draws, run):
        """Predict the test rows of every resample by the members; see `Entrant.predict_out`."""
        predictions = {n: member.predict_out(basis, draws, run) for n, member in self.members.items()}
        return self.average(predictions, self.members)

    def describe(self):
        """Say in a line what is fitted."""
        return f"mean of the predictions of {', '.join(self.names)}"

    def average(self, predictions, entrants):
        """Average what entrants of those names have predicted, draw by draw; their failures are its own."""
        members = [entrants[name] for name in self.names]
        self.failures = {job: why for member in members for job, why in member.failures.items()}
        logits = [member.logits for member in members]
        self.logits = None if any(logit is None for logit in logits) else self._mean(logits)
        return self._mean([predictions[name] for name in self.names])

    def _mean(self, parts):
        draws = max(len(p) for p in parts)
        parts = np.stack([np.broadcast_to(p, (draws, *p.shape[1:])) for p in parts])
        return np.average(parts, axis=0, weights=self.weights)
