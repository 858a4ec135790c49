"""Reads a template from its file, which people write by hand: what is wrong with it is told in words, with the line where it stands."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from forms.errors import TemplateError
from forms.template import Template, template_from_json

_IN_WORDS = {
    "Expecting ',' delimiter": "a comma or a closing bracket is missing before it",
    "Expecting ':' delimiter": "a colon is missing before it",
    "Expecting property name enclosed in double quotes": 'a word in "double quotes" should stand here; is there a comma too many?',
    "Illegal trailing comma before end of object": "there is a comma too many",
    "Illegal trailing comma before end of array": "there is a comma too many",
    "Expecting value": "something is missing here; is there a comma too many?",
    "Extra data": "something stands behind the end of the template",
    "Unterminated string starting at": "the closing quotation mark is missing",
    "Invalid control character at": "the closing quotation mark is missing",
}


def read_template(path: Path) -> Template:
    """The template in a file. Raises TemplateError in words, without the file's name."""
    return template_from_json(read_json(path))


# Any: what a JSON file holds before it has been checked.
def read_json(path: Path) -> Any:
    """What a JSON file holds. Raises TemplateError that says where it cannot be read; a word said twice in one place is refused."""
    try:
        return json.loads(path.read_text("utf-8-sig"), object_pairs_hook=_each_once)
    except OSError as error:
        raise TemplateError(f"it cannot be opened: {(error.strerror or 'unknown reason').lower()}") from error
    except UnicodeDecodeError as error:
        raise TemplateError("it is not saved as UTF-8 text") from error
    except json.JSONDecodeError as error:
        said = _IN_WORDS.get(error.msg, error.msg)
        raise TemplateError(f"it cannot be read at line {error.lineno}, character {error.colno}: {said}") from error
    except ValueError as error:  # Python reads no number of more than some thousand figures
        raise TemplateError("a number in it has far too many figures") from error
    except RecursionError as error:
        raise TemplateError("it is no template") from error


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for n, (name, _) in enumerate(pairs) if name in dict(pairs[:n]))
        whose = f" of {found['id']}" if twice != "id" and isinstance(found.get("id"), str) else ""
        raise TemplateError(f"“{twice}”{whose} is said twice in one place")
    return found
