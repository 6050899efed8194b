"""The mark that names an account: codewords now; embedding and reading come with the mark itself."""
