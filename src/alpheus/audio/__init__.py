"""Sound: probe, decode, measure, encode, tags. PyAV lives only here.

It knows samples and files, not catalogues; hostile files are opened in a child process with limits.
"""
