"""The parts of a report: its page, its sections, and the code that repeats the comparison."""
