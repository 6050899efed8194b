"""`python -m alpheus` is `alpheus`."""

from alpheus.cli import main

main()
