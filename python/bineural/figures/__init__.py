"""One figure a file: the table of what is drawn, which R draws too, and the matplotlib figure of it."""
