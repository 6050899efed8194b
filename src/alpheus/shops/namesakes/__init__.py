"""Two musicians of one name: who waits because of it, and how an operator tells them apart. A part of `shops`."""
