"""The parts of explaining: what a model is asked, and the records of its answers."""
