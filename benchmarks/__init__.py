"""What we measure, beside a named peer or limit in the same run: `make bench`, or one with `make bench B=edge`."""
