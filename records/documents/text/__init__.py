"""Recognised text of stored pages: sealed under the page's own key, found by keyed hashes of words, gone with the page."""
