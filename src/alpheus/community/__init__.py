"""Listeners and musicians: who follows which shop, and hears of what is new there."""
