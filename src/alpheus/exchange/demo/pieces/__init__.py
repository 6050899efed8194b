"""The demo's pieces, one file each: what is written, and how it is played and mixed."""
