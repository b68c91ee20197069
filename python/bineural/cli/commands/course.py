"""`bineural course`: the course as pages, slides, notebooks and scripts."""

from bineural.cli.arguments import words
from bineural.cli.command import Command


def _add_arguments(parser):
    add = parser.add_argument
    add("topic", nargs="*", help="topics, or files of your own (.Rmd); all topics by default")
    add("--list", action="store_true", help="list the topics and their exercises, and stop")
    add("--format", type=words, help="some of page,slides,notebook,script (default: all)")
    add("--language", type=words, help="r, python or r,python (default: both)")
    add("--no-solutions", dest="solutions", action="store_false", help="leave solutions out")
    add("--directory", default="course", help="folder to write to (default: course)")


def _run(arguments):
    from bineural.course.rendering import FORMATS, render_course
    from bineural.course.topic import LANGUAGES

    if arguments.list:
        print(_list_topics())
        return 0
    render_course(
        arguments.topic or None,
        format=arguments.format or FORMATS,
        language=arguments.language or LANGUAGES,
        solutions=arguments.solutions,
        directory=arguments.directory,
    )
    return 0


def _list_topics():
    from bineural.course.checking import list_exercises
    from bineural.course.topic import find_topics, read_topic

    exercises = list_exercises()
    lines = []
    for topic in map(read_topic, find_topics()):
        lines += [f"{topic.name}: {topic.title}"]
        own = exercises[exercises["topic"] == topic.name]
        lines += [f"  {name}: {title}" for name, title in zip(own["exercise"], own["title"])]
    return "\n".join(lines)


COMMAND = Command("Render the course: pages, slides, notebooks and scripts", _add_arguments, _run, place=8)
