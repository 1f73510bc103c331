"""The figures of one week for its report: the same as on the trends pages, and what is not known said as such."""
