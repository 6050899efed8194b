"""Documents and our own tokens in one index; it knows words, not what they name."""
