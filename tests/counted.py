"""Work counted instead of timed: the same on every machine, however busy it is."""

import sys
from collections.abc import Callable
from types import CodeType


class Counted[T]:
    """What some work gave, and how many steps it took: the lines of Python and the calls of C that were made."""

    def __init__(self, work: Callable[[], T]) -> None:
        self.steps = 0
        monitoring, tool = sys.monitoring, sys.monitoring.PROFILER_ID
        events = monitoring.events

        def step(_code: CodeType, *_rest: object) -> None:
            self.steps += 1

        monitoring.use_tool_id(tool, "steps")
        try:
            for event in (events.LINE, events.CALL):
                monitoring.register_callback(tool, event, step)
            monitoring.set_events(tool, events.LINE | events.CALL)
            self.result: T = work()
        finally:
            monitoring.set_events(tool, events.NO_EVENTS)
            for event in (events.LINE, events.CALL):
                monitoring.register_callback(tool, event, None)
            monitoring.free_tool_id(tool)
