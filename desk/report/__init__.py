"""The weekly report on one page: what a director reads on Monday, told from the figures, as HTML and as PDF.

`sheet` says everything in words and numbers once; `pages` only sets it, so both forms cannot differ.
"""
