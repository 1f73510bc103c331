"""Pictures of figures, drawn here as SVG from plain data: no script, no inline style, words that keep their size.

`bars` lie, `columns` stand by day, `lines` run, `heat` shows hours by weekday, `sparkline` is a word's size. Each is a
pure function that returns one `<svg>` with a title and a description; colours and patterns come from `pictures.css`,
so that light, dark and print are the style sheet's business. `figure.Figure` joins a picture with what it says, its
table and its file; the macro in `figure.html` shows it.
"""
