"""What can be compared, one task a file; each file registers its record (`task.py`)."""

from bineural.lazy import lazily

HOMES = {"task": ["Asked", "Task", "find_task", "register_task", "task_of"]}
__getattr__, __dir__, __all__ = lazily(__name__, HOMES)
