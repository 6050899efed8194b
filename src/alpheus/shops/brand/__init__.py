"""Labels' shops: how an operator founds one, the agreement that fixes its tracks' price, its members, its roster. A part of `shops`."""
