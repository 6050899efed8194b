"""Who there is: accounts, staff roles, artists. Not what they made (catalogue) or may do (rights)."""
