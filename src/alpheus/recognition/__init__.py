"""The same recording again? Fingerprints of sound, an index of them, and what in it sounds alike, passage by passage.

It knows sound and names, not catalogues: what a name is, and who may see a match, rooms above decide.
"""
