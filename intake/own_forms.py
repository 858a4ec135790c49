"""Which files of the service's own folder of forms are not used, and why: told wherever Paperchain starts, by `doctor` and on the desk.

One wrong file stops neither reading nor the desk: the other post must not wait for it. Copies of its form go to *To sort*, where a
person sees them.
"""

from pathlib import Path

from forms.catalogue import with_own


def not_used(folder: Path | None) -> tuple[str, ...]:
    """A sentence for each file that is not used; none where the service has no folder of its own."""
    if folder is None:
        return ()
    if not folder.is_dir():
        return (f"The folder of your own forms, {folder}, is not there. Make it, or take it out of the settings.",)
    return tuple(
        f"{one.file} is not used: {one.why.rstrip('.')}. Until it is mended, nothing is read by it."
        for one in with_own(folder).unused
    )
