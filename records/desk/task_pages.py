"""Tasks: what is to be done by a day, for whoever is signed in. Words and file numbers only, never a name."""

from uuid import UUID

from starlette.responses import Response

from records.desk.paging import counted
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.guard.standing import Filed, about
from records.people.tables import ChildFile
from records.staff.access import Act, Allowed, may
from records.tasks import register

pages = Pages()


@pages.get("/tasks", rule=Act.SEE_TODAY)
def todo(call: Call) -> Response:
    """Every open task of this person, earliest due first."""
    seen_by = call.desk.policy().case_notes_seen_by

    def may_open(file: Filed) -> bool:
        return isinstance(may(call.actor, Act.OPEN_FILE, about(file), seen_by), Allowed)

    def fetch(limit: int, leaving_out: int) -> tuple[list[UUID], int]:
        return register.ids_for(session, call.actor, may_open, limit=limit, leaving_out=leaving_out)

    with call.desk.db.reading() as session:
        shown = counted(call, fetch, "/tasks")
        found = register.read(session, call.actor, shown.rows)
    return call.page("tasks.html", title="Tasks", tasks=found, piece=shown, by_record=register.BY_RECORD)


@pages.post("/tasks/{task:uuid}/done", rule=Act.SEE_TODAY)
def done(call: Call, task: UUID) -> Response:
    """Marks a task as done. One that is not this person's looks as if there were none."""
    with call.desk.db.writing() as session:
        row = register.get(session, task)
        file = session.get(ChildFile, row.file_id) if row.file_id else None
        if not register.is_for(session, row, file, call.actor) or (file is not None and not _may_open(call, file)):
            raise NotFound("There is nothing here.")
        register.tick(session, task, str(call.actor.id), call.desk.clock.now())
    return call.go("/tasks", "The task was marked as done.")


def _may_open(call: Call, file: Filed) -> bool:
    return call.may(Act.OPEN_FILE, about(file))
