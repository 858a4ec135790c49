"""The one-time link by which the first manager signs up."""

from intake.wiring import Paperchain
from records.staff import accounts
from records.vocabulary import Role


def first_manager_link(chain: Paperchain, address: str) -> str | None:
    """A new link while there is no manager yet; older unused links stop working. None once there is one."""
    with chain.db.writing() as session:
        if accounts.has_manager(session):
            return None
        token = accounts.invite(session, Role.MANAGER, chain.clock)
    return f"{address.rstrip('/')}/welcome/{token}"
