"""The commands, one a file: each holds `COMMAND`."""
