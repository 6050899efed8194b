"""How the income of a recording is shared: proposed by its shop, accepted by everyone in it before it counts."""
