"""Pages of the web desk that show records, and the shell that every page stands in (`shell.py`).

Adding a page: a `Pages()` group in a module of its own, `@pages.get(path, rule=Act.…)`, a template that extends `base.html`
(blocks `content`, `wide`), and the group named in `intake/app.py`. Every form holds `{{ token() }}` from `parts.html`. URLs and
titles carry numbers and random ids only. Words: `day`, `moment` and `plain` filters.

Classes of `paperchain.css`: `pc-card` (answer card, `pc-card--doubt`), `pc-crop` (picture of a cut-out), `pc-tag` with
`pc-tag--yes`, `pc-tag--no`, `pc-tag--note`; `pc-columns` (two columns), `pc-panel` with `pc-panel__head`; `pc-table` in
`pc-scroll` (a focusable named region); `pc-actions` (sticky bar); `pc-facts` (a list of terms and values); `pc-page` (a page
picture as SVG with `pc-box`, `pc-box--doubt`).

Scripts (`paperchain.js`) only add speed: `data-live` refreshes an element from `data-live-url`; `data-answer` marks an answer
whose letters Y, N, B, C and U work while it has focus; `data-main` is the button that Ctrl+Enter presses; `data-zoom` buttons.
"""
