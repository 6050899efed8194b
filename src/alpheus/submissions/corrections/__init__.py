"""Small corrections of what was accepted: what is one, and the record of it that auditors read afterwards."""
