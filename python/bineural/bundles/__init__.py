"""How a fitted model becomes plain JSON and arrays, and back."""
