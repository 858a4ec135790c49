"""How much one document may cost: the limits of promise P4, written down once. Pure."""

from dataclasses import asdict, dataclass
from typing import Self

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The most that one document, one page and one group of pages may take.

    A document is read in groups of pages, each in a process of its own: memory stays flat over a thousand pages, and
    the limit on computing time need not grow with an honest long scan. The first group is short, so that the first
    pages show early and a hostile file is found out soon.
    """

    file_bytes: int = 100 * MEBIBYTE
    pages: int = 1000
    # Pictures in one file, whether or not they are pages: a film or a set of thumbnails is no scan.
    frames: int = 2000
    # What one content stream of a PDF may unpack to. Images are bound by their pixels instead.
    stream_bytes: int = 75_000_000
    page_pixels: int = 40_000_000
    page_side_pt: float = 14_400
    memory_bytes: int = 1200 * MEBIBYTE
    # Computing time of a group: a base, and so much for each page of it. Honest pages take 0.1 to 0.5 s.
    cpu_seconds: int = 20
    cpu_seconds_a_page: int = 2
    # Waiting is dearer on a busy machine than computing: wall time is this many times the computing time. Who got less than half
    # of its computing in it was kept from it by other programs, and is tried once more.
    wall_factor: float = 3.0
    first_group_pages: int = 4
    group_pages: int = 20
    open_files: int = 64
    # What one page may send back: picture, crops and reading together.
    result_bytes: int = 64 * MEBIBYTE

    def group_cpu_seconds(self, pages: int) -> int:
        """The computing time that a group of so many pages may use."""
        return self.cpu_seconds + self.cpu_seconds_a_page * pages

    def group_wall_seconds(self, pages: int) -> float:
        """The time that a group of so many pages may take by the clock."""
        return self.group_cpu_seconds(pages) * self.wall_factor

    def to_json(self) -> dict[str, int | float]:
        """Plain values for the sandbox."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, int | float]) -> Self:
        """The limits that `to_json` wrote."""
        return cls(**raw)  # type: ignore[arg-type]  # written by to_json of the same class
