"""Printed forms of our own: made by typst from a plain description, with the template taken from the same print.

Holds the descriptions, the translation tables, the layout and the code in the corner of each page. Needs no database.
"""
