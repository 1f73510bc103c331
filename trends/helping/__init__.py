"""How well people were helped: bot answers, cases of staff, promises, ratings, load, and what each outage cost.

Answers, cases and acts are counted as they change (`*_counted`, all by `counting`), and read from those counts, which
outlive what they were counted from. Every figure has its rows (`answer_rows`, `case_rows`, `act_rows`).
"""
