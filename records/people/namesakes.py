"""A parent who stands on both of two joined files: what protects from one of the two rows protects from the other (W15, F22).

Joining moves nothing, so the same mother may be there twice. What is known of one is not taken as known of the other, for they may be two
people; but what keeps something from one of them keeps it from both until somebody has looked, since a letter cannot be called back.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from records.people.matching import words_of
from records.people.register import PersonShown
from records.people.relations import Kind


def with_namesakes(ids: Collection[UUID], people: Sequence[PersonShown]) -> frozenset[UUID]:
    """These, and everybody but a child who bears the same name on another of the joined files. `people`: all of the file, ended ones too."""
    meant = {(words_of(each.name), each.file_id) for each in people if each.id in ids and each.kind != Kind.CHILD}
    more = {
        each.id
        for each in people
        if each.kind != Kind.CHILD and any(name == words_of(each.name) and file != each.file_id for name, file in meant)
    }
    return frozenset(ids) | more
