"""What benchmarks share: a slow link, a running installation, browsers."""
