"""What a person may ask of their own data (show, correct, delete), and how long raw words are kept.

`columns` says of every column whether it is somebody's; everything else here follows from it.
"""
