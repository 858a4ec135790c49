"""Pages read one by one → forms. Pure.

Pages of one form belong together although blank backs or other pages lie between, and in either order. Which pages are of
the same family is told by order alone: each page of a kind begins a form that lacks it. What is missing is said, never filled in.
"""

from collections.abc import Sequence

from forms.catalogue import Catalogue
from forms.results import FieldReading, FormReading, PageKind, PageReading, UnknownPages
from forms.template import Field, Kind, Template

POLICY = "Pages of the policy, without a form."
BLANK = "A blank page."


def assemble(pages: Sequence[PageReading], catalogue: Catalogue) -> list[FormReading | UnknownPages]:
    """Forms and runs of other pages, in page order. Every page is in exactly one of them."""
    forms: list[dict[int, PageReading]] = []
    for page in sorted(pages, key=lambda each: each.number):
        if page.kind is PageKind.FORM and page.template_page is not None:
            _place(forms, page, catalogue)
    found: list[FormReading | UnknownPages] = [_form(group, catalogue) for group in forms]
    return sorted([*found, *_others(pages)], key=lambda each: min(each.pages))


def _place(forms: list[dict[int, PageReading]], page: PageReading, catalogue: Catalogue) -> None:
    """Adds a page to the latest form of its template that lacks it, else begins a new one."""
    assert page.form is not None
    assert page.template_page is not None
    if len(catalogue.get(page.form, page.edition).pages) > 1:
        for group in reversed(forms):
            first = next(iter(group.values()))
            if (first.form, first.edition) == (page.form, page.edition):
                if page.template_page not in group:
                    group[page.template_page] = page
                    return
                break  # an earlier form that lacks a page is not completed across a later one: it may be another family's
    forms.append({page.template_page: page})


def _form(group: dict[int, PageReading], catalogue: Catalogue) -> FormReading:
    first = next(iter(group.values()))
    assert first.form is not None
    template = catalogue.get(first.form, first.edition)
    read = {field.id: field for page in group.values() for field in page.fields}
    fields = {field.id: read.get(field.id) or _missing(field, group) for field in template.fields}
    notes = tuple(_not_there(number) for number in range(1, len(template.pages) + 1) if number not in group)
    pages = tuple(page.number for _, page in sorted(group.items()))
    return FormReading(template.id, template.edition, pages, fields, notes=(*notes, *_apart(group, template)))


def _not_there(page: int) -> str:
    return f"Page {page} of this form is not in the scan."


def take_apart(form: FormReading, catalogue: Catalogue) -> list[PageReading]:
    """The pages of a form as they were before `assemble`, with the fields read on each, so that they can be put together anew.

    Raises KeyError when its template has been taken away.
    """
    template = catalogue.get(form.form, form.edition)
    there = [number for number in range(1, len(template.pages) + 1) if _not_there(number) not in form.notes]
    return [
        PageReading(
            page, PageKind.FORM, form.form, form.edition, number,
            fields=tuple(field for field in form.fields.values() if field.template_page == number),
        )
        for number, page in zip(there, form.pages, strict=True)
    ]  # fmt: skip


def _apart(group: dict[int, PageReading], template: Template) -> tuple[str, ...]:
    """Pages far apart or out of order may be of two families: a person is told."""
    numbers = [page.number for _, page in sorted(group.items())]
    if len(numbers) > 1 and numbers != sorted(numbers):
        return ("The pages of this form lie in another order in the scan. Check that they belong together.",)
    return ()


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
        if page.kind is PageKind.FORM and page.template_page is not None:
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
