"""Tables as they arrive: frames, columns, missing values, reading, fingerprints."""
