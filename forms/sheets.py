"""Finds the separator and cover sheets that we print, by their code. Runs where pages are read: never in the core.

Sheets carry the same code twice, 60 and 40 mm wide, so that a fax, a fold or a staple does not hide both. A page is a sheet only
when its code can be read whole and its check character is right.
"""

import zxingcpp

from forms.page import Grey, halved
from forms.printing import sheet_code

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def sheet_on(small: Grey) -> str | None:
    """The characters of the sheet that this page is; None for any other page. `small`: the page at 100 dots to the inch."""
    for picture in (small, halved(small)):
        found = {code.text for code in zxingcpp.read_barcodes(picture, formats=_QR) if code.valid}
        ours = {text for text in found if sheet_code.decode(text) is not None}
        # Two different codes are two sheets on one picture: then no single one may decide where pages go.
        if ours:
            return ours.pop() if len(ours) == 1 else None
    return None
