"""What listeners own: it streams for ever, whoever may hear what else. Listening asks here; nothing here sells."""
