"""What can go wrong in reading forms, in words for staff. Nothing personal is ever in a message."""


class FormsError(Exception):
    """The base of every fault that this package reports."""


class TemplateError(FormsError):
    """A template contradicts itself: the message says which field and what is wrong."""
