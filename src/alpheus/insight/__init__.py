"""What goes together: radio from anything, similar artists, what is made for a listener, and each time why."""
