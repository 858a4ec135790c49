"""Whom every letter to a family names for complaints and for changing their mind, as the policy says (S21, W42). Pure."""

from records.policies.values import ContactPoint

REGULATOR = "The Information Commissioner: Wycliffe House, Water Lane, Wilmslow, Cheshire SK9 5AF; telephone 0303 123 1113; ico.org.uk"

_WHOM = {
    ContactPoint.MANAGER: ("the manager of {service}", "our manager"),
    ContactPoint.LINE_MANAGER: ("the line manager of {service}", "the line manager of our service"),
}


def named(point: ContactPoint, service: str) -> str:
    """The manager of Invented SENDIASS."""
    return _WHOM[point][0].format(service=service)


def if_not_content(point: ContactPoint) -> str:
    """One sentence for the end of a letter."""
    return f"If you are not content with how we keep to this, ask for {_WHOM[point][1]}."
