"""--keep-going (or GEN_KEEP_GOING=1): for days on which many people write at once. Every mistake is told,
but what is wrong is left out and all the rest is written. Never used for a release or by the tests."""

import os

from model import Folder


def guilty(project, file, line):
    """The declarations a mistake at this place belongs to."""
    found = []
    for kind in Folder.KINDS:
        for d in project.every(kind):
            if d.place.file != file:
                continue
            inner = getattr(d, "members", None) or getattr(d, "fields", None) or []
            last = max([d.place.line] + [x.place.line for x in inner])
            if kind == "templates":
                last = d.end_line
            elif kind == "migrations":
                last = 10**9
            elif kind == "statements":
                after = [
                    s.place.line for s in d.folder.statements if s.place.file == file and s.place.line > d.place.line
                ]
                last = min(after) - 1 if after else 10**9
            if d.place.line <= line <= last:
                found.append((kind, d.place.file, d.place.line))
    return found


def drop(project, dropped):
    """Leaves out what earlier rounds found guilty."""
    for f in project.folders:
        for kind in Folder.KINDS:
            setattr(f, kind, [d for d in getattr(f, kind) if (kind, d.place.file, d.place.line) not in dropped])


def wanted(args):
    return not args.release and (args.keep_going or os.environ.get("GEN_KEEP_GOING") == "1")


def rounds(open_and_read):
    """Reads again and again, each time without what was wrong, until nothing is. `open_and_read(dropped)`
    gives the project. Returns the sound project and all that was said on the way."""
    dropped, handled, said = set(), set(), []
    for _ in range(30):
        project = open_and_read(dropped)
        said += [s for s in project.problems.lines() + project.problems.mended_lines() if s not in said]
        before = len(dropped)
        for problem in project.problems.found:
            # What was dropped is read again in each round and told again; it has been dealt with.
            if problem not in handled:
                handled.add(problem)
                dropped.update(guilty(project, problem[0], problem[1]))
        if len(dropped) == before:
            return project, said
    return project, said
