"""Artists move between label and independence: asked by one side, agreed by the others, and kept for ever. A part of `shops`."""
