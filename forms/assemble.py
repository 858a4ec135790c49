"""Pages read one by one → forms. Pure but for the catalogue that it is given.

Pages of one form belong together although blank backs or other pages lie between, and in either order. Which pages are of
the same family is told by order alone: each page of a kind begins a form that lacks it. What is missing is said, never filled in.
Where order may be wrong the form says so, as a question with its reason: nothing on a page names its family (P6).
"""

from collections.abc import Collection, Sequence

from forms.across_pages import crosses_asked
from forms.catalogue import Catalogue
from forms.results import FieldReading, FormReading, PageKind, PageReading, UnknownPages
from forms.template import Field, Kind, Template

POLICY = "Pages of the policy, without a form."
BLANK = "A blank page."
WRITTEN_ON = "Something is written or stamped on this page where the form asks nothing. Look at it before you confirm."
"""The reason of a page of a form or of the policy that is read all the same: what those words say no question can tell."""
WRITTEN_BESIDE = (
    "Page {page}: something is written or stamped on it where the form asks nothing. Look at it before you confirm."
)
WRITTEN_ON_POLICY = (
    "Page {page} is our policy, and something is written or stamped on it. Look at it before you confirm."
)
OTHER_ORDER = "The pages of this form lie in another order in the scan. Check that they belong together."
APART = "Other pages lie between the pages of this form. Check that they belong together."
SHORT_BESIDE = "A form of this kind next to this one lacks a page. Check that these pages belong together."
SEVERAL = "This scan holds {count} forms of this kind. Check that the pages of this one are of one family."
ANOTHER_NAME = "The name on page {one} is not the name on page {other}. Check that these pages are of one family."


def assemble(pages: Sequence[PageReading], catalogue: Catalogue) -> list[FormReading | UnknownPages]:
    """Forms and runs of other pages, in page order. Every page is in exactly one of them."""
    forms = _grouped([page for page in sorted(pages, key=lambda each: each.number) if _is_of_a_form(page)], catalogue)
    doubts = _doubts(forms, pages, catalogue)
    policies = _written_policies(pages, forms)
    found: list[FormReading | UnknownPages] = [
        _form(group, catalogue, (*doubt, *_written(group), *policy))
        for group, doubt, policy in zip(forms, doubts, policies, strict=True)
    ]
    return sorted([*found, *_others(pages)], key=lambda each: min(each.pages))


def _is_of_a_form(page: PageReading) -> bool:
    return page.kind is PageKind.FORM and page.template_page is not None


def _grouped(pages: Sequence[PageReading], catalogue: Catalogue) -> list[dict[int, PageReading]]:
    """Pages of forms, in scan order → forms, by the first page of each."""
    kinds: dict[tuple[str, str | None], list[PageReading]] = {}
    for page in pages:
        kinds.setdefault(_kind({0: page}), []).append(page)
    groups = [
        group
        for (form, edition), of_kind in kinds.items()
        for group in _of_one_kind(of_kind, several=len(catalogue.get(form or "", edition).pages) > 1)
    ]
    return sorted(groups, key=lambda group: min(page.number for page in group.values()))


def _of_one_kind(pages: Sequence[PageReading], *, several: bool) -> list[dict[int, PageReading]]:
    """The way to put pages of one kind together that makes the fewest forms; of two such, that in which pages follow as they are printed.

    So a family's first page that could not be read does not set its second page before the next family's first, and so on down the
    stack; and a form that was scanned back to front is still one.
    """
    if not several:
        return [{page.template_page or 0: page} for page in pages]
    as_printed, in_any_order = (_in_turn(pages, backwards=backwards) for backwards in (False, True))
    return in_any_order if len(in_any_order) < len(as_printed) else as_printed


def _in_turn(pages: Sequence[PageReading], *, backwards: bool) -> list[dict[int, PageReading]]:
    """Each page added to the latest form where it may follow, else beginning one; an earlier form that lacks a page is not completed
    across a later one, for it may be another family's."""
    groups: list[dict[int, PageReading]] = []
    for page in pages:
        number = page.template_page or 0
        if groups and number not in groups[-1] and (backwards or number > max(groups[-1])):
            groups[-1][number] = page
        else:
            groups.append({number: page})
    return groups


def _doubts(
    forms: Sequence[dict[int, PageReading]], pages: Sequence[PageReading], catalogue: Catalogue
) -> list[tuple[str, ...]]:
    """Why the pages of each form may not be of one family, as far as the stack tells. None of a form of one page, or of one found page."""
    kinds = [_kind(group) for group in forms]
    lacks = [len(group) < len(catalogue.get(*kind).pages) for group, kind in zip(forms, kinds, strict=True)]
    quiet = {page.number for page in pages if page.kind is PageKind.BLANK}
    known = {page.number for page in pages}
    found: list[tuple[str, ...]] = []
    for place, (group, kind) in enumerate(zip(forms, kinds, strict=True)):
        own = sorted(page.number for page in group.values())
        if len(own) < 2:
            found.append(())
            continue
        same = [other for other, one in enumerate(kinds) if one == kind]
        at, notes = same.index(place), []
        between = {number for number in known if own[0] < number < own[-1]} - set(own) - quiet
        if [page.number for _, page in sorted(group.items())] != own:
            notes.append(OTHER_ORDER)
        if between:
            notes.append(APART)
        if any(lacks[other] for other in (*same[max(0, at - 1) : at], *same[at + 1 : at + 2])):
            notes.append(SHORT_BESIDE)
        elif len(same) > 1:
            notes.append(SEVERAL.format(count=len(same)))
        found.append(tuple(notes))
    return found


def _written(group: dict[int, PageReading]) -> list[str]:
    """What stands on the form's own pages outside of its questions."""
    return [WRITTEN_BESIDE.format(page=page.number) for _, page in sorted(group.items()) if page.reason == WRITTEN_ON]


def _written_policies(pages: Sequence[PageReading], forms: Sequence[dict[int, PageReading]]) -> list[tuple[str, ...]]:
    """Of each form, the pages of the policy nearest to it that are written on: nobody else would look at them (R28)."""
    found: list[list[str]] = [[] for _ in forms]
    for policy in pages:
        if policy.kind is PageKind.POLICY and policy.reason == WRITTEN_ON and forms:
            away = [min(abs(page.number - policy.number) for page in group.values()) for group in forms]
            found[away.index(min(away))].append(WRITTEN_ON_POLICY.format(page=policy.number))
    return [tuple(each) for each in found]


def _kind(group: dict[int, PageReading]) -> tuple[str, str | None]:
    first = next(iter(group.values()))
    assert first.form is not None
    return first.form, first.edition


def _form(group: dict[int, PageReading], catalogue: Catalogue, doubts: Sequence[str]) -> FormReading:
    first = next(iter(group.values()))
    assert first.form is not None
    template = catalogue.get(first.form, first.edition)
    read = {field.id: field for page in group.values() for field in page.fields}
    fields = {field.id: read.get(field.id) or _missing(field, group) for field in template.fields}
    notes = tuple(_not_there(number) for number in range(1, len(template.pages) + 1) if number not in group)
    pages = tuple(page.number for _, page in sorted(group.items()))
    return FormReading(
        template.id,
        template.edition,
        pages,
        crosses_asked(fields),
        notes=(*notes, *doubts),
        template_sum=_sum(group, template),
    )


def _sum(group: dict[int, PageReading], template: Template) -> str | None:
    """By which text the form was read. Its pages may have been read by another process than this one, and one of the two may have
    loaded the template before it was changed: such a form is of no one text."""
    read_by = {page.template_sum for page in group.values()}
    if read_by == {None}:
        return None
    had_a_part = {each for one in read_by for each in (one or "").split("+")}
    return "+".join(sorted({template.content_sum, *had_a_part}))


def _not_there(page: int) -> str:
    return f"Page {page} of this form is not in the scan."


def lacking(said: Collection[str] | str, pages: int) -> frozenset[int]:
    """The pages that a form of so many is said to lack, by its notes or by one text that joins them."""
    return frozenset(number for number in range(1, pages + 1) if _not_there(number) in said)


def take_apart(form: FormReading, template: Template) -> list[PageReading]:
    """The pages of a form as they were before `assemble`, with the fields read on each, so that they can be put together anew.

    `template`: the one that it was read by.
    """
    there = sorted(set(range(1, len(template.pages) + 1)) - lacking(form.notes, len(template.pages)))
    return [
        PageReading(
            page, PageKind.FORM, form.form, form.edition, number,
            fields=tuple(field for field in form.fields.values() if field.template_page == number),
            reason=WRITTEN_ON if WRITTEN_BESIDE.format(page=page) in form.notes else None,
            template_sum=form.template_sum,
        )
        for number, page in zip(there, form.pages, strict=True)
    ]  # fmt: skip


def _missing(field: Field, group: dict[int, PageReading]) -> FieldReading:
    beside = next(iter(group.values()))
    reason = _not_there(field.page)
    value = "unclear" if field.kind.is_mark else ("absent" if field.kind is Kind.SIGNATURE else None)
    return FieldReading(field.id, field.kind, value, True, 0.0, reason, beside.number, field.box, field.page)


def _others(pages: Sequence[PageReading]) -> list[UnknownPages]:
    """Runs of pages that are no form, one for each kind and reason."""
    runs: list[UnknownPages] = []
    last: PageReading | None = None
    for page in sorted(pages, key=lambda each: each.number):
        if _is_of_a_form(page):
            last = None
            continue
        if last is not None and last.number == page.number - 1 and _reason(last) == _reason(page):
            runs[-1] = UnknownPages((*runs[-1].pages, page.number), runs[-1].reason)
        else:
            runs.append(UnknownPages((page.number,), _reason(page)))
        last = page
    return runs


def _reason(page: PageReading) -> str:
    if page.kind is PageKind.BLANK:
        return page.reason or BLANK
    if page.kind is PageKind.POLICY:
        return page.reason or POLICY
    return page.reason or "This is not one of our forms."
