"""What somebody has to do by a day: raised by rules and people, shown on Today, closed by a person.

`raise_task(...)` is idempotent on its key, `close(...)` ends one for good, `open_for(...)` lists what one person may see.
"""

from records.tasks.register import (
    Task,
    close,
    count_for,
    forget,
    ids_for,
    keys_used,
    let_go,
    open_for,
    put_on_file,
    raise_task,
    read,
)

__all__ = [
    "Task",
    "close",
    "count_for",
    "forget",
    "ids_for",
    "keys_used",
    "let_go",
    "open_for",
    "put_on_file",
    "raise_task",
    "read",
]
