"""The course: topics that render to pages, slides and notebooks, and exercises that check themselves."""
