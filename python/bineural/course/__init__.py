"""The course: topics that render to pages, slides and notebooks, and exercises that check themselves."""

from bineural.lazy import lazily

HOMES = {
    "rendering": ["render_course"],
    "checking": ["list_exercises", "check_exercise", "add_exercise", "ExerciseCheck"],
}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
