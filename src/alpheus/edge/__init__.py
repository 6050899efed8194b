"""The audio server near the listener: grants, gate, blending, strategies, cloud cache, key log.

A process of its own that knows no Django, no rights and no names of people.
"""
