"""The vocabulary: identifiers and quantities with their rules, and nothing else.

Everybody may import it; it imports nobody.
"""
