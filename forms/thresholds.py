"""The borders between what counts as a mark and what does not, in one place, so that a stored score can be judged again by others. Pure.

What is compared with them is measured by `forms.ink` (its names are those of `BoxInk`) and by the scorer (chances, by `Content`). Where a border
came from, and what it changed, stands where it is used and in docs/reading.md.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Thresholds:
    """Areas in mm² of ink, lengths in mm (`long_line`: cm), shares and chances from 0 to 1; `…_times`, `agree_…`, `apart_…`: what odds are multiplied by."""

    # By its ink alone (`marks.judge`).
    empty_below: float = 0.16  # less ink in a box, and it is empty
    marked_from: float = 0.62  # so much, and it may be marked
    shortest: float = 1.3  # how long a mark is at least
    least_inside: float = 0.24  # a mark that runs out of its box has at least so much in it,
    total_from: float = 0.75  # so much in all,
    longest_reach: float = 0.72  # and at most such a share outside
    faint_share: float = 0.85  # with more of its ink faint, a small mark is asked about
    solid_density: float = 0.46  # as dense as this,
    solid_filled: float = 0.42  # or filling so much of its box,
    solid_area: float = 3.2  # and as large, it is filled in
    hooked: float = 0.68  # its head is so wide: perhaps a question mark
    off_centre: float = 0.70  # so near to the upper or lower edge of a wide box: perhaps a tail of the row beside it
    crossing: float = 0.26  # so much ink in each of its four corners: a cross
    beside: float = 0.55  # ink beside an empty box that may be its mark
    beside_a_mark: float = 0.8  # ink beside a marked box that may be writing
    foreign: float = 0.30  # of the next box's mark, so much lies in this one,
    tail: float = 0.30  # and such a share of it

    # The scorer and the ink together (`marks.weigh`). The first four were fitted by `script/training/calibrate_marks.py`: how many times likelier the
    # scorer's view becomes where the ink by itself says the same, or does not.
    agree_marked: float = 2.0
    apart_marked: float = 0.8
    agree_empty: float = 1.5
    apart_empty: float = 0.3
    never_empty: float = 1.6  # with so much ink in it a box is not empty, whatever the scorer says,
    outside: float = 0.8  # nor one whose own strokes have so much ink,
    outside_reach: float = 0.5  # such a share of it outside
    never_marked: float = 0.10  # with less ink than this it is not taken for marked either, whatever the scorer says,
    close_mark: float = 0.6  # unless so much lies in it and right beside it
    plain_tick: float = 0.98  # from this chance on a mark that is no dot is plainly a tick and no cross
    may_be_cross: float = 0.2  # from this chance on a mark that is not plainly a tick may be a cross
    may_be_filled: float = 0.15  # from this chance on a mark may as well be a filled box
    plain_ink: float = 0.9  # with so much ink of strokes in it,
    pale_ink: float = 0.4  # or so much where all of it is pale,
    empty_with_ink: float = 0.05  # this is left of the chance that a box is empty
    thick_mark: float = 0.05  # of a filled box, beside a tick
    beside_mark: float = 0.2  # of a mark beside, for a box that looks marked
    beside_empty: float = 0.3  # of a mark beside, for a box that looks empty
    lost_mark: float = (
        5.0  # how much likelier than its chance says a box that looks empty holds a mark of which little is left
    )
    scant_ink: float = 0.7  # of a mark with less ink than this, in the box and close by,
    scant_times: float = 0.1  # so little is left of the odds

    # Faint marks.
    all_faint: float = 0.94  # such a share of a mark's ink is faint: it is pale all through,
    faint_sure: float = 0.998  # and must be so sure,
    stain_reach: float = 0.75  # with less than this outside of its box
    pale_hand: float = 0.9  # where the writer's other marks are as pale (the median),
    pale_sure: float = 0.95  # only so sure,
    pale_times: float = 2.5  # if it has at most so many times their ink
    dark_pen: float = 0.5  # a pale mark among those of a dark pen (the median of their faint ink) is asked about

    # What is no plain mark, by its shape.
    through_doubled: float = 0.03  # a single stroke: in hardly any of its rows it lies twice,
    through_reach: float = 0.5  # with such a share outside of the box,
    through_long: float = 8.5  # and as long: a line through the box
    dot_density: float = 0.6  # a dot is as dense,
    dot_across: float = 3.0  # less long than this,
    dot_doubled: float = 0.15  # has two strokes in fewer of its rows,
    dot_beside: float = 0.25  # less ink right beside the box,
    dot_fills: float = 0.38  # and fills less of it
    dot_ink: float = 1.2  # from here on it may be a mark,
    dot_habit: float = (
        0.01  # and this is left of the chance of an empty box where a writer marks with such dots throughout
    )
    few_odd: float = 0.2  # of what share of a writer's marks a dot is no habit
    question_head: float = 0.9  # a question mark's head is so wide against all of it,
    question_high: float = 8.0  # it is no higher,
    question_doubled: float = 0.25  # has two strokes in no more of its rows,
    question_crossing: float = 0.1  # and is less of a cross by its ink
    question_cross: float = 0.01  # and by its chance
    few_questions: float = 0.34  # of what share of a writer's marks such a head is no habit
    dash_flat: float = 1.6  # a dash for none is so many times wider than high,
    dash_doubled: float = 0.05  # of one stroke
    letter_doubled: float = 0.7  # an N or a NO has two strokes in most of its rows
    letter_filled: float = 3e-5  # and some chance of a filled box,
    letter_hole: float = 0.08  # a 0 goes round some paper;
    letter_doubtful: float = 3e-4  # both have some chance of being doubtful, as hardly any tick has
    heavy_ink: float = 10.0  # a mark may be one that was scribbled out from so much ink in its box on,
    heavy_times: float = 3.0  # so many times that of the writer's other marks in all
    heavy_inside: float = 2.0  # and in the box

    # Pairs, and what a writer does throughout.
    plain_mark: float = 0.99  # where one box of a pair is as plainly marked,
    second_mark: float = 0.05  # a second mark is so much rarer than in any box,
    second_beside: float = 0.10  # and something beside it
    habit: float = 0.1  # how much rarer a crossing-out is among boxes of a writer who fills in every one
    thick_habit: float = 0.03  # from this chance of a filled box on a mark does not end that habit
    alike_least: float = 3  # with so many other marks of the page a mark is compared (`forms.likeness`):
    alike_size: float = 0.6  # it has between this and its inverse of their ink,
    alike_faint: float = 0.15  # hardly more of it faint,
    alike_odd: float = 0.01  # and hardly a chance of anything odd;
    alike_marked: float = 5.0  # then it is so many times likelier a mark
    alike_plain: float = 1.2  # where the least of the other marks is as plain,
    alike_rest: float = 0.15  # and a box has less than this of its ink,
    alike_empty: float = 12.0  # it is so many times likelier empty

    # Around the boxes.
    fit: float = 0.62  # how well the print near a question is found at least,
    label: float = 0.86  # and its own words,
    label_plain: float = 0.90  # which alone are enough from here on
    words: float = 1.1  # ink over printed words
    struck: float = 0.5  # whether they are struck out (0 or 1)
    long_line: float = 2.5  # a line over the boxes
    linked: float = 5.0  # how high a stroke from one question to another is at least
    in_the_gap: float = 0.5  # what stands between two questions' boxes
    specks: float = 0.7  # beginnings of ink per mm² around most questions of the page,
    specks_here: float = 1.4  # or around this one: marks cannot be told from them
    outline_there: float = 0.2  # a box has its outline where no more of it is gone;
    outline_gone: float = 0.7  # it is hidden from here on where a quarter of the page's boxes have theirs,
    outline_part: float = 0.3  # and from here on where three in four have


STANDARD = Thresholds()
FAINT_HAND = replace(STANDARD, empty_below=0.05)
"""For a form on which several marks are faint: there a few dots may be all that is left of another."""
